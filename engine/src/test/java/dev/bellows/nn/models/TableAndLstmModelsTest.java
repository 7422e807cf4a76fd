package dev.bellows.nn.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.nn.Functional;
import dev.bellows.nn.layer.RecurrentOutput;
import dev.bellows.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The models of tables and the LSTM language model compute what PyTorch does. */
@Timeout(60)
class TableAndLstmModelsTest {
  private static LSTMLanguageModel.Options small() {
    return LSTMLanguageModel.options().embeddingSize(6).hiddenSize(5).dropout(0);
  }

  private static FTTransformerConfig columns() {
    return new FTTransformerConfig()
        .nContFeatures(4)
        .catCardinalities(3, 5)
        .dOut(3)
        .nBlocks(2)
        .dBlock(8)
        .attentionNHeads(2)
        .ffnDHidden(10);
  }

  @Test
  void lstmLanguageModel() {
    ModelFile file = new ModelFile("lstm.safetensors");
    LSTMLanguageModel model = new LSTMLanguageModel(11, small());
    model.loadStateDict(file.weights());
    Tensor ids = file.get("ids");
    Tensor logits = model.call(ids);
    file.assertEqual("logits", logits);
    Tensor loss =
        Functional.crossEntropy(
            logits.narrow(0, 0, 6).flatten(0, 1), ids.narrow(0, 1, 6).flatten());
    file.assertEqual("loss", loss);
    loss.backward();
    file.assertGrads(model);
    RecurrentOutput<Tensor> out = model.callWithState(ids, file.get("h0"), file.get("c0"));
    file.assertEqual("stated", out.output());
    file.assertEqual("h", out.h());
    file.assertEqual("c", out.c());
    ModelFile.assertClose("from 0", model.callWithState(ids, null, null).output(), logits);
    LSTMLanguageModel rows = new LSTMLanguageModel(11, small().batchFirst(true));
    rows.loadStateDict(file.weights());
    ModelFile.assertClose("batch first", rows.call(ids.t()).transpose(0, 1), logits);
  }

  @Test
  void tiedLstm() {
    LSTMLanguageModel model = new LSTMLanguageModel(11, small().hiddenSize(6).tieWeights(true));
    assertThat(model.getParameter("decoder.weight")).isSameAs(model.getParameter("encoder.weight"));
    assertThat(model.parameters()).hasSize(1 + 8 + 1);
    assertThat(model.getParameter("encoder.weight").abs().max().item()).isBetween(0.07, 0.1);
    assertThat(new LSTMLanguageModel(7).toString())
        .contains("Embedding(7, 200)", "LSTM(200, 200, num_layers=2, dropout=0.2)");
    assertThatThrownBy(() -> new LSTMLanguageModel(11, small().tieWeights(true)))
        .hasMessage(
            "LSTMLanguageModel: When using the tied flag, nhid must be equal to emsize; got 5 and"
                + " 6");
  }

  @Test
  void ftTransformer() {
    ModelFile file = new ModelFile("ft-transformer.safetensors");
    FTTransformer model = new FTTransformer(columns());
    assertThat(model.stateDict().keys()).containsExactlyInAnyOrderElementsOf(file.weights().keys());
    model.loadStateDict(file.weights());
    model.eval();
    Tensor output = model.call(file.get("continuous"), file.get("categories"));
    file.assertEqual("output", output);
    Tensor loss = output.mul(output).mean();
    file.assertEqual("loss", loss);
    loss.backward();
    file.assertGrads(model);
    model.train();
    assertThat(model.call(file.get("continuous"), file.get("categories")).shape())
        .containsExactly(6, 3);
  }

  @Test
  void ftTransformerOfOneKindOfColumn() {
    FTTransformer continuous = new FTTransformer(columns().catCardinalities().attentionNHeads(1));
    assertThat(continuous.call(Tensor.randn(5, 4)).shape()).containsExactly(5, 3);
    assertThat(continuous.stateDict().contains("backbone.blocks.0.attention.W_out.weight"))
        .isFalse();
    FTTransformer categorical = new FTTransformer(columns().nContFeatures(0));
    Tensor x = Tensor.of(new long[] {2, 4, 0, 0}, 2, 2);
    assertThat(categorical.call(x).shape()).containsExactly(2, 3);
    assertThat(categorical.call(null, x).shape()).containsExactly(2, 3);
    assertThat(categorical.call(x.narrow(0, 0, 0)).shape()).containsExactly(0, 3);
    FTTransformer published = new FTTransformer(FTTransformerConfig.ofBlocks(6).nContFeatures(1));
    assertThat(published.getParameter("backbone.blocks.5.ffn.linear1.weight").shape())
        .containsExactly(1024, 384);
  }

  @Test
  void errors() {
    FTTransformer model = new FTTransformer(columns());
    assertThatThrownBy(() -> model.call(Tensor.zeros(2, 4)))
        .hasMessage(
            "FTTransformer: there must be an input for each kind of column that the model has; got"
                + " x_cont [2, 4] and x_cat none");
    assertThatThrownBy(() -> model.call(Tensor.zeros(1, 4), Tensor.of(new long[] {3, 0}, 1, 2)))
        .hasMessage(
            "cat_embeddings (CategoricalEmbeddings): categories must not be negative and be below"
                + " the cardinalities [3, 5]; got up to [3, 0]");
    assertThatThrownBy(() -> model.call(Tensor.zeros(1, 3), Tensor.of(new long[] {0, 0}, 1, 2)))
        .hasMessage("cont_embeddings (LinearEmbeddings): input must be [n, 4]; got [1, 3]");
    assertThatThrownBy(() -> new FTTransformer(new FTTransformerConfig()))
        .hasMessageStartingWith("FTTransformerConfig: there must be features, ");
    assertThatThrownBy(() -> new FTTransformer(columns().attentionNHeads(3)))
        .hasMessage("FTTransformerConfig: dBlock must be a multiple of attentionNHeads; got 8, 3");
    assertThatThrownBy(() -> FTTransformerConfig.ofBlocks(7))
        .hasMessage(
            "FTTransformerConfig: We offer default configurations only for n_blocks in range(1, 7);"
                + " got 7");
  }
}
