package dev.bellows.comm.group;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;

/**
 * Listens to what Netty's leak detector reports. Its detectors live in static fields and may have
 * been made by another test, so the log is the one place that hears all of them.
 */
final class Leaks implements AutoCloseable {
  private static final String LEAK = "LEAK: ";
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(120);

  private final List<String> reports = new CopyOnWriteArrayList<>();
  private final Logger logger = (Logger) LogManager.getLogger(ResourceLeakDetector.class);
  private final ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();
  private final AbstractAppender ear =
      new AbstractAppender("leaks", null, null, true, Property.EMPTY_ARRAY) {
        @Override
        public void append(LogEvent event) {
          var text = event.getMessage().getFormattedMessage();
          if (text.startsWith(LEAK)) {
            reports.add(text);
          }
        }
      };

  /** Follows every buffer from now on; the reports come here and not to the log. */
  Leaks() {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    ear.start();
    logger.addAppender(ear);
    logger.setAdditive(false);
    found();
    reports.clear(); // What others left is theirs.
  }

  /**
   * All reports so far. Leaks are seen when garbage has been collected and another buffer is made;
   * to know that this has happened, a buffer is lost on purpose.
   */
  List<String> found() {
    var mark = "lost at " + System.nanoTime();
    lose(mark);
    var begin = System.nanoTime();
    while (reports.stream().noneMatch(report -> report.contains(mark))) {
      if (System.nanoTime() - begin > PATIENCE_NANOS) {
        throw new AssertionError("a buffer that was lost on purpose must be reported");
      }
      System.gc();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      PooledByteBufAllocator.DEFAULT.directBuffer(16).release();
    }
    reports.removeIf(report -> report.contains("lost at "));
    return List.copyOf(reports);
  }

  private static void lose(String mark) {
    PooledByteBufAllocator.DEFAULT.directBuffer(16).touch(mark);
  }

  @Override
  public void close() {
    logger.setAdditive(true);
    logger.removeAppender(ear);
    ear.stop();
    ResourceLeakDetector.setLevel(before);
  }
}
