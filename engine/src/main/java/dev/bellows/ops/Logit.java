package dev.bellows.ops;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.tensor.Tensor;

/**
 * ln(x / (1 − x)), of x brought within [eps, 1 − eps] if eps is given. Gradient: g/(x·(1 − x));
 * outside of [0, 1] NaN, outside of the bounds of eps 0.
 */
public final class Logit extends EngineFunction {
  private final Double eps;

  private Logit(Double eps) {
    this.eps = eps;
  }

  /** Computes ln(self / (1 − self)). */
  @InPlaceTwin
  public static Tensor logit(Tensor self) {
    return new Logit(null).apply(self.to(Types.floating(self.dtype())));
  }

  /** Computes {@link Tensor#logit()} of this clamped to [eps, 1 − eps]. */
  public static Tensor logit(Tensor self, double eps) {
    return eps < 0 ? logit(self) : new Logit(eps).apply(self.to(Types.floating(self.dtype())));
  }

  @Override
  public String name() {
    return "logit";
  }

  @Override
  protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
    ctx.saveForBackward(in[0]);
    Tensor x = eps == null ? in[0] : in[0].clamp(eps, 1 - eps);
    return new Tensor[] {x.div(x.rsub(1)).log()};
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor gradOut = gradOutputs[0];
    Tensor x = ctx.saved(0);
    double low = eps == null ? 0 : eps;
    Tensor inside = x.ge(low).logicalAnd(x.le(1 - low));
    Tensor slope = gradOut.div(x.mul(x.rsub(1)));
    Tensor outside = Tensor.fullLike(slope, eps == null ? Double.NaN : 0);
    return new Tensor[] {Tensor.where(inside, slope, outside)};
  }
}
