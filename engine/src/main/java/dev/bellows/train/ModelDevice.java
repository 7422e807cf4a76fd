package dev.bellows.train;

import dev.bellows.memory.Device;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;
import java.util.List;

/** Where a model is, and so where its batches have to be. */
final class ModelDevice {
  private ModelDevice() {}

  /** Returns the device of the first parameter, or of the first buffer; the CPU without either. */
  static Device of(Module model) {
    List<? extends Tensor> parameters = model.parameters();
    List<? extends Tensor> tensors = parameters.isEmpty() ? model.buffers() : parameters;
    return tensors.isEmpty() ? Device.CPU : tensors.get(0).device();
  }
}
