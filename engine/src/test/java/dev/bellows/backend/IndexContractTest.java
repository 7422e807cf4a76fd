package dev.bellows.backend;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;
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
  void scattersInOrder(Kernels kernels) {
    for (ScatterOp op : ScatterOp.values()) {
      for (DType type : DType.values()) {
        scatterOrder(kernels, op, type, 40, 3, 0);
        scatterOrder(kernels, op, type, 300, 4, 0);
        scatterOrder(kernels, op, type, 300, 1, 0);
        scatterOrder(kernels, op, type, 8, 9, 1);
      }
    }
  }

  private void scatterOrder(
      Kernels kernels, ScatterOp op, DType type, long rows, long columns, int dim) {
    long[] sizes = {rows, columns};
    long[] large = sizes.clone();
    large[dim] = 7;
    TestArray src = array(type, Layout.CONTIGUOUS, sizes);
    boolean specials = op == ScatterOp.MAX || op == ScatterOp.MIN;
    double[] values = specials ? specialValues(type, src.numel()) : randomValues(type, src.numel());
    for (int i = 0; op == ScatterOp.MUL && i < values.length; i++) {
      values[i] = type.isFloatingPoint() ? 1 + values[i] * 0.1 : values[i] < 0 ? -1 : 1;
    }
    double[] x = src.set(values).values();
    TestArray index = indices(Layout.CONTIGUOUS, 7, sizes);
    TestArray out = randomArray(type, any(OUTPUTS), large);
    double[] expected = out.values();
    kernels.scatter(op, src.array, dim, index.array, out.array);
    double[] places = index.values();
    for (int i = 0; i < x.length; i++) {
      int to = moved(sizes, i, dim, (long) places[i], large);
      expected[to] = Tolerance.round(type, combined(op, expected[to], x[i]));
    }
    assertExact(expected, out, "scatter %s of %s along %d", op, src, dim);
    endCase();
  }

  private static double combined(ScatterOp op, double old, double x) {
    return switch (op) {
      case SET -> x;
      case ADD -> old + x;
      case MUL -> old * x;
      case MAX -> Math.max(old, x);
      case MIN -> Math.min(old, x);
    };
  }

  /** Rows of a table, as an embedding reads them and as its gradient adds to them. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void rowsOfTables(Kernels kernels) {
    for (DType type : List.of(DType.FLOAT32, DType.BFLOAT16, DType.UINT8)) {
      for (long columns : new long[] {7, 16, 80}) {
        for (Layout layout : List.of(Layout.CONTIGUOUS, Layout.SLICED)) {
          rowsOfTable(kernels, type, 1100, 600, columns, layout);
          rowsOfTable(kernels, type, 40, 3, columns, layout);
        }
      }
    }
  }

  private void rowsOfTable(
      Kernels kernels, DType type, int n, int rows, long columns, Layout layout) {
    double[] places = new double[n];
    for (int i = 0; i < n; i++) {
      places[i] = random.nextInt(4) == 0 ? 1 : random.nextInt(rows);
    }
    TestArray index = array(DType.INT64, Layout.CONTIGUOUS, n).set(places);
    long[] repeated = {1, 0};
    long[] sizes = {n, columns};
    Strided indices = index.array.with(sizes, repeated, index.array.offset());
    TestArray table = randomArray(type, layout, rows, columns);
    double[] x = table.values();
    TestArray read = array(type, layout, sizes);
    kernels.gather(table.array, 0, indices, read.array);
    double[] expected = new double[read.numel()];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = x[(int) (places[i / (int) columns] * columns) + i % (int) columns];
    }
    assertExact(expected, read, "rows of %s", table);

    TestArray grad = randomArray(type, layout, sizes);
    double[] g = grad.values();
    kernels.scatter(ScatterOp.ADD, grad.array, 0, indices, table.array);
    for (int i = 0; i < g.length; i++) {
      int to = (int) (places[i / (int) columns] * columns) + i % (int) columns;
      x[to] = Tolerance.round(type, x[to] + g[i]);
    }
    assertExact(x, table, "added to rows of %s", table);
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
