package dev.bellows.backend;

/** What a fused kernel applies to its result. */
public enum Activation {
  NONE,
  RELU
}
