package dev.bellows.backend.cpu.vector;

import dev.bellows.backend.cpu.Rows;
import dev.bellows.memory.Memory;
import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/** Computes out = a + alpha · b; product and sum are rounded separately. */
final class AddScaledLoop {
  private static final Warmth WARMTH = new Warmth(40);

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
    long steps = n / Lanes.LANES;
    long done = WARMTH.part(steps);
    long start = done < steps ? System.nanoTime() : 0;
    vector(a, skipA, b, skipB, alpha, out, skipOut, 0, done * Lanes.WIDTH);
    if (done < steps && WARMTH.isHot(done, System.nanoTime() - start)) {
      vector(a, skipA, b, skipB, alpha, out, skipOut, done * Lanes.WIDTH, steps * Lanes.WIDTH);
      done = steps;
    }
    long addressA = Lanes.address(a) + skipA;
    long addressB = Lanes.address(b) + skipB;
    long addressOut = Lanes.address(out) + skipOut;
    for (long i = done * Lanes.WIDTH; i < 4 * n; i += 4) {
      float x = Memory.getFloat(addressA + i);
      float y = Memory.getFloat(addressB + i);
      Memory.putFloat(addressOut + i, x + y * alpha);
    }
  }

  private static void vector(
      Rows a,
      long skipA,
      Rows b,
      long skipB,
      float alpha,
      Rows out,
      long skipOut,
      long from,
      long to) {
    ByteBuffer bufferA = Lanes.buffer(a);
    ByteBuffer bufferB = Lanes.buffer(b);
    ByteBuffer bufferOut = Lanes.buffer(out);
    long atA = Lanes.position(a) + skipA;
    long atB = Lanes.position(b) + skipB;
    long atOut = Lanes.position(out) + skipOut;
    for (long i = from; i < to; i += Lanes.WIDTH) {
      step(bufferA, atA + i, bufferB, atB + i, alpha, bufferOut, atOut + i);
    }
  }

  /** Processes one vector. It is a separate method, as short methods are compiled sooner. */
  private static void step(
      ByteBuffer bufferA,
      long atA,
      ByteBuffer bufferB,
      long atB,
      float alpha,
      ByteBuffer bufferOut,
      long atOut) {
    FloatVector x = Lanes.load(bufferA, atA);
    FloatVector y = Lanes.load(bufferB, atB);
    Lanes.store(x.add(y.mul(alpha)), bufferOut, atOut);
  }
}
