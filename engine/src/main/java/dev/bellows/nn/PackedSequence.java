package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.util.List;

/**
 * Sequences of different lengths without padding: the first elements of all sequences, then the
 * second ones, and so on, with the longest sequence first. {@link Functional#packPaddedSequence}
 * makes it. Source: PyTorch's {@code torch.nn.utils.rnn.PackedSequence}.
 *
 * @param data [total, ..]: the elements
 * @param batchSizes INT64 [t]: how many sequences have an element at each position, decreasing
 * @param sortedIndices INT64 [n]: which sequence of the user's order each one is; null if the
 *     orders are equal
 * @param unsortedIndices INT64 [n]: where each sequence of the user's order is; null if the orders
 *     are equal
 */
public record PackedSequence(
    Tensor data, Tensor batchSizes, Tensor sortedIndices, Tensor unsortedIndices) {
  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if the batch sizes are not positive, not decreasing, or do not
   *     add up to the rows of data, or the indices are not one for each sequence
   */
  public PackedSequence {
    if (data.dim() == 0 || batchSizes.dim() != 1 || batchSizes.dtype() != DType.INT64) {
      throw refused("data must have rows, and batch sizes must be INT64 [t]", data, batchSizes);
    }
    long[] sizes = batchSizes.toLongArray();
    long sum = 0;
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] <= 0 || i > 0 && sizes[i] > sizes[i - 1]) {
        throw new IllegalArgumentException(
            message("PackedSequence: batch sizes must be positive and decreasing; got %s", sizes));
      }
      sum += sizes[i];
    }
    if (sizes.length == 0 || sum != data.size(0)) {
      throw refused("batch sizes must add up to the rows of data", data, batchSizes);
    }
    if ((sortedIndices == null) != (unsortedIndices == null)) {
      throw new IllegalArgumentException(
          "PackedSequence: sorted and unsorted indices must both be given, or neither; got one");
    }
    for (Tensor indices :
        sortedIndices == null ? List.<Tensor>of() : List.of(sortedIndices, unsortedIndices)) {
      if (indices.dim() != 1 || indices.size(0) != sizes[0]) {
        throw refused("indices must be one for each sequence", batchSizes, indices);
      }
    }
  }

  private static IllegalArgumentException refused(String rule, Tensor a, Tensor b) {
    return new IllegalArgumentException(
        message(
            "PackedSequence: %s; got %s%s and %s%s",
            rule, a.dtype(), a.shape(), b.dtype(), b.shape()));
  }

  /** Returns the same sequences with other elements, one for each. */
  public PackedSequence withData(Tensor other) {
    return new PackedSequence(other, batchSizes, sortedIndices, unsortedIndices);
  }
}
