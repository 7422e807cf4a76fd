package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;

/** Attention. */
final class Attention {
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
    double root = Math.sqrt(Math.abs(scale)); // on both sides, so that halves do not overflow
    Tensor left = query.mul(scale < 0 ? -root : root);
    Tensor scores = left.matmul(k.mul(root).transpose(-2, -1));
    if (options.causal) {
      scores = scores.add(causalMask(query, key)); // each query may attend to the first key
    }
    Tensor weights = options.mask == null ? scores.softmax(-1) : masked(scores, options.mask);
    return Dropouts.dropout(weights, options.dropout, true).matmul(v);
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

  /** Returns −∞ where a key comes after the query, else 0. */
  private static Tensor causalMask(Tensor query, Tensor key) {
    return Tensor.on(query.device())
        .full(Double.NEGATIVE_INFINITY, query.dtype(), query.size(-2), key.size(-2))
        .triu(1);
  }

  /** Returns softmax of masked scores, and zeros in rows where nothing is allowed. */
  private static Tensor masked(Tensor scores, Tensor mask) {
    Tensor x =
        mask.dtype() == DType.BOOL
            ? scores.maskedFill(mask.logicalNot(), Double.NEGATIVE_INFINITY)
            : scores.add(mask);
    Tensor none = x.detach().eq(Double.NEGATIVE_INFINITY).all(-1, true);
    return x.maskedFill(none, 0).softmax(-1).maskedFill(none, 0);
  }
}
