package dev.bellows.comm.algorithms;

import dev.bellows.comm.ElementType;
import java.nio.ByteBuffer;

/** Element-wise sums of direct buffers in native order. */
public class Sums {
  /** Elements per block: three blocks stay in the first-level cache. */
  private static final int BLOCK = 1024;

  private final float[] floats = new float[BLOCK];
  private final float[] moreFloats = new float[BLOCK];
  private final double[] doubles = new double[BLOCK];
  private final double[] moreDoubles = new double[BLOCK];
  private final int[] ints = new int[BLOCK];
  private final short[] shorts = new short[BLOCK];

  /**
   * Computes target = left + right over all their bytes; target may be left or right.
   *
   * <p>Through small arrays, because the compiler turns additions of arrays into vector
   * instructions but cannot prove that two direct buffers do not overlap.
   */
  public void add(ElementType type, ByteBuffer left, ByteBuffer right, ByteBuffer target) {
    combine(type, left, right, target, false);
  }

  /** Computes target = max(left, right); NaN wins, +0 is larger than -0. */
  public void max(ElementType type, ByteBuffer left, ByteBuffer right, ByteBuffer target) {
    combine(type, left, right, target, true);
  }

  private void combine(
      ElementType type, ByteBuffer left, ByteBuffer right, ByteBuffer target, boolean max) {
    switch (type) {
      case FLOAT32 -> combineFloats(left, right, target, max);
      case FLOAT64 -> combineDoubles(left, right, target, max);
      case INT64 -> combineLongs(left, right, target, max);
      case BFLOAT16 -> throw new IllegalStateException("combine: BFLOAT16 must be widened before");
    }
  }

  private void combineFloats(ByteBuffer left, ByteBuffer right, ByteBuffer target, boolean max) {
    var l = left.asFloatBuffer();
    var r = right.asFloatBuffer();
    var t = target.asFloatBuffer();
    for (int at = 0, n = t.remaining(); at < n; at += BLOCK) {
      var count = Math.min(BLOCK, n - at);
      l.get(floats, 0, count);
      r.get(moreFloats, 0, count);
      if (max) {
        maxBlock(floats, moreFloats, count);
      } else {
        addBlock(floats, moreFloats, count);
      }
      t.put(floats, 0, count);
    }
  }

  private static void addBlock(float[] left, float[] right, int count) {
    for (var i = 0; i < count; i++) {
      left[i] += right[i];
    }
  }

  private static void maxBlock(float[] left, float[] right, int count) {
    for (var i = 0; i < count; i++) {
      left[i] = Math.max(left[i], right[i]);
    }
  }

  private void combineDoubles(ByteBuffer left, ByteBuffer right, ByteBuffer target, boolean max) {
    var l = left.asDoubleBuffer();
    var r = right.asDoubleBuffer();
    var t = target.asDoubleBuffer();
    for (int at = 0, n = t.remaining(); at < n; at += BLOCK) {
      var count = Math.min(BLOCK, n - at);
      l.get(doubles, 0, count);
      r.get(moreDoubles, 0, count);
      if (max) {
        maxBlock(doubles, moreDoubles, count);
      } else {
        addBlock(doubles, moreDoubles, count);
      }
      t.put(doubles, 0, count);
    }
  }

  private static void addBlock(double[] left, double[] right, int count) {
    for (var i = 0; i < count; i++) {
      left[i] += right[i];
    }
  }

  private static void maxBlock(double[] left, double[] right, int count) {
    for (var i = 0; i < count; i++) {
      left[i] = Math.max(left[i], right[i]);
    }
  }

  private static void combineLongs(
      ByteBuffer left, ByteBuffer right, ByteBuffer target, boolean max) {
    var l = left.asLongBuffer();
    var r = right.asLongBuffer();
    var t = target.asLongBuffer();
    for (int i = 0, n = t.remaining(); i < n; i++) {
      t.put(i, max ? Math.max(l.get(i), r.get(i)) : l.get(i) + r.get(i));
    }
  }

  /** Divides every element by a number of leaves, with one rounding. */
  public void divide(ElementType type, ByteBuffer target, int leaves) {
    switch (type) {
      case FLOAT32 -> {
        var t = target.asFloatBuffer();
        for (int at = 0, n = t.remaining(); at < n; at += BLOCK) {
          var count = Math.min(BLOCK, n - at);
          t.get(at, floats, 0, count);
          for (var i = 0; i < count; i++) {
            floats[i] /= leaves;
          }
          t.put(at, floats, 0, count);
        }
      }
      case FLOAT64 -> {
        var t = target.asDoubleBuffer();
        for (int i = 0, n = t.remaining(); i < n; i++) {
          t.put(i, t.get(i) / leaves);
        }
      }
      default -> throw new IllegalStateException("divide: not for " + type);
    }
  }

  /** Converts BFLOAT16 to FLOAT32, exactly. */
  public void widen(ByteBuffer source, ByteBuffer target) {
    var s = source.asShortBuffer();
    var t = target.asIntBuffer();
    for (int at = 0, n = s.remaining(); at < n; at += BLOCK) {
      var count = Math.min(BLOCK, n - at);
      s.get(at, shorts, 0, count);
      for (var i = 0; i < count; i++) {
        ints[i] = shorts[i] << 16;
      }
      t.put(at, ints, 0, count);
    }
  }

  /** Converts FLOAT32 to BFLOAT16, to nearest, ties to even; a NaN stays one. */
  public void narrow(ByteBuffer source, ByteBuffer target) {
    var s = source.asIntBuffer();
    var t = target.asShortBuffer();
    for (int at = 0, n = t.remaining(); at < n; at += BLOCK) {
      var count = Math.min(BLOCK, n - at);
      s.get(at, ints, 0, count);
      for (var i = 0; i < count; i++) {
        var bits = ints[i];
        var rounded = (bits + 0x7fff + (bits >>> 16 & 1)) >>> 16;
        var nan = (bits & 0x7fffffff) > 0x7f800000;
        shorts[i] = (short) (nan ? bits >>> 16 | 0x40 : rounded);
      }
      t.put(at, shorts, 0, count);
    }
  }
}
