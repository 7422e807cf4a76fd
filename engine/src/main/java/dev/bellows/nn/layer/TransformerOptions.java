package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.tensor.Tensor;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * Options of {@link Transformer} and its layers. Defaults: 6 layers in encoder and decoder, 2048
 * features between the two linear layers, dropout of 0.1, relu, biases, layer norms after the parts
 * with eps = 1e-5, inputs [t, n, dModel].
 */
public final class TransformerOptions extends LayerOptions<TransformerOptions> {
  int numEncoderLayers = 6;
  int numDecoderLayers = 6;
  long dimFeedforward = 2048;
  double dropout = 0.1;
  UnaryOperator<Tensor> activation = Tensor::relu;
  double layerNormEps = 1e-5;
  boolean batchFirst;
  boolean normFirst;
  boolean bias = true;

  /** Creates options with all defaults. */
  public TransformerOptions() {}

  /** Sets the number of layers of a {@link Transformer}'s encoder. */
  public TransformerOptions numEncoderLayers(int count) {
    numEncoderLayers = count;
    return this;
  }

  /** Sets the number of layers of a {@link Transformer}'s decoder. */
  public TransformerOptions numDecoderLayers(int count) {
    numDecoderLayers = count;
    return this;
  }

  /** Sets the number of features between the two linear layers. */
  public TransformerOptions dimFeedforward(long features) {
    dimFeedforward = features;
    return this;
  }

  /** Sets the probability of dropout in training. */
  public TransformerOptions dropout(double p) {
    dropout = p;
    return this;
  }

  /**
   * Sets the function between the two linear layers: "relu" or "gelu".
   *
   * @throws IllegalArgumentException if it is neither
   */
  public TransformerOptions activation(String name) {
    activation =
        switch (String.valueOf(name)) {
          case "relu" -> Tensor::relu;
          case "gelu" -> Functional::gelu;
          default ->
              throw new IllegalArgumentException(
                  "TransformerOptions: activation should be relu/gelu, not " + name);
        };
    return this;
  }

  /** Sets the function between the two linear layers. */
  public TransformerOptions activation(UnaryOperator<Tensor> function) {
    activation = Objects.requireNonNull(function, "activation");
    return this;
  }

  /** Sets the eps of the layer norms. */
  public TransformerOptions layerNormEps(double eps) {
    layerNormEps = eps;
    return this;
  }

  /** Sets whether inputs and outputs are [n, t, dModel] rather than [t, n, dModel]. */
  public TransformerOptions batchFirst(boolean value) {
    batchFirst = value;
    return this;
  }

  /** Sets whether each part's input is normalised, rather than the sum of input and output. */
  public TransformerOptions normFirst(boolean value) {
    normFirst = value;
    return this;
  }

  /** Sets whether linear layers and layer norms have biases. */
  public TransformerOptions bias(boolean value) {
    bias = value;
    return this;
  }

  MultiheadAttention attention(long dModel, long heads) {
    MultiheadAttention.Options options =
        MultiheadAttention.options().dropout(dropout).bias(bias).batchFirst(batchFirst);
    return new MultiheadAttention(dModel, heads, options.dtype(dtype()).generator(generator()));
  }

  Linear linear(long in, long out) {
    return new Linear(in, out, bias, dtype(), generator());
  }

  LayerNorm norm(long dModel) {
    return new LayerNorm(
        new long[] {dModel}, LayerNorm.options().eps(layerNormEps).bias(bias).dtype(dtype()));
  }
}
