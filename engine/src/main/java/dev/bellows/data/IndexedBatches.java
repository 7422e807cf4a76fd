package dev.bellows.data;

import static dev.bellows.errors.Messages.message;

import dev.bellows.errors.TrainingException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;

/** Batches of samples with random access. */
final class IndexedBatches<B> implements BatchMaker<B> {
  private final Iterator<long[]> order;
  private final Function<long[], B> gather;

  IndexedBatches(Iterator<long[]> order, Function<long[], B> gather) {
    this.order = order;
    this.gather = gather;
  }

  @Override
  public boolean hasNext() {
    return order.hasNext();
  }

  @Override
  public Callable<B> next() {
    long[] indices = order.next();
    return () -> gathered(indices);
  }

  private B gathered(long... indices) {
    try {
      B batch = gather.apply(indices);
      if (batch == null) {
        throw new IllegalStateException("a batch must be given; got null");
      }
      return batch;
    } catch (TrainingException e) {
      throw e;
    } catch (RuntimeException e) {
      throw failure(message("samples %s", indices), e);
    }
  }

  @Override
  public Callable<Boolean> skipped() {
    order.next();
    return () -> true;
  }

  /**
   * Returns samples by number.
   *
   * @throws TrainingException if the dataset throws, naming the sample
   */
  static <T> List<T> samples(Dataset<T> dataset, long... indices) {
    List<T> samples = new ArrayList<>();
    for (long index : indices) {
      try {
        samples.add(dataset.get(index));
      } catch (RuntimeException e) {
        throw failure("sample " + index, e);
      }
    }
    return samples;
  }

  /** Returns the error of making samples or a batch of them. */
  static TrainingException failure(String what, RuntimeException thrown) {
    TrainingException.Category category =
        thrown instanceof TrainingException known
            ? known.category()
            : TrainingException.Category.USER;
    String reason = thrown.getMessage() == null ? thrown.toString() : thrown.getMessage();
    return new TrainingException(category, message("data: %s: %s", what, reason), thrown);
  }
}
