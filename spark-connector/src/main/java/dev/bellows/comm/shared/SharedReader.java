package dev.bellows.comm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The receiver's side of a ring; see {@link SharedWriter}. Confined to the event thread. */
final class SharedReader {
  private final ByteBuffer ring;
  private long read;
  private long told;

  SharedReader(ByteBuffer ring) {
    this.ring = ring;
  }

  /**
   * The payload of the frame that has come, until {@link #release}.
   *
   * @throws CommException ({@code FATAL}) if it is not where the next one must be
   */
  ByteBuffer next(long position, int bytes) {
    var fits = bytes > 0 && bytes <= ring.capacity();
    var start = fits ? SharedWriter.next(read, bytes, ring.capacity()) : read;
    if (!fits || position != start) {
      throw CommException.fatal(
          "frame: a shared payload must lie behind the one before, from "
              + start
              + " in a ring of "
              + ring.capacity()
              + " bytes; got "
              + bytes
              + " bytes from "
              + position);
    }
    return ring.slice((int) (position % ring.capacity()), bytes).order(ByteOrder.nativeOrder());
  }

  /** Nobody reads that payload any more. */
  void release(long position, int bytes) {
    read = position + bytes;
  }

  /** Whether the sender should hear soon how far this side has read. */
  boolean owes() {
    return read - told >= ring.capacity() / 4;
  }

  /** How far this side has read, to be told to the sender. */
  long tell() {
    told = read;
    return read;
  }
}
