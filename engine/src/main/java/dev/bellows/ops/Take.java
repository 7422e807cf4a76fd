package dev.bellows.ops;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.backend.ScatterOp;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorCopies;
import java.util.Arrays;

/**
 * Reading and writing elements at {@link Places}: reading; its transpose, which adds values to
 * zeros; and a copy with values put in place of, or added to, what is there. Each is the gradient
 * of another. Where a place is named twice, values are applied in their row-major order.
 */
final class Take extends EngineFunction {
  private final Places places;

  private Take(Places places) {
    this.places = places;
  }

  /** Returns x at the places. */
  static Tensor of(Tensor x, Places places) {
    return new Take(places).apply(x);
  }

  /** Returns a copy of x with values (of the places' shape) put there, or added. */
  static Tensor put(Tensor x, Places places, Tensor values, boolean accumulate) {
    return new Put(places, accumulate).apply(x, values);
  }

  /** Puts values (of the places' shape and x's type) into x itself, or adds them. */
  static Tensor putInPlace(
      String name, Tensor x, Places places, Tensor values, boolean accumulate) {
    SameDevice.check(name, x, values);
    return new PutInPlace(name, places, accumulate).apply(x, values);
  }

  @Override
  public String name() {
    return "index";
  }

  @Override
  protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
    Strided x = in[0].strided();
    Tensor out = Internals.allocate(x.device(), x.dtype(), places.outShape());
    if (out.numel() > 0) {
      try (Tensor offsets = places.offsets(x)) {
        Internals.kernels(out)
            .gather(Places.flat(x), 0, offsets.strided(), places.line(out.strided()));
      }
    }
    return new Tensor[] {out};
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor gradOut = gradOutputs[0];
    Tensor zeros = gradOut.newZeros(places.shape());
    return new Tensor[] {put(zeros, places, gradOut, true)};
  }

  /** The copy with values at places. */
  private static class Put extends EngineFunction {
    private final Places places;
    private final boolean accumulate;

    Put(Places places, boolean accumulate) {
      this.places = places;
      this.accumulate = accumulate;
    }

    @Override
    public String name() {
      return "indexPut";
    }

    @Override
    protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
      Tensor out = TensorCopies.inLayoutOf(in[0], in[0]);
      write(out, in[1]);
      return new Tensor[] {out};
    }

    final void write(Tensor target, Tensor values) {
      assert Arrays.equals(values.shape(), places.outShape()) : Arrays.toString(values.shape());
      if (values.numel() == 0) {
        return;
      }
      Tensor dense = values.detach().contiguous();
      try (Tensor offsets = places.offsets(target.strided())) {
        ScatterOp op = accumulate ? ScatterOp.ADD : ScatterOp.SET;
        Strided flat = Places.flat(target.strided());
        Internals.kernels(target)
            .scatter(op, places.line(dense.strided()), 0, offsets.strided(), flat);
      }
      dense.close();
    }

    @Override
    protected final Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
      Tensor gradOut = gradOutputs[0];
      Tensor gradX = null;
      if (ctx.needsInputGrad(0)) {
        Tensor zeros = gradOut.newZeros(places.outShape());
        gradX = accumulate ? gradOut : put(gradOut, places, zeros, false);
      }
      return new Tensor[] {gradX, ctx.needsInputGrad(1) ? Take.of(gradOut, places) : null};
    }
  }

  /** The same, into x itself. */
  private static final class PutInPlace extends Put {
    private final String operation;

    PutInPlace(String operation, Places places, boolean accumulate) {
      super(places, accumulate);
      this.operation = operation;
    }

    @Override
    protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
      ctx.markDirty(operation, in[0]);
      Tensor source = in[1].storage() == in[0].storage() ? in[1].detach().clone() : in[1];
      in[0].storage().bumpVersion();
      write(in[0], source);
      return new Tensor[] {in[0]};
    }
  }
}
