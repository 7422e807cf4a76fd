package dev.bellows.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.of;

import dev.bellows.memory.DType;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class PointwiseErrorsTest {
  private static Tensor z(DType type, long... shape) {
    return Tensor.zeros(type, shape);
  }

  static Stream<Arguments> refused() {
    Tensor truth = z(DType.BOOL, 2);
    Tensor whole = z(DType.INT32, 2);
    Tensor real = z(DType.FLOAT32, 2);
    String sub =
        "sub: Subtraction, the `-` operator, with a bool tensor is not supported; use logicalXor()"
            + " or bitwiseXor() of two masks, logicalNot() to invert one";
    return Stream.of(
        of(sub, (ThrowingCallable) () -> truth.sub(whole)),
        of(sub, (ThrowingCallable) () -> whole.sub_(truth)),
        of(sub, (ThrowingCallable) () -> truth.sub(1)),
        of(sub, (ThrowingCallable) () -> truth.rsub(1)),
        of(
            "neg: Negation of a BOOL tensor is not supported; use logicalNot() to invert a mask",
            (ThrowingCallable) truth::neg),
        of(
            "add: For integral input tensors, argument alpha must not be a floating point number;"
                + " got 0.5 for INT32",
            (ThrowingCallable) () -> whole.add(whole, 0.5)),
        of(
            "bitwiseAnd: operands must be integers or BOOL; got FLOAT32",
            (ThrowingCallable) () -> whole.bitwiseAnd(real)),
        of(
            "bitwiseNot: operands must be integers or BOOL; got FLOAT32",
            (ThrowingCallable) real::bitwiseNot),
        of(
            "polygamma: polygamma(n, x) does not support negative n; got -1",
            (ThrowingCallable) () -> real.polygamma(-1)),
        of("gcd: operands must be integers; got BOOL", (ThrowingCallable) () -> truth.gcd(truth)),
        of(
            "logAddExp: operands must be of floating point; got INT32",
            (ThrowingCallable) () -> whole.logAddExp(whole)),
        of(
            "clamp: At least one of 'min' or 'max' must not be None; got null for both",
            (ThrowingCallable) () -> real.clamp((Number) null, null)),
        of(
            "lerp: expected floating point dtype FLOAT32 for all; got FLOAT64",
            (ThrowingCallable) () -> real.lerp(z(DType.FLOAT64, 2), 0.5)),
        of(
            "addcdiv: Integer division with addcdiv is not supported; convert to floating point,"
                + " got INT32 and INT32",
            (ThrowingCallable) () -> real.addcdiv(whole, whole, 1)),
        of(
            "isclose: both must have one dtype; got FLOAT32 and INT32",
            (ThrowingCallable) () -> real.isclose(whole)),
        of(
            "isclose: rtol and atol must be greater than or equal to zero; got -1.0 and 0.0",
            (ThrowingCallable) () -> real.isclose(real, -1, 0, false)),
        of(
            "pow_: result type FLOAT32 can't be cast to the desired output type INT32",
            (ThrowingCallable) () -> whole.pow_(0.5)),
        of(
            "atan2_: output with shape [2] doesn't match the broadcast shape [3, 2]",
            (ThrowingCallable) () -> real.atan2_(z(DType.FLOAT32, 3, 2))));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void isRefused(String message, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }

  @Test
  void integersAreNotDividedByZero() {
    assertThatThrownBy(() -> z(DType.INT32, 1).remainder(z(DType.INT32, 1)))
        .isInstanceOf(ArithmeticException.class)
        .hasMessage("binary REMAINDER: integer divisor must not be 0; got 0 / 0");
  }

  @Test
  void outIsWrittenAndAnswered() {
    Tensor out = z(DType.FLOAT64, 2);
    Tensor a = Tensor.of(new float[] {1, 2}, 2);
    assertThat(Tensor.addOut(out, a, a)).isSameAs(out);
    assertThat(out.toDoubleArray()).containsExactly(2, 4);
    assertThatThrownBy(() -> Tensor.mulOut(z(DType.INT32, 2), a, a))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("mul: result type FLOAT32 can't be cast to the desired output type INT32");
  }

  @Test
  void halvesAreChangedInTheTypeOfBothOperands() {
    Tensor half = Tensor.of(new float[] {Float.NEGATIVE_INFINITY}, 1).to(DType.BFLOAT16);
    half.sub_(Tensor.of(new double[] {-Double.MAX_VALUE}, 1));
    assertThat(half.toDoubleArray()).containsExactly(Double.NEGATIVE_INFINITY);
  }

  @Test
  void compositionsInPlaceKeepTheirGraph() {
    Tensor x = Tensor.of(new double[] {0.25, 2}, 2).setRequiresGrad(true);
    x.mul(2).clamp_(0, 1).square_().sum().backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(2, 0);
  }

  @Test
  void functionsWithoutAGradientStayInTheGraphAndFailInBackward() {
    Tensor x = z(DType.FLOAT32, 2).setRequiresGrad(true);
    Tensor y = Tensor.ones(2);
    for (Tensor result : List.of(x.floorDivide(y), x.floorDivide(2), x.heaviside(y))) {
      assertThat(result.requiresGrad()).isTrue();
      assertThatThrownBy(() -> result.sum().backward())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("derivative for ")
          .hasMessageEndingWith(" is not implemented");
    }
    assertThat(x.lt(y).requiresGrad()).isFalse();
    assertThat(x.isnan().requiresGrad()).isFalse();
  }

  /** As in PyTorch, where the factorial is infinite from the 171st order on. */
  @Test
  void theLargestOrderOfPolygammaEnds() {
    Tensor x = Tensor.of(new double[] {0.5, 2});
    assertThat(x.polygamma(Integer.MAX_VALUE).toDoubleArray())
        .containsExactly(Double.POSITIVE_INFINITY, Double.NaN);
    assertThat(x.polygamma(Integer.MAX_VALUE - 1).toDoubleArray())
        .containsExactly(Double.NEGATIVE_INFINITY, Double.NaN);
  }
}
