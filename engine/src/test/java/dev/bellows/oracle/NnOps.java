package dev.bellows.oracle;

import static dev.bellows.oracle.OpInfo.FLOATING;

import dev.bellows.backend.Conv2dArgs;
import dev.bellows.backend.Pool2dArgs;
import dev.bellows.memory.DType;
import dev.bellows.nn.Functional;
import dev.bellows.nn.Reduction;
import dev.bellows.ops.Conv2d;
import dev.bellows.ops.MaxPool2d;
import java.util.Arrays;
import java.util.List;

/** Operations of layers and losses. */
final class NnOps {
  private NnOps() {}

  static List<OpInfo> all() {
    return List.of(
        OpInfo.of("softmax", FLOATING, (r, t) -> softmax(r, t, false)).grad(2).fast(),
        OpInfo.of("logSoftmax", FLOATING, (r, t) -> softmax(r, t, true)).grad(2).fast(),
        OpInfo.of("linear", FLOATING, NnOps::linear).grad(2).fast().scaled().noSpecialValues(),
        OpInfo.of("conv2d", FLOATING, NnOps::conv2d)
            .grad(2)
            .fast()
            .scaled()
            .noSpecialValues()
            .borders(-1), // whether infinite weights meet the zeros around an image is open
        OpInfo.of("maxPool2d", FLOATING, NnOps::maxPool2d).grad(2).fast(),
        OpInfo.of("crossEntropy", FLOATING, NnOps::crossEntropy).grad(2).fast().scaled(),
        OpInfo.of("nllLoss", FLOATING, NnOps::nllLoss).grad(2).scaled(),
        OpInfo.of("mseLoss", FLOATING, NnOps::mseLoss)
            .grad(2)
            .scaled()
            .borders(1)); // libtorch adds up to NaN what here cancels before it is infinite
  }

  private static Sample softmax(Rng r, DType t, boolean log) {
    long[] shape = Shapes.any(r);
    int dim = Shapes.anyDim(r, shape);
    return Sample.of(log ? "torch.log_softmax(x0, {})" : "torch.softmax(x0, {})", dim)
        .ours(x -> log ? x[0].logSoftmax(dim) : x[0].softmax(dim))
        .args(Arg.of(t, shape).in(-5, 5));
  }

  /** The arguments with a bias of the given size at the end, or without. */
  private static Arg[] withBias(boolean bias, DType t, long size, long[]... shapes) {
    long[][] all = bias ? Arrays.copyOf(shapes, shapes.length + 1) : shapes;
    if (bias) {
      all[shapes.length] = new long[] {size};
    }
    return Arrays.stream(Arg.of(t, all)).map(a -> a.in(-1, 1)).toArray(Arg[]::new);
  }

  private static Sample linear(Rng r, DType t) {
    long[] x = Shapes.nonEmpty(r, 1, 4);
    long out = r.small() ? 2 : r.between(1, 20);
    boolean bias = r.nextBoolean();
    return Sample.of(bias ? "torch.linear(x0, x1, x2)" : "torch.linear(x0, x1)")
        .ours(in -> Functional.linear(in[0], in[1], bias ? in[2] : null))
        .args(withBias(bias, t, out, x, new long[] {out, x[x.length - 1]}));
  }

  private static Sample conv2d(Rng r, DType t) {
    boolean small = r.small();
    int groups = r.between(1, small ? 2 : 3);
    long n = r.between(1, small ? 1 : 3);
    long c = groups * (long) r.between(1, small ? 1 : 4);
    long o = groups * (long) r.between(1, small ? 1 : 5);
    int kernel = small ? 2 : 3;
    int kh = r.between(1, kernel);
    int kw = r.between(1, kernel);
    int most = small ? 1 : 2;
    Conv2dArgs a =
        new Conv2dArgs(
            r.between(1, 2),
            r.between(1, 3),
            r.between(0, most),
            r.between(0, most),
            r.between(1, most),
            r.between(1, most),
            groups);
    long h = r.between(small ? 2 : 5, small ? 3 : 10);
    long w = r.between(small ? 2 : 5, small ? 2 : 10);
    boolean bias = r.nextBoolean();
    return Sample.of(
            "torch.conv2d(x0, x1, {}, [{}, {}], [{}, {}], [{}, {}], {})",
            bias ? "x2" : null,
            a.strideH(),
            a.strideW(),
            a.padH(),
            a.padW(),
            a.dilationH(),
            a.dilationW(),
            groups)
        .ours(in -> Conv2d.of(in[0], in[1], bias ? in[2] : null, a))
        .args(withBias(bias, t, o, new long[] {n, c, h, w}, new long[] {o, c / groups, kh, kw}));
  }

  private static Sample maxPool2d(Rng r, DType t) {
    int kh = r.between(1, 3);
    int kw = r.between(1, 3);
    Pool2dArgs a =
        new Pool2dArgs(
            kh, kw, r.between(1, 3), r.between(1, 3), r.between(0, kh / 2), r.between(0, kw / 2));
    boolean small = r.small();
    long[] x = {
      r.between(1, small ? 1 : 3),
      r.between(1, small ? 1 : 20),
      r.between(small ? 3 : 4, small ? 4 : 9),
      r.between(small ? 3 : 4, small ? 3 : 9)
    };
    return Sample.of(
            "torch.max_pool2d(x0, [{}, {}], [{}, {}], [{}, {}])",
            kh,
            kw,
            a.strideH(),
            a.strideW(),
            a.padH(),
            a.padW())
        .ours(in -> MaxPool2d.of(in[0], a))
        .args(Arg.of(t, x).in(-1, 1));
  }

  private static Sample crossEntropy(Rng r, DType t) {
    long n = r.between(1, r.small() ? 3 : 10);
    long c = r.between(1, r.small() ? 3 : 10);
    boolean ignore = !r.small() && r.nextBoolean(); // if all are, the mean is NaN
    double smoothing = r.pickNumber(0, 0.1);
    Reduction reduction = r.pick(Reduction.NONE, Reduction.MEAN, Reduction.SUM);
    return Sample.of(
            "torch.cross_entropy_loss(x0, x1, None, {}, {}, {})",
            LossOps.code(reduction),
            ignore ? -1 : -100,
            smoothing)
        .ours(x -> Functional.crossEntropy(x[0], x[1], reduction, ignore ? -1 : -100, smoothing))
        .args(Arg.of(t, n, c).in(-3, 3), labels(ignore, n, c));
  }

  private static Sample nllLoss(Rng r, DType t) {
    long n = r.between(1, r.small() ? 3 : 10);
    long c = r.between(1, r.small() ? 3 : 10);
    return Sample.of("torch.nll_loss(x0, x1)")
        .ours(x -> Functional.nllLoss(x[0], x[1]))
        .args(Arg.of(t, n, c).in(-3, 0), labels(false, n, c));
  }

  private static Arg labels(boolean ignore, long n, long c) {
    return Arg.index(c, n).in(ignore ? -1 : 0, c);
  }

  private static Sample mseLoss(Rng r, DType t) {
    long[] shape = Shapes.any(r);
    return Sample.of("torch.mse_loss(x0, x1)")
        .ours(x -> Functional.mseLoss(x[0], x[1]))
        .args(Arg.of(t, shape), Arg.of(t, shape));
  }
}
