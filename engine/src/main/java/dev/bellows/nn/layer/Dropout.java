package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;

/**
 * In training, each element is 0 with probability p, else divided by 1 − p; in evaluation, x
 * itself. Any shape. Default: p = 0.5. Each call takes one draw from the thread's default
 * generator, or from the one given. Source: PyTorch's {@code torch.nn.Dropout}.
 */
public final class Dropout extends Module {
  private final double p;
  private final Generator generator;

  /** p = 0.5. */
  public Dropout() {
    this(0.5);
  }

  /**
   * Any probability.
   *
   * @throws IllegalArgumentException if p is not in [0, 1]
   */
  public Dropout(double p) {
    this(p, null);
  }

  /**
   * With a generator of its own; null means the thread's default at each call.
   *
   * @throws IllegalArgumentException if p is not in [0, 1]
   */
  public Dropout(double p, Generator generator) {
    Functional.checkDropout(p);
    this.p = p;
    this.generator = generator;
  }

  @Override
  protected Tensor forward(Tensor x) {
    Generator source = generator == null ? Generator.current() : generator;
    return Functional.dropout(x, p, isTraining(), source);
  }

  @Override
  protected String extraRepr() {
    return "p=" + p + ", inplace=false";
  }
}
