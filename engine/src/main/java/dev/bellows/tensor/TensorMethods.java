package dev.bellows.tensor;

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
    return ActivationFunctions.RELU.of(self());
  }

  /** Overwrites this with {@link #relu()} and gives it back. */
  public final Tensor relu_() {
    return ActivationFunctions.RELU.inPlace(self());
  }

  /**
   * Computes 1 / (1 + e⁻ˣ).
   *
   * <p>PyTorch: {@code sigmoid}.
   */
  public final Tensor sigmoid() {
    return ActivationFunctions.SIGMOID.of(self());
  }

  /** Overwrites this with {@link #sigmoid()} and gives it back. */
  public final Tensor sigmoid_() {
    return ActivationFunctions.SIGMOID.inPlace(self());
  }

  /**
   * Computes the hyperbolic tangent.
   *
   * <p>PyTorch: {@code tanh}.
   */
  public final Tensor tanh() {
    return ActivationFunctions.TANH.of(self());
  }

  /** Overwrites this with {@link #tanh()} and gives it back. */
  public final Tensor tanh_() {
    return ActivationFunctions.TANH.inPlace(self());
  }

  // ---- Addc

  /**
   * Computes this + value · a · b, broadcast.
   *
   * <p>PyTorch: {@code addcmul}.
   */
  public final Tensor addcmul(Tensor a, Tensor b, Number value) {
    return Addc.addcmul(self(), a, b, value);
  }

  /**
   * Overwrites this with {@link Tensor#addcmul(Tensor, Tensor, Number)} and gives it back.
   *
   * <p>PyTorch: {@code addcmul_}.
   */
  public final Tensor addcmul_(Tensor a, Tensor b, Number value) {
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
    return Addc.addcdiv(self(), a, b, value);
  }

  /**
   * Overwrites this with {@link Tensor#addcdiv(Tensor, Tensor, Number)} and gives it back.
   *
   * <p>PyTorch: {@code addcdiv_}.
   */
  public final Tensor addcdiv_(Tensor a, Tensor b, Number value) {
    return Addc.addcdiv_(self(), a, b, value);
  }

  // ---- AddedProducts

  /**
   * Works like {@link #addmm(Tensor, Tensor, Number, Number)} with {@code beta = 1}, {@code alpha =
   * 1}.
   */
  public final Tensor addmm(Tensor mat1, Tensor mat2) {
    return AddedProducts.addmm(self(), mat1, mat2, 1, 1);
  }

  /** Works like {@link #addmm(Tensor, Tensor, Number, Number)} with {@code alpha = 1}. */
  public final Tensor addmm(Tensor mat1, Tensor mat2, Number beta) {
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
    return AddedProducts.addmm(self(), mat1, mat2, beta, alpha);
  }

  /**
   * Works like {@link #addmm_(Tensor, Tensor, Number, Number)} with {@code beta = 1}, {@code alpha
   * = 1}.
   */
  public final Tensor addmm_(Tensor mat1, Tensor mat2) {
    return AddedProducts.addmm_(self(), mat1, mat2, 1, 1);
  }

  /** Works like {@link #addmm_(Tensor, Tensor, Number, Number)} with {@code alpha = 1}. */
  public final Tensor addmm_(Tensor mat1, Tensor mat2, Number beta) {
    return AddedProducts.addmm_(self(), mat1, mat2, beta, 1);
  }

  /**
   * Overwrites this with {@link Tensor#addmm(Tensor, Tensor, Number, Number)} and gives it back.
   *
   * <p>PyTorch: {@code addmm_}.
   */
  public final Tensor addmm_(Tensor mat1, Tensor mat2, Number beta, Number alpha) {
    return AddedProducts.addmm_(self(), mat1, mat2, beta, alpha);
  }

  /**
   * Works like {@link #addmv(Tensor, Tensor, Number, Number)} with {@code beta = 1}, {@code alpha =
   * 1}.
   */
  public final Tensor addmv(Tensor matrix, Tensor vector) {
    return AddedProducts.addmv(self(), matrix, vector, 1, 1);
  }

  /** Works like {@link #addmv(Tensor, Tensor, Number, Number)} with {@code alpha = 1}. */
  public final Tensor addmv(Tensor matrix, Tensor vector, Number beta) {
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
    return AddedProducts.addmv(self(), matrix, vector, beta, alpha);
  }

  /**
   * Works like {@link #addmv_(Tensor, Tensor, Number, Number)} with {@code beta = 1}, {@code alpha
   * = 1}.
   */
  public final Tensor addmv_(Tensor matrix, Tensor vector) {
    return AddedProducts.addmv_(self(), matrix, vector, 1, 1);
  }

  /** Works like {@link #addmv_(Tensor, Tensor, Number, Number)} with {@code alpha = 1}. */
  public final Tensor addmv_(Tensor matrix, Tensor vector, Number beta) {
    return AddedProducts.addmv_(self(), matrix, vector, beta, 1);
  }

  /**
   * Overwrites this with {@link Tensor#addmv(Tensor, Tensor, Number, Number)} and gives it back.
   *
   * <p>PyTorch: {@code addmv_}.
   */
  public final Tensor addmv_(Tensor matrix, Tensor vector, Number beta, Number alpha) {
    return AddedProducts.addmv_(self(), matrix, vector, beta, alpha);
  }

  /**
   * Works like {@link #addbmm(Tensor, Tensor, Number, Number)} with {@code beta = 1}, {@code alpha
   * = 1}.
   */
  public final Tensor addbmm(Tensor batch1, Tensor batch2) {
    return AddedProducts.addbmm(self(), batch1, batch2, 1, 1);
  }

  /** Works like {@link #addbmm(Tensor, Tensor, Number, Number)} with {@code alpha = 1}. */
  public final Tensor addbmm(Tensor batch1, Tensor batch2, Number beta) {
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
    return AddedProducts.addbmm(self(), batch1, batch2, beta, alpha);
  }

  /**
   * Works like {@link #addbmm_(Tensor, Tensor, Number, Number)} with {@code beta = 1}, {@code alpha
   * = 1}.
   */
  public final Tensor addbmm_(Tensor batch1, Tensor batch2) {
    return AddedProducts.addbmm_(self(), batch1, batch2, 1, 1);
  }

  /** Works like {@link #addbmm_(Tensor, Tensor, Number, Number)} with {@code alpha = 1}. */
  public final Tensor addbmm_(Tensor batch1, Tensor batch2, Number beta) {
    return AddedProducts.addbmm_(self(), batch1, batch2, beta, 1);
  }

  /**
   * Overwrites this with {@link Tensor#addbmm(Tensor, Tensor, Number, Number)} and gives it back.
   *
   * <p>PyTorch: {@code addbmm_}.
   */
  public final Tensor addbmm_(Tensor batch1, Tensor batch2, Number beta, Number alpha) {
    return AddedProducts.addbmm_(self(), batch1, batch2, beta, alpha);
  }

  /**
   * Works like {@link #baddbmm(Tensor, Tensor, Number, Number)} with {@code beta = 1}, {@code alpha
   * = 1}.
   */
  public final Tensor baddbmm(Tensor batch1, Tensor batch2) {
    return AddedProducts.baddbmm(self(), batch1, batch2, 1, 1);
  }

  /** Works like {@link #baddbmm(Tensor, Tensor, Number, Number)} with {@code alpha = 1}. */
  public final Tensor baddbmm(Tensor batch1, Tensor batch2, Number beta) {
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
    return AddedProducts.baddbmm(self(), batch1, batch2, beta, alpha);
  }

  /**
   * Works like {@link #baddbmm_(Tensor, Tensor, Number, Number)} with {@code beta = 1}, {@code
   * alpha = 1}.
   */
  public final Tensor baddbmm_(Tensor batch1, Tensor batch2) {
    return AddedProducts.baddbmm_(self(), batch1, batch2, 1, 1);
  }

  /** Works like {@link #baddbmm_(Tensor, Tensor, Number, Number)} with {@code alpha = 1}. */
  public final Tensor baddbmm_(Tensor batch1, Tensor batch2, Number beta) {
    return AddedProducts.baddbmm_(self(), batch1, batch2, beta, 1);
  }

  /**
   * Overwrites this with {@link Tensor#baddbmm(Tensor, Tensor, Number, Number)} and gives it back.
   *
   * <p>PyTorch: {@code baddbmm_}.
   */
  public final Tensor baddbmm_(Tensor batch1, Tensor batch2, Number beta, Number alpha) {
    return AddedProducts.baddbmm_(self(), batch1, batch2, beta, alpha);
  }

  /**
   * Works like {@link #addr(Tensor, Tensor, Number, Number)} with {@code beta = 1}, {@code alpha =
   * 1}.
   */
  public final Tensor addr(Tensor vector1, Tensor vector2) {
    return AddedProducts.addr(self(), vector1, vector2, 1, 1);
  }

  /** Works like {@link #addr(Tensor, Tensor, Number, Number)} with {@code alpha = 1}. */
  public final Tensor addr(Tensor vector1, Tensor vector2, Number beta) {
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
    return AddedProducts.addr(self(), vector1, vector2, beta, alpha);
  }

  /**
   * Works like {@link #addr_(Tensor, Tensor, Number, Number)} with {@code beta = 1}, {@code alpha =
   * 1}.
   */
  public final Tensor addr_(Tensor vector1, Tensor vector2) {
    return AddedProducts.addr_(self(), vector1, vector2, 1, 1);
  }

  /** Works like {@link #addr_(Tensor, Tensor, Number, Number)} with {@code alpha = 1}. */
  public final Tensor addr_(Tensor vector1, Tensor vector2, Number beta) {
    return AddedProducts.addr_(self(), vector1, vector2, beta, 1);
  }

  /**
   * Overwrites this with {@link Tensor#addr(Tensor, Tensor, Number, Number)} and gives it back.
   *
   * <p>PyTorch: {@code addr_}.
   */
  public final Tensor addr_(Tensor vector1, Tensor vector2, Number beta, Number alpha) {
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
    return ArgExtremum.argmax(self());
  }

  /** Works like {@link #argmax(int, boolean)} with {@code keepDim = false}. */
  public final Tensor argmax(int dim) {
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
    return ArgExtremum.argmax(self(), dim, keepDim);
  }

  /**
   * Returns the index (INT64) of the smallest of all elements in row-major order, the first of
   * equal ones.
   *
   * <p>PyTorch: {@code argmin}.
   */
  public final Tensor argmin() {
    return ArgExtremum.argmin(self());
  }

  /** Works like {@link #argmin(int, boolean)} with {@code keepDim = false}. */
  public final Tensor argmin(int dim) {
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
    return ArgExtremum.argmin(self(), dim, keepDim);
  }

  // ---- Arithmetic

  /**
   * Computes −this.
   *
   * <p>PyTorch: {@code neg}.
   */
  public final Tensor neg() {
    return Arithmetic.NEG.of(self());
  }

  /** Overwrites this with {@link #neg()} and gives it back. */
  public final Tensor neg_() {
    return Arithmetic.NEG.inPlace(self());
  }

  /**
   * Computes |this|. The gradient at 0 is 0.
   *
   * <p>PyTorch: {@code abs}.
   */
  public final Tensor abs() {
    return Arithmetic.ABS.of(self());
  }

  /** Overwrites this with {@link #abs()} and gives it back. */
  public final Tensor abs_() {
    return Arithmetic.ABS.inPlace(self());
  }

  /**
   * Returns the sign: −1, 0 or 1; 0 for NaN.
   *
   * <p>PyTorch: {@code sign}.
   */
  public final Tensor sign() {
    return Arithmetic.SIGN.of(self());
  }

  /** Overwrites this with {@link #sign()} and gives it back. */
  public final Tensor sign_() {
    return Arithmetic.SIGN.inPlace(self());
  }

  /**
   * Computes 1 / this.
   *
   * <p>PyTorch: {@code reciprocal}.
   */
  public final Tensor reciprocal() {
    return Arithmetic.RECIPROCAL.of(self());
  }

  /** Overwrites this with {@link #reciprocal()} and gives it back. */
  public final Tensor reciprocal_() {
    return Arithmetic.RECIPROCAL.inPlace(self());
  }

  /**
   * Computes the square root.
   *
   * <p>PyTorch: {@code sqrt}.
   */
  public final Tensor sqrt() {
    return Arithmetic.SQRT.of(self());
  }

  /** Overwrites this with {@link #sqrt()} and gives it back. */
  public final Tensor sqrt_() {
    return Arithmetic.SQRT.inPlace(self());
  }

  /**
   * Computes 1 / √this.
   *
   * <p>PyTorch: {@code rsqrt}.
   */
  public final Tensor rsqrt() {
    return Arithmetic.RSQRT.of(self());
  }

  /** Overwrites this with {@link #rsqrt()} and gives it back. */
  public final Tensor rsqrt_() {
    return Arithmetic.RSQRT.inPlace(self());
  }

  /**
   * Computes this + other.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code add}.
   */
  public final Tensor add(Tensor other) {
    return Arithmetic.ADD.of(self(), other);
  }

  /** Overwrites this with {@link #add(Tensor)} and gives it back. */
  public final Tensor add_(Tensor other) {
    return Arithmetic.ADD.inPlace(self(), other);
  }

  /**
   * Computes this + other.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code add}.
   */
  public final Tensor add(Number other) {
    return Arithmetic.ADD.of(self(), other);
  }

  /** Overwrites this with {@link #add(Number)} and gives it back. */
  public final Tensor add_(Number other) {
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
    return Arithmetic.SUB.of(self(), other);
  }

  /** Overwrites this with {@link #sub(Tensor)} and gives it back. */
  public final Tensor sub_(Tensor other) {
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
    return Arithmetic.SUB.of(self(), other);
  }

  /** Overwrites this with {@link #sub(Number)} and gives it back. */
  public final Tensor sub_(Number other) {
    return Arithmetic.SUB.inPlace(self(), other);
  }

  /**
   * Computes this · other.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code mul}.
   */
  public final Tensor mul(Tensor other) {
    return Arithmetic.MUL.of(self(), other);
  }

  /** Overwrites this with {@link #mul(Tensor)} and gives it back. */
  public final Tensor mul_(Tensor other) {
    return Arithmetic.MUL.inPlace(self(), other);
  }

  /**
   * Computes this · other.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code mul}.
   */
  public final Tensor mul(Number other) {
    return Arithmetic.MUL.of(self(), other);
  }

  /** Overwrites this with {@link #mul(Number)} and gives it back. */
  public final Tensor mul_(Number other) {
    return Arithmetic.MUL.inPlace(self(), other);
  }

  /**
   * Computes this / other; integers are divided as FLOAT32.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code div}.
   */
  public final Tensor div(Tensor other) {
    return Arithmetic.DIV.of(self(), other);
  }

  /** Overwrites this with {@link #div(Tensor)} and gives it back. */
  public final Tensor div_(Tensor other) {
    return Arithmetic.DIV.inPlace(self(), other);
  }

  /**
   * Computes this / other; integers are divided as FLOAT32.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code div}.
   */
  public final Tensor div(Number other) {
    return Arithmetic.DIV.of(self(), other);
  }

  /** Overwrites this with {@link #div(Number)} and gives it back. */
  public final Tensor div_(Number other) {
    return Arithmetic.DIV.inPlace(self(), other);
  }

  /**
   * Computes this to the power of other.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code pow}.
   */
  public final Tensor pow(Tensor other) {
    return Arithmetic.POW.of(self(), other);
  }

  /** Overwrites this with {@link #pow(Tensor)} and gives it back. */
  public final Tensor pow_(Tensor other) {
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
    return Arithmetic.add(self(), other, alpha);
  }

  /**
   * Adds alpha · other in place and gives this back. See {@link Tensor#add(Tensor, Number)}.
   *
   * <p>PyTorch: {@code add_}.
   */
  public final Tensor add_(Tensor other, Number alpha) {
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
    return Arithmetic.sub(self(), other, alpha);
  }

  /**
   * Subtracts alpha · other in place and gives this back. See {@link Tensor#sub(Tensor, Number)}.
   *
   * <p>PyTorch: {@code sub_}.
   */
  public final Tensor sub_(Tensor other, Number alpha) {
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
    return Arithmetic.pow(self(), other);
  }

  /**
   * Overwrites this with {@link Tensor#pow(Number)} and gives it back.
   *
   * <p>PyTorch: {@code pow_}.
   */
  public final Tensor pow_(Number other) {
    return Arithmetic.pow_(self(), other);
  }

  /**
   * Computes this · this; BOOL is squared in INT64.
   *
   * <p>PyTorch: {@code square}.
   */
  public final Tensor square() {
    return Arithmetic.square(self());
  }

  /**
   * Overwrites this with {@link Tensor#square()} and gives it back.
   *
   * <p>PyTorch: {@code square_}.
   */
  public final Tensor square_() {
    return Arithmetic.square_(self());
  }

  // ---- AsStrided

  /**
   * Works like {@link Tensor#asStrided(long[], long[], long)}, from this tensor's own offset on.
   *
   * <p>PyTorch: {@code as_strided}.
   */
  public final Tensor asStrided(long[] size, long[] stride) {
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
    return Bits.view(self(), dtype);
  }

  // ---- Bitwise

  /**
   * Inverts the bits of integers, or BOOL.
   *
   * <p>PyTorch: {@code bitwise_not}.
   */
  public final Tensor bitwiseNot() {
    return Bitwise.BITWISE_NOT.of(self());
  }

  /** Overwrites this with {@link #bitwiseNot()} and gives it back. */
  public final Tensor bitwiseNot_() {
    return Bitwise.BITWISE_NOT.inPlace(self());
  }

  /**
   * Computes the and of the bits of integers, or of BOOL.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code
   * bitwise_and}.
   */
  public final Tensor bitwiseAnd(Tensor other) {
    return Bitwise.BITWISE_AND.of(self(), other);
  }

  /** Overwrites this with {@link #bitwiseAnd(Tensor)} and gives it back. */
  public final Tensor bitwiseAnd_(Tensor other) {
    return Bitwise.BITWISE_AND.inPlace(self(), other);
  }

  /**
   * Computes the and of the bits of integers, or of BOOL.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code bitwise_and}.
   */
  public final Tensor bitwiseAnd(Number other) {
    return Bitwise.BITWISE_AND.of(self(), other);
  }

  /** Overwrites this with {@link #bitwiseAnd(Number)} and gives it back. */
  public final Tensor bitwiseAnd_(Number other) {
    return Bitwise.BITWISE_AND.inPlace(self(), other);
  }

  /**
   * Computes the or of the bits of integers, or of BOOL.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code
   * bitwise_or}.
   */
  public final Tensor bitwiseOr(Tensor other) {
    return Bitwise.BITWISE_OR.of(self(), other);
  }

  /** Overwrites this with {@link #bitwiseOr(Tensor)} and gives it back. */
  public final Tensor bitwiseOr_(Tensor other) {
    return Bitwise.BITWISE_OR.inPlace(self(), other);
  }

  /**
   * Computes the or of the bits of integers, or of BOOL.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code bitwise_or}.
   */
  public final Tensor bitwiseOr(Number other) {
    return Bitwise.BITWISE_OR.of(self(), other);
  }

  /** Overwrites this with {@link #bitwiseOr(Number)} and gives it back. */
  public final Tensor bitwiseOr_(Number other) {
    return Bitwise.BITWISE_OR.inPlace(self(), other);
  }

  /**
   * Computes the exclusive or of the bits of integers, or of BOOL.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code
   * bitwise_xor}.
   */
  public final Tensor bitwiseXor(Tensor other) {
    return Bitwise.BITWISE_XOR.of(self(), other);
  }

  /** Overwrites this with {@link #bitwiseXor(Tensor)} and gives it back. */
  public final Tensor bitwiseXor_(Tensor other) {
    return Bitwise.BITWISE_XOR.inPlace(self(), other);
  }

  /**
   * Computes the exclusive or of the bits of integers, or of BOOL.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code bitwise_xor}.
   */
  public final Tensor bitwiseXor(Number other) {
    return Bitwise.BITWISE_XOR.of(self(), other);
  }

  /** Overwrites this with {@link #bitwiseXor(Number)} and gives it back. */
  public final Tensor bitwiseXor_(Number other) {
    return Bitwise.BITWISE_XOR.inPlace(self(), other);
  }

  /**
   * Shifts integers left by other bits.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code
   * bitwise_left_shift}.
   */
  public final Tensor bitwiseLeftShift(Tensor other) {
    return Bitwise.SHIFT_LEFT.of(self(), other);
  }

  /** Overwrites this with {@link #bitwiseLeftShift(Tensor)} and gives it back. */
  public final Tensor bitwiseLeftShift_(Tensor other) {
    return Bitwise.SHIFT_LEFT.inPlace(self(), other);
  }

  /**
   * Shifts integers left by other bits.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code
   * bitwise_left_shift}.
   */
  public final Tensor bitwiseLeftShift(Number other) {
    return Bitwise.SHIFT_LEFT.of(self(), other);
  }

  /** Overwrites this with {@link #bitwiseLeftShift(Number)} and gives it back. */
  public final Tensor bitwiseLeftShift_(Number other) {
    return Bitwise.SHIFT_LEFT.inPlace(self(), other);
  }

  /**
   * Shifts integers right by other bits and keeps the sign.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code
   * bitwise_right_shift}.
   */
  public final Tensor bitwiseRightShift(Tensor other) {
    return Bitwise.SHIFT_RIGHT.of(self(), other);
  }

  /** Overwrites this with {@link #bitwiseRightShift(Tensor)} and gives it back. */
  public final Tensor bitwiseRightShift_(Tensor other) {
    return Bitwise.SHIFT_RIGHT.inPlace(self(), other);
  }

  /**
   * Shifts integers right by other bits and keeps the sign.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code
   * bitwise_right_shift}.
   */
  public final Tensor bitwiseRightShift(Number other) {
    return Bitwise.SHIFT_RIGHT.of(self(), other);
  }

  /** Overwrites this with {@link #bitwiseRightShift(Number)} and gives it back. */
  public final Tensor bitwiseRightShift_(Number other) {
    return Bitwise.SHIFT_RIGHT.inPlace(self(), other);
  }

  /**
   * Computes the greatest common divisor of integers.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code gcd}.
   */
  public final Tensor gcd(Tensor other) {
    return Bitwise.GCD.of(self(), other);
  }

  /** Overwrites this with {@link #gcd(Tensor)} and gives it back. */
  public final Tensor gcd_(Tensor other) {
    return Bitwise.GCD.inPlace(self(), other);
  }

  /**
   * Computes the least common multiple of integers.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code lcm}.
   */
  public final Tensor lcm(Tensor other) {
    return Bitwise.LCM.of(self(), other);
  }

  /** Overwrites this with {@link #lcm(Tensor)} and gives it back. */
  public final Tensor lcm_(Tensor other) {
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
    return Clamp.clamp(self(), min, max);
  }

  /**
   * Overwrites this with {@link Tensor#clamp(Number, Number)} and gives it back.
   *
   * <p>PyTorch: {@code clamp_}.
   */
  public final Tensor clamp_(Number min, Number max) {
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
    return Clamp.clamp(self(), min, max);
  }

  /**
   * Overwrites this with {@link Tensor#clamp(Tensor, Tensor)} and gives it back.
   *
   * <p>PyTorch: {@code clamp_}.
   */
  public final Tensor clamp_(Tensor min, Tensor max) {
    return Clamp.clamp_(self(), min, max);
  }

  /**
   * Clamps from below: at least min.
   *
   * <p>PyTorch: {@code clamp_min}.
   */
  public final Tensor clampMin(Number min) {
    return Clamp.clampMin(self(), min);
  }

  /**
   * Overwrites this with {@link Tensor#clampMin(Number)} and gives it back.
   *
   * <p>PyTorch: {@code clamp_min_}.
   */
  public final Tensor clampMin_(Number min) {
    return Clamp.clampMin_(self(), min);
  }

  /**
   * Clamps from above: at most max.
   *
   * <p>PyTorch: {@code clamp_max}.
   */
  public final Tensor clampMax(Number max) {
    return Clamp.clampMax(self(), max);
  }

  /**
   * Overwrites this with {@link Tensor#clampMax(Number)} and gives it back.
   *
   * <p>PyTorch: {@code clamp_max_}.
   */
  public final Tensor clampMax_(Number max) {
    return Clamp.clampMax_(self(), max);
  }

  // ---- Comparisons

  /**
   * Returns whether (BOOL) this equals other.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code eq}.
   */
  public final Tensor eq(Tensor other) {
    return Comparisons.EQ.of(self(), other);
  }

  /** Overwrites this with {@link #eq(Tensor)} and gives it back. */
  public final Tensor eq_(Tensor other) {
    return Comparisons.EQ.inPlace(self(), other);
  }

  /**
   * Returns whether (BOOL) this equals other.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code eq}.
   */
  public final Tensor eq(Number other) {
    return Comparisons.EQ.of(self(), other);
  }

  /** Overwrites this with {@link #eq(Number)} and gives it back. */
  public final Tensor eq_(Number other) {
    return Comparisons.EQ.inPlace(self(), other);
  }

  /**
   * Returns whether (BOOL) this does not equal other.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code ne}.
   */
  public final Tensor ne(Tensor other) {
    return Comparisons.NE.of(self(), other);
  }

  /** Overwrites this with {@link #ne(Tensor)} and gives it back. */
  public final Tensor ne_(Tensor other) {
    return Comparisons.NE.inPlace(self(), other);
  }

  /**
   * Returns whether (BOOL) this does not equal other.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code ne}.
   */
  public final Tensor ne(Number other) {
    return Comparisons.NE.of(self(), other);
  }

  /** Overwrites this with {@link #ne(Number)} and gives it back. */
  public final Tensor ne_(Number other) {
    return Comparisons.NE.inPlace(self(), other);
  }

  /**
   * Returns whether (BOOL) this is less than other.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code lt}.
   */
  public final Tensor lt(Tensor other) {
    return Comparisons.LT.of(self(), other);
  }

  /** Overwrites this with {@link #lt(Tensor)} and gives it back. */
  public final Tensor lt_(Tensor other) {
    return Comparisons.LT.inPlace(self(), other);
  }

  /**
   * Returns whether (BOOL) this is less than other.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code lt}.
   */
  public final Tensor lt(Number other) {
    return Comparisons.LT.of(self(), other);
  }

  /** Overwrites this with {@link #lt(Number)} and gives it back. */
  public final Tensor lt_(Number other) {
    return Comparisons.LT.inPlace(self(), other);
  }

  /**
   * Returns whether (BOOL) this is at most other.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code le}.
   */
  public final Tensor le(Tensor other) {
    return Comparisons.LE.of(self(), other);
  }

  /** Overwrites this with {@link #le(Tensor)} and gives it back. */
  public final Tensor le_(Tensor other) {
    return Comparisons.LE.inPlace(self(), other);
  }

  /**
   * Returns whether (BOOL) this is at most other.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code le}.
   */
  public final Tensor le(Number other) {
    return Comparisons.LE.of(self(), other);
  }

  /** Overwrites this with {@link #le(Number)} and gives it back. */
  public final Tensor le_(Number other) {
    return Comparisons.LE.inPlace(self(), other);
  }

  /**
   * Returns whether (BOOL) this is greater than other.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code gt}.
   */
  public final Tensor gt(Tensor other) {
    return Comparisons.GT.of(self(), other);
  }

  /** Overwrites this with {@link #gt(Tensor)} and gives it back. */
  public final Tensor gt_(Tensor other) {
    return Comparisons.GT.inPlace(self(), other);
  }

  /**
   * Returns whether (BOOL) this is greater than other.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code gt}.
   */
  public final Tensor gt(Number other) {
    return Comparisons.GT.of(self(), other);
  }

  /** Overwrites this with {@link #gt(Number)} and gives it back. */
  public final Tensor gt_(Number other) {
    return Comparisons.GT.inPlace(self(), other);
  }

  /**
   * Returns whether (BOOL) this is at least other.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code ge}.
   */
  public final Tensor ge(Tensor other) {
    return Comparisons.GE.of(self(), other);
  }

  /** Overwrites this with {@link #ge(Tensor)} and gives it back. */
  public final Tensor ge_(Tensor other) {
    return Comparisons.GE.inPlace(self(), other);
  }

  /**
   * Returns whether (BOOL) this is at least other.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code ge}.
   */
  public final Tensor ge(Number other) {
    return Comparisons.GE.of(self(), other);
  }

  /** Overwrites this with {@link #ge(Number)} and gives it back. */
  public final Tensor ge_(Number other) {
    return Comparisons.GE.inPlace(self(), other);
  }

  /**
   * Returns whether (BOOL) this is 0.
   *
   * <p>PyTorch: {@code logical_not}.
   */
  public final Tensor logicalNot() {
    return Comparisons.LOGICAL_NOT.of(self());
  }

  /** Overwrites this with {@link #logicalNot()} and gives it back. */
  public final Tensor logicalNot_() {
    return Comparisons.LOGICAL_NOT.inPlace(self());
  }

  /**
   * Returns whether (BOOL) both are not 0.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code
   * logical_and}.
   */
  public final Tensor logicalAnd(Tensor other) {
    return Comparisons.LOGICAL_AND.of(self(), other);
  }

  /** Overwrites this with {@link #logicalAnd(Tensor)} and gives it back. */
  public final Tensor logicalAnd_(Tensor other) {
    return Comparisons.LOGICAL_AND.inPlace(self(), other);
  }

  /**
   * Returns whether (BOOL) one is not 0.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code
   * logical_or}.
   */
  public final Tensor logicalOr(Tensor other) {
    return Comparisons.LOGICAL_OR.of(self(), other);
  }

  /** Overwrites this with {@link #logicalOr(Tensor)} and gives it back. */
  public final Tensor logicalOr_(Tensor other) {
    return Comparisons.LOGICAL_OR.inPlace(self(), other);
  }

  /**
   * Returns whether (BOOL) just one is not 0.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code
   * logical_xor}.
   */
  public final Tensor logicalXor(Tensor other) {
    return Comparisons.LOGICAL_XOR.of(self(), other);
  }

  /** Overwrites this with {@link #logicalXor(Tensor)} and gives it back. */
  public final Tensor logicalXor_(Tensor other) {
    return Comparisons.LOGICAL_XOR.inPlace(self(), other);
  }

  /**
   * Replaces NaN by 0, infinity and −infinity by the largest and the least number of the type.
   *
   * <p>PyTorch: {@code nan_to_num}.
   */
  public final Tensor nanToNum() {
    return Comparisons.nanToNum(self());
  }

  /**
   * Overwrites this with {@link Tensor#nanToNum()} and gives it back.
   *
   * <p>PyTorch: {@code nan_to_num_}.
   */
  public final Tensor nanToNum_() {
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
    return Comparisons.nanToNum_(self(), nan, positive, negative);
  }

  /**
   * Returns whether (BOOL) each element is NaN.
   *
   * <p>PyTorch: {@code isnan}.
   */
  public final Tensor isnan() {
    return Comparisons.isnan(self());
  }

  /**
   * Returns whether (BOOL) each element is infinity.
   *
   * <p>PyTorch: {@code isposinf}.
   */
  public final Tensor isposinf() {
    return Comparisons.isposinf(self());
  }

  /**
   * Returns whether (BOOL) each element is −infinity.
   *
   * <p>PyTorch: {@code isneginf}.
   */
  public final Tensor isneginf() {
    return Comparisons.isneginf(self());
  }

  /**
   * Returns whether (BOOL) each element is infinite.
   *
   * <p>PyTorch: {@code isinf}.
   */
  public final Tensor isinf() {
    return Comparisons.isinf(self());
  }

  /**
   * Returns whether (BOOL) each element is neither infinite nor NaN.
   *
   * <p>PyTorch: {@code isfinite}.
   */
  public final Tensor isfinite() {
    return Comparisons.isfinite(self());
  }

  /**
   * Returns whether (BOOL) the sign bit of each element is set, that of −0.0 too.
   *
   * <p>PyTorch: {@code signbit}.
   */
  public final Tensor signbit() {
    return Comparisons.signbit(self());
  }

  /**
   * Works like {@link #isclose(Tensor, double, double, boolean)} with {@code rtol = 1e-5}, {@code
   * atol = 1e-8}, {@code equalNan = false}.
   */
  public final Tensor isclose(Tensor other) {
    return Comparisons.isclose(self(), other, 1e-5, 1e-8, false);
  }

  /**
   * Works like {@link #isclose(Tensor, double, double, boolean)} with {@code atol = 1e-8}, {@code
   * equalNan = false}.
   */
  public final Tensor isclose(Tensor other, double rtol) {
    return Comparisons.isclose(self(), other, rtol, 1e-8, false);
  }

  /** Works like {@link #isclose(Tensor, double, double, boolean)} with {@code equalNan = false}. */
  public final Tensor isclose(Tensor other, double rtol, double atol) {
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
    return Contractions.kron(self(), other);
  }

  // ---- Copy

  /**
   * Gives this back if it is row-major, else a row-major copy.
   *
   * <p>PyTorch: {@code contiguous}.
   */
  public final Tensor contiguous() {
    return Copy.contiguous(self());
  }

  /**
   * Gives this back if it has that element type, else a converted copy. Gradients are converted
   * back.
   *
   * <p>PyTorch: {@code to}.
   */
  public final Tensor to(DType dtype) {
    return Copy.to(self(), dtype);
  }

  /**
   * Converts this to the element type of another tensor; see {@link Tensor#to(DType)}.
   *
   * <p>PyTorch: {@code type_as}.
   */
  public final Tensor typeAs(Tensor other) {
    return Copy.typeAs(self(), other);
  }

  /** Converts this to FLOAT32; see {@link Tensor#to(DType)}. PyTorch: {@code float}. */
  public final Tensor toFloat() {
    return Copy.toFloat(self());
  }

  /** Converts this to FLOAT64; see {@link Tensor#to(DType)}. PyTorch: {@code double}. */
  public final Tensor toDouble() {
    return Copy.toDouble(self());
  }

  /** Converts this to FLOAT16; see {@link Tensor#to(DType)}. PyTorch: {@code half}. */
  public final Tensor toHalf() {
    return Copy.toHalf(self());
  }

  /** Converts this to BFLOAT16; see {@link Tensor#to(DType)}. PyTorch: {@code bfloat16}. */
  public final Tensor toBFloat16() {
    return Copy.toBFloat16(self());
  }

  /** Converts this to INT64; see {@link Tensor#to(DType)}. PyTorch: {@code long}. */
  public final Tensor toLong() {
    return Copy.toLong(self());
  }

  /** Converts this to INT32; see {@link Tensor#to(DType)}. PyTorch: {@code int}. */
  public final Tensor toInt() {
    return Copy.toInt(self());
  }

  /** Converts this to BOOL; see {@link Tensor#to(DType)}. PyTorch: {@code bool}. */
  public final Tensor toBool() {
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
    return Counting.unique(self());
  }

  /**
   * Returns the elements that differ from the one before, in row-major order; for each element its
   * place among them, and how long each run is.
   *
   * <p>PyTorch: {@code unique_consecutive}.
   */
  public final UniqueResult uniqueConsecutive() {
    return Counting.uniqueConsecutive(self());
  }

  /**
   * Returns the distinct slices of a dimension, in lexicographic order of their elements; for each
   * slice its place among them, and how often each occurs.
   *
   * <p>PyTorch: {@code unique}.
   */
  public final UniqueResult unique(int dim) {
    return Counting.unique(self(), dim);
  }

  /** Works like {@link #mode(int, boolean)} with {@code keepDim = false}. */
  public final ValuesAndIndices mode(int dim) {
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
    return Counting.mode(self(), dim, keepDim);
  }

  /**
   * Counts (INT64) how often each whole number from 0 to the largest occurs; see {@link
   * Tensor#bincount(Tensor, long)}.
   *
   * <p>PyTorch: {@code bincount}.
   */
  public final Tensor bincount() {
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
    return Counting.histc(self(), bins, min, max);
  }

  // ---- ErrorAndGamma

  /**
   * Computes the error function.
   *
   * <p>PyTorch: {@code erf}.
   */
  public final Tensor erf() {
    return ErrorAndGamma.ERF.of(self());
  }

  /** Overwrites this with {@link #erf()} and gives it back. */
  public final Tensor erf_() {
    return ErrorAndGamma.ERF.inPlace(self());
  }

  /**
   * Computes 1 − erf(this), exact where that is small.
   *
   * <p>PyTorch: {@code erfc}.
   */
  public final Tensor erfc() {
    return ErrorAndGamma.ERFC.of(self());
  }

  /** Overwrites this with {@link #erfc()} and gives it back. */
  public final Tensor erfc_() {
    return ErrorAndGamma.ERFC.inPlace(self());
  }

  /**
   * Computes the inverse of the error function.
   *
   * <p>PyTorch: {@code erfinv}.
   */
  public final Tensor erfinv() {
    return ErrorAndGamma.ERFINV.of(self());
  }

  /** Overwrites this with {@link #erfinv()} and gives it back. */
  public final Tensor erfinv_() {
    return ErrorAndGamma.ERFINV.inPlace(self());
  }

  /**
   * Computes the logarithm of the absolute value of the gamma function.
   *
   * <p>PyTorch: {@code lgamma}.
   */
  public final Tensor lgamma() {
    return ErrorAndGamma.LGAMMA.of(self());
  }

  /** Overwrites this with {@link #lgamma()} and gives it back. */
  public final Tensor lgamma_() {
    return ErrorAndGamma.LGAMMA.inPlace(self());
  }

  /**
   * Computes the derivative of {@link Tensor#lgamma}.
   *
   * <p>PyTorch: {@code digamma}.
   */
  public final Tensor digamma() {
    return ErrorAndGamma.DIGAMMA.of(self());
  }

  /** Overwrites this with {@link #digamma()} and gives it back. */
  public final Tensor digamma_() {
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
    return ErrorAndGamma.polygamma(self(), n);
  }

  /**
   * Overwrites this with {@link Tensor#polygamma(int)} and gives it back.
   *
   * <p>PyTorch: {@code polygamma_}.
   */
  public final Tensor polygamma_(int n) {
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
    return Expand.expand(self(), shape);
  }

  /**
   * Expands this to the shape of another tensor; see {@link Tensor#expand}.
   *
   * <p>PyTorch: {@code expand_as}.
   */
  public final Tensor expandAs(Tensor other) {
    return Expand.expandAs(self(), other);
  }

  /**
   * Expands this to a shape, under the name NumPy uses; see {@link Tensor#expand}.
   *
   * <p>PyTorch: {@code broadcast_to}.
   */
  public final Tensor broadcastTo(long... shape) {
    return Expand.broadcastTo(self(), shape);
  }

  // ---- Exponentials

  /**
   * Computes e to the power of this.
   *
   * <p>PyTorch: {@code exp}.
   */
  public final Tensor exp() {
    return Exponentials.EXP.of(self());
  }

  /** Overwrites this with {@link #exp()} and gives it back. */
  public final Tensor exp_() {
    return Exponentials.EXP.inPlace(self());
  }

  /**
   * Computes 2 to the power of this.
   *
   * <p>PyTorch: {@code exp2}.
   */
  public final Tensor exp2() {
    return Exponentials.EXP2.of(self());
  }

  /** Overwrites this with {@link #exp2()} and gives it back. */
  public final Tensor exp2_() {
    return Exponentials.EXP2.inPlace(self());
  }

  /**
   * Computes e to the power of this, less 1; exact near 0.
   *
   * <p>PyTorch: {@code expm1}.
   */
  public final Tensor expm1() {
    return Exponentials.EXPM1.of(self());
  }

  /** Overwrites this with {@link #expm1()} and gives it back. */
  public final Tensor expm1_() {
    return Exponentials.EXPM1.inPlace(self());
  }

  /**
   * Computes the natural logarithm.
   *
   * <p>PyTorch: {@code log}.
   */
  public final Tensor log() {
    return Exponentials.LOG.of(self());
  }

  /** Overwrites this with {@link #log()} and gives it back. */
  public final Tensor log_() {
    return Exponentials.LOG.inPlace(self());
  }

  /**
   * Computes the logarithm to base 2.
   *
   * <p>PyTorch: {@code log2}.
   */
  public final Tensor log2() {
    return Exponentials.LOG2.of(self());
  }

  /** Overwrites this with {@link #log2()} and gives it back. */
  public final Tensor log2_() {
    return Exponentials.LOG2.inPlace(self());
  }

  /**
   * Computes the logarithm to base 10.
   *
   * <p>PyTorch: {@code log10}.
   */
  public final Tensor log10() {
    return Exponentials.LOG10.of(self());
  }

  /** Overwrites this with {@link #log10()} and gives it back. */
  public final Tensor log10_() {
    return Exponentials.LOG10.inPlace(self());
  }

  /**
   * Computes ln(1 + this); exact near 0.
   *
   * <p>PyTorch: {@code log1p}.
   */
  public final Tensor log1p() {
    return Exponentials.LOG1P.of(self());
  }

  /** Overwrites this with {@link #log1p()} and gives it back. */
  public final Tensor log1p_() {
    return Exponentials.LOG1P.inPlace(self());
  }

  /**
   * Computes this · ln other, and 0 where this is 0.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code xlogy}.
   */
  public final Tensor xlogy(Tensor other) {
    return Exponentials.XLOGY.of(self(), other);
  }

  /** Overwrites this with {@link #xlogy(Tensor)} and gives it back. */
  public final Tensor xlogy_(Tensor other) {
    return Exponentials.XLOGY.inPlace(self(), other);
  }

  /**
   * Computes this · ln other, and 0 where this is 0.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code xlogy}.
   */
  public final Tensor xlogy(Number other) {
    return Exponentials.XLOGY.of(self(), other);
  }

  /** Overwrites this with {@link #xlogy(Number)} and gives it back. */
  public final Tensor xlogy_(Number other) {
    return Exponentials.XLOGY.inPlace(self(), other);
  }

  /**
   * Computes ln(e to the power of this + e to the power of other), without overflow.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code
   * log_add_exp}.
   */
  public final Tensor logAddExp(Tensor other) {
    return Exponentials.LOG_ADD_EXP.of(self(), other);
  }

  /**
   * Computes log₂(2 to the power of this + 2 to the power of other), without overflow.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code
   * log_add_exp2}.
   */
  public final Tensor logAddExp2(Tensor other) {
    return Exponentials.LOG_ADD_EXP2.of(self(), other);
  }

  /**
   * Computes this · 2 to the power of other.
   *
   * <p>PyTorch: {@code ldexp}.
   */
  public final Tensor ldexp(Tensor other) {
    return Exponentials.ldexp(self(), other);
  }

  // ---- Extrema

  /**
   * Returns the larger of each two elements; NaN if either is. Equal ones share the gradient.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code maximum}.
   */
  public final Tensor maximum(Tensor other) {
    return Extrema.MAXIMUM.of(self(), other);
  }

  /**
   * Returns the larger of each two elements; NaN if either is. Equal ones share the gradient.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code maximum}.
   */
  public final Tensor maximum(Number other) {
    return Extrema.MAXIMUM.of(self(), other);
  }

  /**
   * Returns the smaller of each two elements; NaN if either is. Equal ones share the gradient.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code minimum}.
   */
  public final Tensor minimum(Tensor other) {
    return Extrema.MINIMUM.of(self(), other);
  }

  /**
   * Returns the smaller of each two elements; NaN if either is. Equal ones share the gradient.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code minimum}.
   */
  public final Tensor minimum(Number other) {
    return Extrema.MINIMUM.of(self(), other);
  }

  /**
   * Returns the larger of each two elements; the number if one is NaN. This gets the gradient if
   * equal.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code fmax}.
   */
  public final Tensor fmax(Tensor other) {
    return Extrema.FMAX.of(self(), other);
  }

  /**
   * Returns the smaller of each two elements; the number if one is NaN. This gets the gradient if
   * equal.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code fmin}.
   */
  public final Tensor fmin(Tensor other) {
    return Extrema.FMIN.of(self(), other);
  }

  /**
   * Computes |this| with the sign of other.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code copysign}.
   */
  public final Tensor copysign(Tensor other) {
    return Extrema.COPYSIGN.of(self(), other);
  }

  /** Overwrites this with {@link #copysign(Tensor)} and gives it back. */
  public final Tensor copysign_(Tensor other) {
    return Extrema.COPYSIGN.inPlace(self(), other);
  }

  /**
   * Computes |this| with the sign of other.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code copysign}.
   */
  public final Tensor copysign(Number other) {
    return Extrema.COPYSIGN.of(self(), other);
  }

  /** Overwrites this with {@link #copysign(Number)} and gives it back. */
  public final Tensor copysign_(Number other) {
    return Extrema.COPYSIGN.inPlace(self(), other);
  }

  /**
   * Returns 0, other or 1 where this is negative, 0 or positive. Backward throws: there is no
   * gradient.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code heaviside}.
   */
  public final Tensor heaviside(Tensor other) {
    return Extrema.HEAVISIDE.of(self(), other);
  }

  /** Overwrites this with {@link #heaviside(Tensor)} and gives it back. */
  public final Tensor heaviside_(Tensor other) {
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
    return Indexing.indexPut(self(), indices, values, accumulate);
  }

  /**
   * Puts values at, or adds them to, the elements of this that indices name, and gives this back;
   * see {@link Tensor#indexPut}.
   *
   * <p>PyTorch: {@code index_put_}.
   */
  public final Tensor indexPut_(List<Tensor> indices, Tensor values, boolean accumulate) {
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
    return Indexing.put(self(), index, source, accumulate);
  }

  /**
   * Puts elements of source at, or adds them to, row-major numbers of this, and gives this back;
   * see {@link Tensor#put}.
   *
   * <p>PyTorch: {@code put_}.
   */
  public final Tensor put_(Tensor index, Tensor source, boolean accumulate) {
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
    return Indexing.maskedScatter(self(), mask, source);
  }

  /**
   * Overwrites this with {@link Tensor#maskedScatter(Tensor, Tensor)} and gives it back.
   *
   * <p>PyTorch: {@code masked_scatter_}.
   */
  public final Tensor maskedScatter_(Tensor mask, Tensor source) {
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
    return Joining.repeat(self(), times);
  }

  /**
   * Copies this so many times along each dimension, as {@link Tensor#repeat}; missing leading
   * counts are 1.
   *
   * <p>PyTorch: {@code tile}.
   */
  public final Tensor tile(long... times) {
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
    return Joining.flipud(self());
  }

  /**
   * Copies this with all elements shifted in row-major order; those shifted beyond the end come in
   * at the start.
   *
   * <p>PyTorch: {@code roll}.
   */
  public final Tensor roll(long shift) {
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
    return Lerp.lerp(self(), end, weight);
  }

  /**
   * Overwrites this with {@link Tensor#lerp(Tensor, Number)} and gives it back.
   *
   * <p>PyTorch: {@code lerp_}.
   */
  public final Tensor lerp_(Tensor end, Number weight) {
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
    return Lerp.lerp(self(), end, weight);
  }

  /** Overwrites this with {@link #lerp(Tensor, Tensor)} and gives it back. */
  public final Tensor lerp_(Tensor end, Tensor weight) {
    return Overwriting.with("lerp_", self(), x -> Lerp.lerp(x, end, weight));
  }

  // ---- Logit

  /**
   * Computes ln(this / (1 − this)).
   *
   * <p>PyTorch: {@code logit}.
   */
  public final Tensor logit() {
    return Logit.logit(self());
  }

  /** Overwrites this with {@link #logit()} and gives it back. */
  public final Tensor logit_() {
    return Overwriting.with("logit_", self(), x -> Logit.logit(x));
  }

  /**
   * Computes {@link Tensor#logit()} of this clamped to [eps, 1 − eps].
   *
   * <p>PyTorch: {@code logit}.
   */
  public final Tensor logit(double eps) {
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
    return MaskedFill.maskedFill(self(), mask, value);
  }

  /**
   * Overwrites this with {@link Tensor#maskedFill(Tensor, Tensor)} and gives it back.
   *
   * <p>PyTorch: {@code masked_fill_}.
   */
  public final Tensor maskedFill_(Tensor mask, Tensor value) {
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
    return MaskedFill.maskedFill(self(), mask, value);
  }

  /**
   * Overwrites this with {@link Tensor#maskedFill(Tensor, Number)} and gives it back.
   *
   * <p>PyTorch: {@code masked_fill_}.
   */
  public final Tensor maskedFill_(Tensor mask, Number value) {
    return MaskedFill.maskedFill_(self(), mask, value);
  }

  // ---- Masks

  /**
   * Returns the indices (INT64 [n, dim()]) of all elements that are not 0, in row-major order.
   *
   * <p>PyTorch: {@code nonzero}.
   */
  public final Tensor nonzero() {
    return Masks.nonzero(self());
  }

  /**
   * Returns the indices (INT64 [n]) of all elements that are not 0, one tensor for each dimension;
   * a 0-d tensor counts as 1-d. PyTorch: {@code nonzero(as_tuple=True)}.
   */
  public final List<Tensor> nonzeroAsTuple() {
    return Masks.nonzeroAsTuple(self());
  }

  /**
   * Returns the indices of all elements that are not 0, under the name NumPy uses; see {@link
   * Tensor#nonzero}.
   *
   * <p>PyTorch: {@code argwhere}.
   */
  public final Tensor argwhere() {
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
    return Masks.tril(self(), diagonal);
  }

  /**
   * Overwrites this with {@link Tensor#tril(long)} and gives it back.
   *
   * <p>PyTorch: {@code tril_}.
   */
  public final Tensor tril_(long diagonal) {
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
    return Masks.triu(self(), diagonal);
  }

  /**
   * Overwrites this with {@link Tensor#triu(long)} and gives it back.
   *
   * <p>PyTorch: {@code triu_}.
   */
  public final Tensor triu_(long diagonal) {
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
    return Permute.movedim(self(), source, destination);
  }

  /**
   * Moves one dimension to another place, as a view; the others keep their order.
   *
   * <p>PyTorch: {@code movedim}.
   */
  public final Tensor movedim(int source, int destination) {
    return Permute.movedim(self(), source, destination);
  }

  /**
   * Swaps two dimensions, as a view.
   *
   * <p>PyTorch: {@code transpose}.
   */
  public final Tensor transpose(int dim0, int dim1) {
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
    return Permute.t(self());
  }

  /**
   * Transposes a batch of matrices, the last two dimensions, as a view. PyTorch: {@code mT}.
   *
   * @throws IllegalStateException if there are fewer than 2 dimensions
   */
  public final Tensor mT() {
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
    return Picking.indexAdd(self(), dim, index, source, alpha);
  }

  /**
   * Overwrites this with {@link Tensor#indexAdd(int, Tensor, Tensor, Number)} and gives it back.
   *
   * <p>PyTorch: {@code index_add_}.
   */
  public final Tensor indexAdd_(int dim, Tensor index, Tensor source, Number alpha) {
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
    return Picking.indexCopy(self(), dim, index, source);
  }

  /**
   * Overwrites this with {@link Tensor#indexCopy(int, Tensor, Tensor)} and gives it back.
   *
   * <p>PyTorch: {@code index_copy_}.
   */
  public final Tensor indexCopy_(int dim, Tensor index, Tensor source) {
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
    return Picking.indexFill(self(), dim, index, value);
  }

  /**
   * Overwrites this with {@link Tensor#indexFill(int, Tensor, Number)} and gives it back.
   *
   * <p>PyTorch: {@code index_fill_}.
   */
  public final Tensor indexFill_(int dim, Tensor index, Number value) {
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
    return Picking.takeAlongDim(self(), indices, dim);
  }

  /**
   * Copies this with each slice of a dimension repeated so many times.
   *
   * <p>PyTorch: {@code repeat_interleave}.
   */
  public final Tensor repeatInterleave(long repeats, int dim) {
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
    return Picking.diag(self(), diagonal);
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
    return Products.dot(self(), other);
  }

  /**
   * Computes the sum of the products of corresponding elements of two vectors: as {@link
   * Tensor#dot}, since there are no complex numbers.
   *
   * <p>PyTorch: {@code vdot}.
   */
  public final Tensor vdot(Tensor other) {
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
    return Products.outer(self(), other);
  }

  /**
   * Computes all products of an element of this vector and one of the other: another name of {@link
   * Tensor#outer}.
   *
   * <p>PyTorch: {@code ger}.
   */
  public final Tensor ger(Tensor other) {
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
    return Products.trace(self());
  }

  /** Works like {@link #cdist(Tensor, double)} with {@code p = 2}. */
  public final Tensor cdist(Tensor other) {
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
    return Products.cdist(self(), other, p);
  }

  // ---- Reduce

  /** Works like {@link #sum(int[], boolean)}, over all elements. */
  public final Tensor sum() {
    return Reduce.sum(self(), new int[0], false);
  }

  /** Works like {@link #sum(int[], boolean)}, along one dimension, which is removed. */
  public final Tensor sum(int dim) {
    return Reduce.sum(self(), new int[] {dim}, false);
  }

  /** Works like {@link #sum(int[], boolean)}, along one dimension. */
  public final Tensor sum(int dim, boolean keepDim) {
    return Reduce.sum(self(), new int[] {dim}, keepDim);
  }

  /**
   * Works like {@link #sum(int[], boolean)}, over dimensions, which are removed; over all of them
   * if none are given.
   */
  public final Tensor sum(int... dims) {
    return Reduce.sum(self(), dims, false);
  }

  /**
   * Computes the sum over dimensions, all if none are named; kept as size 1 if {@code keepDim},
   * else removed. Integers and BOOL are summed in INT64.
   *
   * <p>PyTorch: {@code sum}.
   */
  public final Tensor sum(int[] dims, boolean keepDim) {
    return Reduce.sum(self(), dims, keepDim);
  }

  /**
   * Computes the sum over dimensions, all if none are named, of the elements converted to a type;
   * reduced dimensions are kept as size 1 if {@code keepDim}, else removed.
   *
   * <p>PyTorch: {@code sum}.
   */
  public final Tensor sum(int[] dims, boolean keepDim, DType dtype) {
    return Reduce.sum(self(), dims, keepDim, dtype);
  }

  /** Works like {@link #amax(int[], boolean)}, over all elements. */
  public final Tensor amax() {
    return Reduce.amax(self(), new int[0], false);
  }

  /** Works like {@link #amax(int[], boolean)}, along one dimension, which is removed. */
  public final Tensor amax(int dim) {
    return Reduce.amax(self(), new int[] {dim}, false);
  }

  /** Works like {@link #amax(int[], boolean)}, along one dimension. */
  public final Tensor amax(int dim, boolean keepDim) {
    return Reduce.amax(self(), new int[] {dim}, keepDim);
  }

  /**
   * Works like {@link #amax(int[], boolean)}, over dimensions, which are removed; over all of them
   * if none are given.
   */
  public final Tensor amax(int... dims) {
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
    return Reduce.amax(self(), dims, keepDim);
  }

  /** Works like {@link #amin(int[], boolean)}, over all elements. */
  public final Tensor amin() {
    return Reduce.amin(self(), new int[0], false);
  }

  /** Works like {@link #amin(int[], boolean)}, along one dimension, which is removed. */
  public final Tensor amin(int dim) {
    return Reduce.amin(self(), new int[] {dim}, false);
  }

  /** Works like {@link #amin(int[], boolean)}, along one dimension. */
  public final Tensor amin(int dim, boolean keepDim) {
    return Reduce.amin(self(), new int[] {dim}, keepDim);
  }

  /**
   * Works like {@link #amin(int[], boolean)}, over dimensions, which are removed; over all of them
   * if none are given.
   */
  public final Tensor amin(int... dims) {
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
    return Reduce.amin(self(), dims, keepDim);
  }

  /** Works like {@link #all(int[], boolean)}, over all elements. */
  public final Tensor all() {
    return Reduce.all(self(), new int[0], false);
  }

  /** Works like {@link #all(int[], boolean)}, along one dimension, which is removed. */
  public final Tensor all(int dim) {
    return Reduce.all(self(), new int[] {dim}, false);
  }

  /** Works like {@link #all(int[], boolean)}, along one dimension. */
  public final Tensor all(int dim, boolean keepDim) {
    return Reduce.all(self(), new int[] {dim}, keepDim);
  }

  /**
   * Works like {@link #all(int[], boolean)}, over dimensions, which are removed; over all of them
   * if none are given.
   */
  public final Tensor all(int... dims) {
    return Reduce.all(self(), dims, false);
  }

  /**
   * Returns whether no element is 0, over dimensions, all if none are named; kept as size 1 if
   * {@code keepDim}, else removed. The result is BOOL, or UINT8 for UINT8. No gradient.
   *
   * <p>PyTorch: {@code all}.
   */
  public final Tensor all(int[] dims, boolean keepDim) {
    return Reduce.all(self(), dims, keepDim);
  }

  /** Works like {@link #any(int[], boolean)}, over all elements. */
  public final Tensor any() {
    return Reduce.any(self(), new int[0], false);
  }

  /** Works like {@link #any(int[], boolean)}, along one dimension, which is removed. */
  public final Tensor any(int dim) {
    return Reduce.any(self(), new int[] {dim}, false);
  }

  /** Works like {@link #any(int[], boolean)}, along one dimension. */
  public final Tensor any(int dim, boolean keepDim) {
    return Reduce.any(self(), new int[] {dim}, keepDim);
  }

  /**
   * Works like {@link #any(int[], boolean)}, over dimensions, which are removed; over all of them
   * if none are given.
   */
  public final Tensor any(int... dims) {
    return Reduce.any(self(), dims, false);
  }

  /**
   * Returns whether some element is not 0, over dimensions, all if none are named; kept as size 1
   * if {@code keepDim}, else removed. The result is BOOL, or UINT8 for UINT8. No gradient.
   *
   * <p>PyTorch: {@code any}.
   */
  public final Tensor any(int[] dims, boolean keepDim) {
    return Reduce.any(self(), dims, keepDim);
  }

  /**
   * Returns the largest of all elements; NaN if there is one. The gradient is shared equally by
   * equal elements, or by those that are NaN.
   *
   * <p>PyTorch: {@code max}.
   */
  public final Tensor max() {
    return Reduce.max(self());
  }

  /**
   * Returns the smallest of all elements; NaN if there is one. The gradient is shared equally by
   * equal elements, or by those that are NaN.
   *
   * <p>PyTorch: {@code min}.
   */
  public final Tensor min() {
    return Reduce.min(self());
  }

  // ---- Reshaping

  /** Works like {@link #flatten(int, int)} with {@code startDim = 0}, {@code endDim = -1}. */
  public final Tensor flatten() {
    return Reshaping.flatten(self(), 0, -1);
  }

  /** Works like {@link #flatten(int, int)} with {@code endDim = -1}. */
  public final Tensor flatten(int startDim) {
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
    return Reshaping.unsqueeze(self(), dim);
  }

  // ---- Rounding

  /**
   * Rounds down to a whole number.
   *
   * <p>PyTorch: {@code floor}.
   */
  public final Tensor floor() {
    return Rounding.FLOOR.of(self());
  }

  /** Overwrites this with {@link #floor()} and gives it back. */
  public final Tensor floor_() {
    return Rounding.FLOOR.inPlace(self());
  }

  /**
   * Rounds up to a whole number.
   *
   * <p>PyTorch: {@code ceil}.
   */
  public final Tensor ceil() {
    return Rounding.CEIL.of(self());
  }

  /** Overwrites this with {@link #ceil()} and gives it back. */
  public final Tensor ceil_() {
    return Rounding.CEIL.inPlace(self());
  }

  /**
   * Rounds to the nearest whole number, the even one of two.
   *
   * <p>PyTorch: {@code round}.
   */
  public final Tensor round() {
    return Rounding.ROUND.of(self());
  }

  /** Overwrites this with {@link #round()} and gives it back. */
  public final Tensor round_() {
    return Rounding.ROUND.inPlace(self());
  }

  /**
   * Rounds towards 0 to a whole number.
   *
   * <p>PyTorch: {@code trunc}.
   */
  public final Tensor trunc() {
    return Rounding.TRUNC.of(self());
  }

  /** Overwrites this with {@link #trunc()} and gives it back. */
  public final Tensor trunc_() {
    return Rounding.TRUNC.inPlace(self());
  }

  /**
   * Computes the remainder of this / other rounded to 0: it has the sign of this.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code fmod}.
   */
  public final Tensor fmod(Tensor other) {
    return Rounding.FMOD.of(self(), other);
  }

  /** Overwrites this with {@link #fmod(Tensor)} and gives it back. */
  public final Tensor fmod_(Tensor other) {
    return Rounding.FMOD.inPlace(self(), other);
  }

  /**
   * Computes the remainder of this / other rounded to 0: it has the sign of this.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code fmod}.
   */
  public final Tensor fmod(Number other) {
    return Rounding.FMOD.of(self(), other);
  }

  /** Overwrites this with {@link #fmod(Number)} and gives it back. */
  public final Tensor fmod_(Number other) {
    return Rounding.FMOD.inPlace(self(), other);
  }

  /**
   * Computes the remainder of this / other rounded down: it has the sign of other, as in Python.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code remainder}.
   */
  public final Tensor remainder(Tensor other) {
    return Rounding.REMAINDER.of(self(), other);
  }

  /** Overwrites this with {@link #remainder(Tensor)} and gives it back. */
  public final Tensor remainder_(Tensor other) {
    return Rounding.REMAINDER.inPlace(self(), other);
  }

  /**
   * Computes the remainder of this / other rounded down: it has the sign of other, as in Python.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code remainder}.
   */
  public final Tensor remainder(Number other) {
    return Rounding.REMAINDER.of(self(), other);
  }

  /** Overwrites this with {@link #remainder(Number)} and gives it back. */
  public final Tensor remainder_(Number other) {
    return Rounding.REMAINDER.inPlace(self(), other);
  }

  /**
   * Computes this / other rounded down. Backward throws: there is no gradient.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code
   * floor_divide}.
   */
  public final Tensor floorDivide(Tensor other) {
    return Rounding.FLOOR_DIVIDE.of(self(), other);
  }

  /** Overwrites this with {@link #floorDivide(Tensor)} and gives it back. */
  public final Tensor floorDivide_(Tensor other) {
    return Rounding.FLOOR_DIVIDE.inPlace(self(), other);
  }

  /**
   * Computes this / other rounded down. Backward throws: there is no gradient.
   *
   * <p>The number takes part in type promotion by its category alone. PyTorch: {@code
   * floor_divide}.
   */
  public final Tensor floorDivide(Number other) {
    return Rounding.FLOOR_DIVIDE.of(self(), other);
  }

  /** Overwrites this with {@link #floorDivide(Number)} and gives it back. */
  public final Tensor floorDivide_(Number other) {
    return Rounding.FLOOR_DIVIDE.inPlace(self(), other);
  }

  /**
   * Computes this / other, rounded; integers stay integers. The gradients are 0.
   *
   * <p>PyTorch: {@code div}.
   */
  public final Tensor div(Tensor other, RoundingMode rounding) {
    return Rounding.div(self(), other, rounding);
  }

  /**
   * Computes this / other, rounded; integers stay integers. The gradient is 0.
   *
   * <p>PyTorch: {@code div}.
   */
  public final Tensor div(Number other, RoundingMode rounding) {
    return Rounding.div(self(), other, rounding);
  }

  /**
   * Divides by other in place, rounds, and gives this back. See {@link Tensor#div(Tensor,
   * RoundingMode)}.
   *
   * <p>PyTorch: {@code div_}.
   */
  public final Tensor div_(Tensor other, RoundingMode rounding) {
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
    return Rounding.frac(self());
  }

  /**
   * Overwrites this with {@link Tensor#frac()} and gives it back.
   *
   * <p>PyTorch: {@code frac_}.
   */
  public final Tensor frac_() {
    return Rounding.frac_(self());
  }

  /**
   * Rounds to a number of decimals, which may be negative; of two equally near numbers to the one
   * that is even in the last place.
   *
   * <p>PyTorch: {@code round}.
   */
  public final Tensor round(int decimals) {
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
    return Sampling.normal_(self(), generator, mean, std);
  }

  /**
   * Works like {@link #bernoulli_(double, Generator)} with {@code generator = Generator.current()}.
   */
  public final Tensor bernoulli_(double p) {
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
    return Sampling.random_(self(), generator, low, high);
  }

  /**
   * Works like {@link #exponential_(double, Generator)} with {@code generator =
   * Generator.current()}.
   */
  public final Tensor exponential_(double rate) {
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
    return Sampling.geometric_(self(), p);
  }

  // ---- Scan

  /**
   * Computes the running sum along a dimension; integers and BOOL are summed in INT64.
   *
   * <p>PyTorch: {@code cumsum}.
   */
  public final Tensor cumsum(int dim) {
    return Scan.cumsum(self(), dim);
  }

  /**
   * Overwrites this with {@link Tensor#cumsum(int)} and gives it back.
   *
   * <p>PyTorch: {@code cumsum_}.
   */
  public final Tensor cumsum_(int dim) {
    return Scan.cumsum_(self(), dim);
  }

  /**
   * Computes the running product along a dimension; integers and BOOL are multiplied in INT64.
   *
   * <p>PyTorch: {@code cumprod}.
   */
  public final Tensor cumprod(int dim) {
    return Scan.cumprod(self(), dim);
  }

  /**
   * Overwrites this with {@link Tensor#cumprod(int)} and gives it back.
   *
   * <p>PyTorch: {@code cumprod_}.
   */
  public final Tensor cumprod_(int dim) {
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
    return Scatter.scatter(self(), dim, index, src);
  }

  /**
   * Overwrites this with {@link Tensor#scatter(int, Tensor, Tensor)} and gives it back.
   *
   * <p>PyTorch: {@code scatter_}.
   */
  public final Tensor scatter_(int dim, Tensor index, Tensor src) {
    return Scatter.scatter_(self(), dim, index, src);
  }

  /**
   * Copies this with one value placed along a dimension: out[index[i][j]][j] = value for dim 0 and
   * so on. See {@link Tensor#scatter(int, Tensor, Tensor)}.
   *
   * <p>PyTorch: {@code scatter}.
   */
  public final Tensor scatter(int dim, Tensor index, Number value) {
    return Scatter.scatter(self(), dim, index, value);
  }

  /**
   * Overwrites this with {@link Tensor#scatter(int, Tensor, Number)} and gives it back.
   *
   * <p>PyTorch: {@code scatter_}.
   */
  public final Tensor scatter_(int dim, Tensor index, Number value) {
    return Scatter.scatter_(self(), dim, index, value);
  }

  /**
   * Copies this with elements of src added along a dimension: out[index[i][j]][j] += src[i][j] for
   * dim 0 and so on. See {@link Tensor#scatter(int, Tensor, Tensor)}.
   *
   * <p>PyTorch: {@code scatter_add}.
   */
  public final Tensor scatterAdd(int dim, Tensor index, Tensor src) {
    return Scatter.scatterAdd(self(), dim, index, src);
  }

  /**
   * Overwrites this with {@link Tensor#scatterAdd(int, Tensor, Tensor)} and gives it back.
   *
   * <p>PyTorch: {@code scatter_add_}.
   */
  public final Tensor scatterAdd_(int dim, Tensor index, Tensor src) {
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
    return Slice.narrow(self(), dim, start, length);
  }

  /** Works like {@link #slice(int, long, long, long)} with {@code step = 1}. */
  public final Tensor slice(int dim, long start, long end) {
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
    return Softmax.logSoftmax(self(), dim);
  }

  // ---- Sorting

  /** Works like {@link #argsort(int, boolean)} with {@code descending = false}. */
  public final Tensor argsort(int dim) {
    return Sorting.argsort(self(), dim, false);
  }

  /**
   * Returns the indices (INT64) that sort a dimension; equal elements keep their order, NaN counts
   * as the largest.
   *
   * <p>PyTorch: {@code argsort}.
   */
  public final Tensor argsort(int dim, boolean descending) {
    return Sorting.argsort(self(), dim, descending);
  }

  /** Works like {@link #sort(int, boolean)} with {@code descending = false}. */
  public final ValuesAndIndices sort(int dim) {
    return Sorting.sort(self(), dim, false);
  }

  /**
   * Sorts a dimension: the values, and their indices (INT64) before. Equal elements keep their
   * order, NaN counts as the largest.
   *
   * <p>PyTorch: {@code sort}.
   */
  public final ValuesAndIndices sort(int dim, boolean descending) {
    return Sorting.sort(self(), dim, descending);
  }

  /**
   * Sorts the first dimension; equal elements keep their order, NaN counts as the largest.
   *
   * <p>PyTorch: {@code msort}.
   */
  public final Tensor msort() {
    return Sorting.msort(self());
  }

  /** Works like {@link #topk(long, int, boolean)} with {@code dim = -1}, {@code largest = true}. */
  public final ValuesAndIndices topk(long k) {
    return Sorting.topk(self(), k, -1, true);
  }

  /** Works like {@link #topk(long, int, boolean)} with {@code largest = true}. */
  public final ValuesAndIndices topk(long k, int dim) {
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
    return Sorting.topk(self(), k, dim, largest);
  }

  /** Works like {@link #kthvalue(long, int, boolean)} with {@code keepDim = false}. */
  public final ValuesAndIndices kthvalue(long k, int dim) {
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
    return Sorting.kthvalue(self(), k, dim, keepDim);
  }

  /** Works like {@link #max(int, boolean)} with {@code keepDim = false}. */
  public final ValuesAndIndices max(int dim) {
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
    return Sorting.max(self(), dim, keepDim);
  }

  /** Works like {@link #min(int, boolean)} with {@code keepDim = false}. */
  public final ValuesAndIndices min(int dim) {
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
    return Sorting.min(self(), dim, keepDim);
  }

  /**
   * Computes the running maximum along a dimension, and the index (INT64) of the last of equal
   * elements.
   *
   * <p>PyTorch: {@code cummax}.
   */
  public final ValuesAndIndices cummax(int dim) {
    return Sorting.cummax(self(), dim);
  }

  /**
   * Computes the running minimum along a dimension, and the index (INT64) of the last of equal
   * elements.
   *
   * <p>PyTorch: {@code cummin}.
   */
  public final ValuesAndIndices cummin(int dim) {
    return Sorting.cummin(self(), dim);
  }

  /** Works like {@link #searchsorted(Tensor, boolean)} with {@code right = false}. */
  public final Tensor searchsorted(Tensor values) {
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
    return Sorting.diff(self(), n, dim);
  }

  /**
   * Returns whether (BOOL) each element is one of the others.
   *
   * <p>PyTorch: {@code isin}.
   */
  public final Tensor isin(Tensor others) {
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
    return Splitting.tensorSplit(self(), sections, dim);
  }

  /**
   * Splits a dimension into views, cut before each of the indices.
   *
   * <p>PyTorch: {@code tensor_split}.
   */
  public final List<Tensor> tensorSplit(long[] indices, int dim) {
    return Splitting.tensorSplit(self(), indices, dim);
  }

  /**
   * Splits a dimension into a view of each of its elements; the dimension is removed.
   *
   * <p>PyTorch: {@code unbind}.
   */
  public final List<Tensor> unbind(int dim) {
    return Splitting.unbind(self(), dim);
  }

  // ---- Statistics

  /** Works like {@link #mean(int[], boolean)}, over all elements. */
  public final Tensor mean() {
    return Statistics.mean(self(), new int[0], false);
  }

  /** Works like {@link #mean(int[], boolean)}, along one dimension, which is removed. */
  public final Tensor mean(int dim) {
    return Statistics.mean(self(), new int[] {dim}, false);
  }

  /** Works like {@link #mean(int[], boolean)}, along one dimension. */
  public final Tensor mean(int dim, boolean keepDim) {
    return Statistics.mean(self(), new int[] {dim}, keepDim);
  }

  /**
   * Works like {@link #mean(int[], boolean)}, over dimensions, which are removed; over all of them
   * if none are given.
   */
  public final Tensor mean(int... dims) {
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
    return Statistics.mean(self(), dims, keepDim);
  }

  /** Works like {@link #nansum(int[], boolean)}, over all elements. */
  public final Tensor nansum() {
    return Statistics.nansum(self(), new int[0], false);
  }

  /** Works like {@link #nansum(int[], boolean)}, along one dimension, which is removed. */
  public final Tensor nansum(int dim) {
    return Statistics.nansum(self(), new int[] {dim}, false);
  }

  /** Works like {@link #nansum(int[], boolean)}, along one dimension. */
  public final Tensor nansum(int dim, boolean keepDim) {
    return Statistics.nansum(self(), new int[] {dim}, keepDim);
  }

  /**
   * Works like {@link #nansum(int[], boolean)}, over dimensions, which are removed; over all of
   * them if none are given.
   */
  public final Tensor nansum(int... dims) {
    return Statistics.nansum(self(), dims, false);
  }

  /**
   * Computes the sum of the elements that are not NaN over dimensions, all if none are named; kept
   * as size 1 if {@code keepDim}, else removed. Integers and BOOL are summed in INT64.
   *
   * <p>PyTorch: {@code nansum}.
   */
  public final Tensor nansum(int[] dims, boolean keepDim) {
    return Statistics.nansum(self(), dims, keepDim);
  }

  /** Works like {@link #nanmean(int[], boolean)}, over all elements. */
  public final Tensor nanmean() {
    return Statistics.nanmean(self(), new int[0], false);
  }

  /** Works like {@link #nanmean(int[], boolean)}, along one dimension, which is removed. */
  public final Tensor nanmean(int dim) {
    return Statistics.nanmean(self(), new int[] {dim}, false);
  }

  /** Works like {@link #nanmean(int[], boolean)}, along one dimension. */
  public final Tensor nanmean(int dim, boolean keepDim) {
    return Statistics.nanmean(self(), new int[] {dim}, keepDim);
  }

  /**
   * Works like {@link #nanmean(int[], boolean)}, over dimensions, which are removed; over all of
   * them if none are given.
   */
  public final Tensor nanmean(int... dims) {
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
    return Statistics.nanmean(self(), dims, keepDim);
  }

  /** Works like {@link #var(int[], boolean)}, over all elements. */
  public final Tensor var() {
    return Statistics.var(self(), new int[0], false);
  }

  /** Works like {@link #var(int[], boolean)}, along one dimension, which is removed. */
  public final Tensor var(int dim) {
    return Statistics.var(self(), new int[] {dim}, false);
  }

  /** Works like {@link #var(int[], boolean)}, along one dimension. */
  public final Tensor var(int dim, boolean keepDim) {
    return Statistics.var(self(), new int[] {dim}, keepDim);
  }

  /**
   * Works like {@link #var(int[], boolean)}, over dimensions, which are removed; over all of them
   * if none are given.
   */
  public final Tensor var(int... dims) {
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
    return Statistics.var(self(), dims, correction, keepDim);
  }

  /** Works like {@link #std(int[], boolean)}, over all elements. */
  public final Tensor std() {
    return Statistics.std(self(), new int[0], false);
  }

  /** Works like {@link #std(int[], boolean)}, along one dimension, which is removed. */
  public final Tensor std(int dim) {
    return Statistics.std(self(), new int[] {dim}, false);
  }

  /** Works like {@link #std(int[], boolean)}, along one dimension. */
  public final Tensor std(int dim, boolean keepDim) {
    return Statistics.std(self(), new int[] {dim}, keepDim);
  }

  /**
   * Works like {@link #std(int[], boolean)}, over dimensions, which are removed; over all of them
   * if none are given.
   */
  public final Tensor std(int... dims) {
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
    return Statistics.std(self(), dims, correction, keepDim);
  }

  /** Works like {@link #logSumExp(int[], boolean)}, over all elements. */
  public final Tensor logSumExp() {
    return Statistics.logSumExp(self(), new int[0], false);
  }

  /** Works like {@link #logSumExp(int[], boolean)}, along one dimension, which is removed. */
  public final Tensor logSumExp(int dim) {
    return Statistics.logSumExp(self(), new int[] {dim}, false);
  }

  /** Works like {@link #logSumExp(int[], boolean)}, along one dimension. */
  public final Tensor logSumExp(int dim, boolean keepDim) {
    return Statistics.logSumExp(self(), new int[] {dim}, keepDim);
  }

  /**
   * Works like {@link #logSumExp(int[], boolean)}, over dimensions, which are removed; over all of
   * them if none are given.
   */
  public final Tensor logSumExp(int... dims) {
    return Statistics.logSumExp(self(), dims, false);
  }

  /**
   * Computes the logarithm of the sum of exponentials over dimensions, all if none are named; kept
   * as size 1 if {@code keepDim}, else removed. Computed without overflow; integers as FLOAT32.
   *
   * <p>PyTorch: {@code logsumexp}.
   */
  public final Tensor logSumExp(int[] dims, boolean keepDim) {
    return Statistics.logSumExp(self(), dims, keepDim);
  }

  /** Works like {@link #norm(double, int[], boolean)}, over all elements. */
  public final Tensor norm(double p) {
    return Statistics.norm(self(), p, new int[0], false);
  }

  /** Works like {@link #norm(double, int[], boolean)}, along one dimension, which is removed. */
  public final Tensor norm(double p, int dim) {
    return Statistics.norm(self(), p, new int[] {dim}, false);
  }

  /** Works like {@link #norm(double, int[], boolean)}, along one dimension. */
  public final Tensor norm(double p, int dim, boolean keepDim) {
    return Statistics.norm(self(), p, new int[] {dim}, keepDim);
  }

  /**
   * Works like {@link #norm(double, int[], boolean)}, over dimensions, which are removed; over all
   * of them if none are given.
   */
  public final Tensor norm(double p, int... dims) {
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
    return Statistics.norm(self());
  }

  /**
   * Computes the norm of order p of the difference of this and another tensor, broadcast; see
   * {@link Tensor#norm(double, int[], boolean)}.
   *
   * <p>PyTorch: {@code dist}.
   */
  public final Tensor dist(Tensor other, double p) {
    return Statistics.dist(self(), other, p);
  }

  /**
   * Returns the number (INT64) of elements that are not 0, over dimensions, which are removed; all
   * if none are named.
   *
   * <p>PyTorch: {@code count_nonzero}.
   */
  public final Tensor countNonzero(int... dims) {
    return Statistics.countNonzero(self(), dims);
  }

  /**
   * Computes the product of all elements; integers and BOOL are multiplied in INT64.
   *
   * <p>PyTorch: {@code prod}.
   */
  public final Tensor prod() {
    return Statistics.prod(self());
  }

  /** Works like {@link #prod(int, boolean)} with {@code keepDim = false}. */
  public final Tensor prod(int dim) {
    return Statistics.prod(self(), dim, false);
  }

  /**
   * Computes the product along one dimension, kept as size 1 if {@code keepDim}, else removed;
   * integers and BOOL are multiplied in INT64.
   *
   * <p>PyTorch: {@code prod}.
   */
  public final Tensor prod(int dim, boolean keepDim) {
    return Statistics.prod(self(), dim, keepDim);
  }

  /**
   * Computes the median of all elements; NaN if there is one: the lower one of two in the middle.
   *
   * <p>PyTorch: {@code median}.
   */
  public final Tensor median() {
    return Statistics.median(self());
  }

  /** Works like {@link #median(int, boolean)} with {@code keepDim = false}. */
  public final ValuesAndIndices median(int dim) {
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
    return Statistics.median(self(), dim, keepDim);
  }

  /**
   * Computes the median of all elements, without those that are NaN: the lower one of two in the
   * middle.
   *
   * <p>PyTorch: {@code nanmedian}.
   */
  public final Tensor nanmedian() {
    return Statistics.nanmedian(self());
  }

  /** Works like {@link #nanmedian(int, boolean)} with {@code keepDim = false}. */
  public final ValuesAndIndices nanmedian(int dim) {
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
    return Statistics.nanmedian(self(), dim, keepDim);
  }

  /**
   * Computes the quantile of all elements, linear between neighbours; NaN if there is one. See
   * {@link Tensor#quantile(Tensor, int, boolean, Interpolation)}.
   *
   * <p>PyTorch: {@code quantile}.
   */
  public final Tensor quantile(double q) {
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
    return Transfer.to(self(), device);
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
    return Transfer.to(self(), device, dtype);
  }

  /**
   * Brings this to the device and the element type of another tensor; gives this back if it has
   * both.
   *
   * <p>PyTorch: {@code to}.
   */
  public final Tensor to(Tensor other) {
    return Transfer.to(self(), other);
  }

  /**
   * Brings this to the host's memory; gives this back if it is there.
   *
   * <p>PyTorch: {@code cpu}.
   */
  public final Tensor cpu() {
    return Transfer.cpu(self());
  }

  // ---- Trigonometry

  /**
   * Computes the sine.
   *
   * <p>PyTorch: {@code sin}.
   */
  public final Tensor sin() {
    return Trigonometry.SIN.of(self());
  }

  /** Overwrites this with {@link #sin()} and gives it back. */
  public final Tensor sin_() {
    return Trigonometry.SIN.inPlace(self());
  }

  /**
   * Computes the cosine.
   *
   * <p>PyTorch: {@code cos}.
   */
  public final Tensor cos() {
    return Trigonometry.COS.of(self());
  }

  /** Overwrites this with {@link #cos()} and gives it back. */
  public final Tensor cos_() {
    return Trigonometry.COS.inPlace(self());
  }

  /**
   * Computes the tangent.
   *
   * <p>PyTorch: {@code tan}.
   */
  public final Tensor tan() {
    return Trigonometry.TAN.of(self());
  }

  /** Overwrites this with {@link #tan()} and gives it back. */
  public final Tensor tan_() {
    return Trigonometry.TAN.inPlace(self());
  }

  /**
   * Computes the inverse sine.
   *
   * <p>PyTorch: {@code asin}.
   */
  public final Tensor asin() {
    return Trigonometry.ASIN.of(self());
  }

  /** Overwrites this with {@link #asin()} and gives it back. */
  public final Tensor asin_() {
    return Trigonometry.ASIN.inPlace(self());
  }

  /**
   * Computes the inverse cosine.
   *
   * <p>PyTorch: {@code acos}.
   */
  public final Tensor acos() {
    return Trigonometry.ACOS.of(self());
  }

  /** Overwrites this with {@link #acos()} and gives it back. */
  public final Tensor acos_() {
    return Trigonometry.ACOS.inPlace(self());
  }

  /**
   * Computes the inverse tangent.
   *
   * <p>PyTorch: {@code atan}.
   */
  public final Tensor atan() {
    return Trigonometry.ATAN.of(self());
  }

  /** Overwrites this with {@link #atan()} and gives it back. */
  public final Tensor atan_() {
    return Trigonometry.ATAN.inPlace(self());
  }

  /**
   * Computes the angle of the point (other, this), from −π to π. The gradient at the origin is 0.
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code atan2}.
   */
  public final Tensor atan2(Tensor other) {
    return Trigonometry.ATAN2.of(self(), other);
  }

  /** Overwrites this with {@link #atan2(Tensor)} and gives it back. */
  public final Tensor atan2_(Tensor other) {
    return Trigonometry.ATAN2.inPlace(self(), other);
  }

  /**
   * Computes √(this² + other²).
   *
   * <p>The tensors are broadcast to one shape and promoted to one type. PyTorch: {@code hypot}.
   */
  public final Tensor hypot(Tensor other) {
    return Trigonometry.HYPOT.of(self(), other);
  }

  /** Overwrites this with {@link #hypot(Tensor)} and gives it back. */
  public final Tensor hypot_(Tensor other) {
    return Trigonometry.HYPOT.inPlace(self(), other);
  }

  /**
   * Computes the hyperbolic sine.
   *
   * <p>PyTorch: {@code sinh}.
   */
  public final Tensor sinh() {
    return Trigonometry.SINH.of(self());
  }

  /** Overwrites this with {@link #sinh()} and gives it back. */
  public final Tensor sinh_() {
    return Trigonometry.SINH.inPlace(self());
  }

  /**
   * Computes the hyperbolic cosine.
   *
   * <p>PyTorch: {@code cosh}.
   */
  public final Tensor cosh() {
    return Trigonometry.COSH.of(self());
  }

  /** Overwrites this with {@link #cosh()} and gives it back. */
  public final Tensor cosh_() {
    return Trigonometry.COSH.inPlace(self());
  }

  /**
   * Computes the inverse hyperbolic sine.
   *
   * <p>PyTorch: {@code asinh}.
   */
  public final Tensor asinh() {
    return Trigonometry.ASINH.of(self());
  }

  /** Overwrites this with {@link #asinh()} and gives it back. */
  public final Tensor asinh_() {
    return Trigonometry.ASINH.inPlace(self());
  }

  /**
   * Computes the inverse hyperbolic cosine.
   *
   * <p>PyTorch: {@code acosh}.
   */
  public final Tensor acosh() {
    return Trigonometry.ACOSH.of(self());
  }

  /** Overwrites this with {@link #acosh()} and gives it back. */
  public final Tensor acosh_() {
    return Trigonometry.ACOSH.inPlace(self());
  }

  /**
   * Computes the inverse hyperbolic tangent.
   *
   * <p>PyTorch: {@code atanh}.
   */
  public final Tensor atanh() {
    return Trigonometry.ATANH.of(self());
  }

  /** Overwrites this with {@link #atanh()} and gives it back. */
  public final Tensor atanh_() {
    return Trigonometry.ATANH.inPlace(self());
  }

  /**
   * Converts degrees to radians.
   *
   * <p>PyTorch: {@code deg2rad}.
   */
  public final Tensor deg2rad() {
    return Trigonometry.deg2rad(self());
  }

  /**
   * Overwrites this with {@link Tensor#deg2rad()} and gives it back.
   *
   * <p>PyTorch: {@code deg2rad_}.
   */
  public final Tensor deg2rad_() {
    return Trigonometry.deg2rad_(self());
  }

  /**
   * Converts radians to degrees.
   *
   * <p>PyTorch: {@code rad2deg}.
   */
  public final Tensor rad2deg() {
    return Trigonometry.rad2deg(self());
  }

  /**
   * Overwrites this with {@link Tensor#rad2deg()} and gives it back.
   *
   * <p>PyTorch: {@code rad2deg_}.
   */
  public final Tensor rad2deg_() {
    return Trigonometry.rad2deg_(self());
  }

  /**
   * Computes sin(π · this) / (π · this), 1 at 0.
   *
   * <p>PyTorch: {@code sinc}.
   */
  public final Tensor sinc() {
    return Trigonometry.sinc(self());
  }

  /** Overwrites this with {@link #sinc()} and gives it back. */
  public final Tensor sinc_() {
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
    return View.reshape(self(), shape);
  }

  /**
   * Views this in the shape of another tensor; see {@link Tensor#view(long...)}.
   *
   * <p>PyTorch: {@code view_as}.
   */
  public final Tensor viewAs(Tensor other) {
    return View.viewAs(self(), other);
  }

  /**
   * Reshapes this to the shape of another tensor; see {@link Tensor#reshape}.
   *
   * <p>PyTorch: {@code reshape_as}.
   */
  public final Tensor reshapeAs(Tensor other) {
    return View.reshapeAs(self(), other);
  }

  /**
   * Gives all elements one dimension, in row-major order: a view where strides allow it, else a
   * copy.
   *
   * <p>PyTorch: {@code ravel}.
   */
  public final Tensor ravel() {
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
    return Where.where(self(), condition, other);
  }

  // ---- Windows

  /**
   * Works like {@link #diagonal(long, int, int)} with {@code offset = 0}, {@code dim1 = 0}, {@code
   * dim2 = 1}.
   */
  public final Tensor diagonal() {
    return Windows.diagonal(self(), 0, 0, 1);
  }

  /** Works like {@link #diagonal(long, int, int)} with {@code dim1 = 0}, {@code dim2 = 1}. */
  public final Tensor diagonal(long offset) {
    return Windows.diagonal(self(), offset, 0, 1);
  }

  /** Works like {@link #diagonal(long, int, int)} with {@code dim2 = 1}. */
  public final Tensor diagonal(long offset, int dim1) {
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
    return Windows.unfold(self(), dim, size, step);
  }
}
