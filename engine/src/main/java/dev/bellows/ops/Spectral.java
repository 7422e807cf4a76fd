package dev.bellows.ops;

import dev.bellows.autograd.Function;
import dev.bellows.autograd.FunctionContext;
import dev.bellows.tensor.Tensor;

/**
 * Decompositions into values and vectors, for {@code Linalg}. Where only the values have a gradient
 * it is finite for equal values too; the gradient of vectors divides by the values' differences.
 */
public final class Spectral {
  private Spectral() {}

  /** Computes values [.., n] → [.., n, n]: each value of a column less that of a row. */
  private static Tensor gaps(Tensor values) {
    return values.unsqueeze(-2).sub(values.unsqueeze(-1));
  }

  /** Computes values [.., n] → the unit matrix [n, n]. */
  private static Tensor unit(Tensor values) {
    long n = values.size(-1);
    return Tensor.on(values.device()).eye(n, n, values.dtype());
  }

  /** U, S and Vᵀ with A = U·diag(S)·Vᵀ, reduced. */
  public static final class Svd extends Function {
    @Override
    protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
      Lapack a = new Lapack("linalg.svd", in[0]);
      int k = Math.min(a.rows, a.columns);
      double[] u = new double[a.matrices * a.rows * k];
      double[] s = new double[a.matrices * k];
      double[] vt = new double[a.matrices * k * a.columns];
      for (int i = 0; i < a.matrices; i++) {
        double[] ui = new double[a.rows * k];
        double[] si = new double[k];
        double[] vi = new double[k * a.columns];
        a.svd(i, ui, si, vi);
        System.arraycopy(ui, 0, u, i * ui.length, ui.length);
        System.arraycopy(si, 0, s, i * si.length, si.length);
        System.arraycopy(vi, 0, vt, i * vi.length, vi.length);
      }
      Tensor[] out = {a.matrices(u, a.rows, k), a.vectors(s, k), a.matrices(vt, k, a.columns)};
      ctx.saveForBackward(out);
      ctx.setMaterializeGrads(false);
      return out;
    }

    /**
     * Computes u · ((skew(uᵀ·gu)/e)·s + s·(skew(vt·gvᵀ)/e) + gs) · vt, and what lies outside of u
     * and v.
     */
    @Override
    protected Tensor[] backward(FunctionContext ctx, Tensor... g) {
      Tensor u = ctx.savedTensors()[0];
      Tensor s = ctx.savedTensors()[1];
      Tensor vt = ctx.savedTensors()[2];
      if (g[0] == null && g[2] == null) {
        return new Tensor[] {g[1] == null ? null : u.mul(g[1].unsqueeze(-2)).matmul(vt)};
      }
      Tensor e = gaps(s.mul(s)).add(unit(s));
      Tensor core = g[1] == null ? Tensor.zerosLike(e) : g[1].diagEmbed(0);
      if (g[0] != null) {
        core = core.add(skew(u.mT().matmul(g[0])).div(e).mul(s.unsqueeze(-2)));
      }
      if (g[2] != null) {
        core = core.add(skew(vt.matmul(g[2].mT())).div(e).mul(s.unsqueeze(-1)));
      }
      Tensor grad = u.matmul(core).matmul(vt);
      if (g[0] != null && u.size(-2) > s.size(-1)) {
        Tensor outside = g[0].sub(u.matmul(u.mT().matmul(g[0])));
        grad = grad.add(outside.div(s.unsqueeze(-2)).matmul(vt));
      }
      if (g[2] != null && vt.size(-1) > s.size(-1)) {
        Tensor outside = g[2].sub(g[2].matmul(vt.mT()).matmul(vt));
        grad = grad.add(u.matmul(outside.div(s.unsqueeze(-1))));
      }
      return new Tensor[] {grad};
    }

    private static Tensor skew(Tensor x) {
      return x.sub(x.mT());
    }
  }

  /** Eigenvalues, ascending, and eigenvectors of symmetric matrices. */
  public static final class Eigh extends Function {
    @Override
    protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
      Lapack a = new Lapack("linalg.eigh", in[0]);
      int n = a.rows;
      double[] values = new double[a.matrices * n];
      double[] vectors = new double[a.matrices * n * n];
      for (int i = 0; i < a.matrices; i++) {
        double[] w = new double[n];
        System.arraycopy(a.eigh(i, w), 0, vectors, i * n * n, n * n);
        System.arraycopy(w, 0, values, i * n, n);
      }
      Tensor[] out = {a.vectors(values, n), a.matrices(vectors, n, n)};
      ctx.saveForBackward(out);
      ctx.setMaterializeGrads(false);
      return out;
    }

    @Override
    protected Tensor[] backward(FunctionContext ctx, Tensor... g) {
      Tensor w = ctx.savedTensors()[0];
      Tensor v = ctx.savedTensors()[1];
      if (g[1] == null) {
        return new Tensor[] {g[0] == null ? null : v.mul(g[0].unsqueeze(-2)).matmul(v.mT())};
      }
      Tensor diagonal = unit(w);
      Tensor core = v.mT().matmul(g[1]).div(gaps(w).add(diagonal)).mul(diagonal.rsub(1));
      core = g[0] == null ? core : core.add(g[0].diagEmbed(0));
      return new Tensor[] {v.matmul(core).matmul(v.mT())};
    }
  }
}
