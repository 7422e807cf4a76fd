package dev.bellows.tensor;

import dev.bellows.ops.Contractions;
import dev.bellows.ops.Einsum;
import dev.bellows.ops.Joining;
import dev.bellows.ops.MatMul;
import dev.bellows.ops.Products;
import java.util.List;

/**
 * Products of vectors and matrices, and linear algebra. Factors must have one element type; BOOL is
 * refused.
 */
abstract sealed class TensorLinalg extends TensorIndexing permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  /**
   * Matrix product [.., m, k] · [.., k, n] → [.., m, n]; leading dimensions broadcast, a vector
   * counts as a row on the left and as a column on the right.
   */
  public final Tensor matmul(Tensor other) {
    return MatMul.of(self(), other);
  }

  /** Product of two matrices. */
  public final Tensor mm(Tensor other) {
    return Products.mm(self(), other);
  }

  /** Products of the matrices of two batches [b, m, k] and [b, k, n]. */
  public final Tensor bmm(Tensor other) {
    return Products.bmm(self(), other);
  }

  /** Product of a matrix and a vector. */
  public final Tensor mv(Tensor vector) {
    return Products.mv(self(), vector);
  }

  /** Sum of the products of corresponding elements of two vectors. */
  public final Tensor dot(Tensor other) {
    return Products.dot(self(), other);
  }

  /** As {@link #dot}: the two differ for complex numbers only. */
  public final Tensor vdot(Tensor other) {
    return Products.dot(self(), other);
  }

  /** Sums of products over the last dimension of both: [.., k] and [.., k] → [.., ..]. */
  public final Tensor inner(Tensor other) {
    return Products.inner(self(), other);
  }

  /** All products of an element of this vector and one of the other: [m] and [n] → [m, n]. */
  public final Tensor outer(Tensor other) {
    return Products.outer(self(), other);
  }

  /** As {@link #outer}. */
  public final Tensor ger(Tensor other) {
    return Products.outer(self(), other);
  }

  /** this + mat1 · mat2, for matrices. */
  public final Tensor addmm(Tensor mat1, Tensor mat2) {
    return addmm(mat1, mat2, 1, 1);
  }

  /** beta · this + alpha · (mat1 · mat2); with beta 0 the content of this does not matter. */
  public final Tensor addmm(Tensor mat1, Tensor mat2, Number beta, Number alpha) {
    return Products.addmm(self(), mat1, mat2, beta, alpha);
  }

  /** this = this + mat1 · mat2. */
  public final Tensor addmm_(Tensor mat1, Tensor mat2) {
    return addmm_(mat1, mat2, 1, 1);
  }

  /** this = beta · this + alpha · (mat1 · mat2). */
  public final Tensor addmm_(Tensor mat1, Tensor mat2, Number beta, Number alpha) {
    return Products.inPlace("addmm_", self(), addmm(mat1, mat2, beta, alpha));
  }

  /** this + matrix · vector. */
  public final Tensor addmv(Tensor matrix, Tensor vector) {
    return addmv(matrix, vector, 1, 1);
  }

  /** beta · this + alpha · (matrix · vector); with beta 0 the content of this does not matter. */
  public final Tensor addmv(Tensor matrix, Tensor vector, Number beta, Number alpha) {
    return Products.addmv(self(), matrix, vector, beta, alpha);
  }

  /** this = this + matrix · vector. */
  public final Tensor addmv_(Tensor matrix, Tensor vector) {
    return addmv_(matrix, vector, 1, 1);
  }

  /** this = beta · this + alpha · (matrix · vector). */
  public final Tensor addmv_(Tensor matrix, Tensor vector, Number beta, Number alpha) {
    return Products.inPlace("addmv_", self(), addmv(matrix, vector, beta, alpha));
  }

  /** this + the sum of the products of the matrices of two batches. */
  public final Tensor addbmm(Tensor batch1, Tensor batch2) {
    return addbmm(batch1, batch2, 1, 1);
  }

  /** beta · this + alpha · Σ batch1[i] · batch2[i]. */
  public final Tensor addbmm(Tensor batch1, Tensor batch2, Number beta, Number alpha) {
    return Products.addbmm(self(), batch1, batch2, beta, alpha);
  }

  /** this = this + the sum of the products of the matrices of two batches. */
  public final Tensor addbmm_(Tensor batch1, Tensor batch2) {
    return addbmm_(batch1, batch2, 1, 1);
  }

  /** this = beta · this + alpha · Σ batch1[i] · batch2[i]. */
  public final Tensor addbmm_(Tensor batch1, Tensor batch2, Number beta, Number alpha) {
    return Products.inPlace("addbmm_", self(), addbmm(batch1, batch2, beta, alpha));
  }

  /** this + the products of the matrices of two batches. */
  public final Tensor baddbmm(Tensor batch1, Tensor batch2) {
    return baddbmm(batch1, batch2, 1, 1);
  }

  /** beta · this + alpha · (batch1 · batch2); with beta 0 the content of this does not matter. */
  public final Tensor baddbmm(Tensor batch1, Tensor batch2, Number beta, Number alpha) {
    return Products.baddbmm(self(), batch1, batch2, beta, alpha);
  }

  /** this = this + the products of the matrices of two batches. */
  public final Tensor baddbmm_(Tensor batch1, Tensor batch2) {
    return baddbmm_(batch1, batch2, 1, 1);
  }

  /** this = beta · this + alpha · (batch1 · batch2). */
  public final Tensor baddbmm_(Tensor batch1, Tensor batch2, Number beta, Number alpha) {
    return Products.inPlace("baddbmm_", self(), baddbmm(batch1, batch2, beta, alpha));
  }

  /** this + {@link #outer} of two vectors. */
  public final Tensor addr(Tensor vector1, Tensor vector2) {
    return addr(vector1, vector2, 1, 1);
  }

  /** beta · this + alpha · {@link #outer} of two vectors; types are promoted. */
  public final Tensor addr(Tensor vector1, Tensor vector2, Number beta, Number alpha) {
    return Products.addr(self(), vector1, vector2, beta, alpha);
  }

  /** this = this + {@link #outer} of two vectors. */
  public final Tensor addr_(Tensor vector1, Tensor vector2) {
    return addr_(vector1, vector2, 1, 1);
  }

  /** this = beta · this + alpha · {@link #outer} of two vectors. */
  public final Tensor addr_(Tensor vector1, Tensor vector2, Number beta, Number alpha) {
    return Products.inPlace("addr_", self(), addr(vector1, vector2, beta, alpha));
  }

  /** {@link #matmul} written to a tensor of its shape. */
  public static Tensor matmulOut(Tensor out, Tensor lhs, Tensor rhs) {
    return Joining.into("matmul", out, lhs.matmul(rhs));
  }

  /** {@link #mm} written to a tensor of its shape. */
  public static Tensor mmOut(Tensor out, Tensor lhs, Tensor rhs) {
    return Joining.into("mm", out, lhs.mm(rhs));
  }

  /** {@link #bmm} written to a tensor of its shape. */
  public static Tensor bmmOut(Tensor out, Tensor lhs, Tensor rhs) {
    return Joining.into("bmm", out, lhs.bmm(rhs));
  }

  /** Product of one or more matrices, in the order that needs the fewest multiplications. */
  public static Tensor chainMatmul(List<Tensor> matrices) {
    return Contractions.chainMatmul(matrices);
  }

  /** Kronecker product: every element of this times all of the other. */
  public final Tensor kron(Tensor other) {
    return Contractions.kron(self(), other);
  }

  /** Sums of products over the last {@code dims} dimensions of a and the first of b. */
  public static Tensor tensordot(Tensor a, Tensor b, int dims) {
    return Contractions.tensordot(a, b, dims);
  }

  /** Sums of products over dimension {@code dimsA[i]} of a and {@code dimsB[i]} of b together. */
  public static Tensor tensordot(Tensor a, Tensor b, int[] dimsA, int[] dimsB) {
    return Contractions.tensordot(a, b, dimsA, dimsB);
  }

  /**
   * Sums of products in Einstein's notation, as {@code "bij,bjk->bik"}: each letter names a
   * dimension, a letter twice in one operand takes a diagonal, letters missing from the result are
   * summed, {@code ...} stands for leading dimensions that broadcast. Without {@code ->} the result
   * has the letters that occur once, in alphabetical order, capitals first.
   *
   * @throws IllegalArgumentException if the equation is none or does not fit the operands
   */
  public static Tensor einsum(String equation, Tensor... operands) {
    return Einsum.of(equation, operands);
  }

  /** Product of 3-vectors along the first dimension of size 3. */
  public final Tensor cross(Tensor other) {
    return Products.cross(self(), other);
  }

  /** Product of 3-vectors that lie along a dimension; others broadcast. */
  public final Tensor cross(Tensor other, int dim) {
    return Products.cross(self(), other, dim);
  }

  /** Sum of the main diagonal of a matrix. */
  public final Tensor trace() {
    return Products.trace(self());
  }

  /** Distances between the rows of this [.., m, k] and of the other [.., n, k] → [.., m, n]. */
  public final Tensor cdist(Tensor other) {
    return cdist(other, 2);
  }

  /** Distances in the norm of order p ≥ 0, which may be infinite. */
  public final Tensor cdist(Tensor other, double p) {
    return Products.cdist(self(), other, p);
  }
}
