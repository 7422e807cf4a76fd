package dev.bellows.backend.cpu.vector;

import dev.bellows.backend.Specialized;
import dev.bellows.backend.cpu.Rows;
import dev.bellows.memory.Memory;
import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/** Template of {@link UnaryLoop}. A repeated argument is computed once. */
final class UnaryTemplate implements UnaryLoop {
  static final int NEG = 0;
  static final int ABS = 1;
  static final int SQRT = 2;
  static final int RELU = 3;
  static final int RECIPROCAL = 4;
  static final int COPY = 5;

  private static final Warmth WARMTH = new Warmth(40);
  private static final int OP = Specialized.constant(MethodHandles.lookup(), Integer.class);

  /**
   * Computes absolute values by clearing the sign bit, as interpreted Math.abs keeps the sign of
   * NaN.
   */
  private static FloatVector apply(FloatVector x) {
    switch (OP) {
      case NEG:
        return x.neg();
      case ABS:
        return x.reinterpretAsInts().and(Integer.MAX_VALUE).reinterpretAsFloats();
      case SQRT:
        return x.sqrt();
      case RELU:
        return x.max(0f);
      case RECIPROCAL:
        return FloatVector.broadcast(Lanes.F, 1f).div(x);
      default:
        return x;
    }
  }

  private static float apply(float x) {
    switch (OP) {
      case NEG:
        return -x;
      case ABS:
        return Float.intBitsToFloat(Float.floatToRawIntBits(x) & Integer.MAX_VALUE);
      case SQRT:
        return (float) Math.sqrt(x);
      case RELU:
        return Math.max(x, 0f);
      case RECIPROCAL:
        return 1f / x;
      default:
        return x;
    }
  }

  @Override
  public void rows(Rows a, Rows out, long rows, long n) {
    for (long r = 0; r < rows; r++) {
      if (a.repeats()) {
        float x = Memory.getFloat(Lanes.address(a) + r * a.rowBytes());
        FillLoop.row(apply(x), out, r, n);
      } else {
        row(a, out, r, n);
      }
    }
  }

  private static void row(Rows a, Rows out, long r, long n) {
    long skipA = r * a.rowBytes();
    long skipOut = r * out.rowBytes();
    long steps = n / Lanes.LANES;
    long done = WARMTH.part(steps);
    long start = done < steps ? System.nanoTime() : 0;
    vector(a, skipA, out, skipOut, 0, done * Lanes.WIDTH);
    if (done < steps && WARMTH.isHot(done, System.nanoTime() - start)) {
      vector(a, skipA, out, skipOut, done * Lanes.WIDTH, steps * Lanes.WIDTH);
      done = steps;
    }
    long addressA = Lanes.address(a) + skipA;
    long addressOut = Lanes.address(out) + skipOut;
    for (long i = done * Lanes.WIDTH; i < 4 * n; i += 4) {
      Memory.putFloat(addressOut + i, apply(Memory.getFloat(addressA + i)));
    }
  }

  private static void vector(Rows a, long skipA, Rows out, long skipOut, long from, long to) {
    ByteBuffer bufferA = Lanes.buffer(a);
    ByteBuffer bufferOut = Lanes.buffer(out);
    long atA = Lanes.position(a) + skipA;
    long atOut = Lanes.position(out) + skipOut;
    for (long i = from; i < to; i += Lanes.WIDTH) {
      step(bufferA, atA + i, bufferOut, atOut + i);
    }
  }

  /** Processes one vector. It is a separate method, as short methods are compiled sooner. */
  private static void step(ByteBuffer bufferA, long atA, ByteBuffer bufferOut, long atOut) {
    Lanes.store(apply(Lanes.load(bufferA, atA)), bufferOut, atOut);
  }
}
