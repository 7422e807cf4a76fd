package dev.bellows.tensor;

import dev.bellows.memory.MemoryPool;
import java.util.concurrent.locks.LockSupport;

/** Reads the pool's counters once nothing unreachable is left in them. */
public final class PoolUse {
  private PoolUse() {}

  /** Bytes in use after unreachable tensors were found. */
  public static long settled() {
    long before = -1;
    long now = now();
    int same = 0;
    for (int round = 0; round < 30 && same < 3; round++) { // references may come late
      for (int i = 0; i < 2; i++) {
        System.gc();
        LockSupport.parkNanos(20_000_000);
        Handles.reclaim();
      }
      before = now;
      now = now();
      same = now == before ? same + 1 : 0;
    }
    return now;
  }

  /** Bytes in use now. */
  public static long now() {
    return MemoryPool.cpu().usedBytes();
  }
}
