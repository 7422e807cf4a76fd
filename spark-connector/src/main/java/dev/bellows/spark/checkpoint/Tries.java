package dev.bellows.spark.checkpoint;

import dev.bellows.spark.BellowsException;
import dev.bellows.spark.Time;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Retries writes that may fail temporarily, such as on a full disk. */
public final class Tries {
  private static final Logger LOG = LoggerFactory.getLogger(Tries.class);
  private static final long LOOK_MS = 100;

  /** Pauses between tries: long enough for temporary files of others to be removed. */
  private static final long[] PAUSES_MS = {1_000, 2_000, 4_000, 8_000};

  /** Number of tries. */
  public static final int COUNT = PAUSES_MS.length + 1;

  private Tries() {}

  /**
   * Runs a write until it succeeds, at most {@link #COUNT} times within about 15 seconds.
   *
   * @param wanted false: the result is no longer needed, so a failure is final; a {@link
   *     BellowsException} always is
   * @throws Exception what the last try threw
   */
  public static <T> T run(Time time, Callable<T> write, BooleanSupplier wanted) throws Exception {
    for (int attempt = 0; ; attempt++) {
      try {
        return write.call();
      } catch (Throwable failure) {
        if (!StorageFault.isPossible(failure)
            || failure instanceof BellowsException
            || attempt == PAUSES_MS.length
            || !wanted.getAsBoolean()) {
          throw failure;
        }
        pause(time, pauseMs(attempt + 1, failure), wanted);
        if (!wanted.getAsBoolean()) {
          throw failure;
        }
      }
    }
  }

  /**
   * Returns the milliseconds until the next try after the {@code failed}-th one, 1 to {@code COUNT
   * - 1}, and logs the failure.
   */
  public static long pauseMs(int failed, Throwable failure) {
    var pause = PAUSES_MS[failed - 1];
    LOG.warn("{}; try {} of {} follows in {} ms", failure.getMessage(), failed + 1, COUNT, pause);
    return pause;
  }

  private static void pause(Time time, long ms, BooleanSupplier wanted)
      throws InterruptedException {
    for (long left = ms; left > 0 && wanted.getAsBoolean(); left -= LOOK_MS) {
      time.sleep(Math.min(left, LOOK_MS));
    }
  }
}
