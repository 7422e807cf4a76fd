package dev.bellows.data;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.Generator;
import java.util.List;
import java.util.function.Function;

/**
 * Samples with random access. Each is a row of the source that a dataset is, too: {@link #gather}
 * collates samples to a batch as {@link Collate#batch} does. A {@link DataLoader} calls {@link
 * #get} from several threads if it has several workers. Source: PyTorch's {@code
 * torch.utils.data.Dataset}.
 *
 * @param <T> the samples: tensors, numbers, or lists, maps or records of these
 */
public interface Dataset<T> extends BatchSource {
  /** Returns the number of samples. */
  long size();

  /**
   * Returns a sample.
   *
   * @param index in [0, {@link #size()})
   * @throws IndexOutOfBoundsException if there is no such sample
   */
  T get(long index);

  @Override
  default long rows() {
    return size();
  }

  /**
   * Returns the collated samples of the given numbers.
   *
   * @throws dev.bellows.errors.TrainingException if {@link #get} throws, naming the sample
   */
  @Override
  default Batch gather(long[] rowNumbers) {
    if (rowNumbers.length == 0) {
      throw new IllegalArgumentException(
          "gather: a dataset of single samples must be asked for at least one; got no row numbers");
    }
    for (int i = 0; i < rowNumbers.length; i++) {
      Indices.row(size(), i, rowNumbers);
    }
    return Collate.batch(IndexedBatches.samples(this, rowNumbers));
  }

  /** Returns the dataset of a function of the samples, which is called for each use of one. */
  default <R> Dataset<R> map(Function<? super T, ? extends R> function) {
    Dataset<T> from = this;
    return new Dataset<>() {
      @Override
      public long size() {
        return from.size();
      }

      @Override
      public R get(long index) {
        return function.apply(from.get(index));
      }
    };
  }

  /** Computes {@link #randomSplit(Generator, double...)} with the default generator. */
  default List<Subset<T>> randomSplit(double... fractions) {
    return randomSplit(Generator.current(), fractions);
  }

  /** Computes {@link #randomSplit(Generator, long...)} with the default generator. */
  default List<Subset<T>> randomSplit(long... lengths) {
    return randomSplit(Generator.current(), lengths);
  }

  /**
   * Splits the samples at random into disjoint parts of the given fractions. A part has the
   * fraction of {@link #size()} rounded down; what is left over goes to the first parts, one sample
   * each. Source: PyTorch's {@code torch.utils.data.random_split}.
   *
   * @throws IllegalArgumentException if a fraction is not in [0, 1] or their sum is not 1
   */
  default List<Subset<T>> randomSplit(Generator generator, double... fractions) {
    double sum = 0;
    for (int i = 0; i < fractions.length; i++) {
      if (!(fractions[i] >= 0 && fractions[i] <= 1)) {
        throw new IllegalArgumentException(
            message(
                "randomSplit: Fraction at index %s is not between 0 and 1; got %s", i, fractions));
      }
      sum += fractions[i];
    }
    if (Math.abs(sum - 1) > 1e-9) {
      throw new IllegalArgumentException(
          message("randomSplit: fractions must have the sum 1; got %s", fractions));
    }
    long[] lengths = new long[fractions.length];
    long left = size();
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = (long) Math.floor(size() * fractions[i]);
      left -= lengths[i];
    }
    for (int i = 0; left > 0; left--, i++) {
      lengths[i % lengths.length]++;
    }
    return randomSplit(generator, lengths);
  }

  /**
   * Splits the samples at random into disjoint parts of the given sizes. Source: PyTorch's {@code
   * torch.utils.data.random_split}.
   *
   * @throws IllegalArgumentException if a length is negative or their sum is not {@link #size()}
   */
  default List<Subset<T>> randomSplit(Generator generator, long... lengths) {
    long sum = 0;
    boolean negative = false;
    for (long length : lengths) {
      sum += length;
      negative |= length < 0;
    }
    if (negative || sum != size()) {
      throw new IllegalArgumentException(
          message(
              "randomSplit: Sum of input lengths does not equal the length of the input dataset;"
                  + " got %s for %s samples",
              lengths, size()));
    }
    return Subset.split(this, Indices.shuffled(size(), generator), lengths);
  }
}
