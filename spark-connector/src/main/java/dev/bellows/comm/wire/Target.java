package dev.bellows.comm.wire;

import java.nio.ByteBuffer;

/**
 * Locates a payload.
 *
 * @param buffer as many bytes as the payload, from position 0
 * @param held who owns that memory
 */
public record Target(ByteBuffer buffer, Held held) {
  /** The target of frames without payload. */
  public static final Target NONE = new Target(ByteBuffer.allocateDirect(0), Held.PLACE);

  /** Who owns the memory of a value. */
  public enum Held {
    /** The final place, which stays valid for the whole operation. */
    PLACE,
    /** A buffer of the scratch pool: the holder may overwrite it and returns it. */
    SCRATCH,
    /** Memory that may be read until the call returns. */
    LENT
  }
}
