package dev.bellows.backend.cpu;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_MEAN;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_VARIANCE;

import dev.bellows.memory.Strided;
import java.util.Arrays;
import org.bytedeco.dnnl.batch_normalization_backward;
import org.bytedeco.dnnl.batch_normalization_forward;
import org.bytedeco.dnnl.global.dnnl.normalization_flags;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.layer_normalization_backward;
import org.bytedeco.dnnl.layer_normalization_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.primitive_desc_base;

/**
 * Normalisation and its gradients on oneDNN: by channel for channels-last images (batch
 * normalisation), by row for row-major matrices (layer normalisation). All arrays are FLOAT32.
 */
final class DnnNorm {
  private static final int FORWARD = 6;
  private static final int BACKWARD = 7;

  private final DnnCache cache;

  DnnNorm(DnnCache cache) {
    this.cache = cache;
  }

  void forward(
      Strided x, Strided weight, Strided bias, float eps, Strided out, Strided mean, Strided var) {
    Shape shape = new Shape(x, weight != null, bias != null, eps);
    DnnCache.Key key = shape.key(FORWARD);
    DnnCall call = cache.take(key, DnnCall.class, () -> forward(shape));
    run(call, x, out, mean, var, weight, bias);
    cache.give(key, call);
  }

  void backward(
      Strided gradOut,
      Strided x,
      Strided weight,
      float eps,
      Strided mean,
      Strided var,
      Strided gradX,
      Strided gradWeight,
      Strided gradBias) {
    Shape shape = new Shape(x, gradWeight != null, gradBias != null, eps);
    DnnCache.Key key = shape.key(BACKWARD);
    DnnCall call = cache.take(key, DnnCall.class, () -> backward(shape));
    run(call, gradOut, x, mean, var, gradX, weight, gradWeight, gradBias);
    cache.give(key, call);
  }

  /**
   * What a plan depends on.
   *
   * @param sizes [n, c, h, w] or [rows, n]
   */
  private record Shape(long[] sizes, boolean scale, boolean shift, float eps) {
    Shape(Strided x, boolean scale, boolean shift, float eps) {
      this(x.sizes(), scale, shift, eps);
    }

    DnnCache.Key key(int operation) {
      long[] parts = Arrays.copyOf(new long[] {operation, flags(), Float.floatToIntBits(eps)}, 7);
      System.arraycopy(sizes, 0, parts, 3, sizes.length);
      return new DnnCache.Key(parts);
    }

    String name() {
      return "normalize " + Arrays.toString(sizes);
    }

    boolean byChannel() {
      return sizes.length == 4;
    }

    int flags() {
      return (scale ? normalization_flags.use_scale.value : 0)
          | (shift ? normalization_flags.use_shift.value : 0);
    }

    int backward() {
      return (scale || shift ? prop_kind.backward : prop_kind.backward_data).value;
    }

    memory.desc data() {
      return Dnn.desc(sizes, byChannel() ? memory.format_tag.nhwc : memory.format_tag.ab);
    }

    memory.desc statistic() {
      return Dnn.desc(new long[] {byChannel() ? sizes[1] : sizes[0]}, memory.format_tag.a);
    }

    memory.desc factor() {
      return Dnn.desc(new long[] {sizes[1]}, memory.format_tag.a);
    }

    batch_normalization_forward.primitive_desc channels(memory.desc x, primitive_attr attributes) {
      return new batch_normalization_forward.primitive_desc(
          Dnn.engine(), prop_kind.forward_training.value, x, x, eps, flags(), attributes, false);
    }

    layer_normalization_forward.primitive_desc rows(
        memory.desc x, memory.desc statistic, primitive_attr attributes) {
      return new layer_normalization_forward.primitive_desc(
          Dnn.engine(),
          prop_kind.forward_training.value,
          x,
          x,
          statistic,
          eps,
          flags(),
          attributes,
          false);
    }
  }

  private static DnnCall forward(Shape shape) {
    try (memory.desc x = shape.data();
        memory.desc statistic = shape.statistic();
        memory.desc factor = shape.factor();
        primitive_attr attributes = Dnn.attributes()) {
      int[] kinds = {
        DNNL_ARG_SRC, DNNL_ARG_DST, DNNL_ARG_MEAN, DNNL_ARG_VARIANCE, DNNL_ARG_SCALE, DNNL_ARG_SHIFT
      };
      int count = 4 + (shape.scale() ? 1 : 0) + (shape.shift() ? 1 : 0);
      memory.desc[] layouts = {x, x, statistic, statistic, factor, factor};
      if (shape.byChannel()) {
        try (batch_normalization_forward.primitive_desc how = shape.channels(x, attributes)) {
          return plan(shape, new batch_normalization_forward(how), how, count, kinds, layouts);
        }
      }
      try (layer_normalization_forward.primitive_desc how = shape.rows(x, statistic, attributes)) {
        return plan(shape, new layer_normalization_forward(how), how, count, kinds, layouts);
      }
    } catch (RuntimeException e) {
      throw Dnn.failed(shape.name(), e);
    }
  }

  private static DnnCall backward(Shape shape) {
    try (memory.desc x = shape.data();
        memory.desc statistic = shape.statistic();
        memory.desc factor = shape.factor();
        primitive_attr attributes = Dnn.attributes()) {
      int[] kinds = {
        DNNL_ARG_DIFF_DST,
        DNNL_ARG_SRC,
        DNNL_ARG_MEAN,
        DNNL_ARG_VARIANCE,
        DNNL_ARG_DIFF_SRC,
        DNNL_ARG_SCALE,
        DNNL_ARG_DIFF_SCALE,
        DNNL_ARG_DIFF_SHIFT
      };
      int count = 5 + (shape.scale() ? 2 : 0) + (shape.shift() ? 1 : 0);
      memory.desc[] layouts = {x, x, statistic, statistic, x, factor, factor, factor};
      return shape.byChannel()
          ? channelsBackward(shape, x, attributes, count, kinds, layouts)
          : rowsBackward(shape, x, statistic, attributes, count, kinds, layouts);
    } catch (RuntimeException e) {
      throw Dnn.failed(shape.name() + " gradient", e);
    }
  }

  private static DnnCall channelsBackward(
      Shape shape,
      memory.desc x,
      primitive_attr attributes,
      int count,
      int[] kinds,
      memory.desc... layouts) {
    try (batch_normalization_forward.primitive_desc hint = shape.channels(x, attributes);
        batch_normalization_backward.primitive_desc how =
            new batch_normalization_backward.primitive_desc(
                Dnn.engine(),
                shape.backward(),
                x,
                x,
                x,
                shape.eps(),
                shape.flags(),
                hint,
                attributes,
                false)) {
      return plan(shape, new batch_normalization_backward(how), how, count, kinds, layouts);
    }
  }

  private static DnnCall rowsBackward(
      Shape shape,
      memory.desc x,
      memory.desc statistic,
      primitive_attr attributes,
      int count,
      int[] kinds,
      memory.desc... layouts) {
    try (layer_normalization_forward.primitive_desc hint = shape.rows(x, statistic, attributes);
        layer_normalization_backward.primitive_desc how =
            new layer_normalization_backward.primitive_desc(
                Dnn.engine(),
                shape.backward(),
                x,
                x,
                x,
                statistic,
                shape.eps(),
                shape.flags(),
                hint,
                attributes,
                false)) {
      return plan(shape, new layer_normalization_backward(how), how, count, kinds, layouts);
    }
  }

  private static DnnCall plan(
      Shape shape,
      primitive owner,
      primitive_desc_base how,
      int count,
      int[] kinds,
      memory.desc... layouts) {
    return new DnnCall(shape.name(), owner, how, Arrays.copyOf(kinds, count), layouts);
  }

  /** Runs the primitive on the arguments that are not null, in order. */
  private static void run(DnnCall call, Strided... arguments) {
    int at = 0;
    for (Strided argument : arguments) {
      if (argument != null) {
        call.at(at++, argument.address());
      }
    }
    call.run();
  }
}
