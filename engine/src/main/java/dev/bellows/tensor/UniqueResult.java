package dev.bellows.tensor;

/**
 * Different elements.
 *
 * @param values the elements, each once
 * @param inverse INT64: for each element of the input, its place in values
 * @param counts INT64: how often each of values occurs
 */
public record UniqueResult(Tensor values, Tensor inverse, Tensor counts) {}
