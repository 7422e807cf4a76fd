package dev.bellows.benchmarks;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * A call of one operation on both sides.
 *
 * @param script the call in TorchScript, of x0, x1 …
 * @param ours the call here
 * @param inputs the arguments, the same on both sides
 */
record OpCase(
    String family,
    String name,
    String script,
    Function<Tensor[], Tensor> ours,
    List<OpCase.Input> inputs) {

  /** An argument of random elements in [low, high); whole numbers where the type has no others. */
  record Input(DType type, double low, double high, long... shape) {
    Input of(long... sizes) {
      return new Input(type, low, high, sizes);
    }

    int numel() {
      long n = 1;
      for (long size : shape) {
        n *= size;
      }
      return Math.toIntExact(n);
    }

    /** Returns the elements, the same for each call with this seed. */
    float[] values(long seed) {
      float[] out = new float[numel()];
      long state = seed;
      for (int i = 0; i < out.length; i++) {
        state = state * 6364136223846793005L + 1442695040888963407L;
        out[i] = (float) (low + (high - low) * (state >>> 40) * 0x1p-24);
        if (!type.isFloatingPoint()) {
          out[i] = (float) Math.floor(out[i]);
        }
      }
      return out;
    }
  }

  /** Returns whether both sides must give the same values. */
  boolean repeats() {
    return !family.equals("random");
  }

  /** Returns the name of a number of elements: 4K, 1M, 16M. */
  static String size(long n) {
    return n >= 1 << 20
        ? String.format(Locale.ROOT, "%dM", n >> 20)
        : String.format(Locale.ROOT, "%dK", n >> 10);
  }
}
