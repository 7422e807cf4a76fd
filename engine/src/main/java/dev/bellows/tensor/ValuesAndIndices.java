package dev.bellows.tensor;

/**
 * Elements along a dimension, and where they were.
 *
 * @param values of the input's type
 * @param indices INT64, of the shape of values
 */
public record ValuesAndIndices(Tensor values, Tensor indices) {}
