package dev.bellows.nn.layer;

import dev.bellows.tensor.Tensor;

/**
 * The state of an {@link LSTMCell}.
 *
 * @param h the hidden state [n, hiddenSize] or [hiddenSize]
 * @param c the cell state, of the same shape
 */
public record LSTMState(Tensor h, Tensor c) {}
