package dev.bellows.comm.wire;

import java.nio.ByteBuffer;

/**
 * Where a payload is.
 *
 * @param buffer as many bytes as the payload, from position 0
 * @param held whose memory that is
 */
public record Target(ByteBuffer buffer, Held held) {
  /** Of frames without payload. */
  public static final Target NONE = new Target(ByteBuffer.allocateDirect(0), Held.PLACE);

  /** Whose memory a value lies in. */
  public enum Held {
    /** It is where it has to be, and stays as long as the operation. */
    PLACE,
    /** From the scratch pool: the holder gives it back, and may overwrite it. */
    SCRATCH,
    /** It may be read until the call returns. */
    LENT
  }
}
