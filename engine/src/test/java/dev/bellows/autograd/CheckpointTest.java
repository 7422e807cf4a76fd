package dev.bellows.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.memory.DType;
import dev.bellows.nn.Functional;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.PoolUse;
import dev.bellows.tensor.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CheckpointTest {
  private Generator before;

  @BeforeEach
  void seed() {
    before = Generator.setCurrent(new Generator(3));
  }

  @AfterEach
  void restore() {
    Generator.setCurrent(before);
  }

  private static Tensor leaf(long... shape) {
    Tensor x = Tensor.empty(DType.FLOAT64, shape).uniform_(new Generator(9), -1, 1);
    return x.setRequiresGrad(true);
  }

  private static double[] gradient(UnaryOperator<Tensor> f, Tensor w, Tensor x) {
    w.setGrad(null);
    x.setGrad(null);
    f.apply(x).sum().backward();
    double[] a = w.grad().toDoubleArray();
    double[] b = x.grad().toDoubleArray();
    double[] both = java.util.Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  @Test
  void gradientsAreTheSameBitsWithTheSameRandomNumbers() {
    Tensor w = leaf(4, 4);
    Tensor x = leaf(3, 4);
    UnaryOperator<Tensor> block =
        t -> Functional.dropout(t.matmul(w).tanh(), 0.5, true).matmul(w).sigmoid();
    Generator.setCurrent(new Generator(5));
    double[] plain = gradient(t -> block.apply(block.apply(t)), w, x);
    long state = Generator.current().state();
    Generator.setCurrent(new Generator(5));
    double[] again =
        gradient(t -> Checkpoint.run(block::apply, Checkpoint.run(block::apply, t)), w, x);
    assertThat(again).isEqualTo(plain);
    assertThat(Generator.current().state()).as("draws").isEqualTo(state);
    Generator.setCurrent(new Generator(5));
    double[] nested =
        gradient(t -> Checkpoint.run(u -> block.apply(Checkpoint.run(block::apply, u)), t), w, x);
    assertThat(nested).isEqualTo(plain);
  }

  @Test
  void nothingIsKeptInBetween() {
    Tensor x = leaf(1000);
    UnaryOperator<Tensor> deep =
        t -> {
          Tensor y = t;
          for (int i = 0; i < 20; i++) {
            y = y.sin();
          }
          return y;
        };
    long plain = kept(deep, x);
    long checkpointed = kept(t -> Checkpoint.run(deep::apply, t), x);
    assertThat(plain).isGreaterThan(19 * 8000);
    assertThat(checkpointed).isLessThan(4 * 8192);
    assertThat(x.grad()).isNotNull();
  }

  /** Bytes that a result keeps until backward, which frees all but a gradient. */
  private static long kept(UnaryOperator<Tensor> f, Tensor x) {
    x.setGrad(null);
    long start = PoolUse.settled();
    Tensor y = f.apply(x);
    long kept = PoolUse.settled() - start;
    y.backward(Tensor.ones(DType.FLOAT64, 1000));
    y.close();
    assertThat(PoolUse.settled() - start).as("but for the gradient").isLessThanOrEqualTo(8192);
    return kept;
  }

  @Test
  void gradientsOfGradients() {
    GradCheck.gradCheck(
        "checkpoint", in -> Checkpoint.run(t -> t.sin().mul(t).exp(), in[0]), leaf(4));
    Tensor[] both =
        Checkpoint.runAll(in -> new Tensor[] {in[0].mul(in[1]), in[0].exp()}, leaf(2), leaf(2));
    assertThat(both).hasSize(2);
    GradCheck.gradCheck(
        "two",
        in -> {
          Tensor[] out =
              Checkpoint.runAll(t -> new Tensor[] {t[0].mul(t[1]), t[0].exp()}, in[0], in[1]);
          return out[0].mul(out[1]);
        },
        leaf(3),
        leaf(3));
    GradCheck.gradGradCheck(
        "checkpoint", in -> Checkpoint.run(t -> t.sin().mul(t).exp(), in[0]), leaf(4));
  }

  @Test
  void retainedGraphsRunTwice() {
    Tensor x = leaf(3);
    Tensor y = Checkpoint.run(t -> t.sin().exp(), x).sum();
    Tensor[] first = Autograd.grad(List.of(y), List.of(x), null, true, false, false);
    Tensor[] second = Autograd.grad(List.of(y), List.of(x), null, false, false, false);
    assertThat(second[0].toDoubleArray()).isEqualTo(first[0].toDoubleArray());
    assertThatThrownBy(y::backward).hasMessageStartingWith("Trying to backward");
  }

  @Test
  void aFunctionThatDoesSomethingElseIsNoticed() {
    Tensor x = leaf(3);
    int[] calls = {0};
    Tensor y = Checkpoint.run(t -> calls[0]++ == 0 ? t.sin().exp() : t.sin(), x);
    assertThatThrownBy(() -> y.sum().backward())
        .hasMessageContaining("A different number of tensors was saved")
        .hasMessageContaining("during forward: 2")
        .hasMessageContaining("during recomputation: 1");
  }

  @Test
  void savedTensorsMayBePacked() {
    Tensor x = leaf(3);
    Tensor y;
    try (SavedTensorHooks hooks =
        SavedTensorHooks.open(t -> t.toDoubleArray(), p -> Tensor.of((double[]) p))) {
      y = x.sin().exp();
    }
    double[] packed = Autograd.grad(y.sum(), x)[0].toDoubleArray();
    assertThat(packed).isEqualTo(Autograd.grad(x.sin().exp().sum(), x)[0].toDoubleArray());
    try (SavedTensorHooks hooks = SavedTensorHooks.open(t -> t, p -> Tensor.ones(2))) {
      y = x.sin();
    }
    Tensor wrong = y;
    assertThatThrownBy(() -> wrong.sum().backward())
        .hasMessage(
            "savedTensorHooks: unpack must give back the dtype and shape that were packed; got"
                + " FLOAT32[2] for FLOAT64[3], saved by SinBackward");
    GradCheck.gradGradCheck(
        "packed",
        in -> {
          try (SavedTensorHooks hooks = SavedTensorHooks.open(t -> t.clone(), p -> (Tensor) p)) {
            return in[0].sin().exp().mul(in[0]);
          }
        },
        leaf(3));
  }
}
