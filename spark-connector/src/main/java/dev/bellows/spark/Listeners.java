package dev.bellows.spark;

import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Several listeners as one; what one throws is logged and harms nobody. */
final class Listeners implements TrainingListener {
  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

  private final List<TrainingListener> all;

  Listeners(List<TrainingListener> all) {
    this.all = all;
  }

  private void each(Consumer<TrainingListener> call) {
    for (var listener : all) {
      try {
        call.accept(listener);
      } catch (RuntimeException e) {
        LOG.warn("listener {} failed", listener, e);
      }
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
