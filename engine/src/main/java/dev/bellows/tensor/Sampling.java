package dev.bellows.tensor;

import dev.bellows.backend.Philox;
import dev.bellows.backend.RandomKey;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.memory.Memory;
import dev.bellows.ops.Types;
import java.lang.ref.Reference;
import java.util.Arrays;

/** Random numbers that are more than one kernel, and the checks of their arguments. */
final class Sampling {
  private Sampling() {}

  static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  static void checkFloating(String operation, DType dtype) {
    require(dtype.isFloatingPoint(), operation + ": dtype must be floating point; got " + dtype);
  }

  static void checkRange(DType dtype, long low, long high) {
    require(
        low < high,
        "random_ expects 'from' to be less than 'to', but got from=" + low + " >= to=" + high);
    long largest =
        switch (dtype) {
          case FLOAT64 -> 1L << 53;
          case FLOAT32 -> 1L << 24;
          case FLOAT16 -> 1L << 11;
          case BFLOAT16 -> 1L << 8;
          default -> dtype.maxValue();
        };
    long smallest = dtype.isFloatingPoint() ? -largest : dtype.minValue();
    require(
        low >= smallest && high - 1 <= largest,
        "random_: from and to - 1 must be within the range of "
            + dtype
            + ", ["
            + smallest
            + ", "
            + largest
            + "]; got ["
            + low
            + ", "
            + high
            + ")");
  }

  /** Fisher and Yates: each place is exchanged with one of those up to it. */
  static Tensor permutation(Generator generator, long n) {
    require(n >= 0, "randperm: n must be non-negative, got " + n);
    Tensor out = Factories.empty("randperm", Device.CPU, DType.INT64, n);
    long order = out.strided().address();
    for (long i = 0; i < n; i++) {
      Memory.putLong(order + 8 * i, i);
    }
    RandomKey key = generator.nextKey();
    int[] words = new int[4];
    for (long i = n - 1; i > 0; i--) {
      Philox.words(key, 2 * i, 2, words);
      long j = Philox.below(words[0], words[1], i + 1);
      long swapped = Memory.getLong(order + 8 * i);
      Memory.putLong(order + 8 * i, Memory.getLong(order + 8 * j));
      Memory.putLong(order + 8 * j, swapped);
    }
    Reference.reachabilityFence(out);
    return out;
  }

  static Tensor bernoulli(Generator generator, Tensor p) {
    checkFloating("bernoulli", p.dtype());
    try (Tensor outside = p.detach().ge(0).mul(p.detach().le(1)).logicalNot();
        Tensor any = outside.any()) {
      require(any.item() == 0, "Expected p_in >= 0 && p_in <= 1 to be true; got " + p.detach());
    }
    try (Tensor u = Tensor.emptyLike(p, DType.FLOAT64).uniform_(generator, 0, 1);
        Tensor wide = p.detach().to(DType.FLOAT64);
        Tensor hit = u.lt(wide)) {
      return hit.to(p.dtype());
    }
  }

  static Tensor normal(Generator generator, Tensor mean, Tensor std) {
    checkFloating("normal", mean.dtype());
    try (Tensor negative = std.detach().lt(0);
        Tensor any = negative.any()) {
      require(any.item() == 0, "normal expects all elements of std >= 0.0; got " + std.detach());
    }
    DType type = Types.promote(mean, std);
    try (Tensor shape = mean.detach().add(std.detach());
        Tensor standard = Tensor.emptyLike(shape, type).normal_(generator, 0, 1)) {
      return standard.mul(std.detach()).add(mean.detach());
    }
  }

  static Tensor multinomial(Generator generator, Tensor weights, int samples, boolean replacement) {
    require(
        weights.dim() == 1 || weights.dim() == 2,
        "prob_dist must be 1 or 2 dim; got " + Arrays.toString(weights.shape()));
    checkFloating("multinomial", weights.dtype());
    int n = Math.toIntExact(weights.size(-1));
    int rows = weights.dim() == 1 ? 1 : Math.toIntExact(weights.size(0));
    require(samples > 0, "cannot sample n_sample <= 0 samples; got " + samples);
    require(
        replacement || samples <= n,
        "cannot sample n_sample > prob_dist.size(-1) samples without replacement; got "
            + samples
            + " of "
            + n);
    double[] all = weights.detach().toDoubleArray();
    long[] shape = weights.dim() == 1 ? new long[] {samples} : new long[] {rows, samples};
    Tensor out = Tensor.empty(DType.INT64, shape);
    RandomKey key = generator.nextKey();
    for (int row = 0; row < rows; row++) {
      double[] left = Arrays.copyOfRange(all, row * n, (row + 1) * n);
      for (int k = 0; k < samples; k++) {
        int[] words = new int[2];
        long at = (long) row * samples + k;
        Philox.words(key, 2 * at, 2, words);
        int chosen = choose(left, words);
        Memory.putLong(out.strided().address() + 8 * at, chosen);
        if (!replacement) {
          left[chosen] = 0;
        }
      }
    }
    return out.to(weights.device());
  }

  /** The index whose part of the sum holds a uniform point. */
  private static int choose(double[] weights, int[] words) {
    double sum = 0;
    for (double weight : weights) {
      require(
          weight >= 0 && weight < Double.POSITIVE_INFINITY,
          "probability tensor contains either `inf`, `nan` or element < 0; got " + weight);
      sum += weight;
    }
    require(
        sum > 0, "invalid multinomial distribution (sum of probabilities <= 0): too few weights");
    double point = (((long) words[0] << 32 | words[1] & 0xFFFFFFFFL) >>> 11) * 0x1p-53 * sum;
    int last = 0;
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 0) {
        last = i;
        if (point < weights[i]) {
          return i;
        }
        point -= weights[i];
      }
    }
    return last;
  }
}
