package dev.bellows.data;

import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;

/** The indices of a pass, cut into batches. */
final class CutBatches implements Iterator<long[]> {
  private static final int FIRST = 1024;

  private final PrimitiveIterator.OfLong indices;
  private final int batchSize;
  private final boolean dropLast;
  private long[] next;

  CutBatches(PrimitiveIterator.OfLong indices, int batchSize, boolean dropLast) {
    this.indices = indices;
    this.batchSize = batchSize;
    this.dropLast = dropLast;
  }

  @Override
  public boolean hasNext() {
    if (next == null) {
      long[] batch = new long[Math.min(batchSize, FIRST)];
      int size = 0;
      while (size < batchSize && indices.hasNext()) {
        if (size == batch.length) {
          batch = Arrays.copyOf(batch, (int) Math.min(batchSize, 2L * size));
        }
        batch[size++] = indices.nextLong();
      }
      if (size == batchSize || size > 0 && !dropLast) {
        next = Arrays.copyOf(batch, size);
      }
    }
    return next != null;
  }

  @Override
  public long[] next() {
    if (!hasNext()) {
      throw new NoSuchElementException("BatchSampler: no batch is left in this pass");
    }
    long[] batch = next;
    next = null;
    return batch;
  }
}
