package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.backend.Activation;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;

/** x [.., in] · weightᵀ [in, out] + bias [out] → [.., out], in one kernel. */
public final class Linear extends EngineFunction {
  private static final Linear OP = new Linear();

  private Linear() {}

  /**
   * Computes the affine map.
   *
   * @param bias null for none
   * @throws IllegalArgumentException if the last dimension of x is not the weight's second
   */
  public static Tensor of(Tensor x, Tensor weight, Tensor bias) {
    long[] shape = x.strided().sizes();
    if (shape.length == 2) {
      return bias == null ? OP.apply(x, weight) : OP.apply(x, weight, bias);
    }
    check(shape, weight.strided().sizes(), bias);
    long in = shape[shape.length - 1];
    long[] outShape = shape.clone();
    outShape[shape.length - 1] = weight.size(0);
    long rows = 1;
    for (int d = 0; d < shape.length - 1; d++) {
      rows *= shape[d];
    }
    return of(x.reshape(rows, in), weight, bias).reshape(outShape);
  }

  private static void check(long[] x, long[] weight, Tensor bias) {
    if (weight.length != 2 || x.length == 0 || x[x.length - 1] != weight[1]) {
      throw new IllegalArgumentException(
          message(
              "linear: last dimension of input must equal inFeatures; got input %s, weight %s",
              x, weight));
    }
    if (bias != null && (bias.dim() != 1 || bias.size(0) != weight[0])) {
      throw new IllegalArgumentException(
          message(
              "linear: bias must have outFeatures elements; got bias %s, weight %s",
              bias.shape(), weight));
    }
  }

  @Override
  public String name() {
    return "linear";
  }

  @Override
  protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
    Strided x = in[0].strided();
    Strided w = in[1].strided();
    check(x.sizes(), w.sizes(), in.length > 2 ? in[2] : null);
    Types.same("linear", in);
    Tensor out = Internals.allocate(x.device(), x.dtype(), x.size(0), w.size(0));
    Strided wt =
        w.with(
            new long[] {w.size(1), w.size(0)}, new long[] {w.stride(1), w.stride(0)}, w.offset());
    Strided bias = in.length > 2 ? in[2].strided() : null;
    Internals.kernels(out).matmul(x, wt, bias, Activation.NONE, out.strided());
    ctx.saveForBackward(in[0], in[1]);
    return new Tensor[] {out};
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor gradOut = gradOutputs[0];
    // gradX [m, in] = gradOut [m, out] · weight [out, in]
    // gradWeight [out, in] = gradOutᵀ [out, m] · x [m, in];  gradBias [out] = Σ over rows of
    // gradOut
    Tensor gradX = ctx.needsInputGrad(0) ? gradOut.matmul(ctx.saved(1)) : null;
    Tensor gradWeight = ctx.needsInputGrad(1) ? gradOut.t().matmul(ctx.saved(0)) : null;
    Tensor gradBias = ctx.inputs() > 2 && ctx.needsInputGrad(2) ? gradOut.sum(0) : null;
    return ctx.inputs() > 2
        ? new Tensor[] {gradX, gradWeight, gradBias}
        : new Tensor[] {gradX, gradWeight};
  }
}
