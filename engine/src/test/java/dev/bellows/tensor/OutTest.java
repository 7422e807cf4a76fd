package dev.bellows.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.memory.DType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Results written to given tensors: contiguous, strided, of another type, and an input itself. */
@Timeout(60)
class OutTest {
  private final Tensor a = Tensor.arange(12, 24, 1, DType.FLOAT32).view(3, 4);
  private final Tensor b = Tensor.arange(0, 12, 1, DType.FLOAT32).view(4, 3);

  private static void same(Tensor actual, Tensor expected) {
    assertThat(actual.equal(expected)).as("%s, expected %s", actual, expected).isTrue();
  }

  @Test
  void productsOfMatrices() {
    Tensor expected = a.mm(b);
    Tensor out = Tensor.zeros(3, 3);
    int version = out.version();
    assertThat(Tensor.mmOut(out, a, b)).isSameAs(out);
    same(out, expected);
    assertThat(out.version()).isGreaterThan(version);
    same(Tensor.matmulOut(Tensor.zeros(3, 3).t(), a, b), expected);
    same(Tensor.matmulOut(Tensor.zeros(3, 6).slice(1, 0, 6, 2), a, b), expected);
    same(Tensor.mmOut(Tensor.zeros(DType.FLOAT64, 3, 3), a, b), expected.toDouble());
    Tensor square = Tensor.arange(0, 9, 1, DType.FLOAT32).view(3, 3);
    Tensor squared = square.mm(square);
    same(Tensor.mmOut(square, square, square), squared);
  }

  @Test
  void productsOfBatchesAndVectors() {
    Tensor lhs = Tensor.stack(List.of(a, a.add(1)), 0);
    Tensor rhs = Tensor.stack(List.of(b, b.mul(2)), 0);
    same(Tensor.bmmOut(Tensor.zeros(2, 3, 3), lhs, rhs), lhs.bmm(rhs));
    same(Tensor.matmulOut(Tensor.zeros(2, 3, 3), lhs, b), lhs.matmul(b));
    same(Tensor.matmulOut(Tensor.zeros(3), a, Tensor.ones(4)), a.matmul(Tensor.ones(4)));
  }

  @Test
  void joinedTensors() {
    Tensor whole = Tensor.arange(4);
    same(
        Tensor.catOut(Tensor.zeros(7, 4), List.of(a, Tensor.zeros(0), b.t(), whole.view(1, 4)), 0),
        Tensor.cat(List.of(a, b.t(), whole.view(1, 4)), 0));
    same(Tensor.catOut(Tensor.zeros(8, 3).t(), List.of(a, a), -1), Tensor.cat(List.of(a, a), 1));
    same(Tensor.stackOut(Tensor.zeros(3, 2, 4), List.of(a, a), 1), Tensor.stack(List.of(a, a), 1));
    Tensor both = Tensor.arange(6, 12, 1, DType.FLOAT32);
    Tensor expected = Tensor.cat(List.of(both.narrow(0, 3, 3), both.narrow(0, 0, 3)), 0);
    same(Tensor.catOut(both, List.of(both.narrow(0, 3, 3), both.narrow(0, 0, 3)), 0), expected);
  }

  @Test
  void arithmetic() {
    Tensor c = b.t();
    same(Tensor.addOut(Tensor.zeros(3, 4), a, c), a.add(c));
    same(Tensor.subOut(Tensor.zeros(4, 3).t(), a, Tensor.ones(4)), a.sub(1));
    same(Tensor.divOut(Tensor.zeros(DType.FLOAT64, 3, 4), c, a), c.div(a).toDouble());
    Tensor x = a.clone();
    assertThat(Tensor.mulOut(x, x, c)).isSameAs(x);
    same(x, a.mul(c));
    Tensor line = Tensor.arange(0, 8, 1, DType.FLOAT32);
    Tensor expected = line.narrow(0, 0, 6).add(line.narrow(0, 2, 6));
    Tensor shifted = line.narrow(0, 1, 6);
    same(Tensor.addOut(shifted, line.narrow(0, 0, 6), line.narrow(0, 2, 6)), expected);
    assertThatThrownBy(() -> Tensor.addOut(Tensor.zeros(3), a, c))
        .hasMessageStartingWith("add: out must have the result's shape");
  }

  @Test
  void factorsAreCheckedBeforeTheResult() {
    assertThatThrownBy(() -> Tensor.mmOut(Tensor.zeros(1), a, a))
        .hasMessageStartingWith("matmul: lhs columns must equal rhs rows");
    assertThatThrownBy(() -> Tensor.mmOut(Tensor.zeros(3, 3), a, b.toDouble()))
        .hasMessageStartingWith("matmul: expected lhs and rhs to have the same dtype");
    assertThatThrownBy(() -> Tensor.mmOut(Tensor.zeros(3, 3).setRequiresGrad(true), a, b))
        .hasMessageStartingWith("mm(): functions with out=... arguments don't support");
    assertThatThrownBy(() -> Tensor.mmOut(Tensor.zeros(DType.INT64, 3, 3), a, b))
        .hasMessageContaining("can't be cast");
  }
}
