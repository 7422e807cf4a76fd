package dev.bellows.optim;

import dev.bellows.tensor.Tensor;
import java.util.LinkedHashMap;

/** What an optimizer remembers of one parameter. */
final class ParamState {
  final LinkedHashMap<String, Tensor> tensors = new LinkedHashMap<>();
  long step;

  /** The tensor of that name, made of zeros and kept beyond any scope at first use. */
  Tensor zeros(String name, Tensor parameter) {
    return tensors.computeIfAbsent(
        name, n -> Tensor.zeros(parameter.dtype(), parameter.shape()).retain());
  }

  void close() {
    tensors.values().forEach(Tensor::close);
    tensors.clear();
  }
}
