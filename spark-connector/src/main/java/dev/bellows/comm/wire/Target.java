package dev.bellows.comm;

import java.nio.ByteBuffer;

/**
 * Where a payload is.
 *
 * @param buffer as many bytes as the payload, from position 0
 */
record Target(ByteBuffer buffer, Held held) {
  static final Target NONE = new Target(ByteBuffer.allocateDirect(0), Held.PLACE);

  /** Whose memory a value lies in. */
  enum Held {
    /** It is where it has to be, and stays as long as the operation. */
    PLACE,
    /** From the scratch pool: the holder gives it back, and may overwrite it. */
    SCRATCH,
    /** It may be read until the call returns. */
    LENT
  }
}
