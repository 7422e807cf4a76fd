package dev.bellows.backend.cpu.vector;

import dev.bellows.backend.cpu.Rows;
import dev.bellows.memory.Memory;
import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/** Computes out = a + alpha · b; product and sum are rounded separately. */
final class AddScaledLoop {
  private AddScaledLoop() {}

  static void rows(Rows a, Rows b, float alpha, Rows out, long rows, long n) {
    for (long r = 0; r < rows; r++) {
      row(a, b, alpha, out, r, n);
    }
  }

  private static void row(Rows a, Rows b, float alpha, Rows out, long r, long n) {
    long skipA = r * a.rowBytes();
    long skipB = r * b.rowBytes();
    long skipOut = r * out.rowBytes();
    long body = n / Lanes.LANES * Lanes.WIDTH;
    if (body > 0) {
      ByteBuffer bufferA = Lanes.buffer(a);
      ByteBuffer bufferB = Lanes.buffer(b);
      ByteBuffer bufferOut = Lanes.buffer(out);
      long atA = Lanes.position(a) + skipA;
      long atB = Lanes.position(b) + skipB;
      long atOut = Lanes.position(out) + skipOut;
      FloatVector factor = FloatVector.broadcast(Lanes.F, alpha);
      for (long i = 0; i < body; i += Lanes.WIDTH) {
        FloatVector x = Lanes.load(bufferA, atA + i);
        FloatVector y = Lanes.load(bufferB, atB + i);
        Lanes.store(x.add(y.mul(factor)), bufferOut, atOut + i);
      }
    }
    long addressA = Lanes.address(a) + skipA;
    long addressB = Lanes.address(b) + skipB;
    long addressOut = Lanes.address(out) + skipOut;
    for (long i = body; i < 4 * n; i += 4) {
      float x = Memory.getFloat(addressA + i);
      float y = Memory.getFloat(addressB + i);
      Memory.putFloat(addressOut + i, x + y * alpha);
    }
  }
}
