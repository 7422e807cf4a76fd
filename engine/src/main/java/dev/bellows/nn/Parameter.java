package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.PrintOptions;
import dev.bellows.tensor.Tensor;

/**
 * A tensor that a module learns: a leaf that requires grad, found by {@link Module} in its fields,
 * and not released by any scope.
 */
public final class Parameter extends Tensor {
  private static final String HEAD = "Parameter containing:\n";

  private Parameter(Tensor data, boolean requiresGrad) {
    super(data);
    retain();
    setRequiresGrad(requiresGrad);
  }

  /**
   * Returns a parameter that shares the memory of {@code data} (copied first if it is not
   * contiguous).
   *
   * @throws IllegalArgumentException if {@code data} is the result of a recorded operation, or not
   *     of a floating-point type
   */
  public static Parameter of(Tensor data) {
    return of(data, true);
  }

  /**
   * Returns a parameter that is trained only if {@code requiresGrad}; a frozen one may have any
   * type.
   *
   * @throws IllegalArgumentException if {@code data} is the result of a recorded operation, or
   *     requires grad and is not of a floating-point type
   */
  public static Parameter of(Tensor data, boolean requiresGrad) {
    if (data.gradFn() != null) {
      throw new IllegalArgumentException(
          message(
              "Parameter: data must have no history; got a tensor %s made by %s; detach() it first",
              data.shape(), data.gradFn()));
    }
    if (requiresGrad && !data.dtype().isFloatingPoint()) {
      throw new IllegalArgumentException(
          message(
              "Parameter: Only Tensors of floating point dtype can require gradients; got %s%s",
              data.dtype(), data.shape()));
    }
    return new Parameter(data.isContiguous() ? data : data.detach().contiguous(), requiresGrad);
  }

  /** Returns a tensor itself if it is a parameter, or a parameter of it. */
  static Parameter from(Tensor tensor) {
    return tensor == null || tensor instanceof Parameter ? (Parameter) tensor : of(tensor);
  }

  @Override
  public String toString() {
    return HEAD + super.toString();
  }

  @Override
  public String toString(PrintOptions options) {
    return HEAD + super.toString(options);
  }
}
