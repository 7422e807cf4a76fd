package dev.bellows.ops;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.autograd.GradMode;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;

/**
 * eˣ / Σ eˣ along a dimension, or its logarithm. Gradients: s·(g − Σ g·s) and g − eˡ·Σ g, for the
 * result s or l.
 */
public final class Softmax extends EngineFunction {
  private final int dim;
  private final boolean log;

  private Softmax(int dim, boolean log) {
    this.dim = dim;
    this.log = log;
  }

  /**
   * Computes eˣ / Σ eˣ along a dimension.
   *
   * @throws IllegalArgumentException if this is not floating point
   */
  public static Tensor softmax(Tensor self, int dim) {
    return of(self, dim, false);
  }

  /**
   * Computes the logarithm of {@link Tensor#softmax} without overflow.
   *
   * @throws IllegalArgumentException if this is not floating point
   */
  public static Tensor logSoftmax(Tensor self, int dim) {
    return of(self, dim, true);
  }

  /** Computes the softmax, or log-softmax, along {@code dim}. */
  static Tensor of(Tensor x, int dim, boolean log) {
    String name = log ? "logSoftmax" : "softmax";
    Types.same(name, x);
    int d = Dims.wrap(name, dim, x.dim());
    if (x.dim() == 0) {
      return of(x.unsqueeze(0), 0, log).squeeze(0);
    }
    return new Softmax(d, log).apply(x);
  }

  @Override
  public String name() {
    return log ? "logSoftmax" : "softmax";
  }

  @Override
  protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
    Tensor out = Internals.allocateLike(in[0].dtype(), in[0].strided());
    Internals.kernels(out).softmax(in[0].strided(), dim, log, out.strided());
    ctx.saveForBackward(out);
    return new Tensor[] {out};
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor gradOut = gradOutputs[0];
    Tensor out = ctx.saved(0);
    if (!GradMode.isEnabled()) {
      Tensor grad = Internals.allocateLike(out.dtype(), out.strided());
      Internals.kernels(out)
          .softmaxGrad(gradOut.strided(), out.strided(), dim, log, grad.strided());
      return new Tensor[] {grad};
    }
    Tensor grad =
        log
            ? gradOut.sub(out.exp().mul(gradOut.sum(dim, true)))
            : out.mul(gradOut.sub(gradOut.mul(out).sum(dim, true)));
    return new Tensor[] {grad};
  }
}
