package dev.bellows.backend;

/** Cumulative operations. */
public enum ScanOp {
  SUM,
  PROD,
  /** log(eᵃ + eᵇ), without overflow; floating point only. */
  LOG_ADD_EXP
}
