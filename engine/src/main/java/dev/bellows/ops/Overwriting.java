package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.GradMode;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/** In-place forms of operations that have no in-place kernel. */
public final class Overwriting {
  private Overwriting() {}

  /**
   * Overwrites a tensor with a function of it and gives it back. The function gets a copy where a
   * graph is recorded, since it may save what it gets.
   *
   * @throws IllegalArgumentException if the result has another shape or a type that does not fit
   */
  public static Tensor with(String operation, Tensor self, UnaryOperator<Tensor> function) {
    check(operation, self);
    Tensor result = result(operation, function, isRecorded(self) ? self.clone() : self);
    Types.checkResult(operation, result.dtype(), self.dtype());
    if (!Arrays.equals(result.shape(), self.shape())) {
      throw new IllegalArgumentException(
          message(
              "%s: output with shape %s doesn't match the broadcast shape %s",
              operation, self.shape(), result.shape()));
    }
    return Copy.into(operation, self, result);
  }

  /**
   * Checks that an operation may overwrite a tensor.
   *
   * @throws IllegalStateException if it may not
   */
  static void check(String operation, Tensor self) {
    Internals.checkInPlace(operation, self, isRecorded(self));
  }

  private static boolean isRecorded(Tensor self) {
    return GradMode.isEnabled() && self.requiresGrad();
  }

  static Tensor result(String operation, UnaryOperator<Tensor> function, Tensor x) {
    Tensor result = function.apply(x);
    if (result == null) {
      throw new IllegalArgumentException(operation + ": function must give a tensor; got null");
    }
    return result;
  }
}
