package dev.bellows.ops;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.backend.RandomKey;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorCopies;

/**
 * x / (1 − p) where a uniform number is at least p, else 0. No mask is kept: backward draws the
 * same numbers again from the key, in the memory order of x.
 */
public final class Dropout extends EngineFunction {
  private final double p;
  private final RandomKey key;
  private final long[] strides;

  private Dropout(double p, RandomKey key, long[] strides) {
    this.p = p;
    this.key = key;
    this.strides = strides;
  }

  /**
   * Drops elements with probability {@code p} in [0, 1].
   *
   * @throws IllegalArgumentException if p is outside [0, 1] or x is not floating point
   */
  public static Tensor of(Tensor x, double p, RandomKey key) {
    Types.same("dropout", x);
    if (!(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException(
          "dropout probability has to be between 0 and 1, but got " + p);
    }
    if (p == 1) {
      return x.mul(Tensor.zerosLike(x));
    }
    Strided s = x.strided();
    Tensor dense = s.isDense() ? x : x.contiguous();
    return new Dropout(p, key, dense.strided().strides()).apply(dense);
  }

  @Override
  public String name() {
    return "dropout";
  }

  @Override
  protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
    Strided x = in[0].strided();
    Tensor out = Internals.allocate(x.device(), x.dtype(), x.sizes(), strides);
    Tensor copy = null;
    if (!x.sameLayout(out.strided())) {
      copy = TensorCopies.inLayoutOf(in[0], out);
      x = copy.strided();
    }
    Internals.kernels(out).dropout(x, p, key, out.strided());
    if (copy != null) {
      copy.close();
    }
    return new Tensor[] {out};
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor gradOut = gradOutputs[0];
    return new Tensor[] {apply(gradOut)};
  }
}
