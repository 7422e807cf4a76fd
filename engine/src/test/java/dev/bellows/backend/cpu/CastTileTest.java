package dev.bellows.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.backend.Kernels;
import dev.bellows.backend.reference.ReferenceKernels;
import dev.bellows.memory.DType;
import dev.bellows.memory.Memory;
import dev.bellows.memory.Storage;
import dev.bellows.memory.Strided;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Conversions of all types to all others, against the reference loops: the same bytes, but for
 * those of NaN.
 */
class CastTileTest {
  private static final Kernels ORACLE = new ReferenceKernels();
  private static final int MANY = 1 << 16;

  private static final double[] SPECIAL = {
    0,
    -0.0,
    0.5,
    -0.5,
    1,
    -1,
    1.5,
    2.5,
    65503.9,
    65504,
    65519.9,
    65520,
    65536,
    -65520,
    6e-8,
    2.9e-8,
    2.98023223876953125e-8,
    5.9604644775390625e-8,
    6.097555160522461e-5,
    6.103515625e-5,
    127.5,
    128,
    255,
    256,
    -129,
    32767.9,
    32768,
    2147483647.0,
    2147483648.0,
    -2147483649.0,
    9.2e18,
    1e19,
    -1e19,
    1e38,
    3.4028235e38,
    1e39,
    1e300,
    1e-40,
    1e-46,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY
  };

  @ParameterizedTest
  @EnumSource(DType.class)
  void convertsAsTheReferenceDoes(DType from) {
    Storage storage = Storage.allocate(MANY * 8L);
    Strided src = row(storage, from, MANY);
    fill(src);
    for (DType to : DType.values()) {
      if (to != from) {
        check(src, to, MANY);
        check(src, to, 1);
        check(src, to, CastTile.SIZE + 5);
      }
    }
    storage.release();
  }

  private static Strided row(Storage storage, DType type, long n) {
    return new Strided(storage, type, new long[] {n}, new long[] {1}, 0);
  }

  /** All bits of 16-bit types; else special values, numbers of all sizes, and random bits. */
  private static void fill(Strided a) {
    Random random = new Random(3);
    DType type = a.dtype();
    for (int i = 0; i < MANY; i++) {
      long at = a.address() + (long) i * type.bytes();
      double number = i < SPECIAL.length ? SPECIAL[i] : number(random, i);
      switch (type) {
        case FLOAT32 -> Memory.putFloat(at, (float) number);
        case FLOAT64 -> Memory.putDouble(at, number);
        case INT64 -> Memory.putLong(at, i < SPECIAL.length ? (long) number : random.nextLong());
        case INT32 -> Memory.putInt(at, i < SPECIAL.length ? (int) number : random.nextInt());
        case FLOAT16, BFLOAT16, INT16 -> Memory.putShort(at, (short) i);
        case BOOL -> Memory.putByte(at, (byte) (i & 1));
        default -> Memory.putByte(at, (byte) i);
      }
    }
  }

  private static double number(Random random, int i) {
    return switch (i % 3) {
      case 0 -> random.nextGaussian() * Math.pow(2, random.nextInt(-30, 20));
      case 1 -> random.nextGaussian() * Math.pow(2, random.nextInt(-150, 127));
      default -> Float.intBitsToFloat(random.nextInt());
    };
  }

  private static void check(Strided src, DType to, int n) {
    Strided in = row(src.storage(), src.dtype(), n);
    Storage fast = Storage.allocate(n * 8L);
    Storage plain = Storage.allocate(n * 8L);
    assertThat(CastLoops.copy(in, row(fast, to, n))).isTrue();
    ORACLE.copy(in, row(plain, to, n));
    for (int i = 0; i < n; i++) {
      long got = bits(fast.address(), to, i);
      long want = bits(plain.address(), to, i);
      if (isNaN(to, got) && isNaN(to, want)) {
        continue;
      }
      assertThat(got)
          .as(
              "%s to %s: element %s, bits %x",
              src.dtype(), to, i, bits(src.address(), src.dtype(), i))
          .isEqualTo(want);
    }
    fast.release();
    plain.release();
  }

  private static boolean isNaN(DType type, long bits) {
    return switch (type) {
      case FLOAT64 -> Double.isNaN(Double.longBitsToDouble(bits));
      case FLOAT32 -> Float.isNaN(Float.intBitsToFloat((int) bits));
      case FLOAT16 -> (bits & 0x7FFF) > 0x7C00;
      case BFLOAT16 -> (bits & 0x7FFF) > 0x7F80;
      default -> false;
    };
  }

  private static long bits(long address, DType type, int i) {
    long at = address + (long) i * type.bytes();
    return switch (type.bytes()) {
      case 8 -> Memory.getLong(at);
      case 4 -> Memory.getInt(at);
      case 2 -> Memory.getShort(at);
      default -> Memory.getByte(at);
    };
  }

  @Test
  void leavesRepeatedAndStridedElementsToOthers() {
    Storage storage = Storage.allocate(64);
    Storage out = Storage.allocate(64);
    Strided repeated = new Strided(storage, DType.FLOAT32, new long[] {8}, new long[] {0}, 0);
    Strided strided = new Strided(storage, DType.FLOAT32, new long[] {8}, new long[] {2}, 0);
    assertThat(CastLoops.copy(repeated, row(out, DType.FLOAT64, 8))).isFalse();
    assertThat(CastLoops.copy(strided, row(out, DType.FLOAT64, 8))).isFalse();
    assertThat(CastLoops.copy(row(storage, DType.FLOAT32, 0), row(out, DType.FLOAT64, 0)))
        .isFalse();
    storage.release();
    out.release();
  }
}
