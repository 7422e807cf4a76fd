package dev.bellows.ops;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.backend.ReduceOp;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/**
 * Mean of squared distances from the mean, with n − correction for n, at least 0. The gradient is 2
 * g (x − mean) / (n − correction), without what flows through the mean: those parts cancel.
 */
final class Variance extends EngineFunction {
  private final double correction;
  private final int[] dims;

  private Variance(double correction, int... dims) {
    this.correction = correction;
    this.dims = dims;
  }

  /** Computes the variance over dimensions, all if none. */
  static Tensor of(Tensor x, int[] dims, double correction, boolean keepDim) {
    return Reduce.kept("var", new Variance(correction, dims).apply(x), keepDim, x, dims);
  }

  @Override
  public String name() {
    return "var";
  }

  private double divisor(Tensor x) {
    long out = 1;
    for (long size : Dims.reduced(name(), x.strided().sizes(), dims)) {
      out *= size;
    }
    return (x.numel() == 0 ? 0 : (double) x.numel() / out) - correction;
  }

  /** Measures from the first element, so that equal elements are exactly 0 from their mean. */
  private Tensor distance(Tensor x) {
    Tensor first = x.detach();
    for (int d = 0; d < x.dim(); d++) {
      if (isReduced(d, x.dim()) && x.size(d) > 1) {
        first = first.narrow(d, 0, 1);
      }
    }
    first = Tensor.where(first.isfinite(), first, Tensor.zerosLike(first));
    Tensor shifted = x.sub(first);
    return shifted.sub(Statistics.mean(shifted, dims, true));
  }

  private boolean isReduced(int d, int n) {
    return dims.length == 0 || Arrays.stream(dims).anyMatch(dim -> dim == d || dim + n == d);
  }

  @Override
  protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
    ctx.saveForBackward(in[0]);
    try (Tensor distance = distance(in[0]);
        Tensor square = distance.mul(distance);
        Tensor sum = Reduce.of(ReduceOp.SUM, square, true, dims)) {
      return new Tensor[] {sum.div(Math.max(0, divisor(in[0])))};
    }
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor gradOut = gradOutputs[0];
    Tensor x = ctx.saved(0);
    double divisor = divisor(x);
    if (divisor <= 0 && dims.length == 0) {
      Tensor nan = Tensor.fullLike(x, Double.NaN);
      Tensor infinity = Tensor.fullLike(x, Double.POSITIVE_INFINITY);
      return new Tensor[] {gradOut.mul(Tensor.where(x.eq(x.mean()), nan, infinity))};
    }
    Tensor distance = distance(x);
    return new Tensor[] {gradOut.mul(2 / divisor).mul(distance)};
  }
}
