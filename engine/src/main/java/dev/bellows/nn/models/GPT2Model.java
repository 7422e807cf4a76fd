package dev.bellows.nn.models;

import dev.bellows.memory.DType;
import dev.bellows.nn.EmbeddingArgs;
import dev.bellows.nn.Init;
import dev.bellows.nn.Module;
import dev.bellows.nn.ModuleList;
import dev.bellows.nn.StateDict;
import dev.bellows.nn.layer.Dropout;
import dev.bellows.nn.layer.Embedding;
import dev.bellows.nn.layer.LayerNorm;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/**
 * GPT-2 without a head: token numbers [n, t] or [t] → hidden states [.., t, nEmbd] of the last
 * layer, normalised. Further inputs, each of the shape of the first and optional: an attention
 * mask, 1 for tokens and 0 for padding; token types, whose embeddings are added; positions, by
 * default counted from 0.
 *
 * <p>Weights are normal with the configured standard deviation, those of a layer's two outputs
 * divided by √(2 · layers); biases are 0. Published weights load by key, with or without the prefix
 * "transformer."; masks that old files hold are ignored. Source: Radford et al., Language models
 * are unsupervised multitask learners, 2019; Hugging Face's {@code GPT2Model}.
 */
public final class GPT2Model extends TokenModel {
  final transient Embedding tokens;
  private final transient Embedding positions;
  private final transient Dropout dropout;
  private final transient ModuleList layers = new ModuleList();
  private final transient LayerNorm norm;

  /**
   * Creates a model.
   *
   * @throws IllegalArgumentException if a size is not positive, or the heads do not divide the
   *     features
   */
  public GPT2Model(GPT2Config config) {
    config.check();
    tokens = register("wte", embedding(config.vocabSize, config));
    positions = register("wpe", embedding(config.nPositions, config));
    dropout = register("drop", new Dropout(config.embdPdrop));
    for (int i = 0; i < config.nLayer; i++) {
      layers.append(new GPT2Block(config, i));
    }
    register("h", layers);
    norm = register("ln_f", GPT2Block.norm(config));
    initialise(config);
    registerLoadStateDictPreHook(GPT2Model::ownKeys);
  }

  private static Embedding embedding(long rows, GPT2Config config) {
    return new Embedding(
        rows,
        config.nEmbd,
        EmbeddingArgs.create(),
        Embedding.options().dtype(config.dtype()).generator(config.generator()));
  }

  private void initialise(GPT2Config config) {
    double std = config.initializerRange;
    double ofOutput = std / Math.sqrt(2.0 * config.nLayer);
    for (Module module : modules()) {
      if (module instanceof Embedding embedding) {
        Init.normal(embedding.weight, 0, std, config.generator());
      } else if (module instanceof Conv1D map) {
        Init.normal(map.weight, 0, std, config.generator());
      }
    }
    for (Module module : modules()) {
      if (module instanceof GPT2Block.Attention attention) {
        Init.normal(attention.output.weight, 0, ofOutput, config.generator());
      } else if (module instanceof GPT2Block.Perceptron perceptron) {
        Init.normal(perceptron.output.weight, 0, ofOutput, config.generator());
      }
    }
  }

  private static void ownKeys(Module module, StateDict dict, String prefix) {
    boolean withHead =
        dict.contains(prefix + "transformer.wte.weight") && !dict.contains(prefix + "wte.weight");
    PublishedKeys.rename(
        dict,
        prefix,
        key -> {
          if (withHead && key.equals("lm_head.weight")) {
            return null;
          }
          String own = withHead ? key.replaceFirst("^transformer\\.", "") : key;
          return own.matches("h\\.\\d+\\.attn\\.(bias|masked_bias)") ? null : own;
        });
  }

  /** Returns the greatest length of a sequence. */
  long longest() {
    return positions.weight.size(0);
  }

  @Override
  protected Tensor forward(
      Tensor inputIds, Tensor attentionMask, Tensor tokenTypeIds, Tensor positionIds) {
    TokenInputs.check(inputIds, longest());
    long[] shape = Arrays.copyOf(inputIds.shape(), inputIds.dim() + 1);
    shape[inputIds.dim()] = tokens.weight.size(1);
    Tensor x = embedded(inputIds, TokenInputs.positions(positionIds, inputIds));
    if (tokenTypeIds != null) {
      x = x.add(tokens.call(TokenInputs.rows(tokenTypeIds, inputIds)));
    }
    x = dropout.call(x);
    Tensor mask = attentionMask == null ? null : mask(TokenInputs.keys(attentionMask, inputIds));
    for (Module layer : layers) {
      x = layer.call(x, mask);
    }
    return norm.call(x).reshape(shape);
  }

  private Tensor embedded(Tensor inputIds, Tensor at) {
    return tokens.call(TokenInputs.rows(inputIds, inputIds)).add(positions.call(at));
  }

  /** Returns an empty cache for {@link #next}. */
  KeyValueCache cache() {
    return new KeyValueCache(layers.size());
  }

  /**
   * Returns the hidden states [n, t, nEmbd] of the token numbers [n, t] that follow those of a
   * cache: the first ones, of any number, or one. They are added to the cache.
   */
  Tensor next(Tensor inputIds, KeyValueCache cache) {
    return callWithHooks(
        inputIds,
        ids -> {
          Tensor at = TokenInputs.positions(null, ids).add(cache.length());
          Tensor x = dropout.call(embedded(ids, at));
          for (int i = 0; i < layers.size(); i++) {
            x = ((GPT2Block) layers.get(i)).next(x, cache.layer(i));
          }
          return norm.call(x);
        });
  }

  /** Returns which of the earlier positions each position attends to, [n, 1, t, t]. */
  private static Tensor mask(Tensor keys) {
    long t = keys.size(3);
    Tensor earlier = Tensor.on(keys.device()).ones(DType.FLOAT32, t, t).tril(0).ne(0);
    return keys.logicalAnd(earlier);
  }
}
