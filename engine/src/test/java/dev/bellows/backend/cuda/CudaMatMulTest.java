package dev.bellows.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.backend.Activation;
import dev.bellows.memory.DType;
import dev.bellows.memory.Shapes;
import dev.bellows.memory.Strided;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests the calls of matrix products to BLAS. */
@Timeout(60)
class CudaMatMulTest extends OwnDevice {
  @Override
  CudaKernels make() {
    return make(false);
  }

  private static CudaKernels make(boolean tf32) {
    return EmulatedCuda.open(MEMORY_BYTES, tf32, 1 << 20);
  }

  private Strided zeros(DType type, long... sizes) {
    Strided a = blank(type, sizes, Shapes.contiguousStrides(sizes));
    kernels.fill(a, 0);
    return a;
  }

  private Gemm multiply(Strided a, Strided b, Strided out) {
    long before = driver.launches();
    kernels.matmul(a, b, null, Activation.NONE, out);
    assertThat(driver.launches()).as("copies").isEqualTo(before);
    return driver.gemms().get(driver.gemms().size() - 1);
  }

  @Test
  void tf32IsOnlyForFloat32AndWhenAskedFor() {
    for (boolean asked : new boolean[] {false, true}) {
      close();
      use(make(asked));
      assertThat(kernels.fingerprint().endsWith("tf32")).isEqualTo(asked);
      for (DType type : List.of(DType.FLOAT32, DType.FLOAT64, DType.BFLOAT16)) {
        Gemm gemm = multiply(zeros(type, 3, 4), zeros(type, 4, 5), zeros(type, 3, 5));
        assertThat(gemm.tf32()).as("%s", type).isEqualTo(asked && type == DType.FLOAT32);
      }
    }
  }

  @Test
  void transposedMatricesAndPartsOfMatricesAreNotCopied() {
    Strided wide = zeros(DType.FLOAT32, 8, 24);
    Strided part = wide.with(new long[] {8, 12}, new long[] {24, 1}, 4);
    Strided square = zeros(DType.FLOAT32, 12, 12);
    Strided out = zeros(DType.FLOAT32, 8, 12);
    Gemm gemm = multiply(part, square, out);
    assertThat(gemm.transB()).isFalse();
    assertThat(gemm.ldb()).isEqualTo(24);
    assertThat(multiply(part, square.transposed(), out).transA()).isTrue();
    Strided columns = zeros(DType.FLOAT32, 12, 8);
    gemm = multiply(columns.transposed(), square, zeros(DType.FLOAT32, 12, 8).transposed());
    assertThat(gemm.ldc()).isEqualTo(8);
  }

  @Test
  void aBatchByOneMatrixIsOneProduct() {
    Strided a = zeros(DType.FLOAT32, 3, 4, 8);
    Strided b = zeros(DType.FLOAT32, 8, 16);
    Strided all = b.with(new long[] {3, 8, 16}, new long[] {0, 16, 1}, 0);
    Gemm gemm = multiply(a, all, zeros(DType.FLOAT32, 3, 4, 16));
    assertThat(gemm.batch()).isEqualTo(1);
    assertThat(gemm.n()).isEqualTo(12);
    Strided one = zeros(DType.FLOAT32, 4, 8);
    Strided repeated = one.with(new long[] {3, 4, 8}, new long[] {0, 8, 1}, 0);
    gemm = multiply(repeated, zeros(DType.FLOAT32, 3, 8, 16), zeros(DType.FLOAT32, 3, 4, 16));
    assertThat(gemm.batch()).isEqualTo(3);
    assertThat(gemm.strideB()).isZero();
  }

  /** BLAS chooses its kernels by that, so results would depend on addresses. */
  @Test
  void matricesStartAtMultiplesOf16Bytes() {
    Strided all = zeros(DType.FLOAT32, 200);
    Strided a = all.with(new long[] {3, 4}, new long[] {4, 1}, 1);
    Strided b = all.with(new long[] {4, 5}, new long[] {5, 1}, 50);
    Strided out = all.with(new long[] {3, 5}, new long[] {5, 1}, 99);
    kernels.matmul(a, b, null, Activation.NONE, out);
    Gemm gemm = driver.gemms().get(0);
    for (long address : new long[] {gemm.a(), gemm.b(), gemm.c()}) {
      assertThat(address % 16).isZero();
    }
  }

  @Test
  void refusesSizesThatBlasCannotCount() {
    long many = 1L << 31;
    Strided one = zeros(DType.FLOAT32, 1, 1);
    Strided a = one.with(new long[] {1, many}, new long[] {0, 0}, 0);
    Strided b = one.with(new long[] {many, 1}, new long[] {0, 0}, 0);
    assertThatThrownBy(() -> kernels.matmul(a, b, null, Activation.NONE, one))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage(
            "matmul: sizes must be below 2147483648 on a CUDA device; got lhs [1, 2147483648],"
                + " rhs [2147483648, 1]");
  }
}
