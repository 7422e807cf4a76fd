package dev.bellows.ops;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.backend.Devices;
import dev.bellows.memory.Device;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;

/**
 * A copy on another device, in the memory order of x where that has no holes, else row-major; the
 * gradient is transferred back.
 */
public final class Transfer extends EngineFunction {
  private final Device source;
  private final Device target;

  private Transfer(Device source, Device target) {
    this.source = source;
    this.target = target;
  }

  /**
   * x itself if it is on the device, else a copy there.
   *
   * @throws UnsupportedOperationException if the device is not available, saying what was probed
   */
  public static Tensor to(Tensor x, Device device) {
    if (x.device().equals(device)) {
      return x;
    }
    Devices.require("to", device);
    return new Transfer(x.device(), device).apply(x);
  }

  @Override
  public String name() {
    return "to";
  }

  @Override
  protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
    return new Tensor[] {Internals.copyTo(target, in[0])};
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor gradOut = gradOutputs[0];
    return new Tensor[] {new Transfer(target, source).apply(gradOut)};
  }
}
