package dev.bellows.data;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;

/** Numbers of samples. */
final class Indices {
  private Indices() {}

  /**
   * Returns a row number of several.
   *
   * @throws IllegalArgumentException if it is not in [0, rows)
   */
  static long row(long rows, int position, long... rowNumbers) {
    long row = rowNumbers[position];
    if (row < 0 || row >= rows) {
      throw new IllegalArgumentException(
          message(
              "gather: row numbers must be in [0, %s); got %s at position %s of %s",
              rows, row, position, rowNumbers.length));
    }
    return row;
  }

  /**
   * Returns an index.
   *
   * @throws IndexOutOfBoundsException if it is not in [0, size)
   */
  static long index(String what, long size, long index) {
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException(
          message("%s: index must be in [0, %s); got %s", what, size, index));
    }
    return index;
  }

  /** Returns 0 … n − 1 in random order. */
  static long[] shuffled(long n, Generator generator) {
    try (Tensor order = Tensor.randperm(generator, n)) {
      return order.toLongArray();
    }
  }
}
