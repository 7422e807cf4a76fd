package dev.bellows.ops;

import dev.bellows.backend.UnaryOp;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;

/** An elementwise operation on one tensor that is one kernel. */
abstract class Unary extends Elementwise {
  private final String name;
  private final UnaryOp kernel;

  Unary(String name, UnaryOp kernel) {
    this.name = name;
    this.kernel = kernel;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  protected final void compute(Tensor out, Strided... in) {
    Internals.kernels(out).unary(kernel, in[0], out.strided());
  }
}
