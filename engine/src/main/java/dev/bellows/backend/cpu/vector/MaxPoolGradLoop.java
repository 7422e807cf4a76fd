package dev.bellows.backend.cpu.vector;

import dev.bellows.backend.Pool2dArgs;
import dev.bellows.backend.cpu.Rows;
import dev.bellows.memory.Memory;
import java.nio.ByteBuffer;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Gradient of max pooling, channels-last; see {@link MaxPoolLoop}. */
final class MaxPoolGradLoop {
  private static final VectorSpecies<Integer> I =
      VectorSpecies.of(int.class, Lanes.F.vectorShape());

  private static final Warmth WARMTH = new Warmth(15);

  private MaxPoolGradLoop() {}

  static void run(
      Rows gradOut, Rows positions, Rows gradX, long[] sizes, Pool2dArgs args, Taps taps) {
    // Windows that do not overlap write each element once; overlapping ones accumulate into zeros.
    boolean apart = args.strideH() >= args.kernelH() && args.strideW() >= args.kernelW();
    boolean covers =
        apart
            && sizes[4] * args.kernelH() == sizes[2]
            && sizes[5] * args.kernelW() == sizes[3]
            && args.padH() == 0
            && args.padW() == 0;
    if (!covers) {
      long bytes = 4 * sizes[0] * sizes[1] * sizes[2] * sizes[3];
      Memory.set(Lanes.address(gradX), bytes, (byte) 0);
    }
    long body = taps.channels / Lanes.LANES * Lanes.LANES;
    long each = Math.max(1, body / Lanes.LANES) * taps.offset.length;
    long part = Math.min(taps.windows, 1 + WARMTH.part(taps.windows * each) / each);
    long start = System.nanoTime();
    windows(gradOut, positions, gradX, taps, 0, part, body, apart);
    if (part < taps.windows) {
      boolean hot = WARMTH.isHot(part * each, System.nanoTime() - start);
      windows(gradOut, positions, gradX, taps, part, taps.windows, hot ? body : 0, apart);
    }
  }

  private static void windows(
      Rows gradOut,
      Rows positions,
      Rows gradX,
      Taps taps,
      long from,
      long to,
      long body,
      boolean apart) {
    for (long window = from; window < to; window++) {
      taps.move(window);
      if (body > 0) {
        vector(gradOut, positions, gradX, taps, window, body, apart);
      }
      scalar(gradOut, positions, gradX, taps, window, body, apart);
    }
  }

  private static void vector(
      Rows gradOut, Rows positions, Rows gradX, Taps taps, long window, long body, boolean apart) {
    ByteBuffer bufferX = Lanes.buffer(gradX);
    ByteBuffer bufferOut = Lanes.buffer(gradOut);
    ByteBuffer bufferPositions = Lanes.buffer(positions);
    long atX = Lanes.position(gradX);
    long first = window * taps.channels;
    long atOut = Lanes.position(gradOut) + 4 * first;
    long atPositions = Lanes.position(positions) + first;
    long[] offset = taps.offset;
    float[] position = taps.position;
    int count = taps.count;
    for (long c = 0; c < body; c += Lanes.LANES) {
      step(
          bufferOut,
          atOut + 4 * c,
          bufferPositions,
          atPositions + c,
          bufferX,
          atX + 4 * c,
          offset,
          position,
          count,
          apart);
    }
  }

  /**
   * Processes one vector of channels. It is a separate method, as short methods are compiled
   * sooner.
   */
  private static void step(
      ByteBuffer bufferOut,
      long atOut,
      ByteBuffer bufferPositions,
      long atPositions,
      ByteBuffer bufferX,
      long atX,
      long[] offset,
      float[] position,
      int count,
      boolean apart) {
    FloatVector g = Lanes.load(bufferOut, atOut);
    FloatVector winner = floats(Lanes.loadBytes(bufferPositions, atPositions));
    for (int t = 0; t < count; t++) {
      long at = atX + offset[t];
      VectorMask<Float> wins = winner.compare(VectorOperators.EQ, position[t]);
      FloatVector share = FloatVector.zero(Lanes.F).blend(g, wins);
      Lanes.store(apart ? share : Lanes.load(bufferX, at).add(share), bufferX, at);
    }
  }

  private static void scalar(
      Rows gradOut, Rows positions, Rows gradX, Taps taps, long window, long from, boolean apart) {
    for (long c = from; c < taps.channels; c++) {
      long element = window * taps.channels + c;
      int winner = Memory.getByte(Lanes.address(positions) + element) & 0xFF;
      float g = Memory.getFloat(Lanes.address(gradOut) + 4 * element);
      for (int t = 0; t < taps.count; t++) {
        long at = Lanes.address(gradX) + taps.offset[t] + 4 * c;
        float share = taps.position[t] == winner ? g : 0;
        Memory.putFloat(at, apart ? share : Memory.getFloat(at) + share);
      }
    }
  }

  /** Converts bytes to floats: places them in the low bits of 2^23, then subtracts 2^23. */
  private static FloatVector floats(ByteVector bytes) {
    IntVector ints = ((IntVector) bytes.convertShape(VectorOperators.B2I, I, 0)).and(0xFF);
    return ints.lanewise(VectorOperators.OR, 0x4B000000).reinterpretAsFloats().sub(0x1p23f);
  }
}
