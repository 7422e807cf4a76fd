package dev.bellows.nn;

import static dev.bellows.nn.Functional.crossEntropy;
import static dev.bellows.nn.Functional.nllLoss;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.bellows.autograd.GradCheck;
import dev.bellows.backend.Conv2dArgs;
import dev.bellows.memory.DType;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Values from PyTorch 2.13:
 *
 * <pre>{@code
 * x = torch.tensor([[1., 2., -1.], [0.5, -0.25, 3.], [100., -100., 0.], [2., 2., 2.]])
 * t = torch.tensor([1, 2, -100, 0])
 * F.cross_entropy(x, t, reduction=r, label_smoothing=e)
 * x = torch.arange(120.).reshape(1, 4, 5, 6) / 10
 * w = torch.arange(24.).reshape(2, 2, 3, 2) / 20 - .5
 * F.conv2d(x, w, torch.tensor([.5, -1.]), stride=(2, 1), padding=(1, 0), dilation=(1, 2), groups=2)
 * F.max_pool2d(x, 3, 2, 1)
 * }</pre>
 */
@Timeout(60)
class FunctionalTest {
  private static final Tensor LOGITS =
      Tensor.of(new float[] {1, 2, -1, 0.5f, -0.25f, 3, 100, -100, 0, 2, 2, 2}, 4, 3);
  private static final Tensor LABELS = Tensor.of(new long[] {1, 2, -100, 0});

  private static Tensor range(double divisor, double shift, long... shape) {
    long n = 1;
    for (long s : shape) {
      n *= s;
    }
    float[] values = new float[(int) n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) (i / divisor + shift);
    }
    return Tensor.of(values, shape);
  }

  private static void assertValues(Tensor actual, double tolerance, double... expected) {
    assertThat(actual.toDoubleArray()).containsExactly(expected, within(tolerance));
  }

  private static Tensor atLeast1d(Tensor loss) {
    return loss.reshape(-1);
  }

  @Test
  void crossEntropyMatchesPyTorch() {
    assertValues(Functional.crossEntropy(LOGITS, LABELS), 1e-6, 0.5205733180046082);
    assertValues(Functional.crossEntropy(LOGITS, LABELS, Reduction.SUM), 1e-6, 1.5617198944091797);
    assertValues(
        Functional.crossEntropy(LOGITS, LABELS, Reduction.NONE),
        1e-6,
        0.349012166261673,
        0.11409548670053482,
        0,
        1.0986123085021973);
    assertValues(
        Functional.crossEntropy(LOGITS, LABELS, Reduction.MEAN, -100, 0.1),
        1e-6,
        0.6289066076278687);
    assertValues(
        Functional.crossEntropy(LOGITS, LABELS, Reduction.NONE, -100, 0.1),
        1e-6,
        0.48234546184539795,
        0.3057621717453003,
        0,
        1.0986123085021973);
    Tensor ignored = Tensor.of(new long[] {-100, -100, -100, -100});
    assertThat(Functional.crossEntropy(LOGITS, ignored).item()).isNaN();
  }

  @Test
  void crossEntropyGradients() {
    Tensor x = Tensor.randn(new Generator(3), DType.FLOAT64, 4, 3).setRequiresGrad(true);
    for (double smoothing : new double[] {0, 0.2}) {
      for (Reduction reduction : List.of(Reduction.NONE, Reduction.MEAN, Reduction.SUM)) {
        GradCheck.gradCheck(
            "crossEntropy",
            in -> atLeast1d(Functional.crossEntropy(in[0], LABELS, reduction, -100, smoothing)),
            x);
      }
    }
    Tensor y = Tensor.randn(new Generator(4), DType.FLOAT64, 4, 3).setRequiresGrad(true);
    GradCheck.gradCheck("mseLoss", in -> atLeast1d(Functional.mseLoss(in[0], in[1])), x, y);
    GradCheck.gradCheck("nllLoss", in -> atLeast1d(Functional.nllLoss(in[0], LABELS)), x);
  }

  @Test
  void crossEntropyNamesTheLabelOutOfRange() {
    Tensor labels = Tensor.of(new long[] {1, 2, 3, 0});
    assertThatThrownBy(() -> Functional.crossEntropy(LOGITS, labels))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "crossEntropy: target must be in [0, 3) (or ignoreIndex -100); Target 3 is out of"
                + " bounds at row 2 of 4, with 3 classes");
    assertThatThrownBy(() -> Functional.nllLoss(LOGITS, Tensor.of(new long[] {0, 0, 0, -1})))
        .hasMessageContaining("nllLoss: target must be in [0, 3)")
        .hasMessageContaining("Target -1 is out of bounds at row 3 of 4");
  }

  @Test
  void lossesCheckShapesAndTypes() {
    assertThatThrownBy(() -> Functional.crossEntropy(LOGITS, Tensor.arange(3)))
        .hasMessage(
            "crossEntropy: logits must be [n, c, ..] and target [n, ..]; got logits [4, 3], target"
                + " [3]");
    assertThatThrownBy(() -> Functional.crossEntropy(LOGITS, Tensor.ones(4)))
        .hasMessage(
            "crossEntropy: logits must be of a floating-point type and target of an integer type;"
                + " got FLOAT32, FLOAT32");
    assertThatThrownBy(() -> Functional.crossEntropy(LOGITS, LABELS, Reduction.MEAN, -100, 1.5))
        .hasMessage("crossEntropy: label_smoothing must be between 0.0 and 1.0. Got: 1.5");
    assertThatThrownBy(() -> Functional.mseLoss(LOGITS, Tensor.ones(4)))
        .hasMessage("mseLoss: input and target must have one shape; got [4, 3] and [4]");
  }

  @Test
  void conv2dAndMaxPool2dMatchPyTorch() {
    Tensor x = range(10, 0, 1, 4, 5, 6);
    Tensor y =
        Functional.conv2d(
            x,
            range(20, -0.5, 2, 2, 3, 2),
            Tensor.of(new float[] {0.5f, -1}),
            new Conv2dArgs(2, 1, 1, 0, 1, 2, 2));
    assertThat(y.shape()).containsExactly(1, 2, 3, 4);
    assertValues(
        y, 1e-4, -0.22, -0.36, -0.5, -0.64, -3.85, -4.12, -4.39, -4.66, -5.7, -5.92, -6.14, -6.36,
        27.8, 28.14, 28.48, 28.82, 41.81, 42.26, 42.71, 43.16, 26.16, 26.42, 26.68, 26.94);
    Tensor pooled = Functional.maxPool2d(x, 3, 2, 1);
    assertThat(pooled.shape()).containsExactly(1, 4, 3, 3);
    assertValues(
        pooled.narrow(1, 0, 2),
        1e-5,
        0.7,
        0.9,
        1.1,
        1.9,
        2.1,
        2.3,
        2.5,
        2.7,
        2.9,
        3.7,
        3.9,
        4.1,
        4.9,
        5.1,
        5.3,
        5.5,
        5.7,
        5.9);
  }

  @Test
  void dropoutRepeatsByTheGenerator() {
    Tensor x = Tensor.ones(1000);
    float[] once = Functional.dropout(x, 0.25, true, new Generator(5)).toFloatArray();
    assertThat(Functional.dropout(x, 0.25, true, new Generator(5)).toFloatArray()).isEqualTo(once);
    int zeros = 0;
    for (float value : once) {
      assertThat(value == 0 || value == 1 / 0.75f).isTrue();
      zeros += value == 0 ? 1 : 0;
    }
    assertThat(zeros).isBetween(200, 300);
    assertThat(Functional.dropout(x, 0.25, false)).isSameAs(x);
    assertThat(Functional.dropout(x, 1, true).sum().item()).isZero();
    assertThatThrownBy(() -> Functional.dropout(x, 1.5, true))
        .hasMessage("dropout probability has to be between 0 and 1, but got 1.5");
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"INT64", "INT32", "INT16", "INT8", "UINT8"})
  void labelsAreOfAnyIntegerType(DType type) {
    Tensor logits = Tensor.of(new double[] {1, 2, 3, 3, 2, 1}, 2, 3).setRequiresGrad(true);
    Tensor whole = Tensor.of(new long[] {2, 1});
    Tensor labels = whole.to(type);
    assertThat(crossEntropy(logits, labels).item()).isEqualTo(crossEntropy(logits, whole).item());
    assertThat(nllLoss(logits, labels).item()).isEqualTo(nllLoss(logits, whole).item());
    crossEntropy(logits, labels, Reduction.SUM, 1, 0.1).backward();
    assertThat(logits.grad().get(1).toDoubleArray()).as("ignored").containsOnly(0);
    assertThatThrownBy(() -> crossEntropy(logits, labels.add(2).to(type)))
        .hasMessageContaining("Target 4 is out of bounds at row 0 of 2, with 3 classes");
  }

  @Test
  void labelsOfOneByteAreNotNegative() {
    Tensor logits = Tensor.zeros(1, 200);
    Tensor label = Tensor.of(new byte[] {(byte) 156});
    assertThat(crossEntropy(logits, label).item()).isCloseTo(Math.log(200), within(1e-5));
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"BOOL", "FLOAT32", "FLOAT64", "BFLOAT16", "FLOAT16"})
  void otherLabelsAreRefused(DType type) {
    Tensor logits = Tensor.zeros(2, 3);
    assertThatThrownBy(() -> crossEntropy(logits, Tensor.ones(type, 2)))
        .hasMessage(
            "crossEntropy: logits must be of a floating-point type and target of an integer type;"
                + " got FLOAT32, "
                + type);
    assertThatThrownBy(() -> nllLoss(logits, Tensor.ones(type, 2)))
        .hasMessageContaining("target of an integer type; got FLOAT32, " + type);
  }

  @Test
  void groupsAndChannelsThatDoNotFitAreNamed() {
    Tensor x = Tensor.zeros(1, 4, 5, 5);
    assertThatThrownBy(() -> Functional.conv2d(x, Tensor.zeros(3, 2, 3, 3), null, grouped(2)))
        .hasMessage(
            "conv2d: given groups=2, expected weight to be divisible by 2 at dimension 0, but got"
                + " weight of size [3, 2, 3, 3] instead");
    assertThatThrownBy(() -> Functional.conv2d(x, Tensor.zeros(4, 4, 3, 3), null, grouped(2)))
        .hasMessage(
            "conv2d: given groups=2, weight of size [4, 4, 3, 3], expected input[1, 4, 5, 5] to"
                + " have 8 channels, but got 4 channels instead");
    assertThatThrownBy(() -> Functional.conv2d(x, Tensor.zeros(4, 4, 3, 3), null, grouped(0)))
        .hasMessage("conv2d: groups must be positive; got groups=0");
  }

  private static Conv2dArgs grouped(int groups) {
    return new Conv2dArgs(1, 1, 0, 0, 1, 1, groups);
  }
}
