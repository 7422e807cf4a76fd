package dev.bellows.data;

import static dev.bellows.errors.Messages.message;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Some samples of a dataset, in a given order. Source: PyTorch's {@code torch.utils.data.Subset}.
 *
 * @param <T> the samples
 */
public final class Subset<T> implements Dataset<T> {
  private final Dataset<T> dataset;
  private final long[] indices;

  /**
   * Creates a subset.
   *
   * @param indices numbers of samples; repeats are allowed
   * @throws IndexOutOfBoundsException if there is no such sample
   */
  public Subset(Dataset<T> dataset, long... indices) {
    this.dataset = dataset;
    this.indices = indices.clone();
    for (long index : indices) {
      Indices.index("Subset", dataset.size(), index);
    }
  }

  static <T> List<Subset<T>> split(Dataset<T> dataset, long[] order, long... lengths) {
    List<Subset<T>> parts = new ArrayList<>();
    int from = 0;
    for (long length : lengths) {
      parts.add(new Subset<>(dataset, Arrays.copyOfRange(order, from, from + (int) length)));
      from += (int) length;
    }
    return parts;
  }

  /** Returns the numbers of the samples in the whole dataset. */
  public long[] indices() {
    return indices.clone();
  }

  @Override
  public long size() {
    return indices.length;
  }

  @Override
  public T get(long index) {
    return dataset.get(indices[(int) Indices.index("Subset", size(), index)]);
  }

  @Override
  public Batch gather(long[] rowNumbers) {
    long[] whole = new long[rowNumbers.length];
    for (int i = 0; i < whole.length; i++) {
      whole[i] = indices[(int) Indices.row(size(), i, rowNumbers)];
    }
    return dataset.gather(whole);
  }

  @Override
  public String toString() {
    return message("Subset(%s samples of %s)", indices.length, dataset);
  }
}
