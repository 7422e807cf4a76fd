package dev.bellows.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.memory.DType;
import java.util.Arrays;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class CopyContractTest extends BackendContract {
  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void copiesAndConverts(Kernels kernels) {
    for (DType from : DType.values()) {
      for (DType to : DType.values()) {
        for (long[] shape : shapes()) {
          for (Layout layout : INPUTS) {
            for (Layout target : OUTPUTS) {
              TestArray src = array(from, layout, shape);
              double[] values =
                  from == to ? specialValues(from, src.numel()) : randomValues(from, src.numel());
              double[] x = src.set(values).values();
              TestArray out = array(to, target, shape);
              kernels.copy(src.array, out.array);
              double[] expected = Arrays.stream(x).map(v -> Tolerance.round(to, v)).toArray();
              assertExact(expected, out, "copy of %s", src);
              endCase();
            }
          }
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void copiesChannelsLast(Kernels kernels) {
    for (Layout layout : IMAGES) {
      for (Layout target : IMAGES) {
        TestArray src = randomArray(DType.FLOAT32, layout, 2, 3, 16, 17);
        TestArray out = array(DType.FLOAT32, target, 2, 3, 16, 17);
        kernels.copy(src.array, out.array);
        assertExact(src.values(), out, "copy of %s", src);
        endCase();
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void truncatesTowardsZeroAndTestsForZero(Kernels kernels) {
    TestArray src = array(DType.FLOAT32, Layout.CONTIGUOUS, 5).set(-1.9, 1.9, 0.3, -0.0, -0.4);
    TestArray integers = array(DType.INT64, Layout.CONTIGUOUS, 5);
    kernels.copy(src.array, integers.array);
    assertThat(integers.values()).containsExactly(-1, 1, 0, 0, 0);
    TestArray truth = array(DType.BOOL, Layout.CONTIGUOUS, 5);
    kernels.copy(src.array, truth.array);
    assertThat(truth.values()).containsExactly(1, 1, 1, 0, 1);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void fills(Kernels kernels) {
    for (DType type : DType.values()) {
      for (long[] shape : shapes()) {
        for (Layout layout : OUTPUTS) {
          for (Number value : new Number[] {0, 1, 7L, 2.5, Double.NaN, -0.25f}) {
            TestArray out = array(type, layout, shape);
            kernels.fill(out.array, value);
            double[] expected = new double[out.numel()];
            Arrays.fill(expected, Tolerance.round(type, value.doubleValue()));
            assertExact(expected, out, "fill with %s", value);
            endCase();
          }
        }
      }
    }
  }
}
