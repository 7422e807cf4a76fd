package dev.bellows.backend.cpu;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;

import dev.bellows.backend.UnaryOp;
import dev.bellows.memory.Strided;
import org.bytedeco.dnnl.eltwise_backward;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;

/**
 * Activations and their gradients on oneDNN, of FLOAT32 arrays that are dense and of one layout,
 * and so are rows of numbers.
 */
final class DnnEltwise {
  private static final int FORWARD = 8;
  private static final int BACKWARD = 9;

  private final DnnCache cache;

  DnnEltwise(DnnCache cache) {
    this.cache = cache;
  }

  /** Returns whether an operation and its gradient are supported. */
  static boolean supports(UnaryOp op) {
    return algorithm(op) != null;
  }

  private static algorithm algorithm(UnaryOp op) {
    return switch (op) {
      case GELU -> algorithm.eltwise_gelu_erf;
      case SILU -> algorithm.eltwise_swish;
      default -> null;
    };
  }

  void forward(UnaryOp op, Strided a, Strided out) {
    DnnCache.Key key = new DnnCache.Key(FORWARD, algorithm(op).value, a.numel());
    DnnCall call = cache.take(key, DnnCall.class, () -> forward(op, a.numel()));
    call.at(0, a.address()).at(1, out.address()).run();
    cache.give(key, call);
  }

  void backward(UnaryOp op, Strided gradOut, Strided a, Strided gradA) {
    DnnCache.Key key = new DnnCache.Key(BACKWARD, algorithm(op).value, a.numel());
    DnnCall call = cache.take(key, DnnCall.class, () -> backward(op, a.numel()));
    call.at(0, gradOut.address()).at(1, a.address()).at(2, gradA.address()).run();
    cache.give(key, call);
  }

  private static eltwise_forward.primitive_desc how(
      UnaryOp op, memory.desc row, primitive_attr attributes) {
    return new eltwise_forward.primitive_desc(
        Dnn.engine(),
        prop_kind.forward_training,
        algorithm(op),
        row,
        row,
        1f,
        0f,
        attributes,
        false);
  }

  private static DnnCall forward(UnaryOp op, long n) {
    try (memory.desc row = Dnn.desc(new long[] {n}, memory.format_tag.a);
        primitive_attr attributes = Dnn.attributes();
        eltwise_forward.primitive_desc how = how(op, row, attributes)) {
      int[] kinds = {DNNL_ARG_SRC, DNNL_ARG_DST};
      return new DnnCall(op.name(), new eltwise_forward(how), how, kinds, row, row);
    } catch (RuntimeException e) {
      throw Dnn.failed(op.name(), e);
    }
  }

  private static DnnCall backward(UnaryOp op, long n) {
    try (memory.desc row = Dnn.desc(new long[] {n}, memory.format_tag.a);
        primitive_attr attributes = Dnn.attributes();
        eltwise_forward.primitive_desc hint = how(op, row, attributes);
        eltwise_backward.primitive_desc how =
            new eltwise_backward.primitive_desc(
                Dnn.engine(), algorithm(op), row, row, row, 1f, 0f, hint, attributes, false)) {
      int[] kinds = {DNNL_ARG_DIFF_DST, DNNL_ARG_SRC, DNNL_ARG_DIFF_SRC};
      return new DnnCall(op.name(), new eltwise_backward(how), how, kinds, row, row, row);
    } catch (RuntimeException e) {
      throw Dnn.failed(op.name() + " gradient", e);
    }
  }
}
