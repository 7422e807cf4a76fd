package dev.bellows.nn.models;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.GradMode;
import dev.bellows.memory.DType;
import dev.bellows.nn.Init;
import dev.bellows.nn.Module;
import dev.bellows.nn.StateDict;
import dev.bellows.nn.layer.Linear;
import dev.bellows.tensor.Tensor;
import java.util.List;

/**
 * GPT-2 as a language model: token numbers [n, t] or [t] → logits [.., t, vocabSize] of the token
 * that follows each. Further inputs are those of {@link GPT2Model}. The head shares its weight with
 * the token embeddings unless the configuration says otherwise. Published weights load by key, also
 * those of a model without a head. Source: Hugging Face's {@code GPT2LMHeadModel}.
 */
public final class GPT2LMHeadModel extends Module {
  private final GPT2Model transformer;
  private final transient Linear head;

  /**
   * Creates a model.
   *
   * @throws IllegalArgumentException if a size is not positive, or the heads do not divide the
   *     features
   */
  public GPT2LMHeadModel(GPT2Config config) {
    transformer = new GPT2Model(config);
    if (config.tieWordEmbeddings) {
      head = Linear.of(transformer.tokens.weight, null);
      registerLoadStateDictPreHook(GPT2LMHeadModel::tiedKeys);
    } else {
      head = new Linear(config.nEmbd, config.vocabSize, false, config.dtype(), config.generator());
      Init.normal(head.weight, 0, config.initializerRange, config.generator());
    }
    register("lm_head", head);
    registerLoadStateDictPreHook(GPT2LMHeadModel::ownKeys);
  }

  private static void ownKeys(Module module, StateDict dict, String prefix) {
    if (dict.contains(prefix + "wte.weight")) {
      PublishedKeys.rename(
          dict, prefix, key -> key.startsWith("lm_head.") ? key : "transformer." + key);
    }
  }

  private static void tiedKeys(Module module, StateDict dict, String prefix) {
    for (String tokens : List.of("transformer.wte.weight", "wte.weight")) {
      PublishedKeys.tie(dict, prefix + "lm_head.weight", prefix + tokens);
    }
  }

  @Override
  protected Tensor forward(Tensor inputIds) {
    return head.call(transformer.call(inputIds));
  }

  @Override
  protected Tensor forward(Tensor inputIds, Tensor attentionMask) {
    return head.call(transformer.call(inputIds, attentionMask));
  }

  @Override
  protected Tensor forward(Tensor inputIds, Tensor attentionMask, Tensor tokenTypeIds) {
    return head.call(transformer.call(inputIds, attentionMask, tokenTypeIds));
  }

  @Override
  protected Tensor forward(
      Tensor inputIds, Tensor attentionMask, Tensor tokenTypeIds, Tensor positionIds) {
    return head.call(transformer.call(inputIds, attentionMask, tokenTypeIds, positionIds));
  }

  /** Continues each row by the most likely token, again and again; see the longer form. */
  public Tensor generate(Tensor inputIds, int maxNewTokens) {
    return generate(inputIds, maxNewTokens, new GenerationOptions());
  }

  /**
   * Continues each row by tokens that the model predicts. Where a row is longer than the model has
   * positions, its last tokens count. The model should be in evaluation mode.
   *
   * @param inputIds INT64 [n, t], t at least 1, without padding
   * @return INT64 [n, t + maxNewTokens]
   * @throws IllegalArgumentException if the shape does not fit or the count is negative
   */
  @SuppressWarnings("try")
  public Tensor generate(Tensor inputIds, int maxNewTokens, GenerationOptions options) {
    if (inputIds.dim() != 2 || inputIds.size(1) == 0 || maxNewTokens < 0) {
      throw new IllegalArgumentException(
          message(
              "generate: inputIds must be [n, t] with tokens, and maxNewTokens not negative; got %s"
                  + " and %s",
              inputIds.shape(), maxNewTokens));
    }
    Tensor ids = inputIds.to(DType.INT64);
    KeyValueCache cache = transformer.cache();
    try (GradMode mode = GradMode.noGrad()) {
      for (int i = 0; i < maxNewTokens; i++) {
        Tensor hidden = hidden(ids, options.usesCache() ? cache : null).select(1, -1);
        ids = Tensor.cat(List.of(ids, options.next(head.call(hidden))), 1);
      }
    }
    return ids;
  }

  private Tensor hidden(Tensor ids, KeyValueCache cache) {
    long t = ids.size(1);
    long longest = transformer.longest();
    if (t > longest) { // the tokens have other positions in each step, so no earlier state counts
      return transformer.call(ids.narrow(1, t - longest, longest));
    } else if (cache == null) {
      return transformer.call(ids);
    }
    return transformer.next(ids.narrow(1, cache.length(), t - cache.length()), cache);
  }
}
