package dev.bellows.backend.cpu;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import dev.bellows.backend.Activation;
import dev.bellows.memory.Strided;
import java.util.Arrays;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;

/**
 * Matrix products on oneDNN. Accepts FLOAT32 matrices whose rows or columns are contiguous (so
 * transposes and slices need no copy), results whose rows are contiguous, and a contiguous bias.
 */
final class DnnMatMul {
  private static final int OPERATION = 1;

  private final DnnCache cache;

  DnnMatMul(DnnCache cache) {
    this.cache = cache;
  }

  /**
   * Returns whether the last two dimensions of an operand form a matrix with contiguous rows or
   * columns.
   */
  static boolean isMatrix(Strided a) {
    int r = a.dim() - 2;
    long rows = a.size(r);
    long columns = a.size(r + 1);
    long rowStride = a.stride(r);
    long columnStride = a.stride(r + 1);
    boolean straight = (columns == 1 || columnStride == 1) && (rows == 1 || rowStride >= columns);
    boolean turned = (rows == 1 || rowStride == 1) && (columns == 1 || columnStride >= rows);
    return (straight || turned) && (r == 0 || a.size(0) == 1 || a.stride(0) > 0);
  }

  /** Returns whether the rows of a result are contiguous. */
  static boolean isRowMajor(Strided out) {
    int r = out.dim() - 2;
    long columns = out.size(r + 1);
    return (columns == 1 || out.stride(r + 1) == 1)
        && (out.size(r) == 1 || out.stride(r) >= columns)
        && (r == 0 || out.size(0) == 1 || out.stride(0) >= out.size(r) * columns);
  }

  /** Computes out = activation(a · b + bias); no size may be 0. */
  void run(Strided a, Strided b, Strided bias, Activation activation, Strided out) {
    int d = a.dim();
    long batch = d == 3 ? a.size(0) : 1;
    long m = a.size(d - 2);
    long k = a.size(d - 1);
    long n = b.size(d - 1);
    long flags = (bias == null ? 0 : 1) | (activation == Activation.RELU ? 2 : 0) | (d << 2);
    DnnCache.Key key =
        new DnnCache.Key(
            OPERATION,
            flags,
            batch,
            m,
            k,
            n,
            d == 3 ? a.stride(0) : 0,
            a.stride(d - 2),
            a.stride(d - 1),
            d == 3 ? b.stride(0) : 0,
            b.stride(d - 2),
            b.stride(d - 1),
            d == 3 ? out.stride(0) : 0,
            out.stride(d - 2));
    Plan plan = cache.take(key, Plan.class, () -> new Plan(a, b, bias != null, activation, out));
    plan.call.at(0, a.address()).at(1, b.address()).at(2, out.address());
    if (bias != null) {
      plan.call.at(3, bias.address());
    }
    plan.call.run();
    cache.give(key, plan);
  }

  /** Returns the implementation for these operands; for tests. */
  String implementation(Strided a, Strided b, boolean bias, Activation activation, Strided out) {
    try (Plan plan = new Plan(a, b, bias, activation, out)) {
      return plan.call.implementation();
    }
  }

  private static final class Plan implements DnnCache.Plan {
    final DnnCall call;

    Plan(Strided a, Strided b, boolean bias, Activation activation, Strided out) {
      String operation =
          "matmul " + Arrays.toString(a.sizes()) + " · " + Arrays.toString(b.sizes());
      try (memory.desc lhs = operand(a);
          memory.desc rhs = operand(b);
          memory.desc result = operand(out);
          memory.desc row = bias ? row(out) : null;
          primitive_attr attributes = Dnn.attributes();
          post_ops after = new post_ops()) {
        if (activation == Activation.RELU) {
          after.append_eltwise(algorithm.eltwise_relu, 0f, 0f);
          attributes.set_post_ops(after);
        }
        int[] kinds =
            bias
                ? new int[] {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST, DNNL_ARG_BIAS}
                : new int[] {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST};
        try (matmul.primitive_desc how =
            bias
                ? new matmul.primitive_desc(Dnn.engine(), lhs, rhs, row, result, attributes, false)
                : new matmul.primitive_desc(Dnn.engine(), lhs, rhs, result, attributes, false)) {
          call = new DnnCall(operation, new matmul(how), how, kinds, lhs, rhs, result, row);
        }
      } catch (RuntimeException e) {
        throw Dnn.failed(operation, e);
      }
    }

    @Override
    public void close() {
      call.close();
    }

    private static memory.desc row(Strided out) {
      long[] sizes = new long[out.dim()];
      Arrays.fill(sizes, 1);
      long columns = out.size(out.dim() - 1);
      sizes[out.dim() - 1] = columns;
      long[] strides = new long[out.dim()];
      Arrays.fill(strides, columns);
      strides[out.dim() - 1] = 1;
      return Dnn.desc(sizes, strides);
    }

    /**
     * Returns the descriptor of an operand. Strides of dimensions of size 1 are arbitrary: chooses
     * those that make rows or columns contiguous.
     */
    private static memory.desc operand(Strided a) {
      int r = a.dim() - 2;
      long[] strides = a.strides().clone();
      long rows = a.size(r);
      long columns = a.size(r + 1);
      if (columns == 1 && rows == 1) {
        strides[r] = 1;
        strides[r + 1] = 1;
      } else if (columns == 1) {
        strides[r + 1] = strides[r] == 1 ? rows : 1;
      } else if (rows == 1) {
        strides[r] = strides[r + 1] == 1 ? columns : 1;
      }
      if (r == 1 && a.size(0) == 1) {
        strides[0] = Math.max(rows * strides[1], columns * strides[2]);
      }
      return Dnn.desc(a.sizes(), strides);
    }
  }
}
