package dev.bellows.backend.cpu.vector;

import dev.bellows.backend.Specialized;
import dev.bellows.backend.cpu.Rows;
import dev.bellows.memory.Memory;
import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/** Template of {@link ReduceLoop} for maximum and minimum; NaN propagates. */
final class MaxTemplate implements ReduceLoop {
  static final int MAX = 0;
  static final int MIN = 1;

  private static final int OP = Specialized.constant(MethodHandles.lookup(), Integer.class);
  private static final float IDENTITY =
      OP == MAX ? Float.NEGATIVE_INFINITY : Float.POSITIVE_INFINITY;

  private static FloatVector apply(FloatVector x, FloatVector y) {
    return OP == MAX ? x.max(y) : x.min(y);
  }

  private static float apply(float x, float y) {
    return OP == MAX ? Math.max(x, y) : Math.min(x, y);
  }

  @Override
  public void rows(Rows a, Rows out, long rows, long n) {
    float[] parts = new float[Lanes.LANES];
    for (long r = 0; r < rows; r++) {
      long skip = r * a.rowBytes();
      long body = n / Lanes.LANES * Lanes.WIDTH;
      float result = body == 0 ? IDENTITY : vector(a, skip, body, parts);
      long address = Lanes.address(a) + skip;
      for (long i = body; i < 4 * n; i += 4) {
        result = apply(result, Memory.getFloat(address + i));
      }
      Memory.putFloat(Lanes.address(out) + r * out.rowBytes(), result);
    }
  }

  private static float vector(Rows a, long skip, long body, float[] parts) {
    ByteBuffer buffer = Lanes.buffer(a);
    long position = Lanes.position(a) + skip;
    FloatVector s0 = FloatVector.broadcast(Lanes.F, IDENTITY);
    FloatVector s1 = s0;
    long pairs = body - body % (2 * Lanes.WIDTH);
    for (long i = 0; i < pairs; i += 2 * Lanes.WIDTH) {
      s0 = apply(s0, Lanes.load(buffer, position + i));
      s1 = apply(s1, Lanes.load(buffer, position + i + Lanes.WIDTH));
    }
    if (pairs < body) {
      s0 = apply(s0, Lanes.load(buffer, position + pairs));
    }
    apply(s0, s1).intoArray(parts, 0);
    float result = IDENTITY;
    for (int i = 0; i < Lanes.LANES; i++) {
      result = apply(result, parts[i]);
    }
    return result;
  }

  @Override
  public void columns(Rows a, Rows out, long rows, long n) {
    long body = n / Lanes.LANES * Lanes.WIDTH;
    for (long j = 0; j < body; j += Lanes.WIDTH) {
      vectorColumn(a, out, rows, j);
    }
    for (long j = body; j < 4 * n; j += 4) {
      long p = Lanes.address(a) + j;
      float t = IDENTITY;
      for (long r = 0; r < rows; r++) {
        t = apply(t, Memory.getFloat(p));
        p += a.rowBytes();
      }
      Memory.putFloat(Lanes.address(out) + j, t);
    }
  }

  private static void vectorColumn(Rows a, Rows out, long rows, long j) {
    ByteBuffer buffer = Lanes.buffer(a);
    long p = Lanes.position(a) + j;
    FloatVector t = FloatVector.broadcast(Lanes.F, IDENTITY);
    for (long r = 0; r < rows; r++) {
      t = apply(t, Lanes.load(buffer, p));
      p += a.rowBytes();
    }
    Lanes.store(t, Lanes.buffer(out), Lanes.position(out) + j);
  }
}
