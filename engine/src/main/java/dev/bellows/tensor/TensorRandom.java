package dev.bellows.tensor;

import dev.bellows.autograd.GradMode;
import dev.bellows.backend.RandomKind;
import dev.bellows.memory.DType;
import java.lang.ref.Reference;

/** Random numbers. */
abstract sealed class TensorRandom extends TensorFactories permits TensorViews {
  private Tensor self() {
    return (Tensor) this;
  }

  /** Uniform in [0, 1). */
  public static Tensor rand(Generator generator, DType dtype, long... shape) {
    return empty(dtype, shape).fillRandom(RandomKind.UNIFORM, generator, 0, 1);
  }

  /** Normal with mean 0 and standard deviation 1. */
  public static Tensor randn(Generator generator, DType dtype, long... shape) {
    return empty(dtype, shape).fillRandom(RandomKind.NORMAL, generator, 0, 1);
  }

  /** Overwrites every element with a uniform number in [from, to). */
  public final Tensor uniform_(Generator generator, double from, double to) {
    return fillRandom(RandomKind.UNIFORM, generator, from, to);
  }

  /** Overwrites every element with a normal number. */
  public final Tensor normal_(Generator generator, double mean, double std) {
    return fillRandom(RandomKind.NORMAL, generator, mean, std);
  }

  final Tensor fillRandom(RandomKind kind, Generator generator, double a, double b) {
    if (!self().dtype().isFloatingPoint()) {
      throw new IllegalArgumentException(
          "random: dtype must be floating point; got " + self().dtype());
    }
    Internals.checkInPlace("random", self(), self().requiresGrad() && GradMode.isEnabled());
    if (self().requiresGrad() && GradMode.isEnabled()) {
      try (Tensor numbers = emptyLike(self()).fillRandom(kind, generator, a, b)) {
        return self().copy_(numbers);
      }
    }
    self().strided().storage().bumpVersion();
    Internals.kernels(self()).random(kind, generator.nextKey(), a, b, self().strided());
    Reference.reachabilityFence(self());
    return self();
  }
}
