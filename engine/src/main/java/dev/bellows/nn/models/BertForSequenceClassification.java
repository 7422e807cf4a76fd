package dev.bellows.nn.models;

import dev.bellows.nn.Module;
import dev.bellows.nn.layer.Dropout;
import dev.bellows.nn.layer.Linear;
import dev.bellows.tensor.Tensor;

/**
 * BERT that classifies texts: token numbers [n, t] → logits [n, numLabels]. Further inputs are
 * those of {@link BertModel}. Published weights load by key; those of a model without a classifier
 * load if the load is not strict. Source: Hugging Face's {@code BertForSequenceClassification}.
 */
public final class BertForSequenceClassification extends Module {
  private final BertModel bert;
  private final Dropout dropout;
  private final Linear classifier;

  /**
   * Creates a model.
   *
   * @throws IllegalArgumentException if a size is not positive, or the heads do not divide the
   *     features
   */
  public BertForSequenceClassification(BertConfig config) {
    bert = new BertModel(config);
    Double p = config.classifierDropout;
    dropout = new Dropout(p == null ? config.hiddenDropoutProb : p);
    classifier = BertParts.linear(config.hiddenSize, config.numLabels, config);
    registerLoadStateDictPreHook(BertModel::headKeys);
  }

  private Tensor classify(Tensor hidden) {
    return classifier.call(dropout.call(bert.pool(hidden)));
  }

  @Override
  protected Tensor forward(Tensor inputIds) {
    return classify(bert.call(inputIds));
  }

  @Override
  protected Tensor forward(Tensor inputIds, Tensor attentionMask) {
    return classify(bert.call(inputIds, attentionMask));
  }

  @Override
  protected Tensor forward(Tensor inputIds, Tensor attentionMask, Tensor tokenTypeIds) {
    return classify(bert.call(inputIds, attentionMask, tokenTypeIds));
  }

  @Override
  protected Tensor forward(
      Tensor inputIds, Tensor attentionMask, Tensor tokenTypeIds, Tensor positionIds) {
    return classify(bert.call(inputIds, attentionMask, tokenTypeIds, positionIds));
  }
}
