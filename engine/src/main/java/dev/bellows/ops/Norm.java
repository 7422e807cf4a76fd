package dev.bellows.ops;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.backend.ReduceOp;
import dev.bellows.tensor.Tensor;

/**
 * (Σ |x|ᵖ)¹ᐟᵖ over dimensions; for p = 0 how many are not 0, for infinite p the largest or smallest
 * |x|. Gradient: g·sgn(x)·(|x|/y)ᵖ⁻¹, 0 where y is 0, and for p below 1 where x is; for infinite p
 * g shared by all that are as large.
 */
final class Norm extends EngineFunction {
  private final double p;
  private final int[] dims;

  private Norm(double p, int... dims) {
    this.p = p;
    this.dims = dims;
  }

  /** Returns the norm over dimensions, all if none. */
  static Tensor of(Tensor x, double p, int[] dims, boolean keepDim) {
    return Reduce.kept("norm", new Norm(p, dims).apply(x), keepDim, x, dims);
  }

  @Override
  public String name() {
    return "norm";
  }

  @Override
  protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
    ctx.saveForBackward(in[0]);
    Tensor out = value(in[0]);
    ctx.saveForBackward(out);
    return new Tensor[] {out};
  }

  private Tensor value(Tensor x) {
    if (p == 0) {
      return reduce(ReduceOp.SUM, x.ne(0).to(x.dtype()));
    } else if (p == 1) {
      return reduce(ReduceOp.SUM, x.abs());
    } else if (p == 2) {
      return reduce(ReduceOp.SUM, x.mul(x)).sqrt();
    } else if (Double.isInfinite(p)) {
      boolean empty = x.numel() == 0 && p > 0;
      return reduce(empty ? ReduceOp.SUM : p > 0 ? ReduceOp.MAX : ReduceOp.MIN, x.abs());
    }
    return reduce(ReduceOp.SUM, x.abs().pow(p)).pow(1 / p);
  }

  private Tensor reduce(ReduceOp op, Tensor x) {
    return Reduce.of(op, x, true, dims);
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor gradOut = gradOutputs[0];
    return new Tensor[] {grad(gradOut, ctx.saved(0), ctx.saved(1))};
  }

  private Tensor grad(Tensor g, Tensor x, Tensor y) {
    if (p == 0) {
      return Tensor.zerosLike(x);
    } else if (p == 1) {
      return x.sign().mul(g);
    } else if (p == 2) {
      return g.mul(zeroWhere(y.eq(0).expand(x.shape()), x.div(y)));
    } else if (Double.isInfinite(p)) {
      Tensor isExtreme = x.abs().eq(y).logicalOr(x.isnan().logicalAnd(y.isnan())).to(x.dtype());
      return x.sign().mul(g.div(isExtreme.sum(dims, true)).mul(isExtreme));
    } else if (p < 1) {
      Tensor scaled = x.sign().mul(zeroWhere(x.eq(0), x.abs().pow(p - 1)));
      return scaled.mul(g).mul(y.pow(1 - p));
    }
    Tensor scaled = p < 2 ? x.sign().mul(x.abs().pow(p - 1)) : x.mul(x.abs().pow(p - 2));
    return scaled.mul(zeroWhere(y.eq(0), g.div(y.pow(p - 1))));
  }

  private static Tensor zeroWhere(Tensor mask, Tensor x) {
    return Tensor.where(mask, Tensor.zerosLike(x), x);
  }
}
