package dev.bellows.serialize;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import java.io.IOException;
import java.util.Arrays;

/** Makes a tensor of a storage, after checking that it lies within. */
final class TensorView {
  private TensorView() {}

  static Tensor of(Tensor storage, long offset, long[] sizes, long[] strides, boolean requiresGrad)
      throws IOException {
    long last = offset;
    boolean empty = false;
    boolean fits = sizes.length == strides.length && offset >= 0 && offset <= storage.numel();
    for (int d = 0; fits && d < sizes.length; d++) {
      fits = sizes[d] >= 0 && strides[d] >= 0;
      empty |= sizes[d] == 0;
      long reach = Math.max(0, sizes[d] - 1);
      fits &= Math.multiplyHigh(reach, strides[d]) == 0 && reach * strides[d] >= 0;
      last += fits ? reach * strides[d] : 0;
      fits &= last >= 0;
    }
    if (!fits || !empty && last >= storage.numel() || overflows(sizes)) {
      throw new TorchFileException(
          message(
              "a tensor must lie within its storage of %s elements; got offset %s, sizes %s,"
                  + " strides %s",
              storage.numel(), offset, Arrays.toString(sizes), Arrays.toString(strides)));
    }
    Tensor view = Internals.view(storage, sizes, strides, offset).retain();
    return requiresGrad && view.dtype().isFloatingPoint() ? view.setRequiresGrad(true) : view;
  }

  /** Strides of 0 make large tensors of small storages, but no element count may overflow. */
  private static boolean overflows(long... sizes) {
    long numel = 8;
    for (long size : sizes) {
      long factor = Math.max(1, size);
      if (Math.multiplyHigh(numel, factor) != 0 || numel * factor < 0) {
        return true;
      }
      numel *= factor;
    }
    return false;
  }
}
