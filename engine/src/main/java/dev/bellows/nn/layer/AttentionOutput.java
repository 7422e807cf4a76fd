package dev.bellows.nn.layer;

import dev.bellows.tensor.Tensor;

/**
 * What {@link MultiheadAttention} returns.
 *
 * @param output [l, n, embedDim], [n, l, embedDim] if batch-first, or [l, embedDim]
 * @param weights the attention weights: the mean over the heads [n, l, s] or [l, s], or those of
 *     each head [n, heads, l, s] or [heads, l, s]
 */
public record AttentionOutput(Tensor output, Tensor weights) {}
