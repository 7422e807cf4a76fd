package dev.bellows.train;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.Device;
import dev.bellows.reduction.ReductionTree;
import dev.bellows.reduction.TreeAccumulator;
import dev.bellows.tensor.Tensor;
import java.util.List;

/**
 * Adds up one bucket of gradients over all ranks, in the order of the {@link ReductionTree}. All
 * tensors it gets are on a device that it {@link #accepts}.
 */
public interface GradientExchange {
  /**
   * Starts adding and returns at once. Buckets are started in the same order on all ranks. The
   * tensors are flat and contiguous, and stay untouched until the result is awaited.
   *
   * @param name for messages, as "bucket 3 of 12"
   * @param leaves number of leaves of the tree
   * @param partials the sums this rank brings, from left to right; possibly none. Of the type of
   *     {@code out}; if that is BFLOAT16, only single leaves are, and sums of several are FLOAT32.
   * @param out gets the sum over all leaves; it may be the tensor of the first partial
   */
  Pending start(
      String name, int leaves, List<TreeAccumulator.Partial<Tensor>> partials, Tensor out);

  /** Returns whether it works on the memory of a device; by default on that of the CPU only. */
  default boolean accepts(Device device) {
    return device.equals(Device.CPU);
  }

  /** Returns this rank. */
  default int rank() {
    return 0;
  }

  /** Returns the number of ranks. */
  default int worldSize() {
    return 1;
  }

  /**
   * Starts a sum as {@link #start} does, bit for bit, but each rank gets its chunk only: the
   * elements from {@code bounds[rank]} to {@code bounds[rank + 1]} of {@code out}. What the others
   * hold is undefined.
   *
   * @param bounds worldSize + 1 element numbers from 0, never falling
   */
  default Pending startScatter(
      String name,
      int leaves,
      List<TreeAccumulator.Partial<Tensor>> partials,
      Tensor out,
      long[] bounds) {
    return start(name, leaves, partials, out);
  }

  /** Starts to give every rank the chunks of all, each from and to its place in {@code data}. */
  default Pending startGather(Tensor data, long[] bounds) {
    return () -> {};
  }

  /**
   * Makes sure that all ranks said the same.
   *
   * @param what for the error, as "parameters"
   * @param lines one text for each thing that must agree, in order
   * @throws RuntimeException on every rank if some differ, naming the rank and the first difference
   */
  default void requireEqual(String what, List<String> lines) {}

  /** A sum or gathering under way. */
  interface Pending {
    /** Returns when the sum is there; throws what stopped it. Has its own deadline. */
    void await();
  }

  /** For a run of one rank, which holds all leaves. */
  GradientExchange LOCAL =
      new GradientExchange() {
        @Override
        public Pending start(
            String name, int leaves, List<TreeAccumulator.Partial<Tensor>> partials, Tensor out) {
          if (partials.size() != 1 || partials.get(0).range().size() != leaves) {
            throw new IllegalStateException(
                message(
                    "exchange: a run of one rank must hold all %s shards; got %s partial sums",
                    leaves, partials.size()));
          }
          Tensor sum = partials.get(0).value();
          if (sum != out) {
            out.copy_(sum);
          }
          return () -> {};
        }

        @Override
        public boolean accepts(Device device) {
          return true;
        }
      };
}
