package dev.bellows.nn;

import dev.bellows.tensor.Tensor;

/**
 * Sequences of different lengths, padded to one length.
 *
 * @param padded [t, n, ..], or [n, t, ..] if batch-first
 * @param lengths INT64 [n]: the length of each sequence
 */
public record PaddedSequence(Tensor padded, Tensor lengths) {}
