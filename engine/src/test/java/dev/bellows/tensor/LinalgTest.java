package dev.bellows.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.of;

import dev.bellows.autograd.GradCheck;
import dev.bellows.memory.DType;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class LinalgTest {
  private static Tensor z(long... shape) {
    return Tensor.zeros(DType.FLOAT64, shape);
  }

  static Stream<Arguments> refused() {
    Tensor nan = Tensor.full(Double.NaN, DType.FLOAT64, 2, 2);
    return Stream.of(
        of(
            "linalg.inv: Expected a floating point tensor, FLOAT32 or FLOAT64; got INT64",
            (ThrowingCallable) () -> Linalg.inv(Tensor.zeros(DType.INT64, 2, 2))),
        of(
            "linalg.det: The input tensor A must have at least 2 dimensions; got [2]",
            (ThrowingCallable) () -> Linalg.det(z(2))),
        of(
            "linalg.cholesky: A must be batches of square matrices, but they are 2 by 3 matrices",
            (ThrowingCallable) () -> Linalg.cholesky(z(2, 3))),
        of(
            "linalg.inv: The diagonal element 1 is zero, the inversion could not be completed"
                + " because the input matrix is singular",
            (ThrowingCallable) () -> Linalg.inv(z(2, 2))),
        of(
            "linalg.solve: (Batch element 0): The diagonal element 1 is zero, the solve could not"
                + " be completed because the input matrix is singular",
            (ThrowingCallable) () -> Linalg.solve(z(3, 2, 2), z(3, 2, 1))),
        of(
            "linalg.solve: b must have a's dtype and as many rows; got a FLOAT64[2, 2], b"
                + " FLOAT64[3, 1]",
            (ThrowingCallable) () -> Linalg.solve(z(2, 2), z(3, 1))),
        of(
            "linalg.cholesky: The factorization could not be completed because the input is not"
                + " positive-definite (the leading minor of order 1 is not positive-definite)",
            (ThrowingCallable) () -> Linalg.cholesky(z(2, 2))),
        of(
            "linalg.svd: The algorithm failed to converge because the input matrix contained"
                + " non-finite values",
            (ThrowingCallable) () -> Linalg.svd(nan)),
        of(
            "linalg.eigh: The algorithm failed to converge because the input matrix contained"
                + " non-finite values",
            (ThrowingCallable) () -> Linalg.eigh(nan)));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void isRefused(String message, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }

  @Test
  void matricesWithoutElementsAreNoCase() {
    assertThat(Linalg.inv(z(0, 0)).shape()).containsExactly(0, 0);
    assertThat(Linalg.det(z(0, 0)).item()).isEqualTo(1);
    assertThat(Linalg.solve(z(2, 0, 0), z(2, 0, 3)).shape()).containsExactly(2, 0, 3);
    assertThat(Linalg.qr(z(3, 0)).q().shape()).containsExactly(3, 0);
    assertThat(Linalg.svd(z(0, 3)).vh().shape()).containsExactly(0, 3);
    assertThat(Linalg.eigh(z(0, 0)).eigenvalues().shape()).containsExactly(0);
  }

  @Test
  void singularMatricesHaveTheDeterminantZero() {
    assertThat(Linalg.det(Tensor.ones(DType.FLOAT64, 2, 2)).item()).isZero();
  }

  @Test
  void tallAndWideMatricesHaveGradients() {
    for (long[] shape : new long[][] {{4, 2}, {2, 4}}) {
      GradCheck.gradCheck("svd", LinalgTest::vectors, matrix(shape));
    }
    GradCheck.gradCheck("qr", LinalgTest::factors, matrix(4, 2));
    Tensor wide = matrix(2, 4);
    Tensor loss = Linalg.qr(wide).r().sum();
    assertThatThrownBy(loss::backward)
        .hasStackTraceContaining("not differentiable when there are more columns than rows");
  }

  @Test
  void aVectorIsSolvedFor() {
    Tensor a = Tensor.of(new double[] {2, 0, 0, 4}, 2, 2);
    Tensor x = Linalg.solve(a, Tensor.of(new double[] {1, 1}));
    assertThat(x.toDoubleArray()).containsExactly(0.5, 0.25);
  }

  private static Tensor vectors(Tensor... in) {
    Linalg.SvdResult y = Linalg.svd(in[0]);
    return y.u().mul(y.s().unsqueeze(-2).square()).matmul(y.vh());
  }

  private static Tensor factors(Tensor... in) {
    Linalg.QrResult y = Linalg.qr(in[0]);
    return y.q().mul(2).matmul(y.r().square());
  }

  private static Tensor matrix(long... shape) {
    double[] values = {1, 0.5, -0.25, 2, 0.75, -1.5, 0.125, 1.25};
    return Tensor.of(values, shape).setRequiresGrad(true);
  }
}
