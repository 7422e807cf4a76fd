package dev.bellows.data;

import static dev.bellows.errors.Messages.message;

import dev.bellows.errors.TrainingException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;

/** Batches of a stream. Batches are read in turn, each by one thread, and collated in parallel. */
final class StreamBatches<T, B> implements BatchMaker<B> {
  private final Iterator<T> stream;
  private final int batchSize;
  private final boolean dropLast;
  private final Function<List<T>, B> collate;
  private long batches; // of the thread that starts them
  private long turn;
  private long samples;

  StreamBatches(Iterator<T> stream, int batchSize, boolean dropLast, Function<List<T>, B> collate) {
    this.stream = stream;
    this.batchSize = batchSize;
    this.dropLast = dropLast;
    this.collate = collate;
  }

  @Override
  public boolean hasNext() {
    return true;
  }

  @Override
  public Callable<B> next() {
    long number = batches++;
    return () -> collated(read(number));
  }

  @Override
  public Callable<Boolean> skipped() {
    long number = batches++;
    return () -> isBatch(read(number));
  }

  private boolean isBatch(List<T> read) {
    return !read.isEmpty() && (!dropLast || read.size() == batchSize);
  }

  private synchronized List<T> read(long number) throws InterruptedException {
    while (turn != number) {
      wait();
    }
    try {
      List<T> read = new ArrayList<>();
      while (read.size() < batchSize && stream.hasNext()) {
        read.add(stream.next());
        samples++;
      }
      return read;
    } catch (RuntimeException e) {
      throw IndexedBatches.failure(message("sample %s of the stream", samples), e);
    } finally {
      turn++;
      notifyAll();
    }
  }

  private B collated(List<T> read) {
    if (!isBatch(read)) {
      return null;
    }
    try {
      B batch = collate.apply(read);
      if (batch == null) {
        throw new IllegalStateException("collate: must return a batch; got null");
      }
      return batch;
    } catch (TrainingException e) {
      throw e;
    } catch (RuntimeException e) {
      throw IndexedBatches.failure(message("%s samples of the stream", read.size()), e);
    }
  }
}
