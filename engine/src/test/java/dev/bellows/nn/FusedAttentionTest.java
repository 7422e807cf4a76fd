package dev.bellows.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.autograd.Autograd;
import dev.bellows.backend.AttentionArgs;
import dev.bellows.memory.DType;
import dev.bellows.ops.FusedAttention;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attention in one kernel against its composed form in FLOAT64. */
@Timeout(60)
class FusedAttentionTest {
  private final Generator random = new Generator(1);

  private Tensor random(long... shape) {
    return Tensor.randn(random, DType.FLOAT32, shape).setRequiresGrad(true);
  }

  private static Tensor wide(Tensor x) {
    return x.detach().to(DType.FLOAT64).setRequiresGrad(true);
  }

  private static double difference(Tensor wide, Tensor x) {
    return wide.detach().sub(x.detach().to(DType.FLOAT64)).abs().max().item();
  }

  private Tensor mask(String kind, long queries, long keys) {
    return switch (kind) {
      case "bool" -> Tensor.rand(random, DType.FLOAT32, 2, 1, queries, keys).gt(0.9);
      case "added" -> Tensor.randn(random, DType.FLOAT32, queries, keys);
      case "none" -> Tensor.zeros(1, keys).to(DType.BOOL);
      default -> null;
    };
  }

  private static Tensor call(Tensor[] x, Tensor mask, boolean causal) {
    AttentionOptions options = new AttentionOptions().mask(mask).causal(causal).scale(0.3);
    return Functional.scaledDotProductAttention(x[0], x[1], x[2], options);
  }

  /** Sizes of one tile, of several, of several heads in a tile, and with a rest. */
  @ParameterizedTest
  @CsvSource({
    "3, 5, 7, 2, 3, no",
    "6, 64, 64, 8, 8, causal",
    "1, 150, 3000, 4, 5, no",
    "2, 70, 2100, 4, 1, causal",
    "1, 2100, 70, 1, 4, causal",
    "3, 40, 1700, 4, 4, bool",
    "2, 33, 2000, 3, 4, added",
    "2, 4, 5, 3, 4, none"
  })
  void agreesWithTheComposedForm(
      long heads, long queries, long keys, long e, long ev, String kind) {
    Tensor[] x = {
      random(2, queries, heads, e).transpose(1, 2),
      random(2, heads, keys, e),
      random(2, heads, keys, ev)
    };
    Tensor mask = mask(kind, queries, keys);
    boolean causal = kind.equals("causal");
    Tensor wideMask = mask == null || mask.dtype() == DType.BOOL ? mask : mask.to(DType.FLOAT64);
    Tensor[] w = Stream.of(x).map(FusedAttentionTest::wide).toArray(Tensor[]::new);
    Tensor out = call(x, mask, causal);
    Tensor expected = call(w, wideMask, causal);
    assertThat(difference(expected, out)).isLessThan(1e-5);
    Tensor gradOut = Tensor.randn(random, DType.FLOAT32, out.shape());
    Tensor[] grads = Autograd.grad(List.of(out), List.of(x), List.of(gradOut), false, false, false);
    Tensor[] wides =
        Autograd.grad(
            List.of(expected), List.of(w), List.of(gradOut.to(DType.FLOAT64)), false, false, false);
    for (int i = 0; i < grads.length; i++) {
      double largest = wides[i].abs().max().item();
      assertThat(difference(wides[i], grads[i])).isLessThanOrEqualTo(1e-5 * largest + 1e-6);
    }
  }

  @Test
  void bitsDoNotDependOnThePlaceInABatch() {
    Tensor one = random(1, 2, 130, 8);
    Tensor other = random(1, 2, 130, 8);
    Tensor[] pair = {Tensor.cat(List.of(other, one, one), 0)};
    Tensor out = Functional.scaledDotProductAttention(pair[0], pair[0], pair[0]);
    Tensor alone = Functional.scaledDotProductAttention(one, one, one);
    assertThat(out.select(0, 1).toFloatArray()).isEqualTo(out.select(0, 2).toFloatArray());
    assertThat(out.select(0, 1).toFloatArray()).isEqualTo(alone.select(0, 0).toFloatArray());
  }

  @Test
  void halvesAreRoundedOnce() {
    Tensor[] x = {random(1, 2, 3, 4), random(1, 2, 5, 4), random(1, 2, 5, 2)};
    Tensor[] halves =
        Stream.of(x)
            .map(each -> each.detach().to(DType.BFLOAT16).setRequiresGrad(true))
            .toArray(Tensor[]::new);
    Tensor[] same =
        Stream.of(halves)
            .map(each -> each.detach().to(DType.FLOAT32).setRequiresGrad(true))
            .toArray(Tensor[]::new);
    Tensor mask = random(3, 5).detach().to(DType.BFLOAT16);
    Tensor out = call(halves, mask, false);
    Tensor expected = call(same, mask.to(DType.FLOAT32), false);
    assertThat(out.toFloatArray()).isEqualTo(expected.to(DType.BFLOAT16).toFloatArray());
    out.sum().backward();
    expected.sum().backward();
    for (int i = 0; i < x.length; i++) {
      assertThat(halves[i].grad().toFloatArray())
          .isEqualTo(same[i].grad().to(DType.BFLOAT16).toFloatArray());
    }
  }

  @Test
  void gradientsOfGradientsAreComposed() {
    Tensor[] x = {random(1, 2, 3, 2), random(1, 2, 4, 2), random(1, 2, 4, 2)};
    Tensor[] w = Stream.of(x).map(FusedAttentionTest::wide).toArray(Tensor[]::new);
    assertThat(difference(second(w), second(x))).isLessThan(1e-4);
  }

  private static Tensor second(Tensor... x) {
    Tensor[] grads =
        Autograd.grad(
            List.of(call(x, null, true).square().sum()), List.of(x), null, true, true, false);
    Tensor sum = grads[0].square().sum().add(grads[1].mul(grads[1]).sum()).add(grads[2].sum());
    return Autograd.grad(sum, x[1])[0];
  }

  @Test
  void wrongShapesDoNotReachTheKernel() {
    Tensor q = Tensor.ones(1, 1, 2, 3);
    AttentionArgs args = new AttentionArgs(1, false);
    assertThatThrownBy(() -> FusedAttention.of(q, q, Tensor.ones(1, 1, 3, 3), null, args))
        .hasMessageStartingWith("scaledDotProductAttention: must be [n, h, l, e], [n, h, s, e]")
        .hasMessageEndingWith("got [[1, 1, 2, 3], [1, 1, 2, 3], [1, 1, 3, 3]]");
    Tensor wide = Tensor.ones(DType.FLOAT64, 1, 1, 2, 3);
    assertThatThrownBy(() -> FusedAttention.of(wide, wide, wide, null, args))
        .hasMessage(
            "scaledDotProductAttention: cpu must have a kernel for the types; got [FLOAT64,"
                + " FLOAT64, FLOAT64]");
    Tensor longer = Tensor.ones(1, 1, 2, 4);
    assertThatThrownBy(() -> Functional.scaledDotProductAttention(q, longer, longer))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("matmul: ");
  }
}
