package dev.bellows.backend.cpu.vector;

import dev.bellows.backend.cpu.Rows;
import dev.bellows.memory.Memory;
import java.nio.ByteBuffer;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Max pooling of channels-last images; the lanes are channels. Requires {@link Lanes#B}. */
final class MaxPoolLoop {
  private static final Warmth WARMTH = new Warmth(15);

  private MaxPoolLoop() {}

  static void run(Rows x, Rows out, Rows positions, Taps taps) {
    long body = taps.channels / Lanes.LANES * Lanes.LANES;
    long each = Math.max(1, body / Lanes.LANES) * taps.offset.length;
    long part = Math.min(taps.windows, 1 + WARMTH.part(taps.windows * each) / each);
    long start = System.nanoTime();
    windows(x, out, positions, taps, 0, part, body);
    if (part < taps.windows) {
      boolean hot = WARMTH.isHot(part * each, System.nanoTime() - start);
      windows(x, out, positions, taps, part, taps.windows, hot ? body : 0);
    }
  }

  private static void windows(
      Rows x, Rows out, Rows positions, Taps taps, long from, long to, long body) {
    for (long window = from; window < to; window++) {
      taps.move(window);
      if (body > 0) {
        vector(x, out, positions, taps, window, body);
      }
      scalar(x, out, positions, taps, window, body, taps.channels);
    }
  }

  private static void vector(Rows x, Rows out, Rows positions, Taps taps, long window, long body) {
    ByteBuffer bufferX = Lanes.buffer(x);
    ByteBuffer bufferOut = Lanes.buffer(out);
    ByteBuffer bufferPositions = Lanes.buffer(positions);
    long atX = Lanes.position(x);
    long first = window * taps.channels;
    long atOut = Lanes.position(out) + 4 * first;
    long atPositions = Lanes.position(positions) + first;
    long[] offset = taps.offset;
    float[] position = taps.position;
    int count = taps.count;
    for (long c = 0; c < body; c += Lanes.LANES) {
      boolean numbers =
          step(
              bufferX,
              atX + 4 * c,
              bufferOut,
              atOut + 4 * c,
              bufferPositions,
              atPositions + c,
              offset,
              position,
              count);
      if (!numbers) {
        // A NaN was propagated into best without winning the comparison; the last NaN is the
        // winner.
        scalar(x, out, positions, taps, window, c, c + Lanes.LANES);
      }
    }
  }

  /**
   * Processes one vector of channels; returns false if it contains NaN. It is a separate method, as
   * short methods are compiled sooner.
   */
  private static boolean step(
      ByteBuffer bufferX,
      long atX,
      ByteBuffer bufferOut,
      long atOut,
      ByteBuffer bufferPositions,
      long atPositions,
      long[] offset,
      float[] position,
      int count) {
    FloatVector best = Lanes.load(bufferX, atX + offset[0]);
    FloatVector winner = FloatVector.broadcast(Lanes.F, position[0]);
    for (int t = 1; t < count; t++) {
      FloatVector v = Lanes.load(bufferX, atX + offset[t]);
      VectorMask<Float> wins = v.compare(VectorOperators.GT, best);
      best = best.max(v);
      winner = winner.blend(position[t], wins);
    }
    Lanes.store(best, bufferOut, atOut);
    Lanes.storeBytes(bytes(winner), bufferPositions, atPositions);
    return !best.compare(VectorOperators.NE, best).anyTrue();
  }

  private static void scalar(
      Rows x, Rows out, Rows positions, Taps taps, long window, long from, long to) {
    for (long c = from; c < to; c++) {
      long address = Lanes.address(x) + 4 * c;
      float best = Memory.getFloat(address + taps.offset[0]);
      float winner = taps.position[0];
      for (int t = 1; t < taps.count; t++) {
        float v = Memory.getFloat(address + taps.offset[t]);
        if (v > best || v != v) {
          winner = taps.position[t];
        }
        best = Math.max(best, v);
      }
      long element = window * taps.channels + c;
      Memory.putFloat(Lanes.address(out) + 4 * element, best);
      Memory.putByte(Lanes.address(positions) + element, (byte) winner);
    }
  }

  /** Converts small integers to bytes: adding 2^23 moves them into the low bits of the float. */
  private static ByteVector bytes(FloatVector numbers) {
    IntVector bits = numbers.add(0x1p23f).reinterpretAsInts();
    return (ByteVector) bits.convertShape(VectorOperators.I2B, Lanes.B, 0);
  }
}
