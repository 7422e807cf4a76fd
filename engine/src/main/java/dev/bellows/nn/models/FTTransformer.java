package dev.bellows.nn.models;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.nn.AttentionOptions;
import dev.bellows.nn.EmbeddingArgs;
import dev.bellows.nn.Functional;
import dev.bellows.nn.Init;
import dev.bellows.nn.Module;
import dev.bellows.nn.ModuleList;
import dev.bellows.nn.Parameter;
import dev.bellows.nn.layer.Dropout;
import dev.bellows.nn.layer.Embedding;
import dev.bellows.nn.layer.LayerNorm;
import dev.bellows.nn.layer.LayerOptions;
import dev.bellows.nn.layer.Linear;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A transformer for tables: each column is embedded, and attention joins the columns. {@code
 * call(xCont, xCat)} with continuous values [n, nContFeatures] and categories [n, columns] of an
 * integer type, from 0 to the column's cardinality less 1 → [n, dOut]; null, or a call of one
 * input, where there are no columns of a kind. Embeddings are initialised uniformly in ±1/√dBlock,
 * biases of attention with 0. Source: Gorishniy et al., Revisiting deep learning models for tabular
 * data, 2021; the names are those of the package {@code rtdl_revisiting_models}.
 */
public final class FTTransformer extends Module {
  private final transient LinearEmbeddings continuous;
  private final transient CategoricalEmbeddings categorical;
  private final transient Backbone backbone;

  /**
   * Creates a model.
   *
   * @throws IllegalArgumentException if there are no columns, a size is not positive, or the heads
   *     do not divide the features
   */
  public FTTransformer(FTTransformerConfig config) {
    config.check();
    continuous =
        config.nContFeatures == 0
            ? null
            : register("cont_embeddings", new LinearEmbeddings(config));
    categorical =
        config.catCardinalities.length == 0
            ? null
            : register("cat_embeddings", new CategoricalEmbeddings(config));
    backbone = register("backbone", new Backbone(config));
  }

  @Override
  protected Tensor forward(Tensor x) {
    return continuous == null ? forward(null, x) : forward(x, null);
  }

  @Override
  protected Tensor forward(Tensor xCont, Tensor xCat) {
    if ((xCont == null) != (continuous == null) || (xCat == null) != (categorical == null)) {
      throw new IllegalArgumentException(
          message(
              "there must be an input for each kind of column that the model has; got x_cont %s and"
                  + " x_cat %s",
              shapeOf(xCont), shapeOf(xCat)));
    }
    List<Tensor> columns = new ArrayList<>();
    if (xCont != null) {
      columns.add(continuous.call(xCont));
    }
    if (xCat != null) {
      columns.add(categorical.call(xCat));
    }
    return backbone.call(Tensor.cat(columns, 1));
  }

  private static String shapeOf(Tensor x) {
    return x == null ? "none" : Arrays.toString(x.shape());
  }

  private static Parameter uniform(LayerOptions<?> options, long... shape) {
    Parameter parameter = Parameter.of(Tensor.empty(options.dtype(), shape));
    double bound = 1 / Math.sqrt(shape[shape.length - 1]);
    Init.uniform(parameter, -bound, bound, options.generator());
    return parameter;
  }

  private static void checkColumns(Tensor x, long columns) {
    if (x.dim() != 2 || x.size(1) != columns) {
      throw new IllegalArgumentException(
          message("input must be [n, %s]; got %s", columns, x.shape()));
    }
  }

  /** x [n, columns] → x · weight + bias, [n, columns, dBlock]. */
  private static final class LinearEmbeddings extends Module {
    private final Parameter weight;
    private final Parameter bias;

    LinearEmbeddings(FTTransformerConfig config) {
      weight = uniform(config, config.nContFeatures, config.dBlock);
      bias = uniform(config, config.nContFeatures, config.dBlock);
    }

    @Override
    protected Tensor forward(Tensor x) {
      checkColumns(x, weight.size(0));
      return x.unsqueeze(2).mul(weight).add(bias);
    }
  }

  /** x [n, columns] → rows of one table for all columns, [n, columns, dBlock], and a bias. */
  private static final class CategoricalEmbeddings extends Module {
    private final Parameter bias;
    private final Embedding embeddings;
    private final long[] cardinalities;
    private final long[] offsets;

    CategoricalEmbeddings(FTTransformerConfig config) {
      cardinalities = config.catCardinalities.clone();
      offsets = new long[cardinalities.length];
      long rows = 0;
      for (int i = 0; i < cardinalities.length; i++) {
        offsets[i] = rows;
        rows += cardinalities[i];
      }
      embeddings =
          new Embedding(
              rows,
              config.dBlock,
              EmbeddingArgs.create(),
              Embedding.options().dtype(config.dtype()).generator(config.generator()));
      double bound = 1 / Math.sqrt(config.dBlock);
      Init.uniform(embeddings.weight, -bound, bound, config.generator());
      bias = uniform(config, cardinalities.length, config.dBlock);
    }

    @Override
    protected Tensor forward(Tensor x) {
      checkColumns(x, cardinalities.length);
      Tensor categories = x.to(DType.INT64);
      if (x.device().equals(Device.CPU) && !isWithin(categories)) {
        throw new IllegalArgumentException(
            message(
                "categories must not be negative and be below the cardinalities %s; got up to %s",
                cardinalities, categories.amax(0).toLongArray()));
      }
      Tensor first = Tensor.of(offsets).to(x.device());
      return embeddings.call(categories.add(first)).add(bias);
    }

    private boolean isWithin(Tensor categories) {
      Tensor below = categories.lt(Tensor.of(cardinalities));
      return categories.ge(0).logicalAnd(below).all().itemBoolean();
    }
  }

  private static final class Backbone extends Module {
    private final transient ClsEmbedding first;
    private final transient ModuleList blocks = new ModuleList();
    private final transient Output output;

    Backbone(FTTransformerConfig config) {
      first = register("cls_embedding", new ClsEmbedding(config));
      for (int i = 0; i < config.nBlocks; i++) {
        blocks.append(new Block(config, i == 0, i == config.nBlocks - 1));
      }
      register("blocks", blocks);
      output = register("output", new Output(config));
    }

    @Override
    protected Tensor forward(Tensor columns) {
      Tensor x = first.call(columns);
      for (Module block : blocks) {
        x = block.call(x);
      }
      return output.call(x.select(1, 0));
    }
  }

  /** Puts a learned vector before the columns, from which the output is computed. */
  private static final class ClsEmbedding extends Module {
    private final Parameter weight;

    ClsEmbedding(FTTransformerConfig config) {
      weight = uniform(config, config.dBlock);
    }

    @Override
    protected Tensor forward(Tensor x) {
      return Tensor.cat(List.of(weight.expand(x.size(0), 1, weight.size(0)), x), 1);
    }
  }

  /** Attention and a perceptron; the first block does not normalise what attention sees. */
  private static final class Block extends Module {
    private final transient Attention attention;
    private final transient Dropout afterAttention;
    private final transient LayerNorm norm;
    private final transient Perceptron perceptron;
    private final transient Dropout afterPerceptron;
    private final transient LayerNorm attentionNorm;
    private final boolean isLast;

    Block(FTTransformerConfig config, boolean isFirst, boolean isLast) {
      attention = register("attention", new Attention(config));
      afterAttention = register("attention_residual_dropout", new Dropout(config.residualDropout));
      norm = register("ffn_normalization", norm(config));
      perceptron = register("ffn", new Perceptron(config));
      afterPerceptron = register("ffn_residual_dropout", new Dropout(config.residualDropout));
      attentionNorm = isFirst ? null : register("attention_normalization", norm(config));
      this.isLast = isLast;
    }

    @Override
    protected Tensor forward(Tensor x) {
      Tensor keys = attentionNorm == null ? x : attentionNorm.call(x);
      // only the first vector of the last block is used
      Tensor queries = isLast ? keys.narrow(1, 0, 1) : keys;
      Tensor kept = isLast ? x.narrow(1, 0, 1) : x;
      Tensor y = kept.add(afterAttention.call(attention.call(queries, keys)));
      return y.add(afterPerceptron.call(perceptron.call(norm.call(y))));
    }
  }

  private static LayerNorm norm(FTTransformerConfig config) {
    return new LayerNorm(new long[] {config.dBlock}, LayerNorm.options().dtype(config.dtype()));
  }

  private static Linear linear(long in, long out, FTTransformerConfig config) {
    return new Linear(in, out, true, config.dtype(), config.generator());
  }

  private static final class Attention extends Module {
    private final transient Linear query;
    private final transient Linear key;
    private final transient Linear value;
    private final transient Linear output;
    private final long heads;
    private final double dropout;

    Attention(FTTransformerConfig config) {
      query = projection("W_q", config);
      key = projection("W_k", config);
      value = projection("W_v", config);
      output = config.attentionNHeads == 1 ? null : projection("W_out", config);
      heads = config.attentionNHeads;
      dropout = config.attentionDropout;
    }

    private Linear projection(String name, FTTransformerConfig config) {
      Linear layer = register(name, linear(config.dBlock, config.dBlock, config));
      Init.zeros(layer.bias);
      return layer;
    }

    @Override
    protected Tensor forward(Tensor queries, Tensor keys) {
      Tensor y =
          Functional.scaledDotProductAttention(
              TokenInputs.heads(query.call(queries), heads),
              TokenInputs.heads(key.call(keys), heads),
              TokenInputs.heads(value.call(keys), heads),
              new AttentionOptions().dropout(isTraining() ? dropout : 0));
      y = y.transpose(1, 2).reshape(queries.shape());
      return output == null ? y : output.call(y);
    }
  }

  /** linear2(a · relu(b)), where a and b are the halves of linear1. */
  private static final class Perceptron extends Module {
    private final Linear linear1;
    private final Dropout dropout;
    private final Linear linear2;

    Perceptron(FTTransformerConfig config) {
      linear1 = linear(config.dBlock, 2 * config.hidden(), config);
      dropout = new Dropout(config.ffnDropout);
      linear2 = linear(config.hidden(), config.dBlock, config);
    }

    @Override
    protected Tensor forward(Tensor x) {
      List<Tensor> halves = linear1.call(x).chunk(2, -1);
      return linear2.call(dropout.call(halves.get(0).mul(halves.get(1).relu())));
    }
  }

  private static final class Output extends Module {
    private final LayerNorm normalization;
    private final Linear linear;

    Output(FTTransformerConfig config) {
      normalization = norm(config);
      linear = FTTransformer.linear(config.dBlock, config.dOut, config);
    }

    @Override
    protected Tensor forward(Tensor x) {
      return linear.call(normalization.call(x).relu());
    }
  }
}
