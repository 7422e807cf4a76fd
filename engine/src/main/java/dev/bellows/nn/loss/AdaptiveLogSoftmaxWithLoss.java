package dev.bellows.nn.loss;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.nn.ModuleList;
import dev.bellows.nn.layer.Linear;
import dev.bellows.nn.layer.Sequential;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Computes the logarithm of a softmax over many classes, sorted by decreasing frequency, without
 * computing all of them: the head has the frequent classes and one entry for each cluster of rarer
 * ones, whose vectors are the shorter the rarer they are. Source: PyTorch's {@code
 * torch.nn.AdaptiveLogSoftmaxWithLoss}; Grave et al., Efficient softmax approximation for GPUs,
 * 2017.
 */
public final class AdaptiveLogSoftmaxWithLoss extends Module {
  final Linear head;
  final ModuleList tail = new ModuleList();

  private final long[] bounds;

  /**
   * The result.
   *
   * @param output [n], or [] for one example: the logarithm of the target's probability
   * @param loss the mean of −output
   */
  public record Output(Tensor output, Tensor loss) {}

  private record Input(Tensor x, Tensor target) {}

  /** Creates a module whose clusters are each a quarter as wide as the one before. */
  public AdaptiveLogSoftmaxWithLoss(long inFeatures, long classes, long... cutoffs) {
    this(inFeatures, classes, cutoffs, 4, false);
  }

  /**
   * Creates a module.
   *
   * @param cutoffs the first class of each cluster, increasing, in [1, classes − 1]
   * @param divValue how many times narrower each cluster is than the one before; default 4
   * @param headBias whether the head has a bias; default false
   * @throws IllegalArgumentException if cutoffs are none, not increasing or out of range
   */
  public AdaptiveLogSoftmaxWithLoss(
      long inFeatures, long classes, long[] cutoffs, double divValue, boolean headBias) {
    boolean rises = cutoffs.length > 0 && cutoffs[0] >= 1;
    for (int i = 0; i < cutoffs.length; i++) {
      rises &= cutoffs[i] < (i + 1 < cutoffs.length ? cutoffs[i + 1] : classes);
    }
    if (!rises) {
      throw new IllegalArgumentException(
          message(
              "AdaptiveLogSoftmaxWithLoss: cutoffs should be a sequence of unique, positive"
                  + " integers sorted in an increasing order, where each value is between 1 and"
                  + " n_classes-1; got %s of %s classes",
              cutoffs, classes));
    }
    bounds = Arrays.copyOf(cutoffs, cutoffs.length + 1);
    bounds[cutoffs.length] = classes;
    head = new Linear(inFeatures, cutoffs[0] + cutoffs.length, headBias);
    for (int i = 0; i < cutoffs.length; i++) {
      long width = (long) Math.floor(inFeatures / Math.pow(divValue, i + 1));
      tail.append(
          new Sequential(
              new Linear(inFeatures, width, false),
              new Linear(width, bounds[i + 1] - bounds[i], false)));
    }
  }

  /**
   * Computes the log-probabilities of targets, and their loss.
   *
   * @param x [n, inFeatures], or [inFeatures]
   * @param target INT64 [n], or [] for one example
   * @throws IllegalArgumentException if shapes do not agree or a target is no class
   */
  public Output callWithLoss(Tensor x, Tensor target) {
    return callWithHooks(new Input(x, target), in -> output(in.x, in.target));
  }

  /** Returns the loss alone; see {@link #callWithLoss}. */
  @Override
  protected Tensor forward(Tensor x, Tensor target) {
    return output(x, target).loss;
  }

  private Output output(Tensor given, Tensor target) {
    check(given, target);
    boolean isBatched = target.dim() == 1;
    Tensor x = isBatched ? given : given.unsqueeze(0);
    Tensor classes = (isBatched ? target : target.unsqueeze(0)).to(DType.INT64);
    Tensor entries = classes;
    Tensor output = x.newZeros(x.dtype(), x.size(0));
    for (int i = 0; i < tail.size(); i++) {
      Tensor isHere = classes.ge(bounds[i]).logicalAnd(classes.lt(bounds[i + 1]));
      Tensor rows = isHere.nonzero().squeeze(1);
      entries = entries.maskedFill(isHere, bounds[0] + i);
      if (rows.numel() > 0) {
        Tensor logits = tail.get(i).call(x.indexSelect(0, rows));
        Tensor places = classes.indexSelect(0, rows).sub(bounds[i]).unsqueeze(1);
        Tensor values = Functional.logSoftmax(logits, 1).gather(1, places).squeeze(1);
        output = output.indexCopy(0, rows, values);
      }
    }
    Tensor heads = Functional.logSoftmax(head.call(x), 1);
    output = output.add(heads.gather(1, entries.unsqueeze(1)).squeeze(1));
    Tensor loss = output.neg().mean();
    return new Output(isBatched ? output : output.squeeze(0), loss);
  }

  private void check(Tensor x, Tensor target) {
    if (target.dim() > 1 || x.dim() != target.dim() + 1) {
      throw new IllegalArgumentException(
          message(
              "AdaptiveLogSoftmaxWithLoss: expected input [n, features] with target [n], or"
                  + " [features] with []; got %s and %s",
              x.shape(), target.shape()));
    }
    if (target.dim() == 1 && target.size(0) != x.size(0)) {
      throw new IllegalArgumentException(
          message(
              "AdaptiveLogSoftmaxWithLoss: Input and target should have the same size in the batch"
                  + " dimension; got %s and %s",
              x.shape(), target.shape()));
    }
    long classes = bounds[bounds.length - 1];
    for (long each : target.detach().toLongArray()) {
      if (each < 0 || each >= classes) {
        throw new IllegalArgumentException(
            message(
                "AdaptiveLogSoftmaxWithLoss: Target values should be in [0, %s], but %s was found",
                classes - 1, each));
      }
    }
  }

  /** Computes the log-probabilities of all classes: x [n, inFeatures] → [n, classes]. */
  public Tensor logProb(Tensor x) {
    Tensor heads = Functional.logSoftmax(head.call(x), 1);
    Tensor all = heads.narrow(1, 0, bounds[0]);
    for (int i = 0; i < tail.size(); i++) {
      Tensor cluster = Functional.logSoftmax(tail.get(i).call(x), 1);
      Tensor entry = heads.narrow(1, bounds[0] + i, 1);
      all = Tensor.cat(List.of(all, cluster.add(entry)), 1);
    }
    return all;
  }

  /** Returns the most probable class of each example: x [n, inFeatures] → INT64 [n]. */
  public Tensor predict(Tensor x) {
    return logProb(x).argmax(1, false);
  }
}
