package dev.bellows.nn.models;

import dev.bellows.nn.AttentionOptions;
import dev.bellows.nn.EmbeddingArgs;
import dev.bellows.nn.Functional;
import dev.bellows.nn.Init;
import dev.bellows.nn.Module;
import dev.bellows.nn.Parameter;
import dev.bellows.nn.layer.Dropout;
import dev.bellows.nn.layer.Embedding;
import dev.bellows.nn.layer.LayerNorm;
import dev.bellows.nn.layer.Linear;
import dev.bellows.tensor.Tensor;

/** The parts that BERT and its heads are made of. */
final class BertParts {
  private BertParts() {}

  static Linear linear(long in, long out, BertConfig config) {
    Linear layer = new Linear(in, out, true, config.dtype(), config.generator());
    Init.normal(layer.weight, 0, config.initializerRange, config.generator());
    Init.zeros(layer.bias);
    return layer;
  }

  private static LayerNorm norm(BertConfig config) {
    return new LayerNorm(
        new long[] {config.hiddenSize},
        LayerNorm.options().eps(config.layerNormEps).dtype(config.dtype()));
  }

  /** Adds the embeddings of tokens, their types and positions, and normalises the sum. */
  static final class Embeddings extends Module {
    final transient Embedding words;
    final transient Embedding positions;
    private final transient Embedding types;
    private final transient LayerNorm norm;
    private final transient Dropout dropout;

    Embeddings(BertConfig config) {
      words = register("word_embeddings", table(config.vocabSize, config.padTokenId, config));
      positions =
          register("position_embeddings", table(config.maxPositionEmbeddings, null, config));
      types = register("token_type_embeddings", table(config.typeVocabSize, null, config));
      norm = register("LayerNorm", norm(config));
      dropout = register("dropout", new Dropout(config.hiddenDropoutProb));
    }

    private static Embedding table(long rows, Long padding, BertConfig config) {
      Embedding layer =
          new Embedding(
              rows,
              config.hiddenSize,
              EmbeddingArgs.create().paddingIdx(padding),
              Embedding.options().dtype(config.dtype()).generator(config.generator()));
      Init.normal(layer.weight, 0, config.initializerRange, config.generator());
      if (padding != null) {
        layer.weight.detach().select(0, padding.intValue()).zero_();
      }
      return layer;
    }

    @Override
    protected Tensor forward(Tensor ids, Tensor tokenTypes, Tensor places) {
      Tensor x = words.call(ids).add(types.call(tokenTypes)).add(positions.call(places));
      return dropout.call(norm.call(x));
    }
  }

  /** One layer: attention and a perceptron, each added and then normalised. */
  static final class Layer extends Module {
    private final Attention attention;
    private final Intermediate intermediate;
    private final Output output;

    Layer(BertConfig config) {
      attention = new Attention(config);
      intermediate = new Intermediate(config);
      output = new Output(config.intermediateSize, config);
    }

    @Override
    protected Tensor forward(Tensor x, Tensor keys) {
      Tensor y = attention.call(x, keys);
      return output.call(intermediate.call(y), y);
    }
  }

  private static final class Attention extends Module {
    private final transient SelfAttention attention;
    private final transient Output output;

    Attention(BertConfig config) {
      attention = register("self", new SelfAttention(config));
      output = register("output", new Output(config.hiddenSize, config));
    }

    @Override
    protected Tensor forward(Tensor x, Tensor keys) {
      return output.call(attention.call(x, keys), x);
    }
  }

  private static final class SelfAttention extends Module {
    private final Linear query;
    private final Linear key;
    private final Linear value;
    private final long heads;
    private final double dropout;

    SelfAttention(BertConfig config) {
      query = linear(config.hiddenSize, config.hiddenSize, config);
      key = linear(config.hiddenSize, config.hiddenSize, config);
      value = linear(config.hiddenSize, config.hiddenSize, config);
      heads = config.numAttentionHeads;
      dropout = config.attentionProbsDropoutProb;
    }

    @Override
    protected Tensor forward(Tensor x, Tensor keys) {
      Tensor y =
          Functional.scaledDotProductAttention(
              TokenInputs.heads(query.call(x), heads),
              TokenInputs.heads(key.call(x), heads),
              TokenInputs.heads(value.call(x), heads),
              new AttentionOptions().mask(keys).dropout(isTraining() ? dropout : 0));
      return y.transpose(1, 2).reshape(x.shape());
    }
  }

  private static final class Intermediate extends Module {
    private final Linear dense;
    private final String activation;

    Intermediate(BertConfig config) {
      dense = linear(config.hiddenSize, config.intermediateSize, config);
      activation = config.hiddenAct;
    }

    @Override
    protected Tensor forward(Tensor x) {
      return HiddenActivations.apply(activation, dense.call(x));
    }
  }

  /** A linear map whose result is added to what went in before, and normalised. */
  private static final class Output extends Module {
    private final transient Linear dense;
    private final transient LayerNorm norm;
    private final transient Dropout dropout;

    Output(long in, BertConfig config) {
      dense = register("dense", linear(in, config.hiddenSize, config));
      norm = register("LayerNorm", norm(config));
      dropout = register("dropout", new Dropout(config.hiddenDropoutProb));
    }

    @Override
    protected Tensor forward(Tensor x, Tensor before) {
      return norm.call(dropout.call(dense.call(x)).add(before));
    }
  }

  static final class Pooler extends Module {
    private final Linear dense;

    Pooler(BertConfig config) {
      dense = linear(config.hiddenSize, config.hiddenSize, config);
    }

    @Override
    protected Tensor forward(Tensor x) {
      return dense.call(x.select(1, 0)).tanh();
    }
  }

  /** The head of the masked language model. */
  static final class Predictions extends Module {
    private final transient Parameter bias;
    private final transient Transform transform;
    private final transient Linear decoder;

    Predictions(BertConfig config, Parameter words) {
      bias = register("bias", Parameter.of(Tensor.zeros(config.dtype(), config.vocabSize)));
      transform = register("transform", new Transform(config));
      decoder = register("decoder", Linear.of(words, bias));
    }

    @Override
    protected Tensor forward(Tensor x) {
      return decoder.call(transform.call(x));
    }
  }

  private static final class Transform extends Module {
    private final transient Linear dense;
    private final transient LayerNorm norm;
    private final String activation;

    Transform(BertConfig config) {
      dense = register("dense", linear(config.hiddenSize, config.hiddenSize, config));
      norm = register("LayerNorm", norm(config));
      activation = config.hiddenAct;
    }

    @Override
    protected Tensor forward(Tensor x) {
      return norm.call(HiddenActivations.apply(activation, dense.call(x)));
    }
  }
}
