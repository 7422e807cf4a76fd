package dev.bellows.nn.layer;

import dev.bellows.nn.MayBeNull;
import dev.bellows.nn.Module;
import dev.bellows.nn.ModuleList;
import dev.bellows.tensor.Tensor;

/**
 * A stack of encoder layers, which begin as copies of one, and a norm if one is given. Inputs as of
 * {@link TransformerEncoderLayer}. Source: PyTorch's {@code torch.nn.TransformerEncoder}.
 */
public final class TransformerEncoder extends Module {
  /** The layers. */
  public final ModuleList layers = new ModuleList();

  /** The norm of the output, or null. */
  @MayBeNull public final Module norm;

  /** Creates a stack without a norm. */
  public TransformerEncoder(TransformerEncoderLayer layer, int numLayers) {
    this(layer, numLayers, null);
  }

  /**
   * Creates a stack.
   *
   * @param norm what the output goes through, or null
   * @throws IllegalArgumentException if the number of layers is negative
   */
  public TransformerEncoder(TransformerEncoderLayer layer, int numLayers, Module norm) {
    layers.extend(TransformerDecoder.copies("TransformerEncoder", layer, numLayers));
    this.norm = norm;
  }

  @Override
  protected Tensor forward(Tensor src) {
    return forward(src, null, null);
  }

  @Override
  protected Tensor forward(Tensor src, Tensor mask) {
    return forward(src, mask, null);
  }

  @Override
  protected Tensor forward(Tensor src, Tensor mask, Tensor keyPaddingMask) {
    Tensor x = src;
    for (Module layer : layers) {
      x = layer.call(x, mask, keyPaddingMask);
    }
    return norm == null ? x : norm.call(x);
  }
}
