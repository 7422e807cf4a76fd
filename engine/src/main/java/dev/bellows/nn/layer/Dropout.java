package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;

/**
 * Zeroes each element with probability p and divides the others by 1 − p in training; returns x
 * itself in evaluation. Any shape. Default: p = 0.5. Each call takes one draw from the given
 * generator, by default the thread's. Source: PyTorch's {@code torch.nn.Dropout}.
 */
public final class Dropout extends Module {
  private final double p;
  private final Generator generator;
  private final boolean inplace;

  /** Creates a layer with p = 0.5. */
  public Dropout() {
    this(0.5);
  }

  /**
   * Creates a layer with the given probability.
   *
   * @throws IllegalArgumentException if p is not in [0, 1]
   */
  public Dropout(double p) {
    this(p, null);
  }

  /**
   * Creates a layer that overwrites its input in training if {@code inplace}.
   *
   * @throws IllegalArgumentException if p is not in [0, 1]
   */
  public Dropout(double p, boolean inplace) {
    this(p, null, inplace);
  }

  /**
   * Creates a layer with a given generator; null means the thread's default at each call.
   *
   * @throws IllegalArgumentException if p is not in [0, 1]
   */
  public Dropout(double p, Generator generator) {
    this(p, generator, false);
  }

  private Dropout(double p, Generator generator, boolean inplace) {
    Functional.checkDropout(p);
    this.p = p;
    this.generator = generator;
    this.inplace = inplace;
  }

  @Override
  protected Tensor forward(Tensor x) {
    Generator source = generator == null ? Generator.current() : generator;
    Tensor y = Functional.dropout(x, p, isTraining(), source);
    return inplace && isTraining() ? x.copy_(y) : y;
  }

  @Override
  protected String extraRepr() {
    return "p=" + p + ", inplace=" + inplace;
  }
}
