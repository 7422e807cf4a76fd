package dev.bellows.ops;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.autograd.GradMode;
import dev.bellows.backend.ReduceOp;
import dev.bellows.backend.ScanOp;
import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;

/**
 * Running sums, products and log-sums of exponentials along a dimension, from either end.
 * Gradients: a running sum g of the gradients from the other end; for products Σᵢ≥ₖ gᵢ·yᵢ/xₖ, or
 * where there are zeros the products without xₖ; for log-sums Σᵢ≥ₖ gᵢ·eˣₖ⁻ʸᵢ.
 */
public final class Scan extends EngineFunction {
  private final ScanOp op;
  private final int dim;
  private final boolean reverse;
  private final boolean inPlace;

  private Scan(ScanOp op, int dim, boolean reverse, boolean inPlace) {
    this.op = op;
    this.dim = dim;
    this.reverse = reverse;
    this.inPlace = inPlace;
  }

  /** Computes the running sum along a dimension; integers and BOOL are summed in INT64. */
  public static Tensor cumsum(Tensor self, int dim) {
    return sums(self, dim, false);
  }

  /** Overwrites this with {@link Tensor#cumsum(int)} and gives it back. */
  public static Tensor cumsum_(Tensor self, int dim) {
    return inPlace(ScanOp.SUM, "cumsum", self, dim);
  }

  /** Computes the running sum, from the end if {@code reverse}. */
  static Tensor sums(Tensor self, int dim, boolean reverse) {
    return of(ScanOp.SUM, "cumsum", whole(self), dim, reverse);
  }

  /** Computes the running product along a dimension; integers and BOOL are multiplied in INT64. */
  public static Tensor cumprod(Tensor self, int dim) {
    return of(ScanOp.PROD, "cumprod", whole(self), dim, false);
  }

  /** Overwrites this with {@link Tensor#cumprod(int)} and gives it back. */
  public static Tensor cumprod_(Tensor self, int dim) {
    return inPlace(ScanOp.PROD, "cumprod", self, dim);
  }

  private static Tensor inPlace(ScanOp op, String name, Tensor self, int dim) {
    int d = Dims.wrap(name, dim, self.dim());
    Overwriting.check(name + "_", self);
    if (!self.dtype().isFloatingPoint() && self.dtype() != DType.INT64) {
      return Overwriting.with(name + "_", self, x -> of(op, name, whole(x), d, false));
    }
    new Scan(op, d, false, true).apply(self.dim() == 0 ? self.unsqueeze(0) : self);
    return self;
  }

  /**
   * Computes the logarithm of the running sum of exponentials along a dimension.
   *
   * @throws IllegalArgumentException if this is not floating point
   */
  public static Tensor logCumSumExp(Tensor self, int dim) {
    return logSumExps(self, dim, false);
  }

  /** Computes the logarithm of the running sum of exponentials, from the end if {@code reverse}. */
  private static Tensor logSumExps(Tensor self, int dim, boolean reverse) {
    Types.same("logCumSumExp", self);
    return of(ScanOp.LOG_ADD_EXP, "logCumSumExp", self, dim, reverse);
  }

  private static Tensor whole(Tensor x) {
    return x.dtype().isFloatingPoint() ? x : x.to(DType.INT64);
  }

  private static Tensor of(ScanOp op, String name, Tensor x, int dim, boolean reverse) {
    int d = Dims.wrap(name, dim, x.dim());
    if (x.dim() == 0) { // the running result of one element
      return x.clone();
    }
    return new Scan(op, d, reverse, false).apply(x);
  }

  /** Returns the places of the running maximum or minimum. */
  static Tensor places(boolean max, Tensor x, int dim) {
    Tensor out = Internals.allocate(x.device(), DType.INT64, x.shape());
    Internals.kernels(x).argScan(max, x.strided(), dim, out.strided());
    Reference.reachabilityFence(x);
    return out;
  }

  @Override
  public String name() {
    return switch (op) {
      case SUM -> "cumsum";
      case PROD -> "cumprod";
      case LOG_ADD_EXP -> "logCumSumExp";
    };
  }

  @Override
  protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
    Strided x = in[0].strided();
    Tensor out = in[0];
    if (inPlace) {
      ctx.markDirty(name() + "_", out);
      ctx.overwrites(out);
    } else {
      out = Internals.allocate(x.device(), x.dtype(), x.sizes());
    }
    if (op != ScanOp.SUM) {
      ctx.saveForBackward(in[0]);
    }
    ctx.overwrites(null);
    if (inPlace) {
      out.storage().bumpVersion();
    }
    Internals.kernels(out).scan(op, x, dim, reverse, out.strided());
    if (op != ScanOp.SUM) {
      ctx.saveForBackward(out);
    }
    return new Tensor[] {out};
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor gradOut = gradOutputs[0];
    return new Tensor[] {
      switch (op) {
        case SUM -> sums(gradOut, dim, !reverse);
        case PROD -> prodGrad(gradOut, ctx.saved(0), ctx.saved(1));
        case LOG_ADD_EXP -> logGrad(gradOut, ctx.saved(0), ctx.saved(1));
      }
    };
  }

  private Tensor prodGrad(Tensor g, Tensor x, Tensor y) {
    long n = x.size(dim);
    if (x.numel() <= 1 || n == 1) {
      return g;
    }
    Tensor zeros = x.detach().eq(0);
    if (zeros.any().item() == 0) {
      return sums(g.mul(y), dim, true).div(x);
    }
    return GradMode.isEnabled() ? prodGradTwice(g, x, n) : prodGradOnce(g, x, y, zeros);
  }

  /**
   * Computes the gradient: before the first 0 as without zeros; at it g times the products without
   * it, up to the second; then nothing, since all products are 0.
   */
  private Tensor prodGradOnce(Tensor g, Tensor x, Tensor y, Tensor zeros) {
    Tensor none = Tensor.zerosLike(g);
    Tensor count = sums(whole(zeros), dim, false);
    Tensor before = count.eq(0);
    Tensor gradBefore = sums(Tensor.where(before, g.mul(y), none), dim, true).div(x);
    Tensor isFirst = zeros.logicalAnd(count.eq(1));
    Tensor after = count.eq(1).logicalAnd(isFirst.logicalNot());
    Tensor withoutIt = cumprod(Tensor.where(after, x, Tensor.onesLike(x)), dim);
    Tensor sums = withoutIt.mul(Tensor.where(count.eq(1), g, none)).sum(dim, true);
    Tensor upToIt = cumprod(Tensor.where(before, x, Tensor.onesLike(x)), dim);
    Tensor gradFirst = Tensor.where(isFirst, sums.mul(upToIt), none);
    return Tensor.where(before, gradBefore, gradFirst);
  }

  /**
   * Computes the gradient with products that leave one factor out, so that it has a gradient
   * itself.
   */
  private Tensor prodGradTwice(Tensor g, Tensor x, long n) {
    List<Tensor> parts = new ArrayList<>();
    Tensor one = Tensor.onesLike(x.narrow(dim, 0, 1).detach());
    for (long k = 0; k < n; k++) {
      Tensor upTo = k == 0 ? one : Reduce.of(ReduceOp.PROD, x.narrow(dim, 0, k), true, dim);
      Tensor without = upTo;
      if (k < n - 1) {
        Tensor after = cumprod(x.narrow(dim, k + 1, n - k - 1), dim);
        without = Cat.of(List.of(upTo, k == 0 ? after : upTo.mul(after)), dim);
      }
      parts.add(g.narrow(dim, k, n - k).mul(without).sum(dim, true));
    }
    return Cat.of(parts, dim);
  }

  private Tensor logGrad(Tensor g, Tensor x, Tensor y) {
    return x.numel() == 0 ? g : logPart(g, x, y).sub(logPart(g.neg(), x, y));
  }

  /** Computes Σ of the positive gᵢ·eˣₖ⁻ʸᵢ, by logarithms so that nothing overflows. */
  private Tensor logPart(Tensor g, Tensor x, Tensor y) {
    Tensor none = Tensor.fullLike(g, -g.dtype().largest());
    Tensor logs = Tensor.where(g.detach().gt(0), g.log(), none).sub(y);
    return logSumExps(logs, dim, !reverse).add(x).exp();
  }
}
