package dev.bellows.train;

import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorCopies;
import java.util.ArrayList;
import java.util.List;

/** Flat tensors of one bucket, used again in every step. */
final class Flats {
  private final DType dtype;
  private final Device device;
  private final boolean beside;
  private final List<Tensor> spare = new ArrayList<>();
  private final List<Tensor> all = new ArrayList<>();
  private long elements;

  Flats(DType dtype, Device device) {
    this(dtype, device, false);
  }

  private Flats(DType dtype, Device device, boolean beside) {
    this.dtype = dtype;
    this.device = device;
    this.beside = beside;
  }

  /** Creates tensors of the host for copies from and to a device. */
  static Flats beside(Device device, DType dtype) {
    return new Flats(dtype, device, true);
  }

  DType dtype() {
    return dtype;
  }

  void allocate(long count) {
    elements = count;
    if (all.isEmpty()) {
      give(take());
    }
  }

  Tensor take() {
    if (!spare.isEmpty()) {
      return spare.remove(spare.size() - 1);
    }
    Tensor flat =
        beside
            ? TensorCopies.beside(device, dtype, elements).retain()
            : Tensor.on(device).empty(dtype, elements).retain();
    all.add(flat);
    return flat;
  }

  void give(Tensor flat) {
    spare.add(flat);
  }

  /** Adds two of these tensors into the left one; the right one is given back. */
  Tensor add(Tensor left, Tensor right) {
    left.add_(right);
    give(right);
    return left;
  }

  void begin() {
    spare.clear();
    spare.addAll(all);
  }

  void close() {
    all.forEach(Tensor::close);
    all.clear();
    spare.clear();
  }
}
