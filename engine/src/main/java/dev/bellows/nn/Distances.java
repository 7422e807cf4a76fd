package dev.bellows.nn;

import dev.bellows.ops.Default;
import dev.bellows.tensor.Tensor;

/** Distances and similarities of vectors. */
final class Distances {
  private Distances() {}

  /**
   * Computes the norm of x1 − x2 + eps over the last dimension.
   *
   * @param p of the norm; default 2
   * @param eps default 1e-6
   * @param keepDim whether the dimension is kept as size 1; default false
   */
  public static Tensor pairwiseDistance(
      Tensor x1,
      Tensor x2,
      @Default("2") double p,
      @Default("1e-6") double eps,
      @Default("false") boolean keepDim) {
    return x1.sub(x2).add(eps).norm(p, -1, keepDim);
  }

  /**
   * Computes Σ x1 · x2 / (max(‖x1‖, eps) · max(‖x2‖, eps)) along a dimension.
   *
   * @param dim default 1
   * @param eps default 1e-8
   */
  public static Tensor cosineSimilarity(
      Tensor x1, Tensor x2, @Default("1") int dim, @Default("1e-8") double eps) {
    return normalize(x1, 2, dim, eps).mul(normalize(x2, 2, dim, eps)).sum(dim);
  }

  /**
   * Divides x by the larger of its norm along a dimension and eps.
   *
   * @param p of the norm; default 2
   * @param dim default 1
   * @param eps default 1e-12
   */
  public static Tensor normalize(
      Tensor x, @Default("2") double p, @Default("1") int dim, @Default("1e-12") double eps) {
    return x.div(x.norm(p, dim, true).clampMin(eps));
  }

  /**
   * Computes the distances of norm p between all pairs of rows i &lt; j.
   *
   * @param x [n, d]
   * @param p not negative; default 2
   * @return [n · (n − 1) / 2]
   * @throws IllegalArgumentException if x is not a matrix
   */
  public static Tensor pdist(Tensor x, @Default("2") double p) {
    if (x.dim() != 2) {
      throw new IllegalArgumentException(
          "pdist: pdist only supports 2D tensors, got: " + x.dim() + "D");
    }
    int n = Math.toIntExact(x.size(0));
    long[] first = new long[n * (n - 1) / 2];
    long[] second = new long[first.length];
    int at = 0;
    for (int i = 0; i < n; i++) {
      for (int j = i + 1; j < n; j++) {
        first[at] = i;
        second[at++] = j;
      }
    }
    Tensor left = x.indexSelect(0, Tensor.of(first).to(x.device()));
    Tensor right = x.indexSelect(0, Tensor.of(second).to(x.device()));
    return left.sub(right).norm(p, 1);
  }
}
