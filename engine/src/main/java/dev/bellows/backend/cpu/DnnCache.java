package dev.bellows.backend.cpu;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Cache of plans (primitives bound to their memories), keyed by what they compute. A plan is lent
 * to one thread at a time; threads that request the same plan concurrently get copies, so no thread
 * waits while a primitive runs. The cache is bounded: the least recently used idle plans are closed
 * first.
 */
final class DnnCache {
  /** A cached native resource. */
  interface Plan extends AutoCloseable {
    @Override
    void close();
  }

  /** The key of a plan: operation, sizes, strides and attributes. */
  static final class Key {
    private final long[] parts;
    private final int hash;

    Key(long... parts) {
      this.parts = parts;
      int h = 0;
      for (long part : parts) {
        h = 31 * h + (int) (part ^ (part >>> 32));
      }
      this.hash = h;
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && hash == key.hash && Arrays.equals(parts, key.parts);
    }

    @Override
    public String toString() {
      return Arrays.toString(parts);
    }
  }

  private final int limit;
  private final LinkedHashMap<Key, ArrayDeque<Plan>> idle = new LinkedHashMap<>(64, 0.75f, true);
  private int idlePlans;

  DnnCache(int limit) {
    this.limit = limit;
  }

  /**
   * Takes an idle plan out of the cache, or creates one. The caller returns it with {@link #give},
   * or closes it.
   */
  <P extends Plan> P take(Key key, Class<P> type, Supplier<P> make) {
    Plan plan = poll(key);
    return plan == null ? Dnn.unscoped(make) : type.cast(plan);
  }

  private synchronized Plan poll(Key key) {
    ArrayDeque<Plan> plans = idle.get(key);
    Plan plan = plans == null ? null : plans.poll();
    if (plan != null) {
      idlePlans--;
    }
    return plan;
  }

  /** Returns a plan to the cache. */
  synchronized void give(Key key, Plan plan) {
    idle.computeIfAbsent(key, k -> new ArrayDeque<>(2)).push(plan);
    idlePlans++;
    if (idlePlans > limit || idle.size() > 2 * limit) {
      evict();
    }
  }

  private void evict() {
    Iterator<Map.Entry<Key, ArrayDeque<Plan>>> oldest = idle.entrySet().iterator();
    while (oldest.hasNext() && (idlePlans > limit || idle.size() > 2 * limit)) {
      ArrayDeque<Plan> plans = oldest.next().getValue();
      idlePlans -= plans.size();
      plans.forEach(Plan::close);
      oldest.remove();
    }
  }

  /** Returns the number of idle plans. */
  synchronized int size() {
    return idlePlans;
  }
}
