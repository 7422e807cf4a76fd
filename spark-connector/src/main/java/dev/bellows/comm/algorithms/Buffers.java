package dev.bellows.comm.algorithms;

import static dev.bellows.errors.Messages.message;

import dev.bellows.comm.CommException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Slices buffers in native order, and checks those that callers pass. */
public final class Buffers {
  private Buffers() {}

  /** Returns all of {@code buffer} from position to limit. */
  static ByteBuffer view(ByteBuffer buffer) {
    return buffer.slice().order(ByteOrder.nativeOrder());
  }

  /** Returns {@code bytes} bytes of {@code buffer} from {@code offset}, counted from its start. */
  public static ByteBuffer slice(ByteBuffer buffer, int offset, int bytes) {
    return buffer.slice(offset, bytes).order(ByteOrder.nativeOrder());
  }

  /** Checks a caller's buffer and gives a view of it. */
  static ByteBuffer checked(String operation, String name, ByteBuffer buffer, int elementBytes) {
    if (!buffer.isDirect()
        || buffer.order() != ByteOrder.nativeOrder()
        || buffer.remaining() % elementBytes != 0) {
      throw CommException.user(
          message(
              "%s: %s must be a direct buffer in native order of a multiple of %s bytes; got %s%s,"
                  + " %s bytes",
              operation,
              name,
              elementBytes,
              buffer.isDirect() ? "direct, " : "heap, ",
              buffer.order(),
              buffer.remaining()));
    }
    return view(buffer);
  }
}
