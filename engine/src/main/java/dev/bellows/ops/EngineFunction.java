package dev.bellows.ops;

import dev.bellows.autograd.Function;
import dev.bellows.autograd.GraphPosition;
import dev.bellows.memory.Device;
import dev.bellows.tensor.Tensor;

/** A function that calls kernels: its inputs share a device. */
abstract class EngineFunction extends Function {
  /** Returns the name in messages, as {@code matmul}. */
  @Override
  public abstract String name();

  @Override
  protected final Tensor[] prepare(Tensor... in) {
    Device device = in[0].device();
    for (int i = 1; i < in.length; i++) {
      if (in[i].device() != device) {
        return SameDevice.holds(in) ? in : broughtTogether(in);
      }
    }
    return in;
  }

  /** Makes a result that shares the memory of the first input a view of it. */
  @Override
  protected final void link(Tensor output, Tensor... in) {
    GraphPosition.linkView(output, in[0]);
  }

  /** Inputs on several devices brought to one, where the function can. */
  Tensor[] broughtTogether(Tensor... in) {
    throw SameDevice.differ(name(), in);
  }
}
