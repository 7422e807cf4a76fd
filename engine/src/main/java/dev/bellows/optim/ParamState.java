package dev.bellows.optim;

import dev.bellows.tensor.Tensor;
import java.util.LinkedHashMap;

/** What an optimizer remembers of one parameter. */
final class ParamState {
  final LinkedHashMap<String, Tensor> tensors = new LinkedHashMap<>();
  long step;

  /**
   * The tensor of that name, made of zeros and kept beyond any scope at first use; it follows the
   * parameter to another device.
   */
  Tensor zeros(String name, Tensor parameter) {
    Tensor state =
        tensors.computeIfAbsent(name, n -> parameter.newZeros(parameter.shape()).retain());
    if (state.device() != parameter.device()) {
      Tensor moved = state.to(parameter.device());
      if (moved != state) {
        tensors.put(name, moved.retain());
        state.close();
        return moved;
      }
    }
    return state;
  }

  void close() {
    tensors.values().forEach(Tensor::close);
    tensors.clear();
  }
}
