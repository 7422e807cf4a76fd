package dev.bellows.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Linalg;
import dev.bellows.tensor.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Gradients of values alone where several are equal: those of vectors would divide by 0. */
@Timeout(60)
class EqualSpectrumTest {
  /** A function of a matrix's values, here and in libtorch. */
  enum Of {
    SVDVALS("torch.linalg.svdvals(x0).sum()", x -> Linalg.svdvals(x).sum()),
    SVD("torch.linalg.svd(x0, full_matrices=False)[1].sum()", x -> Linalg.svd(x).s().sum()),
    EIGH("torch.linalg.eigh(x0)[0].sum()", x -> Linalg.eigh(x).eigenvalues().sum()),
    NUCLEAR_SQUARE("torch.linalg.svdvals(x0).sum() ** 2", x -> Linalg.svdvals(x).sum().pow(2)),
    ENERGY(
        "torch.linalg.eigh(x0)[0].square().sum()",
        x -> Linalg.eigh(x).eigenvalues().square().sum());

    private final String script;
    private final UnaryOperator<Tensor> ours;

    Of(String script, UnaryOperator<Tensor> ours) {
      this.script = script;
      this.ours = ours;
    }
  }

  @ParameterizedTest
  @EnumSource
  void gradientsAreThoseOfLibtorch(Of of) {
    for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
      for (int n = 1; n <= 4; n++) {
        for (double factor : new double[] {1, 2.5, -1, 0}) {
          double[] values = new double[2 * n * n];
          for (int i = 0; i < n; i++) {
            values[i * n + i] = factor;
            values[n * n + i * n + i] = i < 2 ? factor : i;
          }
          compare(of, dtype, factor, values, 2, n, n);
        }
      }
    }
  }

  private static void compare(Of of, DType dtype, double factor, double[] values, long... shape) {
    Tensor x = Tensor.of(values, shape).to(dtype).setRequiresGrad(true);
    of.ours.apply(x).backward();
    double[] ours = x.grad().toDoubleArray();
    assertThat(ours).as("%s of %s times the unit matrix", of, factor).doesNotContain(Double.NaN);
    if (factor == 0) {
      return; // the vectors of 0 are any, and so is the gradient of singular values
    }
    try (PointerScope scope = new PointerScope()) {
      var peer = Torch.of(dtype, values, shape).requires_grad_(true);
      Script.run(of.script, List.of(peer)).get(0).backward();
      double[] theirs = Torch.values(peer.grad());
      for (int i = 0; i < ours.length; i++) {
        assertThat(Math.abs(ours[i] - theirs[i]))
            .as("%s %s of %s: element %s", of, dtype, factor, i)
            .isLessThan(1e-5 * Math.max(1, Math.abs(theirs[i])));
      }
    }
  }
}
