package dev.bellows.comm.algorithms;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Direct buffers for received segments and intermediate sums, in sizes that are powers of two from
 * 256 bytes. Confined to the event thread.
 */
public class ScratchPool {
  private static final int SMALLEST_BITS = 8;

  private final List<ArrayDeque<ByteBuffer>> free = new ArrayList<>();
  private final long keepBytes;
  private long kept;

  /**
   * Creates an empty pool.
   *
   * @param keepBytes how many bytes of free buffers are kept at most
   */
  public ScratchPool(long keepBytes) {
    this.keepBytes = keepBytes;
    for (var i = 0; i < 32 - SMALLEST_BITS; i++) {
      free.add(new ArrayDeque<>());
    }
  }

  /** Returns a buffer with position 0, limit {@code bytes} and undefined contents. */
  public ByteBuffer take(int bytes) {
    var sizeClass = sizeClass(bytes);
    var buffer = free.get(sizeClass).pollLast();
    if (buffer == null) {
      buffer =
          ByteBuffer.allocateDirect(1 << (SMALLEST_BITS + sizeClass))
              .order(ByteOrder.nativeOrder());
    } else {
      kept -= buffer.capacity();
    }
    return buffer.clear().limit(bytes);
  }

  /** Gives back a buffer that {@link #take} gave. */
  public void give(ByteBuffer buffer) {
    if (kept + buffer.capacity() <= keepBytes) {
      kept += buffer.capacity();
      free.get(sizeClass(buffer.capacity())).addLast(buffer);
    }
  }

  private static int sizeClass(int bytes) {
    return Math.max(0, 32 - Integer.numberOfLeadingZeros(Math.max(1, bytes) - 1) - SMALLEST_BITS);
  }
}
