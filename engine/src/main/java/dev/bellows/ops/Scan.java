package dev.bellows.ops;

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
public final class Scan extends Op {
  private final ScanOp op;
  private final int dim;
  private final boolean reverse;

  private Scan(ScanOp op, int dim, boolean reverse) {
    this.op = op;
    this.dim = dim;
    this.reverse = reverse;
  }

  /** Running sum; whole numbers and BOOL in INT64. */
  public static Tensor sum(Tensor x, int dim, boolean reverse) {
    return of(ScanOp.SUM, "cumsum", whole(x), dim, reverse);
  }

  /** Running product; whole numbers and BOOL in INT64. */
  public static Tensor prod(Tensor x, int dim) {
    return of(ScanOp.PROD, "cumprod", whole(x), dim, false);
  }

  /** Logarithm of the running sum of exponentials; floating point only. */
  public static Tensor logSumExp(Tensor x, int dim, boolean reverse) {
    Types.same("logCumSumExp", x);
    return of(ScanOp.LOG_ADD_EXP, "logCumSumExp", x, dim, reverse);
  }

  private static Tensor whole(Tensor x) {
    return x.dtype().isFloatingPoint() ? x : x.to(DType.INT64);
  }

  private static Tensor of(ScanOp op, String name, Tensor x, int dim, boolean reverse) {
    int d = Dims.wrap(name, dim, x.dim());
    if (x.dim() == 0) {
      return new Scan(op, 0, reverse).apply(x.reshape(1)).reshape();
    }
    return new Scan(op, d, reverse).apply(x);
  }

  /** Places of the running maximum or minimum. */
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
  protected Tensor forward(OpContext ctx, Tensor... in) {
    Strided x = in[0].strided();
    Tensor out = Internals.allocate(x.device(), x.dtype(), x.sizes());
    Internals.kernels(out).scan(op, x, dim, reverse, out.strided());
    if (op != ScanOp.SUM) {
      ctx.save(in[0]);
      ctx.saveOutput(out);
    }
    return out;
  }

  @Override
  protected Tensor[] backward(OpContext ctx, Tensor gradOut) {
    return new Tensor[] {
      switch (op) {
        case SUM -> sum(gradOut, dim, !reverse);
        case PROD -> prodGrad(gradOut, ctx.saved(0), ctx.saved(1));
        case LOG_ADD_EXP -> logGrad(gradOut, ctx.saved(0), ctx.saved(1));
      }
    };
  }

  private Tensor prodGrad(Tensor g, Tensor x, Tensor y) {
    if (x.detach().eq(0).any().item() == 0) {
      return sum(g.mul(y), dim, true).div(x);
    }
    List<Tensor> parts = new ArrayList<>();
    long n = x.size(dim);
    for (long k = 0; k < n; k++) {
      Tensor one = Tensor.onesLike(x.narrow(dim, k, 1).detach());
      Tensor before = x.narrow(dim, 0, k);
      Tensor after = x.narrow(dim, k + 1, n - k - 1);
      Tensor without = prod(Cat.of(List.of(before, one, after), dim), dim);
      Tensor terms = g.mul(without).narrow(dim, k, n - k);
      parts.add(terms.sum(dim, true));
    }
    return n == 0 ? Tensor.zerosLike(x) : Cat.of(parts, dim);
  }

  private Tensor logGrad(Tensor g, Tensor x, Tensor y) {
    return logPart(g, x, y).sub(logPart(g.neg(), x, y));
  }

  /** Σ of the positive gᵢ·eˣₖ⁻ʸᵢ, by logarithms so that nothing overflows. */
  private Tensor logPart(Tensor g, Tensor x, Tensor y) {
    Tensor positive = g.detach().gt(0);
    Tensor one = Tensor.onesLike(g);
    Tensor none = Tensor.fullLike(g, Double.NEGATIVE_INFINITY);
    Tensor logs = Tensor.where(positive, Tensor.where(positive, g, one).log().sub(y), none);
    return logSumExp(logs, dim, !reverse).add(x).exp();
  }
}
