package dev.bellows.backend;

/** Activation that a fused kernel applies to its result. */
public enum Activation {
  NONE,
  RELU
}
