package dev.bellows.backend;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.memory.DType;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class IndexContractTest extends BackendContract {
  private static final List<long[]> SHAPES =
      List.of(
          new long[] {1},
          new long[] {17},
          new long[] {1024},
          new long[] {13, 16},
          new long[] {16, 207},
          new long[] {3, 4, 5},
          new long[] {0, 4});

  private static int moved(long[] from, int linear, int dim, long place, long[] to) {
    long[] index = new long[from.length];
    long rest = linear;
    for (int d = from.length - 1; d >= 0; d--) {
      index[d] = rest % from[d];
      rest /= from[d];
    }
    index[dim] = place;
    return TestArray.linear(to, index);
  }

  private TestArray indices(Layout layout, long bound, long... sizes) {
    TestArray index = array(DType.INT64, layout, sizes);
    double[] values = new double[index.numel()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt((int) bound);
    }
    return index.set(values);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void gathersAndScatters(Kernels kernels) {
    for (DType type : DType.values()) {
      for (long[] sizes : SHAPES) {
        for (int dim = 0; dim < sizes.length; dim++) {
          for (Layout layout : INPUTS) {
            gatherCase(kernels, type, sizes, dim, layout);
            scatterCase(kernels, type, sizes, dim, layout);
          }
        }
      }
    }
  }

  private void gatherCase(Kernels kernels, DType type, long[] sizes, int dim, Layout layout) {
    long[] large = sizes.clone();
    large[dim] = 9;
    TestArray a = array(type, layout, large);
    double[] x = a.set(specialValues(type, a.numel())).values();
    TestArray index = indices(any(INPUTS), 9, sizes);
    TestArray out = array(type, any(OUTPUTS), sizes);
    kernels.gather(a.array, dim, index.array, out.array);
    double[] places = index.values();
    double[] expected = new double[places.length];
    for (int i = 0; i < places.length; i++) {
      expected[i] = x[moved(sizes, i, dim, (long) places[i], large)];
    }
    assertExact(expected, out, "gather of %s along %d by %s", a, dim, index);
    endCase();
  }

  private void scatterCase(Kernels kernels, DType type, long[] sizes, int dim, Layout layout) {
    long[] large = sizes.clone();
    large[dim] = 5;
    TestArray src = randomArray(type, layout, sizes);
    TestArray index = indices(any(INPUTS), 5, sizes);
    TestArray out = randomArray(type, any(OUTPUTS), large);
    double[] expected = out.values();
    kernels.scatter(ScatterOp.ADD, src.array, dim, index.array, out.array);
    double[] x = src.values();
    double[] places = index.values();
    for (int i = 0; i < x.length; i++) {
      int to = moved(sizes, i, dim, (long) places[i], large);
      expected[to] = Tolerance.round(type, expected[to] + x[i]);
    }
    assertExact(expected, out, "scatterAdd of %s along %d by %s", src, dim, index);
    endCase();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void refusesIndicesOutOfRange(Kernels kernels) {
    for (long wrong : new long[] {-1, 5, Long.MAX_VALUE, Long.MIN_VALUE}) {
      TestArray a = randomArray(DType.FLOAT32, Layout.CONTIGUOUS, 2, 5);
      TestArray index = array(DType.INT64, Layout.CONTIGUOUS, 2, 3).set(0, 1, 2, 3, wrong, 4);
      TestArray out = array(DType.FLOAT32, Layout.CONTIGUOUS, 2, 3);
      String rest = ": index must be in [0, 5), the size of dimension 1; got " + wrong;
      assertThatThrownBy(
              () -> {
                kernels.gather(a.array, 1, index.array, out.array);
                kernels.synchronize();
              })
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessage("gather" + rest);
      assertThatThrownBy(
              () -> {
                kernels.scatter(ScatterOp.ADD, out.array, 1, index.array, a.array);
                kernels.synchronize();
              })
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessage("scatterAdd" + rest);
      endCase();
    }
  }
}
