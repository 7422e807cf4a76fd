package dev.bellows.nn.models;

import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;

/** A model of token numbers, whose other three inputs may be left out. */
abstract class TokenModel extends Module {
  @Override
  protected final Tensor forward(Tensor inputIds) {
    return forward(inputIds, null, null, null);
  }

  @Override
  protected final Tensor forward(Tensor inputIds, Tensor attentionMask) {
    return forward(inputIds, attentionMask, null, null);
  }

  @Override
  protected final Tensor forward(Tensor inputIds, Tensor attentionMask, Tensor tokenTypeIds) {
    return forward(inputIds, attentionMask, tokenTypeIds, null);
  }

  @Override
  protected abstract Tensor forward(
      Tensor inputIds, Tensor attentionMask, Tensor tokenTypeIds, Tensor positionIds);
}
