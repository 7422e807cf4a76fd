package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.ops.Default;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;
import java.util.function.BinaryOperator;

/** Losses that ask for a margin, and those of several labels. */
final class MarginLosses {
  private static final double LEAST_SQUARE = 1e-12;

  private MarginLosses() {}

  /**
   * Computes x where target is 1 and max(0, margin − x) where it is −1.
   *
   * @param margin default 1
   * @param reduction default MEAN
   */
  public static Tensor hingeEmbeddingLoss(
      Tensor x,
      Tensor target,
      @Default("1") double margin,
      @Default("Reduction.MEAN") Reduction reduction) {
    Inputs.requireFloating("hingeEmbeddingLoss", x);
    Tensor zero = Tensor.zerosLike(x.detach());
    Tensor apart = Tensor.where(target.ne(1), x.rsub(margin).clampMin(0), zero);
    Tensor near = Tensor.where(target.ne(-1), x, zero);
    return Losses.reduce(apart.add(near), reduction);
  }

  /**
   * Computes ln(1 + e^(−target · x)), for targets of 1 and −1.
   *
   * @param reduction default MEAN
   */
  public static Tensor softMarginLoss(
      Tensor x, Tensor target, @Default("Reduction.MEAN") Reduction reduction) {
    RegressionLosses.checkShapes("softMarginLoss", x, target);
    return Losses.reduce(Activations.logSigmoid(x.mul(target)).neg(), reduction);
  }

  /**
   * Computes max(0, −target · (x1 − x2) + margin): target 1 asks for a larger x1, −1 for a larger
   * x2.
   *
   * @param margin default 0
   * @param reduction default MEAN
   * @throws IllegalArgumentException if the numbers of dimensions differ
   */
  public static Tensor marginRankingLoss(
      Tensor x1,
      Tensor x2,
      Tensor target,
      @Default("0") double margin,
      @Default("Reduction.MEAN") Reduction reduction) {
    if (x1.dim() != target.dim() || x2.dim() != target.dim()) {
      throw new IllegalArgumentException(
          message(
              "marginRankingLoss: All input tensors should have same dimension but got sizes:"
                  + " input1: %s, input2: %s, target: %s",
              x1.shape(), x2.shape(), target.shape()));
    }
    return Losses.reduce(target.neg().mul(x1.sub(x2)).add(margin).clampMin(0), reduction);
  }

  /**
   * Computes Σ max(0, margin − x(target) + x(i))ᵖ / c over the classes i other than the target.
   *
   * @param x [n, c] or [c]
   * @param target [n] or a scalar, INT64
   * @param p 1 or 2; default 1
   * @param margin default 1
   * @param weight of each class [c], or null
   * @param reduction default MEAN
   */
  public static Tensor multiMarginLoss(
      Tensor x,
      Tensor target,
      @Default("1") int p,
      @Default("1") double margin,
      @Default("null") Tensor weight,
      @Default("Reduction.MEAN") Reduction reduction) {
    Inputs.requireFloating("multiMarginLoss", x);
    if (p != 1 && p != 2) {
      throw new IllegalArgumentException(
          message("multiMarginLoss: only p == 1 and p == 2 supported; got %s", p));
    }
    boolean batched = x.dim() == 2;
    if (x.dim() != 1 && !batched || target.numel() != (batched ? x.size(0) : 1)) {
      throw new IllegalArgumentException(
          message(
              "multiMarginLoss: input must be [n, c] or [c] and target [n] or a scalar; got %s and"
                  + " %s",
              x.shape(), target.shape()));
    }
    Tensor rows = batched ? x : x.unsqueeze(0);
    Tensor index = target.to(DType.INT64).reshape(rows.size(0), 1);
    Tensor gaps = rows.sub(rows.gather(1, index)).add(margin).relu();
    Tensor powers = p == 1 ? gaps : gaps.mul(gaps);
    if (weight != null) {
      powers = powers.mul(weight.indexSelect(0, index.flatten()).unsqueeze(1));
    }
    Tensor others = Tensor.onesLike(powers.detach()).scatter(1, index, 0);
    Tensor values = powers.mul(others).sum(1).div(x.size(-1));
    return Losses.reduce(batched ? values : values.squeeze(0), reduction);
  }

  /**
   * Computes Σ max(0, 1 − (x(j) − x(i))) / c over the labels j of a row and the classes i that are
   * no labels of it.
   *
   * @param x [n, c] or [c]
   * @param target of x's shape, INT64: the labels of a row, up to the first −1
   * @param reduction default MEAN
   */
  public static Tensor multilabelMarginLoss(
      Tensor x, Tensor target, @Default("Reduction.MEAN") Reduction reduction) {
    Inputs.requireFloating("multilabelMarginLoss", x);
    if (x.dim() != 1 && x.dim() != 2 || !Arrays.equals(x.shape(), target.shape())) {
      throw new IllegalArgumentException(
          message(
              "multilabelMarginLoss: input must be [n, c] or [c] and target of its shape; got %s"
                  + " and %s",
              x.shape(), target.shape()));
    }
    boolean batched = x.dim() == 2;
    Tensor rows = batched ? x : x.unsqueeze(0);
    Tensor labels = batched ? target : target.unsqueeze(0);
    Tensor isLabel = labels.lt(0).to(DType.INT64).cumsum(1).eq(0);
    Tensor index = Tensor.where(isLabel, labels, Tensor.zerosLike(labels)).to(DType.INT64);
    Tensor counted = isLabel.to(rows.dtype());
    Tensor zeros = Tensor.zerosLike(rows.detach());
    Tensor isOther = zeros.scatterAdd(1, index, counted).eq(0).to(rows.dtype());
    Tensor ofLabels = rows.gather(1, index).unsqueeze(2);
    Tensor gaps = rows.unsqueeze(1).sub(ofLabels).add(1).relu();
    Tensor values =
        gaps.mul(counted.unsqueeze(2))
            .mul(isOther.unsqueeze(1))
            .sum(new int[] {1, 2}, false)
            .div(x.size(-1));
    return Losses.reduce(batched ? values : values.squeeze(0), reduction);
  }

  /**
   * Computes the mean over the classes of −weight · (target · ln σ(x) + (1 − target) · ln σ(−x)).
   *
   * @param x [.., c]
   * @param target of x's shape, in [0, 1]
   * @param weight [c], or null
   * @param reduction default MEAN
   */
  public static Tensor multilabelSoftMarginLoss(
      Tensor x,
      Tensor target,
      @Default("null") Tensor weight,
      @Default("Reduction.MEAN") Reduction reduction) {
    RegressionLosses.checkShapes("multilabelSoftMarginLoss", x, target);
    Tensor yes = target.mul(Activations.logSigmoid(x));
    Tensor no = target.rsub(1).mul(Activations.logSigmoid(x.neg()));
    Tensor values = yes.add(no).neg();
    return Losses.reduce((weight == null ? values : values.mul(weight)).mean(-1), reduction);
  }

  /**
   * Computes 1 − cos(x1, x2) where target is 1, and max(0, cos(x1, x2) − margin) where it is −1.
   *
   * @param x1 [n, d] or [d]
   * @param x2 of x1's shape
   * @param target [n] or a scalar
   * @param margin default 0
   * @param reduction default MEAN
   */
  public static Tensor cosineEmbeddingLoss(
      Tensor x1,
      Tensor x2,
      Tensor target,
      @Default("0") double margin,
      @Default("Reduction.MEAN") Reduction reduction) {
    if (target.dim() > 1
        || x1.dim() != target.dim() + 1
        || x2.dim() != x1.dim()
        || x1.size(0) != x2.size(0)
        || target.dim() == 1 && target.size(0) != x1.size(0)) {
      throw new IllegalArgumentException(
          message(
              "cosineEmbeddingLoss: inputs must be [n, d] with target [n], or [d] with a scalar;"
                  + " got %s, %s and %s",
              x1.shape(), x2.shape(), target.shape()));
    }
    Tensor squares1 = x1.mul(x1).sum(-1).add(LEAST_SQUARE);
    Tensor squares2 = x2.mul(x2).sum(-1).add(LEAST_SQUARE);
    Tensor cos = x1.mul(x2).sum(-1).div(squares1.mul(squares2).sqrt());
    Tensor zero = Tensor.zerosLike(cos.detach());
    Tensor near = Tensor.where(target.eq(1), cos.rsub(1), zero);
    Tensor apart = Tensor.where(target.eq(-1), cos.sub(margin).clampMin(0), zero);
    return Losses.reduce(near.add(apart), reduction);
  }

  /** Computes the mean of {@link #tripletMarginLoss(Tensor, Tensor, Tensor, TripletMarginArgs)}. */
  public static Tensor tripletMarginLoss(
      Tensor anchor, Tensor positive, Tensor negative, @Default("1") double margin) {
    return tripletMarginLoss(anchor, positive, negative, TripletMarginArgs.create().margin(margin));
  }

  /**
   * Computes max(0, ‖anchor − positive‖ − ‖anchor − negative‖ + margin) with distances of norm p
   * over the last dimension.
   *
   * @throws IllegalArgumentException if the margin is not positive or the dimensions differ
   */
  public static Tensor tripletMarginLoss(
      Tensor anchor, Tensor positive, Tensor negative, TripletMarginArgs args) {
    return tripletMarginWithDistanceLoss(
        anchor,
        positive,
        negative,
        (a, b) -> Distances.pairwiseDistance(a, b, args.p(), args.eps(), false),
        args.margin(),
        args.swap(),
        args.reduction());
  }

  /**
   * Computes max(0, d(anchor, positive) − d(anchor, negative) + margin).
   *
   * @param distance d; must not return null
   * @param margin positive; default 1
   * @param swap whether the distance of positive and negative counts, if it is the smaller one;
   *     default false
   * @param reduction default MEAN
   * @throws IllegalArgumentException if the margin is not positive or the dimensions differ
   */
  public static Tensor tripletMarginWithDistanceLoss(
      Tensor anchor,
      Tensor positive,
      Tensor negative,
      BinaryOperator<Tensor> distance,
      @Default("1") double margin,
      @Default("false") boolean swap,
      @Default("Reduction.MEAN") Reduction reduction) {
    if (!(margin > 0)) {
      throw new IllegalArgumentException(
          message("tripletMarginLoss: margin must be greater than 0, got %s", margin));
    }
    if (anchor.dim() != positive.dim() || positive.dim() != negative.dim()) {
      throw new IllegalArgumentException(
          message(
              "tripletMarginLoss: The anchor, positive, and negative tensors are expected to have"
                  + " the same number of dimensions, but got: anchor %sD, positive %sD, and"
                  + " negative %sD inputs",
              anchor.dim(), positive.dim(), negative.dim()));
    }
    Tensor near = distanceOf(anchor, positive, distance);
    Tensor apart = distanceOf(anchor, negative, distance);
    if (swap) {
      apart = apart.minimum(distanceOf(positive, negative, distance));
    }
    return Losses.reduce(near.sub(apart).add(margin).clampMin(0), reduction);
  }

  private static Tensor distanceOf(Tensor a, Tensor b, BinaryOperator<Tensor> distance) {
    Tensor d = distance.apply(a, b);
    if (d == null) {
      throw new IllegalArgumentException(
          "tripletMarginLoss: distance must return a tensor; got null");
    }
    return d;
  }
}
