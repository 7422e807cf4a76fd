package dev.bellows.nn;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/** Cross-entropy and its checks, composed from tensor operations. */
final class Losses {
  private Losses() {}

  static Tensor crossEntropy(
      Tensor logits, Tensor target, Reduction reduction, long ignoreIndex, double smoothing) {
    if (!(smoothing >= 0 && smoothing <= 1)) {
      throw new IllegalArgumentException(
          "crossEntropy: label_smoothing must be between 0.0 and 1.0. Got: " + smoothing);
    }
    checkLogits("crossEntropy", logits, target);
    Tensor logProbs = logits.logSoftmax(1);
    long kept = checkLabels("crossEntropy", logits, target, ignoreIndex);
    Tensor nll = nll(logProbs, target, kept, Reduction.NONE, ignoreIndex);
    if (smoothing > 0) {
      double share = smoothing / logits.size(1);
      Tensor smooth = masked(logProbs.sum(1).neg(), target, kept, ignoreIndex);
      nll = nll.mul(1 - smoothing).add(smooth.mul(share));
    }
    return reduce(nll, kept, reduction);
  }

  static Tensor nllLoss(Tensor logProbs, Tensor target, Reduction reduction, long ignoreIndex) {
    checkLogits("nllLoss", logProbs, target);
    long kept = checkLabels("nllLoss", logProbs, target, ignoreIndex);
    return nll(logProbs, target, kept, reduction, ignoreIndex);
  }

  private static Tensor nll(
      Tensor logProbs, Tensor target, long kept, Reduction reduction, long ignoreIndex) {
    boolean all = kept == target.numel();
    Tensor index =
        all ? target : Tensor.where(target.eq(ignoreIndex), Tensor.zerosLike(target), target);
    Tensor picked = logProbs.gather(1, index.unsqueeze(1)).squeeze(1).neg();
    return reduce(masked(picked, target, kept, ignoreIndex), kept, reduction);
  }

  private static Tensor masked(Tensor rows, Tensor target, long kept, long ignoreIndex) {
    return kept == target.numel()
        ? rows
        : Tensor.where(target.eq(ignoreIndex), Tensor.zerosLike(rows), rows);
  }

  static Tensor reduce(Tensor values, long count, Reduction reduction) {
    return switch (reduction) {
      case NONE -> values;
      case SUM -> values.sum();
      case MEAN -> values.sum().div(count);
    };
  }

  private static void checkLogits(String name, Tensor logits, Tensor target) {
    if (logits.dim() != 2 || target.dim() != 1 || logits.size(0) != target.size(0)) {
      throw new IllegalArgumentException(
          name
              + ": logits must be [n, c] and target [n]; got logits "
              + Arrays.toString(logits.shape())
              + ", target "
              + Arrays.toString(target.shape()));
    }
    if (!logits.dtype().isFloatingPoint() || target.dtype() != DType.INT64) {
      throw new IllegalArgumentException(
          name
              + ": logits must be of a floating-point type and target INT64; got "
              + logits.dtype()
              + ", "
              + target.dtype());
    }
  }

  /** Checks all labels; answers how many are not ignored. */
  private static long checkLabels(String name, Tensor logits, Tensor target, long ignoreIndex) {
    long classes = logits.size(1);
    long[] labels = target.toLongArray();
    long kept = 0;
    for (int row = 0; row < labels.length; row++) {
      if (labels[row] == ignoreIndex) {
        continue;
      }
      kept++;
      if (labels[row] < 0 || labels[row] >= classes) {
        throw new IllegalArgumentException(
            name
                + ": target must be in [0, "
                + classes
                + ") (or ignoreIndex "
                + ignoreIndex
                + "); Target "
                + labels[row]
                + " is out of bounds at row "
                + row
                + " of "
                + labels.length
                + ", with "
                + classes
                + " classes");
      }
    }
    return kept;
  }
}
