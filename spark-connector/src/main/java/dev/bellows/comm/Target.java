package dev.bellows.comm;

import java.nio.ByteBuffer;

/**
 * Where a payload is read to.
 *
 * @param buffer as many bytes as the payload, from position 0
 * @param scratch whether it came from the scratch pool, or is the final place
 */
record Target(ByteBuffer buffer, boolean scratch) {
  static final Target NONE = new Target(ByteBuffer.allocateDirect(0), false);
}
