package dev.bellows.autograd;

import dev.bellows.tensor.Tensor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Passes the calls of public operations on a thread to a recorder, as a tracer is. What operations
 * call in turn is not recorded. Without a recorder an operation costs one read of a field more.
 */
public final class Calls {
  private static final AtomicInteger RECORDERS = new AtomicInteger();
  private static final ThreadLocal<Recorder> CURRENT = new ThreadLocal<>();

  /** Receives the calls of one thread. */
  public interface Recorder {
    /**
     * Runs an operation and returns its result.
     *
     * @param operation its name and the types of its parameters without {@code self}, as {@code
     *     flatten(int,int)}; functions of {@code nn} are named {@code nn.relu(Tensor)}
     * @param arguments as given, the tensor itself first
     */
    Object call(String operation, Object... arguments);

    /** Receives a function that is applied outside any operation, before it runs. */
    void applied(Function function, Tensor... inputs);

    /** Receives a tensor whose elements are read by the host, outside any operation. */
    void read(Tensor tensor);

    /** Returns the recorder of the calls of a backward pass, or null for none. */
    default Recorder ofBackward() {
      return this;
    }

    /** Returns the recorder to use when a checkpoint computes again, or null for none. */
    default Recorder ofCheckpoint() {
      return null;
    }
  }

  /** Ends a recording, or a pause of one. */
  public static final class Recording implements AutoCloseable {
    private final Recorder before;
    private final boolean counted;

    private Recording(Recorder recorder) {
      before = CURRENT.get();
      counted = recorder != null;
      if (counted) {
        RECORDERS.incrementAndGet();
      }
      CURRENT.set(recorder);
    }

    @Override
    public void close() {
      if (counted) {
        RECORDERS.decrementAndGet();
      }
      if (before == null) {
        CURRENT.remove();
      } else {
        CURRENT.set(before);
      }
    }
  }

  private Calls() {}

  /** Passes the calls of this thread to a recorder until closed; null for none. */
  public static Recording recordedBy(Recorder recorder) {
    return new Recording(recorder);
  }

  /** Returns the recorder of this thread, or null. */
  public static Recorder current() {
    return RECORDERS.get() > 0 ? CURRENT.get() : null;
  }

  /** Passes the calls of a backward pass to its recorder until closed; null where nothing is. */
  static Recording inBackward() {
    Recorder recorder = current();
    return recorder == null ? null : recordedBy(recorder.ofBackward());
  }

  /** Returns whether the calls of this thread are recorded. */
  public static boolean areRecorded() {
    return RECORDERS.get() > 0 && CURRENT.get() != null;
  }

  /** Has the recorder run an operation; see {@link Recorder#call}. */
  @SuppressWarnings("unchecked") // of the operation's type
  public static <T> T record(String operation, Object... arguments) {
    return (T) CURRENT.get().call(operation, arguments);
  }

  static void recordApplied(Function function, Tensor... inputs) {
    if (areRecorded()) {
      CURRENT.get().applied(function, inputs);
    }
  }

  /** Tells the recorder, if there is one, that the elements of a tensor are read. */
  public static void recordRead(Tensor tensor) {
    if (areRecorded()) {
      CURRENT.get().read(tensor);
    }
  }
}
