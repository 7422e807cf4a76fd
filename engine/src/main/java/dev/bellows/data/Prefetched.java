package dev.bellows.data;

import dev.bellows.autograd.GradMode;
import dev.bellows.nn.TensorTree;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A value that another thread makes while this one works. The code that makes it runs without a
 * graph and with its own generator as the default one; its tensors join the scope of the thread
 * that takes the value, and what else the code made is released. Tensors are found in batches,
 * arrays, lists, maps and records; with an object of another class, all that the code made joins
 * the scope, as any of it may be inside.
 *
 * @param <V> the value
 */
public final class Prefetched<V> {
  private static final long IDLE_MS = 1000;

  private record Made<V>(V value, List<Tensor> tensors) {}

  private final Generator generator;
  private final FutureTask<Made<V>> task;
  private volatile boolean unwanted;

  private Prefetched(Generator generator, Callable<V> code) {
    this.generator = generator;
    this.task = new FutureTask<>(() -> make(code));
  }

  /** Returns a value that an executor begins to make. */
  public static <V> Prefetched<V> start(Executor executor, Generator generator, Callable<V> code) {
    Prefetched<V> value = new Prefetched<>(generator, code);
    executor.execute(value.task);
    return value;
  }

  /**
   * Returns threads that make values in the order in which they were started. A thread ends when
   * there has been nothing to do for a second, so they need no shutdown.
   */
  public static ExecutorService threads(int count, String name) {
    AtomicInteger started = new AtomicInteger();
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            count,
            count,
            IDLE_MS,
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, name + "-" + started.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  @SuppressWarnings("try") // a mode and a scope are not read
  private Made<V> make(Callable<V> code) throws Exception {
    if (unwanted) {
      return nothing();
    }
    Generator before = Generator.setCurrent(generator);
    try (GradMode mode = GradMode.noGrad();
        TensorScope scope = TensorScope.open()) {
      V value = code.call();
      return unwanted ? nothing() : new Made<>(value, Internals.release(tensorsOf(value)));
    } finally {
      Generator.setCurrent(before);
    }
  }

  private static <V> Made<V> nothing() {
    return new Made<>(null, List.of());
  }

  /** Returns the tensors of a value: all of the scope where some may be hidden in an object. */
  private static Tensor[] tensorsOf(Object value) {
    List<Tensor> ofBatches = new ArrayList<>();
    boolean[] hidden = new boolean[1];
    Tensor[] found =
        TensorTree.leaves(
            value,
            part -> {
              if (part instanceof Batch batch) {
                ofBatches.addAll(batch.inputs().values());
              } else {
                hidden[0] |= !isPlain(part);
              }
            });
    if (hidden[0]) {
      return Internals.inScope();
    }
    ofBatches.addAll(Arrays.asList(found));
    return ofBatches.toArray(Tensor[]::new);
  }

  /** Returns whether an object cannot hold tensors. */
  private static boolean isPlain(Object part) {
    return part instanceof CharSequence
        || part instanceof Number
        || part instanceof Boolean
        || part instanceof Character
        || part instanceof Enum
        || part.getClass().isArray(); // of primitives
  }

  /** Returns the generator with which the value is made, after the draws that this took. */
  public Generator generator() {
    return generator;
  }

  /**
   * Waits for the value. What the code threw is thrown here.
   *
   * @param timeoutMs how long to wait; 0: as long as it takes
   * @throws TimeoutException if the value is not made by then; it may be taken later
   * @throws InterruptedException if the waiting thread is interrupted
   */
  public V take(long timeoutMs) throws InterruptedException, TimeoutException {
    try {
      Made<V> made = timeoutMs == 0 ? task.get() : task.get(timeoutMs, TimeUnit.MILLISECONDS);
      Internals.adopt(made.tensors);
      return made.value;
    } catch (ExecutionException e) {
      throw Prefetched.<RuntimeException>unchecked(e.getCause());
    }
  }

  @SuppressWarnings("unchecked") // the cast is erased
  private static <T extends Throwable> T unchecked(Throwable thrown) throws T {
    throw (T) thrown;
  }

  /**
   * Gives up a value that is not taken. Waits for the end of the code if that runs, and interrupts
   * it when the time is over or the waiting thread is interrupted; code that has not begun will
   * not.
   *
   * @param timeoutMs how long to wait at most
   */
  public void close(long timeoutMs) {
    unwanted = true;
    try {
      task.get(timeoutMs, TimeUnit.MILLISECONDS).tensors.forEach(Tensor::close);
    } catch (ExecutionException e) {
      // an error of a value that was never taken
    } catch (TimeoutException e) {
      task.cancel(true);
    } catch (InterruptedException e) {
      task.cancel(true);
      Thread.currentThread().interrupt();
    }
  }
}
