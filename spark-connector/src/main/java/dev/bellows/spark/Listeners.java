package dev.bellows.spark;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several listeners as one. An exception of a listener is logged, the first time with its stack
 * trace, and reported to the others; training continues.
 */
final class Listeners implements TrainingListener {
  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

  private final List<TrainingListener> all;
  private final Set<TrainingListener> faulty =
      Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

  Listeners(List<TrainingListener> all) {
    this.all = all;
  }

  private void each(Consumer<TrainingListener> call) {
    for (var listener : all) {
      try {
        call.accept(listener);
      } catch (Throwable thrown) {
        failed(listener, thrown);
      }
    }
  }

  private void failed(TrainingListener listener, Throwable thrown) {
    var text = "listener " + listener + " failed: " + UserCode.describe(thrown);
    if (faulty.add(listener)) {
      LOG.error("{}", text, thrown);
      message("warning: " + text + "; training continues");
    } else {
      LOG.error("{}", text);
    }
  }

  @Override
  public void step(Progress progress) {
    each(listener -> listener.step(progress));
  }

  @Override
  public void evaluated(long step, double metric) {
    each(listener -> listener.evaluated(step, metric));
  }

  @Override
  public void checkpoint(long step, String name) {
    each(listener -> listener.checkpoint(step, name));
  }

  @Override
  public void message(String line) {
    LOG.info("{}", line);
    each(listener -> listener.message(line));
  }

  @Override
  public void ended() {
    each(TrainingListener::ended);
  }
}
