package dev.bellows.nn.layer;

import dev.bellows.tensor.Tensor;

/**
 * What a recurrent layer returns. Layers and directions are numbered layer · directions +
 * direction.
 *
 * @param output the hidden states of the last layer at each position: [t, n, directions · hidden],
 *     [n, t, directions · hidden] if batch-first, or packed as the input
 * @param h the hidden states after the last position: [layers · directions, n, hidden]
 * @param c the cell states after the last position: [layers · directions, n, hiddenSize]; null but
 *     for an LSTM
 * @param <S> Tensor or PackedSequence
 */
public record RecurrentOutput<S>(S output, Tensor h, Tensor c) {}
