package dev.bellows.nn.layer;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/** Checks the inputs of {@link MultiheadAttention}. */
final class AttentionChecks {
  private AttentionChecks() {}

  /** Returns whether the inputs have a batch dimension. */
  static boolean isBatched(Tensor query, Tensor key, Tensor value) {
    for (Tensor each : new Tensor[] {query, key, value}) {
      if (each == null) {
        throw new IllegalArgumentException("query, key and value must not be null");
      }
    }
    int dims = query.dim();
    if (dims != 2 && dims != 3) {
      throw new IllegalArgumentException(
          message(
              "query should be unbatched 2D or batched 3D tensor but received %s-D query tensor",
              dims));
    }
    if (key.dim() != dims || value.dim() != dims) {
      throw new IllegalArgumentException(
          message(
              "%s expected `key` and `value` to be %s-D but found %s-D and %s-D tensors"
                  + " respectively",
              kind(dims), dims, key.dim(), value.dim()));
    }
    return dims == 3;
  }

  private static String kind(int dims) {
    return dims == 3 ? "For batched (3-D) `query`," : "For unbatched (2-D) `query`,";
  }

  static void masks(boolean batched, Tensor query, Tensor keyPaddingMask, Tensor attnMask) {
    int dims = batched ? 2 : 1;
    if (keyPaddingMask != null && keyPaddingMask.dim() != dims) {
      throw new IllegalArgumentException(
          message(
              "%s expected `key_padding_mask` to be `None` or %s-D but found %s-D tensor instead",
              kind(query.dim()), dims, keyPaddingMask.dim()));
    }
    if (attnMask != null && attnMask.dim() != 2 && attnMask.dim() != 3) {
      throw new IllegalArgumentException(
          message(
              "%s expected `attn_mask` to be `None`, 2-D or 3-D but found %s-D tensor instead",
              kind(query.dim()), attnMask.dim()));
    }
  }

  /** Checks inputs [l or s, n, features]. */
  static void sizes(Tensor q, Tensor k, Tensor v, long embedDim, long kdim, long vdim) {
    if (q.size(2) != embedDim) {
      throw new IllegalArgumentException(
          message("was expecting embedding dimension of %s, but got %s", embedDim, q.size(2)));
    }
    if (k.size(0) != v.size(0) || k.size(1) != v.size(1) || k.size(1) != q.size(1)) {
      throw new IllegalArgumentException(
          message(
              "key's sequence and batch dims must match value's, and the batch query's; got key %s,"
                  + " value %s, query %s",
              k.shape(), v.shape(), q.shape()));
    }
    if (k.size(2) != kdim || v.size(2) != vdim) {
      throw new IllegalArgumentException(
          message(
              "was expecting key and value dimensions of %s and %s, but got %s and %s",
              kdim, vdim, k.size(2), v.size(2)));
    }
  }

  static void shape(String what, Tensor mask, long... expected) {
    if (!Arrays.equals(mask.shape(), expected)) {
      throw new IllegalArgumentException(
          message(
              "The shape of the %sD %s is %s, but should be %s.",
              mask.dim(), what, mask.shape(), expected));
    }
  }
}
