package dev.bellows.optim;

import dev.bellows.tensor.Tensor;
import java.util.List;

/**
 * Adam with decoupled weight decay: θ ← θ·(1 − lr·weightDecay), then the step of {@link Adam}
 * without decay in the gradient. State as for Adam. Defaults: as Adam, but weightDecay 0.01.
 * Source: Loshchilov and Hutter, Decoupled Weight Decay Regularization, 2019, algorithm 2;
 * PyTorch's {@code torch.optim.AdamW}.
 */
public final class AdamW extends Adam {
  /** Creates an optimizer of one group with a learning rate and the other defaults. */
  public AdamW(List<? extends Tensor> parameters, double lr) {
    this(parameters, options().lr(lr));
  }

  /**
   * Creates an optimizer of one group.
   *
   * @throws IllegalArgumentException if an option is out of range, there is no parameter, or one
   *     comes twice or is not a leaf
   */
  public AdamW(List<? extends Tensor> parameters, Options options) {
    super(parameters, options);
  }

  private AdamW(Options defaults, List<ParamGroup> groups) {
    super(defaults, groups);
  }

  /** Parameters in groups; {@code defaults} are for what a group does not set. */
  public static AdamW ofGroups(List<ParamGroup> groups, Options defaults) {
    return new AdamW(defaults, groups);
  }

  /** Returns the defaults, to be changed one by one; weightDecay is 0.01. */
  public static Options options() {
    return new Options(0.01);
  }

  @Override
  boolean decoupled() {
    return true;
  }
}
