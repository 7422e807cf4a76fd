package dev.bellows.backend.cpu;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO;

import dev.bellows.memory.Strided;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.reorder;

/**
 * Copies between layouts on oneDNN. Accepts FLOAT32 arrays of 1 to 6 dimensions whose strides nest,
 * as oneDNN requires: each is at least the extent of every dimension with a smaller stride.
 */
final class DnnReorder {
  private static final int OPERATION = 5;
  private static final int MAX_DIMS = 6;

  private final DnnCache cache;

  DnnReorder(DnnCache cache) {
    this.cache = cache;
  }

  static boolean accepts(Strided a) {
    if (a.dim() == 0 || a.dim() > MAX_DIMS) {
      return false;
    }
    for (int d = 0; d < a.dim(); d++) {
      if (a.size(d) != 1 && !nests(a, d)) {
        return false;
      }
    }
    return true;
  }

  private static boolean nests(Strided a, int d) {
    for (int e = 0; e < a.dim(); e++) {
      boolean inner = e != d && a.size(e) != 1 && a.stride(e) <= a.stride(d);
      if (inner && a.stride(d) < a.stride(e) * a.size(e)) {
        return false;
      }
    }
    return a.stride(d) > 0;
  }

  void run(Strided from, Strided to) {
    int d = from.dim();
    long[] parts = new long[2 + 3 * d];
    parts[0] = OPERATION;
    parts[1] = d;
    System.arraycopy(from.sizes(), 0, parts, 2, d);
    System.arraycopy(from.strides(), 0, parts, 2 + d, d);
    System.arraycopy(to.strides(), 0, parts, 2 + 2 * d, d);
    DnnCache.Key key = new DnnCache.Key(parts);
    DnnCall call = cache.take(key, DnnCall.class, () -> call(from, to));
    call.at(0, from.address()).at(1, to.address()).run();
    cache.give(key, call);
  }

  private static DnnCall call(Strided from, Strided to) {
    String name = "copy " + from + " to " + to;
    try (memory.desc source = plain(from);
        memory.desc target = plain(to);
        primitive_attr attributes = Dnn.attributes();
        reorder.primitive_desc how =
            new reorder.primitive_desc(
                Dnn.engine(), source, Dnn.engine(), target, attributes, false)) {
      int[] kinds = {DNNL_ARG_FROM, DNNL_ARG_TO};
      return new DnnCall(name, new reorder(how), how, kinds, source, target);
    } catch (RuntimeException e) {
      throw Dnn.failed(name, e);
    }
  }

  /**
   * Returns the descriptor of an array. Strides of dimensions of size 1 are arbitrary: places them
   * outside all others, so that strides nest.
   */
  private static memory.desc plain(Strided a) {
    long extent = 1;
    for (int d = 0; d < a.dim(); d++) {
      extent = Math.max(extent, a.size(d) == 1 ? 1 : a.stride(d) * a.size(d));
    }
    long[] strides = a.strides().clone();
    for (int d = 0; d < strides.length; d++) {
      strides[d] = a.size(d) == 1 ? extent : strides[d];
    }
    return Dnn.desc(a.sizes(), strides);
  }
}
