package dev.bellows.nn.models;

import static dev.bellows.errors.Messages.message;

import dev.bellows.nn.EmbeddingArgs;
import dev.bellows.nn.Init;
import dev.bellows.nn.Module;
import dev.bellows.nn.layer.Dropout;
import dev.bellows.nn.layer.Embedding;
import dev.bellows.nn.layer.LSTM;
import dev.bellows.nn.layer.LayerOptions;
import dev.bellows.nn.layer.Linear;
import dev.bellows.nn.layer.RecurrentOutput;
import dev.bellows.tensor.Tensor;

/**
 * A language model of LSTM layers: token numbers [t, n], or [n, t] if batch-first → logits [t, n,
 * tokens], or [n, t, tokens], of the token that follows each. {@code call(ids)} starts from states
 * of 0; {@link #callWithState} takes and returns them.
 *
 * <p>Embeddings and the weight of the last layer are initialised uniformly in ±0.1, its bias with
 * 0. Defaults: see {@link Options}. Source: the {@code RNNModel} of PyTorch's example {@code
 * word_language_model}, whose result is the logarithm of this one's softmax.
 */
public final class LSTMLanguageModel extends Module {
  private static final double RANGE = 0.1;

  private final Dropout drop;
  private final Embedding encoder;
  private final LSTM rnn;
  private final Linear decoder;

  /** Creates a model with default options. */
  public LSTMLanguageModel(long tokens) {
    this(tokens, options());
  }

  /**
   * Creates a model.
   *
   * @throws IllegalArgumentException if weights are tied and the sizes differ, or a size or an
   *     option is out of range
   */
  public LSTMLanguageModel(long tokens, Options options) {
    if (options.tieWeights && options.embeddingSize != options.hiddenSize) {
      throw new IllegalArgumentException(
          message(
              "LSTMLanguageModel: When using the tied flag, nhid must be equal to emsize; got %s"
                  + " and %s",
              options.hiddenSize, options.embeddingSize));
    }
    drop = new Dropout(options.dropout);
    encoder =
        new Embedding(
            tokens,
            options.embeddingSize,
            EmbeddingArgs.create(),
            Embedding.options().dtype(options.dtype()).generator(options.generator()));
    rnn =
        new LSTM(
            options.embeddingSize,
            options.hiddenSize,
            LSTM.options()
                .numLayers(options.numLayers)
                .dropout(options.dropout)
                .batchFirst(options.batchFirst)
                .dtype(options.dtype())
                .generator(options.generator()));
    Linear last =
        new Linear(options.hiddenSize, tokens, true, options.dtype(), options.generator());
    decoder = options.tieWeights ? Linear.of(encoder.weight, last.bias) : last;
    Init.uniform(encoder.weight, -RANGE, RANGE, options.generator());
    Init.zeros(decoder.bias);
    Init.uniform(decoder.weight, -RANGE, RANGE, options.generator());
  }

  /** Returns the default options, which the caller may change one by one. */
  public static Options options() {
    return new Options();
  }

  @Override
  protected Tensor forward(Tensor ids) {
    return decoder.call(drop.call(rnn.call(drop.call(encoder.call(ids)))));
  }

  private record Input(Tensor ids, Tensor h0, Tensor c0) {}

  /**
   * Returns the logits and the last states for given first states, each [layers, n, hiddenSize], or
   * null for 0. Between parts of a text, the states should be detached.
   */
  public RecurrentOutput<Tensor> callWithState(Tensor ids, Tensor h0, Tensor c0) {
    return callWithHooks(
        new Input(ids, h0, c0),
        in -> {
          Tensor x = drop.call(encoder.call(in.ids));
          RecurrentOutput<Tensor> out =
              in.h0 == null && in.c0 == null
                  ? rnn.callWithState(x)
                  : rnn.callWithState(x, in.h0, in.c0);
          return new RecurrentOutput<>(decoder.call(drop.call(out.output())), out.h(), out.c());
        });
  }

  /**
   * Options. Defaults are those of PyTorch's example: 2 layers, embeddings and hidden states of 200
   * features, dropout 0.2, weights not tied, ids [t, n].
   */
  public static final class Options extends LayerOptions<Options> {
    private long embeddingSize = 200;
    private long hiddenSize = 200;
    private int numLayers = 2;
    private double dropout = 0.2;
    private boolean tieWeights;
    private boolean batchFirst;

    private Options() {}

    /** Sets the number of features of a token's embedding. */
    public Options embeddingSize(long features) {
      embeddingSize = features;
      return this;
    }

    /** Sets the number of features of the hidden states. */
    public Options hiddenSize(long features) {
      hiddenSize = features;
      return this;
    }

    /** Sets the number of LSTM layers. */
    public Options numLayers(int count) {
      numLayers = count;
      return this;
    }

    /** Sets the probability of dropout on embeddings, between layers and on the last outputs. */
    public Options dropout(double p) {
      dropout = p;
      return this;
    }

    /** Sets whether the last layer uses the embeddings as its weight; the sizes must be equal. */
    public Options tieWeights(boolean value) {
      tieWeights = value;
      return this;
    }

    /** Sets whether ids are [n, t] rather than [t, n]. */
    public Options batchFirst(boolean value) {
      batchFirst = value;
      return this;
    }
  }
}
