package dev.bellows.nn.layer;

import dev.bellows.errors.Messages;
import dev.bellows.nn.Functional;
import dev.bellows.nn.MayBeNull;
import dev.bellows.nn.Module;
import dev.bellows.nn.Parameter;
import dev.bellows.tensor.Tensor;

/**
 * Splits the channels of x [n, c, ..] in groups and normalises each by its mean and variance: (x −
 * mean) / √(var + eps) · weight + bias. Defaults: see {@link Options}. Source: PyTorch's {@code
 * torch.nn.GroupNorm}.
 */
public final class GroupNorm extends Module {
  /** [numChannels], initially 1; null if not affine. */
  @MayBeNull public final Parameter weight;

  /** [numChannels], initially 0; null if not affine. */
  @MayBeNull public final Parameter bias;

  private final int numGroups;
  private final long numChannels;
  private final double eps;

  /** Creates a layer with weight and bias. */
  public GroupNorm(int numGroups, long numChannels) {
    this(numGroups, numChannels, options());
  }

  /**
   * Creates a layer.
   *
   * @throws IllegalArgumentException if the groups do not divide the channels
   */
  public GroupNorm(int numGroups, long numChannels, Options options) {
    if (numGroups < 1 || numChannels < 0 || numChannels % numGroups != 0) {
      throw new IllegalArgumentException(
          Messages.message(
              "GroupNorm: num_channels must be divisible by num_groups; got %s and %s",
              numChannels, numGroups));
    }
    this.numGroups = numGroups;
    this.numChannels = numChannels;
    this.eps = options.eps;
    weight = options.affine ? Parameter.of(Tensor.ones(options.dtype(), numChannels)) : null;
    bias = options.affine ? Parameter.of(Tensor.zeros(options.dtype(), numChannels)) : null;
  }

  /** Returns the default options, which the caller may change one by one. */
  public static Options options() {
    return new Options();
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.groupNorm(x, numGroups, weight, bias, eps);
  }

  @Override
  protected String extraRepr() {
    return numGroups + ", " + numChannels + ", eps=" + eps + ", affine=" + (weight != null);
  }

  /** Options; defaults: eps 1e-5, affine, FLOAT32. */
  public static final class Options extends LayerOptions<Options> {
    private double eps = 1e-5;
    private boolean affine = true;

    private Options() {}

    /** Sets what is added to the variance. */
    public Options eps(double value) {
      eps = value;
      return this;
    }

    /** Sets whether weight and bias are learned. */
    public Options affine(boolean value) {
      affine = value;
      return this;
    }
  }
}
