package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The loss of sequences whose alignment is not known. */
final class CtcLosses {
  /** The logarithm of a probability of 0; finite, so that its gradient is 0. */
  private static final double IMPOSSIBLE = -1e30;

  private CtcLosses() {}

  /**
   * Computes {@link #ctcLoss(Tensor, Tensor, long[], long[], CtcArgs)} with the default arguments.
   */
  public static Tensor ctcLoss(
      Tensor logProbs, Tensor targets, long[] inputLengths, long[] targetLengths) {
    return ctcLoss(logProbs, targets, inputLengths, targetLengths, CtcArgs.create());
  }

  /**
   * Computes −ln of the probability of a sequence of labels, summed over all its alignments with
   * the input, in which labels may repeat and blanks stand between them. The mean is over the
   * batch, of each loss divided by its number of labels. A sequence that cannot be aligned has an
   * infinite loss, with gradient 0, or loss 0 if so set.
   *
   * @param logProbs [t, n, c], or [t, c] without a batch: logarithms of probabilities
   * @param targets [n, s], or the labels of all sequences in one dimension; of an integer type
   * @param inputLengths number of steps of each sequence, at most t
   * @param targetLengths number of labels of each sequence
   * @throws IllegalArgumentException if shapes, lengths or labels do not fit
   */
  public static Tensor ctcLoss(
      Tensor logProbs, Tensor targets, long[] inputLengths, long[] targetLengths, CtcArgs args) {
    boolean batched = logProbs.dim() == 3;
    Tensor wide = Widened.of(batched ? logProbs : logProbs.unsqueeze(1));
    check(logProbs, targets, inputLengths, targetLengths, args);
    int n = inputLengths.length;
    int longest = (int) Arrays.stream(targetLengths).max().orElse(0);
    long[][] labels = labels(targets, targetLengths, longest, args.blank());
    checkLabels(labels, targetLengths, wide.size(2), args.blank());
    Tensor losses = losses(wide, labels, inputLengths, targetLengths);
    Tensor isImpossible = losses.detach().gt(-IMPOSSIBLE / 2);
    double instead = args.zeroInfinity() ? 0 : Double.POSITIVE_INFINITY;
    losses = Tensor.where(isImpossible, losses.newFull(instead, losses.dtype()), losses);
    if (args.reduction() == Reduction.MEAN) {
      double[] lengths = Arrays.stream(targetLengths).mapToDouble(l -> Math.max(1, l)).toArray();
      losses = losses.div(Tensor.of(lengths).to(losses.dtype()).to(losses.device()));
    }
    Tensor values = batched || n != 1 ? losses : losses.squeeze(0);
    return Losses.reduce(values, args.reduction()).to(logProbs.dtype());
  }

  /**
   * Returns the labels of each sequence, with a blank before, between and after, padded by blanks.
   */
  private static long[][] labels(Tensor targets, long[] lengths, int longest, long blank) {
    long[] flat = targets.to(DType.INT64).flatten().toLongArray();
    int stride = targets.dim() == 2 ? (int) targets.size(1) : 0;
    long[][] labels = new long[lengths.length][2 * longest + 1];
    int at = 0;
    for (int i = 0; i < lengths.length; i++) {
      Arrays.fill(labels[i], blank);
      int first = targets.dim() == 2 ? i * stride : at;
      for (int k = 0; k < lengths[i]; k++) {
        labels[i][2 * k + 1] = flat[first + k];
      }
      at += (int) lengths[i];
    }
    return labels;
  }

  /**
   * Computes the losses step by step: alpha(s) is the logarithm of the probability of all
   * alignments of the steps so far that end at place s of the labels with blanks. A place is
   * reached from itself, from the one before, and from the one before that if that skips a blank
   * between different labels.
   */
  private static Tensor losses(
      Tensor logProbs, long[][] labels, long[] inputLengths, long[] targetLengths) {
    int n = labels.length;
    int places = labels[0].length;
    Tensor index =
        onDevice(logProbs, Arrays.stream(labels).flatMapToLong(Arrays::stream).toArray());
    index = index.reshape(n, places);
    double[] skips = new double[n * places];
    double[] starts = new double[n * places];
    for (int i = 0; i < n; i++) {
      for (int s = 0; s < places; s++) {
        boolean isLabel = s % 2 == 1;
        boolean may = isLabel && s >= 2 && labels[i][s] != labels[i][s - 2];
        skips[i * places + s] = may ? 0 : IMPOSSIBLE;
        boolean isStart = s == 0 || s == 1 && targetLengths[i] > 0;
        starts[i * places + s] = isStart ? 0 : IMPOSSIBLE;
      }
    }
    Tensor skip = like(logProbs, skips, n, places);
    Tensor before = like(logProbs, filled(2 * n), n, 2);
    Tensor alpha = like(logProbs, starts, n, places);
    long steps = Arrays.stream(inputLengths).max().orElse(0);
    for (long t = 0; t < steps; t++) {
      Tensor step = logProbs.select(0, (int) t).gather(1, index);
      Tensor next = alpha;
      if (t > 0) {
        Tensor padded = Tensor.cat(List.of(before, alpha), 1);
        Tensor one = padded.narrow(1, 1, places);
        Tensor two = padded.narrow(1, 0, places).add(skip);
        next = Tensor.stack(List.of(alpha, one, two), 0).logSumExp(0);
      }
      next = next.add(step);
      alpha = t == 0 ? next : kept(alpha, next, inputLengths, t);
    }
    return last(alpha, targetLengths).neg();
  }

  /** Sequences that have ended keep their values. */
  private static Tensor kept(Tensor alpha, Tensor next, long[] lengths, long t) {
    if (Arrays.stream(lengths).allMatch(length -> length > t)) {
      return next;
    }
    long[] goesOn = Arrays.stream(lengths).map(length -> length > t ? 1 : 0).toArray();
    Tensor isOn = onDevice(alpha, goesOn).ne(0).unsqueeze(1);
    return Tensor.where(isOn, next, alpha);
  }

  /**
   * Returns the logarithm of the probability of the alignments that end at the last label or after
   * it.
   */
  private static Tensor last(Tensor alpha, long[] targetLengths) {
    int n = targetLengths.length;
    long[] blanks = Arrays.stream(targetLengths).map(length -> 2 * length).toArray();
    long[] labels = Arrays.stream(blanks).map(place -> Math.max(0, place - 1)).toArray();
    Tensor atBlank = alpha.gather(1, onDevice(alpha, blanks).unsqueeze(1));
    Tensor atLabel = alpha.gather(1, onDevice(alpha, labels).unsqueeze(1));
    double[] hasLabel =
        Arrays.stream(targetLengths).mapToDouble(l -> l > 0 ? 0 : IMPOSSIBLE).toArray();
    atLabel = atLabel.add(like(alpha, hasLabel, n, 1));
    return Tensor.cat(List.of(atBlank, atLabel), 1).logSumExp(1);
  }

  private static double[] filled(int length) {
    return IntStream.range(0, length).mapToDouble(i -> IMPOSSIBLE).toArray();
  }

  private static Tensor like(Tensor x, double[] values, long... shape) {
    return Tensor.of(values).reshape(shape).to(x.dtype()).to(x.device());
  }

  private static Tensor onDevice(Tensor x, long... values) {
    return Tensor.of(values).to(x.device());
  }

  private static void check(
      Tensor logProbs, Tensor targets, long[] inputLengths, long[] targetLengths, CtcArgs args) {
    boolean batched = logProbs.dim() == 3;
    if (!batched && logProbs.dim() != 2 || !logProbs.dtype().isFloatingPoint()) {
      throw new IllegalArgumentException(
          message(
              "ctcLoss: logProbs must be [t, n, c] or [t, c] of a floating-point type; got %s%s",
              logProbs.dtype(), logProbs.shape()));
    }
    long n = batched ? logProbs.size(1) : 1;
    if (n == 0 || inputLengths.length != n || targetLengths.length != n) {
      throw new IllegalArgumentException(
          message(
              "ctcLoss: inputLengths and targetLengths must be of size %s, the batch size, at least"
                  + " 1; got %s and %s",
              n, inputLengths.length, targetLengths.length));
    }
    long classes = logProbs.size(-1);
    if (args.blank() < 0 || args.blank() >= classes) {
      throw new IllegalArgumentException(
          message("ctcLoss: blank must be in label range [0, %s); got %s", classes, args.blank()));
    }
    for (long length : inputLengths) {
      if (length < 1 || length > logProbs.size(0)) {
        throw new IllegalArgumentException(
            message(
                "ctcLoss: Expected input_lengths to have values from 1 to %s; got %s",
                logProbs.size(0), inputLengths));
      }
    }
    long all = Arrays.stream(targetLengths).sum();
    long longest = Arrays.stream(targetLengths).max().orElse(0);
    boolean isMatrix = targets.dim() == 2;
    boolean fits =
        isMatrix
            ? targets.size(0) == n && longest <= targets.size(1)
            : targets.dim() == 1 && (all == targets.numel() || !batched && all <= targets.numel());
    if (!fits
        || !targets.dtype().isIntegral()
        || Arrays.stream(targetLengths).anyMatch(length -> length < 0)) {
      throw new IllegalArgumentException(
          message(
              "ctcLoss: targets must be integers [n, s] or all labels in one dimension; got %s%s"
                  + " for target lengths %s",
              targets.dtype(), targets.shape(), targetLengths));
    }
  }

  private static void checkLabels(long[][] labels, long[] targetLengths, long classes, long blank) {
    for (int i = 0; i < labels.length; i++) {
      for (int k = 0; k < targetLengths[i]; k++) {
        long label = labels[i][2 * k + 1];
        if (label < 0 || label >= classes || label == blank) {
          throw new IllegalArgumentException(
              message(
                  "ctcLoss: labels must be in [0, %s) and not the blank %s; got %s in sequence %s",
                  classes, blank, label, i));
        }
      }
    }
  }
}
