package dev.bellows.ops;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.backend.Devices;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorCopies;

/**
 * A copy on another device, in the memory order of x where that has no holes, else row-major; the
 * gradient is transferred back.
 */
public final class Transfer extends EngineFunction {
  private final Device source;
  private final Device target;
  private final boolean nonBlocking;

  private Transfer(Device source, Device target, boolean nonBlocking) {
    this.source = source;
    this.target = target;
    this.nonBlocking = nonBlocking;
  }

  /**
   * Gives this back if it is on the device, else a copy there, in this memory order unless that has
   * holes. The gradient of the copy returns to this tensor's device.
   *
   * @throws UnsupportedOperationException if the device is not available, saying what was probed
   */
  public static Tensor to(Tensor self, Device device) {
    return to(self, device, false);
  }

  /**
   * Works like {@link Tensor#to(Device)}. If {@code nonBlocking} and this is pinned, the host does
   * not wait for the copy to a GPU: this must not be changed before the GPU has done what it was
   * asked for so far.
   *
   * @throws UnsupportedOperationException if the device is not available, saying what was probed
   */
  public static Tensor to(Tensor self, Device device, boolean nonBlocking) {
    if (self.device().equals(device)) {
      return self;
    }
    Devices.require("to", device);
    return new Transfer(self.device(), device, nonBlocking).apply(self);
  }

  /**
   * Brings this to a device and an element type; the type is converted first. Gives this back if it
   * has both.
   *
   * @throws UnsupportedOperationException if the device is not available, saying what was probed
   */
  public static Tensor to(Tensor self, Device device, DType dtype) {
    return to(Copy.to(self, dtype), device);
  }

  /**
   * Brings this to the device and the element type of another tensor; gives this back if it has
   * both.
   */
  public static Tensor to(Tensor self, Tensor other) {
    return to(self, other.device(), other.dtype());
  }

  /** Brings this to the host's memory; gives this back if it is there. */
  public static Tensor cpu(Tensor self) {
    return to(self, Device.CPU);
  }

  @Override
  public String name() {
    return "to";
  }

  @Override
  protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
    return new Tensor[] {TensorCopies.copyTo(target, in[0], nonBlocking)};
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor gradOut = gradOutputs[0];
    return new Tensor[] {new Transfer(target, source, false).apply(gradOut)};
  }
}
