package dev.bellows.comm;

import io.netty.channel.SelectStrategy;
import io.netty.util.IntSupplier;

/**
 * Lets an event loop look again for a moment before it sleeps: what a collective waits for mostly
 * comes within microseconds, and being woken takes longer than that. While it looks, it yields its
 * processor to whoever else can run.
 */
final class BriefSpin implements SelectStrategy {
  private static final long SPIN_NANOS = Long.getLong("bellows.comm.spinNanos", 50_000);
  private static final boolean SPINS = Runtime.getRuntime().availableProcessors() > 1;

  private long lastActive = System.nanoTime();

  @Override
  public int calculateStrategy(IntSupplier selectNow, boolean hasTasks) throws Exception {
    var ready = selectNow.get();
    var now = System.nanoTime();
    if (hasTasks || ready > 0) {
      lastActive = now;
      return ready;
    }
    if (!SPINS || now - lastActive > SPIN_NANOS) {
      return SelectStrategy.SELECT;
    }
    Thread.yield();
    return SelectStrategy.CONTINUE;
  }
}
