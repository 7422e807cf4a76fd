package dev.bellows.autograd;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.Strided;
import dev.bellows.tensor.Tensor;

/** Checks of tensors that are about to be overwritten. */
public final class InPlaceChecks {
  private InPlaceChecks() {}

  /**
   * Checks that the memory of a tensor may be written.
   *
   * @throws IllegalStateException if it is read-only
   */
  public static void checkWritable(String operation, Tensor target) {
    if (target.storage().isReadOnly()) {
      throw new IllegalStateException(
          operation + ": tensor is read-only (mapped from a file); work on a clone()");
    }
  }

  /**
   * Checks that an operation may change a tensor in place.
   *
   * @param recording whether the change becomes part of a graph
   * @throws IllegalStateException if it is read-only, repeats elements, or would get a history that
   *     it cannot have
   */
  public static void check(String operation, Tensor target, boolean recording) {
    checkWritable(operation, target);
    if (recording) {
      GraphPosition.checkNewHistory(target, operation);
    }
    if (target.isInference() && !GradMode.isInference()) {
      throw new IllegalStateException(
          message(
              "Inplace update to inference tensor outside InferenceMode is not allowed. You can"
                  + " make a clone() to get a normal tensor before doing inplace update.; %s",
              operation));
    }
    Strided s = target.strided();
    for (int d = 0; d < s.dim(); d++) {
      if (s.size(d) > 1 && s.stride(d) == 0 && s.numel() > 0) {
        throw new IllegalStateException(
            message(
                "unsupported operation: more than one element of the written-to tensor refers to a"
                    + " single memory location. Please clone() the tensor before performing the"
                    + " operation.; %s",
                operation));
      }
    }
  }

  /**
   * Checks that what is read is either exactly what is written, element by element, or no part of
   * it. Arrays with holes are not told apart.
   *
   * @throws IllegalStateException if they share some memory
   */
  public static void checkOverlap(String operation, Tensor target, Tensor source) {
    Strided t = target.strided();
    Strided s = source.strided();
    if (t.storage() != s.storage() || t.numel() == 0 || s.numel() == 0) {
      return;
    }
    boolean same = t.offset() == s.offset() && t.sameLayout(s);
    boolean apart = t.offset() + t.numel() <= s.offset() || s.offset() + s.numel() <= t.offset();
    if (!same && !apart && t.isDense() && s.isDense()) {
      throw new IllegalStateException(
          message(
              "unsupported operation: some elements of the input tensor and the written-to tensor"
                  + " refer to a single memory location. Please clone() the tensor before"
                  + " performing the operation.; %s",
              operation));
    }
  }
}
