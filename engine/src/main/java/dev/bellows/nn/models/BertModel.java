package dev.bellows.nn.models;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.nn.MayBeNull;
import dev.bellows.nn.Module;
import dev.bellows.nn.ModuleList;
import dev.bellows.nn.StateDict;
import dev.bellows.tensor.Tensor;

/**
 * BERT without a head: token numbers [n, t] → hidden states [n, t, hiddenSize] of the last layer.
 * Further inputs, each of the shape of the first and optional: an attention mask, 1 for tokens and
 * 0 for padding; token types, by default 0; positions, by default counted from 0. {@link #pool}
 * gives one vector for each row.
 *
 * <p>Weights of linear layers and embeddings are normal with the configured standard deviation,
 * biases 0. Published weights load by key, with or without the prefix "bert.", also under the names
 * "gamma" and "beta" of old files. Source: Devlin et al., BERT: pre-training of deep bidirectional
 * transformers for language understanding, 2018; Hugging Face's {@code BertModel}.
 */
public final class BertModel extends TokenModel {
  final BertParts.Embeddings embeddings;
  private final Encoder encoder;
  @MayBeNull private final BertParts.Pooler pooler;

  /**
   * Creates a model with a pooler.
   *
   * @throws IllegalArgumentException if a size is not positive, or the heads do not divide the
   *     features
   */
  public BertModel(BertConfig config) {
    this(config, true);
  }

  /** Creates a model with or without a pooler. */
  public BertModel(BertConfig config, boolean addPoolingLayer) {
    config.check();
    embeddings = new BertParts.Embeddings(config);
    encoder = new Encoder(config);
    pooler = addPoolingLayer ? new BertParts.Pooler(config) : null;
    registerLoadStateDictPreHook(BertModel::ownKeys);
  }

  private static final class Encoder extends Module {
    private final ModuleList layer = new ModuleList();

    Encoder(BertConfig config) {
      for (int i = 0; i < config.numHiddenLayers; i++) {
        layer.append(new BertParts.Layer(config));
      }
    }

    @Override
    protected Tensor forward(Tensor x, Tensor keys) {
      Tensor y = x;
      for (Module each : layer) {
        y = each.call(y, keys);
      }
      return y;
    }
  }

  private static void ownKeys(Module module, StateDict dict, String prefix) {
    String first = "embeddings.word_embeddings.weight";
    boolean ofHead = dict.contains(prefix + "bert." + first) && !dict.contains(prefix + first);
    boolean pools = ((BertModel) module).pooler != null;
    PublishedKeys.rename(
        dict,
        prefix,
        key -> {
          if (ofHead && !key.startsWith("bert.")) {
            return null;
          }
          String own = BertModel.currentName(ofHead ? key.substring(5) : key);
          boolean isLeftOut =
              own.equals("embeddings.position_ids") || !pools && own.startsWith("pooler.");
          return isLeftOut ? null : own;
        });
  }

  /** Brings the keys of a model with a head to those of {@code module}, which has one, too. */
  static void headKeys(Module module, StateDict dict, String prefix) {
    boolean bare = dict.contains(prefix + "embeddings.word_embeddings.weight");
    PublishedKeys.rename(
        dict,
        prefix,
        key -> {
          boolean ofHead = key.startsWith("cls.") || key.startsWith("classifier.");
          return key.startsWith("cls.seq_relationship.")
              ? null
              : currentName(bare && !ofHead ? "bert." + key : key);
        });
  }

  private static String currentName(String key) {
    return key.replace("LayerNorm.gamma", "LayerNorm.weight")
        .replace("LayerNorm.beta", "LayerNorm.bias");
  }

  @Override
  protected Tensor forward(
      Tensor inputIds, Tensor attentionMask, Tensor tokenTypeIds, Tensor positionIds) {
    TokenInputs.check(inputIds, embeddings.positions.weight.size(0));
    if (inputIds.dim() != 2) {
      throw new IllegalArgumentException(
          message("input_ids must be [n, t]; got %s", inputIds.shape()));
    }
    Tensor types =
        tokenTypeIds == null
            ? Tensor.on(inputIds.device()).zeros(DType.INT64, inputIds.shape())
            : TokenInputs.rows(tokenTypeIds, inputIds);
    Tensor x = embeddings.call(inputIds, types, TokenInputs.positions(positionIds, inputIds));
    Tensor keys = attentionMask == null ? null : TokenInputs.keys(attentionMask, inputIds);
    return encoder.call(x, keys);
  }

  /**
   * Returns a vector for each row, [n, hiddenSize], computed from the hidden state of its first
   * token.
   *
   * @param hidden what a call returned, [n, t, hiddenSize]
   * @throws IllegalStateException if the model has no pooler
   */
  public Tensor pool(Tensor hidden) {
    if (pooler == null) {
      throw new IllegalStateException("pool: the model must have a pooler; got one without");
    }
    return pooler.call(hidden);
  }
}
