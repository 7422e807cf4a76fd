package dev.bellows.optim;

import dev.bellows.tensor.Tensor;

/** Running means of the gradient (m) and of its square (v). */
record Moments(Tensor m, Tensor v) {
  /** Updates both: m ← beta1·m + (1 − beta1)·g; v ← beta2·v + (1 − beta2)·g². */
  static Moments update(Tensor parameter, Tensor grad, ParamGroup group, ParamState state) {
    double beta2 = group.get("beta2");
    Moments moments = new Moments(state.zeros(Adam.M, parameter), state.zeros(Adam.V, parameter));
    moments.m.lerp_(grad, 1 - group.get("beta1"));
    moments.v.mul_(beta2).addcmul_(grad, grad, 1 - beta2);
    return moments;
  }
}
