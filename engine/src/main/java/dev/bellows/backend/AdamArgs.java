package dev.bellows.backend;

/**
 * One Adam step, as PyTorch computes it. g = grad (+ weightDecay·param unless {@code decoupled}; if
 * decoupled, param ·= 1 − lr·weightDecay first); m = beta1·m + (1 − beta1)·g; v = beta2·v + (1 −
 * beta2)·g²; param −= (lr / (1 − beta1^step)) · m / (√v / √(1 − beta2^step) + eps).
 *
 * @param step number of this step, from 1
 */
public record AdamArgs(
    double lr,
    double beta1,
    double beta2,
    double eps,
    double weightDecay,
    boolean decoupled,
    long step) {
  /** Returns lr / (1 − beta1^step). */
  public double stepSize() {
    return lr / (1 - StrictMath.pow(beta1, step));
  }

  /** Returns √(1 − beta2^step). */
  public double root() {
    return Math.sqrt(1 - StrictMath.pow(beta2, step));
  }
}
