package dev.bellows.oracle;

import dev.bellows.memory.DType;
import dev.bellows.nn.AttentionOptions;
import dev.bellows.nn.Functional;
import java.util.List;

/** Attention. */
final class AttentionOps {
  private static final String ALLOWED =
      "torch.zeros_like(x3, dtype=x0.dtype).masked_fill(x3.logical_not(), float('-inf'))";

  private AttentionOps() {}

  static List<OpInfo> all() {
    return List.of(
        OpInfo.of(
                "scaledDotProductAttention",
                OpInfo.types(DType.FLOAT32, DType.FLOAT64),
                AttentionOps::sample)
            .grad(2)
            .scaled()
            .noSpecialValues()
            .borders(-1)); // rows without any key are compared in AttentionTest
  }

  private static Sample sample(Rng r, DType t) {
    int most = r.small() ? 2 : 5;
    long n = r.between(1, 2);
    long heads = r.between(1, 2);
    long l = r.between(1, most);
    long s = r.between(1, most);
    long e = r.between(1, most);
    long ev = r.between(1, most);
    int kind = r.nextInt(4); // none, causal, BOOL, added
    Double scale = r.nextBoolean() ? 0.7 : null;
    Arg[] qkv =
        Arg.of(
            t,
            new long[] {n, heads, l, e},
            new long[] {n, heads, s, e},
            new long[] {n, heads, s, ev});
    Arg mask = kind < 2 ? null : Arg.of(kind == 2 ? DType.BOOL : t, l, s);
    return Sample.of(
            "torch._scaled_dot_product_attention_math(x0, x1, x2, {}, 0.0, {}, scale={})[0]",
            kind < 2 ? null : kind == 3 ? "x3" : ALLOWED,
            kind == 1,
            scale)
        .ours(
            x -> {
              AttentionOptions o = new AttentionOptions().causal(kind == 1);
              o.mask(kind < 2 ? null : x[3]);
              return Functional.scaledDotProductAttention(
                  x[0], x[1], x[2], scale == null ? o : o.scale(scale));
            })
        .args(mask == null ? qkv : new Arg[] {qkv[0], qkv[1], qkv[2], mask});
  }
}
