package dev.bellows.comm;

import java.nio.ByteBuffer;

/** Element-wise sums of direct buffers in native order. */
final class Sums {
  /** Elements per block: three blocks stay in the first-level cache. */
  private static final int BLOCK = 1024;

  private final float[] floats = new float[BLOCK];
  private final float[] moreFloats = new float[BLOCK];
  private final double[] doubles = new double[BLOCK];
  private final double[] moreDoubles = new double[BLOCK];

  /**
   * target = left + right over all their bytes; target may be left or right.
   *
   * <p>Through small arrays, because the compiler turns additions of arrays into vector
   * instructions but cannot prove that two direct buffers do not overlap.
   */
  void add(ElementType type, ByteBuffer left, ByteBuffer right, ByteBuffer target) {
    switch (type) {
      case FLOAT32 -> addFloats(left, right, target);
      case FLOAT64 -> addDoubles(left, right, target);
      case INT64 -> addLongs(left, right, target);
    }
  }

  private void addFloats(ByteBuffer left, ByteBuffer right, ByteBuffer target) {
    var l = left.asFloatBuffer();
    var r = right.asFloatBuffer();
    var t = target.asFloatBuffer();
    for (int at = 0, n = t.remaining(); at < n; at += BLOCK) {
      var count = Math.min(BLOCK, n - at);
      l.get(floats, 0, count);
      r.get(moreFloats, 0, count);
      addBlock(floats, moreFloats, count);
      t.put(floats, 0, count);
    }
  }

  private static void addBlock(float[] left, float[] right, int count) {
    for (var i = 0; i < count; i++) {
      left[i] += right[i];
    }
  }

  private void addDoubles(ByteBuffer left, ByteBuffer right, ByteBuffer target) {
    var l = left.asDoubleBuffer();
    var r = right.asDoubleBuffer();
    var t = target.asDoubleBuffer();
    for (int at = 0, n = t.remaining(); at < n; at += BLOCK) {
      var count = Math.min(BLOCK, n - at);
      l.get(doubles, 0, count);
      r.get(moreDoubles, 0, count);
      addBlock(doubles, moreDoubles, count);
      t.put(doubles, 0, count);
    }
  }

  private static void addBlock(double[] left, double[] right, int count) {
    for (var i = 0; i < count; i++) {
      left[i] += right[i];
    }
  }

  private static void addLongs(ByteBuffer left, ByteBuffer right, ByteBuffer target) {
    var l = left.asLongBuffer();
    var r = right.asLongBuffer();
    var t = target.asLongBuffer();
    for (int i = 0, n = t.remaining(); i < n; i++) {
      t.put(i, l.get(i) + r.get(i));
    }
  }

  /** target = max(left, right); NaN wins, +0 is larger than -0. */
  void max(ElementType type, ByteBuffer left, ByteBuffer right, ByteBuffer target) {
    for (int at = 0, n = target.remaining(); at < n; at += type.bytes()) {
      switch (type) {
        case FLOAT32 -> target.putFloat(at, Math.max(left.getFloat(at), right.getFloat(at)));
        case FLOAT64 -> target.putDouble(at, Math.max(left.getDouble(at), right.getDouble(at)));
        case INT64 -> target.putLong(at, Math.max(left.getLong(at), right.getLong(at)));
      }
    }
  }

  /** Divides every element by a number of leaves, with one rounding. */
  void divide(ElementType type, ByteBuffer target, int leaves) {
    for (int at = 0, n = target.remaining(); at < n; at += type.bytes()) {
      switch (type) {
        case FLOAT32 -> target.putFloat(at, target.getFloat(at) / (float) leaves);
        case FLOAT64 -> target.putDouble(at, target.getDouble(at) / leaves);
        case INT64 -> throw new IllegalStateException("mean: not for INT64");
      }
    }
  }
}
