package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import dev.bellows.ops.Default;
import dev.bellows.ops.Linear;
import dev.bellows.tensor.Tensor;

/** Affine and bilinear maps. */
final class Affine {
  private Affine() {}

  /**
   * Computes x · weightᵀ + bias.
   *
   * @param x [.., inFeatures]
   * @param weight [outFeatures, inFeatures]
   * @param bias [outFeatures], or null for none
   * @return [.., outFeatures]
   */
  public static Tensor linear(Tensor x, Tensor weight, Tensor bias) {
    return Linear.of(x, weight, bias);
  }

  /**
   * Computes x1ᵀ · weight(k) · x2 + bias(k) for each k.
   *
   * @param x1 [.., in1]
   * @param x2 [.., in2], with the same leading dimensions
   * @param weight [out, in1, in2]
   * @param bias [out], or null for none
   * @return [.., out]
   * @throws IllegalArgumentException if shapes do not fit
   */
  public static Tensor bilinear(Tensor x1, Tensor x2, Tensor weight, @Default("null") Tensor bias) {
    int last = x1.dim() - 1;
    boolean fits = last >= 0 && x2.dim() == x1.dim() && weight.dim() == 3;
    for (int d = 0; fits && d < last; d++) {
      fits = x1.size(d) == x2.size(d);
    }
    if (!fits || x1.size(last) != weight.size(1) || x2.size(last) != weight.size(2)) {
      throw new IllegalArgumentException(
          message(
              "bilinear: x1 must be [.., in1], x2 [.., in2] and weight [out, in1, in2]; got %s, %s"
                  + " and %s",
              x1.shape(), x2.shape(), weight.shape()));
    }
    long[] shape = x1.shape();
    shape[last] = weight.size(0);
    Tensor left = x1.reshape(x1.numel() / x1.size(last), x1.size(last));
    Tensor right = x2.reshape(left.size(0), x2.size(last));
    Tensor y = Tensor.einsum("ni,oij,nj->no", left, weight, right).reshape(shape);
    return bias == null ? y : y.add(bias);
  }
}
