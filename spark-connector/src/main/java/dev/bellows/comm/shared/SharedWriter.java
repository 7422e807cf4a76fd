package dev.bellows.comm.shared;

import static dev.bellows.errors.Messages.message;

import dev.bellows.comm.CommException;
import java.nio.ByteBuffer;

/**
 * The sender's side of a ring: payloads are copied to it and stay until the receiver has read them.
 * Confined to the event thread. Why the receiver sees the bytes: they are written before the frame
 * is given to the socket, and read after it has come from there; both are system calls that
 * synchronize, and no compiler moves memory accesses across them. The same holds the other way for
 * what has been read.
 */
public final class SharedWriter {
  private final ByteBuffer ring;
  private final int largest;
  private long written;
  private long read;

  /**
   * Writes to a ring that the peer reads.
   *
   * @param largest the largest payload; the ring must hold four
   */
  public SharedWriter(ByteBuffer ring, int largest) {
    this.ring = ring;
    this.largest = largest;
  }

  /**
   * Returns the position of the next payload after {@code position}: aligned, not across the end.
   */
  static long next(long position, int bytes, int ringBytes) {
    var start = (position + 63) & -64;
    var left = ringBytes - start % ringBytes;
    return bytes <= left ? start : start + left;
  }

  /**
   * Returns whether there is room for any payload. If not, there will be: the receiver reads
   * everything, and acknowledges it at the latest after every quarter of the ring; a largest
   * payload with the bytes it skips takes at most half of the ring.
   */
  public boolean hasRoom() {
    return fits(next(written, largest, ring.capacity()), largest);
  }

  private boolean fits(long position, int bytes) {
    return position + bytes - read <= ring.capacity();
  }

  /** Copies a payload to the ring; its position, or -1 if there is no room. */
  public long put(ByteBuffer payload) {
    var bytes = payload.remaining();
    var position = next(written, bytes, ring.capacity());
    if (!fits(position, bytes)) {
      return -1;
    }
    ring.slice((int) (position % ring.capacity()), bytes).put(payload.duplicate());
    written = position + bytes;
    return position;
  }

  /**
   * Records that the receiver has read so far.
   *
   * @throws CommException ({@code FATAL}) if that cannot be
   */
  public void read(long position) {
    if (position < read || position > written) {
      throw CommException.fatal(
          message(
              "frame: what is read of the shared ring must be %s..%s; got %s",
              read, written, position));
    }
    read = position;
  }
}
