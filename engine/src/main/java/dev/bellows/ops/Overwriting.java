package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.GradMode;
import dev.bellows.autograd.InPlaceChecks;
import dev.bellows.tensor.Tensor;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.function.Consumer;
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
   * Overwrites all elements of a tensor by a kernel that does not read them, and gives it back.
   *
   * @throws IllegalStateException if it may not be overwritten
   */
  public static Tensor by(String operation, Tensor self, Consumer<Tensor> kernel) {
    check(operation, self);
    if (isRecorded(self)) {
      try (Tensor values = Tensor.emptyLike(self)) {
        kernel.accept(values);
        return Copy.into(operation, self, values);
      }
    }
    self.storage().bumpVersion();
    kernel.accept(self);
    Reference.reachabilityFence(self);
    return self;
  }

  /**
   * Checks that an operation may overwrite a tensor.
   *
   * @throws IllegalStateException if it may not
   */
  static void check(String operation, Tensor self) {
    InPlaceChecks.check(operation, self, isRecorded(self));
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
