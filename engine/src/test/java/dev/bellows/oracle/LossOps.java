package dev.bellows.oracle;

import dev.bellows.memory.DType;
import dev.bellows.nn.CrossEntropyArgs;
import dev.bellows.nn.CtcArgs;
import dev.bellows.nn.Functional;
import dev.bellows.nn.GaussianNllArgs;
import dev.bellows.nn.PoissonNllArgs;
import dev.bellows.nn.Reduction;
import dev.bellows.nn.TripletMarginArgs;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Losses and distances. */
final class LossOps {
  private static final OpInfo.Types WIDE = OpInfo.types(DType.FLOAT32, DType.FLOAT64);

  private LossOps() {}

  static List<OpInfo> all() {
    return List.of(
        of("mseLoss reduced", 2, LossOps::mse),
        of("l1Loss", 2, LossOps::l1),
        of("smoothL1Loss", 2, LossOps::smoothL1),
        of("huberLoss", 2, LossOps::huber),
        of("binaryCrossEntropy", 2, LossOps::bce),
        of("binaryCrossEntropyWithLogits", 2, LossOps::bceWithLogits),
        of("klDiv", 2, LossOps::klDiv),
        of("poissonNllLoss", 2, LossOps::poisson),
        of("gaussianNllLoss", 2, LossOps::gaussian),
        of("hingeEmbeddingLoss", 2, LossOps::hinge),
        of("softMarginLoss", 2, LossOps::softMargin),
        of("marginRankingLoss", 2, LossOps::marginRanking),
        of("multiMarginLoss", 1, LossOps::multiMargin),
        of("multilabelMarginLoss", 1, LossOps::multilabelMargin),
        of("multilabelSoftMarginLoss", 2, LossOps::multilabelSoftMargin),
        of("cosineEmbeddingLoss", 2, LossOps::cosineEmbedding),
        of("tripletMarginLoss", 2, LossOps::tripletMargin),
        of("nllLoss of weighted classes", 2, LossOps::nll),
        of("crossEntropy of weighted classes", 2, LossOps::crossEntropy),
        of("crossEntropy of probabilities", 2, LossOps::probabilities),
        of("ctcLoss", 1, LossOps::ctc),
        of("pairwiseDistance", 2, LossOps::pairwise),
        of("cosineSimilarity", 2, LossOps::cosine),
        of("normalize", 2, LossOps::normalize),
        of("pdist", 1, LossOps::pdist));
  }

  private static OpInfo of(String name, int gradients, OpInfo.Sampler sampler) {
    return OpInfo.of(name, WIDE, sampler).grad(gradients).scaled().noSpecialValues().borders(-1);
  }

  private static Reduction reduction(Rng r) {
    return r.pick(Reduction.NONE, Reduction.MEAN, Reduction.SUM);
  }

  /** libtorch's number of a reduction. */
  static int code(Reduction reduction) {
    return reduction == Reduction.NONE ? 0 : reduction == Reduction.MEAN ? 1 : 2;
  }

  private static Sample mse(Rng r, DType t) {
    long[] shape = Shapes.any(r);
    Reduction reduction = reduction(r);
    return Sample.of("torch.mse_loss(x0, x1, {})", code(reduction))
        .ours(x -> Functional.mseLoss(x[0], x[1], reduction))
        .args(Arg.of(t, shape, shape));
  }

  private static Sample l1(Rng r, DType t) {
    long[] shape = Shapes.any(r);
    Reduction reduction = reduction(r);
    return Sample.of("torch.l1_loss(x0, x1, {})", code(reduction))
        .ours(x -> Functional.l1Loss(x[0], x[1], reduction))
        .args(Arg.of(t, shape, shape));
  }

  private static Sample smoothL1(Rng r, DType t) {
    long[] shape = Shapes.any(r);
    Reduction reduction = reduction(r);
    double beta = r.pickNumber(1, 0.75);
    return Sample.of("torch.smooth_l1_loss(x0, x1, {}, {})", code(reduction), beta)
        .ours(x -> Functional.smoothL1Loss(x[0], x[1], reduction, beta))
        .args(Arg.of(t, shape, shape));
  }

  private static Sample huber(Rng r, DType t) {
    long[] shape = Shapes.any(r);
    Reduction reduction = reduction(r);
    double delta = r.pickNumber(1, 0.75);
    return Sample.of("torch.huber_loss(x0, x1, {}, {})", code(reduction), delta)
        .ours(x -> Functional.huberLoss(x[0], x[1], reduction, delta))
        .args(Arg.of(t, shape, shape));
  }

  private static Sample bce(Rng r, DType t) {
    long[] shape = Shapes.any(r);
    Reduction reduction = reduction(r);
    Arg weight = Arg.of(t, shape).in(0.5, 2).noGrad();
    return Sample.of("torch.binary_cross_entropy(x0, x1, x2, {})", code(reduction))
        .ours(x -> Functional.binaryCrossEntropy(x[0], x[1], x[2], reduction))
        .args(Arg.of(t, shape).in(0.1, 0.9), Arg.of(t, shape).in(0, 1).noGrad(), weight);
  }

  private static Sample bceWithLogits(Rng r, DType t) {
    long[] shape = Shapes.nonEmpty(r, 1, 3);
    Reduction reduction = reduction(r);
    long[] last = {shape[shape.length - 1]};
    return Sample.of("torch.binary_cross_entropy_with_logits(x0, x1, x2, x3, {})", code(reduction))
        .ours(x -> Functional.binaryCrossEntropyWithLogits(x[0], x[1], x[2], x[3], reduction))
        .args(
            Arg.of(t, shape).in(-4, 4),
            Arg.of(t, shape).in(0, 1),
            Arg.of(t, shape).in(0.5, 2).noGrad(),
            Arg.of(t, last).in(0.5, 2).noGrad());
  }

  private static Sample klDiv(Rng r, DType t) {
    long[] shape = Shapes.nonEmpty(r, 1, 3);
    Reduction reduction = r.pick(Reduction.values());
    boolean log = r.nextBoolean();
    boolean batch = reduction == Reduction.BATCH_MEAN;
    return Sample.of(
            "torch.kl_div(x0, x1, {}, log_target={})" + (batch ? " / x0.size(0)" : ""),
            code(batch ? Reduction.SUM : reduction),
            log)
        .ours(x -> Functional.klDiv(x[0], x[1], reduction, log))
        .args(Arg.of(t, shape), Arg.of(t, shape).in(log ? -2 : 0.1, 1));
  }

  private static Sample poisson(Rng r, DType t) {
    long[] shape = Shapes.any(r);
    Reduction reduction = reduction(r);
    boolean log = r.nextBoolean();
    boolean full = r.nextBoolean();
    PoissonNllArgs args =
        PoissonNllArgs.create().logInput(log).full(full).eps(1e-3).reduction(reduction);
    return Sample.of("torch.poisson_nll_loss(x0, x1, {}, {}, 1e-3, {})", log, full, code(reduction))
        .ours(x -> Functional.poissonNllLoss(x[0], x[1], args))
        .args(Arg.of(t, shape).in(log ? -2 : 0.2, 2), Arg.of(t, shape).in(0.1, 4).noGrad());
  }

  private static Sample gaussian(Rng r, DType t) {
    long[] shape = Shapes.nonEmpty(r, 1, 3);
    Reduction reduction = reduction(r);
    long[] var = r.nextBoolean() ? shape : Shapes.with(shape, -1, 1);
    GaussianNllArgs args = GaussianNllArgs.create().full(true).reduction(reduction);
    String reduced =
        reduction == Reduction.NONE ? "y" : reduction == Reduction.SUM ? "y.sum()" : "y.mean()";
    return Sample.of(
            "v = x2 + 0.0\nd = x0 - x1\ny = 0.5 * (torch.log(v) + d * d / v) + {}\nreturn "
                + reduced,
            0.5 * Math.log(2 * Math.PI))
        .ours(x -> Functional.gaussianNllLoss(x[0], x[1], x[2], args))
        .args(Arg.of(t, shape), Arg.of(t, shape), Arg.of(t, var).in(0.5, 2));
  }

  private static Sample hinge(Rng r, DType t) {
    long[] shape = Shapes.any(r);
    Reduction reduction = reduction(r);
    return Sample.of("torch.hinge_embedding_loss(x0, torch.sign(x1), 1.25, {})", code(reduction))
        .ours(x -> Functional.hingeEmbeddingLoss(x[0], x[1].sign(), 1.25, reduction))
        .args(Arg.of(t, shape), Arg.of(t, shape).noGrad());
  }

  private static Sample softMargin(Rng r, DType t) {
    long[] shape = Shapes.any(r);
    Reduction reduction = reduction(r);
    return Sample.of("torch.soft_margin_loss(x0, torch.sign(x1), {})", code(reduction))
        .ours(x -> Functional.softMarginLoss(x[0], x[1].sign(), reduction))
        .args(Arg.of(t, shape), Arg.of(t, shape).noGrad());
  }

  private static Sample marginRanking(Rng r, DType t) {
    long[] shape = Shapes.any(r);
    Reduction reduction = reduction(r);
    return Sample.of("torch.margin_ranking_loss(x0, x1, torch.sign(x2), 0.3, {})", code(reduction))
        .ours(x -> Functional.marginRankingLoss(x[0], x[1], x[2].sign(), 0.3, reduction))
        .args(Arg.of(t, shape), Arg.of(t, shape), Arg.of(t, shape).noGrad());
  }

  private static Sample multiMargin(Rng r, DType t) {
    long n = r.between(1, 3);
    long c = r.between(1, 4);
    boolean batched = r.nextBoolean();
    int p = r.between(1, 2);
    Reduction reduction = reduction(r);
    return Sample.of("torch.multi_margin_loss(x0, x1, {}, 0.8, x2, {})", p, code(reduction))
        .ours(x -> Functional.multiMarginLoss(x[0], x[1], p, 0.8, x[2], reduction))
        .args(
            batched ? Arg.of(t, n, c) : Arg.of(t, c),
            batched ? Arg.index(c, n) : Arg.index(c),
            Arg.of(t, c).in(0.5, 2).noGrad());
  }

  private static Sample multilabelMargin(Rng r, DType t) {
    long n = r.between(1, 3);
    long c = r.between(1, 4);
    Reduction reduction = reduction(r);
    boolean batched = r.nextBoolean();
    long[] shape = batched ? new long[] {n, c} : new long[] {c};
    return Sample.of("torch.multilabel_margin_loss(x0, x1, {})", code(reduction))
        .ours(x -> Functional.multilabelMarginLoss(x[0], x[1], reduction))
        .args(Arg.of(t, shape), Arg.index(c, shape).in(-1, c));
  }

  private static Sample multilabelSoftMargin(Rng r, DType t) {
    long[] shape = Shapes.nonEmpty(r, 1, 3);
    return Sample.of(
            "y = -(x1 * torch.log_sigmoid(x0) + (1 - x1) * torch.log_sigmoid(-x0)) * x2\n"
                + "return y.mean(-1).mean()")
        .ours(x -> Functional.multilabelSoftMarginLoss(x[0], x[1], x[2]))
        .args(
            Arg.of(t, shape),
            Arg.of(t, shape).in(0, 1),
            Arg.of(t, shape[shape.length - 1]).in(0.5, 2).noGrad());
  }

  private static Sample cosineEmbedding(Rng r, DType t) {
    long n = r.between(1, 4);
    long d = r.between(1, 5);
    boolean batched = r.nextBoolean();
    Reduction reduction = reduction(r);
    Arg vectors = (batched ? Arg.of(t, n, d) : Arg.of(t, d)).in(0.3, 2);
    return Sample.of(
            "torch.cosine_embedding_loss(x0, x1, torch.sign(x2), 0.2, {})", code(reduction))
        .ours(x -> Functional.cosineEmbeddingLoss(x[0], x[1], x[2].sign(), 0.2, reduction))
        .args(vectors, vectors, Arg.of(t, batched ? new long[] {n} : new long[0]).noGrad());
  }

  private static Sample tripletMargin(Rng r, DType t) {
    long[] shape = Shapes.nonEmpty(r, 1, 3);
    boolean swap = r.nextBoolean();
    double p = r.between(1, 3);
    Reduction reduction = reduction(r);
    TripletMarginArgs args =
        TripletMarginArgs.create().margin(1.5).p(p).eps(1e-3).swap(swap).reduction(reduction);
    return Sample.of(
            "torch.triplet_margin_loss(x0, x1, x2, 1.5, {}, 1e-3, {}, {})",
            p,
            swap,
            code(reduction))
        .ours(x -> Functional.tripletMarginLoss(x[0], x[1], x[2], args))
        .args(
            Arg.of(t, shape).in(0, 1).plain(),
            Arg.of(t, shape).in(1.5, 2).plain(),
            Arg.of(t, shape).in(2.5, 3).plain());
  }

  /** The shapes of logits and of their labels. */
  private static long[][] classes(Rng r) {
    long c = r.between(1, 4);
    int more = r.between(-1, 2);
    long[] logits = new long[2 + Math.max(more, 0)];
    Arrays.setAll(logits, d -> r.between(1, r.small() ? 2 : 4));
    logits[1] = c;
    if (more < 0) {
      return new long[][] {{c}, {}};
    }
    long[] labels =
        IntStream.range(0, logits.length).filter(d -> d != 1).mapToLong(d -> logits[d]).toArray();
    return new long[][] {logits, labels};
  }

  private static Sample nll(Rng r, DType t) {
    long[][] shapes = classes(r);
    long c = shapes[0][shapes[0].length == 1 ? 0 : 1];
    Reduction reduction = reduction(r);
    return Sample.of("torch.nll_loss_nd(x0.contiguous(), x1, x2, {}, -1)", code(reduction))
        .ours(x -> Functional.nllLoss(x[0], x[1], x[2], reduction, -1))
        .args(
            Arg.of(t, shapes[0]),
            Arg.index(c, shapes[1]).in(-1, c),
            Arg.of(t, c).in(0.5, 2).noGrad());
  }

  private static Sample crossEntropy(Rng r, DType t) {
    long[][] shapes = classes(r);
    long c = shapes[0][shapes[0].length == 1 ? 0 : 1];
    double smoothing = r.pickNumber(0, 0.2);
    CrossEntropyArgs args =
        CrossEntropyArgs.create().reduction(reduction(r)).ignoreIndex(-1).labelSmoothing(smoothing);
    return Sample.of(
            "torch.cross_entropy_loss(x0, x1, x2, {}, -1, {})", code(args.reduction()), smoothing)
        .ours(x -> Functional.crossEntropy(x[0], x[1], args.weight(x[2])))
        .args(
            Arg.of(t, shapes[0]),
            Arg.index(c, shapes[1]).in(-1, c),
            Arg.of(t, c).in(0.5, 2).noGrad());
  }

  private static Sample probabilities(Rng r, DType t) {
    long[] shape = classes(r)[0];
    long c = shape[shape.length == 1 ? 0 : 1];
    double smoothing = r.pickNumber(0, 0.2);
    CrossEntropyArgs args =
        CrossEntropyArgs.create().reduction(reduction(r)).labelSmoothing(smoothing);
    return Sample.of(
            "torch.cross_entropy_loss(x0, x1, x2, {}, -100, {})", code(args.reduction()), smoothing)
        .ours(x -> Functional.crossEntropy(x[0], x[1], args.weight(x[2])))
        .args(Arg.of(t, shape), Arg.of(t, shape).in(0, 1), Arg.of(t, c).in(0.5, 2).noGrad());
  }

  private static Sample ctc(Rng r, DType t) {
    int n = r.between(1, r.small() ? 1 : 3);
    long steps = r.between(3, r.small() ? 3 : 8);
    long c = r.between(2, r.small() ? 2 : 5);
    long most = r.between(1, 3);
    long[] inputs = IntStream.range(0, n).mapToLong(i -> r.between(1, (int) steps)).toArray();
    long[] targets = IntStream.range(0, n).mapToLong(i -> r.between(0, (int) most)).toArray();
    Reduction reduction = reduction(r);
    CtcArgs args = CtcArgs.create().reduction(reduction).zeroInfinity(true);
    return Sample.of(
            "torch.ctc_loss(torch.log_softmax(x0, -1), x1, {}, {}, 0, {}, True)",
            inputs,
            targets,
            code(reduction))
        .ours(x -> Functional.ctcLoss(x[0].logSoftmax(-1), x[1], inputs, targets, args))
        .args(Arg.of(t, steps, n, c), Arg.index(c, n, most).in(1, c));
  }

  private static Sample pairwise(Rng r, DType t) {
    long[] shape = Shapes.nonEmpty(r, 1, 3);
    boolean keep = r.nextBoolean();
    double p = r.pickNumber(1, 2, 3);
    return Sample.of("torch.pairwise_distance(x0, x1, {}, 1e-6, {})", p, keep)
        .ours(x -> Functional.pairwiseDistance(x[0], x[1], p, 1e-6, keep))
        .args(Arg.of(t, shape).in(0, 1).plain(), Arg.of(t, shape).in(1.5, 2).plain());
  }

  private static Sample cosine(Rng r, DType t) {
    long[] shape = Shapes.nonEmpty(r, 1, 3);
    int dim = Shapes.anyDim(r, shape);
    return Sample.of("torch.cosine_similarity(x0, x1, {}, 1e-8)", dim)
        .ours(x -> Functional.cosineSimilarity(x[0], x[1], dim, 1e-8))
        .args(Arg.of(t, shape).in(0.3, 2).plain(), Arg.of(t, shape).in(-2, -0.3).plain());
  }

  private static Sample normalize(Rng r, DType t) {
    long[] shape = Shapes.nonEmpty(r, 1, 3);
    int dim = Shapes.anyDim(r, shape);
    return Sample.of("x0 / torch.clamp_min(torch.norm(x0, 2, [{}], True), 1e-12)", dim)
        .ours(x -> Functional.normalize(x[0], 2, dim, 1e-12))
        .args(Arg.of(t, shape).in(0.3, 2).plain());
  }

  private static Sample pdist(Rng r, DType t) {
    return Sample.of("torch.pdist(x0, 2.0)")
        .ours(x -> Functional.pdist(x[0]))
        .args(Arg.of(t, r.between(1, 5), r.between(1, 4)).distinct());
  }
}
