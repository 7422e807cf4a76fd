package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;

/**
 * Zeroes whole channels of x [n, c, l] or [c, l] with probability p and divides the others by 1 −
 * p, in training; returns x itself in evaluation. Default: p = 0.5. Source: PyTorch's {@code
 * torch.nn.Dropout1d}.
 */
public final class Dropout1d extends DropoutLayer {
  /** Creates a layer with p = 0.5. */
  public Dropout1d() {
    this(0.5);
  }

  /**
   * Creates a layer with the given probability.
   *
   * @throws IllegalArgumentException if p is not in [0, 1]
   */
  public Dropout1d(double p) {
    this(p, null);
  }

  /**
   * Creates a layer with a given generator; null means the thread's default at each call.
   *
   * @throws IllegalArgumentException if p is not in [0, 1]
   */
  public Dropout1d(double p, Generator generator) {
    super(p, generator);
  }

  @Override
  Tensor drop(Tensor x, double p, Generator generator) {
    return Functional.dropout1d(x, p, isTraining(), generator);
  }
}
