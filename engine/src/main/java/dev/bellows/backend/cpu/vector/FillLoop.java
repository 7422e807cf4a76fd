package dev.bellows.backend.cpu.vector;

import dev.bellows.backend.cpu.Rows;
import dev.bellows.memory.Memory;
import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/** Fills out with a value. */
final class FillLoop {
  private FillLoop() {}

  static void row(float value, Rows out, long r, long n) {
    long skip = r * out.rowBytes();
    long body = n / Lanes.LANES * Lanes.WIDTH;
    if (body > 0) {
      ByteBuffer buffer = Lanes.buffer(out);
      long at = Lanes.position(out) + skip;
      FloatVector all = FloatVector.broadcast(Lanes.F, value);
      for (long i = 0; i < body; i += Lanes.WIDTH) {
        Lanes.store(all, buffer, at + i);
      }
    }
    long address = Lanes.address(out) + skip;
    for (long i = body; i < 4 * n; i += 4) {
      Memory.putFloat(address + i, value);
    }
  }
}
