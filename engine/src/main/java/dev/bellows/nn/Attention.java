package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import dev.bellows.backend.AttentionArgs;
import dev.bellows.memory.DType;
import dev.bellows.ops.Broadcasting;
import dev.bellows.ops.FusedAttention;
import dev.bellows.tensor.Tensor;

/** Attention. */
final class Attention {
  private static final int MOST_DIMS = 4;

  private Attention() {}

  /** Computes {@link #scaledDotProductAttention(Tensor, Tensor, Tensor, AttentionOptions)}. */
  public static Tensor scaledDotProductAttention(Tensor query, Tensor key, Tensor value) {
    return scaledDotProductAttention(query, key, value, new AttentionOptions());
  }

  /**
   * Computes softmax(query · keyᵀ · scale + mask) · value. Where a query attends to no key at all,
   * the result is 0.
   *
   * @param query [.., l, e]
   * @param key [.., s, e]
   * @param value [.., s, ev]
   * @return [.., l, ev]
   * @throws IllegalArgumentException if types differ, a tensor has fewer than 2 dimensions, the
   *     mask is of another type, or there is a mask and the attention is causal
   */
  public static Tensor scaledDotProductAttention(
      Tensor query, Tensor key, Tensor value, AttentionOptions options) {
    check(query, key, value, options);
    Tensor k = options.enableGqa ? repeated("key", key, query) : key;
    Tensor v = options.enableGqa ? repeated("value", value, query) : value;
    double scale = options.scale == null ? 1 / Math.sqrt(query.size(-1)) : options.scale;
    AttentionArgs args = new AttentionArgs(scale, options.causal);
    if (isFused(query, k, v, options)) {
      return fused(query, k, v, options.mask, args);
    }
    Tensor weights = FusedAttention.weights(query, k, options.mask, args);
    return Dropouts.dropout(weights, options.dropout, true).matmul(v);
  }

  /** Returns whether one kernel computes all; it has no dropout and no gradient of the mask. */
  private static boolean isFused(Tensor q, Tensor k, Tensor v, AttentionOptions options) {
    int d = q.dim();
    if (options.dropout != 0 || d > MOST_DIMS || k.dim() != d || v.dim() != d) {
      return false;
    }
    boolean fits = k.size(-1) == q.size(-1) && v.size(-2) == k.size(-2);
    for (int i = 0; i < d - 2; i++) {
      fits = fits && k.size(i) == q.size(i) && v.size(i) == q.size(i);
    }
    Tensor mask = options.mask;
    boolean allows =
        mask == null
            || !mask.requiresGrad() && Broadcasting.isExpandable(mask.shape(), scores(q, k));
    return fits
        && allows
        && q.numel() > 0
        && v.numel() > 0
        && FusedAttention.supports(q.device(), q.dtype());
  }

  /** Returns the shape of the scores, [.., l, s]. */
  private static long[] scores(Tensor q, Tensor k) {
    long[] shape = q.shape().clone();
    shape[shape.length - 1] = k.size(-2);
    return shape;
  }

  private static Tensor fused(Tensor q, Tensor k, Tensor v, Tensor mask, AttentionArgs args) {
    Tensor allowed = mask == null ? null : heads(mask.expand(scores(q, k)));
    Tensor out = FusedAttention.of(heads(q), heads(k), heads(v), allowed, args);
    Tensor fewer = out;
    for (int d = out.dim(); d > q.dim(); d--) {
      fewer = fewer.squeeze(0);
    }
    return fewer;
  }

  /** Returns x with leading dimensions of size 1, [n, heads, .., ..]. */
  private static Tensor heads(Tensor x) {
    Tensor more = x;
    for (int d = x.dim(); d < MOST_DIMS; d++) {
      more = more.unsqueeze(0);
    }
    return more;
  }

  private static void check(Tensor query, Tensor key, Tensor value, AttentionOptions options) {
    if (query.dtype() != key.dtype() || query.dtype() != value.dtype()) {
      throw refused(
          message(
              "Expected query, key, and value to have the same dtype, but got query.dtype: %s"
                  + " key.dtype: %s and value.dtype: %s instead.",
              query.dtype(), key.dtype(), value.dtype()));
    }
    if (!query.dtype().isFloatingPoint()) {
      throw refused("query must be of a floating-point type; got " + query.dtype());
    }
    if (query.dim() < 2 || key.dim() < 2 || value.dim() < 2) {
      throw refused(
          message(
              "Expected query, key, and value to all be at least 2 dimensional, but got Query dim:"
                  + " %s, Key dim: %s, Value dim: %s instead.",
              query.dim(), key.dim(), value.dim()));
    }
    if (options.causal && options.mask != null) {
      throw refused("Explicit attn_mask should not be set when is_causal=True");
    }
    DType mask = options.mask == null ? DType.BOOL : options.mask.dtype();
    if (mask != DType.BOOL && mask != query.dtype()) {
      throw refused(
          message(
              "Expected attn_mask dtype to be bool or to match query dtype, but got"
                  + " attn_mask.dtype: %s and query.dtype: %s instead.",
              mask, query.dtype()));
    }
  }

  private static IllegalArgumentException refused(String problem) {
    return new IllegalArgumentException("scaledDotProductAttention: " + problem);
  }

  /** Repeats each head of keys or values for the heads of queries that share it. */
  private static Tensor repeated(String what, Tensor x, Tensor query) {
    long heads = query.dim() < 3 || x.dim() < 3 ? 0 : x.size(-3);
    if (heads == 0 || query.size(-3) % heads != 0) {
      throw refused(
          message(
              "Number of heads in key and value must divide the number of heads in query; got %s"
                  + " %s, query %s",
              what, x.shape(), query.shape()));
    }
    return x.repeatInterleave(query.size(-3) / heads, x.dim() - 3);
  }
}
