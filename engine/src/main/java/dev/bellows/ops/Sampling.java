package dev.bellows.ops;

import dev.bellows.backend.Philox;
import dev.bellows.backend.RandomKey;
import dev.bellows.backend.RandomKind;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.memory.Memory;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import java.lang.ref.Reference;
import java.util.Arrays;

/**
 * Random numbers. Each call takes one draw of its generator, by default the thread's. The numbers
 * depend on seed and draw alone; for the same seed they differ from PyTorch's.
 */
public final class Sampling {
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
    long largest = dtype.isFloatingPoint() ? 1L << dtype.precision() : dtype.maxValue();
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

  /**
   * Overwrites all elements with uniform numbers in [0, 1) and gives this back.
   *
   * @throws IllegalArgumentException if this is not floating point, or from is above to
   */
  public static Tensor uniform_(Tensor self) {
    return uniform_(self, Generator.current(), 0, 1);
  }

  /**
   * Overwrites all elements with uniform numbers in [from, to) and gives this back.
   *
   * @throws IllegalArgumentException if this is not floating point, or from is above to
   */
  public static Tensor uniform_(Tensor self, double from, double to) {
    return uniform_(self, Generator.current(), from, to);
  }

  /**
   * Overwrites all elements with uniform numbers in [from, to) and gives this back.
   *
   * @throws IllegalArgumentException if this is not floating point, or from is above to
   */
  public static Tensor uniform_(Tensor self, Generator generator, double from, double to) {
    require(
        from <= to,
        "uniform_ expects to return a [from, to) range, but found from=" + from + " > to=" + to);
    checkFloating("uniform_", self.dtype());
    return fill("uniform_", RandomKind.UNIFORM, self, generator, from, to);
  }

  /**
   * Overwrites all elements with standard normal numbers and gives this back.
   *
   * @throws IllegalArgumentException if this is not floating point, or std is negative
   */
  public static Tensor normal_(Tensor self) {
    return normal_(self, Generator.current(), 0, 1);
  }

  /**
   * Overwrites all elements with normal numbers and gives this back.
   *
   * @throws IllegalArgumentException if this is not floating point, or std is negative
   */
  public static Tensor normal_(Tensor self, double mean, double std) {
    return normal_(self, Generator.current(), mean, std);
  }

  /**
   * Overwrites all elements with normal numbers and gives this back.
   *
   * @throws IllegalArgumentException if this is not floating point, or std is negative
   */
  public static Tensor normal_(Tensor self, Generator generator, double mean, double std) {
    require(std >= 0, "normal expects std >= 0.0, but found std " + std);
    checkFloating("normal_", self.dtype());
    return fill("normal_", RandomKind.NORMAL, self, generator, mean, std);
  }

  /**
   * Overwrites all elements with 1 (with probability p) or 0 and gives this back.
   *
   * @throws IllegalArgumentException if p is outside [0, 1]
   */
  public static Tensor bernoulli_(
      Tensor self, double p, @Default("Generator.current()") Generator generator) {
    require(p >= 0 && p <= 1, "bernoulli_ expects p to be in [0, 1], but got p=" + p);
    return fill("bernoulli_", RandomKind.BERNOULLI, self, generator, p, 0);
  }

  /**
   * Overwrites all elements with integers, uniform in [low, high), and gives this back.
   *
   * @throws IllegalArgumentException if the range is empty, or not within that of the element type
   */
  public static Tensor random_(Tensor self, long low, long high) {
    return random_(self, Generator.current(), low, high);
  }

  /**
   * Overwrites all elements with integers, uniform in [low, high), and gives this back.
   *
   * @throws IllegalArgumentException if the range is empty, or not within that of the element type
   */
  public static Tensor random_(Tensor self, Generator generator, long low, long high) {
    checkRange(self.dtype(), low, high);
    return Overwriting.by(
        "random_",
        self,
        t ->
            Internals.kernels(t).randomIntegers(generator.nextKey(), low, high - low, t.strided()));
  }

  /**
   * Overwrites all elements with exponentially distributed numbers and gives this back.
   *
   * @param rate above 0
   * @throws IllegalArgumentException if this is not floating point, or rate is not above 0
   */
  public static Tensor exponential_(
      Tensor self, double rate, @Default("Generator.current()") Generator generator) {
    require(rate > 0, "exponential_ expects lambda > 0.0, but found lambda=" + rate);
    try (Tensor u = uniformFor("exponential_", self, generator);
        Tensor rest = u.neg().add(1);
        Tensor out = rest.log().div(-rate)) {
      return Copy.into("exponential_", self, out);
    }
  }

  /**
   * Overwrites all elements with e to the power of normal numbers and gives this back.
   *
   * @throws IllegalArgumentException if this is not floating point, or std is not above 0
   */
  public static Tensor logNormal_(Tensor self, double mean, double std) {
    require(std > 0, "log_normal_ expects std > 0.0, but found std=" + std);
    checkFloating("logNormal_", self.dtype());
    try (Tensor normal = Tensor.emptyLike(self, DType.FLOAT64).normal_(mean, std);
        Tensor out = normal.exp()) {
      return Copy.into("logNormal_", self, out);
    }
  }

  /**
   * Overwrites all elements with Cauchy distributed numbers and gives this back.
   *
   * @throws IllegalArgumentException if this is not floating point, or sigma is not above 0
   */
  public static Tensor cauchy_(Tensor self, double median, double sigma) {
    require(sigma > 0, "cauchy_ expects sigma > 0.0, but found sigma=" + sigma);
    try (Tensor u = uniformFor("cauchy_", self, Generator.current());
        Tensor angle = u.sub(0.5).mul(Math.PI);
        Tensor out = angle.sin().div(angle.cos()).mul(sigma).add(median)) {
      return Copy.into("cauchy_", self, out);
    }
  }

  /**
   * Overwrites all elements with the number of trials until the first success, which has
   * probability p, and gives this back.
   *
   * @throws IllegalArgumentException if p is outside (0, 1)
   */
  public static Tensor geometric_(Tensor self, double p) {
    require(p > 0 && p < 1, "geometric_ expects p to be in (0, 1), but got p=" + p);
    try (Tensor u = Tensor.emptyLike(self, DType.FLOAT64).uniform_()) {
      double[] values = u.toDoubleArray();
      for (int i = 0; i < values.length; i++) {
        values[i] = Math.max(1, Math.ceil(StrictMath.log1p(-values[i]) / StrictMath.log1p(-p)));
      }
      try (Tensor out = Tensor.of(values, self.shape()).to(self.device())) {
        return Copy.into("geometric_", self, out);
      }
    }
  }

  private static Tensor uniformFor(String operation, Tensor self, Generator generator) {
    checkFloating(operation, self.dtype());
    return Tensor.emptyLike(self, DType.FLOAT64).uniform_(generator, 0, 1);
  }

  private static Tensor fill(
      String operation, RandomKind kind, Tensor self, Generator generator, double a, double b) {
    return Overwriting.by(
        operation,
        self,
        t -> Internals.kernels(t).random(kind, generator.nextKey(), a, b, t.strided()));
  }

  /**
   * Returns INT64 0 … n − 1 in random order. Fisher and Yates: each place is exchanged with one of
   * those up to it.
   */
  public static Tensor permutation(Generator generator, long n) {
    require(n >= 0, "randperm: n must be non-negative, got " + n);
    Dims.times("randperm", n, DType.INT64.bytes());
    Tensor out = Internals.allocate(Device.CPU, DType.INT64, n);
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

  /** Draws 1 with the probability that each element of p gives, else 0. */
  public static Tensor bernoulli(Generator generator, Tensor p) {
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

  /** Draws normal numbers with means and standard deviations by element, broadcast. */
  public static Tensor normal(Generator generator, Tensor mean, Tensor std) {
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

  /** Draws INT64 indices with probabilities in proportion to weights [n] or [rows, n]. */
  public static Tensor multinomial(
      Generator generator, Tensor weights, int samples, boolean replacement) {
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
    int[] words = new int[2];
    for (int row = 0; row < rows; row++) {
      WeightTree left = new WeightTree(all, row * n, (row + 1) * n);
      for (int k = 0; k < samples; k++) {
        long at = (long) row * samples + k;
        Philox.words(key, 2 * at, 2, words);
        int chosen = left.find((((long) words[0] << 32 | words[1] & 0xFFFFFFFFL) >>> 11) * 0x1p-53);
        Memory.putLong(out.strided().address() + 8 * at, chosen);
        if (!replacement) {
          left.remove(chosen);
        }
      }
    }
    return out.to(weights.device());
  }
}
