package dev.bellows.tensor;

import dev.bellows.autograd.Calls;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.ops.ActivationFunctions;
import dev.bellows.ops.Addc;
import dev.bellows.ops.AddedProducts;
import dev.bellows.ops.ArgExtremum;
import dev.bellows.ops.Arithmetic;
import dev.bellows.ops.AsStrided;
import dev.bellows.ops.Bits;
import dev.bellows.ops.Bitwise;
import dev.bellows.ops.Clamp;
import dev.bellows.ops.Comparisons;
import dev.bellows.ops.Contractions;
import dev.bellows.ops.Copy;
import dev.bellows.ops.Counting;
import dev.bellows.ops.ErrorAndGamma;
import dev.bellows.ops.Expand;
import dev.bellows.ops.Exponentials;
import dev.bellows.ops.Extrema;
import dev.bellows.ops.Gather;
import dev.bellows.ops.Indexing;
import dev.bellows.ops.Joining;
import dev.bellows.ops.Lerp;
import dev.bellows.ops.Logit;
import dev.bellows.ops.MaskedFill;
import dev.bellows.ops.Masks;
import dev.bellows.ops.MatMul;
import dev.bellows.ops.Overwriting;
import dev.bellows.ops.Permute;
import dev.bellows.ops.Picking;
import dev.bellows.ops.Pinning;
import dev.bellows.ops.Products;
import dev.bellows.ops.Reduce;
import dev.bellows.ops.Reshaping;
import dev.bellows.ops.Rounding;
import dev.bellows.ops.RoundingMode;
import dev.bellows.ops.Sampling;
import dev.bellows.ops.Scan;
import dev.bellows.ops.Scatter;
import dev.bellows.ops.Slice;
import dev.bellows.ops.Softmax;
import dev.bellows.ops.Sorting;
import dev.bellows.ops.Splitting;
import dev.bellows.ops.Statistics;
import dev.bellows.ops.Transfer;
import dev.bellows.ops.Trigonometry;
import dev.bellows.ops.View;
import dev.bellows.ops.Where;
import dev.bellows.ops.Windows;
import java.util.List;

/**
 * The operations as methods of the tensor.
 *
 * <p>Do not edit: {@code -Dtest=TensorMethodsTest -Dbellows.docs.write=true} writes this file from
 * the sources of package {@code ops}, where each method's Javadoc stands too.
 */
abstract sealed class TensorMethods permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  // ---- ActivationFunctions

  /**
   * Computes max(this, 0). The gradient at 0 is 0.
   *
   * <p>PyTorch: {@code relu}.
   */
  public final Tensor relu() {
    if (Calls.areRecorded()) {
      return Calls.record("relu()", self());
    }
    return ActivationFunctions.RELU.of(self());
  }

  /** Overwrites this with {@link #relu()} and gives it back. */
  public final Tensor relu_() {
    if (Calls.areRecorded()) {
      return Calls.record("relu_()", self());
    }
    return ActivationFunctions.RELU.inPlace(self());
  }

  /**
   * Computes 1 / (1 + e⁻ˣ).
   *
   * <p>PyTorch: {@code sigmoid}.
   */
  public final Tensor sigmoid() {
    if (Calls.areRecorded()) {
      return Calls.record("sigmoid()", self());
    }
    return ActivationFunctions.SIGMOID.of(self());
  }

  /** Overwrites this with {@link #sigmoid()} and gives it back. */
  public final Tensor sigmoid_() {
    if (Calls.areRecorded()) {
      return Calls.record("sigmoid_()", self());
    }
    return ActivationFunctions.SIGMOID.inPlace(self());
  }

  /**
   * Computes the hyperbolic tangent.
   *
   * <p>PyTorch: {@code tanh}.
   */
  public final Tensor tanh() {
    if (Calls.areRecorded()) {
      return Calls.record("tanh()", self());
    }
    return ActivationFunctions.TANH.of(self());
  }

  /** Overwrites this with {@link #tanh()} and gives it back. */
  public final Tensor tanh_() {
    if (Calls.areRecorded()) {
      return Calls.record("tanh_()", self());
    }
    return ActivationFunctions.TANH.inPlace(self());
  }

  // ---- Addc

  /**
   * Computes this + value · a · b, broadcast.
   *
   * <p>PyTorch: {@code addcmul}.
   */
  public final Tensor addcmul(Tensor a, Tensor b, Number value) {
    if (Calls.areRecorded()) {
      return Calls.record("addcmul(Tensor,Tensor,Number)", self(), a, b, value);
    }
    return Addc.addcmul(self(), a, b, value);
  }

  /**
   * Overwrites this with {@link Tensor#addcmul(Tensor, Tensor, Number)} and gives it back.
   *
   * <p>PyTorch: {@code addcmul_}.
   */
  public final Tensor addcmul_(Tensor a, Tensor b, Number value) {
    if (Calls.areRecorded()) {
      return Calls.record("addcmul_(Tensor,Tensor,Number)", self(), a, b, value);
    }
    return Addc.addcmul_(self(), a, b, value);
  }

  /**
   * Computes this + value · a / b, broadcast.
   *
   * <p>PyTorch: {@code addcdiv}.
   *
   * @throws IllegalArgumentException if a and b are integers
   */
  public final Tensor addcdiv(Tensor a, Tensor b, Number value) {
    if (Calls.areRecorded()) {
      return Calls.record("addcdiv(Tensor,Tensor,Number)", self(), a, b, value);
    }
    return Addc.addcdiv(self(), a, b, value);
  }

  /**
   * Overwrites this with {@link Tensor#addcdiv(Tensor, Tensor, Number)} and gives it back.
   *
   * <p>PyTorch: {@code addcdiv_}.
   */
  public final Tensor addcdiv_(Tensor a, Tensor b, Number value) {
    if (Calls.areRecorded()) {
      return Calls.record("addcdiv_(Tensor,Tensor,Number)", self(), a, b, value);
    }
    return Addc.addcdiv_(self(), a, b, value);
  }

  // ---- AddedProducts

  /**
   * Works like {@link #addmm(Tensor, Tensor, Number, Number)} with {@code beta = 1}, {@code alpha =
   * 1}.
   */
  public final Tensor addmm(Tensor mat1, Tensor mat2) {
    if (Calls.areRecorded()) {
      return Calls.record("addmm(Tensor,Tensor)", self(), mat1, mat2);
    }
    return AddedProducts.addmm(self(), mat1, mat2, 1, 1);
  }

  /** Works like {@link #addmm(Tensor, Tensor, Number, Number)} with {@code alpha = 1}. */
  public final Tensor addmm(Tensor mat1, Tensor mat2, Number beta) {
    if (Calls.areRecorded()) {
      return Calls.record("addmm(Tensor,Tensor,Number)", self(), mat1, mat2, beta);
    }
    return AddedProducts.addmm(self(), mat1, mat2, beta, 1);
  }

  /**
   * Computes beta · this + alpha · (mat1 · mat2), for matrices; this is broadcast. With beta 0 the
   * content of this does not matter.
   *
   * <p>PyTorch: {@code addmm}.
   *
   * @throws IllegalArgumentException if shapes or types do not fit, or a factor is a fraction and
   *     the types are integers
   */
  public final Tensor addmm(Tensor mat1, Tensor mat2, Number beta, Number alpha) {
    if (Calls.areRecorded()) {
      return Calls.record("addmm(Tensor,Tensor,Number,Number)", self(), mat1, mat2, beta, alpha);
    }
    return AddedProducts.addmm(self(), mat1, mat2, beta, alpha);
  }

  /**
   * Works like {@link #addmm_(Tensor, Tensor, Number, Number)} with {@code beta = 1}, {@code alpha
   * = 1}.
   */
  public final Tensor addmm_(Tensor mat1, Tensor mat2) {
    if (Calls.areRecorded()) {
      return Calls.record("addmm_(Tensor,Tensor)", self(), mat1, mat2);
    }
    return AddedProducts.addmm_(self(), mat1, mat2, 1, 1);
  }

  /** Works like {@link #addmm_(Tensor, Tensor, Number, Number)} with {@code alpha = 1}. */
  public final Tensor addmm_(Tensor mat1, Tensor mat2, Number beta) {
    if (Calls.areRecorded()) {
      return Calls.record("addmm_(Tensor,Tensor,Number)", self(), mat1, mat2, beta);
    }
    return AddedProducts.addmm_(self(), mat1, mat2, beta, 1);
  }

  /**
   * Overwrites this with {@link Tensor#addmm(Tensor, Tensor, Number, Number)} and gives it back.
   *
   * <p>PyTorch: {@code addmm_}.
   */
  public final Tensor addmm_(Tensor mat1, Tensor mat2, Number beta, Number alpha) {
    if (Calls.areRecorded()) {
      return Calls.record("addmm_(Tensor,Tensor,Number,Number)", self(), mat1, mat2, beta, alpha);
    }
    return AddedProducts.addmm_(self(), mat1, mat2, beta, alpha);
  }

  /**
   * Works like {@link #addmv(Tensor, Tensor, Number, Number)} with {@code beta = 1}, {@code alpha =
   * 1}.
   */
  public final Tensor addmv(Tensor matrix, Tensor vector) {
    if (Calls.areRecorded()) {
      return Calls.record("addmv(Tensor,Tensor)", self(), matrix, vector);
    }
    return AddedProducts.addmv(self(), matrix, vector, 1, 1);
  }

  /** Works like {@link #addmv(Tensor, Tensor, Number, Number)} with {@code alpha = 1}. */
  public final Tensor addmv(Tensor matrix, Tensor vector, Number beta) {
    if (Calls.areRecorded()) {
      return Calls.record("addmv(Tensor,Tensor,Number)", self(), matrix, vector, beta);
    }
    return AddedProducts.addmv(self(), matrix, vector, beta, 1);
  }

  /**
   * Computes beta · this + alpha · (matrix · vector); this is broadcast. With beta 0 the content of
   * this does not matter.
   *
   * <p>PyTorch: {@code addmv}.
   *
   * @throws IllegalArgumentException if shapes or types do not fit, or a factor is a fraction and
   *     the types are integers
   */
  public final Tensor addmv(Tensor matrix, Tensor vector, Number beta, Number alpha) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "addmv(Tensor,Tensor,Number,Number)", self(), matrix, vector, beta, alpha);
    }
    return AddedProducts.addmv(self(), matrix, vector, beta, alpha);
  }

  /**
   * Works like {@link #addmv_(Tensor, Tensor, Number, Number)} with {@code beta = 1}, {@code alpha
   * = 1}.
   */
  public final Tensor addmv_(Tensor matrix, Tensor vector) {
    if (Calls.areRecorded()) {
      return Calls.record("addmv_(Tensor,Tensor)", self(), matrix, vector);
    }
    return AddedProducts.addmv_(self(), matrix, vector, 1, 1);
  }

  /** Works like {@link #addmv_(Tensor, Tensor, Number, Number)} with {@code alpha = 1}. */
  public final Tensor addmv_(Tensor matrix, Tensor vector, Number beta) {
    if (Calls.areRecorded()) {
      return Calls.record("addmv_(Tensor,Tensor,Number)", self(), matrix, vector, beta);
    }
    return AddedProducts.addmv_(self(), matrix, vector, beta, 1);
  }

  /**
   * Overwrites this with {@link Tensor#addmv(Tensor, Tensor, Number, Number)} and gives it back.
   *
   * <p>PyTorch: {@code addmv_}.
   */
  public final Tensor addmv_(Tensor matrix, Tensor vector, Number beta, Number alpha) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "addmv_(Tensor,Tensor,Number,Number)", self(), matrix, vector, beta, alpha);
    }
    return AddedProducts.addmv_(self(), matrix, vector, beta, alpha);
  }

  /**
   * Works like {@link #addbmm(Tensor, Tensor, Number, Number)} with {@code beta = 1}, {@code alpha
   * = 1}.
   */
  public final Tensor addbmm(Tensor batch1, Tensor batch2) {
    if (Calls.areRecorded()) {
      return Calls.record("addbmm(Tensor,Tensor)", self(), batch1, batch2);
    }
    return AddedProducts.addbmm(self(), batch1, batch2, 1, 1);
  }

  /** Works like {@link #addbmm(Tensor, Tensor, Number, Number)} with {@code alpha = 1}. */
  public final Tensor addbmm(Tensor batch1, Tensor batch2, Number beta) {
    if (Calls.areRecorded()) {
      return Calls.record("addbmm(Tensor,Tensor,Number)", self(), batch1, batch2, beta);
    }
    return AddedProducts.addbmm(self(), batch1, batch2, beta, 1);
  }

  /**
   * Computes beta · this + alpha · Σ batch1[i] · batch2[i], summed over the batch; this is
   * broadcast. With beta 0 the content of this does not matter.
   *
   * <p>PyTorch: {@code addbmm}.
   *
   * @throws IllegalArgumentException if shapes or types do not fit, or a factor is a fraction and
   *     the types are integers
   */
  public final Tensor addbmm(Tensor batch1, Tensor batch2, Number beta, Number alpha) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "addbmm(Tensor,Tensor,Number,Number)", self(), batch1, batch2, beta, alpha);
    }
    return AddedProducts.addbmm(self(), batch1, batch2, beta, alpha);
  }

  /**
   * Works like {@link #addbmm_(Tensor, Tensor, Number, Number)} with {@code beta = 1}, {@code alpha
   * = 1}.
   */
  public final Tensor addbmm_(Tensor batch1, Tensor batch2) {
    if (Calls.areRecorded()) {
      return Calls.record("addbmm_(Tensor,Tensor)", self(), batch1, batch2);
    }
    return AddedProducts.addbmm_(self(), batch1, batch2, 1, 1);
  }

  /** Works like {@link #addbmm_(Tensor, Tensor, Number, Number)} with {@code alpha = 1}. */
  public final Tensor addbmm_(Tensor batch1, Tensor batch2, Number beta) {
    if (Calls.areRecorded()) {
      return Calls.record("addbmm_(Tensor,Tensor,Number)", self(), batch1, batch2, beta);
    }
    return AddedProducts.addbmm_(self(), batch1, batch2, beta, 1);
  }

  /**
   * Overwrites this with {@link Tensor#addbmm(Tensor, Tensor, Number, Number)} and gives it back.
   *
   * <p>PyTorch: {@code addbmm_}.
   */
  public final Tensor addbmm_(Tensor batch1, Tensor batch2, Number beta, Number alpha) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "addbmm_(Tensor,Tensor,Number,Number)", self(), batch1, batch2, beta, alpha);
    }
    return AddedProducts.addbmm_(self(), batch1, batch2, beta, alpha);
  }

  /**
   * Works like {@link #baddbmm(Tensor, Tensor, Number, Number)} with {@code beta = 1}, {@code alpha
   * = 1}.
   */
  public final Tensor baddbmm(Tensor batch1, Tensor batch2) {
    if (Calls.areRecorded()) {
      return Calls.record("baddbmm(Tensor,Tensor)", self(), batch1, batch2);
    }
    return AddedProducts.baddbmm(self(), batch1, batch2, 1, 1);
  }

  /** Works like {@link #baddbmm(Tensor, Tensor, Number, Number)} with {@code alpha = 1}. */
  public final Tensor baddbmm(Tensor batch1, Tensor batch2, Number beta) {
    if (Calls.areRecorded()) {
      return Calls.record("baddbmm(Tensor,Tensor,Number)", self(), batch1, batch2, beta);
    }
    return AddedProducts.baddbmm(self(), batch1, batch2, beta, 1);
  }

  /**
   * Computes beta · this + alpha · (batch1 · batch2), for batches of matrices; this is broadcast.
   * With beta 0 the content of this does not matter.
   *
   * <p>PyTorch: {@code baddbmm}.
   *
   * @throws IllegalArgumentException if shapes or types do not fit, or a factor is a fraction and
   *     the types are integers
   */
  public final Tensor baddbmm(Tensor batch1, Tensor batch2, Number beta, Number alpha) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "baddbmm(Tensor,Tensor,Number,Number)", self(), batch1, batch2, beta, alpha);
    }
    return AddedProducts.baddbmm(self(), batch1, batch2, beta, alpha);
  }

  /**
   * Works like {@link #baddbmm_(Tensor, Tensor, Number, Number)} with {@code beta = 1}, {@code
   * alpha = 1}.
   */
  public final Tensor baddbmm_(Tensor batch1, Tensor batch2) {
    if (Calls.areRecorded()) {
      return Calls.record("baddbmm_(Tensor,Tensor)", self(), batch1, batch2);
    }
    return AddedProducts.baddbmm_(self(), batch1, batch2, 1, 1);
  }

  /** Works like {@link #baddbmm_(Tensor, Tensor, Number, Number)} with {@code alpha = 1}. */
  public final Tensor baddbmm_(Tensor batch1, Tensor batch2, Number beta) {
    if (Calls.areRecorded()) {
      return Calls.record("baddbmm_(Tensor,Tensor,Number)", self(), batch1, batch2, beta);
    }
    return AddedProducts.baddbmm_(self(), batch1, batch2, beta, 1);
  }

  /**
   * Overwrites this with {@link Tensor#baddbmm(Tensor, Tensor, Number, Number)} and gives it back.
   *
   * <p>PyTorch: {@code baddbmm_}.
   */
  public final Tensor baddbmm_(Tensor batch1, Tensor batch2, Number beta, Number alpha) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "baddbmm_(Tensor,Tensor,Number,Number)", self(), batch1, batch2, beta, alpha);
    }
    return AddedProducts.baddbmm_(self(), batch1, batch2, beta, alpha);
  }

  /**
   * Works like {@link #addr(Tensor, Tensor, Number, Number)} with {@code beta = 1}, {@code alpha =
   * 1}.
   */
  public final Tensor addr(Tensor vector1, Tensor vector2) {
    if (Calls.areRecorded()) {
      return Calls.record("addr(Tensor,Tensor)", self(), vector1, vector2);
    }
    return AddedProducts.addr(self(), vector1, vector2, 1, 1);
  }

  /** Works like {@link #addr(Tensor, Tensor, Number, Number)} with {@code alpha = 1}. */
  public final Tensor addr(Tensor vector1, Tensor vector2, Number beta) {
    if (Calls.areRecorded()) {
      return Calls.record("addr(Tensor,Tensor,Number)", self(), vector1, vector2, beta);
    }
    return AddedProducts.addr(self(), vector1, vector2, beta, 1);
  }

  /**
   * Computes beta · this + alpha · {@link Tensor#outer} of two vectors; this is broadcast, types
   * are promoted. With beta 0 the content of this does not matter.
   *
   * <p>PyTorch: {@code addr}.
   *
   * @throws IllegalArgumentException if shapes or types do not fit, or a factor is a fraction and
   *     the types are integers
   */
  public final Tensor addr(Tensor vector1, Tensor vector2, Number beta, Number alpha) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "addr(Tensor,Tensor,Number,Number)", self(), vector1, vector2, beta, alpha);
    }
    return AddedProducts.addr(self(), vector1, vector2, beta, alpha);
  }

  /**
   * Works like {@link #addr_(Tensor, Tensor, Number, Number)} with {@code beta = 1}, {@code alpha =
   * 1}.
   */
  public final Tensor addr_(Tensor vector1, Tensor vector2) {
    if (Calls.areRecorded()) {
      return Calls.record("addr_(Tensor,Tensor)", self(), vector1, vector2);
    }
    return AddedProducts.addr_(self(), vector1, vector2, 1, 1);
  }

  /** Works like {@link #addr_(Tensor, Tensor, Number, Number)} with {@code alpha = 1}. */
  public final Tensor addr_(Tensor vector1, Tensor vector2, Number beta) {
    if (Calls.areRecorded()) {
      return Calls.record("addr_(Tensor,Tensor,Number)", self(), vector1, vector2, beta);
    }
    return AddedProducts.addr_(self(), vector1, vector2, beta, 1);
  }

  /**
   * Overwrites this with {@link Tensor#addr(Tensor, Tensor, Number, Number)} and gives it back.
   *
   * <p>PyTorch: {@code addr_}.
   */
  public final Tensor addr_(Tensor vector1, Tensor vector2, Number beta, Number alpha) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "addr_(Tensor,Tensor,Number,Number)", self(), vector1, vector2, beta, alpha);
    }
    return AddedProducts.addr_(self(), vector1, vector2, beta, alpha);
  }

  // ---- ArgExtremum

  /**
   * Returns the index (INT64) of the largest of all elements in row-major order, the first of equal
   * ones.
   *
   * <p>PyTorch: {@code argmax}.
   */
  public final Tensor argmax() {
    if (Calls.areRecorded()) {
      return Calls.record("argmax()", self());
    }
    return ArgExtremum.argmax(self());
  }

  /** Works like {@link #argmax(int, boolean)} with {@code keepDim = false}. */
  public final Tensor argmax(int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("argmax(int)", self(), dim);
    }
    return ArgExtremum.argmax(self(), dim, false);
  }

  /**
   * Returns the index (INT64) of the largest element along a dimension, the first of equal ones.
   * The dimension is kept as size 1 if {@code keepDim}, else removed.
   *
   * <p>PyTorch: {@code argmax}.
   *
   * @throws IllegalArgumentException if the dimension is empty
   */
  public final Tensor argmax(int dim, boolean keepDim) {
    if (Calls.areRecorded()) {
      return Calls.record("argmax(int,boolean)", self(), dim, keepDim);
    }
    return ArgExtremum.argmax(self(), dim, keepDim);
  }

  /**
   * Returns the index (INT64) of the smallest of all elements in row-major order, the first of
   * equal ones.
   *
   * <p>PyTorch: {@code argmin}.
   */
  public final Tensor argmin() {
    if (Calls.areRecorded()) {
      return Calls.record("argmin()", self());
    }
    return ArgExtremum.argmin(self());
  }

  /** Works like {@link #argmin(int, boolean)} with {@code keepDim = false}. */
  public final Tensor argmin(int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("argmin(int)", self(), dim);
    }
    return ArgExtremum.argmin(self(), dim, false);
  }

  /**
   * Returns the index (INT64) of the smallest element along a dimension, the first of equal ones.
   * The dimension is kept as size 1 if {@code keepDim}, else removed.
   *
   * <p>PyTorch: {@code argmin}.
   *
   * @throws IllegalArgumentException if the dimension is empty
   */
  public final Tensor argmin(int dim, boolean keepDim) {
    if (Calls.areRecorded()) {
      return Calls.record("argmin(int,boolean)", self(), dim, keepDim);
    }
    return ArgExtremum.argmin(self(), dim, keepDim);
  }

  // ---- Arithmetic

  /**
   * Computes −this.
   *
   * <p>PyTorch: {@code neg}.
   */
  public final Tensor neg() {
    if (Calls.areRecorded()) {
      return Calls.record("neg()", self());
    }
    return Arithmetic.NEG.of(self());
  }

  /** Overwrites this with {@link #neg()} and gives it back. */
  public final Tensor neg_() {
    if (Calls.areRecorded()) {
      return Calls.record("neg_()", self());
    }
    return Arithmetic.NEG.inPlace(self());
  }

  /**
   * Computes |this|. The gradient at 0 is 0.
   *
   * <p>PyTorch: {@code abs}.
   */
  public final Tensor abs() {
    if (Calls.areRecorded()) {
      return Calls.record("abs()", self());
    }
    return Arithmetic.ABS.of(self());
  }

  /** Overwrites this with {@link #abs()} and gives it back. */
  public final Tensor abs_() {
    if (Calls.areRecorded()) {
      return Calls.record("abs_()", self());
    }
    return Arithmetic.ABS.inPlace(self());
  }

  /**
   * Returns the sign: −1, 0 or 1; 0 for NaN.
   *
   * <p>PyTorch: {@code sign}.
   */
  public final Tensor sign() {
    if (Calls.areRecorded()) {
      return Calls.record("sign()", self());
    }
    return Arithmetic.SIGN.of(self());
  }

  /** Overwrites this with {@link #sign()} and gives it back. */
  public final Tensor sign_() {
    if (Calls.areRecorded()) {
      return Calls.record("sign_()", self());
    }
    return Arithmetic.SIGN.inPlace(self());
  }

  /**
   * Computes 1 / this.
   *
   * <p>PyTorch: {@code reciprocal}.
   */
  public final Tensor reciprocal() {
    if (Calls.areRecorded()) {
      return Calls.record("reciprocal()", self());
    }
    return Arithmetic.RECIPROCAL.of(self());
  }

  /** Overwrites this with {@link #reciprocal()} and gives it back. */
  public final Tensor reciprocal_() {
    if (Calls.areRecorded()) {
      return Calls.record("reciprocal_()", self());
    }
    return Arithmetic.RECIPROCAL.inPlace(self());
  }

  /**
   * Computes the square root.
   *
   * <p>PyTorch: {@code sqrt}.
   */
  public final Tensor sqrt() {
    if (Calls.areRecorded()) {
      return Calls.record("sqrt()", self());
    }
    return Arithmetic.SQRT.of(self());
  }

  /** Overwrites this with {@link #sqrt()} and gives it back. */
  public final Tensor sqrt_() {
    if (Calls.areRecorded()) {
      return Calls.record("sqrt_()", self());
    }
    return Arithmetic.SQRT.inPlace(self());
  }

  /**
   * Computes 1 / √this.
   *
   * <p>PyTorch: {@code rsqrt}.
   */
  public final Tensor rsqrt() {
    if (Calls.areRecorded()) {
      return Calls.record("rsqrt()", self());
    }
    return Arithmetic.RSQRT.of(self());
  }

  /** Overwrites this with {@link #rsqrt()} and gives it back. */
  public final Tensor rsqrt_() {
    if (Calls.areRecorded()) {
      return Calls.record("rsqrt_()", self());
    }
    return Arithmetic.RSQRT.inPlace(self());
  }

  /**
   * Computes this + other.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code add}.
   */
  public final Tensor add(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("add(Tensor)", self(), other);
    }
    return Arithmetic.ADD.of(self(), other);
  }

  /** Overwrites this with {@link #add(Tensor)} and gives it back. */
  public final Tensor add_(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("add_(Tensor)", self(), other);
    }
    return Arithmetic.ADD.inPlace(self(), other);
  }

  /**
   * Computes this + other.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code add}.
   */
  public final Tensor add(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("add(Number)", self(), other);
    }
    return Arithmetic.ADD.of(self(), other);
  }

  /** Overwrites this with {@link #add(Number)} and gives it back. */
  public final Tensor add_(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("add_(Number)", self(), other);
    }
    return Arithmetic.ADD.inPlace(self(), other);
  }

  /**
   * Computes this − other.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code sub}.
   *
   * @throws IllegalArgumentException if one of them is BOOL
   */
  public final Tensor sub(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("sub(Tensor)", self(), other);
    }
    return Arithmetic.SUB.of(self(), other);
  }

  /** Overwrites this with {@link #sub(Tensor)} and gives it back. */
  public final Tensor sub_(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("sub_(Tensor)", self(), other);
    }
    return Arithmetic.SUB.inPlace(self(), other);
  }

  /**
   * Computes this − other.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code sub}.
   *
   * @throws IllegalArgumentException if one of them is BOOL
   */
  public final Tensor sub(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("sub(Number)", self(), other);
    }
    return Arithmetic.SUB.of(self(), other);
  }

  /** Overwrites this with {@link #sub(Number)} and gives it back. */
  public final Tensor sub_(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("sub_(Number)", self(), other);
    }
    return Arithmetic.SUB.inPlace(self(), other);
  }

  /**
   * Computes this · other.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code mul}.
   */
  public final Tensor mul(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("mul(Tensor)", self(), other);
    }
    return Arithmetic.MUL.of(self(), other);
  }

  /** Overwrites this with {@link #mul(Tensor)} and gives it back. */
  public final Tensor mul_(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("mul_(Tensor)", self(), other);
    }
    return Arithmetic.MUL.inPlace(self(), other);
  }

  /**
   * Computes this · other.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code mul}.
   */
  public final Tensor mul(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("mul(Number)", self(), other);
    }
    return Arithmetic.MUL.of(self(), other);
  }

  /** Overwrites this with {@link #mul(Number)} and gives it back. */
  public final Tensor mul_(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("mul_(Number)", self(), other);
    }
    return Arithmetic.MUL.inPlace(self(), other);
  }

  /**
   * Computes this / other; integers are divided as FLOAT32.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code div}.
   */
  public final Tensor div(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("div(Tensor)", self(), other);
    }
    return Arithmetic.DIV.of(self(), other);
  }

  /** Overwrites this with {@link #div(Tensor)} and gives it back. */
  public final Tensor div_(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("div_(Tensor)", self(), other);
    }
    return Arithmetic.DIV.inPlace(self(), other);
  }

  /**
   * Computes this / other; integers are divided as FLOAT32.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code div}.
   */
  public final Tensor div(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("div(Number)", self(), other);
    }
    return Arithmetic.DIV.of(self(), other);
  }

  /** Overwrites this with {@link #div(Number)} and gives it back. */
  public final Tensor div_(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("div_(Number)", self(), other);
    }
    return Arithmetic.DIV.inPlace(self(), other);
  }

  /**
   * Computes this to the power of other.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code pow}.
   */
  public final Tensor pow(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("pow(Tensor)", self(), other);
    }
    return Arithmetic.POW.of(self(), other);
  }

  /** Overwrites this with {@link #pow(Tensor)} and gives it back. */
  public final Tensor pow_(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("pow_(Tensor)", self(), other);
    }
    return Arithmetic.POW.inPlace(self(), other);
  }

  /**
   * Computes this + alpha · other, broadcast, in the promoted type.
   *
   * <p>PyTorch: {@code add}.
   *
   * @param alpha a whole number if the result is of integers
   * @throws IllegalArgumentException if alpha is a fraction and the result is of integers
   */
  public final Tensor add(Tensor other, Number alpha) {
    if (Calls.areRecorded()) {
      return Calls.record("add(Tensor,Number)", self(), other, alpha);
    }
    return Arithmetic.add(self(), other, alpha);
  }

  /**
   * Adds alpha · other in place and gives this back. See {@link Tensor#add(Tensor, Number)}.
   *
   * <p>PyTorch: {@code add_}.
   */
  public final Tensor add_(Tensor other, Number alpha) {
    if (Calls.areRecorded()) {
      return Calls.record("add_(Tensor,Number)", self(), other, alpha);
    }
    return Arithmetic.add_(self(), other, alpha);
  }

  /**
   * Computes this − alpha · other, broadcast, in the promoted type.
   *
   * <p>PyTorch: {@code sub}.
   *
   * @param alpha a whole number if the result is of integers
   * @throws IllegalArgumentException if alpha is a fraction and the result is of integers, or for
   *     BOOL
   */
  public final Tensor sub(Tensor other, Number alpha) {
    if (Calls.areRecorded()) {
      return Calls.record("sub(Tensor,Number)", self(), other, alpha);
    }
    return Arithmetic.sub(self(), other, alpha);
  }

  /**
   * Subtracts alpha · other in place and gives this back. See {@link Tensor#sub(Tensor, Number)}.
   *
   * <p>PyTorch: {@code sub_}.
   */
  public final Tensor sub_(Tensor other, Number alpha) {
    if (Calls.areRecorded()) {
      return Calls.record("sub_(Tensor,Number)", self(), other, alpha);
    }
    return Arithmetic.sub_(self(), other, alpha);
  }

  /**
   * Computes other − this.
   *
   * <p>PyTorch: {@code rsub}.
   *
   * @throws IllegalArgumentException for BOOL
   */
  public final Tensor rsub(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("rsub(Number)", self(), other);
    }
    return Arithmetic.rsub(self(), other);
  }

  /**
   * Computes this to the power of other.
   *
   * <p>PyTorch: {@code pow}.
   *
   * @throws IllegalArgumentException if an integer would be raised to a negative power
   */
  public final Tensor pow(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("pow(Number)", self(), other);
    }
    return Arithmetic.pow(self(), other);
  }

  /**
   * Overwrites this with {@link Tensor#pow(Number)} and gives it back.
   *
   * <p>PyTorch: {@code pow_}.
   */
  public final Tensor pow_(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("pow_(Number)", self(), other);
    }
    return Arithmetic.pow_(self(), other);
  }

  /**
   * Computes this · this; BOOL is squared in INT64.
   *
   * <p>PyTorch: {@code square}.
   */
  public final Tensor square() {
    if (Calls.areRecorded()) {
      return Calls.record("square()", self());
    }
    return Arithmetic.square(self());
  }

  /**
   * Overwrites this with {@link Tensor#square()} and gives it back.
   *
   * <p>PyTorch: {@code square_}.
   */
  public final Tensor square_() {
    if (Calls.areRecorded()) {
      return Calls.record("square_()", self());
    }
    return Arithmetic.square_(self());
  }

  // ---- AsStrided

  /**
   * Works like {@link Tensor#asStrided(long[], long[], long)}, from this tensor's own offset on.
   *
   * <p>PyTorch: {@code as_strided}.
   */
  public final Tensor asStrided(long[] size, long[] stride) {
    if (Calls.areRecorded()) {
      return Calls.record("asStrided(long[],long[])", self(), size, stride);
    }
    return AsStrided.asStrided(self(), size, stride);
  }

  /**
   * Views any part of the storage.
   *
   * <p>PyTorch: {@code as_strided}.
   *
   * @param size sizes of the view
   * @param stride strides, in elements
   * @param offset index of the first element in the storage
   * @throws IllegalArgumentException if sizes and strides differ in number, one is negative, or the
   *     storage does not hold all the elements
   */
  public final Tensor asStrided(long[] size, long[] stride, long offset) {
    if (Calls.areRecorded()) {
      return Calls.record("asStrided(long[],long[],long)", self(), size, stride, offset);
    }
    return AsStrided.asStrided(self(), size, stride, offset);
  }

  // ---- Bits

  /**
   * Views the same bits as another element type. The last dimension shrinks or grows by the ratio
   * of the element sizes. Gradients do not flow through it.
   *
   * <p>PyTorch: {@code view}.
   *
   * @throws IllegalArgumentException if the sizes of the elements differ and the last dimension is
   *     not contiguous, or sizes, strides and offset do not divide
   */
  public final Tensor view(DType dtype) {
    if (Calls.areRecorded()) {
      return Calls.record("view(DType)", self(), dtype);
    }
    return Bits.view(self(), dtype);
  }

  // ---- Bitwise

  /**
   * Inverts the bits of integers, or BOOL.
   *
   * <p>PyTorch: {@code bitwise_not}.
   */
  public final Tensor bitwiseNot() {
    if (Calls.areRecorded()) {
      return Calls.record("bitwiseNot()", self());
    }
    return Bitwise.BITWISE_NOT.of(self());
  }

  /** Overwrites this with {@link #bitwiseNot()} and gives it back. */
  public final Tensor bitwiseNot_() {
    if (Calls.areRecorded()) {
      return Calls.record("bitwiseNot_()", self());
    }
    return Bitwise.BITWISE_NOT.inPlace(self());
  }

  /**
   * Computes the and of the bits of integers, or of BOOL.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code
   * bitwise_and}.
   */
  public final Tensor bitwiseAnd(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("bitwiseAnd(Tensor)", self(), other);
    }
    return Bitwise.BITWISE_AND.of(self(), other);
  }

  /** Overwrites this with {@link #bitwiseAnd(Tensor)} and gives it back. */
  public final Tensor bitwiseAnd_(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("bitwiseAnd_(Tensor)", self(), other);
    }
    return Bitwise.BITWISE_AND.inPlace(self(), other);
  }

  /**
   * Computes the and of the bits of integers, or of BOOL.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code bitwise_and}.
   */
  public final Tensor bitwiseAnd(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("bitwiseAnd(Number)", self(), other);
    }
    return Bitwise.BITWISE_AND.of(self(), other);
  }

  /** Overwrites this with {@link #bitwiseAnd(Number)} and gives it back. */
  public final Tensor bitwiseAnd_(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("bitwiseAnd_(Number)", self(), other);
    }
    return Bitwise.BITWISE_AND.inPlace(self(), other);
  }

  /**
   * Computes the or of the bits of integers, or of BOOL.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code
   * bitwise_or}.
   */
  public final Tensor bitwiseOr(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("bitwiseOr(Tensor)", self(), other);
    }
    return Bitwise.BITWISE_OR.of(self(), other);
  }

  /** Overwrites this with {@link #bitwiseOr(Tensor)} and gives it back. */
  public final Tensor bitwiseOr_(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("bitwiseOr_(Tensor)", self(), other);
    }
    return Bitwise.BITWISE_OR.inPlace(self(), other);
  }

  /**
   * Computes the or of the bits of integers, or of BOOL.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code bitwise_or}.
   */
  public final Tensor bitwiseOr(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("bitwiseOr(Number)", self(), other);
    }
    return Bitwise.BITWISE_OR.of(self(), other);
  }

  /** Overwrites this with {@link #bitwiseOr(Number)} and gives it back. */
  public final Tensor bitwiseOr_(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("bitwiseOr_(Number)", self(), other);
    }
    return Bitwise.BITWISE_OR.inPlace(self(), other);
  }

  /**
   * Computes the exclusive or of the bits of integers, or of BOOL.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code
   * bitwise_xor}.
   */
  public final Tensor bitwiseXor(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("bitwiseXor(Tensor)", self(), other);
    }
    return Bitwise.BITWISE_XOR.of(self(), other);
  }

  /** Overwrites this with {@link #bitwiseXor(Tensor)} and gives it back. */
  public final Tensor bitwiseXor_(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("bitwiseXor_(Tensor)", self(), other);
    }
    return Bitwise.BITWISE_XOR.inPlace(self(), other);
  }

  /**
   * Computes the exclusive or of the bits of integers, or of BOOL.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code bitwise_xor}.
   */
  public final Tensor bitwiseXor(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("bitwiseXor(Number)", self(), other);
    }
    return Bitwise.BITWISE_XOR.of(self(), other);
  }

  /** Overwrites this with {@link #bitwiseXor(Number)} and gives it back. */
  public final Tensor bitwiseXor_(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("bitwiseXor_(Number)", self(), other);
    }
    return Bitwise.BITWISE_XOR.inPlace(self(), other);
  }

  /**
   * Shifts integers left by other bits.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code
   * bitwise_left_shift}.
   */
  public final Tensor bitwiseLeftShift(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("bitwiseLeftShift(Tensor)", self(), other);
    }
    return Bitwise.SHIFT_LEFT.of(self(), other);
  }

  /** Overwrites this with {@link #bitwiseLeftShift(Tensor)} and gives it back. */
  public final Tensor bitwiseLeftShift_(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("bitwiseLeftShift_(Tensor)", self(), other);
    }
    return Bitwise.SHIFT_LEFT.inPlace(self(), other);
  }

  /**
   * Shifts integers left by other bits.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code
   * bitwise_left_shift}.
   */
  public final Tensor bitwiseLeftShift(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("bitwiseLeftShift(Number)", self(), other);
    }
    return Bitwise.SHIFT_LEFT.of(self(), other);
  }

  /** Overwrites this with {@link #bitwiseLeftShift(Number)} and gives it back. */
  public final Tensor bitwiseLeftShift_(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("bitwiseLeftShift_(Number)", self(), other);
    }
    return Bitwise.SHIFT_LEFT.inPlace(self(), other);
  }

  /**
   * Shifts integers right by other bits and keeps the sign.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code
   * bitwise_right_shift}.
   */
  public final Tensor bitwiseRightShift(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("bitwiseRightShift(Tensor)", self(), other);
    }
    return Bitwise.SHIFT_RIGHT.of(self(), other);
  }

  /** Overwrites this with {@link #bitwiseRightShift(Tensor)} and gives it back. */
  public final Tensor bitwiseRightShift_(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("bitwiseRightShift_(Tensor)", self(), other);
    }
    return Bitwise.SHIFT_RIGHT.inPlace(self(), other);
  }

  /**
   * Shifts integers right by other bits and keeps the sign.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code
   * bitwise_right_shift}.
   */
  public final Tensor bitwiseRightShift(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("bitwiseRightShift(Number)", self(), other);
    }
    return Bitwise.SHIFT_RIGHT.of(self(), other);
  }

  /** Overwrites this with {@link #bitwiseRightShift(Number)} and gives it back. */
  public final Tensor bitwiseRightShift_(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("bitwiseRightShift_(Number)", self(), other);
    }
    return Bitwise.SHIFT_RIGHT.inPlace(self(), other);
  }

  /**
   * Computes the greatest common divisor of integers.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code gcd}.
   */
  public final Tensor gcd(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("gcd(Tensor)", self(), other);
    }
    return Bitwise.GCD.of(self(), other);
  }

  /** Overwrites this with {@link #gcd(Tensor)} and gives it back. */
  public final Tensor gcd_(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("gcd_(Tensor)", self(), other);
    }
    return Bitwise.GCD.inPlace(self(), other);
  }

  /**
   * Computes the least common multiple of integers.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code lcm}.
   */
  public final Tensor lcm(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("lcm(Tensor)", self(), other);
    }
    return Bitwise.LCM.of(self(), other);
  }

  /** Overwrites this with {@link #lcm(Tensor)} and gives it back. */
  public final Tensor lcm_(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("lcm_(Tensor)", self(), other);
    }
    return Bitwise.LCM.inPlace(self(), other);
  }

  // ---- Clamp

  /**
   * Clamps to [min, max], either of which may be null for no bound; {@code max} where min is
   * larger.
   *
   * <p>PyTorch: {@code clamp}.
   *
   * @throws IllegalArgumentException if both are null
   */
  public final Tensor clamp(Number min, Number max) {
    if (Calls.areRecorded()) {
      return Calls.record("clamp(Number,Number)", self(), min, max);
    }
    return Clamp.clamp(self(), min, max);
  }

  /**
   * Overwrites this with {@link Tensor#clamp(Number, Number)} and gives it back.
   *
   * <p>PyTorch: {@code clamp_}.
   */
  public final Tensor clamp_(Number min, Number max) {
    if (Calls.areRecorded()) {
      return Calls.record("clamp_(Number,Number)", self(), min, max);
    }
    return Clamp.clamp_(self(), min, max);
  }

  /**
   * Clamps to [min, max], broadcast, either of which may be null for no bound; {@code max} where
   * min is larger.
   *
   * <p>PyTorch: {@code clamp}.
   *
   * @throws IllegalArgumentException if both are null
   */
  public final Tensor clamp(Tensor min, Tensor max) {
    if (Calls.areRecorded()) {
      return Calls.record("clamp(Tensor,Tensor)", self(), min, max);
    }
    return Clamp.clamp(self(), min, max);
  }

  /**
   * Overwrites this with {@link Tensor#clamp(Tensor, Tensor)} and gives it back.
   *
   * <p>PyTorch: {@code clamp_}.
   */
  public final Tensor clamp_(Tensor min, Tensor max) {
    if (Calls.areRecorded()) {
      return Calls.record("clamp_(Tensor,Tensor)", self(), min, max);
    }
    return Clamp.clamp_(self(), min, max);
  }

  /**
   * Clamps from below: at least min.
   *
   * <p>PyTorch: {@code clamp_min}.
   */
  public final Tensor clampMin(Number min) {
    if (Calls.areRecorded()) {
      return Calls.record("clampMin(Number)", self(), min);
    }
    return Clamp.clampMin(self(), min);
  }

  /**
   * Overwrites this with {@link Tensor#clampMin(Number)} and gives it back.
   *
   * <p>PyTorch: {@code clamp_min_}.
   */
  public final Tensor clampMin_(Number min) {
    if (Calls.areRecorded()) {
      return Calls.record("clampMin_(Number)", self(), min);
    }
    return Clamp.clampMin_(self(), min);
  }

  /**
   * Clamps from above: at most max.
   *
   * <p>PyTorch: {@code clamp_max}.
   */
  public final Tensor clampMax(Number max) {
    if (Calls.areRecorded()) {
      return Calls.record("clampMax(Number)", self(), max);
    }
    return Clamp.clampMax(self(), max);
  }

  /**
   * Overwrites this with {@link Tensor#clampMax(Number)} and gives it back.
   *
   * <p>PyTorch: {@code clamp_max_}.
   */
  public final Tensor clampMax_(Number max) {
    if (Calls.areRecorded()) {
      return Calls.record("clampMax_(Number)", self(), max);
    }
    return Clamp.clampMax_(self(), max);
  }

  // ---- Comparisons

  /**
   * Returns whether (BOOL) this equals other.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code eq}.
   */
  public final Tensor eq(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("eq(Tensor)", self(), other);
    }
    return Comparisons.EQ.of(self(), other);
  }

  /** Overwrites this with {@link #eq(Tensor)} and gives it back. */
  public final Tensor eq_(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("eq_(Tensor)", self(), other);
    }
    return Comparisons.EQ.inPlace(self(), other);
  }

  /**
   * Returns whether (BOOL) this equals other.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code eq}.
   */
  public final Tensor eq(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("eq(Number)", self(), other);
    }
    return Comparisons.EQ.of(self(), other);
  }

  /** Overwrites this with {@link #eq(Number)} and gives it back. */
  public final Tensor eq_(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("eq_(Number)", self(), other);
    }
    return Comparisons.EQ.inPlace(self(), other);
  }

  /**
   * Returns whether (BOOL) this does not equal other.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code ne}.
   */
  public final Tensor ne(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("ne(Tensor)", self(), other);
    }
    return Comparisons.NE.of(self(), other);
  }

  /** Overwrites this with {@link #ne(Tensor)} and gives it back. */
  public final Tensor ne_(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("ne_(Tensor)", self(), other);
    }
    return Comparisons.NE.inPlace(self(), other);
  }

  /**
   * Returns whether (BOOL) this does not equal other.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code ne}.
   */
  public final Tensor ne(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("ne(Number)", self(), other);
    }
    return Comparisons.NE.of(self(), other);
  }

  /** Overwrites this with {@link #ne(Number)} and gives it back. */
  public final Tensor ne_(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("ne_(Number)", self(), other);
    }
    return Comparisons.NE.inPlace(self(), other);
  }

  /**
   * Returns whether (BOOL) this is less than other.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code lt}.
   */
  public final Tensor lt(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("lt(Tensor)", self(), other);
    }
    return Comparisons.LT.of(self(), other);
  }

  /** Overwrites this with {@link #lt(Tensor)} and gives it back. */
  public final Tensor lt_(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("lt_(Tensor)", self(), other);
    }
    return Comparisons.LT.inPlace(self(), other);
  }

  /**
   * Returns whether (BOOL) this is less than other.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code lt}.
   */
  public final Tensor lt(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("lt(Number)", self(), other);
    }
    return Comparisons.LT.of(self(), other);
  }

  /** Overwrites this with {@link #lt(Number)} and gives it back. */
  public final Tensor lt_(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("lt_(Number)", self(), other);
    }
    return Comparisons.LT.inPlace(self(), other);
  }

  /**
   * Returns whether (BOOL) this is at most other.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code le}.
   */
  public final Tensor le(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("le(Tensor)", self(), other);
    }
    return Comparisons.LE.of(self(), other);
  }

  /** Overwrites this with {@link #le(Tensor)} and gives it back. */
  public final Tensor le_(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("le_(Tensor)", self(), other);
    }
    return Comparisons.LE.inPlace(self(), other);
  }

  /**
   * Returns whether (BOOL) this is at most other.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code le}.
   */
  public final Tensor le(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("le(Number)", self(), other);
    }
    return Comparisons.LE.of(self(), other);
  }

  /** Overwrites this with {@link #le(Number)} and gives it back. */
  public final Tensor le_(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("le_(Number)", self(), other);
    }
    return Comparisons.LE.inPlace(self(), other);
  }

  /**
   * Returns whether (BOOL) this is greater than other.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code gt}.
   */
  public final Tensor gt(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("gt(Tensor)", self(), other);
    }
    return Comparisons.GT.of(self(), other);
  }

  /** Overwrites this with {@link #gt(Tensor)} and gives it back. */
  public final Tensor gt_(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("gt_(Tensor)", self(), other);
    }
    return Comparisons.GT.inPlace(self(), other);
  }

  /**
   * Returns whether (BOOL) this is greater than other.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code gt}.
   */
  public final Tensor gt(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("gt(Number)", self(), other);
    }
    return Comparisons.GT.of(self(), other);
  }

  /** Overwrites this with {@link #gt(Number)} and gives it back. */
  public final Tensor gt_(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("gt_(Number)", self(), other);
    }
    return Comparisons.GT.inPlace(self(), other);
  }

  /**
   * Returns whether (BOOL) this is at least other.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code ge}.
   */
  public final Tensor ge(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("ge(Tensor)", self(), other);
    }
    return Comparisons.GE.of(self(), other);
  }

  /** Overwrites this with {@link #ge(Tensor)} and gives it back. */
  public final Tensor ge_(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("ge_(Tensor)", self(), other);
    }
    return Comparisons.GE.inPlace(self(), other);
  }

  /**
   * Returns whether (BOOL) this is at least other.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code ge}.
   */
  public final Tensor ge(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("ge(Number)", self(), other);
    }
    return Comparisons.GE.of(self(), other);
  }

  /** Overwrites this with {@link #ge(Number)} and gives it back. */
  public final Tensor ge_(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("ge_(Number)", self(), other);
    }
    return Comparisons.GE.inPlace(self(), other);
  }

  /**
   * Returns whether (BOOL) this is 0.
   *
   * <p>PyTorch: {@code logical_not}.
   */
  public final Tensor logicalNot() {
    if (Calls.areRecorded()) {
      return Calls.record("logicalNot()", self());
    }
    return Comparisons.LOGICAL_NOT.of(self());
  }

  /** Overwrites this with {@link #logicalNot()} and gives it back. */
  public final Tensor logicalNot_() {
    if (Calls.areRecorded()) {
      return Calls.record("logicalNot_()", self());
    }
    return Comparisons.LOGICAL_NOT.inPlace(self());
  }

  /**
   * Returns whether (BOOL) both are not 0.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code
   * logical_and}.
   */
  public final Tensor logicalAnd(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("logicalAnd(Tensor)", self(), other);
    }
    return Comparisons.LOGICAL_AND.of(self(), other);
  }

  /** Overwrites this with {@link #logicalAnd(Tensor)} and gives it back. */
  public final Tensor logicalAnd_(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("logicalAnd_(Tensor)", self(), other);
    }
    return Comparisons.LOGICAL_AND.inPlace(self(), other);
  }

  /**
   * Returns whether (BOOL) one is not 0.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code
   * logical_or}.
   */
  public final Tensor logicalOr(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("logicalOr(Tensor)", self(), other);
    }
    return Comparisons.LOGICAL_OR.of(self(), other);
  }

  /** Overwrites this with {@link #logicalOr(Tensor)} and gives it back. */
  public final Tensor logicalOr_(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("logicalOr_(Tensor)", self(), other);
    }
    return Comparisons.LOGICAL_OR.inPlace(self(), other);
  }

  /**
   * Returns whether (BOOL) just one is not 0.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code
   * logical_xor}.
   */
  public final Tensor logicalXor(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("logicalXor(Tensor)", self(), other);
    }
    return Comparisons.LOGICAL_XOR.of(self(), other);
  }

  /** Overwrites this with {@link #logicalXor(Tensor)} and gives it back. */
  public final Tensor logicalXor_(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("logicalXor_(Tensor)", self(), other);
    }
    return Comparisons.LOGICAL_XOR.inPlace(self(), other);
  }

  /**
   * Replaces NaN by 0, infinity and −infinity by the largest and the least number of the type.
   *
   * <p>PyTorch: {@code nan_to_num}.
   */
  public final Tensor nanToNum() {
    if (Calls.areRecorded()) {
      return Calls.record("nanToNum()", self());
    }
    return Comparisons.nanToNum(self());
  }

  /**
   * Overwrites this with {@link Tensor#nanToNum()} and gives it back.
   *
   * <p>PyTorch: {@code nan_to_num_}.
   */
  public final Tensor nanToNum_() {
    if (Calls.areRecorded()) {
      return Calls.record("nanToNum_()", self());
    }
    return Comparisons.nanToNum_(self());
  }

  /**
   * Replaces NaN, infinity and −infinity.
   *
   * <p>PyTorch: {@code nan_to_num}.
   *
   * @param nan null for 0
   * @param positive null for the largest number of the type
   * @param negative null for the least number of the type
   */
  public final Tensor nanToNum(Number nan, Number positive, Number negative) {
    if (Calls.areRecorded()) {
      return Calls.record("nanToNum(Number,Number,Number)", self(), nan, positive, negative);
    }
    return Comparisons.nanToNum(self(), nan, positive, negative);
  }

  /**
   * Overwrites this with {@link Tensor#nanToNum(Number, Number, Number)} and gives it back.
   *
   * <p>PyTorch: {@code nan_to_num_}.
   *
   * @param nan null for 0
   * @param positive null for the largest number of the type
   * @param negative null for the least number of the type
   */
  public final Tensor nanToNum_(Number nan, Number positive, Number negative) {
    if (Calls.areRecorded()) {
      return Calls.record("nanToNum_(Number,Number,Number)", self(), nan, positive, negative);
    }
    return Comparisons.nanToNum_(self(), nan, positive, negative);
  }

  /**
   * Returns whether (BOOL) each element is NaN.
   *
   * <p>PyTorch: {@code isnan}.
   */
  public final Tensor isnan() {
    if (Calls.areRecorded()) {
      return Calls.record("isnan()", self());
    }
    return Comparisons.isnan(self());
  }

  /**
   * Returns whether (BOOL) each element is infinity.
   *
   * <p>PyTorch: {@code isposinf}.
   */
  public final Tensor isposinf() {
    if (Calls.areRecorded()) {
      return Calls.record("isposinf()", self());
    }
    return Comparisons.isposinf(self());
  }

  /**
   * Returns whether (BOOL) each element is −infinity.
   *
   * <p>PyTorch: {@code isneginf}.
   */
  public final Tensor isneginf() {
    if (Calls.areRecorded()) {
      return Calls.record("isneginf()", self());
    }
    return Comparisons.isneginf(self());
  }

  /**
   * Returns whether (BOOL) each element is infinite.
   *
   * <p>PyTorch: {@code isinf}.
   */
  public final Tensor isinf() {
    if (Calls.areRecorded()) {
      return Calls.record("isinf()", self());
    }
    return Comparisons.isinf(self());
  }

  /**
   * Returns whether (BOOL) each element is neither infinite nor NaN.
   *
   * <p>PyTorch: {@code isfinite}.
   */
  public final Tensor isfinite() {
    if (Calls.areRecorded()) {
      return Calls.record("isfinite()", self());
    }
    return Comparisons.isfinite(self());
  }

  /**
   * Returns whether (BOOL) the sign bit of each element is set, that of −0.0 too.
   *
   * <p>PyTorch: {@code signbit}.
   */
  public final Tensor signbit() {
    if (Calls.areRecorded()) {
      return Calls.record("signbit()", self());
    }
    return Comparisons.signbit(self());
  }

  /**
   * Works like {@link #isclose(Tensor, double, double, boolean)} with {@code rtol = 1e-5}, {@code
   * atol = 1e-8}, {@code equalNan = false}.
   */
  public final Tensor isclose(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("isclose(Tensor)", self(), other);
    }
    return Comparisons.isclose(self(), other, 1e-5, 1e-8, false);
  }

  /**
   * Works like {@link #isclose(Tensor, double, double, boolean)} with {@code atol = 1e-8}, {@code
   * equalNan = false}.
   */
  public final Tensor isclose(Tensor other, double rtol) {
    if (Calls.areRecorded()) {
      return Calls.record("isclose(Tensor,double)", self(), other, rtol);
    }
    return Comparisons.isclose(self(), other, rtol, 1e-8, false);
  }

  /** Works like {@link #isclose(Tensor, double, double, boolean)} with {@code equalNan = false}. */
  public final Tensor isclose(Tensor other, double rtol, double atol) {
    if (Calls.areRecorded()) {
      return Calls.record("isclose(Tensor,double,double)", self(), other, rtol, atol);
    }
    return Comparisons.isclose(self(), other, rtol, atol, false);
  }

  /**
   * Returns whether (BOOL) |this − other| ≤ atol + rtol · |other|, or both are equal.
   *
   * <p>PyTorch: {@code isclose}.
   *
   * @param equalNan whether NaN counts as equal to NaN
   * @throws IllegalArgumentException if they differ in type, or a tolerance is negative
   */
  public final Tensor isclose(Tensor other, double rtol, double atol, boolean equalNan) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "isclose(Tensor,double,double,boolean)", self(), other, rtol, atol, equalNan);
    }
    return Comparisons.isclose(self(), other, rtol, atol, equalNan);
  }

  /**
   * Works like {@link #allclose(Tensor, double, double, boolean)} with {@code rtol = 1e-5}, {@code
   * atol = 1e-8}, {@code equalNan = false}.
   */
  public final boolean allclose(Tensor other) {
    return Comparisons.allclose(self(), other, 1e-5, 1e-8, false);
  }

  /**
   * Works like {@link #allclose(Tensor, double, double, boolean)} with {@code atol = 1e-8}, {@code
   * equalNan = false}.
   */
  public final boolean allclose(Tensor other, double rtol) {
    return Comparisons.allclose(self(), other, rtol, 1e-8, false);
  }

  /**
   * Works like {@link #allclose(Tensor, double, double, boolean)} with {@code equalNan = false}.
   */
  public final boolean allclose(Tensor other, double rtol, double atol) {
    return Comparisons.allclose(self(), other, rtol, atol, false);
  }

  /**
   * Returns whether all elements are close; see {@link Tensor#isclose(Tensor, double, double,
   * boolean)}.
   *
   * <p>PyTorch: {@code allclose}.
   */
  public final boolean allclose(Tensor other, double rtol, double atol, boolean equalNan) {
    return Comparisons.allclose(self(), other, rtol, atol, equalNan);
  }

  /**
   * Returns whether both have the same shape and equal elements; NaN equals nothing.
   *
   * <p>PyTorch: {@code equal}.
   */
  public final boolean equal(Tensor other) {
    return Comparisons.equal(self(), other);
  }

  // ---- Contractions

  /**
   * Computes the Kronecker product: every element of this times all of the other; missing leading
   * dimensions count as 1.
   *
   * <p>PyTorch: {@code kron}.
   */
  public final Tensor kron(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("kron(Tensor)", self(), other);
    }
    return Contractions.kron(self(), other);
  }

  // ---- Copy

  /**
   * Gives this back if it is row-major, else a row-major copy.
   *
   * <p>PyTorch: {@code contiguous}.
   */
  public final Tensor contiguous() {
    if (Calls.areRecorded()) {
      return Calls.record("contiguous()", self());
    }
    return Copy.contiguous(self());
  }

  /**
   * Gives this back if it has that element type, else a converted copy. Gradients are converted
   * back.
   *
   * <p>PyTorch: {@code to}.
   */
  public final Tensor to(DType dtype) {
    if (Calls.areRecorded()) {
      return Calls.record("to(DType)", self(), dtype);
    }
    return Copy.to(self(), dtype);
  }

  /**
   * Converts this to the element type of another tensor; see {@link Tensor#to(DType)}.
   *
   * <p>PyTorch: {@code type_as}.
   */
  public final Tensor typeAs(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("typeAs(Tensor)", self(), other);
    }
    return Copy.typeAs(self(), other);
  }

  /** Converts this to FLOAT32; see {@link Tensor#to(DType)}. PyTorch: {@code float}. */
  public final Tensor toFloat() {
    if (Calls.areRecorded()) {
      return Calls.record("toFloat()", self());
    }
    return Copy.toFloat(self());
  }

  /** Converts this to FLOAT64; see {@link Tensor#to(DType)}. PyTorch: {@code double}. */
  public final Tensor toDouble() {
    if (Calls.areRecorded()) {
      return Calls.record("toDouble()", self());
    }
    return Copy.toDouble(self());
  }

  /** Converts this to FLOAT16; see {@link Tensor#to(DType)}. PyTorch: {@code half}. */
  public final Tensor toHalf() {
    if (Calls.areRecorded()) {
      return Calls.record("toHalf()", self());
    }
    return Copy.toHalf(self());
  }

  /** Converts this to BFLOAT16; see {@link Tensor#to(DType)}. PyTorch: {@code bfloat16}. */
  public final Tensor toBFloat16() {
    if (Calls.areRecorded()) {
      return Calls.record("toBFloat16()", self());
    }
    return Copy.toBFloat16(self());
  }

  /** Converts this to INT64; see {@link Tensor#to(DType)}. PyTorch: {@code long}. */
  public final Tensor toLong() {
    if (Calls.areRecorded()) {
      return Calls.record("toLong()", self());
    }
    return Copy.toLong(self());
  }

  /** Converts this to INT32; see {@link Tensor#to(DType)}. PyTorch: {@code int}. */
  public final Tensor toInt() {
    if (Calls.areRecorded()) {
      return Calls.record("toInt()", self());
    }
    return Copy.toInt(self());
  }

  /** Converts this to BOOL; see {@link Tensor#to(DType)}. PyTorch: {@code bool}. */
  public final Tensor toBool() {
    if (Calls.areRecorded()) {
      return Calls.record("toBool()", self());
    }
    return Copy.toBool(self());
  }

  /**
   * Overwrites all elements with those of another tensor, broadcast, converted and from whatever
   * device; gives this back. The gradient goes to the other tensor.
   *
   * <p>PyTorch: {@code copy_}.
   *
   * @throws IllegalArgumentException if other does not broadcast to this shape
   */
  public final Tensor copy_(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("copy_(Tensor)", self(), other);
    }
    return Copy.copy_(self(), other);
  }

  // ---- Counting

  /**
   * Returns the distinct elements in ascending order; for each element its place among them, and
   * how often each occurs.
   *
   * <p>PyTorch: {@code unique}.
   */
  public final UniqueResult unique() {
    if (Calls.areRecorded()) {
      return Calls.record("unique()", self());
    }
    return Counting.unique(self());
  }

  /**
   * Returns the elements that differ from the one before, in row-major order; for each element its
   * place among them, and how long each run is.
   *
   * <p>PyTorch: {@code unique_consecutive}.
   */
  public final UniqueResult uniqueConsecutive() {
    if (Calls.areRecorded()) {
      return Calls.record("uniqueConsecutive()", self());
    }
    return Counting.uniqueConsecutive(self());
  }

  /**
   * Returns the distinct slices of a dimension, in lexicographic order of their elements; for each
   * slice its place among them, and how often each occurs.
   *
   * <p>PyTorch: {@code unique}.
   */
  public final UniqueResult unique(int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("unique(int)", self(), dim);
    }
    return Counting.unique(self(), dim);
  }

  /** Works like {@link #mode(int, boolean)} with {@code keepDim = false}. */
  public final ValuesAndIndices mode(int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("mode(int)", self(), dim);
    }
    return Counting.mode(self(), dim, false);
  }

  /**
   * Returns the most frequent element along a dimension, the smallest of equally frequent ones, and
   * an index (INT64) of it. The dimension is kept as size 1 if {@code keepDim}, else removed.
   *
   * <p>PyTorch: {@code mode}.
   *
   * @throws IllegalArgumentException if the dimension is empty
   */
  public final ValuesAndIndices mode(int dim, boolean keepDim) {
    if (Calls.areRecorded()) {
      return Calls.record("mode(int,boolean)", self(), dim, keepDim);
    }
    return Counting.mode(self(), dim, keepDim);
  }

  /**
   * Counts (INT64) how often each whole number from 0 to the largest occurs; see {@link
   * Tensor#bincount(Tensor, long)}.
   *
   * <p>PyTorch: {@code bincount}.
   */
  public final Tensor bincount() {
    if (Calls.areRecorded()) {
      return Calls.record("bincount()", self());
    }
    return Counting.bincount(self());
  }

  /**
   * Computes the sum of the weights of each whole number from 0 to at least {@code minLength} − 1.
   *
   * <p>PyTorch: {@code bincount}.
   *
   * @param weights one for each element; null for 1 each
   * @throws IllegalArgumentException if this is not 1-d or not of non-negative integers, or weights
   *     differ in length
   */
  public final Tensor bincount(Tensor weights, long minLength) {
    if (Calls.areRecorded()) {
      return Calls.record("bincount(Tensor,long)", self(), weights, minLength);
    }
    return Counting.bincount(self(), weights, minLength);
  }

  /**
   * Returns the number of elements in each of {@code bins} equal parts of [min, max]; if both are
   * equal, of the range of the elements.
   *
   * <p>PyTorch: {@code histc}.
   *
   * @throws IllegalArgumentException if {@code bins} is below 1
   * @throws UnsupportedOperationException if this is not floating point
   */
  public final Tensor histc(int bins, double min, double max) {
    if (Calls.areRecorded()) {
      return Calls.record("histc(int,double,double)", self(), bins, min, max);
    }
    return Counting.histc(self(), bins, min, max);
  }

  // ---- ErrorAndGamma

  /**
   * Computes the error function.
   *
   * <p>PyTorch: {@code erf}.
   */
  public final Tensor erf() {
    if (Calls.areRecorded()) {
      return Calls.record("erf()", self());
    }
    return ErrorAndGamma.ERF.of(self());
  }

  /** Overwrites this with {@link #erf()} and gives it back. */
  public final Tensor erf_() {
    if (Calls.areRecorded()) {
      return Calls.record("erf_()", self());
    }
    return ErrorAndGamma.ERF.inPlace(self());
  }

  /**
   * Computes 1 − erf(this), exact where that is small.
   *
   * <p>PyTorch: {@code erfc}.
   */
  public final Tensor erfc() {
    if (Calls.areRecorded()) {
      return Calls.record("erfc()", self());
    }
    return ErrorAndGamma.ERFC.of(self());
  }

  /** Overwrites this with {@link #erfc()} and gives it back. */
  public final Tensor erfc_() {
    if (Calls.areRecorded()) {
      return Calls.record("erfc_()", self());
    }
    return ErrorAndGamma.ERFC.inPlace(self());
  }

  /**
   * Computes the inverse of the error function.
   *
   * <p>PyTorch: {@code erfinv}.
   */
  public final Tensor erfinv() {
    if (Calls.areRecorded()) {
      return Calls.record("erfinv()", self());
    }
    return ErrorAndGamma.ERFINV.of(self());
  }

  /** Overwrites this with {@link #erfinv()} and gives it back. */
  public final Tensor erfinv_() {
    if (Calls.areRecorded()) {
      return Calls.record("erfinv_()", self());
    }
    return ErrorAndGamma.ERFINV.inPlace(self());
  }

  /**
   * Computes the logarithm of the absolute value of the gamma function.
   *
   * <p>PyTorch: {@code lgamma}.
   */
  public final Tensor lgamma() {
    if (Calls.areRecorded()) {
      return Calls.record("lgamma()", self());
    }
    return ErrorAndGamma.LGAMMA.of(self());
  }

  /** Overwrites this with {@link #lgamma()} and gives it back. */
  public final Tensor lgamma_() {
    if (Calls.areRecorded()) {
      return Calls.record("lgamma_()", self());
    }
    return ErrorAndGamma.LGAMMA.inPlace(self());
  }

  /**
   * Computes the derivative of {@link Tensor#lgamma}.
   *
   * <p>PyTorch: {@code digamma}.
   */
  public final Tensor digamma() {
    if (Calls.areRecorded()) {
      return Calls.record("digamma()", self());
    }
    return ErrorAndGamma.DIGAMMA.of(self());
  }

  /** Overwrites this with {@link #digamma()} and gives it back. */
  public final Tensor digamma_() {
    if (Calls.areRecorded()) {
      return Calls.record("digamma_()", self());
    }
    return ErrorAndGamma.DIGAMMA.inPlace(self());
  }

  /**
   * Computes the derivative of order n of the digamma function.
   *
   * <p>PyTorch: {@code polygamma}.
   *
   * @throws IllegalArgumentException if n is negative
   */
  public final Tensor polygamma(int n) {
    if (Calls.areRecorded()) {
      return Calls.record("polygamma(int)", self(), n);
    }
    return ErrorAndGamma.polygamma(self(), n);
  }

  /**
   * Overwrites this with {@link Tensor#polygamma(int)} and gives it back.
   *
   * <p>PyTorch: {@code polygamma_}.
   */
  public final Tensor polygamma_(int n) {
    if (Calls.areRecorded()) {
      return Calls.record("polygamma_(int)", self(), n);
    }
    return ErrorAndGamma.polygamma_(self(), n);
  }

  // ---- Expand

  /**
   * Repeats dimensions of size 1 without a copy: a view whose strides there are 0. New leading
   * dimensions may be added.
   *
   * <p>PyTorch: {@code expand}.
   *
   * @param shape the new sizes; −1 keeps one
   * @throws IllegalArgumentException if a size other than 1 would change
   */
  public final Tensor expand(long... shape) {
    if (Calls.areRecorded()) {
      return Calls.record("expand(long[])", self(), shape);
    }
    return Expand.expand(self(), shape);
  }

  /**
   * Expands this to the shape of another tensor; see {@link Tensor#expand}.
   *
   * <p>PyTorch: {@code expand_as}.
   */
  public final Tensor expandAs(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("expandAs(Tensor)", self(), other);
    }
    return Expand.expandAs(self(), other);
  }

  /**
   * Expands this to a shape, under the name NumPy uses; see {@link Tensor#expand}.
   *
   * <p>PyTorch: {@code broadcast_to}.
   */
  public final Tensor broadcastTo(long... shape) {
    if (Calls.areRecorded()) {
      return Calls.record("broadcastTo(long[])", self(), shape);
    }
    return Expand.broadcastTo(self(), shape);
  }

  // ---- Exponentials

  /**
   * Computes e to the power of this.
   *
   * <p>PyTorch: {@code exp}.
   */
  public final Tensor exp() {
    if (Calls.areRecorded()) {
      return Calls.record("exp()", self());
    }
    return Exponentials.EXP.of(self());
  }

  /** Overwrites this with {@link #exp()} and gives it back. */
  public final Tensor exp_() {
    if (Calls.areRecorded()) {
      return Calls.record("exp_()", self());
    }
    return Exponentials.EXP.inPlace(self());
  }

  /**
   * Computes 2 to the power of this.
   *
   * <p>PyTorch: {@code exp2}.
   */
  public final Tensor exp2() {
    if (Calls.areRecorded()) {
      return Calls.record("exp2()", self());
    }
    return Exponentials.EXP2.of(self());
  }

  /** Overwrites this with {@link #exp2()} and gives it back. */
  public final Tensor exp2_() {
    if (Calls.areRecorded()) {
      return Calls.record("exp2_()", self());
    }
    return Exponentials.EXP2.inPlace(self());
  }

  /**
   * Computes e to the power of this, less 1; exact near 0.
   *
   * <p>PyTorch: {@code expm1}.
   */
  public final Tensor expm1() {
    if (Calls.areRecorded()) {
      return Calls.record("expm1()", self());
    }
    return Exponentials.EXPM1.of(self());
  }

  /** Overwrites this with {@link #expm1()} and gives it back. */
  public final Tensor expm1_() {
    if (Calls.areRecorded()) {
      return Calls.record("expm1_()", self());
    }
    return Exponentials.EXPM1.inPlace(self());
  }

  /**
   * Computes the natural logarithm.
   *
   * <p>PyTorch: {@code log}.
   */
  public final Tensor log() {
    if (Calls.areRecorded()) {
      return Calls.record("log()", self());
    }
    return Exponentials.LOG.of(self());
  }

  /** Overwrites this with {@link #log()} and gives it back. */
  public final Tensor log_() {
    if (Calls.areRecorded()) {
      return Calls.record("log_()", self());
    }
    return Exponentials.LOG.inPlace(self());
  }

  /**
   * Computes the logarithm to base 2.
   *
   * <p>PyTorch: {@code log2}.
   */
  public final Tensor log2() {
    if (Calls.areRecorded()) {
      return Calls.record("log2()", self());
    }
    return Exponentials.LOG2.of(self());
  }

  /** Overwrites this with {@link #log2()} and gives it back. */
  public final Tensor log2_() {
    if (Calls.areRecorded()) {
      return Calls.record("log2_()", self());
    }
    return Exponentials.LOG2.inPlace(self());
  }

  /**
   * Computes the logarithm to base 10.
   *
   * <p>PyTorch: {@code log10}.
   */
  public final Tensor log10() {
    if (Calls.areRecorded()) {
      return Calls.record("log10()", self());
    }
    return Exponentials.LOG10.of(self());
  }

  /** Overwrites this with {@link #log10()} and gives it back. */
  public final Tensor log10_() {
    if (Calls.areRecorded()) {
      return Calls.record("log10_()", self());
    }
    return Exponentials.LOG10.inPlace(self());
  }

  /**
   * Computes ln(1 + this); exact near 0.
   *
   * <p>PyTorch: {@code log1p}.
   */
  public final Tensor log1p() {
    if (Calls.areRecorded()) {
      return Calls.record("log1p()", self());
    }
    return Exponentials.LOG1P.of(self());
  }

  /** Overwrites this with {@link #log1p()} and gives it back. */
  public final Tensor log1p_() {
    if (Calls.areRecorded()) {
      return Calls.record("log1p_()", self());
    }
    return Exponentials.LOG1P.inPlace(self());
  }

  /**
   * Computes this · ln other, and 0 where this is 0.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code xlogy}.
   */
  public final Tensor xlogy(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("xlogy(Tensor)", self(), other);
    }
    return Exponentials.XLOGY.of(self(), other);
  }

  /** Overwrites this with {@link #xlogy(Tensor)} and gives it back. */
  public final Tensor xlogy_(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("xlogy_(Tensor)", self(), other);
    }
    return Exponentials.XLOGY.inPlace(self(), other);
  }

  /**
   * Computes this · ln other, and 0 where this is 0.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code xlogy}.
   */
  public final Tensor xlogy(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("xlogy(Number)", self(), other);
    }
    return Exponentials.XLOGY.of(self(), other);
  }

  /** Overwrites this with {@link #xlogy(Number)} and gives it back. */
  public final Tensor xlogy_(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("xlogy_(Number)", self(), other);
    }
    return Exponentials.XLOGY.inPlace(self(), other);
  }

  /**
   * Computes ln(e to the power of this + e to the power of other), without overflow.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code
   * log_add_exp}.
   */
  public final Tensor logAddExp(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("logAddExp(Tensor)", self(), other);
    }
    return Exponentials.LOG_ADD_EXP.of(self(), other);
  }

  /**
   * Computes log₂(2 to the power of this + 2 to the power of other), without overflow.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code
   * log_add_exp2}.
   */
  public final Tensor logAddExp2(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("logAddExp2(Tensor)", self(), other);
    }
    return Exponentials.LOG_ADD_EXP2.of(self(), other);
  }

  /**
   * Computes this · 2 to the power of other.
   *
   * <p>PyTorch: {@code ldexp}.
   */
  public final Tensor ldexp(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("ldexp(Tensor)", self(), other);
    }
    return Exponentials.ldexp(self(), other);
  }

  // ---- Extrema

  /**
   * Returns the larger of each two elements; NaN if either is. Equal ones share the gradient.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code maximum}.
   */
  public final Tensor maximum(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("maximum(Tensor)", self(), other);
    }
    return Extrema.MAXIMUM.of(self(), other);
  }

  /**
   * Returns the larger of each two elements; NaN if either is. Equal ones share the gradient.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code maximum}.
   */
  public final Tensor maximum(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("maximum(Number)", self(), other);
    }
    return Extrema.MAXIMUM.of(self(), other);
  }

  /**
   * Returns the smaller of each two elements; NaN if either is. Equal ones share the gradient.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code minimum}.
   */
  public final Tensor minimum(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("minimum(Tensor)", self(), other);
    }
    return Extrema.MINIMUM.of(self(), other);
  }

  /**
   * Returns the smaller of each two elements; NaN if either is. Equal ones share the gradient.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code minimum}.
   */
  public final Tensor minimum(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("minimum(Number)", self(), other);
    }
    return Extrema.MINIMUM.of(self(), other);
  }

  /**
   * Returns the larger of each two elements; the number if one is NaN. This gets the gradient if
   * equal.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code fmax}.
   */
  public final Tensor fmax(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("fmax(Tensor)", self(), other);
    }
    return Extrema.FMAX.of(self(), other);
  }

  /**
   * Returns the smaller of each two elements; the number if one is NaN. This gets the gradient if
   * equal.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code fmin}.
   */
  public final Tensor fmin(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("fmin(Tensor)", self(), other);
    }
    return Extrema.FMIN.of(self(), other);
  }

  /**
   * Computes |this| with the sign of other.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code copysign}.
   */
  public final Tensor copysign(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("copysign(Tensor)", self(), other);
    }
    return Extrema.COPYSIGN.of(self(), other);
  }

  /** Overwrites this with {@link #copysign(Tensor)} and gives it back. */
  public final Tensor copysign_(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("copysign_(Tensor)", self(), other);
    }
    return Extrema.COPYSIGN.inPlace(self(), other);
  }

  /**
   * Computes |this| with the sign of other.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code copysign}.
   */
  public final Tensor copysign(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("copysign(Number)", self(), other);
    }
    return Extrema.COPYSIGN.of(self(), other);
  }

  /** Overwrites this with {@link #copysign(Number)} and gives it back. */
  public final Tensor copysign_(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("copysign_(Number)", self(), other);
    }
    return Extrema.COPYSIGN.inPlace(self(), other);
  }

  /**
   * Returns 0, other or 1 where this is negative, 0 or positive. Backward throws: there is no
   * gradient.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code heaviside}.
   */
  public final Tensor heaviside(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("heaviside(Tensor)", self(), other);
    }
    return Extrema.HEAVISIDE.of(self(), other);
  }

  /** Overwrites this with {@link #heaviside(Tensor)} and gives it back. */
  public final Tensor heaviside_(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("heaviside_(Tensor)", self(), other);
    }
    return Extrema.HEAVISIDE.inPlace(self(), other);
  }

  // ---- Gather

  /**
   * Picks elements along a dimension: out[i][j] = this[index[i][j]][j] for dim 0 and so on.
   *
   * <p>PyTorch: {@code gather}.
   *
   * @param index INT64 or INT32, with as many dimensions as this and no larger but along {@code
   *     dim}
   * @throws IllegalArgumentException if index has another type or shape
   * @throws IndexOutOfBoundsException if an index is outside
   */
  public final Tensor gather(int dim, Tensor index) {
    if (Calls.areRecorded()) {
      return Calls.record("gather(int,Tensor)", self(), dim, index);
    }
    return Gather.gather(self(), dim, index);
  }

  // ---- Indexing

  /**
   * Copies the elements that indices name, one for each of the first dimensions; they are broadcast
   * together.
   *
   * <p>PyTorch: {@code index}.
   *
   * @param indices INT64, INT32, INT16 or INT8, negative ones counting from the end; BOOL and UINT8
   *     are masks of one or more dimensions; null for all of a dimension
   * @throws IndexOutOfBoundsException if there are too many, or one names what is not there
   * @throws IllegalArgumentException if one is of another type, or they do not broadcast
   */
  public final Tensor index(List<Tensor> indices) {
    if (Calls.areRecorded()) {
      return Calls.record("index(List)", self(), indices);
    }
    return Indexing.index(self(), indices);
  }

  /**
   * Copies this with values put at, or added to, the elements that indices name; see {@link
   * Tensor#index}.
   *
   * <p>PyTorch: {@code index_put}.
   *
   * @param values broadcast to the shape of the indexed elements
   * @throws IllegalArgumentException if values do not broadcast
   */
  public final Tensor indexPut(List<Tensor> indices, Tensor values, boolean accumulate) {
    if (Calls.areRecorded()) {
      return Calls.record("indexPut(List,Tensor,boolean)", self(), indices, values, accumulate);
    }
    return Indexing.indexPut(self(), indices, values, accumulate);
  }

  /**
   * Puts values at, or adds them to, the elements of this that indices name, and gives this back;
   * see {@link Tensor#indexPut}.
   *
   * <p>PyTorch: {@code index_put_}.
   */
  public final Tensor indexPut_(List<Tensor> indices, Tensor values, boolean accumulate) {
    if (Calls.areRecorded()) {
      return Calls.record("indexPut_(List,Tensor,boolean)", self(), indices, values, accumulate);
    }
    return Indexing.indexPut_(self(), indices, values, accumulate);
  }

  /**
   * Copies elements by their row-major numbers; negative ones count from the end.
   *
   * <p>PyTorch: {@code take}.
   *
   * @param index INT64, of any shape, which becomes the result's
   * @throws IndexOutOfBoundsException if one is outside
   */
  public final Tensor take(Tensor index) {
    if (Calls.areRecorded()) {
      return Calls.record("take(Tensor)", self(), index);
    }
    return Indexing.take(self(), index);
  }

  /**
   * Copies this with the elements of source put at, or added to, row-major numbers; negative ones
   * count from the end.
   *
   * <p>PyTorch: {@code put}.
   *
   * @param index INT64
   * @param source of this element type, with as many elements as index
   * @throws IndexOutOfBoundsException if one is outside
   */
  public final Tensor put(Tensor index, Tensor source, boolean accumulate) {
    if (Calls.areRecorded()) {
      return Calls.record("put(Tensor,Tensor,boolean)", self(), index, source, accumulate);
    }
    return Indexing.put(self(), index, source, accumulate);
  }

  /**
   * Puts elements of source at, or adds them to, row-major numbers of this, and gives this back;
   * see {@link Tensor#put}.
   *
   * <p>PyTorch: {@code put_}.
   */
  public final Tensor put_(Tensor index, Tensor source, boolean accumulate) {
    if (Calls.areRecorded()) {
      return Calls.record("put_(Tensor,Tensor,boolean)", self(), index, source, accumulate);
    }
    return Indexing.put_(self(), index, source, accumulate);
  }

  /**
   * Copies the elements where a mask is true, in row-major order, 1-d; this and the mask are
   * broadcast.
   *
   * <p>PyTorch: {@code masked_select}.
   *
   * @param mask BOOL
   */
  public final Tensor maskedSelect(Tensor mask) {
    if (Calls.areRecorded()) {
      return Calls.record("maskedSelect(Tensor)", self(), mask);
    }
    return Indexing.maskedSelect(self(), mask);
  }

  /**
   * Copies this, broadcast with the mask, with the elements of source, one after the other, where
   * the mask is true.
   *
   * <p>PyTorch: {@code masked_scatter}.
   *
   * @param mask BOOL
   * @param source of this element type, with at least as many elements as the mask has trues
   */
  public final Tensor maskedScatter(Tensor mask, Tensor source) {
    if (Calls.areRecorded()) {
      return Calls.record("maskedScatter(Tensor,Tensor)", self(), mask, source);
    }
    return Indexing.maskedScatter(self(), mask, source);
  }

  /**
   * Overwrites this with {@link Tensor#maskedScatter(Tensor, Tensor)} and gives it back.
   *
   * <p>PyTorch: {@code masked_scatter_}.
   */
  public final Tensor maskedScatter_(Tensor mask, Tensor source) {
    if (Calls.areRecorded()) {
      return Calls.record("maskedScatter_(Tensor,Tensor)", self(), mask, source);
    }
    return Indexing.maskedScatter_(self(), mask, source);
  }

  // ---- Joining

  /**
   * Copies this {@code times[d]} times along each dimension.
   *
   * <p>PyTorch: {@code repeat}.
   *
   * @param times one for each dimension; leading ones add dimensions
   * @throws IllegalArgumentException if there are fewer than dimensions, or one is negative
   */
  public final Tensor repeat(long... times) {
    if (Calls.areRecorded()) {
      return Calls.record("repeat(long[])", self(), times);
    }
    return Joining.repeat(self(), times);
  }

  /**
   * Copies this so many times along each dimension, as {@link Tensor#repeat}; missing leading
   * counts are 1.
   *
   * <p>PyTorch: {@code tile}.
   */
  public final Tensor tile(long... times) {
    if (Calls.areRecorded()) {
      return Calls.record("tile(long[])", self(), times);
    }
    return Joining.tile(self(), times);
  }

  /**
   * Copies this with the order of some dimensions reversed.
   *
   * <p>PyTorch: {@code flip}.
   *
   * @throws IllegalArgumentException if a dimension is named twice
   */
  public final Tensor flip(int... dims) {
    if (Calls.areRecorded()) {
      return Calls.record("flip(int[])", self(), dims);
    }
    return Joining.flip(self(), dims);
  }

  /**
   * Copies this with columns in reverse order.
   *
   * <p>PyTorch: {@code fliplr}.
   *
   * @throws IllegalArgumentException if there are fewer than 2 dimensions
   */
  public final Tensor fliplr() {
    if (Calls.areRecorded()) {
      return Calls.record("fliplr()", self());
    }
    return Joining.fliplr(self());
  }

  /**
   * Copies this with rows in reverse order.
   *
   * <p>PyTorch: {@code flipud}.
   *
   * @throws IllegalArgumentException if there are no dimensions
   */
  public final Tensor flipud() {
    if (Calls.areRecorded()) {
      return Calls.record("flipud()", self());
    }
    return Joining.flipud(self());
  }

  /**
   * Copies this with all elements shifted in row-major order; those shifted beyond the end come in
   * at the start.
   *
   * <p>PyTorch: {@code roll}.
   */
  public final Tensor roll(long shift) {
    if (Calls.areRecorded()) {
      return Calls.record("roll(long)", self(), shift);
    }
    return Joining.roll(self(), shift);
  }

  /**
   * Copies this with elements shifted along dimensions; those shifted beyond the end come in at the
   * start.
   *
   * <p>PyTorch: {@code roll}.
   *
   * @throws IllegalArgumentException if shifts and dimensions differ in number
   */
  public final Tensor roll(long[] shifts, int[] dims) {
    if (Calls.areRecorded()) {
      return Calls.record("roll(long[],int[])", self(), shifts, dims);
    }
    return Joining.roll(self(), shifts, dims);
  }

  /**
   * Copies this rotated {@code k} times by 90 degrees in the plane of two dimensions, from {@code
   * dim0} towards {@code dim1}.
   *
   * <p>PyTorch: {@code rot90}.
   *
   * @throws IllegalArgumentException if both dimensions are the same, or there are fewer than 2
   */
  public final Tensor rot90(long k, int dim0, int dim1) {
    if (Calls.areRecorded()) {
      return Calls.record("rot90(long,int,int)", self(), k, dim0, dim1);
    }
    return Joining.rot90(self(), k, dim0, dim1);
  }

  // ---- Lerp

  /**
   * Interpolates linearly: this + weight · (end − this).
   *
   * <p>PyTorch: {@code lerp}.
   *
   * @throws IllegalArgumentException if the types differ
   */
  public final Tensor lerp(Tensor end, Number weight) {
    if (Calls.areRecorded()) {
      return Calls.record("lerp(Tensor,Number)", self(), end, weight);
    }
    return Lerp.lerp(self(), end, weight);
  }

  /**
   * Overwrites this with {@link Tensor#lerp(Tensor, Number)} and gives it back.
   *
   * <p>PyTorch: {@code lerp_}.
   */
  public final Tensor lerp_(Tensor end, Number weight) {
    if (Calls.areRecorded()) {
      return Calls.record("lerp_(Tensor,Number)", self(), end, weight);
    }
    return Lerp.lerp_(self(), end, weight);
  }

  /**
   * Interpolates linearly: this + weight · (end − this).
   *
   * <p>PyTorch: {@code lerp}.
   *
   * @throws IllegalArgumentException if the types differ
   */
  public final Tensor lerp(Tensor end, Tensor weight) {
    if (Calls.areRecorded()) {
      return Calls.record("lerp(Tensor,Tensor)", self(), end, weight);
    }
    return Lerp.lerp(self(), end, weight);
  }

  /** Overwrites this with {@link #lerp(Tensor, Tensor)} and gives it back. */
  public final Tensor lerp_(Tensor end, Tensor weight) {
    if (Calls.areRecorded()) {
      return Calls.record("lerp_(Tensor,Tensor)", self(), end, weight);
    }
    return Overwriting.with("lerp_", self(), x -> Lerp.lerp(x, end, weight));
  }

  // ---- Logit

  /**
   * Computes ln(this / (1 − this)).
   *
   * <p>PyTorch: {@code logit}.
   */
  public final Tensor logit() {
    if (Calls.areRecorded()) {
      return Calls.record("logit()", self());
    }
    return Logit.logit(self());
  }

  /** Overwrites this with {@link #logit()} and gives it back. */
  public final Tensor logit_() {
    if (Calls.areRecorded()) {
      return Calls.record("logit_()", self());
    }
    return Overwriting.with("logit_", self(), x -> Logit.logit(x));
  }

  /**
   * Computes {@link Tensor#logit()} of this clamped to [eps, 1 − eps].
   *
   * <p>PyTorch: {@code logit}.
   */
  public final Tensor logit(double eps) {
    if (Calls.areRecorded()) {
      return Calls.record("logit(double)", self(), eps);
    }
    return Logit.logit(self(), eps);
  }

  // ---- MaskedFill

  /**
   * Copies this, broadcast with the mask, with the value of a 0-d tensor where the mask is true.
   *
   * <p>PyTorch: {@code masked_fill}.
   *
   * @param mask BOOL
   * @throws IllegalArgumentException if mask is of another type, or the value has dimensions or a
   *     type that does not fit
   */
  public final Tensor maskedFill(Tensor mask, Tensor value) {
    if (Calls.areRecorded()) {
      return Calls.record("maskedFill(Tensor,Tensor)", self(), mask, value);
    }
    return MaskedFill.maskedFill(self(), mask, value);
  }

  /**
   * Overwrites this with {@link Tensor#maskedFill(Tensor, Tensor)} and gives it back.
   *
   * <p>PyTorch: {@code masked_fill_}.
   */
  public final Tensor maskedFill_(Tensor mask, Tensor value) {
    if (Calls.areRecorded()) {
      return Calls.record("maskedFill_(Tensor,Tensor)", self(), mask, value);
    }
    return MaskedFill.maskedFill_(self(), mask, value);
  }

  /**
   * Copies this, broadcast with the mask, with a value where the mask is true.
   *
   * <p>PyTorch: {@code masked_fill}.
   *
   * @param mask BOOL
   * @throws IllegalArgumentException if mask is of another type, or this type cannot hold the value
   */
  public final Tensor maskedFill(Tensor mask, Number value) {
    if (Calls.areRecorded()) {
      return Calls.record("maskedFill(Tensor,Number)", self(), mask, value);
    }
    return MaskedFill.maskedFill(self(), mask, value);
  }

  /**
   * Overwrites this with {@link Tensor#maskedFill(Tensor, Number)} and gives it back.
   *
   * <p>PyTorch: {@code masked_fill_}.
   */
  public final Tensor maskedFill_(Tensor mask, Number value) {
    if (Calls.areRecorded()) {
      return Calls.record("maskedFill_(Tensor,Number)", self(), mask, value);
    }
    return MaskedFill.maskedFill_(self(), mask, value);
  }

  // ---- Masks

  /**
   * Returns the indices (INT64 [n, dim()]) of all elements that are not 0, in row-major order.
   *
   * <p>PyTorch: {@code nonzero}.
   */
  public final Tensor nonzero() {
    if (Calls.areRecorded()) {
      return Calls.record("nonzero()", self());
    }
    return Masks.nonzero(self());
  }

  /**
   * Returns the indices (INT64 [n]) of all elements that are not 0, one tensor for each dimension;
   * a 0-d tensor counts as 1-d. PyTorch: {@code nonzero(as_tuple=True)}.
   */
  public final List<Tensor> nonzeroAsTuple() {
    if (Calls.areRecorded()) {
      return Calls.record("nonzeroAsTuple()", self());
    }
    return Masks.nonzeroAsTuple(self());
  }

  /**
   * Returns the indices of all elements that are not 0, under the name NumPy uses; see {@link
   * Tensor#nonzero}.
   *
   * <p>PyTorch: {@code argwhere}.
   */
  public final Tensor argwhere() {
    if (Calls.areRecorded()) {
      return Calls.record("argwhere()", self());
    }
    return Masks.argwhere(self());
  }

  /**
   * Copies the part of matrices, the last two dimensions, on and below a diagonal; 0 elsewhere.
   *
   * <p>PyTorch: {@code tril}.
   *
   * @param diagonal above (positive) or below (negative) the main diagonal
   * @throws IllegalArgumentException if there are fewer than 2 dimensions
   */
  public final Tensor tril(long diagonal) {
    if (Calls.areRecorded()) {
      return Calls.record("tril(long)", self(), diagonal);
    }
    return Masks.tril(self(), diagonal);
  }

  /**
   * Overwrites this with {@link Tensor#tril(long)} and gives it back.
   *
   * <p>PyTorch: {@code tril_}.
   */
  public final Tensor tril_(long diagonal) {
    if (Calls.areRecorded()) {
      return Calls.record("tril_(long)", self(), diagonal);
    }
    return Masks.tril_(self(), diagonal);
  }

  /**
   * Copies the part of matrices, the last two dimensions, on and above a diagonal; 0 elsewhere.
   *
   * <p>PyTorch: {@code triu}.
   *
   * @param diagonal above (positive) or below (negative) the main diagonal
   * @throws IllegalArgumentException if there are fewer than 2 dimensions
   */
  public final Tensor triu(long diagonal) {
    if (Calls.areRecorded()) {
      return Calls.record("triu(long)", self(), diagonal);
    }
    return Masks.triu(self(), diagonal);
  }

  /**
   * Overwrites this with {@link Tensor#triu(long)} and gives it back.
   *
   * <p>PyTorch: {@code triu_}.
   */
  public final Tensor triu_(long diagonal) {
    if (Calls.areRecorded()) {
      return Calls.record("triu_(long)", self(), diagonal);
    }
    return Masks.triu_(self(), diagonal);
  }

  /**
   * Returns one-hot vectors (INT64): a new last dimension with a 1 at the class that each element
   * names, 0 elsewhere.
   *
   * <p>PyTorch: {@code one_hot}.
   *
   * @param numClasses size of the new dimension; −1 for the largest class + 1
   * @throws IllegalArgumentException if this is not INT64, or a class is outside
   */
  public final Tensor oneHot(long numClasses) {
    if (Calls.areRecorded()) {
      return Calls.record("oneHot(long)", self(), numClasses);
    }
    return Masks.oneHot(self(), numClasses);
  }

  // ---- MatMul

  /**
   * Computes the matrix product [.., m, k] · [.., k, n] → [.., m, n]; leading dimensions broadcast.
   * A vector counts as a row on the left and as a column on the right.
   *
   * <p>PyTorch: {@code matmul}.
   *
   * @throws IllegalArgumentException if inner dimensions, batch dimensions or types do not agree,
   *     or for BOOL
   */
  public final Tensor matmul(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("matmul(Tensor)", self(), other);
    }
    return MatMul.matmul(self(), other);
  }

  // ---- Permute

  /**
   * Reorders dimensions: dimension i of the view is dimension {@code order[i]} of this.
   *
   * <p>PyTorch: {@code permute}.
   *
   * @throws IllegalArgumentException if order does not name each dimension once
   */
  public final Tensor permute(int... order) {
    if (Calls.areRecorded()) {
      return Calls.record("permute(int[])", self(), order);
    }
    return Permute.permute(self(), order);
  }

  /**
   * Moves dimension {@code source[i]} to place {@code destination[i]}, as a view; the other
   * dimensions keep their order.
   *
   * <p>PyTorch: {@code movedim}.
   *
   * @throws IllegalArgumentException if the lists differ in length or name a dimension twice
   */
  public final Tensor movedim(int[] source, int[] destination) {
    if (Calls.areRecorded()) {
      return Calls.record("movedim(int[],int[])", self(), source, destination);
    }
    return Permute.movedim(self(), source, destination);
  }

  /**
   * Moves one dimension to another place, as a view; the others keep their order.
   *
   * <p>PyTorch: {@code movedim}.
   */
  public final Tensor movedim(int source, int destination) {
    if (Calls.areRecorded()) {
      return Calls.record("movedim(int,int)", self(), source, destination);
    }
    return Permute.movedim(self(), source, destination);
  }

  /**
   * Swaps two dimensions, as a view.
   *
   * <p>PyTorch: {@code transpose}.
   */
  public final Tensor transpose(int dim0, int dim1) {
    if (Calls.areRecorded()) {
      return Calls.record("transpose(int,int)", self(), dim0, dim1);
    }
    return Permute.transpose(self(), dim0, dim1);
  }

  /**
   * Transposes a matrix, as a view; a tensor of fewer dimensions stays as it is.
   *
   * <p>PyTorch: {@code t}.
   *
   * @throws IllegalStateException if there are more than 2 dimensions
   */
  public final Tensor t() {
    if (Calls.areRecorded()) {
      return Calls.record("t()", self());
    }
    return Permute.t(self());
  }

  /**
   * Transposes a batch of matrices, the last two dimensions, as a view. PyTorch: {@code mT}.
   *
   * @throws IllegalStateException if there are fewer than 2 dimensions
   */
  public final Tensor mT() {
    if (Calls.areRecorded()) {
      return Calls.record("mT()", self());
    }
    return Permute.mT(self());
  }

  // ---- Picking

  /**
   * Copies the slices of a dimension that an index names, in its order.
   *
   * <p>PyTorch: {@code index_select}.
   *
   * @param index 0-d or 1-d, INT64 or INT32
   * @throws IllegalArgumentException if index has another type or shape
   * @throws IndexOutOfBoundsException if an index is outside
   */
  public final Tensor indexSelect(int dim, Tensor index) {
    if (Calls.areRecorded()) {
      return Calls.record("indexSelect(int,Tensor)", self(), dim, index);
    }
    return Picking.indexSelect(self(), dim, index);
  }

  /**
   * Copies this with {@code alpha} times the slices of source added to those that an index names.
   *
   * <p>PyTorch: {@code index_add}.
   *
   * @param index 0-d or 1-d, INT64 or INT32
   * @param source of this element type and shape, but with index's number of elements along {@code
   *     dim}
   */
  public final Tensor indexAdd(int dim, Tensor index, Tensor source, Number alpha) {
    if (Calls.areRecorded()) {
      return Calls.record("indexAdd(int,Tensor,Tensor,Number)", self(), dim, index, source, alpha);
    }
    return Picking.indexAdd(self(), dim, index, source, alpha);
  }

  /**
   * Overwrites this with {@link Tensor#indexAdd(int, Tensor, Tensor, Number)} and gives it back.
   *
   * <p>PyTorch: {@code index_add_}.
   */
  public final Tensor indexAdd_(int dim, Tensor index, Tensor source, Number alpha) {
    if (Calls.areRecorded()) {
      return Calls.record("indexAdd_(int,Tensor,Tensor,Number)", self(), dim, index, source, alpha);
    }
    return Picking.indexAdd_(self(), dim, index, source, alpha);
  }

  /**
   * Copies this with the slices of source in place of those that an index names.
   *
   * <p>PyTorch: {@code index_copy}.
   *
   * @param index 0-d or 1-d, INT64 or INT32
   * @param source of this element type and shape, but with index's number of elements along {@code
   *     dim}
   */
  public final Tensor indexCopy(int dim, Tensor index, Tensor source) {
    if (Calls.areRecorded()) {
      return Calls.record("indexCopy(int,Tensor,Tensor)", self(), dim, index, source);
    }
    return Picking.indexCopy(self(), dim, index, source);
  }

  /**
   * Overwrites this with {@link Tensor#indexCopy(int, Tensor, Tensor)} and gives it back.
   *
   * <p>PyTorch: {@code index_copy_}.
   */
  public final Tensor indexCopy_(int dim, Tensor index, Tensor source) {
    if (Calls.areRecorded()) {
      return Calls.record("indexCopy_(int,Tensor,Tensor)", self(), dim, index, source);
    }
    return Picking.indexCopy_(self(), dim, index, source);
  }

  /**
   * Copies this with the slices that an index names filled with a value.
   *
   * <p>PyTorch: {@code index_fill}.
   *
   * @param index 0-d or 1-d, INT64 or INT32; negative ones count from the end
   */
  public final Tensor indexFill(int dim, Tensor index, Number value) {
    if (Calls.areRecorded()) {
      return Calls.record("indexFill(int,Tensor,Number)", self(), dim, index, value);
    }
    return Picking.indexFill(self(), dim, index, value);
  }

  /**
   * Overwrites this with {@link Tensor#indexFill(int, Tensor, Number)} and gives it back.
   *
   * <p>PyTorch: {@code index_fill_}.
   */
  public final Tensor indexFill_(int dim, Tensor index, Number value) {
    if (Calls.areRecorded()) {
      return Calls.record("indexFill_(int,Tensor,Number)", self(), dim, index, value);
    }
    return Picking.indexFill_(self(), dim, index, value);
  }

  /**
   * Copies this with slices of source combined with those that an index names.
   *
   * <p>PyTorch: {@code index_reduce}.
   *
   * @param index 0-d or 1-d, INT64 or INT32
   * @param source of this element type and shape, but with index's number of elements along {@code
   *     dim}
   * @param reduce how they are combined
   * @param includeSelf whether what this tensor has there is combined too
   */
  public final Tensor indexReduce(
      int dim, Tensor index, Tensor source, ScatterReduce reduce, boolean includeSelf) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "indexReduce(int,Tensor,Tensor,ScatterReduce,boolean)",
          self(),
          dim,
          index,
          source,
          reduce,
          includeSelf);
    }
    return Picking.indexReduce(self(), dim, index, source, reduce, includeSelf);
  }

  /**
   * Picks elements along a dimension, as {@link Tensor#gather}; this and the indices are broadcast
   * in all other dimensions.
   *
   * <p>PyTorch: {@code take_along_dim}.
   *
   * @param indices INT64; negative ones count from the end
   * @throws IllegalArgumentException if indices have another type or number of dimensions
   */
  public final Tensor takeAlongDim(Tensor indices, int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("takeAlongDim(Tensor,int)", self(), indices, dim);
    }
    return Picking.takeAlongDim(self(), indices, dim);
  }

  /**
   * Copies this with each slice of a dimension repeated so many times.
   *
   * <p>PyTorch: {@code repeat_interleave}.
   */
  public final Tensor repeatInterleave(long repeats, int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("repeatInterleave(long,int)", self(), repeats, dim);
    }
    return Picking.repeatInterleave(self(), repeats, dim);
  }

  /**
   * Copies this with the i-th slice of a dimension repeated {@code repeats[i]} times.
   *
   * <p>PyTorch: {@code repeat_interleave}.
   *
   * @param repeats integers, 0-d or 1-d: one for all slices, or one for each
   * @throws IllegalArgumentException if one is negative, or their number does not fit
   */
  public final Tensor repeatInterleave(Tensor repeats, int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("repeatInterleave(Tensor,int)", self(), repeats, dim);
    }
    return Picking.repeatInterleave(self(), repeats, dim);
  }

  /**
   * Copies this with one element of a dimension replaced; see {@link Tensor#select}.
   *
   * <p>PyTorch: {@code select_scatter}.
   *
   * @throws IllegalArgumentException if src does not have the shape of that part
   */
  public final Tensor selectScatter(Tensor src, int dim, long index) {
    if (Calls.areRecorded()) {
      return Calls.record("selectScatter(Tensor,int,long)", self(), src, dim, index);
    }
    return Picking.selectScatter(self(), src, dim, index);
  }

  /**
   * Copies this with a slice of a dimension replaced; see {@link Tensor#slice(int, long, long,
   * long)}.
   *
   * <p>PyTorch: {@code slice_scatter}.
   *
   * @throws IllegalArgumentException if src does not have the shape of that part
   */
  public final Tensor sliceScatter(Tensor src, int dim, long start, long end, long step) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "sliceScatter(Tensor,int,long,long,long)", self(), src, dim, start, end, step);
    }
    return Picking.sliceScatter(self(), src, dim, start, end, step);
  }

  /**
   * Copies this with a diagonal replaced; see {@link Tensor#diagonal(long, int, int)}.
   *
   * <p>PyTorch: {@code diagonal_scatter}.
   *
   * @throws IllegalArgumentException if src does not have the shape of that part
   */
  public final Tensor diagonalScatter(Tensor src, long offset, int dim1, int dim2) {
    if (Calls.areRecorded()) {
      return Calls.record("diagonalScatter(Tensor,long,int,int)", self(), src, offset, dim1, dim2);
    }
    return Picking.diagonalScatter(self(), src, offset, dim1, dim2);
  }

  /**
   * Returns matrices with the last dimension of this on a diagonal; 0 elsewhere.
   *
   * <p>PyTorch: {@code diag_embed}.
   *
   * @param offset above (positive) or below (negative) the main diagonal
   * @throws IllegalArgumentException if there are no dimensions
   */
  public final Tensor diagEmbed(long offset) {
    if (Calls.areRecorded()) {
      return Calls.record("diagEmbed(long)", self(), offset);
    }
    return Picking.diagEmbed(self(), offset);
  }

  /**
   * Returns the matrix with this vector on a diagonal, or a copy of a diagonal of this matrix.
   *
   * <p>PyTorch: {@code diag}.
   *
   * @param diagonal above (positive) or below (negative) the main diagonal
   * @throws IllegalArgumentException if this is neither a vector nor a matrix
   */
  public final Tensor diag(long diagonal) {
    if (Calls.areRecorded()) {
      return Calls.record("diag(long)", self(), diagonal);
    }
    return Picking.diag(self(), diagonal);
  }

  // ---- Pinning

  /**
   * Returns whether this is in pinned memory of the host; see {@link Tensor#pinMemory}.
   *
   * <p>PyTorch: {@code is_pinned}.
   */
  public final boolean isPinned() {
    return Pinning.isPinned(self());
  }

  /**
   * Gives this back if it is pinned, else a copy in pinned memory of the host, from which a GPU
   * copies while the host continues; see {@link Tensor#to(Device, boolean)}.
   *
   * <p>PyTorch: {@code pin_memory}.
   *
   * @throws IllegalArgumentException if this is not on the CPU
   * @throws UnsupportedOperationException if there is no GPU, saying what was probed
   */
  public final Tensor pinMemory() {
    if (Calls.areRecorded()) {
      return Calls.record("pinMemory()", self());
    }
    return Pinning.pinMemory(self());
  }

  // ---- Products

  /**
   * Computes the product of two matrices, [m, k] · [k, n] → [m, n].
   *
   * <p>PyTorch: {@code mm}.
   *
   * @throws IllegalArgumentException if one is no matrix, or sizes or types differ
   */
  public final Tensor mm(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("mm(Tensor)", self(), other);
    }
    return Products.mm(self(), other);
  }

  /**
   * Computes the products of the matrices of two batches, [b, m, k] · [b, k, n] → [b, m, n],
   * without broadcasting.
   *
   * <p>PyTorch: {@code bmm}.
   *
   * @throws IllegalArgumentException if sizes or types differ
   */
  public final Tensor bmm(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("bmm(Tensor)", self(), other);
    }
    return Products.bmm(self(), other);
  }

  /**
   * Computes the product of a matrix and a vector, [m, k] · [k] → [m].
   *
   * <p>PyTorch: {@code mv}.
   *
   * @throws IllegalArgumentException if sizes or types differ
   */
  public final Tensor mv(Tensor vector) {
    if (Calls.areRecorded()) {
      return Calls.record("mv(Tensor)", self(), vector);
    }
    return Products.mv(self(), vector);
  }

  /**
   * Computes the sum of the products of corresponding elements of two vectors.
   *
   * <p>PyTorch: {@code dot}.
   *
   * @throws IllegalArgumentException if they are no vectors, or sizes or types differ
   */
  public final Tensor dot(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("dot(Tensor)", self(), other);
    }
    return Products.dot(self(), other);
  }

  /**
   * Computes the sum of the products of corresponding elements of two vectors: as {@link
   * Tensor#dot}, since there are no complex numbers.
   *
   * <p>PyTorch: {@code vdot}.
   */
  public final Tensor vdot(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("vdot(Tensor)", self(), other);
    }
    return Products.vdot(self(), other);
  }

  /**
   * Computes the sums of products over the last dimension of both, [.., k] and [.., k] → [.., ..];
   * the product if one has no dimensions.
   *
   * <p>PyTorch: {@code inner}.
   *
   * @throws IllegalArgumentException if the last dimensions or types differ
   */
  public final Tensor inner(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("inner(Tensor)", self(), other);
    }
    return Products.inner(self(), other);
  }

  /**
   * Computes all products of an element of this vector and one of the other, [m] and [n] → [m, n].
   *
   * <p>PyTorch: {@code outer}.
   *
   * @throws IllegalArgumentException if one is no vector
   */
  public final Tensor outer(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("outer(Tensor)", self(), other);
    }
    return Products.outer(self(), other);
  }

  /**
   * Computes all products of an element of this vector and one of the other: another name of {@link
   * Tensor#outer}.
   *
   * <p>PyTorch: {@code ger}.
   */
  public final Tensor ger(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("ger(Tensor)", self(), other);
    }
    return Products.ger(self(), other);
  }

  /**
   * Cross product of 3-vectors that lie along a dimension; other dimensions broadcast.
   *
   * <p>PyTorch: {@code cross}.
   *
   * @throws IllegalArgumentException if the dimension is not of size 3, or types differ
   */
  public final Tensor cross(Tensor other, int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("cross(Tensor,int)", self(), other, dim);
    }
    return Products.cross(self(), other, dim);
  }

  /**
   * Cross product of 3-vectors along the first dimension of size 3.
   *
   * <p>PyTorch: {@code cross}.
   *
   * @throws IllegalArgumentException if there is none
   */
  public final Tensor cross(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("cross(Tensor)", self(), other);
    }
    return Products.cross(self(), other);
  }

  /**
   * Computes the sum of the main diagonal of a matrix; integers are summed in INT64.
   *
   * <p>PyTorch: {@code trace}.
   *
   * @throws IllegalArgumentException if this is no matrix
   */
  public final Tensor trace() {
    if (Calls.areRecorded()) {
      return Calls.record("trace()", self());
    }
    return Products.trace(self());
  }

  /** Works like {@link #cdist(Tensor, double)} with {@code p = 2}. */
  public final Tensor cdist(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("cdist(Tensor)", self(), other);
    }
    return Products.cdist(self(), other, 2);
  }

  /**
   * Returns the distances between each row of this [.., m, k] and each row of the other [.., n, k]
   * → [.., m, n].
   *
   * <p>PyTorch: {@code cdist}.
   *
   * @param p order of the norm, ≥ 0, may be infinite
   * @throws IllegalArgumentException if a tensor is not floating point or has fewer than 2
   *     dimensions, or the rows differ in length
   */
  public final Tensor cdist(Tensor other, double p) {
    if (Calls.areRecorded()) {
      return Calls.record("cdist(Tensor,double)", self(), other, p);
    }
    return Products.cdist(self(), other, p);
  }

  // ---- Reduce

  /** Works like {@link #sum(int[], boolean)}, over all elements. */
  public final Tensor sum() {
    if (Calls.areRecorded()) {
      return Calls.record("sum()", self());
    }
    return Reduce.sum(self(), new int[0], false);
  }

  /** Works like {@link #sum(int[], boolean)}, along one dimension, which is removed. */
  public final Tensor sum(int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("sum(int)", self(), dim);
    }
    return Reduce.sum(self(), new int[] {dim}, false);
  }

  /** Works like {@link #sum(int[], boolean)}, along one dimension. */
  public final Tensor sum(int dim, boolean keepDim) {
    if (Calls.areRecorded()) {
      return Calls.record("sum(int,boolean)", self(), dim, keepDim);
    }
    return Reduce.sum(self(), new int[] {dim}, keepDim);
  }

  /**
   * Works like {@link #sum(int[], boolean)}, over dimensions, which are removed; over all of them
   * if none are given.
   */
  public final Tensor sum(int... dims) {
    if (Calls.areRecorded()) {
      return Calls.record("sum(int[])", self(), dims);
    }
    return Reduce.sum(self(), dims, false);
  }

  /**
   * Computes the sum over dimensions, all if none are named; kept as size 1 if {@code keepDim},
   * else removed. Integers and BOOL are summed in INT64.
   *
   * <p>PyTorch: {@code sum}.
   */
  public final Tensor sum(int[] dims, boolean keepDim) {
    if (Calls.areRecorded()) {
      return Calls.record("sum(int[],boolean)", self(), dims, keepDim);
    }
    return Reduce.sum(self(), dims, keepDim);
  }

  /**
   * Computes the sum over dimensions, all if none are named, of the elements converted to a type;
   * reduced dimensions are kept as size 1 if {@code keepDim}, else removed.
   *
   * <p>PyTorch: {@code sum}.
   */
  public final Tensor sum(int[] dims, boolean keepDim, DType dtype) {
    if (Calls.areRecorded()) {
      return Calls.record("sum(int[],boolean,DType)", self(), dims, keepDim, dtype);
    }
    return Reduce.sum(self(), dims, keepDim, dtype);
  }

  /** Works like {@link #amax(int[], boolean)}, over all elements. */
  public final Tensor amax() {
    if (Calls.areRecorded()) {
      return Calls.record("amax()", self());
    }
    return Reduce.amax(self(), new int[0], false);
  }

  /** Works like {@link #amax(int[], boolean)}, along one dimension, which is removed. */
  public final Tensor amax(int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("amax(int)", self(), dim);
    }
    return Reduce.amax(self(), new int[] {dim}, false);
  }

  /** Works like {@link #amax(int[], boolean)}, along one dimension. */
  public final Tensor amax(int dim, boolean keepDim) {
    if (Calls.areRecorded()) {
      return Calls.record("amax(int,boolean)", self(), dim, keepDim);
    }
    return Reduce.amax(self(), new int[] {dim}, keepDim);
  }

  /**
   * Works like {@link #amax(int[], boolean)}, over dimensions, which are removed; over all of them
   * if none are given.
   */
  public final Tensor amax(int... dims) {
    if (Calls.areRecorded()) {
      return Calls.record("amax(int[])", self(), dims);
    }
    return Reduce.amax(self(), dims, false);
  }

  /**
   * Returns the largest element over dimensions, all if none are named; kept as size 1 if {@code
   * keepDim}, else removed. NaN if there is one. The gradient is shared equally by equal elements.
   *
   * <p>PyTorch: {@code amax}.
   *
   * @throws IllegalArgumentException if there are no elements to choose from
   */
  public final Tensor amax(int[] dims, boolean keepDim) {
    if (Calls.areRecorded()) {
      return Calls.record("amax(int[],boolean)", self(), dims, keepDim);
    }
    return Reduce.amax(self(), dims, keepDim);
  }

  /** Works like {@link #amin(int[], boolean)}, over all elements. */
  public final Tensor amin() {
    if (Calls.areRecorded()) {
      return Calls.record("amin()", self());
    }
    return Reduce.amin(self(), new int[0], false);
  }

  /** Works like {@link #amin(int[], boolean)}, along one dimension, which is removed. */
  public final Tensor amin(int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("amin(int)", self(), dim);
    }
    return Reduce.amin(self(), new int[] {dim}, false);
  }

  /** Works like {@link #amin(int[], boolean)}, along one dimension. */
  public final Tensor amin(int dim, boolean keepDim) {
    if (Calls.areRecorded()) {
      return Calls.record("amin(int,boolean)", self(), dim, keepDim);
    }
    return Reduce.amin(self(), new int[] {dim}, keepDim);
  }

  /**
   * Works like {@link #amin(int[], boolean)}, over dimensions, which are removed; over all of them
   * if none are given.
   */
  public final Tensor amin(int... dims) {
    if (Calls.areRecorded()) {
      return Calls.record("amin(int[])", self(), dims);
    }
    return Reduce.amin(self(), dims, false);
  }

  /**
   * Returns the smallest element over dimensions, all if none are named; kept as size 1 if {@code
   * keepDim}, else removed. NaN if there is one. The gradient is shared equally by equal elements.
   *
   * <p>PyTorch: {@code amin}.
   *
   * @throws IllegalArgumentException if there are no elements to choose from
   */
  public final Tensor amin(int[] dims, boolean keepDim) {
    if (Calls.areRecorded()) {
      return Calls.record("amin(int[],boolean)", self(), dims, keepDim);
    }
    return Reduce.amin(self(), dims, keepDim);
  }

  /** Works like {@link #all(int[], boolean)}, over all elements. */
  public final Tensor all() {
    if (Calls.areRecorded()) {
      return Calls.record("all()", self());
    }
    return Reduce.all(self(), new int[0], false);
  }

  /** Works like {@link #all(int[], boolean)}, along one dimension, which is removed. */
  public final Tensor all(int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("all(int)", self(), dim);
    }
    return Reduce.all(self(), new int[] {dim}, false);
  }

  /** Works like {@link #all(int[], boolean)}, along one dimension. */
  public final Tensor all(int dim, boolean keepDim) {
    if (Calls.areRecorded()) {
      return Calls.record("all(int,boolean)", self(), dim, keepDim);
    }
    return Reduce.all(self(), new int[] {dim}, keepDim);
  }

  /**
   * Works like {@link #all(int[], boolean)}, over dimensions, which are removed; over all of them
   * if none are given.
   */
  public final Tensor all(int... dims) {
    if (Calls.areRecorded()) {
      return Calls.record("all(int[])", self(), dims);
    }
    return Reduce.all(self(), dims, false);
  }

  /**
   * Returns whether no element is 0, over dimensions, all if none are named; kept as size 1 if
   * {@code keepDim}, else removed. The result is BOOL, or UINT8 for UINT8. No gradient.
   *
   * <p>PyTorch: {@code all}.
   */
  public final Tensor all(int[] dims, boolean keepDim) {
    if (Calls.areRecorded()) {
      return Calls.record("all(int[],boolean)", self(), dims, keepDim);
    }
    return Reduce.all(self(), dims, keepDim);
  }

  /** Works like {@link #any(int[], boolean)}, over all elements. */
  public final Tensor any() {
    if (Calls.areRecorded()) {
      return Calls.record("any()", self());
    }
    return Reduce.any(self(), new int[0], false);
  }

  /** Works like {@link #any(int[], boolean)}, along one dimension, which is removed. */
  public final Tensor any(int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("any(int)", self(), dim);
    }
    return Reduce.any(self(), new int[] {dim}, false);
  }

  /** Works like {@link #any(int[], boolean)}, along one dimension. */
  public final Tensor any(int dim, boolean keepDim) {
    if (Calls.areRecorded()) {
      return Calls.record("any(int,boolean)", self(), dim, keepDim);
    }
    return Reduce.any(self(), new int[] {dim}, keepDim);
  }

  /**
   * Works like {@link #any(int[], boolean)}, over dimensions, which are removed; over all of them
   * if none are given.
   */
  public final Tensor any(int... dims) {
    if (Calls.areRecorded()) {
      return Calls.record("any(int[])", self(), dims);
    }
    return Reduce.any(self(), dims, false);
  }

  /**
   * Returns whether some element is not 0, over dimensions, all if none are named; kept as size 1
   * if {@code keepDim}, else removed. The result is BOOL, or UINT8 for UINT8. No gradient.
   *
   * <p>PyTorch: {@code any}.
   */
  public final Tensor any(int[] dims, boolean keepDim) {
    if (Calls.areRecorded()) {
      return Calls.record("any(int[],boolean)", self(), dims, keepDim);
    }
    return Reduce.any(self(), dims, keepDim);
  }

  /**
   * Returns the largest of all elements; NaN if there is one. The gradient is shared equally by
   * equal elements, or by those that are NaN.
   *
   * <p>PyTorch: {@code max}.
   */
  public final Tensor max() {
    if (Calls.areRecorded()) {
      return Calls.record("max()", self());
    }
    return Reduce.max(self());
  }

  /**
   * Returns the smallest of all elements; NaN if there is one. The gradient is shared equally by
   * equal elements, or by those that are NaN.
   *
   * <p>PyTorch: {@code min}.
   */
  public final Tensor min() {
    if (Calls.areRecorded()) {
      return Calls.record("min()", self());
    }
    return Reduce.min(self());
  }

  // ---- Reshaping

  /** Works like {@link #flatten(int, int)} with {@code startDim = 0}, {@code endDim = -1}. */
  public final Tensor flatten() {
    if (Calls.areRecorded()) {
      return Calls.record("flatten()", self());
    }
    return Reshaping.flatten(self(), 0, -1);
  }

  /** Works like {@link #flatten(int, int)} with {@code endDim = -1}. */
  public final Tensor flatten(int startDim) {
    if (Calls.areRecorded()) {
      return Calls.record("flatten(int)", self(), startDim);
    }
    return Reshaping.flatten(self(), startDim, -1);
  }

  /**
   * Merges the dimensions from {@code startDim} to {@code endDim}, both included, into one; a view
   * where strides allow it, else a copy. A 0-d tensor becomes 1-d.
   *
   * <p>PyTorch: {@code flatten}.
   *
   * @throws IllegalArgumentException if {@code endDim} comes before {@code startDim}
   */
  public final Tensor flatten(int startDim, int endDim) {
    if (Calls.areRecorded()) {
      return Calls.record("flatten(int,int)", self(), startDim, endDim);
    }
    return Reshaping.flatten(self(), startDim, endDim);
  }

  /**
   * Splits one dimension into several, as a view.
   *
   * <p>PyTorch: {@code unflatten}.
   *
   * @param sizes of the new dimensions; one may be −1 and is inferred
   * @throws IllegalArgumentException if there are none, or their product is not the size of the
   *     dimension
   */
  public final Tensor unflatten(int dim, long... sizes) {
    if (Calls.areRecorded()) {
      return Calls.record("unflatten(int,long[])", self(), dim, sizes);
    }
    return Reshaping.unflatten(self(), dim, sizes);
  }

  /**
   * Removes dimensions of size 1, as a view; named dimensions of another size stay.
   *
   * <p>PyTorch: {@code squeeze}.
   *
   * @param dims the candidates; all dimensions if none are named
   */
  public final Tensor squeeze(int... dims) {
    if (Calls.areRecorded()) {
      return Calls.record("squeeze(int[])", self(), dims);
    }
    return Reshaping.squeeze(self(), dims);
  }

  /**
   * Inserts a dimension of size 1 before dimension {@code dim}, as a view.
   *
   * <p>PyTorch: {@code unsqueeze}.
   *
   * @param dim from −dim() − 1 to dim()
   */
  public final Tensor unsqueeze(int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("unsqueeze(int)", self(), dim);
    }
    return Reshaping.unsqueeze(self(), dim);
  }

  // ---- Rounding

  /**
   * Rounds down to a whole number.
   *
   * <p>PyTorch: {@code floor}.
   */
  public final Tensor floor() {
    if (Calls.areRecorded()) {
      return Calls.record("floor()", self());
    }
    return Rounding.FLOOR.of(self());
  }

  /** Overwrites this with {@link #floor()} and gives it back. */
  public final Tensor floor_() {
    if (Calls.areRecorded()) {
      return Calls.record("floor_()", self());
    }
    return Rounding.FLOOR.inPlace(self());
  }

  /**
   * Rounds up to a whole number.
   *
   * <p>PyTorch: {@code ceil}.
   */
  public final Tensor ceil() {
    if (Calls.areRecorded()) {
      return Calls.record("ceil()", self());
    }
    return Rounding.CEIL.of(self());
  }

  /** Overwrites this with {@link #ceil()} and gives it back. */
  public final Tensor ceil_() {
    if (Calls.areRecorded()) {
      return Calls.record("ceil_()", self());
    }
    return Rounding.CEIL.inPlace(self());
  }

  /**
   * Rounds to the nearest whole number, the even one of two.
   *
   * <p>PyTorch: {@code round}.
   */
  public final Tensor round() {
    if (Calls.areRecorded()) {
      return Calls.record("round()", self());
    }
    return Rounding.ROUND.of(self());
  }

  /** Overwrites this with {@link #round()} and gives it back. */
  public final Tensor round_() {
    if (Calls.areRecorded()) {
      return Calls.record("round_()", self());
    }
    return Rounding.ROUND.inPlace(self());
  }

  /**
   * Rounds towards 0 to a whole number.
   *
   * <p>PyTorch: {@code trunc}.
   */
  public final Tensor trunc() {
    if (Calls.areRecorded()) {
      return Calls.record("trunc()", self());
    }
    return Rounding.TRUNC.of(self());
  }

  /** Overwrites this with {@link #trunc()} and gives it back. */
  public final Tensor trunc_() {
    if (Calls.areRecorded()) {
      return Calls.record("trunc_()", self());
    }
    return Rounding.TRUNC.inPlace(self());
  }

  /**
   * Computes the remainder of this / other rounded to 0: it has the sign of this.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code fmod}.
   */
  public final Tensor fmod(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("fmod(Tensor)", self(), other);
    }
    return Rounding.FMOD.of(self(), other);
  }

  /** Overwrites this with {@link #fmod(Tensor)} and gives it back. */
  public final Tensor fmod_(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("fmod_(Tensor)", self(), other);
    }
    return Rounding.FMOD.inPlace(self(), other);
  }

  /**
   * Computes the remainder of this / other rounded to 0: it has the sign of this.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code fmod}.
   */
  public final Tensor fmod(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("fmod(Number)", self(), other);
    }
    return Rounding.FMOD.of(self(), other);
  }

  /** Overwrites this with {@link #fmod(Number)} and gives it back. */
  public final Tensor fmod_(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("fmod_(Number)", self(), other);
    }
    return Rounding.FMOD.inPlace(self(), other);
  }

  /**
   * Computes the remainder of this / other rounded down: it has the sign of other, as in Python.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code remainder}.
   */
  public final Tensor remainder(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("remainder(Tensor)", self(), other);
    }
    return Rounding.REMAINDER.of(self(), other);
  }

  /** Overwrites this with {@link #remainder(Tensor)} and gives it back. */
  public final Tensor remainder_(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("remainder_(Tensor)", self(), other);
    }
    return Rounding.REMAINDER.inPlace(self(), other);
  }

  /**
   * Computes the remainder of this / other rounded down: it has the sign of other, as in Python.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code remainder}.
   */
  public final Tensor remainder(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("remainder(Number)", self(), other);
    }
    return Rounding.REMAINDER.of(self(), other);
  }

  /** Overwrites this with {@link #remainder(Number)} and gives it back. */
  public final Tensor remainder_(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("remainder_(Number)", self(), other);
    }
    return Rounding.REMAINDER.inPlace(self(), other);
  }

  /**
   * Computes this / other rounded down. Backward throws: there is no gradient.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code
   * floor_divide}.
   */
  public final Tensor floorDivide(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("floorDivide(Tensor)", self(), other);
    }
    return Rounding.FLOOR_DIVIDE.of(self(), other);
  }

  /** Overwrites this with {@link #floorDivide(Tensor)} and gives it back. */
  public final Tensor floorDivide_(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("floorDivide_(Tensor)", self(), other);
    }
    return Rounding.FLOOR_DIVIDE.inPlace(self(), other);
  }

  /**
   * Computes this / other rounded down. Backward throws: there is no gradient.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code
   * floor_divide}.
   */
  public final Tensor floorDivide(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("floorDivide(Number)", self(), other);
    }
    return Rounding.FLOOR_DIVIDE.of(self(), other);
  }

  /** Overwrites this with {@link #floorDivide(Number)} and gives it back. */
  public final Tensor floorDivide_(Number other) {
    if (Calls.areRecorded()) {
      return Calls.record("floorDivide_(Number)", self(), other);
    }
    return Rounding.FLOOR_DIVIDE.inPlace(self(), other);
  }

  /**
   * Computes this / other, rounded; integers stay integers. The gradients are 0.
   *
   * <p>PyTorch: {@code div}.
   */
  public final Tensor div(Tensor other, RoundingMode rounding) {
    if (Calls.areRecorded()) {
      return Calls.record("div(Tensor,RoundingMode)", self(), other, rounding);
    }
    return Rounding.div(self(), other, rounding);
  }

  /**
   * Computes this / other, rounded; integers stay integers. The gradient is 0.
   *
   * <p>PyTorch: {@code div}.
   */
  public final Tensor div(Number other, RoundingMode rounding) {
    if (Calls.areRecorded()) {
      return Calls.record("div(Number,RoundingMode)", self(), other, rounding);
    }
    return Rounding.div(self(), other, rounding);
  }

  /**
   * Divides by other in place, rounds, and gives this back. See {@link Tensor#div(Tensor,
   * RoundingMode)}.
   *
   * <p>PyTorch: {@code div_}.
   */
  public final Tensor div_(Tensor other, RoundingMode rounding) {
    if (Calls.areRecorded()) {
      return Calls.record("div_(Tensor,RoundingMode)", self(), other, rounding);
    }
    return Rounding.div_(self(), other, rounding);
  }

  /**
   * Computes the fractional part, with the sign of this.
   *
   * <p>PyTorch: {@code frac}.
   *
   * @throws IllegalArgumentException if this type has none
   */
  public final Tensor frac() {
    if (Calls.areRecorded()) {
      return Calls.record("frac()", self());
    }
    return Rounding.frac(self());
  }

  /**
   * Overwrites this with {@link Tensor#frac()} and gives it back.
   *
   * <p>PyTorch: {@code frac_}.
   */
  public final Tensor frac_() {
    if (Calls.areRecorded()) {
      return Calls.record("frac_()", self());
    }
    return Rounding.frac_(self());
  }

  /**
   * Rounds to a number of decimals, which may be negative; of two equally near numbers to the one
   * that is even in the last place.
   *
   * <p>PyTorch: {@code round}.
   */
  public final Tensor round(int decimals) {
    if (Calls.areRecorded()) {
      return Calls.record("round(int)", self(), decimals);
    }
    return Rounding.round(self(), decimals);
  }

  // ---- Sampling

  /**
   * Overwrites all elements with uniform numbers in [0, 1) and gives this back.
   *
   * <p>PyTorch: {@code uniform_}.
   *
   * @throws IllegalArgumentException if this is not floating point, or from is above to
   */
  public final Tensor uniform_() {
    if (Calls.areRecorded()) {
      return Calls.record("uniform_()", self());
    }
    return Sampling.uniform_(self());
  }

  /**
   * Overwrites all elements with uniform numbers in [from, to) and gives this back.
   *
   * <p>PyTorch: {@code uniform_}.
   *
   * @throws IllegalArgumentException if this is not floating point, or from is above to
   */
  public final Tensor uniform_(double from, double to) {
    if (Calls.areRecorded()) {
      return Calls.record("uniform_(double,double)", self(), from, to);
    }
    return Sampling.uniform_(self(), from, to);
  }

  /**
   * Overwrites all elements with uniform numbers in [from, to) and gives this back.
   *
   * <p>PyTorch: {@code uniform_}.
   *
   * @throws IllegalArgumentException if this is not floating point, or from is above to
   */
  public final Tensor uniform_(Generator generator, double from, double to) {
    if (Calls.areRecorded()) {
      return Calls.record("uniform_(Generator,double,double)", self(), generator, from, to);
    }
    return Sampling.uniform_(self(), generator, from, to);
  }

  /**
   * Overwrites all elements with standard normal numbers and gives this back.
   *
   * <p>PyTorch: {@code normal_}.
   *
   * @throws IllegalArgumentException if this is not floating point, or std is negative
   */
  public final Tensor normal_() {
    if (Calls.areRecorded()) {
      return Calls.record("normal_()", self());
    }
    return Sampling.normal_(self());
  }

  /**
   * Overwrites all elements with normal numbers and gives this back.
   *
   * <p>PyTorch: {@code normal_}.
   *
   * @throws IllegalArgumentException if this is not floating point, or std is negative
   */
  public final Tensor normal_(double mean, double std) {
    if (Calls.areRecorded()) {
      return Calls.record("normal_(double,double)", self(), mean, std);
    }
    return Sampling.normal_(self(), mean, std);
  }

  /**
   * Overwrites all elements with normal numbers and gives this back.
   *
   * <p>PyTorch: {@code normal_}.
   *
   * @throws IllegalArgumentException if this is not floating point, or std is negative
   */
  public final Tensor normal_(Generator generator, double mean, double std) {
    if (Calls.areRecorded()) {
      return Calls.record("normal_(Generator,double,double)", self(), generator, mean, std);
    }
    return Sampling.normal_(self(), generator, mean, std);
  }

  /**
   * Works like {@link #bernoulli_(double, Generator)} with {@code generator = Generator.current()}.
   */
  public final Tensor bernoulli_(double p) {
    if (Calls.areRecorded()) {
      return Calls.record("bernoulli_(double)", self(), p);
    }
    return Sampling.bernoulli_(self(), p, Generator.current());
  }

  /**
   * Overwrites all elements with 1 (with probability p) or 0 and gives this back.
   *
   * <p>PyTorch: {@code bernoulli_}.
   *
   * @throws IllegalArgumentException if p is outside [0, 1]
   */
  public final Tensor bernoulli_(double p, Generator generator) {
    if (Calls.areRecorded()) {
      return Calls.record("bernoulli_(double,Generator)", self(), p, generator);
    }
    return Sampling.bernoulli_(self(), p, generator);
  }

  /**
   * Overwrites all elements with integers, uniform in [low, high), and gives this back.
   *
   * <p>PyTorch: {@code random_}.
   *
   * @throws IllegalArgumentException if the range is empty, or not within that of the element type
   */
  public final Tensor random_(long low, long high) {
    if (Calls.areRecorded()) {
      return Calls.record("random_(long,long)", self(), low, high);
    }
    return Sampling.random_(self(), low, high);
  }

  /**
   * Overwrites all elements with integers, uniform in [low, high), and gives this back.
   *
   * <p>PyTorch: {@code random_}.
   *
   * @throws IllegalArgumentException if the range is empty, or not within that of the element type
   */
  public final Tensor random_(Generator generator, long low, long high) {
    if (Calls.areRecorded()) {
      return Calls.record("random_(Generator,long,long)", self(), generator, low, high);
    }
    return Sampling.random_(self(), generator, low, high);
  }

  /**
   * Works like {@link #exponential_(double, Generator)} with {@code generator =
   * Generator.current()}.
   */
  public final Tensor exponential_(double rate) {
    if (Calls.areRecorded()) {
      return Calls.record("exponential_(double)", self(), rate);
    }
    return Sampling.exponential_(self(), rate, Generator.current());
  }

  /**
   * Overwrites all elements with exponentially distributed numbers and gives this back.
   *
   * <p>PyTorch: {@code exponential_}.
   *
   * @param rate above 0
   * @throws IllegalArgumentException if this is not floating point, or rate is not above 0
   */
  public final Tensor exponential_(double rate, Generator generator) {
    if (Calls.areRecorded()) {
      return Calls.record("exponential_(double,Generator)", self(), rate, generator);
    }
    return Sampling.exponential_(self(), rate, generator);
  }

  /**
   * Overwrites all elements with e to the power of normal numbers and gives this back.
   *
   * <p>PyTorch: {@code log_normal_}.
   *
   * @throws IllegalArgumentException if this is not floating point, or std is not above 0
   */
  public final Tensor logNormal_(double mean, double std) {
    if (Calls.areRecorded()) {
      return Calls.record("logNormal_(double,double)", self(), mean, std);
    }
    return Sampling.logNormal_(self(), mean, std);
  }

  /**
   * Overwrites all elements with Cauchy distributed numbers and gives this back.
   *
   * <p>PyTorch: {@code cauchy_}.
   *
   * @throws IllegalArgumentException if this is not floating point, or sigma is not above 0
   */
  public final Tensor cauchy_(double median, double sigma) {
    if (Calls.areRecorded()) {
      return Calls.record("cauchy_(double,double)", self(), median, sigma);
    }
    return Sampling.cauchy_(self(), median, sigma);
  }

  /**
   * Overwrites all elements with the number of trials until the first success, which has
   * probability p, and gives this back.
   *
   * <p>PyTorch: {@code geometric_}.
   *
   * @throws IllegalArgumentException if p is outside (0, 1)
   */
  public final Tensor geometric_(double p) {
    if (Calls.areRecorded()) {
      return Calls.record("geometric_(double)", self(), p);
    }
    return Sampling.geometric_(self(), p);
  }

  // ---- Scan

  /**
   * Computes the running sum along a dimension; integers and BOOL are summed in INT64.
   *
   * <p>PyTorch: {@code cumsum}.
   */
  public final Tensor cumsum(int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("cumsum(int)", self(), dim);
    }
    return Scan.cumsum(self(), dim);
  }

  /**
   * Overwrites this with {@link Tensor#cumsum(int)} and gives it back.
   *
   * <p>PyTorch: {@code cumsum_}.
   */
  public final Tensor cumsum_(int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("cumsum_(int)", self(), dim);
    }
    return Scan.cumsum_(self(), dim);
  }

  /**
   * Computes the running product along a dimension; integers and BOOL are multiplied in INT64.
   *
   * <p>PyTorch: {@code cumprod}.
   */
  public final Tensor cumprod(int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("cumprod(int)", self(), dim);
    }
    return Scan.cumprod(self(), dim);
  }

  /**
   * Overwrites this with {@link Tensor#cumprod(int)} and gives it back.
   *
   * <p>PyTorch: {@code cumprod_}.
   */
  public final Tensor cumprod_(int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("cumprod_(int)", self(), dim);
    }
    return Scan.cumprod_(self(), dim);
  }

  /**
   * Computes the logarithm of the running sum of exponentials along a dimension.
   *
   * <p>PyTorch: {@code logcumsumexp}.
   *
   * @throws IllegalArgumentException if this is not floating point
   */
  public final Tensor logCumSumExp(int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("logCumSumExp(int)", self(), dim);
    }
    return Scan.logCumSumExp(self(), dim);
  }

  // ---- Scatter

  /**
   * Copies this with elements of src placed along a dimension: out[index[i][j]][j] = src[i][j] for
   * dim 0 and so on. Where a place is named twice, the last in row-major order stays.
   *
   * <p>PyTorch: {@code scatter}.
   *
   * @param index INT64 or INT32, with as many dimensions as this
   * @param src of this element type, in no dimension smaller than index
   * @throws IllegalArgumentException if types or shapes do not fit
   * @throws IndexOutOfBoundsException if an index is outside
   */
  public final Tensor scatter(int dim, Tensor index, Tensor src) {
    if (Calls.areRecorded()) {
      return Calls.record("scatter(int,Tensor,Tensor)", self(), dim, index, src);
    }
    return Scatter.scatter(self(), dim, index, src);
  }

  /**
   * Overwrites this with {@link Tensor#scatter(int, Tensor, Tensor)} and gives it back.
   *
   * <p>PyTorch: {@code scatter_}.
   */
  public final Tensor scatter_(int dim, Tensor index, Tensor src) {
    if (Calls.areRecorded()) {
      return Calls.record("scatter_(int,Tensor,Tensor)", self(), dim, index, src);
    }
    return Scatter.scatter_(self(), dim, index, src);
  }

  /**
   * Copies this with one value placed along a dimension: out[index[i][j]][j] = value for dim 0 and
   * so on. See {@link Tensor#scatter(int, Tensor, Tensor)}.
   *
   * <p>PyTorch: {@code scatter}.
   */
  public final Tensor scatter(int dim, Tensor index, Number value) {
    if (Calls.areRecorded()) {
      return Calls.record("scatter(int,Tensor,Number)", self(), dim, index, value);
    }
    return Scatter.scatter(self(), dim, index, value);
  }

  /**
   * Overwrites this with {@link Tensor#scatter(int, Tensor, Number)} and gives it back.
   *
   * <p>PyTorch: {@code scatter_}.
   */
  public final Tensor scatter_(int dim, Tensor index, Number value) {
    if (Calls.areRecorded()) {
      return Calls.record("scatter_(int,Tensor,Number)", self(), dim, index, value);
    }
    return Scatter.scatter_(self(), dim, index, value);
  }

  /**
   * Copies this with elements of src added along a dimension: out[index[i][j]][j] += src[i][j] for
   * dim 0 and so on. See {@link Tensor#scatter(int, Tensor, Tensor)}.
   *
   * <p>PyTorch: {@code scatter_add}.
   */
  public final Tensor scatterAdd(int dim, Tensor index, Tensor src) {
    if (Calls.areRecorded()) {
      return Calls.record("scatterAdd(int,Tensor,Tensor)", self(), dim, index, src);
    }
    return Scatter.scatterAdd(self(), dim, index, src);
  }

  /**
   * Overwrites this with {@link Tensor#scatterAdd(int, Tensor, Tensor)} and gives it back.
   *
   * <p>PyTorch: {@code scatter_add_}.
   */
  public final Tensor scatterAdd_(int dim, Tensor index, Tensor src) {
    if (Calls.areRecorded()) {
      return Calls.record("scatterAdd_(int,Tensor,Tensor)", self(), dim, index, src);
    }
    return Scatter.scatterAdd_(self(), dim, index, src);
  }

  /**
   * Copies this with all elements of src that go to one place combined; see {@link
   * Tensor#scatter(int, Tensor, Tensor)}.
   *
   * <p>PyTorch: {@code scatter_reduce}.
   *
   * @param reduce how they are combined
   * @param includeSelf whether what this tensor has there is combined too
   */
  public final Tensor scatterReduce(
      int dim, Tensor index, Tensor src, ScatterReduce reduce, boolean includeSelf) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "scatterReduce(int,Tensor,Tensor,ScatterReduce,boolean)",
          self(),
          dim,
          index,
          src,
          reduce,
          includeSelf);
    }
    return Scatter.scatterReduce(self(), dim, index, src, reduce, includeSelf);
  }

  /**
   * Overwrites this with {@link Tensor#scatterReduce(int, Tensor, Tensor, ScatterReduce, boolean)}
   * and gives it back.
   *
   * <p>PyTorch: {@code scatter_reduce_}.
   */
  public final Tensor scatterReduce_(
      int dim, Tensor index, Tensor src, ScatterReduce reduce, boolean includeSelf) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "scatterReduce_(int,Tensor,Tensor,ScatterReduce,boolean)",
          self(),
          dim,
          index,
          src,
          reduce,
          includeSelf);
    }
    return Scatter.scatterReduce_(self(), dim, index, src, reduce, includeSelf);
  }

  // ---- Slice

  /**
   * Views {@code length} elements of a dimension from {@code start} on.
   *
   * <p>PyTorch: {@code narrow}.
   *
   * @param start may be negative and then counts from the end
   * @throws IndexOutOfBoundsException if they are not all inside
   */
  public final Tensor narrow(int dim, long start, long length) {
    if (Calls.areRecorded()) {
      return Calls.record("narrow(int,long,long)", self(), dim, start, length);
    }
    return Slice.narrow(self(), dim, start, length);
  }

  /** Works like {@link #slice(int, long, long, long)} with {@code step = 1}. */
  public final Tensor slice(int dim, long start, long end) {
    if (Calls.areRecorded()) {
      return Calls.record("slice(int,long,long)", self(), dim, start, end);
    }
    return Slice.slice(self(), dim, start, end, 1);
  }

  /**
   * Views the elements start, start + step, … below {@code end} of a dimension, as Python's {@code
   * [start:end:step]}: negative places count from the end, places outside are clamped. PyTorch:
   * indexing with a slice.
   *
   * @throws IllegalArgumentException if {@code step} is below 1, or there are no dimensions
   */
  public final Tensor slice(int dim, long start, long end, long step) {
    if (Calls.areRecorded()) {
      return Calls.record("slice(int,long,long,long)", self(), dim, start, end, step);
    }
    return Slice.slice(self(), dim, start, end, step);
  }

  /**
   * Views one element of a dimension, which is removed.
   *
   * <p>PyTorch: {@code select}.
   *
   * @param index may be negative and then counts from the end
   * @throws IndexOutOfBoundsException if it is outside
   */
  public final Tensor select(int dim, long index) {
    if (Calls.areRecorded()) {
      return Calls.record("select(int,long)", self(), dim, index);
    }
    return Slice.select(self(), dim, index);
  }

  // ---- Softmax

  /**
   * Computes eˣ / Σ eˣ along a dimension.
   *
   * <p>PyTorch: {@code softmax}.
   *
   * @throws IllegalArgumentException if this is not floating point
   */
  public final Tensor softmax(int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("softmax(int)", self(), dim);
    }
    return Softmax.softmax(self(), dim);
  }

  /**
   * Computes the logarithm of {@link Tensor#softmax} without overflow.
   *
   * <p>PyTorch: {@code log_softmax}.
   *
   * @throws IllegalArgumentException if this is not floating point
   */
  public final Tensor logSoftmax(int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("logSoftmax(int)", self(), dim);
    }
    return Softmax.logSoftmax(self(), dim);
  }

  // ---- Sorting

  /** Works like {@link #argsort(int, boolean)} with {@code descending = false}. */
  public final Tensor argsort(int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("argsort(int)", self(), dim);
    }
    return Sorting.argsort(self(), dim, false);
  }

  /**
   * Returns the indices (INT64) that sort a dimension; equal elements keep their order, NaN counts
   * as the largest.
   *
   * <p>PyTorch: {@code argsort}.
   */
  public final Tensor argsort(int dim, boolean descending) {
    if (Calls.areRecorded()) {
      return Calls.record("argsort(int,boolean)", self(), dim, descending);
    }
    return Sorting.argsort(self(), dim, descending);
  }

  /** Works like {@link #sort(int, boolean)} with {@code descending = false}. */
  public final ValuesAndIndices sort(int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("sort(int)", self(), dim);
    }
    return Sorting.sort(self(), dim, false);
  }

  /**
   * Sorts a dimension: the values, and their indices (INT64) before. Equal elements keep their
   * order, NaN counts as the largest.
   *
   * <p>PyTorch: {@code sort}.
   */
  public final ValuesAndIndices sort(int dim, boolean descending) {
    if (Calls.areRecorded()) {
      return Calls.record("sort(int,boolean)", self(), dim, descending);
    }
    return Sorting.sort(self(), dim, descending);
  }

  /**
   * Sorts the first dimension; equal elements keep their order, NaN counts as the largest.
   *
   * <p>PyTorch: {@code msort}.
   */
  public final Tensor msort() {
    if (Calls.areRecorded()) {
      return Calls.record("msort()", self());
    }
    return Sorting.msort(self());
  }

  /** Works like {@link #topk(long, int, boolean)} with {@code dim = -1}, {@code largest = true}. */
  public final ValuesAndIndices topk(long k) {
    if (Calls.areRecorded()) {
      return Calls.record("topk(long)", self(), k);
    }
    return Sorting.topk(self(), k, -1, true);
  }

  /** Works like {@link #topk(long, int, boolean)} with {@code largest = true}. */
  public final ValuesAndIndices topk(long k, int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("topk(long,int)", self(), k, dim);
    }
    return Sorting.topk(self(), k, dim, true);
  }

  /**
   * Returns the k largest, or smallest, elements along a dimension and their indices (INT64), the
   * best first.
   *
   * <p>PyTorch: {@code topk}.
   *
   * @throws IllegalArgumentException if k is negative or larger than the dimension
   */
  public final ValuesAndIndices topk(long k, int dim, boolean largest) {
    if (Calls.areRecorded()) {
      return Calls.record("topk(long,int,boolean)", self(), k, dim, largest);
    }
    return Sorting.topk(self(), k, dim, largest);
  }

  /** Works like {@link #kthvalue(long, int, boolean)} with {@code keepDim = false}. */
  public final ValuesAndIndices kthvalue(long k, int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("kthvalue(long,int)", self(), k, dim);
    }
    return Sorting.kthvalue(self(), k, dim, false);
  }

  /**
   * Returns the k-th smallest element (k counts from 1) along a dimension, and its index (INT64).
   * The dimension is kept as size 1 if {@code keepDim}, else removed.
   *
   * <p>PyTorch: {@code kthvalue}.
   *
   * @throws IllegalArgumentException if k is below 1 or larger than the dimension
   */
  public final ValuesAndIndices kthvalue(long k, int dim, boolean keepDim) {
    if (Calls.areRecorded()) {
      return Calls.record("kthvalue(long,int,boolean)", self(), k, dim, keepDim);
    }
    return Sorting.kthvalue(self(), k, dim, keepDim);
  }

  /** Works like {@link #max(int, boolean)} with {@code keepDim = false}. */
  public final ValuesAndIndices max(int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("max(int)", self(), dim);
    }
    return Sorting.max(self(), dim, false);
  }

  /**
   * Returns the largest element along a dimension, and the index (INT64) of the first of equal
   * ones. The dimension is kept as size 1 if {@code keepDim}, else removed.
   *
   * <p>PyTorch: {@code max}.
   *
   * @throws IllegalArgumentException if the dimension is empty
   */
  public final ValuesAndIndices max(int dim, boolean keepDim) {
    if (Calls.areRecorded()) {
      return Calls.record("max(int,boolean)", self(), dim, keepDim);
    }
    return Sorting.max(self(), dim, keepDim);
  }

  /** Works like {@link #min(int, boolean)} with {@code keepDim = false}. */
  public final ValuesAndIndices min(int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("min(int)", self(), dim);
    }
    return Sorting.min(self(), dim, false);
  }

  /**
   * Returns the smallest element along a dimension, and the index (INT64) of the first of equal
   * ones. The dimension is kept as size 1 if {@code keepDim}, else removed.
   *
   * <p>PyTorch: {@code min}.
   *
   * @throws IllegalArgumentException if the dimension is empty
   */
  public final ValuesAndIndices min(int dim, boolean keepDim) {
    if (Calls.areRecorded()) {
      return Calls.record("min(int,boolean)", self(), dim, keepDim);
    }
    return Sorting.min(self(), dim, keepDim);
  }

  /**
   * Computes the running maximum along a dimension, and the index (INT64) of the last of equal
   * elements.
   *
   * <p>PyTorch: {@code cummax}.
   */
  public final ValuesAndIndices cummax(int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("cummax(int)", self(), dim);
    }
    return Sorting.cummax(self(), dim);
  }

  /**
   * Computes the running minimum along a dimension, and the index (INT64) of the last of equal
   * elements.
   *
   * <p>PyTorch: {@code cummin}.
   */
  public final ValuesAndIndices cummin(int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("cummin(int)", self(), dim);
    }
    return Sorting.cummin(self(), dim);
  }

  /** Works like {@link #searchsorted(Tensor, boolean)} with {@code right = false}. */
  public final Tensor searchsorted(Tensor values) {
    if (Calls.areRecorded()) {
      return Calls.record("searchsorted(Tensor)", self(), values);
    }
    return Sorting.searchsorted(self(), values, false);
  }

  /**
   * Returns the indices (INT64) at which values would be inserted into the last dimension of this
   * sorted tensor.
   *
   * <p>PyTorch: {@code searchsorted}.
   *
   * @param values of any shape if this is 1-d, else of this shape but for the last dimension
   * @param right whether after equal elements, else before them
   * @throws IllegalArgumentException if the shapes do not fit, or this has no dimensions
   */
  public final Tensor searchsorted(Tensor values, boolean right) {
    if (Calls.areRecorded()) {
      return Calls.record("searchsorted(Tensor,boolean)", self(), values, right);
    }
    return Sorting.searchsorted(self(), values, right);
  }

  /**
   * Returns the numbers (INT64) of the intervals between sorted 1-d boundaries that the elements
   * fall into.
   *
   * <p>PyTorch: {@code bucketize}.
   *
   * @param right whether an element equal to a boundary counts as above it
   */
  public final Tensor bucketize(Tensor boundaries, boolean right) {
    if (Calls.areRecorded()) {
      return Calls.record("bucketize(Tensor,boolean)", self(), boundaries, right);
    }
    return Sorting.bucketize(self(), boundaries, right);
  }

  /**
   * Differences of neighbours along a dimension, taken {@code n} times; for BOOL, whether they
   * differ.
   *
   * <p>PyTorch: {@code diff}.
   *
   * @throws IllegalArgumentException if n is negative, or there are no dimensions
   */
  public final Tensor diff(int n, int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("diff(int,int)", self(), n, dim);
    }
    return Sorting.diff(self(), n, dim);
  }

  /**
   * Returns whether (BOOL) each element is one of the others.
   *
   * <p>PyTorch: {@code isin}.
   */
  public final Tensor isin(Tensor others) {
    if (Calls.areRecorded()) {
      return Calls.record("isin(Tensor)", self(), others);
    }
    return Sorting.isin(self(), others);
  }

  // ---- Splitting

  /**
   * Splits a dimension into views of {@code size} elements; the last may be smaller.
   *
   * <p>PyTorch: {@code split}.
   *
   * @throws IllegalArgumentException if {@code size} is negative, or 0 where the dimension is not
   *     empty
   */
  public final List<Tensor> split(long size, int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("split(long,int)", self(), size, dim);
    }
    return Splitting.split(self(), size, dim);
  }

  /**
   * Splits a dimension into views of the given sizes.
   *
   * <p>PyTorch: {@code split}.
   *
   * @throws IllegalArgumentException if a size is negative, or their sum is not the size of the
   *     dimension
   */
  public final List<Tensor> split(long[] sizes, int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("split(long[],int)", self(), sizes, dim);
    }
    return Splitting.split(self(), sizes, dim);
  }

  /**
   * Splits a dimension into at most {@code chunks} views of equal size; the last may be smaller.
   *
   * <p>PyTorch: {@code chunk}.
   *
   * @throws IllegalArgumentException if {@code chunks} is below 1
   */
  public final List<Tensor> chunk(int chunks, int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("chunk(int,int)", self(), chunks, dim);
    }
    return Splitting.chunk(self(), chunks, dim);
  }

  /**
   * Splits a dimension into exactly {@code sections} views whose sizes differ by at most one, the
   * larger ones first.
   *
   * <p>PyTorch: {@code tensor_split}.
   *
   * @throws IllegalArgumentException if {@code sections} is below 1
   */
  public final List<Tensor> tensorSplit(int sections, int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("tensorSplit(int,int)", self(), sections, dim);
    }
    return Splitting.tensorSplit(self(), sections, dim);
  }

  /**
   * Splits a dimension into views, cut before each of the indices.
   *
   * <p>PyTorch: {@code tensor_split}.
   */
  public final List<Tensor> tensorSplit(long[] indices, int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("tensorSplit(long[],int)", self(), indices, dim);
    }
    return Splitting.tensorSplit(self(), indices, dim);
  }

  /**
   * Splits a dimension into a view of each of its elements; the dimension is removed.
   *
   * <p>PyTorch: {@code unbind}.
   */
  public final List<Tensor> unbind(int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("unbind(int)", self(), dim);
    }
    return Splitting.unbind(self(), dim);
  }

  // ---- Statistics

  /** Works like {@link #mean(int[], boolean)}, over all elements. */
  public final Tensor mean() {
    if (Calls.areRecorded()) {
      return Calls.record("mean()", self());
    }
    return Statistics.mean(self(), new int[0], false);
  }

  /** Works like {@link #mean(int[], boolean)}, along one dimension, which is removed. */
  public final Tensor mean(int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("mean(int)", self(), dim);
    }
    return Statistics.mean(self(), new int[] {dim}, false);
  }

  /** Works like {@link #mean(int[], boolean)}, along one dimension. */
  public final Tensor mean(int dim, boolean keepDim) {
    if (Calls.areRecorded()) {
      return Calls.record("mean(int,boolean)", self(), dim, keepDim);
    }
    return Statistics.mean(self(), new int[] {dim}, keepDim);
  }

  /**
   * Works like {@link #mean(int[], boolean)}, over dimensions, which are removed; over all of them
   * if none are given.
   */
  public final Tensor mean(int... dims) {
    if (Calls.areRecorded()) {
      return Calls.record("mean(int[])", self(), dims);
    }
    return Statistics.mean(self(), dims, false);
  }

  /**
   * Computes the mean over dimensions, all if none are named; kept as size 1 if {@code keepDim},
   * else removed. FLOAT16 and BFLOAT16 are averaged in FLOAT32.
   *
   * <p>PyTorch: {@code mean}.
   *
   * @throws IllegalArgumentException if this is not floating point
   */
  public final Tensor mean(int[] dims, boolean keepDim) {
    if (Calls.areRecorded()) {
      return Calls.record("mean(int[],boolean)", self(), dims, keepDim);
    }
    return Statistics.mean(self(), dims, keepDim);
  }

  /** Works like {@link #nansum(int[], boolean)}, over all elements. */
  public final Tensor nansum() {
    if (Calls.areRecorded()) {
      return Calls.record("nansum()", self());
    }
    return Statistics.nansum(self(), new int[0], false);
  }

  /** Works like {@link #nansum(int[], boolean)}, along one dimension, which is removed. */
  public final Tensor nansum(int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("nansum(int)", self(), dim);
    }
    return Statistics.nansum(self(), new int[] {dim}, false);
  }

  /** Works like {@link #nansum(int[], boolean)}, along one dimension. */
  public final Tensor nansum(int dim, boolean keepDim) {
    if (Calls.areRecorded()) {
      return Calls.record("nansum(int,boolean)", self(), dim, keepDim);
    }
    return Statistics.nansum(self(), new int[] {dim}, keepDim);
  }

  /**
   * Works like {@link #nansum(int[], boolean)}, over dimensions, which are removed; over all of
   * them if none are given.
   */
  public final Tensor nansum(int... dims) {
    if (Calls.areRecorded()) {
      return Calls.record("nansum(int[])", self(), dims);
    }
    return Statistics.nansum(self(), dims, false);
  }

  /**
   * Computes the sum of the elements that are not NaN over dimensions, all if none are named; kept
   * as size 1 if {@code keepDim}, else removed. Integers and BOOL are summed in INT64.
   *
   * <p>PyTorch: {@code nansum}.
   */
  public final Tensor nansum(int[] dims, boolean keepDim) {
    if (Calls.areRecorded()) {
      return Calls.record("nansum(int[],boolean)", self(), dims, keepDim);
    }
    return Statistics.nansum(self(), dims, keepDim);
  }

  /** Works like {@link #nanmean(int[], boolean)}, over all elements. */
  public final Tensor nanmean() {
    if (Calls.areRecorded()) {
      return Calls.record("nanmean()", self());
    }
    return Statistics.nanmean(self(), new int[0], false);
  }

  /** Works like {@link #nanmean(int[], boolean)}, along one dimension, which is removed. */
  public final Tensor nanmean(int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("nanmean(int)", self(), dim);
    }
    return Statistics.nanmean(self(), new int[] {dim}, false);
  }

  /** Works like {@link #nanmean(int[], boolean)}, along one dimension. */
  public final Tensor nanmean(int dim, boolean keepDim) {
    if (Calls.areRecorded()) {
      return Calls.record("nanmean(int,boolean)", self(), dim, keepDim);
    }
    return Statistics.nanmean(self(), new int[] {dim}, keepDim);
  }

  /**
   * Works like {@link #nanmean(int[], boolean)}, over dimensions, which are removed; over all of
   * them if none are given.
   */
  public final Tensor nanmean(int... dims) {
    if (Calls.areRecorded()) {
      return Calls.record("nanmean(int[])", self(), dims);
    }
    return Statistics.nanmean(self(), dims, false);
  }

  /**
   * Computes the mean of the elements that are not NaN over dimensions, all if none are named; kept
   * as size 1 if {@code keepDim}, else removed. NaN where there are none.
   *
   * <p>PyTorch: {@code nanmean}.
   *
   * @throws IllegalArgumentException if this is not floating point
   */
  public final Tensor nanmean(int[] dims, boolean keepDim) {
    if (Calls.areRecorded()) {
      return Calls.record("nanmean(int[],boolean)", self(), dims, keepDim);
    }
    return Statistics.nanmean(self(), dims, keepDim);
  }

  /** Works like {@link #var(int[], boolean)}, over all elements. */
  public final Tensor var() {
    if (Calls.areRecorded()) {
      return Calls.record("var()", self());
    }
    return Statistics.var(self(), new int[0], false);
  }

  /** Works like {@link #var(int[], boolean)}, along one dimension, which is removed. */
  public final Tensor var(int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("var(int)", self(), dim);
    }
    return Statistics.var(self(), new int[] {dim}, false);
  }

  /** Works like {@link #var(int[], boolean)}, along one dimension. */
  public final Tensor var(int dim, boolean keepDim) {
    if (Calls.areRecorded()) {
      return Calls.record("var(int,boolean)", self(), dim, keepDim);
    }
    return Statistics.var(self(), new int[] {dim}, keepDim);
  }

  /**
   * Works like {@link #var(int[], boolean)}, over dimensions, which are removed; over all of them
   * if none are given.
   */
  public final Tensor var(int... dims) {
    if (Calls.areRecorded()) {
      return Calls.record("var(int[])", self(), dims);
    }
    return Statistics.var(self(), dims, false);
  }

  /**
   * Computes the variance over dimensions, all if none are named; kept as size 1 if {@code
   * keepDim}, else removed. Unbiased: divides by n − 1.
   *
   * <p>PyTorch: {@code var}.
   *
   * @throws IllegalArgumentException if this is not floating point
   */
  public final Tensor var(int[] dims, boolean keepDim) {
    if (Calls.areRecorded()) {
      return Calls.record("var(int[],boolean)", self(), dims, keepDim);
    }
    return Statistics.var(self(), dims, keepDim);
  }

  /**
   * Computes the variance over dimensions, all if none are named; kept as size 1 if {@code
   * keepDim}, else removed.
   *
   * <p>PyTorch: {@code var}.
   *
   * @param correction subtracted from the number of elements n in the divisor; 0 for the
   *     population's
   * @throws IllegalArgumentException if this is not floating point
   */
  public final Tensor var(int[] dims, Number correction, boolean keepDim) {
    if (Calls.areRecorded()) {
      return Calls.record("var(int[],Number,boolean)", self(), dims, correction, keepDim);
    }
    return Statistics.var(self(), dims, correction, keepDim);
  }

  /** Works like {@link #std(int[], boolean)}, over all elements. */
  public final Tensor std() {
    if (Calls.areRecorded()) {
      return Calls.record("std()", self());
    }
    return Statistics.std(self(), new int[0], false);
  }

  /** Works like {@link #std(int[], boolean)}, along one dimension, which is removed. */
  public final Tensor std(int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("std(int)", self(), dim);
    }
    return Statistics.std(self(), new int[] {dim}, false);
  }

  /** Works like {@link #std(int[], boolean)}, along one dimension. */
  public final Tensor std(int dim, boolean keepDim) {
    if (Calls.areRecorded()) {
      return Calls.record("std(int,boolean)", self(), dim, keepDim);
    }
    return Statistics.std(self(), new int[] {dim}, keepDim);
  }

  /**
   * Works like {@link #std(int[], boolean)}, over dimensions, which are removed; over all of them
   * if none are given.
   */
  public final Tensor std(int... dims) {
    if (Calls.areRecorded()) {
      return Calls.record("std(int[])", self(), dims);
    }
    return Statistics.std(self(), dims, false);
  }

  /**
   * Computes the standard deviation over dimensions, all if none are named; kept as size 1 if
   * {@code keepDim}, else removed. Unbiased: divides by n − 1.
   *
   * <p>PyTorch: {@code std}.
   *
   * @throws IllegalArgumentException if this is not floating point
   */
  public final Tensor std(int[] dims, boolean keepDim) {
    if (Calls.areRecorded()) {
      return Calls.record("std(int[],boolean)", self(), dims, keepDim);
    }
    return Statistics.std(self(), dims, keepDim);
  }

  /**
   * Computes the standard deviation over dimensions, all if none are named; kept as size 1 if
   * {@code keepDim}, else removed.
   *
   * <p>PyTorch: {@code std}.
   *
   * @param correction subtracted from the number of elements n in the divisor; 0 for the
   *     population's
   * @throws IllegalArgumentException if this is not floating point
   */
  public final Tensor std(int[] dims, Number correction, boolean keepDim) {
    if (Calls.areRecorded()) {
      return Calls.record("std(int[],Number,boolean)", self(), dims, correction, keepDim);
    }
    return Statistics.std(self(), dims, correction, keepDim);
  }

  /** Works like {@link #logSumExp(int[], boolean)}, over all elements. */
  public final Tensor logSumExp() {
    if (Calls.areRecorded()) {
      return Calls.record("logSumExp()", self());
    }
    return Statistics.logSumExp(self(), new int[0], false);
  }

  /** Works like {@link #logSumExp(int[], boolean)}, along one dimension, which is removed. */
  public final Tensor logSumExp(int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("logSumExp(int)", self(), dim);
    }
    return Statistics.logSumExp(self(), new int[] {dim}, false);
  }

  /** Works like {@link #logSumExp(int[], boolean)}, along one dimension. */
  public final Tensor logSumExp(int dim, boolean keepDim) {
    if (Calls.areRecorded()) {
      return Calls.record("logSumExp(int,boolean)", self(), dim, keepDim);
    }
    return Statistics.logSumExp(self(), new int[] {dim}, keepDim);
  }

  /**
   * Works like {@link #logSumExp(int[], boolean)}, over dimensions, which are removed; over all of
   * them if none are given.
   */
  public final Tensor logSumExp(int... dims) {
    if (Calls.areRecorded()) {
      return Calls.record("logSumExp(int[])", self(), dims);
    }
    return Statistics.logSumExp(self(), dims, false);
  }

  /**
   * Computes the logarithm of the sum of exponentials over dimensions, all if none are named; kept
   * as size 1 if {@code keepDim}, else removed. Computed without overflow; integers as FLOAT32.
   *
   * <p>PyTorch: {@code logsumexp}.
   */
  public final Tensor logSumExp(int[] dims, boolean keepDim) {
    if (Calls.areRecorded()) {
      return Calls.record("logSumExp(int[],boolean)", self(), dims, keepDim);
    }
    return Statistics.logSumExp(self(), dims, keepDim);
  }

  /** Works like {@link #norm(double, int[], boolean)}, over all elements. */
  public final Tensor norm(double p) {
    if (Calls.areRecorded()) {
      return Calls.record("norm(double)", self(), p);
    }
    return Statistics.norm(self(), p, new int[0], false);
  }

  /** Works like {@link #norm(double, int[], boolean)}, along one dimension, which is removed. */
  public final Tensor norm(double p, int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("norm(double,int)", self(), p, dim);
    }
    return Statistics.norm(self(), p, new int[] {dim}, false);
  }

  /** Works like {@link #norm(double, int[], boolean)}, along one dimension. */
  public final Tensor norm(double p, int dim, boolean keepDim) {
    if (Calls.areRecorded()) {
      return Calls.record("norm(double,int,boolean)", self(), p, dim, keepDim);
    }
    return Statistics.norm(self(), p, new int[] {dim}, keepDim);
  }

  /**
   * Works like {@link #norm(double, int[], boolean)}, over dimensions, which are removed; over all
   * of them if none are given.
   */
  public final Tensor norm(double p, int... dims) {
    if (Calls.areRecorded()) {
      return Calls.record("norm(double,int[])", self(), p, dims);
    }
    return Statistics.norm(self(), p, dims, false);
  }

  /**
   * Computes the norm of order p, (Σ |x|ᵖ)¹ᐟᵖ, over dimensions, all if none are named; kept as size
   * 1 if {@code keepDim}, else removed.
   *
   * <p>PyTorch: {@code norm}.
   *
   * @param p 0 counts the elements that are not 0; ±∞ takes the largest or smallest absolute value
   * @throws IllegalArgumentException if this is not floating point
   */
  public final Tensor norm(double p, int[] dims, boolean keepDim) {
    if (Calls.areRecorded()) {
      return Calls.record("norm(double,int[],boolean)", self(), p, dims, keepDim);
    }
    return Statistics.norm(self(), p, dims, keepDim);
  }

  /**
   * Computes the Euclidean norm √Σ x² of all elements.
   *
   * <p>PyTorch: {@code norm}.
   *
   * @throws IllegalArgumentException if this is not floating point
   */
  public final Tensor norm() {
    if (Calls.areRecorded()) {
      return Calls.record("norm()", self());
    }
    return Statistics.norm(self());
  }

  /**
   * Computes the norm of order p of the difference of this and another tensor, broadcast; see
   * {@link Tensor#norm(double, int[], boolean)}.
   *
   * <p>PyTorch: {@code dist}.
   */
  public final Tensor dist(Tensor other, double p) {
    if (Calls.areRecorded()) {
      return Calls.record("dist(Tensor,double)", self(), other, p);
    }
    return Statistics.dist(self(), other, p);
  }

  /**
   * Returns the number (INT64) of elements that are not 0, over dimensions, which are removed; all
   * if none are named.
   *
   * <p>PyTorch: {@code count_nonzero}.
   */
  public final Tensor countNonzero(int... dims) {
    if (Calls.areRecorded()) {
      return Calls.record("countNonzero(int[])", self(), dims);
    }
    return Statistics.countNonzero(self(), dims);
  }

  /**
   * Computes the product of all elements; integers and BOOL are multiplied in INT64.
   *
   * <p>PyTorch: {@code prod}.
   */
  public final Tensor prod() {
    if (Calls.areRecorded()) {
      return Calls.record("prod()", self());
    }
    return Statistics.prod(self());
  }

  /** Works like {@link #prod(int, boolean)} with {@code keepDim = false}. */
  public final Tensor prod(int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("prod(int)", self(), dim);
    }
    return Statistics.prod(self(), dim, false);
  }

  /**
   * Computes the product along one dimension, kept as size 1 if {@code keepDim}, else removed;
   * integers and BOOL are multiplied in INT64.
   *
   * <p>PyTorch: {@code prod}.
   */
  public final Tensor prod(int dim, boolean keepDim) {
    if (Calls.areRecorded()) {
      return Calls.record("prod(int,boolean)", self(), dim, keepDim);
    }
    return Statistics.prod(self(), dim, keepDim);
  }

  /**
   * Computes the median of all elements; NaN if there is one: the lower one of two in the middle.
   *
   * <p>PyTorch: {@code median}.
   */
  public final Tensor median() {
    if (Calls.areRecorded()) {
      return Calls.record("median()", self());
    }
    return Statistics.median(self());
  }

  /** Works like {@link #median(int, boolean)} with {@code keepDim = false}. */
  public final ValuesAndIndices median(int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("median(int)", self(), dim);
    }
    return Statistics.median(self(), dim, false);
  }

  /**
   * Computes the median along a dimension; NaN if there is one: the lower one of two in the middle,
   * and its place (INT64). The dimension is kept as size 1 if {@code keepDim}, else removed.
   *
   * <p>PyTorch: {@code median}.
   *
   * @throws IllegalArgumentException if the dimension is empty
   */
  public final ValuesAndIndices median(int dim, boolean keepDim) {
    if (Calls.areRecorded()) {
      return Calls.record("median(int,boolean)", self(), dim, keepDim);
    }
    return Statistics.median(self(), dim, keepDim);
  }

  /**
   * Computes the median of all elements, without those that are NaN: the lower one of two in the
   * middle.
   *
   * <p>PyTorch: {@code nanmedian}.
   */
  public final Tensor nanmedian() {
    if (Calls.areRecorded()) {
      return Calls.record("nanmedian()", self());
    }
    return Statistics.nanmedian(self());
  }

  /** Works like {@link #nanmedian(int, boolean)} with {@code keepDim = false}. */
  public final ValuesAndIndices nanmedian(int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("nanmedian(int)", self(), dim);
    }
    return Statistics.nanmedian(self(), dim, false);
  }

  /**
   * Computes the median along a dimension, without those that are NaN: the lower one of two in the
   * middle, and its place (INT64). The dimension is kept as size 1 if {@code keepDim}, else
   * removed.
   *
   * <p>PyTorch: {@code nanmedian}.
   *
   * @throws IllegalArgumentException if the dimension is empty
   */
  public final ValuesAndIndices nanmedian(int dim, boolean keepDim) {
    if (Calls.areRecorded()) {
      return Calls.record("nanmedian(int,boolean)", self(), dim, keepDim);
    }
    return Statistics.nanmedian(self(), dim, keepDim);
  }

  /**
   * Computes the quantile of all elements, linear between neighbours; NaN if there is one. See
   * {@link Tensor#quantile(Tensor, int, boolean, Interpolation)}.
   *
   * <p>PyTorch: {@code quantile}.
   */
  public final Tensor quantile(double q) {
    if (Calls.areRecorded()) {
      return Calls.record("quantile(double)", self(), q);
    }
    return Statistics.quantile(self(), q);
  }

  /**
   * Quantiles (NaN where an element is) along a dimension, which is kept as size 1 if {@code
   * keepDim}, else removed.
   *
   * <p>PyTorch: {@code quantile}.
   *
   * @param q [] or [m] in [0, 1], of this element type; m becomes the first dimension
   * @param interpolation what is taken between two elements
   * @throws IllegalArgumentException if this is empty or neither FLOAT32 nor FLOAT64, or q does not
   *     fit
   */
  public final Tensor quantile(Tensor q, int dim, boolean keepDim, Interpolation interpolation) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "quantile(Tensor,int,boolean,Interpolation)", self(), q, dim, keepDim, interpolation);
    }
    return Statistics.quantile(self(), q, dim, keepDim, interpolation);
  }

  /**
   * Quantiles of the elements that are not NaN along a dimension, which is kept as size 1 if {@code
   * keepDim}, else removed.
   *
   * <p>PyTorch: {@code nanquantile}.
   *
   * @param q [] or [m] in [0, 1], of this element type; m becomes the first dimension
   * @param interpolation what is taken between two elements
   * @throws IllegalArgumentException if this is empty or neither FLOAT32 nor FLOAT64, or q does not
   *     fit
   */
  public final Tensor nanquantile(Tensor q, int dim, boolean keepDim, Interpolation interpolation) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nanquantile(Tensor,int,boolean,Interpolation)", self(), q, dim, keepDim, interpolation);
    }
    return Statistics.nanquantile(self(), q, dim, keepDim, interpolation);
  }

  // ---- Transfer

  /**
   * Gives this back if it is on the device, else a copy there, in this memory order unless that has
   * holes. The gradient of the copy returns to this tensor's device.
   *
   * <p>PyTorch: {@code to}.
   *
   * @throws UnsupportedOperationException if the device is not available, saying what was probed
   */
  public final Tensor to(Device device) {
    if (Calls.areRecorded()) {
      return Calls.record("to(Device)", self(), device);
    }
    return Transfer.to(self(), device);
  }

  /**
   * Works like {@link Tensor#to(Device)}. If {@code nonBlocking} and this is pinned, the host does
   * not wait for the copy to a GPU: this must not be changed before the GPU has done what it was
   * asked for so far.
   *
   * <p>PyTorch: {@code to}.
   *
   * @throws UnsupportedOperationException if the device is not available, saying what was probed
   */
  public final Tensor to(Device device, boolean nonBlocking) {
    if (Calls.areRecorded()) {
      return Calls.record("to(Device,boolean)", self(), device, nonBlocking);
    }
    return Transfer.to(self(), device, nonBlocking);
  }

  /**
   * Brings this to a device and an element type; the type is converted first. Gives this back if it
   * has both.
   *
   * <p>PyTorch: {@code to}.
   *
   * @throws UnsupportedOperationException if the device is not available, saying what was probed
   */
  public final Tensor to(Device device, DType dtype) {
    if (Calls.areRecorded()) {
      return Calls.record("to(Device,DType)", self(), device, dtype);
    }
    return Transfer.to(self(), device, dtype);
  }

  /**
   * Brings this to the device and the element type of another tensor; gives this back if it has
   * both.
   *
   * <p>PyTorch: {@code to}.
   */
  public final Tensor to(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("to(Tensor)", self(), other);
    }
    return Transfer.to(self(), other);
  }

  /**
   * Brings this to the host's memory; gives this back if it is there.
   *
   * <p>PyTorch: {@code cpu}.
   */
  public final Tensor cpu() {
    if (Calls.areRecorded()) {
      return Calls.record("cpu()", self());
    }
    return Transfer.cpu(self());
  }

  // ---- Trigonometry

  /**
   * Computes the sine.
   *
   * <p>PyTorch: {@code sin}.
   */
  public final Tensor sin() {
    if (Calls.areRecorded()) {
      return Calls.record("sin()", self());
    }
    return Trigonometry.SIN.of(self());
  }

  /** Overwrites this with {@link #sin()} and gives it back. */
  public final Tensor sin_() {
    if (Calls.areRecorded()) {
      return Calls.record("sin_()", self());
    }
    return Trigonometry.SIN.inPlace(self());
  }

  /**
   * Computes the cosine.
   *
   * <p>PyTorch: {@code cos}.
   */
  public final Tensor cos() {
    if (Calls.areRecorded()) {
      return Calls.record("cos()", self());
    }
    return Trigonometry.COS.of(self());
  }

  /** Overwrites this with {@link #cos()} and gives it back. */
  public final Tensor cos_() {
    if (Calls.areRecorded()) {
      return Calls.record("cos_()", self());
    }
    return Trigonometry.COS.inPlace(self());
  }

  /**
   * Computes the tangent.
   *
   * <p>PyTorch: {@code tan}.
   */
  public final Tensor tan() {
    if (Calls.areRecorded()) {
      return Calls.record("tan()", self());
    }
    return Trigonometry.TAN.of(self());
  }

  /** Overwrites this with {@link #tan()} and gives it back. */
  public final Tensor tan_() {
    if (Calls.areRecorded()) {
      return Calls.record("tan_()", self());
    }
    return Trigonometry.TAN.inPlace(self());
  }

  /**
   * Computes the inverse sine.
   *
   * <p>PyTorch: {@code asin}.
   */
  public final Tensor asin() {
    if (Calls.areRecorded()) {
      return Calls.record("asin()", self());
    }
    return Trigonometry.ASIN.of(self());
  }

  /** Overwrites this with {@link #asin()} and gives it back. */
  public final Tensor asin_() {
    if (Calls.areRecorded()) {
      return Calls.record("asin_()", self());
    }
    return Trigonometry.ASIN.inPlace(self());
  }

  /**
   * Computes the inverse cosine.
   *
   * <p>PyTorch: {@code acos}.
   */
  public final Tensor acos() {
    if (Calls.areRecorded()) {
      return Calls.record("acos()", self());
    }
    return Trigonometry.ACOS.of(self());
  }

  /** Overwrites this with {@link #acos()} and gives it back. */
  public final Tensor acos_() {
    if (Calls.areRecorded()) {
      return Calls.record("acos_()", self());
    }
    return Trigonometry.ACOS.inPlace(self());
  }

  /**
   * Computes the inverse tangent.
   *
   * <p>PyTorch: {@code atan}.
   */
  public final Tensor atan() {
    if (Calls.areRecorded()) {
      return Calls.record("atan()", self());
    }
    return Trigonometry.ATAN.of(self());
  }

  /** Overwrites this with {@link #atan()} and gives it back. */
  public final Tensor atan_() {
    if (Calls.areRecorded()) {
      return Calls.record("atan_()", self());
    }
    return Trigonometry.ATAN.inPlace(self());
  }

  /**
   * Computes the angle of the point (other, this), from −π to π. The gradient at the origin is 0.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code atan2}.
   */
  public final Tensor atan2(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("atan2(Tensor)", self(), other);
    }
    return Trigonometry.ATAN2.of(self(), other);
  }

  /** Overwrites this with {@link #atan2(Tensor)} and gives it back. */
  public final Tensor atan2_(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("atan2_(Tensor)", self(), other);
    }
    return Trigonometry.ATAN2.inPlace(self(), other);
  }

  /**
   * Computes √(this² + other²).
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code hypot}.
   */
  public final Tensor hypot(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("hypot(Tensor)", self(), other);
    }
    return Trigonometry.HYPOT.of(self(), other);
  }

  /** Overwrites this with {@link #hypot(Tensor)} and gives it back. */
  public final Tensor hypot_(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("hypot_(Tensor)", self(), other);
    }
    return Trigonometry.HYPOT.inPlace(self(), other);
  }

  /**
   * Computes the hyperbolic sine.
   *
   * <p>PyTorch: {@code sinh}.
   */
  public final Tensor sinh() {
    if (Calls.areRecorded()) {
      return Calls.record("sinh()", self());
    }
    return Trigonometry.SINH.of(self());
  }

  /** Overwrites this with {@link #sinh()} and gives it back. */
  public final Tensor sinh_() {
    if (Calls.areRecorded()) {
      return Calls.record("sinh_()", self());
    }
    return Trigonometry.SINH.inPlace(self());
  }

  /**
   * Computes the hyperbolic cosine.
   *
   * <p>PyTorch: {@code cosh}.
   */
  public final Tensor cosh() {
    if (Calls.areRecorded()) {
      return Calls.record("cosh()", self());
    }
    return Trigonometry.COSH.of(self());
  }

  /** Overwrites this with {@link #cosh()} and gives it back. */
  public final Tensor cosh_() {
    if (Calls.areRecorded()) {
      return Calls.record("cosh_()", self());
    }
    return Trigonometry.COSH.inPlace(self());
  }

  /**
   * Computes the inverse hyperbolic sine.
   *
   * <p>PyTorch: {@code asinh}.
   */
  public final Tensor asinh() {
    if (Calls.areRecorded()) {
      return Calls.record("asinh()", self());
    }
    return Trigonometry.ASINH.of(self());
  }

  /** Overwrites this with {@link #asinh()} and gives it back. */
  public final Tensor asinh_() {
    if (Calls.areRecorded()) {
      return Calls.record("asinh_()", self());
    }
    return Trigonometry.ASINH.inPlace(self());
  }

  /**
   * Computes the inverse hyperbolic cosine.
   *
   * <p>PyTorch: {@code acosh}.
   */
  public final Tensor acosh() {
    if (Calls.areRecorded()) {
      return Calls.record("acosh()", self());
    }
    return Trigonometry.ACOSH.of(self());
  }

  /** Overwrites this with {@link #acosh()} and gives it back. */
  public final Tensor acosh_() {
    if (Calls.areRecorded()) {
      return Calls.record("acosh_()", self());
    }
    return Trigonometry.ACOSH.inPlace(self());
  }

  /**
   * Computes the inverse hyperbolic tangent.
   *
   * <p>PyTorch: {@code atanh}.
   */
  public final Tensor atanh() {
    if (Calls.areRecorded()) {
      return Calls.record("atanh()", self());
    }
    return Trigonometry.ATANH.of(self());
  }

  /** Overwrites this with {@link #atanh()} and gives it back. */
  public final Tensor atanh_() {
    if (Calls.areRecorded()) {
      return Calls.record("atanh_()", self());
    }
    return Trigonometry.ATANH.inPlace(self());
  }

  /**
   * Converts degrees to radians.
   *
   * <p>PyTorch: {@code deg2rad}.
   */
  public final Tensor deg2rad() {
    if (Calls.areRecorded()) {
      return Calls.record("deg2rad()", self());
    }
    return Trigonometry.deg2rad(self());
  }

  /**
   * Overwrites this with {@link Tensor#deg2rad()} and gives it back.
   *
   * <p>PyTorch: {@code deg2rad_}.
   */
  public final Tensor deg2rad_() {
    if (Calls.areRecorded()) {
      return Calls.record("deg2rad_()", self());
    }
    return Trigonometry.deg2rad_(self());
  }

  /**
   * Converts radians to degrees.
   *
   * <p>PyTorch: {@code rad2deg}.
   */
  public final Tensor rad2deg() {
    if (Calls.areRecorded()) {
      return Calls.record("rad2deg()", self());
    }
    return Trigonometry.rad2deg(self());
  }

  /**
   * Overwrites this with {@link Tensor#rad2deg()} and gives it back.
   *
   * <p>PyTorch: {@code rad2deg_}.
   */
  public final Tensor rad2deg_() {
    if (Calls.areRecorded()) {
      return Calls.record("rad2deg_()", self());
    }
    return Trigonometry.rad2deg_(self());
  }

  /**
   * Computes sin(π · this) / (π · this), 1 at 0.
   *
   * <p>PyTorch: {@code sinc}.
   */
  public final Tensor sinc() {
    if (Calls.areRecorded()) {
      return Calls.record("sinc()", self());
    }
    return Trigonometry.sinc(self());
  }

  /** Overwrites this with {@link #sinc()} and gives it back. */
  public final Tensor sinc_() {
    if (Calls.areRecorded()) {
      return Calls.record("sinc_()", self());
    }
    return Overwriting.with("sinc_", self(), x -> Trigonometry.sinc(x));
  }

  // ---- View

  /**
   * Views the same elements in the same row-major order under another shape. The memory is shared.
   *
   * <p>PyTorch: {@code view}.
   *
   * @param shape sizes; one may be −1 and is inferred
   * @throws IllegalArgumentException if the number of elements differs, or no strides give that
   *     order; {@link Tensor#reshape} copies then
   */
  public final Tensor view(long... shape) {
    if (Calls.areRecorded()) {
      return Calls.record("view(long[])", self(), shape);
    }
    return View.view(self(), shape);
  }

  /**
   * Gives the same elements in the same row-major order another shape: a view where strides allow
   * it, else a copy.
   *
   * <p>PyTorch: {@code reshape}.
   *
   * @param shape sizes; one may be −1 and is inferred
   * @throws IllegalArgumentException if the number of elements differs
   */
  public final Tensor reshape(long... shape) {
    if (Calls.areRecorded()) {
      return Calls.record("reshape(long[])", self(), shape);
    }
    return View.reshape(self(), shape);
  }

  /**
   * Views this in the shape of another tensor; see {@link Tensor#view(long...)}.
   *
   * <p>PyTorch: {@code view_as}.
   */
  public final Tensor viewAs(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("viewAs(Tensor)", self(), other);
    }
    return View.viewAs(self(), other);
  }

  /**
   * Reshapes this to the shape of another tensor; see {@link Tensor#reshape}.
   *
   * <p>PyTorch: {@code reshape_as}.
   */
  public final Tensor reshapeAs(Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("reshapeAs(Tensor)", self(), other);
    }
    return View.reshapeAs(self(), other);
  }

  /**
   * Gives all elements one dimension, in row-major order: a view where strides allow it, else a
   * copy.
   *
   * <p>PyTorch: {@code ravel}.
   */
  public final Tensor ravel() {
    if (Calls.areRecorded()) {
      return Calls.record("ravel()", self());
    }
    return View.ravel(self());
  }

  // ---- Where

  /**
   * This where a condition holds, else other; broadcast, in the promoted type.
   *
   * <p>PyTorch: {@code where}.
   *
   * @param condition BOOL
   */
  public final Tensor where(Tensor condition, Tensor other) {
    if (Calls.areRecorded()) {
      return Calls.record("where(Tensor,Tensor)", self(), condition, other);
    }
    return Where.where(self(), condition, other);
  }

  // ---- Windows

  /**
   * Works like {@link #diagonal(long, int, int)} with {@code offset = 0}, {@code dim1 = 0}, {@code
   * dim2 = 1}.
   */
  public final Tensor diagonal() {
    if (Calls.areRecorded()) {
      return Calls.record("diagonal()", self());
    }
    return Windows.diagonal(self(), 0, 0, 1);
  }

  /** Works like {@link #diagonal(long, int, int)} with {@code dim1 = 0}, {@code dim2 = 1}. */
  public final Tensor diagonal(long offset) {
    if (Calls.areRecorded()) {
      return Calls.record("diagonal(long)", self(), offset);
    }
    return Windows.diagonal(self(), offset, 0, 1);
  }

  /** Works like {@link #diagonal(long, int, int)} with {@code dim2 = 1}. */
  public final Tensor diagonal(long offset, int dim1) {
    if (Calls.areRecorded()) {
      return Calls.record("diagonal(long,int)", self(), offset, dim1);
    }
    return Windows.diagonal(self(), offset, dim1, 1);
  }

  /**
   * Views a diagonal of two dimensions, which becomes the last dimension of the view.
   *
   * <p>PyTorch: {@code diagonal}.
   *
   * @param offset above (positive) or below (negative) the main diagonal
   * @throws IllegalArgumentException if both dimensions are the same
   */
  public final Tensor diagonal(long offset, int dim1, int dim2) {
    if (Calls.areRecorded()) {
      return Calls.record("diagonal(long,int,int)", self(), offset, dim1, dim2);
    }
    return Windows.diagonal(self(), offset, dim1, dim2);
  }

  /**
   * Views the windows of a dimension: the dimension becomes the number of windows, and a last one
   * of {@code size} is added.
   *
   * <p>PyTorch: {@code unfold}.
   *
   * @param step from the start of one window to the next
   * @throws IllegalArgumentException if {@code size} is larger than the dimension, or {@code step}
   *     is below 1
   */
  public final Tensor unfold(int dim, long size, long step) {
    if (Calls.areRecorded()) {
      return Calls.record("unfold(int,long,long)", self(), dim, size, step);
    }
    return Windows.unfold(self(), dim, size, step);
  }
}
