package dev.bellows.optim;

/**
 * Options that Adam and its relatives share.
 *
 * @param <O> the subclass
 */
public abstract class AdamOptions<O extends AdamOptions<O>> extends OptimizerOptions<O> {
  AdamOptions(double lr, double beta1, double beta2, double eps, double weightDecay) {
    declare("lr", lr);
    declare("beta1", beta1);
    declare("beta2", beta2);
    declare("eps", eps);
    declare("weightDecay", weightDecay);
  }

  /** Sets the share of the running means that is kept at each step, each in [0, 1). */
  public final O betas(double beta1, double beta2) {
    return set("beta1", beta1).set("beta2", beta2);
  }

  /** Sets the term that keeps the quotient finite, at least 0. */
  public final O eps(double eps) {
    return set("eps", eps);
  }
}
