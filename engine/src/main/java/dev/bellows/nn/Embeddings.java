package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.Function;
import dev.bellows.autograd.FunctionContext;
import dev.bellows.autograd.GradMode;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.ops.Default;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/** Rows of a table by number. */
final class Embeddings {
  private static final double LEAST_NORM = 1e-7;

  private Embeddings() {}

  /**
   * Returns rows of a table.
   *
   * @param input numbers of rows, of any shape and of an integer type
   * @param weight the table [rows, d]
   * @return [input.., d]
   * @throws IllegalArgumentException if a shape or type does not fit, or a number is out of range
   */
  public static Tensor embedding(
      Tensor input, Tensor weight, @Default("EmbeddingArgs.create()") EmbeddingArgs args) {
    Tensor index = checked("embedding", input, weight).reshape(input.numel());
    limitNorms(index, weight, args);
    Tensor rows = weight.indexSelect(0, index);
    if (args.paddingIdx() != null) {
      Tensor isPadding = index.eq(padding("embedding", args.paddingIdx(), weight)).unsqueeze(1);
      rows = Tensor.where(isPadding, rows.detach(), rows);
    }
    if (args.scaleGradByFreq() && index.numel() > 0) {
      rows = sharedByReads(rows, index, index, weight);
    }
    long[] shape = Arrays.copyOf(input.shape(), input.dim() + 1);
    shape[input.dim()] = weight.size(1);
    return rows.reshape(shape);
  }

  /**
   * Returns rows whose gradients are divided by how often the table's row is read.
   *
   * @param reads numbers of all rows that are read
   * @param places numbers of the given rows
   */
  private static Tensor sharedByReads(Tensor rows, Tensor reads, Tensor places, Tensor weight) {
    Tensor counts = Tensor.on(weight.device()).zeros(rows.dtype(), weight.size(0));
    Tensor ones = Tensor.on(weight.device()).ones(rows.dtype(), reads.numel());
    Tensor times = counts.indexAdd(0, reads, ones, 1).indexSelect(0, places).unsqueeze(1);
    return new GradientScale(times.clampMin(1).reciprocal()).apply(rows);
  }

  /** Returns its argument, whose gradient is multiplied by a constant. */
  private static final class GradientScale extends Function {
    private final Tensor scale;

    GradientScale(Tensor scale) {
      this.scale = scale;
    }

    @Override
    protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
      return new Tensor[] {in[0].clone()};
    }

    @Override
    protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
      return new Tensor[] {gradOutputs[0].mul(scale)};
    }
  }

  private static Tensor checked(String name, Tensor input, Tensor weight) {
    if (!input.dtype().isIntegral() || input.dtype() == DType.BOOL || weight.dim() != 2) {
      throw new IllegalArgumentException(
          message(
              "%s: input must be of an integer type and weight [rows, d]; got %s%s and %s%s",
              name, input.dtype(), input.shape(), weight.dtype(), weight.shape()));
    }
    Tensor index = input.to(DType.INT64);
    if (index.device().equals(Device.CPU) && index.numel() > 0) {
      long least = index.min().itemLong();
      long most = index.max().itemLong();
      if (least < 0 || most >= weight.size(0)) {
        throw new IllegalArgumentException(
            message(
                "%s: index out of range in self; got %s for %s rows",
                name, least < 0 ? least : most, weight.size(0)));
      }
    }
    return index;
  }

  private static long padding(String name, long paddingIdx, Tensor weight) {
    long rows = weight.size(0);
    if (paddingIdx < -rows || paddingIdx >= rows) {
      throw new IllegalArgumentException(
          message(
              "%s: Padding_idx must be within num_embeddings; got %s for %s rows",
              name, paddingIdx, rows));
    }
    return paddingIdx < 0 ? paddingIdx + rows : paddingIdx;
  }

  @SuppressWarnings("try")
  private static void limitNorms(Tensor index, Tensor weight, EmbeddingArgs args) {
    if (args.maxNorm() == null || index.numel() == 0) {
      return;
    }
    try (GradMode mode = GradMode.noGrad()) {
      double limit = args.maxNorm();
      Tensor rows = weight.detach();
      Tensor norms = rows.norm(args.normType(), 1, true);
      Tensor isRead =
          Tensor.on(rows.device())
              .zeros(DType.INT64, rows.size(0))
              .indexFill(0, index, 1)
              .ne(0)
              .unsqueeze(1);
      Tensor isLarge = norms.gt(limit).logicalAnd(isRead);
      Tensor scale = norms.add(LEAST_NORM).reciprocal().mul(limit);
      rows.mul_(Tensor.where(isLarge, scale, Tensor.onesLike(scale)));
    }
  }

  /**
   * Returns the sum, mean or maximum of the rows of each bag, 0 for an empty one.
   *
   * @param input [bags, n], or the numbers of all bags in one dimension, with offsets
   * @param weight the table [rows, d]
   * @param offsets [bags], where each bag starts in {@code input} of one dimension; null for two
   * @return [bags, d]
   * @throws IllegalArgumentException if a shape, an offset or a number does not fit
   */
  public static Tensor embeddingBag(
      Tensor input,
      Tensor weight,
      @Default("null") Tensor offsets,
      @Default("EmbeddingBagArgs.create()") EmbeddingBagArgs args) {
    Inputs.requireFloating("embeddingBag", weight);
    Tensor index = checked("embeddingBag", input, weight);
    boolean isMatrix = input.dim() == 2;
    if (isMatrix ? offsets != null : input.dim() != 1 || offsets == null) {
      throw new IllegalArgumentException(
          message(
              "embeddingBag: input has to be 2D without offsets or 1D with offsets [bags]; got"
                  + " input %s and %s",
              input.shape(), offsets == null ? "no offsets" : "offsets"));
    }
    Tensor weights = args.perSampleWeights();
    if (weights != null
        && (args.mode() != BagMode.SUM || !Arrays.equals(weights.shape(), input.shape()))) {
      throw new IllegalArgumentException(
          message(
              "embeddingBag: perSampleWeights must have the shape of input %s and mode SUM; got %s"
                  + " and %s",
              input.shape(), weights.shape(), args.mode()));
    }
    if (args.scaleGradByFreq() && args.mode() == BagMode.MAX) {
      throw new IllegalArgumentException(
          "embeddingBag: max mode does not support scaling the gradient by the frequency; got"
              + " scaleGradByFreq");
    }
    Tensor reads = index.reshape(index.numel());
    limitNorms(
        reads, weight, EmbeddingArgs.create().maxNorm(args.maxNorm()).normType(args.normType()));
    Bags bags = isMatrix ? null : Bags.of(input.numel(), offsets, args.includeLastOffset());
    Tensor places = isMatrix ? index : bags.dense(index);
    Tensor counts = isMatrix ? Tensor.onesLike(index).ne(0) : bags.filled().to(index.device());
    if (args.paddingIdx() != null) {
      counts = counts.logicalAnd(places.ne(padding("embeddingBag", args.paddingIdx(), weight)));
    }
    Tensor sampled = weights == null || isMatrix ? weights : bags.dense(weights);
    Tensor shared = args.scaleGradByFreq() ? reads : null;
    return joined(places, counts, weight, sampled, args.mode(), shared);
  }

  private static Tensor joined(
      Tensor places, Tensor counts, Tensor weight, Tensor sampled, BagMode mode, Tensor reads) {
    long bags = places.size(0);
    long most = places.size(1);
    if (most == 0) {
      return Tensor.on(weight.device()).zeros(weight.dtype(), bags, weight.size(1));
    }
    Tensor wide = Widened.of(weight);
    Tensor flat = places.reshape(bags * most);
    Tensor rows = wide.indexSelect(0, flat);
    if (reads != null) {
      rows = sharedByReads(rows, reads, flat, weight);
    }
    rows = rows.reshape(bags, most, weight.size(1));
    Tensor isCounted = counts.unsqueeze(2);
    Tensor zero = Tensor.zerosLike(rows.detach());
    if (mode == BagMode.MAX) {
      Tensor least = rows.newFull(Double.NEGATIVE_INFINITY, rows.dtype());
      Tensor index = Tensor.where(isCounted, rows.detach(), least).argmax(1, true);
      Tensor largest = rows.gather(1, index).squeeze(1);
      Tensor isFilled = counts.any(1, true);
      return Tensor.where(isFilled, largest, Tensor.zerosLike(largest.detach())).to(weight.dtype());
    }
    Tensor scaled = sampled == null ? rows : rows.mul(Widened.of(sampled).unsqueeze(2));
    Tensor sum = Tensor.where(isCounted, scaled, zero).sum(1);
    if (mode == BagMode.MEAN) {
      sum = sum.div(counts.to(wide.dtype()).sum(1, true).clampMin(1));
    }
    return sum.to(weight.dtype());
  }

  /**
   * Bags of one dimension as rows of two.
   *
   * @param places [bags · most] of elements in the input; 0 for what is not filled
   * @param filled BOOL [bags, most]
   */
  private record Bags(Tensor places, Tensor filled) {
    static Bags of(long length, Tensor offsets, boolean includeLast) {
      long[] starts = offsets.to(DType.INT64).flatten().toLongArray();
      int bags = starts.length - (includeLast ? 1 : 0);
      checkOffsets(starts, length, bags);
      long most = 0;
      for (int bag = 0; bag < bags; bag++) {
        most = Math.max(most, end(starts, bag, length) - starts[bag]);
      }
      int width = Math.toIntExact(most);
      long[] places = new long[bags * width];
      long[] filled = new long[places.length];
      for (int bag = 0; bag < bags; bag++) {
        for (long at = starts[bag]; at < end(starts, bag, length); at++) {
          places[bag * width + (int) (at - starts[bag])] = at;
          filled[bag * width + (int) (at - starts[bag])] = 1;
        }
      }
      return new Bags(Tensor.of(places, bags, width), Tensor.of(filled, bags, width).ne(0));
    }

    private static long end(long[] starts, int bag, long length) {
      return bag + 1 < starts.length ? starts[bag + 1] : length;
    }

    private static void checkOffsets(long[] starts, long length, int bags) {
      boolean rises = bags >= 0 && (starts.length == 0 || starts[0] == 0);
      for (int i = 1; i < starts.length; i++) {
        rises &= starts[i] >= starts[i - 1];
      }
      if (!rises || starts.length > 0 && starts[starts.length - 1] > length) {
        throw new IllegalArgumentException(
            message(
                "embeddingBag: offsets must start at 0, never fall and be at most %s, the length of"
                    + " input; got %s",
                length, starts));
      }
    }

    /** Returns the elements of the input as [bags, most]. */
    Tensor dense(Tensor input) {
      if (places.numel() == 0) {
        return Tensor.on(input.device()).zeros(input.dtype(), places.shape());
      }
      return input
          .indexSelect(0, places.reshape(places.numel()).to(input.device()))
          .reshape(places.shape());
    }
  }
}
