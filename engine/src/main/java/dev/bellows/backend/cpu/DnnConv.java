package dev.bellows.backend.cpu;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import dev.bellows.backend.Activation;
import dev.bellows.backend.Conv2dArgs;
import dev.bellows.memory.Storage;
import dev.bellows.memory.Strided;
import java.util.Arrays;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.reorder;

/**
 * Convolution and its gradients on oneDNN. Activations are FLOAT32 and channels-last, weights and
 * biases contiguous; weights are repacked on each call into the layout that the primitive requires,
 * which takes microseconds.
 */
final class DnnConv {
  private static final int FORWARD = 2;
  private static final int GRAD_INPUT = 3;
  private static final int GRAD_WEIGHT = 4;

  private final DnnCache cache;

  DnnConv(DnnCache cache) {
    this.cache = cache;
  }

  void forward(
      Strided x, Strided weight, Strided bias, Conv2dArgs args, Activation act, Strided out) {
    boolean relu = act == Activation.RELU;
    boolean hasBias = bias != null;
    DnnCache.Key key = key(FORWARD, x, weight, out, args, hasBias, relu);
    Plan plan =
        cache.take(
            key, Plan.class, () -> Plan.forward(new Shape(x, weight, out, args, hasBias), relu));
    plan.call.at(0, x.address()).at(2, out.address());
    if (hasBias) {
      plan.call.at(3, bias.address());
    }
    plan.runWithWeights(weight.address(), 1, true);
    cache.give(key, plan);
  }

  void gradInput(Strided gradOut, Strided weight, Conv2dArgs args, Strided gradX) {
    DnnCache.Key key = key(GRAD_INPUT, gradX, weight, gradOut, args, false, false);
    Plan plan =
        cache.take(
            key, Plan.class, () -> Plan.gradInput(new Shape(gradX, weight, gradOut, args, false)));
    plan.call.at(0, gradOut.address()).at(2, gradX.address());
    plan.runWithWeights(weight.address(), 1, true);
    cache.give(key, plan);
  }

  void gradWeight(
      Strided gradOut, Strided x, Conv2dArgs args, Strided gradWeight, Strided gradBias) {
    boolean hasBias = gradBias != null;
    DnnCache.Key key = key(GRAD_WEIGHT, x, gradWeight, gradOut, args, hasBias, false);
    Plan plan =
        cache.take(
            key,
            Plan.class,
            () -> Plan.gradWeight(new Shape(x, gradWeight, gradOut, args, hasBias)));
    plan.call.at(0, gradOut.address()).at(1, x.address());
    if (hasBias) {
      plan.call.at(3, gradBias.address());
    }
    plan.runWithWeights(gradWeight.address(), 2, false);
    cache.give(key, plan);
  }

  /** Returns the implementations of forward, input gradient and weight gradient. */
  static String[] implementations(Strided x, Strided weight, Conv2dArgs args, Strided out) {
    Shape shape = new Shape(x, weight, out, args, true);
    try (Plan forward = Plan.forward(shape, true);
        Plan gradInput = Plan.gradInput(new Shape(x, weight, out, args, false));
        Plan gradWeight = Plan.gradWeight(shape)) {
      return new String[] {
        forward.call.implementation(),
        gradInput.call.implementation(),
        gradWeight.call.implementation()
      };
    }
  }

  private static DnnCache.Key key(
      int operation,
      Strided x,
      Strided weight,
      Strided out,
      Conv2dArgs args,
      boolean bias,
      boolean relu) {
    return new DnnCache.Key(
        operation,
        (bias ? 1 : 0) | (relu ? 2 : 0),
        x.size(0),
        x.size(1),
        x.size(2),
        x.size(3),
        weight.size(0),
        weight.size(2),
        weight.size(3),
        out.size(2),
        out.size(3),
        args.strideH(),
        args.strideW(),
        args.padH(),
        args.padW(),
        args.dilationH(),
        args.dilationW(),
        args.groups());
  }

  /** The geometry as oneDNN expects it. */
  private static final class Shape {
    final String name;
    final long[] x;
    final long[] out;
    final long[] weight;
    final long[] bias;
    final long[] strides;
    final long[] dilations;
    final long[] padding;

    Shape(Strided x, Strided weight, Strided out, Conv2dArgs args, boolean bias) {
      this.name = Arrays.toString(x.sizes()) + " * " + Arrays.toString(weight.sizes()) + " " + args;
      this.x = x.sizes();
      this.out = out.sizes();
      long[] w = weight.sizes();
      int g = args.groups();
      this.weight = g == 1 ? w : new long[] {g, w[0] / g, w[1], w[2], w[3]};
      this.bias = bias ? new long[] {w[0]} : null;
      this.strides = new long[] {args.strideH(), args.strideW()};
      this.dilations = new long[] {args.dilationH() - 1, args.dilationW() - 1};
      this.padding = new long[] {args.padH(), args.padW()};
    }

    memory.desc input() {
      return Dnn.desc(x, memory.format_tag.nhwc);
    }

    memory.desc output() {
      return Dnn.desc(out, memory.format_tag.nhwc);
    }

    memory.desc anyWeight() {
      return Dnn.desc(weight, memory.format_tag.any);
    }

    memory.desc plainWeight() {
      return Dnn.desc(
          weight, weight.length == 4 ? memory.format_tag.abcd : memory.format_tag.abcde);
    }

    memory.desc biasRow() {
      return bias == null ? null : Dnn.desc(bias, memory.format_tag.a);
    }

    convolution_forward.primitive_desc forward(
        memory.desc src, memory.desc w, memory.desc b, memory.desc dst, primitive_attr attr) {
      return b == null
          ? new convolution_forward.primitive_desc(
              Dnn.engine(),
              prop_kind.forward_training,
              algorithm.convolution_direct,
              src,
              w,
              dst,
              strides,
              dilations,
              padding,
              padding,
              attr,
              false)
          : new convolution_forward.primitive_desc(
              Dnn.engine(),
              prop_kind.forward_training,
              algorithm.convolution_direct,
              src,
              w,
              b,
              dst,
              strides,
              dilations,
              padding,
              padding,
              attr,
              false);
    }
  }

  /** A convolution with the reorder between the user's weight layout and the primitive's. */
  private static final class Plan implements DnnCache.Plan {
    final DnnCall call;
    private final DnnCall repack;
    private final long packedBytes;

    private Plan(DnnCall call, DnnCall repack, long packedBytes) {
      this.call = call;
      this.repack = repack;
      this.packedBytes = packedBytes;
    }

    static Plan forward(Shape shape, boolean relu) {
      String name = "conv2d " + shape.name;
      try (memory.desc src = shape.input();
          memory.desc dst = shape.output();
          memory.desc any = shape.anyWeight();
          memory.desc bias = shape.biasRow();
          primitive_attr attributes = Dnn.attributes();
          post_ops after = new post_ops()) {
        if (relu) {
          after.append_eltwise(algorithm.eltwise_relu, 0f, 0f);
          attributes.set_post_ops(after);
        }
        try (convolution_forward.primitive_desc how =
            shape.forward(src, any, bias, dst, attributes)) {
          memory.desc packed = how.weights_desc();
          int[] kinds =
              bias == null
                  ? new int[] {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST}
                  : new int[] {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST, DNNL_ARG_BIAS};
          DnnCall call =
              new DnnCall(name, new convolution_forward(how), how, kinds, src, packed, dst, bias);
          return withRepack(call, name, shape, packed, true);
        }
      } catch (RuntimeException e) {
        throw Dnn.failed(name, e);
      }
    }

    static Plan gradInput(Shape shape) {
      String name = "conv2dGradInput " + shape.name;
      try (memory.desc src = shape.input();
          memory.desc dst = shape.output();
          memory.desc any = shape.anyWeight();
          primitive_attr attributes = Dnn.attributes();
          convolution_forward.primitive_desc hint = shape.forward(src, any, null, dst, attributes);
          convolution_backward_data.primitive_desc how =
              new convolution_backward_data.primitive_desc(
                  Dnn.engine(),
                  algorithm.convolution_direct,
                  src,
                  any,
                  dst,
                  shape.strides,
                  shape.dilations,
                  shape.padding,
                  shape.padding,
                  hint,
                  attributes,
                  false)) {
        memory.desc packed = how.weights_desc();
        int[] kinds = {DNNL_ARG_DIFF_DST, DNNL_ARG_WEIGHTS, DNNL_ARG_DIFF_SRC};
        DnnCall call =
            new DnnCall(name, new convolution_backward_data(how), how, kinds, dst, packed, src);
        return withRepack(call, name, shape, packed, true);
      } catch (RuntimeException e) {
        throw Dnn.failed(name, e);
      }
    }

    static Plan gradWeight(Shape shape) {
      String name = "conv2dGradWeight " + shape.name;
      try (memory.desc src = shape.input();
          memory.desc dst = shape.output();
          memory.desc any = shape.anyWeight();
          memory.desc bias = shape.biasRow();
          primitive_attr attributes = Dnn.attributes();
          convolution_forward.primitive_desc hint = shape.forward(src, any, bias, dst, attributes);
          convolution_backward_weights.primitive_desc how =
              bias == null
                  ? new convolution_backward_weights.primitive_desc(
                      Dnn.engine(),
                      algorithm.convolution_direct,
                      src,
                      any,
                      dst,
                      shape.strides,
                      shape.dilations,
                      shape.padding,
                      shape.padding,
                      hint,
                      attributes,
                      false)
                  : new convolution_backward_weights.primitive_desc(
                      Dnn.engine(),
                      algorithm.convolution_direct,
                      src,
                      any,
                      bias,
                      dst,
                      shape.strides,
                      shape.dilations,
                      shape.padding,
                      shape.padding,
                      hint,
                      attributes,
                      false)) {
        memory.desc packed = how.diff_weights_desc();
        int[] kinds =
            bias == null
                ? new int[] {DNNL_ARG_DIFF_DST, DNNL_ARG_SRC, DNNL_ARG_DIFF_WEIGHTS}
                : new int[] {
                  DNNL_ARG_DIFF_DST, DNNL_ARG_SRC, DNNL_ARG_DIFF_WEIGHTS, DNNL_ARG_DIFF_BIAS
                };
        DnnCall call =
            new DnnCall(
                name, new convolution_backward_weights(how), how, kinds, dst, src, packed, bias);
        return withRepack(call, name, shape, packed, false);
      } catch (RuntimeException e) {
        throw Dnn.failed(name, e);
      }
    }

    private static Plan withRepack(
        DnnCall call, String name, Shape shape, memory.desc packed, boolean into) {
      try (memory.desc plain = shape.plainWeight()) {
        if (plain.equals(packed)) {
          return new Plan(call, null, 0);
        }
        memory.desc from = into ? plain : packed;
        memory.desc to = into ? packed : plain;
        try (primitive_attr attributes = Dnn.attributes();
            reorder.primitive_desc how =
                new reorder.primitive_desc(
                    Dnn.engine(), from, Dnn.engine(), to, attributes, false)) {
          int[] kinds = {DNNL_ARG_FROM, DNNL_ARG_TO};
          DnnCall repack = new DnnCall(name + ": weights", new reorder(how), how, kinds, from, to);
          return new Plan(call, repack, packed.get_size());
        }
      }
    }

    /**
     * Runs the primitive with the user's weights, at {@code address}, as argument {@code i}; they
     * are repacked before the call, or after it if they are an output.
     */
    void runWithWeights(long address, int i, boolean into) {
      if (repack == null) {
        call.at(i, address).run();
        return;
      }
      Storage packed = Storage.allocate(packedBytes);
      try {
        call.at(i, packed.address());
        if (into) {
          repack.at(0, address).at(1, packed.address()).run();
          call.run();
        } else {
          call.run();
          repack.at(0, packed.address()).at(1, address).run();
        }
      } finally {
        packed.release();
      }
    }

    @Override
    public void close() {
      call.close();
      if (repack != null) {
        repack.close();
      }
    }
  }
}
