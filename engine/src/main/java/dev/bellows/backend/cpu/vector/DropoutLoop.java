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
 * Vectorised dropout. Philox runs on 64-bit lanes, one counter per lane, since its rounds need full
 * 64-bit products. The lanes hold the counters in the order 0, h, 1, h + 1, … (h half the lanes),
 * so that one exchange of neighbouring lanes places the four words of each counter next to each
 * other.
 */
final class DropoutLoop {
  private static final VectorSpecies<Long> L = VectorSpecies.of(long.class, Lanes.F.vectorShape());
  private static final int QUADS = L.length();
  private static final long M0 = 0xD2511F53L;
  private static final long M1 = 0xCD9E8D57L;
  private static final int W0 = 0x9E3779B9;
  private static final int W1 = 0xBB67AE85;
  private static final int ROUNDS = 10;
  private static final long STEP = 2L * Lanes.LANES;
  private static final int WORDS = 4096;
  private static final Warmth WARMTH = new Warmth(250);
  private static final int TWO = 0x40000000;
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
    // u < p for u = (word >>> 8) / 2^24 exactly when word >>> 8 < ceil(p * 2^24). A 24-bit integer
    // placed in the low bits of a float in [2, 4) compares like the integer.
    float threshold = Float.intBitsToFloat(TWO + (int) Math.ceil(p * 0x1p24));
    float keep = (float) (1 - p);
    long body = n / STEP * STEP;
    long part = WARMTH.part(body / STEP) * STEP;
    long start = System.nanoTime();
    vector(a, out, 0, part, threshold, keep, key);
    if (part < body && WARMTH.isHot(part / STEP, System.nanoTime() - start)) {
      vector(a, out, part, body, threshold, keep, key);
      part = body;
    }
    scalar(a, out, part, n, threshold, keep, key);
  }

  private static void scalar(
      Rows a, Rows out, long from, long n, float threshold, float keep, RandomKey key) {
    int[] words = new int[(int) Math.min(WORDS, n - from)];
    for (long first = from; first < n; first += WORDS) {
      int count = (int) Math.min(WORDS, n - first);
      Philox.words(key, first, count, words);
      for (int i = 0; i < count; i++) {
        long skip = 4 * (first + i);
        float x = Memory.getFloat(Lanes.address(a) + skip);
        boolean dropped = Float.intBitsToFloat(TWO | words[i] >>> 8) < threshold;
        Memory.putFloat(Lanes.address(out) + skip, dropped ? 0 : x / keep);
      }
    }
  }

  private static void vector(
      Rows a, Rows out, long from, long to, float threshold, float keep, RandomKey key) {
    ByteBuffer bufferA = Lanes.buffer(a);
    ByteBuffer bufferOut = Lanes.buffer(out);
    long atA = Lanes.position(a);
    long atOut = Lanes.position(out);
    long seed = key.seed();
    long sequence = key.sequence();
    for (long i = from; i < to; i += STEP) {
      step(bufferA, atA + 4 * i, bufferOut, atOut + 4 * i, i / 4, threshold, keep, seed, sequence);
    }
  }

  /**
   * Processes two vectors, starting at word 4 · {@code first}. It is a separate method, as short
   * methods are compiled sooner.
   */
  private static void step(
      ByteBuffer bufferA,
      long atA,
      ByteBuffer bufferOut,
      long atOut,
      long first,
      float threshold,
      float keep,
      long seed,
      long sequence) {
    LongVector quad = ORDER.add(first);
    LongVector c0 = quad.and(MASK);
    LongVector c1 = quad.lanewise(VectorOperators.LSHR, 32);
    LongVector c2 = LongVector.broadcast(L, sequence & MASK);
    LongVector c3 = LongVector.broadcast(L, sequence >>> 32);
    int k0 = (int) seed;
    int k1 = (int) (seed >>> 32);
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
    FloatVector x0 = Lanes.load(bufferA, atA);
    FloatVector x1 = Lanes.load(bufferA, atA + Lanes.WIDTH);
    Lanes.store(drop(x0, words0, threshold, keep), bufferOut, atOut);
    Lanes.store(drop(x1, words1, threshold, keep), bufferOut, atOut + Lanes.WIDTH);
  }

  private static FloatVector drop(FloatVector x, LongVector words, float threshold, float keep) {
    IntVector top = words.reinterpretAsInts().lanewise(VectorOperators.LSHR, 8);
    FloatVector u = top.lanewise(VectorOperators.OR, TWO).reinterpretAsFloats();
    return x.div(keep).blend(0f, u.compare(VectorOperators.LT, threshold));
  }
}
