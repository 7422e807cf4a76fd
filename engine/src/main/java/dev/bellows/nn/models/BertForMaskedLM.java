package dev.bellows.nn.models;

import dev.bellows.nn.Module;
import dev.bellows.nn.StateDict;
import dev.bellows.tensor.Tensor;

/**
 * BERT that predicts masked tokens: token numbers [n, t] → logits [n, t, vocabSize]. Further inputs
 * are those of {@link BertModel}. The head shares its weight with the token embeddings. Published
 * weights load by key. Source: Hugging Face's {@code BertForMaskedLM}.
 */
public final class BertForMaskedLM extends Module {
  private final BertModel bert;
  private final Head cls;

  /**
   * Creates a model.
   *
   * @throws IllegalArgumentException if a size is not positive, or the heads do not divide the
   *     features
   */
  public BertForMaskedLM(BertConfig config) {
    bert = new BertModel(config, false);
    cls = new Head(new BertParts.Predictions(config, bert.embeddings.words.weight));
    registerLoadStateDictPreHook(BertForMaskedLM::ownKeys);
  }

  private static final class Head extends Module {
    private final BertParts.Predictions predictions;

    Head(BertParts.Predictions predictions) {
      this.predictions = predictions;
    }

    @Override
    protected Tensor forward(Tensor x) {
      return predictions.call(x);
    }
  }

  private static void ownKeys(Module module, StateDict dict, String prefix) {
    BertModel.headKeys(module, dict, prefix);
    String head = prefix + "cls.predictions.";
    PublishedKeys.tie(
        dict, head + "decoder.weight", prefix + "bert.embeddings.word_embeddings.weight");
    PublishedKeys.tie(dict, head + "decoder.bias", head + "bias");
  }

  @Override
  protected Tensor forward(Tensor inputIds) {
    return cls.call(bert.call(inputIds));
  }

  @Override
  protected Tensor forward(Tensor inputIds, Tensor attentionMask) {
    return cls.call(bert.call(inputIds, attentionMask));
  }

  @Override
  protected Tensor forward(Tensor inputIds, Tensor attentionMask, Tensor tokenTypeIds) {
    return cls.call(bert.call(inputIds, attentionMask, tokenTypeIds));
  }

  @Override
  protected Tensor forward(
      Tensor inputIds, Tensor attentionMask, Tensor tokenTypeIds, Tensor positionIds) {
    return cls.call(bert.call(inputIds, attentionMask, tokenTypeIds, positionIds));
  }
}
