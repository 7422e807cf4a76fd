package dev.bellows.backend;

/**
 * One SGD step. g = grad + weightDecay·param; with momentum: buf = momentum·buf + (1 − dampening)·g
 * (buf = g on the first step); d = nesterov ? g + momentum·buf : buf; param −= lr·d.
 */
public record SgdArgs(
    double lr,
    double momentum,
    double dampening,
    double weightDecay,
    boolean nesterov,
    boolean firstStep) {}
