package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;

/**
 * Interleaves groups of channels: x [n, c, ..] → [n, c, ..]. Source: PyTorch's {@code
 * torch.nn.ChannelShuffle}.
 */
public final class ChannelShuffle extends Module {
  private final int groups;

  /** Creates a layer. */
  public ChannelShuffle(int groups) {
    this.groups = groups;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.channelShuffle(x, groups);
  }

  @Override
  protected String extraRepr() {
    return "groups=" + groups;
  }
}
