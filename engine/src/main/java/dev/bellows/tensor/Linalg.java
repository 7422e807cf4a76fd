package dev.bellows.tensor;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.Shapes;
import dev.bellows.ops.Decompositions;
import dev.bellows.ops.Spectral;
import java.util.Arrays;

/**
 * Linear algebra on batches of FLOAT32 or FLOAT64 matrices, the last two dimensions. Singular
 * matrices and the like are an {@link IllegalArgumentException} that names the matrix. Computed in
 * FLOAT64 by LAPACK. Source: {@code torch.linalg}.
 */
public final class Linalg {
  private Linalg() {}

  /** Singular values and vectors: a = u · diag(s) · vh. */
  public record SvdResult(Tensor u, Tensor s, Tensor vh) {}

  /** a = q · r with orthonormal columns in q, r upper triangular. */
  public record QrResult(Tensor q, Tensor r) {}

  /** Eigenvalues, ascending, and eigenvectors, in columns. */
  public record EighResult(Tensor eigenvalues, Tensor eigenvectors) {}

  /** The sign, and the logarithm of the absolute value. */
  public record SlogdetResult(Tensor sign, Tensor logabsdet) {}

  /** Returns the inverse of square matrices. */
  public static Tensor inv(Tensor a) {
    return new Decompositions.Inverse().apply(Decompositions.checked("linalg.inv", a, true));
  }

  /**
   * Computes x with a · x = b; b is a batch of matrices, broadcast with a's, or of vectors where it
   * has one dimension, or a's shape less the last.
   */
  public static Tensor solve(Tensor a, Tensor b) {
    Decompositions.checked("linalg.solve", a, true);
    long[] vector = Arrays.copyOf(a.shape(), a.dim() - 1);
    boolean isVector = b.dim() == 1 || Arrays.equals(b.shape(), vector);
    Tensor columns = isVector ? b.unsqueeze(-1) : b;
    Decompositions.checked("linalg.solve", columns, false);
    if (columns.size(-2) != a.size(-1) || columns.dtype() != a.dtype()) {
      throw new IllegalArgumentException(
          message(
              "linalg.solve: b must have a's dtype and as many rows; got a %s%s, b %s%s",
              a.dtype(), a.shape(), b.dtype(), b.shape()));
    }
    long[] batch =
        Shapes.broadcast(
            "linalg.solve",
            Arrays.copyOf(a.shape(), a.dim() - 2),
            Arrays.copyOf(columns.shape(), columns.dim() - 2));
    Tensor x =
        new Decompositions.Solve()
            .apply(
                a.expand(with(batch, a.size(-2), a.size(-1))),
                columns.expand(with(batch, columns.size(-2), columns.size(-1))));
    return isVector ? x.squeeze(-1) : x;
  }

  private static long[] with(long[] batch, long rows, long columns) {
    long[] shape = Arrays.copyOf(batch, batch.length + 2);
    shape[batch.length] = rows;
    shape[batch.length + 1] = columns;
    return shape;
  }

  /** Computes the sign and logarithm of the determinants. */
  public static SlogdetResult slogdet(Tensor a) {
    Decompositions.checked("linalg.slogdet", a, true);
    Tensor[] out = new Decompositions.SlogDet().applyAll(a);
    return new SlogdetResult(out[0], out[1]);
  }

  /** Returns the determinants of square matrices; has no gradient where one is 0. */
  public static Tensor det(Tensor a) {
    Decompositions.checked("linalg.det", a, true);
    SlogdetResult result = slogdet(a);
    return result.sign().mul(result.logabsdet().exp());
  }

  /** Computes l, lower triangular, with a = l · lᵀ for symmetric positive definite matrices. */
  public static Tensor cholesky(Tensor a) {
    return new Decompositions.Cholesky().apply(Decompositions.checked("linalg.cholesky", a, true));
  }

  /**
   * Returns the reduced QR decomposition; has a gradient where there are no more columns than rows.
   */
  public static QrResult qr(Tensor a) {
    Tensor[] out = new Decompositions.Qr().applyAll(Decompositions.checked("linalg.qr", a, false));
    return new QrResult(out[0], out[1]);
  }

  /**
   * Returns the reduced singular value decomposition; vectors have gradients if the values differ,
   * values always.
   */
  public static SvdResult svd(Tensor a) {
    Tensor[] out = new Spectral.Svd().applyAll(Decompositions.checked("linalg.svd", a, false));
    return new SvdResult(out[0], out[1], out[2]);
  }

  /** Returns the singular values, descending; equal ones have gradients too. */
  public static Tensor svdvals(Tensor a) {
    return svd(a).s();
  }

  /**
   * Returns the eigenvalues and eigenvectors of symmetric matrices, of which the lower triangles
   * are read; the vectors have gradients if the values differ, values always.
   */
  public static EighResult eigh(Tensor a) {
    Tensor[] out = new Spectral.Eigh().applyAll(Decompositions.checked("linalg.eigh", a, true));
    return new EighResult(out[0], out[1]);
  }
}
