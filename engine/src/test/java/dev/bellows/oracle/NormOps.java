package dev.bellows.oracle;

import static dev.bellows.oracle.OpInfo.FLOATING;

import dev.bellows.memory.DType;
import dev.bellows.nn.BatchNormArgs;
import dev.bellows.nn.Functional;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** Normalisation. The eps is large, so that equal numbers do not blow up the error of rounding. */
final class NormOps {
  private static final double EPS = 0.125;

  private NormOps() {}

  static List<OpInfo> all() {
    return List.of(
        of("batchNorm", NormOps::batchNorm),
        of("batchNorm running", NormOps::updated),
        of("batchNorm evaluation", NormOps::evaluated),
        of("instanceNorm", NormOps::instanceNorm),
        of("layerNorm", NormOps::layerNorm),
        of("rmsNorm", NormOps::rmsNorm),
        of("groupNorm", NormOps::groupNorm),
        of("localResponseNorm", NormOps::localResponseNorm)
            .comparing(OpInfo.types(DType.FLOAT32, DType.FLOAT64)));
  }

  private static OpInfo of(String name, OpInfo.Sampler sampler) {
    // a result of 16-bit types is rounded once here, and more often in some loops of libtorch
    return OpInfo.of(name, FLOATING, sampler)
        .grad(2)
        .scaled()
        .noSpecialValues()
        .tolerance(4)
        .borders(-1);
  }

  /** [n, c, ..] with several values per channel, and with at least {@code spatial} more. */
  private static long[] shape(Rng r, int spatial) {
    boolean small = r.small();
    int more = r.between(spatial, small ? spatial : 3);
    long[] shape = new long[2 + more];
    shape[0] = r.between(spatial > 0 ? 1 : 2, small ? 2 : 5);
    shape[1] = r.between(1, small ? 2 : 7);
    for (int d = 2; d < shape.length; d++) {
      shape[d] = r.between(2, small ? 2 : 5);
    }
    return shape;
  }

  private static BatchNormArgs args(Tensor weight, Tensor bias) {
    return BatchNormArgs.create().affine(weight, bias).eps(EPS);
  }

  private static Sample batchNorm(Rng r, DType t) {
    long[] x = shape(r, 0);
    return Sample.of("torch.batch_norm(x0, x1, x2, None, None, True, 0.1, {}, False)", EPS)
        .ours(in -> Functional.batchNorm(in[0], null, null, args(in[1], in[2]).training(true)))
        .args(Arg.of(t, x, new long[] {x[1]}, new long[] {x[1]}));
  }

  private static Sample updated(Rng r, DType t) {
    long[] x = shape(r, 0);
    Arg stat = Arg.of(t, x[1]).in(0.5, 2).noGrad();
    return Sample.of(
            "m = x1.clone()\nv = x2.clone()\n"
                + "y = torch.batch_norm(x0, None, None, m, v, True, 0.25, {}, False)\n"
                + "return y, m, v",
            EPS)
        .ours(
            in -> {
              Tensor mean = in[1].clone();
              Tensor var = in[2].clone();
              BatchNormArgs args = args(null, null).training(true).momentum(0.25);
              return new Tensor[] {Functional.batchNorm(in[0], mean, var, args), mean, var};
            })
        .args(Arg.of(t, x), stat, stat);
  }

  private static Sample evaluated(Rng r, DType t) {
    long[] x = shape(r, 0);
    Arg stat = Arg.of(t, x[1]).in(0.5, 2).noGrad();
    return Sample.of("torch.batch_norm(x0, x1, x2, x3, x4, False, 0.1, {}, False)", EPS)
        .ours(in -> Functional.batchNorm(in[0], in[3], in[4], args(in[1], in[2])))
        .args(Arg.of(t, x), Arg.of(t, x[1]), Arg.of(t, x[1]), stat, stat);
  }

  private static Sample instanceNorm(Rng r, DType t) {
    long[] x = shape(r, 1);
    Arg stat = Arg.of(t, x[1]).in(0.5, 2).noGrad();
    return Sample.of(
            "m = x3.clone()\nv = x4.clone()\n"
                + "y = torch.instance_norm(x0, x1, x2, m, v, True, 0.25, {}, False)\n"
                + "return y, m, v",
            EPS)
        .ours(
            in -> {
              Tensor mean = in[3].clone();
              Tensor var = in[4].clone();
              BatchNormArgs args = args(in[1], in[2]).training(true).momentum(0.25);
              return new Tensor[] {Functional.instanceNorm(in[0], mean, var, args), mean, var};
            })
        .args(Arg.of(t, x), Arg.of(t, x[1]), Arg.of(t, x[1]), stat, stat);
  }

  private static Sample layerNorm(Rng r, DType t) {
    long[] x = Shapes.nonEmpty(r, 1, 4);
    long[] last = Arrays.copyOfRange(x, r.nextInt(x.length), x.length);
    boolean bias = r.nextBoolean();
    Arg[] args = bias ? Arg.of(t, x, last, last) : Arg.of(t, x, last);
    return Sample.of("torch.layer_norm(x0, {}, x1, {}, {}, False)", last, bias ? "x2" : null, EPS)
        .ours(in -> Functional.layerNorm(in[0], last, in[1], bias ? in[2] : null, EPS))
        .args(args);
  }

  private static Sample rmsNorm(Rng r, DType t) {
    long[] x = Shapes.nonEmpty(r, 1, 4);
    long[] last = Arrays.copyOfRange(x, r.nextInt(x.length), x.length);
    return Sample.of("torch.rms_norm(x0, {}, x1, {})", last, EPS)
        .ours(in -> Functional.rmsNorm(in[0], last, in[1], EPS))
        .args(Arg.of(t, x, last));
  }

  private static Sample groupNorm(Rng r, DType t) {
    long[] x = shape(r, 1);
    int groups = r.between(1, 3);
    x[1] *= groups;
    return Sample.of("torch.group_norm(x0, {}, x1, x2, {}, False)", groups, EPS)
        .ours(in -> Functional.groupNorm(in[0], groups, in[1], in[2], EPS))
        .args(Arg.of(t, x, new long[] {x[1]}, new long[] {x[1]}));
  }

  /** As {@code torch.nn.functional} composes it. */
  private static Sample localResponseNorm(Rng r, DType t) {
    long[] x = {r.between(1, 3), r.between(1, r.small() ? 3 : 8), r.between(1, 3), r.between(1, 3)};
    int size = r.between(1, 5);
    return Sample.of(
            "d = x0.mul(x0).unsqueeze(1)\n"
                + "d = torch.constant_pad_nd(d, [0, 0, 0, 0, {}, {}], 0)\n"
                + "d = torch.avg_pool3d(d, [{}, 1, 1], [1, 1, 1]).squeeze(1)\n"
                + "return x0 / (d * 0.5 + 1.5) ** 0.75",
            size / 2,
            (size - 1) / 2,
            size)
        .ours(in -> Functional.localResponseNorm(in[0], size, 0.5, 0.75, 1.5))
        .args(Arg.of(t, x));
  }
}
