package dev.bellows.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class GradClipTest {
  private static Tensor withGrad(Tensor grad) {
    Tensor parameter = Tensor.zerosLike(grad).setRequiresGrad(true);
    parameter.setGrad(grad);
    return parameter;
  }

  @Test
  void scalesToTheLimit() {
    Tensor a = withGrad(Tensor.of(new float[] {3, 0}));
    Tensor b = withGrad(Tensor.of(new double[] {4}));
    Tensor none = Tensor.zeros(2);
    List<Tensor> all = List.of(a, none, b);
    assertThat(GradClip.totalNorm(all)).isEqualTo(5);
    assertThat(GradClip.clipGradNorm(all, 10)).isEqualTo(5);
    assertThat(a.grad().toFloatArray()).containsExactly(3, 0);
    assertThat(GradClip.clipGradNorm(all, 1)).isEqualTo(5);
    assertThat(b.grad().item()).isEqualTo(4 / (5 + 1e-6), within(1e-15));
    assertThat(a.grad().toFloatArray()).containsExactly((float) (3 / (5 + 1e-6)), 0);
    assertThat(GradClip.totalNorm(List.of(none))).isZero();
  }

  @Test
  void doesNotDependOnLayoutAndIsExactInDouble() {
    Tensor grad = Tensor.randn(new Generator(7), DType.FLOAT32, 301, 173);
    double norm = GradClip.totalNorm(List.of(withGrad(grad)));
    double[] lanes = new double[8];
    float[] values = grad.toFloatArray();
    for (int i = 0; i < values.length; i++) {
      lanes[i % 8] += (double) values[i] * values[i];
    }
    double sum = 0;
    for (double lane : lanes) {
      sum += lane;
    }
    assertThat(norm).isEqualTo(Math.sqrt(sum));
    Tensor transposed = grad.t().contiguous().t();
    assertThat(GradClip.totalNorm(List.of(withGrad(transposed)))).isEqualTo(norm);
  }

  /** torch.nn.utils.clip_grad_norm_(parameters, 1, p) returns these. */
  @Test
  void normsOfAnyOrder() {
    List<Tensor> all =
        List.of(
            withGrad(Tensor.of(new double[] {3, -4, 0})),
            withGrad(Tensor.of(new float[] {-12})),
            withGrad(Tensor.zeros(2)),
            Tensor.zeros(2));
    assertThat(GradClip.totalNorm(all, 1)).isEqualTo(19);
    assertThat(GradClip.totalNorm(all, 2)).isEqualTo(13);
    assertThat(GradClip.totalNorm(all, 3)).isEqualTo(Math.cbrt(27 + 64 + 1728), within(1e-12));
    assertThat(GradClip.totalNorm(all, 0.5))
        .isEqualTo(Math.pow(Math.sqrt(3) + 2 + Math.sqrt(12), 2), within(1e-12));
    assertThat(GradClip.totalNorm(all, Double.POSITIVE_INFINITY)).isEqualTo(12);
    assertThat(GradClip.totalNorm(all, Double.NEGATIVE_INFINITY)).isZero();
    assertThat(GradClip.totalNorm(all, 0)).isEqualTo(2);
    assertThat(GradClip.clipGradNorm(all, 6, Double.POSITIVE_INFINITY, true)).isEqualTo(12);
    assertThat(all.get(1).grad().item()).isEqualTo(-6, within(1e-6));
    assertThat(GradClip.totalNorm(List.of(), 3)).isZero();
  }

  @Test
  void valuesAreLimited() {
    Tensor p = withGrad(Tensor.of(new double[] {3, -0.25, -8}));
    GradClip.clipGradValue(List.of(p, Tensor.zeros(1)), 0.5);
    assertThat(p.grad().toDoubleArray()).containsExactly(0.5, -0.25, -0.5);
    assertThatThrownBy(() -> GradClip.clipGradValue(List.of(p), Double.NaN))
        .hasMessage("clipGradValue: clipValue must be at least 0; got NaN");
  }

  @Test
  void refusals() {
    Tensor p = withGrad(Tensor.of(new float[] {Float.NaN, 1}));
    assertThatThrownBy(() -> GradClip.clipGradNorm(List.of(p), 1, true))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("is non-finite, so it cannot be clipped; got NaN");
    assertThat(p.grad().toFloatArray()[1]).isEqualTo(1);
    assertThatThrownBy(() -> GradClip.clipGradNorm(List.of(p), -1))
        .hasMessage("clipGradNorm: maxNorm must be at least 0; got -1.0");
  }
}
