package dev.bellows.backend.cpu.vector;

import dev.bellows.backend.Philox;
import dev.bellows.backend.RandomKey;
import dev.bellows.backend.cpu.Rows;
import dev.bellows.memory.Memory;
import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Dropout. Philox runs on 64-bit lanes, one counter per lane, since its rounds need the whole
 * 64-bit products. The lanes hold the counters in the order 0, h, 1, h + 1, … (h half the lanes):
 * then one exchange of neighbours brings the four words of each counter next to each other.
 */
final class DropoutLoop {
  private static final VectorSpecies<Long> L = VectorSpecies.of(long.class, Lanes.F.vectorShape());
  private static final int QUADS = L.length();
  private static final long M0 = 0xD2511F53L;
  private static final long M1 = 0xCD9E8D57L;
  private static final int W0 = 0x9E3779B9;
  private static final int W1 = 0xBB67AE85;
  private static final int ROUNDS = 10;
  private static final long MASK = 0xFFFFFFFFL;
  private static final LongVector ORDER = order();
  private static final VectorShuffle<Long> SWAP = VectorShuffle.fromOp(L, i -> i ^ 1);
  private static final VectorMask<Long> ODD = VectorMask.fromLong(L, 0xAAAAAAAAL);

  private DropoutLoop() {}

  private static LongVector order() {
    long[] order = new long[QUADS];
    for (int i = 0; i < QUADS; i++) {
      order[i] = (i & 1) == 0 ? i / 2 : QUADS / 2 + i / 2;
    }
    return LongVector.fromArray(L, order, 0);
  }

  static void run(Rows a, Rows out, long n, double p, RandomKey key) {
    // u < p for u = (word >>> 8) / 2^24 exactly when word >>> 8 < ceil(p * 2^24).
    float threshold = (float) Math.ceil(p * 0x1p24);
    float keep = (float) (1 - p);
    long body = n / (2L * Lanes.LANES) * (2L * Lanes.LANES);
    if (body > 0) {
      vector(a, out, body, threshold, keep, key);
    }
    int rest = (int) (n - body);
    int[] words = new int[rest];
    Philox.words(key, body, rest, words);
    for (int i = 0; i < rest; i++) {
      long skip = 4 * (body + i);
      float x = Memory.getFloat(Lanes.address(a) + skip);
      boolean dropped = (words[i] >>> 8) < threshold;
      Memory.putFloat(Lanes.address(out) + skip, dropped ? 0 : x / keep);
    }
  }

  private static void vector(Rows a, Rows out, long n, float threshold, float keep, RandomKey key) {
    ByteBuffer bufferA = Lanes.buffer(a);
    ByteBuffer bufferOut = Lanes.buffer(out);
    long atA = Lanes.position(a);
    long atOut = Lanes.position(out);
    LongVector sequenceLow = LongVector.broadcast(L, key.sequence() & MASK);
    LongVector sequenceHigh = LongVector.broadcast(L, key.sequence() >>> 32);
    long step = 2L * Lanes.LANES;
    for (long i = 0; i < n; i += step) {
      LongVector quad = ORDER.add(i / 4);
      LongVector c0 = quad.and(MASK);
      LongVector c1 = quad.lanewise(VectorOperators.LSHR, 32);
      LongVector c2 = sequenceLow;
      LongVector c3 = sequenceHigh;
      int k0 = (int) key.seed();
      int k1 = (int) (key.seed() >>> 32);
      for (int round = 0; round < ROUNDS; round++) {
        LongVector p0 = c0.mul(M0);
        LongVector p1 = c2.mul(M1);
        c0 = p1.lanewise(VectorOperators.LSHR, 32).lanewise(VectorOperators.XOR, c1);
        c0 = c0.lanewise(VectorOperators.XOR, k0 & MASK);
        c1 = p1.and(MASK);
        c2 = p0.lanewise(VectorOperators.LSHR, 32).lanewise(VectorOperators.XOR, c3);
        c2 = c2.lanewise(VectorOperators.XOR, k1 & MASK);
        c3 = p0.and(MASK);
        k0 += W0;
        k1 += W1;
      }
      LongVector low = c0.or(c1.lanewise(VectorOperators.LSHL, 32));
      LongVector high = c2.or(c3.lanewise(VectorOperators.LSHL, 32));
      LongVector inner = high.blend(low, ODD).rearrange(SWAP);
      LongVector words0 = low.blend(inner, ODD);
      LongVector words1 = inner.blend(high, ODD);
      long skip = 4 * i;
      FloatVector x0 = Lanes.load(bufferA, atA + skip);
      FloatVector x1 = Lanes.load(bufferA, atA + skip + Lanes.WIDTH);
      Lanes.store(drop(x0, words0, threshold, keep), bufferOut, atOut + skip);
      Lanes.store(drop(x1, words1, threshold, keep), bufferOut, atOut + skip + Lanes.WIDTH);
    }
  }

  private static FloatVector drop(FloatVector x, LongVector words, float threshold, float keep) {
    IntVector top = words.reinterpretAsInts().lanewise(VectorOperators.LSHR, 8);
    FloatVector u = (FloatVector) top.convert(VectorOperators.I2F, 0);
    return x.div(keep).blend(0f, u.compare(VectorOperators.LT, threshold));
  }
}
