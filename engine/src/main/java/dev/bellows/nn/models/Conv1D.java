package dev.bellows.nn.models;

import dev.bellows.nn.Module;
import dev.bellows.nn.Parameter;
import dev.bellows.nn.layer.LayerOptions;
import dev.bellows.tensor.Tensor;

/**
 * A linear layer whose weight is [inFeatures, outFeatures], as published weights of GPT-2 have it.
 * Source: Hugging Face's {@code Conv1D}.
 */
final class Conv1D extends Module {
  final Parameter weight;
  final Parameter bias;

  Conv1D(long outFeatures, long inFeatures, LayerOptions<?> options) {
    weight = Parameter.of(Tensor.zeros(options.dtype(), inFeatures, outFeatures));
    bias = Parameter.of(Tensor.zeros(options.dtype(), outFeatures));
  }

  @Override
  protected Tensor forward(Tensor x) {
    long[] shape = x.shape();
    Tensor rows = x.reshape(-1, weight.size(0));
    shape[shape.length - 1] = weight.size(1);
    return bias.addmm(rows, weight).reshape(shape);
  }

  @Override
  protected String extraRepr() {
    return "nf=" + weight.size(1) + ", nx=" + weight.size(0);
  }
}
