package dev.bellows.nn.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.bellows.nn.Functional;
import dev.bellows.nn.StateDict;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** GPT-2 computes what Hugging Face's does. */
@Timeout(60)
class GPT2Test {
  private final ModelFile file = new ModelFile("gpt2.safetensors");

  private static GPT2Config config() {
    return new GPT2Config().vocabSize(11).nPositions(7).nEmbd(8).nLayer(2).nHead(2);
  }

  private GPT2LMHeadModel loaded() {
    GPT2LMHeadModel model = new GPT2LMHeadModel(config());
    model.loadStateDict(file.weights());
    return model.eval();
  }

  @Test
  void logitsAndGradients() {
    GPT2LMHeadModel model = loaded();
    Tensor ids = file.get("ids");
    Tensor logits = model.call(ids);
    file.assertEqual("logits", logits);
    Tensor loss =
        Functional.crossEntropy(
            logits.narrow(1, 0, 5).flatten(0, 1), ids.narrow(1, 1, 5).flatten());
    file.assertEqual("loss", loss);
    loss.backward();
    file.assertGrads(model);
  }

  @Test
  void masksTypesAndPositions() {
    GPT2LMHeadModel model = loaded();
    Tensor ids = file.get("ids");
    file.assertEqual("masked", model.call(ids, file.get("mask")));
    file.assertEqual("typed", model.call(ids, null, file.get("types"), file.get("positions")));
    ModelFile.assertClose(
        "unbatched", model.call(ids.select(0, 1)), file.get("logits").select(0, 1));
    assertThat(model.call(ids.narrow(0, 0, 0)).shape()).containsExactly(0, 6, 11);
  }

  @Test
  void weightsOfEitherClassLoadIntoEither() {
    GPT2Model model = new GPT2Model(config());
    model.loadStateDict(file.weights());
    file.assertEqual("hidden", model.eval().call(file.get("ids")));
    StateDict bare = file.weights("transformer.");
    bare.put("h.0.attn.bias", Tensor.ones(1, 1, 7, 7));
    bare.put("h.1.attn.masked_bias", Tensor.zeros());
    GPT2LMHeadModel withHead = new GPT2LMHeadModel(config());
    withHead.loadStateDict(bare);
    file.assertEqual("logits", withHead.eval().call(file.get("ids")));
    assertThat(withHead.stateDict().keys())
        .startsWith(
            "transformer.wte.weight", "transformer.wpe.weight", "transformer.h.0.ln_1.weight")
        .endsWith("transformer.ln_f.bias", "lm_head.weight");
    bare.put("h.0.other", Tensor.zeros(1));
    assertThatThrownBy(() -> withHead.loadStateDict(bare))
        .hasMessage("loadStateDict: 1 problem: unexpected [transformer.h.0.other]");
  }

  @Test
  void generatesTokens() {
    GPT2LMHeadModel model = loaded();
    Tensor start = file.get("ids").narrow(0, 0, 1).narrow(1, 0, 2);
    assertThat(model.generate(start, 5).toLongArray())
        .isEqualTo(file.get("generated").toLongArray());
    GenerationOptions draws =
        new GenerationOptions().temperature(0.8).topK(3).generator(new Generator(5));
    Tensor longer = model.generate(file.get("ids"), 9, draws);
    assertThat(longer.shape()).containsExactly(3, 15);
    assertThat(longer.narrow(1, 0, 6).toLongArray()).isEqualTo(file.get("ids").toLongArray());
    Tensor one = model.generate(start, 1, new GenerationOptions().topK(1));
    assertThat(one.toLongArray()).isEqualTo(model.generate(start, 1).toLongArray());
    assertThatThrownBy(() -> model.generate(start.select(0, 0), 1))
        .hasMessageStartingWith("generate: inputIds must be [n, t] with tokens");
    assertThatThrownBy(() -> new GenerationOptions().temperature(0))
        .hasMessage("temperature: must be positive and finite; got 0.0");
    assertThatThrownBy(() -> new GenerationOptions().topK(-1))
        .hasMessage("topK: must not be negative; got -1");
  }

  @Test
  void withACacheTheTokensAreTheSame() {
    GPT2LMHeadModel model = loaded();
    List<Long> lengths = new ArrayList<>();
    model
        .getSubmodule("transformer.h.1")
        .registerForwardPreHook(
            (module, inputs) -> {
              lengths.add(inputs[0].size(1));
              return null;
            });
    for (long t : new long[] {1, 3, 6}) {
      Tensor start = file.get("ids").narrow(1, 0, t);
      for (double temperature : new double[] {0, 0.7}) {
        List<long[]> generated = new ArrayList<>();
        for (boolean cached : new boolean[] {true, false}) {
          GenerationOptions options = new GenerationOptions().useCache(cached);
          if (temperature > 0) {
            options.temperature(temperature).generator(new Generator(8));
          }
          generated.add(model.generate(start, 9, options).toLongArray());
        }
        assertThat(generated.get(0)).isEqualTo(generated.get(1));
      }
    }
    lengths.clear();
    model.generate(file.get("ids").narrow(1, 0, 4), 6);
    assertThat(lengths).containsExactly(4L, 1L, 1L, 1L, 7L, 7L); // the model has 7 positions
  }

  @Test
  void initialWeights() {
    Generator source = new Generator(3);
    GPT2LMHeadModel model =
        new GPT2LMHeadModel(
            new GPT2Config()
                .vocabSize(100)
                .nPositions(64)
                .nEmbd(64)
                .nHead(8)
                .nLayer(8)
                .generator(source));
    assertThat(model.parameters().stream().mapToLong(Tensor::numel).sum())
        .isEqualTo(100 * 64 + 64 * 64 + 8 * (12 * 64 * 64 + 13 * 64) + 2 * 64);
    assertThat(std(model, "wte.weight")).isCloseTo(0.02, within(2e-3));
    assertThat(std(model, "h.7.attn.c_attn.weight")).isCloseTo(0.02, within(2e-3));
    assertThat(std(model, "h.7.attn.c_proj.weight")).isCloseTo(0.005, within(5e-4));
    assertThat(std(model, "h.0.mlp.c_proj.weight")).isCloseTo(0.005, within(5e-4));
    assertThat(model.getParameter("transformer.h.3.mlp.c_fc.bias").abs().sum().item()).isZero();
    GPT2LMHeadModel copy = model.deepCopy();
    assertThat(copy.getParameter("lm_head.weight"))
        .isSameAs(copy.getParameter("transformer.wte.weight"));
    GPT2LMHeadModel untied = new GPT2LMHeadModel(config().tieWordEmbeddings(false));
    assertThat(untied.parameters()).hasSize(2 + 2 * 12 + 2 + 1);
  }

  private static double std(GPT2LMHeadModel model, String name) {
    return model.getParameter("transformer." + name).detach().std().item();
  }

  @Test
  void dropoutIsInTraining() {
    GPT2LMHeadModel model = loaded();
    Tensor ids = file.get("ids");
    model.train();
    assertThat(model.call(ids).sub(file.get("logits")).abs().max().item()).isGreaterThan(1e-2);
    GPT2LMHeadModel without = new GPT2LMHeadModel(config().residPdrop(0).embdPdrop(0).attnPdrop(0));
    without.loadStateDict(file.weights());
    file.assertEqual("logits", without.call(ids));
  }

  @Test
  void errors() {
    assertThatThrownBy(() -> new GPT2Model(config().nHead(3)))
        .hasMessage(
            "GPT2Config: embed_dim must be divisible by num_heads; got nEmbd 8 and nHead 3");
    assertThatThrownBy(() -> new GPT2Model(config().vocabSize(0)))
        .hasMessageStartingWith("GPT2Config: sizes must be positive; got vocabSize 0, ");
    assertThatThrownBy(() -> config().activationFunction("gleu"))
        .hasMessageStartingWith("activation: must be one of [gelu, ")
        .hasMessageEndingWith("; got gleu");
    assertThatThrownBy(() -> config().residPdrop(1.5)).hasMessageContaining("1.5");
    GPT2LMHeadModel model = loaded();
    assertThatThrownBy(() -> model.call(Tensor.zeros(1, 8)))
        .hasMessage(
            "transformer (GPT2Model): input_ids must be [n, t] with t at most the number of"
                + " positions; got [1, 8] for 7 positions");
    assertThatThrownBy(() -> model.call(file.get("ids"), Tensor.ones(3, 5)))
        .hasMessageContaining("must have the shape of input_ids; got [3, 5] for [3, 6]");
  }
}
