package dev.bellows.train;

import dev.bellows.tensor.Tensor;
import java.util.List;

/** Adds up one bucket of gradients over all ranks, in the order of the {@link ReductionTree}. */
public interface GradientExchange {
  /**
   * Starts adding and returns at once. Buckets are started in the same order on all ranks. The
   * tensors are flat and contiguous, and stay untouched until the result is awaited.
   *
   * @param leaves number of leaves of the tree
   * @param partials the sums this rank brings, from left to right; possibly none
   * @param out gets the sum over all leaves; it may be the tensor of the first partial
   */
  Pending start(int leaves, List<TreeAccumulator.Partial<Tensor>> partials, Tensor out);

  /** A sum under way. */
  interface Pending {
    /** Returns when the sum is there; throws what stopped it. Has a deadline of its own. */
    void await();
  }

  /** For a run of one rank, which holds all leaves. */
  GradientExchange LOCAL =
      (leaves, partials, out) -> {
        if (partials.size() != 1 || partials.get(0).range().size() != leaves) {
          throw new IllegalStateException(
              "exchange: a run of one rank must hold all "
                  + leaves
                  + " shards; got "
                  + partials.size()
                  + " partial sums");
        }
        Tensor sum = partials.get(0).value();
        if (sum != out) {
          out.copy_(sum);
        }
        return () -> {};
      };
}
