package dev.bellows.nn.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.bellows.memory.DType;
import dev.bellows.nn.Functional;
import dev.bellows.nn.LoadReport;
import dev.bellows.nn.Module;
import dev.bellows.nn.StateDict;
import dev.bellows.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** BERT computes what Hugging Face's does. */
@Timeout(60)
class BertTest {
  private final ModelFile file = new ModelFile("bert.safetensors");

  private static BertConfig config() {
    return new BertConfig()
        .vocabSize(13)
        .hiddenSize(8)
        .numHiddenLayers(2)
        .numAttentionHeads(2)
        .intermediateSize(12)
        .maxPositionEmbeddings(9)
        .numLabels(3);
  }

  private <M extends Module> M loaded(M model, String left) {
    StateDict dict = file.weights();
    dict.keys().stream().filter(k -> k.startsWith(left)).toList().forEach(dict::remove);
    model.loadStateDict(dict);
    return model.eval();
  }

  @Test
  void classification() {
    BertForSequenceClassification model =
        loaded(new BertForSequenceClassification(config()), "cls.");
    Tensor logits = model.call(file.get("ids"), file.get("mask"), file.get("types"));
    file.assertEqual("logits", logits);
    Tensor loss = Functional.crossEntropy(logits, file.get("labels"));
    file.assertEqual("loss", loss);
    loss.backward();
    file.assertGrads(model);
    file.assertEqual("placed", model.call(file.get("ids"), null, null, file.get("positions")));
    assertThat(model.stateDict().keys())
        .startsWith(
            "bert.embeddings.word_embeddings.weight", "bert.embeddings.position_embeddings.weight")
        .contains("bert.encoder.layer.1.attention.output.LayerNorm.bias")
        .endsWith("bert.pooler.dense.bias", "classifier.weight", "classifier.bias");
  }

  @Test
  void maskedTokens() {
    BertForMaskedLM model = loaded(new BertForMaskedLM(config()), "classifier.");
    file.assertEqual("masked", model.call(file.get("ids"), file.get("mask"), file.get("types")));
    assertThat(model.getParameter("cls.predictions.decoder.weight"))
        .isSameAs(model.getParameter("bert.embeddings.word_embeddings.weight"));
    assertThat(model.stateDict().keys())
        .endsWith(
            "cls.predictions.bias",
            "cls.predictions.transform.dense.weight",
            "cls.predictions.transform.dense.bias",
            "cls.predictions.transform.LayerNorm.weight",
            "cls.predictions.transform.LayerNorm.bias",
            "cls.predictions.decoder.weight",
            "cls.predictions.decoder.bias");
  }

  @Test
  void pooledStates() {
    BertModel model = loaded(new BertModel(config()), "none");
    Tensor hidden = model.call(file.get("ids"));
    file.assertEqual("hidden", hidden);
    file.assertEqual("pooled", model.pool(hidden));
    assertThat(model.call(file.get("ids").narrow(0, 0, 0)).shape()).containsExactly(0, 6, 8);
  }

  @Test
  void keysOfOldFiles() {
    StateDict old = new StateDict();
    file.weights()
        .asMap()
        .forEach(
            (key, tensor) ->
                old.put(
                    key.replace("LayerNorm.weight", "LayerNorm.gamma")
                        .replace("LayerNorm.bias", "LayerNorm.beta"),
                    tensor));
    old.put("bert.embeddings.position_ids", Tensor.arange(9).unsqueeze(0));
    old.put("cls.seq_relationship.weight", Tensor.zeros(2, 8));
    old.remove("classifier.weight");
    old.remove("classifier.bias");
    BertForMaskedLM model = new BertForMaskedLM(config());
    model.loadStateDict(old);
    model.eval();
    file.assertEqual("masked", model.call(file.get("ids"), file.get("mask"), file.get("types")));
    LoadReport report =
        new BertForSequenceClassification(config()).loadStateDict(file.weights("bert."), false);
    assertThat(report.missing()).containsExactly("classifier.weight", "classifier.bias");
    assertThat(report.unexpected()).isEmpty();
  }

  @Test
  void initialWeights() {
    BertForSequenceClassification model =
        new BertForSequenceClassification(config().hiddenSize(64).vocabSize(100));
    Tensor words = model.getParameter("bert.embeddings.word_embeddings.weight").detach();
    assertThat(words.select(0, 0).abs().sum().item()).isZero();
    assertThat(words.narrow(0, 1, 99).std().item()).isCloseTo(0.02, within(2e-3));
    assertThat(model.getParameter("bert.pooler.dense.weight").detach().std().item())
        .isCloseTo(0.02, within(2e-3));
    assertThat(model.getParameter("classifier.bias").abs().sum().item()).isZero();
    Tensor ids = Tensor.zeros(2, 3).to(DType.INT64);
    model.call(ids).sum().backward();
    assertThat(
            model.getParameter("bert.embeddings.word_embeddings.weight").grad().abs().sum().item())
        .as("the padding's embedding is not trained")
        .isZero();
  }

  @Test
  void errors() {
    assertThatThrownBy(() -> new BertModel(config().numAttentionHeads(3)))
        .hasMessage(
            "BertConfig: The hidden size (8) is not a multiple of the number of attention heads"
                + " (3)");
    assertThatThrownBy(() -> new BertModel(config().typeVocabSize(0)))
        .hasMessageStartingWith("BertConfig: sizes must be positive; got vocabSize 13, ");
    assertThatThrownBy(() -> new BertModel(config(), false).pool(Tensor.zeros(1, 2, 8)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("pool: the model must have a pooler; got one without");
    assertThatThrownBy(() -> new BertModel(config()).call(Tensor.zeros(3)))
        .hasMessageEndingWith("input_ids must be [n, t]; got [3]");
    assertThatThrownBy(() -> new BertModel(config()).call(Tensor.zeros(1, 10)))
        .hasMessageContaining("got [1, 10] for 9 positions");
  }
}
