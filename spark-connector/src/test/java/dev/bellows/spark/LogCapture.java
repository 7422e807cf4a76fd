package dev.bellows.spark;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;

/** Captures the output of a logger and its children while open, with stack traces. */
public final class LogCapture implements AutoCloseable {
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Logger logger;
  private final AbstractAppender appender;

  /** Starts to capture. */
  public LogCapture(String name) {
    logger = (Logger) LogManager.getLogger(name);
    appender =
        new AbstractAppender("capture-" + name, null, null, true, Property.EMPTY_ARRAY) {
          @Override
          public void append(LogEvent event) {
            var text = new StringWriter();
            text.append(event.getLevel() + " " + event.getMessage().getFormattedMessage() + "\n");
            if (event.getThrown() != null) {
              event.getThrown().printStackTrace(new PrintWriter(text, true));
            }
            lines.add(text.toString());
          }
        };
    appender.start();
    logger.addAppender(appender);
  }

  /** Returns what was logged. */
  public List<String> lines() {
    return lines;
  }

  @Override
  public void close() {
    logger.removeAppender(appender);
    appender.stop();
  }
}
