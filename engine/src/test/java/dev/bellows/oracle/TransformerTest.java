package dev.bellows.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.memory.DType;
import dev.bellows.nn.Init;
import dev.bellows.nn.Module;
import dev.bellows.nn.layer.Transformer;
import dev.bellows.nn.layer.TransformerDecoder;
import dev.bellows.nn.layer.TransformerDecoderLayer;
import dev.bellows.nn.layer.TransformerEncoder;
import dev.bellows.nn.layer.TransformerEncoderLayer;
import dev.bellows.nn.layer.TransformerOptions;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Transformers against libtorch, and how they are put together. */
@Timeout(60)
class TransformerTest {
  private static final long SIZE = 4;
  private static final long HEADS = 2;

  private final List<String> names = new ArrayList<>();
  private int inputs;

  private static TransformerOptions options() {
    return Transformer.options().dimFeedforward(6).dropout(0).dtype(DType.FLOAT64);
  }

  private static Tensor random(Generator g, long... shape) {
    return Tensor.randn(g, DType.FLOAT64, shape);
  }

  private String p(String name) {
    assertThat(names).contains(name);
    return "x" + (inputs + names.indexOf(name));
  }

  private String both(String layer) {
    return p(layer + ".weight") + ", " + p(layer + ".bias");
  }

  /** Lines that compute {@code out}: attention of q to kv with a mask. */
  private String attention(String out, String layer, String q, String kv, String mask) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 3; i++) {
      String part = ".narrow(0, " + i * SIZE + ", " + SIZE + ")";
      String x = i == 0 ? q : kv;
      text.append(
          "h%d = torch.linear(%s, %s%s, %s%s).reshape([%s.size(0), %s.size(1) * %d, %d]).transpose(0, 1)\n"
              .formatted(
                  i,
                  x,
                  p(layer + ".in_proj_weight"),
                  part,
                  p(layer + ".in_proj_bias"),
                  part,
                  x,
                  x,
                  HEADS,
                  SIZE / HEADS));
    }
    return text
        + "%s = torch._scaled_dot_product_attention_math(h0, h1, h2, %s)[0].transpose(0, 1).reshape([%s.size(0), %s.size(1), %d])\n"
            .formatted(out, mask, q, q, SIZE)
        + "%s = torch.linear(%s, %s)\n".formatted(out, out, both(layer + ".out_proj"));
  }

  private String norm(String x, String layer) {
    return "torch.layer_norm(" + x + ", [" + SIZE + "], " + both(layer) + ", 1e-5)";
  }

  private String feed(String x, String activation) {
    return "torch.linear(torch.%s(torch.linear(%s, %s)), %s)"
        .formatted(activation, x, both("linear1"), both("linear2"));
  }

  private void use(Module layer, int inputCount, Generator g) {
    names.clear();
    names.addAll(layer.namedParameters().keySet());
    inputs = inputCount;
    layer.parameters().forEach(parameter -> Init.normal(parameter, 0, 0.5, g));
  }

  @Test
  void encoderLayersAgreeWithLibtorch() {
    Generator g = new Generator(4);
    for (boolean first : new boolean[] {false, true}) {
      String activation = first ? "gelu" : "relu";
      TransformerEncoderLayer layer =
          new TransformerEncoderLayer(
              SIZE, HEADS, options().normFirst(first).activation(activation));
      use(layer, 2, g);
      String script =
          first
              ? "n = "
                  + norm("x0", "norm1")
                  + "\n"
                  + attention("a", "self_attn", "n", "n", "x1")
                  + "x = x0 + a\n"
                  + "return x + "
                  + feed(norm("x", "norm2"), activation)
              : attention("a", "self_attn", "x0", "x0", "x1")
                  + "x = "
                  + norm("x0 + a", "norm1")
                  + "\nreturn "
                  + norm("x + " + feed("x", activation), "norm2");
      ModuleOracle.check(
          script,
          layer,
          List.of(random(g, 3, 2, SIZE), random(g, 3, 3)),
          x -> List.of(layer.call(x[0], x[1])));
    }
  }

  @Test
  void decoderLayersAgreeWithLibtorch() {
    Generator g = new Generator(5);
    for (boolean first : new boolean[] {false, true}) {
      TransformerDecoderLayer layer =
          new TransformerDecoderLayer(SIZE, HEADS, options().normFirst(first));
      use(layer, 4, g);
      String script =
          first
              ? "n = "
                  + norm("x0", "norm1")
                  + "\n"
                  + attention("a", "self_attn", "n", "n", "x2")
                  + "x = x0 + a\n"
                  + "n = "
                  + norm("x", "norm2")
                  + "\n"
                  + attention("b", "multihead_attn", "n", "x1", "x3")
                  + "x = x + b\n"
                  + "return x + "
                  + feed(norm("x", "norm3"), "relu")
              : attention("a", "self_attn", "x0", "x0", "x2")
                  + "x = "
                  + norm("x0 + a", "norm1")
                  + "\n"
                  + attention("b", "multihead_attn", "x", "x1", "x3")
                  + "x = "
                  + norm("x + b", "norm2")
                  + "\nreturn "
                  + norm("x + " + feed("x", "relu"), "norm3");
      ModuleOracle.check(
          script,
          layer,
          List.of(random(g, 3, 2, SIZE), random(g, 5, 2, SIZE), random(g, 3, 3), random(g, 3, 5)),
          x -> List.of(layer.call(x[0], x[1], x[2], x[3])));
    }
  }

  @Test
  void stacksAreCopiesInSequence() {
    TransformerEncoderLayer layer = new TransformerEncoderLayer(SIZE, HEADS, options());
    TransformerEncoder encoder = new TransformerEncoder(layer, 2);
    assertThat(encoder.parameters()).hasSize(24);
    assertThat(encoder.stateDict().keys())
        .startsWith("layers.0.self_attn.in_proj_weight", "layers.0.self_attn.in_proj_bias")
        .contains("layers.1.norm2.bias");
    Tensor x = random(new Generator(1), 3, 2, SIZE);
    Tensor padding = Tensor.zeros(2, 3).to(DType.BOOL);
    Tensor once = layer.call(layer.call(x, null, padding), null, padding);
    assertThat(encoder.call(x, null, padding).toDoubleArray()).isEqualTo(once.toDoubleArray());
    Init.zeros(encoder.getParameter("layers.0.linear1.weight"));
    assertThat(layer.getParameter("linear1.weight").abs().sum().item()).isPositive();
    TransformerDecoderLayer decoding = new TransformerDecoderLayer(SIZE, HEADS, options());
    TransformerDecoder decoder = new TransformerDecoder(decoding, 2);
    assertThat(decoder.call(x, x).toDoubleArray())
        .isEqualTo(decoding.call(decoding.call(x, x), x).toDoubleArray());
    assertThat(encoder.toString()).contains("(0-1): 2 x TransformerEncoderLayer(");
  }

  @Test
  void aTransformerIsWhole() {
    TransformerOptions options = options().numEncoderLayers(1).numDecoderLayers(2).batchFirst(true);
    Transformer net = new Transformer(SIZE, HEADS, options).eval();
    Generator g = new Generator(2);
    Tensor src = random(g, 2, 5, SIZE);
    Tensor tgt = random(g, 2, 3, SIZE);
    Tensor mask = Transformer.generateSquareSubsequentMask(3);
    assertThat(mask.toFloatArray())
        .containsExactly(
            0,
            Float.NEGATIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            0,
            0,
            Float.NEGATIVE_INFINITY,
            0,
            0,
            0);
    Tensor out = net.call(src, tgt, null, mask);
    assertThat(out.shape()).containsExactly(2, 3, SIZE);
    Tensor start = net.call(src, tgt.narrow(1, 0, 1));
    assertThat(start.sub(out.narrow(1, 0, 1)).abs().max().item()).isLessThan(1e-12);
    Tensor padding = Tensor.of(new double[] {0, 0, 0, 1, 1}).expand(2, 5).to(DType.BOOL);
    Tensor shorter = net.call(src.narrow(1, 0, 3), tgt, null, mask);
    Tensor masked = net.call(src, tgt, null, mask, null, padding, null, padding);
    assertThat(masked.sub(shorter).abs().max().item()).isLessThan(1e-12);
    assertThat(net.call(src.select(0, 0), tgt.select(0, 0)).shape()).containsExactly(3, SIZE);
    assertThat(net.stateDict().keys())
        .contains("encoder.norm.weight", "decoder.layers.1.norm3.bias");
    assertThatThrownBy(() -> net.call(src, tgt.narrow(0, 0, 1)))
        .hasMessageContaining("the batch number of src and tgt must be equal");
    assertThatThrownBy(() -> net.call(src, Tensor.ones(2, 3, 5)))
        .hasMessageContaining("the feature number of src and tgt must be equal to d_model");
    assertThatThrownBy(() -> options().activation("tanh"))
        .hasMessageContaining("activation should be relu/gelu, not tanh");
    assertThatThrownBy(() -> net.call(src)).isInstanceOf(UnsupportedOperationException.class);
  }
}
