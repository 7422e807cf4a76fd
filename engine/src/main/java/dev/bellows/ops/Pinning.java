package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.backend.Devices;
import dev.bellows.memory.Device;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorCopies;

/** A copy in pinned memory of the host; the gradient is passed on. */
public final class Pinning extends EngineFunction {
  private final Device gpu;

  private Pinning(Device gpu) {
    this.gpu = gpu;
  }

  /** Returns whether this is in pinned memory of the host; see {@link Tensor#pinMemory}. */
  public static boolean isPinned(Tensor self) {
    return self.storage().isPinned();
  }

  /**
   * Gives this back if it is pinned, else a copy in pinned memory of the host, from which a GPU
   * copies while the host continues; see {@link Tensor#to(Device, boolean)}.
   *
   * @throws IllegalArgumentException if this is not on the CPU
   * @throws UnsupportedOperationException if there is no GPU, saying what was probed
   */
  public static Tensor pinMemory(Tensor self) {
    if (isPinned(self)) {
      return self;
    }
    if (!self.device().equals(Device.CPU)) {
      throw new IllegalArgumentException(
          message("pinMemory: only dense CPU tensors can be pinned; got one on %s", self.device()));
    }
    Device gpu = Devices.accelerator();
    if (gpu == null) {
      throw new UnsupportedOperationException(
          message(
              "pinMemory: Cannot access accelerator device when none is available; probed: %s",
              Devices.probeAccelerators()));
    }
    return new Pinning(gpu).apply(self);
  }

  @Override
  public String name() {
    return "pinMemory";
  }

  @Override
  protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
    return new Tensor[] {TensorCopies.pinned(gpu, in[0])};
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    return gradOutputs;
  }
}
