package dev.bellows.backend.cuda;

import dev.bellows.memory.Allocator;
import dev.bellows.memory.Block;
import dev.bellows.memory.Device;
import dev.bellows.memory.OutOfMemoryException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Buffers of the host's memory that the device copies from and to while the host goes on. Sizes are
 * powers of two; a buffer that was given back waits for the next of its size. One that copies still
 * run on is given back with an event, and handed out again when that is done. Thread-safe.
 */
final class PinnedMemory implements Allocator {
  private static final int SMALLEST_BITS = 12;

  private final CudaDevice device;
  private final List<ArrayDeque<Long>> free = new ArrayList<>();
  private final ArrayDeque<Busy> busy = new ArrayDeque<>();
  private long totalBytes;

  PinnedMemory(CudaDevice device) {
    this.device = device;
    for (int i = 0; i < 64; i++) {
      free.add(new ArrayDeque<>());
    }
  }

  @Override
  public Device device() {
    return Device.CPU;
  }

  @Override
  public Block allocate(long bytes) {
    device.bind();
    Buffer buffer = take(bytes);
    return Block.ofHost(buffer.address(), 1L << buffer.bits, buffer);
  }

  @Override
  public void release(Block block) {
    device.bind();
    ((Buffer) block.owner()).closeAfter(device.streamAfterAll());
  }

  /** Whether memory is of this allocator. */
  static boolean isPinned(Block block) {
    return block.owner() instanceof Buffer;
  }

  /** Bytes asked of the system so far, in use or waiting. */
  synchronized long totalBytes() {
    return totalBytes;
  }

  /** A buffer of at least {@code bytes} bytes. */
  synchronized Buffer take(long bytes) {
    int bits = Math.max(SMALLEST_BITS, 64 - Long.numberOfLeadingZeros(Math.max(1, bytes) - 1));
    poll();
    Long address = free.get(bits).poll();
    if (address == null) {
      address = device.driver().allocateHost(1L << bits);
      if (address == 0) {
        throw new OutOfMemoryException(
            "allocate: the host must have "
                + (1L << bits)
                + " bytes of memory that can be pinned; "
                + totalBytes
                + " are pinned already");
      }
      totalBytes += 1L << bits;
    }
    return new Buffer(address, bits);
  }

  private void poll() {
    for (int n = busy.size(); n > 0; n--) {
      Busy each = busy.poll();
      if (device.driver().isDone(each.event)) {
        device.driver().destroyEvent(each.event);
        free.get(each.bits).push(each.address);
      } else {
        busy.add(each);
      }
    }
  }

  private synchronized void giveBack(long address, int bits) {
    free.get(bits).push(address);
  }

  private synchronized void giveBack(long address, int bits, long event) {
    busy.add(new Busy(address, bits, event));
  }

  private record Busy(long address, int bits, long event) {}

  /** One buffer, given back by {@link #close}. */
  final class Buffer implements AutoCloseable {
    private final long address;
    private final int bits;
    private boolean closed;

    private Buffer(long address, int bits) {
      this.address = address;
      this.bits = bits;
    }

    long address() {
      return address;
    }

    /** The first 2 GiB of it, in native byte order. */
    ByteBuffer buffer() {
      return Block.ofHost(address, Math.min(1L << bits, 1 << 30), null).buffer();
    }

    /** Gives it back for when what the stream was asked for so far is done. */
    void closeAfter(long stream) {
      if (!closed) {
        closed = true;
        long event = device.driver().createEvent(false);
        device.driver().record(event, stream);
        giveBack(address, bits, event);
      }
    }

    /** Gives it back at once: nothing may run on it any more. */
    @Override
    public void close() {
      if (!closed) {
        closed = true;
        giveBack(address, bits);
      }
    }
  }
}
