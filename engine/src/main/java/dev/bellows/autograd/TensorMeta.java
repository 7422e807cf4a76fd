package dev.bellows.autograd;

import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.tensor.Tensor;

/** Type, shape and device of a tensor, without its values; the shape must not be modified. */
record TensorMeta(DType dtype, long[] shape, Device device) {
  static TensorMeta[] of(Tensor... tensors) {
    TensorMeta[] out = new TensorMeta[tensors.length];
    for (int i = 0; i < out.length; i++) {
      Tensor t = tensors[i];
      out[i] = new TensorMeta(t.dtype(), t.strided().sizes(), t.device());
    }
    return out;
  }

  Tensor zeros() {
    return Tensor.on(device).zeros(dtype, shape);
  }
}
