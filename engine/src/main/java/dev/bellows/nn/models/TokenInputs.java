package dev.bellows.nn.models;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/** Checks of the inputs of models of tokens, and their defaults. */
final class TokenInputs {
  private TokenInputs() {}

  /** Checks that token numbers are [n, t], or of other dimensions before t, and t fits. */
  static void check(Tensor inputIds, long longest) {
    if (inputIds.dim() == 0 || inputIds.size(-1) > longest) {
      throw new IllegalArgumentException(
          message(
              "input_ids must be [n, t] with t at most the number of positions; got %s for %s"
                  + " positions",
              inputIds.shape(), longest));
    }
  }

  /** Returns an input of the shape of the token numbers as [n, t]. */
  static Tensor rows(Tensor x, Tensor inputIds) {
    if (!Arrays.equals(x.shape(), inputIds.shape())) {
      throw new IllegalArgumentException(
          message(
              "mask, token types and positions must have the shape of input_ids; got %s for %s",
              x.shape(), inputIds.shape()));
    }
    return x.dim() == 2 ? x : x.reshape(-1, x.size(-1));
  }

  /** Returns given positions, or those that count from 0, [1, t]. */
  static Tensor positions(Tensor positionIds, Tensor inputIds) {
    return positionIds == null
        ? Tensor.on(inputIds.device()).arange(0, inputIds.size(-1), 1, DType.INT64).unsqueeze(0)
        : rows(positionIds, inputIds);
  }

  /** Returns which keys are attended to, BOOL [n, 1, 1, t]. */
  static Tensor keys(Tensor attentionMask, Tensor inputIds) {
    return rows(attentionMask, inputIds).ne(0).unsqueeze(1).unsqueeze(1);
  }

  /** Returns x [n, t, d] as heads [n, heads, t, d / heads]. */
  static Tensor heads(Tensor x, long heads) {
    return x.reshape(x.size(0), x.size(1), heads, x.size(2) / heads).transpose(1, 2);
  }
}
