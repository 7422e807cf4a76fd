package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.Device;
import dev.bellows.tensor.Tensor;

/** Checks that tensors share a device. */
public final class SameDevice {
  private SameDevice() {}

  /**
   * Checks that all tensors are on one device.
   *
   * @throws IllegalArgumentException naming two devices
   */
  public static void check(String operation, Tensor... tensors) {
    if (!holds(tensors)) {
      throw differ(operation, tensors);
    }
  }

  static boolean holds(Tensor... tensors) {
    Device first = tensors.length == 0 ? null : tensors[0].device();
    for (Tensor t : tensors) {
      if (t.device() != first && !t.device().equals(first)) {
        return false;
      }
    }
    return true;
  }

  static IllegalArgumentException differ(String operation, Tensor... tensors) {
    Device first = tensors[0].device();
    Device other = first;
    for (Tensor t : tensors) {
      other = other.equals(first) ? t.device() : other;
    }
    return new IllegalArgumentException(
        message(
            "%s: Expected all tensors to be on the same device, but found at least two devices, %s"
                + " and %s!",
            operation, first, other));
  }
}
