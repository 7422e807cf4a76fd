package dev.bellows.backend.cpu.vector;

import dev.bellows.backend.AdamArgs;

/**
 * The scalars of an Adam step: {@code stepSize} = lr / (1 − beta1^step), {@code scale} = 1 / √(1 −
 * beta2^step), {@code decay} = the factor applied to the weights.
 */
record AdamScalars(
    float beta1,
    float beta2,
    float rest1,
    float rest2,
    float eps,
    float stepSize,
    float scale,
    float decay) {
  static AdamScalars of(AdamArgs args) {
    double decay = args.decoupled() ? 1 - args.lr() * args.weightDecay() : args.weightDecay();
    return new AdamScalars(
        (float) args.beta1(),
        (float) args.beta2(),
        (float) (1 - args.beta1()),
        (float) (1 - args.beta2()),
        (float) args.eps(),
        (float) args.stepSize(),
        (float) (1 / args.root()),
        (float) decay);
  }
}
