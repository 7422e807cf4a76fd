package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.Function;
import dev.bellows.autograd.FunctionContext;
import dev.bellows.tensor.Tensor;

/**
 * Decompositions of matrices and what follows from them, for {@code Linalg}. Gradients: Giles, An
 * extended collection of matrix derivative results, 2008; of QR: Walter and Lehmann, 2018.
 */
public final class Decompositions {
  private Decompositions() {}

  /** The inverse Y; g ↦ −Yᵀ·g·Yᵀ. */
  public static final class Inverse extends Function {
    @Override
    protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
      Lapack a = new Lapack("linalg.inv", in[0]);
      int n = a.rows;
      double[] all = new double[a.matrices * n * n];
      for (int i = 0; i < a.matrices; i++) {
        double[] x = new double[n * n];
        for (int k = 0; k < n; k++) {
          x[k * n + k] = 1;
        }
        a.solve(i, x, n, "the inversion could not be completed");
        System.arraycopy(x, 0, all, i * n * n, n * n);
      }
      Tensor y = a.matrices(all, n, n);
      ctx.saveForBackward(y);
      return new Tensor[] {y};
    }

    @Override
    protected Tensor[] backward(FunctionContext ctx, Tensor... g) {
      Tensor yt = ctx.savedTensors()[0].mT();
      return new Tensor[] {yt.matmul(g[0]).matmul(yt).neg()};
    }
  }

  /** X with A·X = B; gradients A⁻ᵀ·g of B and −A⁻ᵀ·g·Xᵀ of A. */
  public static final class Solve extends Function {
    @Override
    protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
      Lapack a = new Lapack("linalg.solve", in[0]);
      Lapack b = new Lapack("linalg.solve", in[1]);
      int size = b.rows * b.columns;
      double[] all = new double[b.matrices * size];
      for (int i = 0; i < b.matrices; i++) {
        double[] x = b.matrix(i);
        a.solve(i, x, b.columns, "the solve could not be completed");
        System.arraycopy(x, 0, all, i * size, size);
      }
      Tensor x = b.matrices(all, b.rows, b.columns);
      ctx.saveForBackward(in[0], x);
      return new Tensor[] {x};
    }

    @Override
    protected Tensor[] backward(FunctionContext ctx, Tensor... g) {
      Tensor[] saved = ctx.savedTensors();
      Tensor gb = new Solve().apply(saved[0].mT(), g[0]);
      return new Tensor[] {gb.matmul(saved[1].mT()).neg(), gb};
    }
  }

  /** Sign and logarithm of the absolute value of the determinant; g ↦ g·A⁻ᵀ. */
  public static final class SlogDet extends Function {
    @Override
    protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
      Lapack a = new Lapack("linalg.slogdet", in[0]);
      double[] signs = new double[a.matrices];
      double[] logs = new double[a.matrices];
      for (int i = 0; i < a.matrices; i++) {
        double[] factors = a.matrix(i);
        signs[i] = a.factorise(factors);
        for (int k = 0; k < a.rows; k++) {
          double pivot = factors[k * a.rows + k];
          signs[i] *= Math.signum(pivot);
          logs[i] += StrictMath.log(Math.abs(pivot));
        }
      }
      ctx.saveForBackward(in[0]);
      return new Tensor[] {a.vectors(signs), a.vectors(logs)};
    }

    @Override
    protected Tensor[] backward(FunctionContext ctx, Tensor... g) {
      Tensor inverse = new Inverse().apply(ctx.savedTensors()[0]);
      return new Tensor[] {g[1].unsqueeze(-1).unsqueeze(-1).mul(inverse.mT())};
    }
  }

  /** The lower triangle L with A = L·Lᵀ; g ↦ ½·L⁻ᵀ·(Φ + Φᵀ)·L⁻¹ with Φ the lower half of Lᵀ·g. */
  public static final class Cholesky extends Function {
    @Override
    protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
      Lapack a = new Lapack("linalg.cholesky", in[0]);
      int size = a.rows * a.rows;
      double[] all = new double[a.matrices * size];
      for (int i = 0; i < a.matrices; i++) {
        System.arraycopy(a.cholesky(i), 0, all, i * size, size);
      }
      Tensor l = a.matrices(all, a.rows, a.rows);
      ctx.saveForBackward(l);
      return new Tensor[] {l};
    }

    @Override
    protected Tensor[] backward(FunctionContext ctx, Tensor... g) {
      Tensor l = ctx.savedTensors()[0];
      Tensor phi = l.mT().matmul(g[0]).tril(0);
      phi = phi.add(phi.tril(-1).mT()).mul(0.5);
      Tensor inverse = new Inverse().apply(l);
      return new Tensor[] {inverse.mT().matmul(phi).matmul(inverse)};
    }
  }

  /** Q and R with A = Q·R, reduced. */
  public static final class Qr extends Function {
    @Override
    protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
      Lapack a = new Lapack("linalg.qr", in[0]);
      int k = Math.min(a.rows, a.columns);
      double[] q = new double[a.matrices * a.rows * k];
      double[] r = new double[a.matrices * k * a.columns];
      for (int i = 0; i < a.matrices; i++) {
        double[] qi = new double[a.rows * k];
        double[] ri = new double[k * a.columns];
        a.qr(i, qi, ri);
        System.arraycopy(qi, 0, q, i * qi.length, qi.length);
        System.arraycopy(ri, 0, r, i * ri.length, ri.length);
      }
      Tensor outQ = a.matrices(q, a.rows, k);
      Tensor outR = a.matrices(r, k, a.columns);
      ctx.saveForBackward(outQ, outR);
      return new Tensor[] {outQ, outR};
    }

    @Override
    protected Tensor[] backward(FunctionContext ctx, Tensor... g) {
      Tensor q = ctx.savedTensors()[0];
      Tensor r = ctx.savedTensors()[1];
      if (q.size(-2) < r.size(-1)) {
        throw new UnsupportedOperationException(
            message(
                "linalg.qr: The QR decomposition is not differentiable when there are more columns"
                    + " than rows; got %s",
                new long[] {q.size(-2), r.size(-1)}));
      }
      Tensor m = r.matmul(g[1].mT()).sub(g[0].mT().matmul(q));
      Tensor lower = m.tril(-1);
      Tensor symmetric = m.tril(0).add(lower.mT());
      Tensor b = g[0].add(q.matmul(symmetric));
      return new Tensor[] {b.matmul(new Inverse().apply(r).mT())};
    }
  }

  /**
   * Checks what a decomposition is given.
   *
   * @throws IllegalArgumentException if it is no batch of (square) FLOAT32 or FLOAT64 matrices
   */
  public static Tensor checked(String name, Tensor a, boolean square) {
    Lapack.check(name, a, square);
    return a;
  }
}
