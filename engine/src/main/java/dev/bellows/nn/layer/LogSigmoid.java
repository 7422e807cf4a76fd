package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;

/**
 * Computes ln(sigmoid(x)) element-wise, without overflow. Source: PyTorch's {@code
 * torch.nn.LogSigmoid}.
 */
public final class LogSigmoid extends Module {
  /** Creates the layer. */
  public LogSigmoid() {}

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.logSigmoid(x);
  }
}
