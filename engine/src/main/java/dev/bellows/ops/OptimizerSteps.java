package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.GradMode;
import dev.bellows.autograd.InPlaceChecks;
import dev.bellows.backend.AdamArgs;
import dev.bellows.backend.SgdArgs;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/** Optimizer steps in place, one kernel each; outside any graph. */
public final class OptimizerSteps {
  private OptimizerSteps() {}

  /**
   * Performs one SGD step.
   *
   * @param momentumBuffer of the parameter's shape; null if momentum is 0
   */
  public static void sgd(Tensor param, Tensor grad, Tensor momentumBuffer, SgdArgs args) {
    try (GradMode mode = GradMode.noGrad()) {
      Tensor g = prepare("sgd", param, grad);
      Internals.kernels(param)
          .sgdStep(
              param.strided(),
              g.strided(),
              momentumBuffer == null ? null : state("sgd", param, momentumBuffer),
              args);
      finish(param, grad, g);
    }
  }

  /** Performs one Adam step; m and v of the parameter's shape. */
  public static void adam(Tensor param, Tensor grad, Tensor m, Tensor v, AdamArgs args) {
    try (GradMode mode = GradMode.noGrad()) {
      Tensor g = prepare("adam", param, grad);
      Internals.kernels(param)
          .adamStep(
              param.strided(), g.strided(), state("adam", param, m), state("adam", param, v), args);
      finish(param, grad, g);
    }
  }

  private static Tensor prepare(String name, Tensor param, Tensor grad) {
    if (!param.isContiguous()
        || param.dtype() != grad.dtype()
        || !Arrays.equals(param.strided().sizes(), grad.strided().sizes())) {
      throw new IllegalArgumentException(
          message(
              "%s: parameter must be contiguous and its gradient of the same type and shape; got"
                  + " %s, gradient %s",
              name, param.strided(), grad.strided()));
    }
    SameDevice.check(name, param, grad);
    InPlaceChecks.checkWritable(name, param);
    return grad.isContiguous() ? grad : grad.contiguous();
  }

  private static Strided state(String name, Tensor param, Tensor state) {
    if (!state.isContiguous()
        || state.dtype() != param.dtype()
        || !Arrays.equals(param.strided().sizes(), state.strided().sizes())) {
      throw new IllegalArgumentException(
          message(
              "%s: optimizer state must be contiguous and like its parameter; got %s for %s",
              name, state.strided(), param.strided()));
    }
    SameDevice.check(name, param, state);
    InPlaceChecks.checkWritable(name, state);
    return state.strided();
  }

  private static void finish(Tensor param, Tensor grad, Tensor used) {
    param.storage().bumpVersion();
    if (used != grad) {
      used.close();
    }
  }
}
