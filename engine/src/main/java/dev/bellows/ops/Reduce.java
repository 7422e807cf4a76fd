package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.autograd.GradMode;
import dev.bellows.backend.ReduceOp;
import dev.bellows.memory.DType;
import dev.bellows.memory.Shapes;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import java.util.List;
import java.util.Locale;

/**
 * Reduces dimensions (all if none are named) to size 1. SUM: gradient g repeated; MAX and MIN: g to
 * the winners, divided evenly between equals, NaN where the result is; PROD (over one dimension or
 * all): g times the product of the others; ANY and ALL: no gradient. Integers and BOOL sum in
 * INT64.
 */
public final class Reduce extends EngineFunction {
  private final ReduceOp op;
  private final boolean nanWins;
  private final int[] dims;

  private Reduce(ReduceOp op, boolean nanWins, int... dims) {
    this.op = op;
    this.nanWins = nanWins;
    this.dims = dims;
  }

  /**
   * Returns the largest or smallest of all elements; the gradient of NaN goes to those that are
   * NaN.
   */
  static Tensor extreme(boolean max, Tensor x) {
    try (Tensor out = new Reduce(max ? ReduceOp.MAX : ReduceOp.MIN, true).apply(x)) {
      return View.view(out);
    }
  }

  /** Computes the reduction, with reduced dimensions kept as size 1 or dropped. */
  static Tensor of(ReduceOp op, Tensor x, boolean keepDim, int... dims) {
    Tensor in = x;
    if (op == ReduceOp.SUM && !x.dtype().isFloatingPoint()) {
      in = x.to(DType.INT64);
    }
    Tensor out = new Reduce(op, false, dims).apply(in);
    if (in != x) {
      in.close();
    }
    return kept(op.name().toLowerCase(Locale.ROOT), out, keepDim, x, dims);
  }

  /**
   * Computes the sum over dimensions, all if none are named; kept as size 1 if {@code keepDim},
   * else removed. Integers and BOOL are summed in INT64.
   */
  public static Tensor sum(Tensor self, int[] dims, boolean keepDim) {
    return of(ReduceOp.SUM, self, keepDim, dims);
  }

  /**
   * Computes the sum over dimensions, all if none are named, of the elements converted to a type;
   * reduced dimensions are kept as size 1 if {@code keepDim}, else removed.
   */
  public static Tensor sum(Tensor self, int[] dims, boolean keepDim, DType dtype) {
    return sum(self.to(dtype), dims, keepDim);
  }

  /**
   * Returns the largest element over dimensions, all if none are named; kept as size 1 if {@code
   * keepDim}, else removed. NaN if there is one. The gradient is shared equally by equal elements.
   *
   * @throws IllegalArgumentException if there are no elements to choose from
   */
  public static Tensor amax(Tensor self, int[] dims, boolean keepDim) {
    return of(ReduceOp.MAX, self, keepDim, dims);
  }

  /**
   * Returns the smallest element over dimensions, all if none are named; kept as size 1 if {@code
   * keepDim}, else removed. NaN if there is one. The gradient is shared equally by equal elements.
   *
   * @throws IllegalArgumentException if there are no elements to choose from
   */
  public static Tensor amin(Tensor self, int[] dims, boolean keepDim) {
    return of(ReduceOp.MIN, self, keepDim, dims);
  }

  /**
   * Returns whether no element is 0, over dimensions, all if none are named; kept as size 1 if
   * {@code keepDim}, else removed. The result is BOOL, or UINT8 for UINT8. No gradient.
   */
  public static Tensor all(Tensor self, int[] dims, boolean keepDim) {
    return of(ReduceOp.ALL, self, keepDim, dims);
  }

  /**
   * Returns whether some element is not 0, over dimensions, all if none are named; kept as size 1
   * if {@code keepDim}, else removed. The result is BOOL, or UINT8 for UINT8. No gradient.
   */
  public static Tensor any(Tensor self, int[] dims, boolean keepDim) {
    return of(ReduceOp.ANY, self, keepDim, dims);
  }

  /**
   * Returns the largest of all elements; NaN if there is one. The gradient is shared equally by
   * equal elements, or by those that are NaN.
   */
  public static Tensor max(Tensor self) {
    return extreme(true, self);
  }

  /**
   * Returns the smallest of all elements; NaN if there is one. The gradient is shared equally by
   * equal elements, or by those that are NaN.
   */
  public static Tensor min(Tensor self) {
    return extreme(false, self);
  }

  /**
   * Returns a reduction of x whose reduced dimensions are of size 1, or without them; takes over
   * {@code out}.
   */
  static Tensor kept(String name, Tensor out, boolean keepDim, Tensor x, int... dims) {
    if (keepDim) {
      return out;
    }
    try (out) {
      return View.view(out, Dims.dropped(name, x.strided().sizes(), dims));
    }
  }

  @Override
  public String name() {
    return op == ReduceOp.MAX
        ? "amax"
        : op == ReduceOp.MIN ? "amin" : op.name().toLowerCase(Locale.ROOT);
  }

  @Override
  protected boolean isDifferentiable() {
    return op != ReduceOp.ANY && op != ReduceOp.ALL;
  }

  @Override
  protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
    Strided x = in[0].strided();
    long[] shape = Dims.reduced(name(), x.sizes(), dims);
    boolean extreme = op == ReduceOp.MAX || op == ReduceOp.MIN;
    if (extreme && x.numel() == 0 && Shapes.numel(shape) > 0) {
      throw new IllegalArgumentException(
          message(
              "%s: Expected reduction dim to be specified for input with elements; got %s",
              name(), x.sizes()));
    }
    boolean logic = op == ReduceOp.ANY || op == ReduceOp.ALL;
    boolean bool = logic && x.dtype() != DType.UINT8; // UINT8 was PyTorch's BOOL once
    Tensor out = Internals.allocate(x.device(), bool ? DType.BOOL : x.dtype(), shape);
    Internals.kernels(out).reduce(op, x.physical(), out.strided());
    if (extreme || op == ReduceOp.PROD) {
      ctx.saveForBackward(in[0]);
    }
    if (extreme || op == ReduceOp.PROD) {
      ctx.saveForBackward(out);
    }
    return new Tensor[] {out};
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor gradOut = gradOutputs[0];
    Tensor grad = gradOut.expand(ctx.inputShape(0));
    return new Tensor[] {
      switch (op) {
        case PROD -> prodGrad(gradOut, ctx.saved(0), ctx.saved(1));
        case MAX, MIN -> extremeGrad(grad, ctx.saved(0), ctx.saved(1));
        default -> grad;
      }
    };
  }

  private Tensor extremeGrad(Tensor g, Tensor x, Tensor y) {
    if (!nanWins) {
      Tensor winners = x.eq(y).to(g.dtype());
      return g.mul(winners.div(winners.sum(dims, true)));
    }
    Tensor winners = x.eq(y).logicalOr(x.isnan().logicalAnd(y.isnan()));
    Tensor each = g.div(winners.sum(dims, true).to(g.dtype()));
    return Tensor.where(winners, each, Tensor.zerosLike(each));
  }

  /** Computes g·y/x; where an element is 0, g times the product of the others. */
  private Tensor prodGrad(Tensor g, Tensor x, Tensor y) {
    if (x.dim() == 0) {
      return g.clone();
    }
    double zeros = x.detach().eq(0).sum().item();
    if (zeros == 0) {
      return g.mul(y.div(x));
    } else if (dims.length == 1) {
      return productOfOthers(g, x, Dims.wrap(name(), dims[0], x.dim()));
    } else if (zeros > 1 && !GradMode.isEnabled()) {
      return Tensor.zerosLike(x);
    }
    return productOfOthers(g.reshape(1), x.reshape(x.numel()), 0).reshape(x.shape());
  }

  private static Tensor productOfOthers(Tensor g, Tensor x, int d) {
    long n = x.size(d);
    if (n <= 1) {
      return n == 0 ? Tensor.zerosLike(x) : g;
    }
    Tensor one = Tensor.onesLike(x.narrow(d, 0, 1).detach());
    Tensor before = Scan.cumprod(Cat.of(List.of(one, x.narrow(d, 0, n - 1)), d), d);
    Tensor turned = Cat.of(List.of(one, Joining.flip(x.narrow(d, 1, n - 1), d)), d);
    return g.mul(before.mul(Joining.flip(Scan.cumprod(turned, d), d)));
  }
}
