package dev.bellows.backend.cuda;

import dev.bellows.memory.Strided;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The parameters of a kernel launch, packed in the order of the kernel's struct, with each field
 * aligned to its size. There is one buffer per thread, reused for every launch.
 */
final class Launch {
  private static final int CAPACITY = 4096;
  private static final ThreadLocal<Launch> CURRENT = ThreadLocal.withInitial(Launch::new);

  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(CAPACITY).order(ByteOrder.nativeOrder());

  private Launch() {}

  /** Returns the calling thread's buffer, cleared. */
  static Launch begin() {
    Launch launch = CURRENT.get();
    launch.buffer.clear();
    return launch;
  }

  Launch integer(int value) {
    buffer.putInt(value);
    return this;
  }

  Launch whole(long value) {
    align().putLong(value);
    return this;
  }

  Launch real(double value) {
    align().putDouble(value);
    return this;
  }

  Launch address(long value) {
    return whole(value);
  }

  /** Packs the address of an array's first element. */
  Launch array(Strided a) {
    return whole(a.deviceAddress());
  }

  /** Packs a divisor for kernels, which divide numbers below 2³¹ by it; see {@code divide.cu}. */
  Launch divisor(long by) {
    assert by >= 1 && by <= Integer.MAX_VALUE : by;
    int shift = 64 - Long.numberOfLeadingZeros(by - 1);
    long magic = ((1L << 32) * ((1L << shift) - by)) / by + 1;
    return integer((int) by).integer((int) magic).integer(shift);
  }

  Launch walk(CudaWalk walk) {
    walk.pack(align());
    return this;
  }

  private ByteBuffer align() {
    while (buffer.position() % 8 != 0) {
      buffer.put((byte) 0);
    }
    return buffer;
  }

  /** Returns the packed parameters, from 0 to the limit. */
  ByteBuffer packed() {
    align();
    buffer.flip();
    return buffer;
  }
}
