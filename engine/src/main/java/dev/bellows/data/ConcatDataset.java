package dev.bellows.data;

import java.util.List;

/**
 * The samples of several datasets, one dataset after the other. Source: PyTorch's {@code
 * torch.utils.data.ConcatDataset}.
 *
 * @param <T> the samples
 */
public final class ConcatDataset<T> implements Dataset<T> {
  private final List<Dataset<T>> datasets;
  private final long[] ends;

  /**
   * Creates the concatenation.
   *
   * @throws IllegalArgumentException if there is no dataset
   */
  public ConcatDataset(List<? extends Dataset<T>> datasets) {
    if (datasets.isEmpty()) {
      throw new IllegalArgumentException(
          "ConcatDataset: datasets should not be an empty iterable; got none");
    }
    this.datasets = List.copyOf(datasets);
    this.ends = new long[datasets.size()];
    long end = 0;
    for (int i = 0; i < ends.length; i++) {
      end += datasets.get(i).size();
      ends[i] = end;
    }
  }

  @Override
  public long size() {
    return ends[ends.length - 1];
  }

  @Override
  public T get(long index) {
    Indices.index("ConcatDataset", size(), index);
    int part = 0;
    while (ends[part] <= index) {
      part++;
    }
    return datasets.get(part).get(index - (part == 0 ? 0 : ends[part - 1]));
  }
}
