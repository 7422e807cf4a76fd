package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;

/**
 * Sets each element with probability p to the limit of SELU and scales all so that mean 0 and
 * variance 1 stay, in training; returns x itself in evaluation. Default: p = 0.5. Source: PyTorch's
 * {@code torch.nn.AlphaDropout}.
 */
public final class AlphaDropout extends DropoutLayer {
  /** Creates a layer with p = 0.5. */
  public AlphaDropout() {
    this(0.5);
  }

  /**
   * Creates a layer with the given probability.
   *
   * @throws IllegalArgumentException if p is not in [0, 1]
   */
  public AlphaDropout(double p) {
    this(p, null);
  }

  /**
   * Creates a layer with a given generator; null means the thread's default at each call.
   *
   * @throws IllegalArgumentException if p is not in [0, 1]
   */
  public AlphaDropout(double p, Generator generator) {
    super(p, generator);
  }

  @Override
  Tensor drop(Tensor x, double p, Generator generator) {
    return Functional.alphaDropout(x, p, isTraining(), generator);
  }
}
