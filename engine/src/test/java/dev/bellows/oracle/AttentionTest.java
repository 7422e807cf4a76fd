package dev.bellows.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.memory.DType;
import dev.bellows.nn.AttentionOptions;
import dev.bellows.nn.Functional;
import dev.bellows.nn.Init;
import dev.bellows.nn.layer.AttentionOutput;
import dev.bellows.nn.layer.MultiheadAttention;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Attention against libtorch, and what it refuses. */
@Timeout(60)
class AttentionTest {
  /** Multi-head attention as PyTorch writes it, of x0, x1, x2 and the masks x3 and x4. */
  private static final String SCRIPT =
      """
      L = x0.size(0)
      N = x0.size(1)
      {project}
      {extra}
      S = k.size(0)
      q = q.reshape([L, N * {H}, {D}]).transpose(0, 1)
      k = k.reshape([S, N * {H}, {D}]).transpose(0, 1)
      v = v.reshape([S, N * {H}, {D}]).transpose(0, 1)
      m = torch.zeros([N * {H}, L, S], dtype=torch.float64)
      m[:, :, :x4.size(1)] += x4
      p = torch.zeros([N, S], dtype=torch.float64)
      p[:, :x3.size(1)] = torch.zeros_like(x3, dtype=torch.float64).masked_fill(x3, float('-inf'))
      m = m + p.view([N, 1, 1, S]).expand([N, {H}, 1, S]).reshape([N * {H}, 1, S])
      w = torch.softmax(torch.baddbmm(m, q * {root}, k.transpose(1, 2)), -1)
      o = torch.bmm(w, v).transpose(0, 1).reshape([L, N, {E}])
      return torch.linear(o, {out}), w.view([N, {H}, L, S]).mean(1)
      """;

  private static Tensor random(Generator g, long... shape) {
    return Tensor.randn(g, DType.FLOAT64, shape);
  }

  @Test
  void multiheadAttentionAgreesWithLibtorch() {
    Generator g = new Generator(3);
    for (int number = 0; number < 8; number++) {
      boolean separate = (number & 1) != 0;
      boolean extra = (number & 2) != 0;
      boolean bias = (number & 4) == 0;
      long heads = 2;
      long size = 4;
      var options =
          MultiheadAttention.options()
              .bias(bias)
              .addBiasKv(extra)
              .addZeroAttn(extra)
              .dtype(DType.FLOAT64)
              .generator(g);
      if (separate) {
        options.kdim(3).vdim(5);
      }
      MultiheadAttention layer = new MultiheadAttention(size, heads, options);
      layer.namedParameters().forEach((name, p) -> Init.normal(p, 0, 0.5, g));
      List<Tensor> in = new ArrayList<>();
      in.add(random(g, 3, 2, size));
      in.add(random(g, 4, 2, separate ? 3 : size));
      in.add(random(g, 4, 2, separate ? 5 : size));
      in.add(Tensor.of(new double[] {0, 1, 0, 0, 1, 0, 0, 0}).reshape(2, 4).to(DType.BOOL));
      in.add(random(g, 3, 4));
      ModuleOracle.check(
          script(layer, separate, extra, bias, heads, size),
          layer,
          in,
          x -> {
            AttentionOutput both = layer.callWithWeights(x[0], x[1], x[2], x[3], x[4], true);
            Tensor output = layer.call(x[0], x[1], x[2], x[3], x[4]);
            assertThat(output.sub(both.output()).abs().max().item()).isLessThan(1e-12);
            return List.of(both.output(), both.weights());
          });
    }
  }

  private static String script(
      MultiheadAttention layer, boolean separate, boolean extra, boolean bias, long h, long e) {
    List<String> names = new ArrayList<>(layer.namedParameters().keySet());
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      String part = ".narrow(0, " + i * e + ", " + e + ")";
      String weight =
          separate ? x(names, "qkv".charAt(i) + "_proj_weight") : x(names, "in_proj_weight") + part;
      String b = bias ? x(names, "in_proj_bias") + part : "None";
      lines.add("qkv".charAt(i) + " = torch.linear(x" + i + ", " + weight + ", " + b + ")");
    }
    String more =
        extra
            ? List.of("k", "v").stream()
                .map(
                    k ->
                        "%s = torch.cat([%s, %s.repeat([1, N, 1]), torch.zeros([1, N, %d], dtype=torch.float64)])"
                            .formatted(k, k, x(names, "bias_" + k), e))
                .reduce((a, b) -> a + "\n" + b)
                .orElseThrow()
            : "";
    String out = x(names, "out_proj.weight") + (bias ? ", " + x(names, "out_proj.bias") : "");
    return SCRIPT
        .replace("{project}", String.join("\n", lines))
        .replace("{extra}", more)
        .replace("{H}", "" + h)
        .replace("{D}", "" + e / h)
        .replace("{E}", "" + e)
        .replace("{root}", "" + Math.sqrt(1.0 / (e / h)))
        .replace("{out}", out);
  }

  private static String x(List<String> names, String name) {
    assertThat(names).contains(name);
    return "x" + (5 + names.indexOf(name));
  }

  @Test
  void formsOfTheInputAgree() {
    MultiheadAttention layer = new MultiheadAttention(4, 2);
    MultiheadAttention first =
        new MultiheadAttention(4, 2, MultiheadAttention.options().batchFirst(true));
    first.loadStateDict(layer.stateDict());
    Tensor x = Tensor.randn(3, 2, 4);
    Tensor expected = layer.call(x, x, x);
    Tensor t = x.transpose(0, 1);
    assertThat(first.call(t, t, t).transpose(0, 1).sub(expected).abs().max().item())
        .isLessThan(1e-6);
    Tensor one = x.select(1, 1);
    AttentionOutput alone = layer.callWithWeights(one, one, one);
    assertThat(alone.output().sub(expected.select(1, 1)).abs().max().item()).isLessThan(1e-6);
    assertThat(alone.weights().shape()).containsExactly(3, 3);
    assertThat(layer.callWithWeights(one, one, one, null, null, false).weights().shape())
        .containsExactly(2, 3, 3);
    Tensor causal = Tensor.ones(3, 3).triu(1).to(DType.BOOL);
    Tensor each = causal.expand(4, 3, 3);
    Tensor padding = Tensor.zeros(2, 3).to(DType.BOOL);
    Tensor masked = layer.call(x, x, x, padding, causal);
    assertThat(layer.call(x, x, x, null, each).sub(masked).abs().max().item()).isLessThan(1e-6);
    assertThat(layer.call(Tensor.ones(3, 0, 4), Tensor.ones(3, 0, 4), Tensor.ones(3, 0, 4)).shape())
        .containsExactly(3, 0, 4);
    assertThat(layer.stateDict().keys())
        .containsExactly("in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias");
    assertThat(layer.getParameter("in_proj_bias").abs().sum().item()).isZero();
  }

  @Test
  void aQueryWithoutKeysGetsZerosAndNoGradient() {
    Tensor q = Tensor.ones(2, 3).setRequiresGrad(true);
    Tensor mask = Tensor.of(new double[] {1, 0}).reshape(2, 1).to(DType.BOOL).expand(2, 2);
    Tensor out = Functional.scaledDotProductAttention(q, q, q, new AttentionOptions().mask(mask));
    assertThat(out.select(0, 1).toFloatArray()).containsExactly(0, 0, 0);
    out.sum().backward();
    assertThat(q.grad().isnan().any().item()).isZero();
  }

  @Test
  void headsOfQueriesMayShareKeys() {
    Tensor q = Tensor.randn(1, 4, 3, 2);
    Tensor kv = Tensor.randn(1, 2, 3, 2);
    Tensor out =
        Functional.scaledDotProductAttention(q, kv, kv, new AttentionOptions().enableGqa(true));
    Tensor repeated = kv.repeatInterleave(2, 1);
    assertThat(
            Functional.scaledDotProductAttention(q, repeated, repeated).sub(out).abs().max().item())
        .isLessThan(1e-6);
  }

  @Test
  void wrongArgumentsAreRefused() {
    MultiheadAttention layer = new MultiheadAttention(4, 2);
    Tensor x = Tensor.ones(3, 2, 4);
    refused(() -> new MultiheadAttention(4, 3), "embed_dim must be divisible by num_heads");
    refused(() -> new MultiheadAttention(0, 1), "must be greater than 0, got embed_dim=0");
    refused(
        () -> layer.call(x.unsqueeze(0), x, x),
        "query should be unbatched 2D or batched 3D tensor but received 4-D query tensor");
    refused(
        () -> layer.call(x, x.select(1, 0), x),
        "For batched (3-D) `query`, expected `key` and `value` to be 3-D but found 2-D and 3-D");
    refused(
        () -> layer.call(x, x, x, Tensor.ones(3)),
        "expected `key_padding_mask` to be `None` or 2-D but found 1-D tensor instead");
    refused(
        () -> layer.call(x, x, x, null, Tensor.ones(3)),
        "expected `attn_mask` to be `None`, 2-D or 3-D but found 1-D tensor instead");
    refused(
        () -> layer.call(x, x, x, null, Tensor.ones(3, 4)),
        "The shape of the 2D attn_mask is [3, 4], but should be [3, 3].");
    refused(
        () -> layer.call(x, x, x, null, Tensor.ones(2, 3, 3)),
        "The shape of the 3D attn_mask is [2, 3, 3], but should be [4, 3, 3].");
    refused(
        () -> layer.call(x, x, x, Tensor.ones(DType.INT64, 2, 3)),
        "only bool and floating types of key_padding_mask are supported");
    Tensor wide = Tensor.ones(3, 2, 5);
    refused(() -> layer.call(wide, x, x), "was expecting embedding dimension of 4, but got 5");
    refused(() -> layer.call(x, wide, wide), "was expecting key and value dimensions of 4 and 4");
    refused(() -> layer.call(x, null, x), "must not be null");
    assertThatThrownBy(() -> layer.call(x))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("is missing a forward(Tensor)");
    AttentionOptions both = new AttentionOptions().causal(true).mask(Tensor.ones(3, 3));
    refused(
        () -> Functional.scaledDotProductAttention(x, x, x, both),
        "Explicit attn_mask should not be set when is_causal=True");
    refused(
        () -> Functional.scaledDotProductAttention(x, x.to(DType.FLOAT64), x),
        "Expected query, key, and value to have the same dtype");
  }

  private static void refused(Runnable call, String text) {
    assertThatThrownBy(call::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(text);
  }
}
