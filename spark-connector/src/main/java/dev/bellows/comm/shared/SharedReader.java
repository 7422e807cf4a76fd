package dev.bellows.comm.shared;

import static dev.bellows.errors.Messages.message;

import dev.bellows.comm.CommException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The receiver's side of a ring; see {@link SharedWriter}. Confined to the event thread. */
public final class SharedReader {
  private final ByteBuffer ring;
  private long read;
  private long told;

  /** Reads a ring that the peer writes. */
  public SharedReader(ByteBuffer ring) {
    this.ring = ring;
  }

  /**
   * Returns the payload of the frame that has arrived, valid until {@link #release}.
   *
   * @throws CommException ({@code FATAL}) if it is not where the next one must be
   */
  public ByteBuffer next(long position, int bytes) {
    var fits = bytes > 0 && bytes <= ring.capacity();
    var start = fits ? SharedWriter.next(read, bytes, ring.capacity()) : read;
    if (!fits || position != start) {
      throw CommException.fatal(
          message(
              "frame: a shared payload must lie behind the one before, from %s in a ring of %s"
                  + " bytes; got %s bytes from %s",
              start, ring.capacity(), bytes, position));
    }
    return ring.slice((int) (position % ring.capacity()), bytes).order(ByteOrder.nativeOrder());
  }

  /** Frees the place of a payload, which must not be read any more. */
  public void release(long position, int bytes) {
    read = position + bytes;
  }

  /** Returns whether the sender should soon learn how far this side has read. */
  public boolean owes() {
    return read - told >= ring.capacity() / 4;
  }

  /** Returns how far this side has read, which the caller sends to the peer. */
  public long tell() {
    told = read;
    return read;
  }
}
