package dev.bellows.optim;

import dev.bellows.tensor.Tensor;

/** Applies the option {@code weightDecay}. */
final class WeightDecay {
  private WeightDecay() {}

  /** Returns grad + weightDecay·parameter. */
  static Tensor inGradient(Tensor parameter, Tensor grad, ParamGroup group) {
    double decay = group.get("weightDecay");
    return decay == 0 ? grad : grad.add(parameter, decay);
  }

  /** Scales the parameter by 1 − lr·weightDecay. */
  static void decoupled(Tensor parameter, ParamGroup group) {
    double decay = group.get("weightDecay");
    if (decay != 0) {
      parameter.mul_(1 - group.lr() * decay);
    }
  }

  /** Does either, and returns the gradient to go on with. */
  static Tensor apply(Tensor parameter, Tensor grad, ParamGroup group, boolean decoupled) {
    if (!decoupled) {
      return inGradient(parameter, grad, group);
    }
    decoupled(parameter, group);
    return grad;
  }
}
