package dev.bellows.nn.layer;

import dev.bellows.memory.DType;
import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.nn.Parameter;
import dev.bellows.tensor.Tensor;

/**
 * Computes x where x &gt; 0, else weight · x, with a learned weight for all channels, or for each
 * of x [n, c, ..]. Source: PyTorch's {@code torch.nn.PReLU}.
 */
public final class PReLU extends Module {
  /** [numParameters]. */
  public final Parameter weight;

  /** Creates a layer with one weight, initially 0.25. */
  public PReLU() {
    this(1);
  }

  /** Creates a layer with the given number of weights, 1 or that of channels, initially 0.25. */
  public PReLU(long numParameters) {
    this(numParameters, 0.25);
  }

  /** Creates a layer with the given number of weights and their initial value. */
  public PReLU(long numParameters, double init) {
    this(numParameters, init, DType.FLOAT32);
  }

  /**
   * Creates a layer with the given number, initial value and type of weights.
   *
   * @throws IllegalArgumentException if the number is negative or the type is not a floating-point
   *     type
   */
  public PReLU(long numParameters, double init, DType dtype) {
    this.weight = Parameter.of(Tensor.full(init, dtype, numParameters));
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.prelu(x, weight);
  }

  @Override
  protected String extraRepr() {
    return "num_parameters=" + weight.numel();
  }
}
