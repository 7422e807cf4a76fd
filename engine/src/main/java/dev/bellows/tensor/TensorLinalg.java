package dev.bellows.tensor;

import dev.bellows.ops.Contractions;
import dev.bellows.ops.MatMul;
import dev.bellows.ops.Products;

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

  /** Kronecker product: every element of this times all of the other. */
  public final Tensor kron(Tensor other) {
    return Contractions.kron(self(), other);
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
