package dev.bellows.backend.cuda;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.Allocator;
import dev.bellows.memory.Block;
import dev.bellows.memory.Device;
import dev.bellows.memory.OutOfMemoryException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Pinned host buffers, for copies that overlap with the host's work. Sizes are powers of two; a
 * released buffer is cached for the next request of its size. A buffer with copies in progress is
 * released with an event, and reused when the event is complete. Thread-safe.
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

  @Override
  public boolean isPinned() {
    return true;
  }

  /** Returns whether a block was allocated here, so that its release waits for this device. */
  boolean owns(Block block) {
    return block.owner() instanceof Buffer buffer && buffer.memory() == this;
  }

  /** Returns the bytes allocated from the system so far, in use or cached. */
  synchronized long totalBytes() {
    return totalBytes;
  }

  /** Allocates a buffer of at least {@code bytes} bytes. */
  synchronized Buffer take(long bytes) {
    int bits = Math.max(SMALLEST_BITS, 64 - Long.numberOfLeadingZeros(Math.max(1, bytes) - 1));
    poll();
    Long address = free.get(bits).poll();
    if (address == null) {
      address = device.driver().allocateHost(1L << bits);
      if (address == 0) {
        throw new OutOfMemoryException(
            message(
                "allocate: the host must have %s bytes of memory that can be pinned; %s are pinned"
                    + " already",
                1L << bits, totalBytes));
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

  /** A buffer, released by {@link #close}. */
  final class Buffer implements AutoCloseable {
    private final long address;
    private final int bits;
    private boolean closed;

    private Buffer(long address, int bits) {
      this.address = address;
      this.bits = bits;
    }

    private PinnedMemory memory() {
      return PinnedMemory.this;
    }

    long address() {
      return address;
    }

    /** Returns the first 2 GiB of the buffer, in native byte order. */
    ByteBuffer buffer() {
      return Block.ofHost(address, Math.min(1L << bits, 1 << 30), null).buffer();
    }

    /** Releases the buffer once the work submitted to the stream so far is complete. */
    void closeAfter(long stream) {
      if (!closed) {
        closed = true;
        long event = device.driver().createEvent(false);
        device.driver().record(event, stream);
        giveBack(address, bits, event);
      }
    }

    /** Releases the buffer immediately; no work may use it any more. */
    @Override
    public void close() {
      if (!closed) {
        closed = true;
        giveBack(address, bits);
      }
    }
  }
}
