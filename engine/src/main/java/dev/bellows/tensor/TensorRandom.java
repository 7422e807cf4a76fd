package dev.bellows.tensor;

import dev.bellows.autograd.GradMode;
import dev.bellows.backend.RandomKind;
import dev.bellows.memory.DType;
import dev.bellows.ops.Copy;
import java.lang.ref.Reference;

/**
 * Random numbers. Each method takes a {@link Generator}, or uses the thread's default one; each
 * call takes one draw of it. The numbers depend on seed and draw alone; for the same seed they are
 * others than PyTorch's.
 */
abstract sealed class TensorRandom extends TensorFactories permits TensorViews {
  private Tensor self() {
    return (Tensor) this;
  }

  // ---- new tensors

  // ---- in place

  /** Overwrites every element with a uniform number in [0, 1). */
  public final Tensor uniform_() {
    return uniform_(Generator.current(), 0, 1);
  }

  /** Overwrites every element with a uniform number in [from, to). */
  public final Tensor uniform_(double from, double to) {
    return uniform_(Generator.current(), from, to);
  }

  /** Overwrites every element with a uniform number in [from, to). */
  public final Tensor uniform_(Generator generator, double from, double to) {
    Sampling.require(
        from <= to,
        "uniform_ expects to return a [from, to) range, but found from=" + from + " > to=" + to);
    return fillRandom("uniform_", RandomKind.UNIFORM, generator, from, to);
  }

  /** Overwrites every element with a standard normal number. */
  public final Tensor normal_() {
    return normal_(Generator.current(), 0, 1);
  }

  /** Overwrites every element with a normal number. */
  public final Tensor normal_(double mean, double std) {
    return normal_(Generator.current(), mean, std);
  }

  /** Overwrites every element with a normal number. */
  public final Tensor normal_(Generator generator, double mean, double std) {
    Sampling.require(std >= 0, "normal expects std >= 0.0, but found std " + std);
    return fillRandom("normal_", RandomKind.NORMAL, generator, mean, std);
  }

  /** Overwrites every element with 1 (probability p) or 0. */
  public final Tensor bernoulli_(double p) {
    return bernoulli_(p, Generator.current());
  }

  /** Overwrites every element with 1 (probability p) or 0. */
  public final Tensor bernoulli_(double p, Generator generator) {
    Sampling.require(p >= 0 && p <= 1, "bernoulli_ expects p to be in [0, 1], but got p=" + p);
    return fillRandom("bernoulli_", RandomKind.BERNOULLI, generator, p, 0);
  }

  /** Overwrites every element with a whole number in [low, high). */
  public final Tensor random_(long low, long high) {
    return random_(Generator.current(), low, high);
  }

  /** Overwrites every element with a whole number in [low, high). */
  public final Tensor random_(Generator generator, long low, long high) {
    Sampling.checkRange(self().dtype(), low, high);
    return overwrite(
        "random_",
        t ->
            Internals.kernels(t).randomIntegers(generator.nextKey(), low, high - low, t.strided()));
  }

  /** Overwrites every element with an exponential number of the given rate. */
  public final Tensor exponential_(double rate) {
    return exponential_(rate, Generator.current());
  }

  /** Overwrites every element with an exponential number of the given rate. */
  public final Tensor exponential_(double rate, Generator generator) {
    Sampling.require(rate > 0, "exponential_ expects lambda > 0.0, but found lambda=" + rate);
    try (Tensor u = uniformFor("exponential_", generator);
        Tensor rest = u.neg().add(1);
        Tensor out = rest.log().div(-rate)) {
      return Copy.into("exponential_", self(), out);
    }
  }

  /** Overwrites every element with e to the power of a normal number. */
  public final Tensor logNormal_(double mean, double std) {
    Sampling.require(std > 0, "log_normal_ expects std > 0.0, but found std=" + std);
    Sampling.checkFloating("logNormal_", self().dtype());
    try (Tensor normal = Tensor.emptyLike(self(), DType.FLOAT64).normal_(mean, std);
        Tensor out = normal.exp()) {
      return Copy.into("logNormal_", self(), out);
    }
  }

  /** Overwrites every element with a Cauchy number. */
  public final Tensor cauchy_(double median, double sigma) {
    Sampling.require(sigma > 0, "cauchy_ expects sigma > 0.0, but found sigma=" + sigma);
    try (Tensor u = uniformFor("cauchy_", Generator.current());
        Tensor angle = u.sub(0.5).mul(Math.PI);
        Tensor out = angle.sin().div(angle.cos()).mul(sigma).add(median)) {
      return Copy.into("cauchy_", self(), out);
    }
  }

  /** Overwrites every element with the number of trials until the first success. */
  public final Tensor geometric_(double p) {
    Sampling.require(p > 0 && p < 1, "geometric_ expects p to be in (0, 1), but got p=" + p);
    try (Tensor u = Tensor.emptyLike(self(), DType.FLOAT64).uniform_()) {
      double[] values = u.toDoubleArray();
      for (int i = 0; i < values.length; i++) {
        values[i] = Math.max(1, Math.ceil(StrictMath.log1p(-values[i]) / StrictMath.log1p(-p)));
      }
      try (Tensor out = Tensor.of(values, self().shape()).to(self().device())) {
        return Copy.into("geometric_", self(), out);
      }
    }
  }

  private Tensor uniformFor(String operation, Generator generator) {
    Sampling.checkFloating(operation, self().dtype());
    return Tensor.emptyLike(self(), DType.FLOAT64).uniform_(generator, 0, 1);
  }

  private Tensor fillRandom(
      String operation, RandomKind kind, Generator generator, double a, double b) {
    if (kind != RandomKind.BERNOULLI) {
      Sampling.checkFloating(operation, self().dtype());
    }
    return overwrite(
        operation, t -> Internals.kernels(t).random(kind, generator.nextKey(), a, b, t.strided()));
  }

  private interface Fill {
    void accept(Tensor target);
  }

  private Tensor overwrite(String operation, Fill fill) {
    Tensor self = self();
    boolean recording = GradMode.isEnabled() && self.requiresGrad();
    Internals.checkInPlace(operation, self, recording);
    if (recording) {
      try (Tensor numbers = Tensor.emptyLike(self)) {
        fill.accept(numbers);
        return Copy.into(operation, self, numbers);
      }
    }
    self.strided().storage().bumpVersion();
    fill.accept(self);
    Reference.reachabilityFence(self);
    return self;
  }
}
