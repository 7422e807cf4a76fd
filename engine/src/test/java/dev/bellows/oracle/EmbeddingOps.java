package dev.bellows.oracle;

import static dev.bellows.oracle.OpInfo.FLOATING;

import dev.bellows.memory.DType;
import dev.bellows.nn.BagMode;
import dev.bellows.nn.EmbeddingArgs;
import dev.bellows.nn.EmbeddingBagArgs;
import dev.bellows.nn.Functional;
import dev.bellows.tensor.Tensor;
import java.util.List;

/** Rows of a table by number, and bilinear maps. */
final class EmbeddingOps {
  private static final OpInfo.Types WIDE = OpInfo.types(DType.FLOAT32, DType.FLOAT64);

  private EmbeddingOps() {}

  static List<OpInfo> all() {
    return List.of(
        OpInfo.of("embedding", FLOATING, EmbeddingOps::embedding)
            .grad(1)
            .scaled()
            .noSpecialValues(),
        bag("embeddingBag", EmbeddingOps::bags),
        bag("embeddingBag of weighted samples", EmbeddingOps::weightedBags),
        OpInfo.of("bilinear", WIDE, EmbeddingOps::bilinear)
            .grad(2)
            .scaled()
            .noSpecialValues()
            .borders(-1));
  }

  private static OpInfo bag(String name, OpInfo.Sampler sampler) {
    return OpInfo.of(name, WIDE, sampler).grad(1).scaled().noSpecialValues().borders(-1);
  }

  private static Sample embedding(Rng r, DType t) {
    long rows = r.between(1, 5);
    // neither is the gradient that differences give
    long padding = r.small() ? -1 : r.between(-1, (int) rows - 1);
    boolean scale = !r.small() && r.nextBoolean();
    long[] input = Shapes.of(r, 0, 3);
    EmbeddingArgs args =
        EmbeddingArgs.create().paddingIdx(padding < 0 ? null : padding).scaleGradByFreq(scale);
    return Sample.of("torch.embedding(x0, x1, {}, {}, False)", padding, scale)
        .ours(x -> Functional.embedding(x[1], x[0], args))
        .args(Arg.of(t, rows, r.between(1, 4)), Arg.index(rows, input));
  }

  private static Sample bags(Rng r, DType t) {
    long rows = r.between(1, 5);
    int length = r.between(1, 8);
    int first = r.between(0, length);
    int second = r.between(first, length);
    boolean last = r.nextBoolean();
    BagMode mode = r.pick(BagMode.values());
    int padding = r.between(-1, (int) rows - 1);
    long[] starts = last ? new long[] {0, first, second, length} : new long[] {0, first, second};
    EmbeddingBagArgs args =
        EmbeddingBagArgs.create()
            .mode(mode)
            .includeLastOffset(last)
            .paddingIdx(padding < 0 ? null : (long) padding);
    return Sample.of(
            "y, a, b, c = torch.embedding_bag(x0, x1, torch.tensor({}), False, {}, False, None, {},"
                + " {})\nreturn y",
            starts,
            mode == BagMode.SUM ? 0 : mode == BagMode.MEAN ? 1 : 2,
            last,
            padding < 0 ? null : padding)
        .ours(x -> Functional.embeddingBag(x[1], x[0], Tensor.of(starts), args))
        .args(Arg.of(t, rows, r.between(1, 4)).distinct(), Arg.index(rows, length));
  }

  private static Sample weightedBags(Rng r, DType t) {
    long rows = r.between(1, 5);
    long bags = r.between(1, 3);
    long n = r.between(1, 4);
    EmbeddingBagArgs args = EmbeddingBagArgs.create().mode(BagMode.SUM);
    return Sample.of(
            "o = torch.arange({}) * {}\n"
                + "y, a, b, c = torch.embedding_bag(x0, x1.reshape(-1), o, False, 0, False,"
                + " x2.reshape(-1), False, None)\nreturn y",
            bags,
            n)
        .ours(x -> Functional.embeddingBag(x[1], x[0], null, args.perSampleWeights(x[2])))
        .args(Arg.of(t, rows, r.between(1, 4)), Arg.index(rows, bags, n), Arg.of(t, bags, n));
  }

  private static Sample bilinear(Rng r, DType t) {
    long n = r.between(1, 3);
    long in1 = r.between(1, 3);
    long in2 = r.between(1, 3);
    long out = r.between(1, 3);
    return Sample.of("torch.bilinear(x0, x1, x2, x3)")
        .ours(x -> Functional.bilinear(x[0], x[1], x[2], x[3]))
        .args(
            Arg.of(
                t,
                new long[] {n, in1},
                new long[] {n, in2},
                new long[] {out, in1, in2},
                new long[] {out}));
  }
}
