package dev.bellows.optim;

import java.util.Map;

/** Checks that several optimizers share, in PyTorch's words. */
final class OptionChecks {
  private OptionChecks() {}

  static void requireNotNegative(String what, Map<String, Double> options, String option) {
    double value = options.get(option);
    if (!(value >= 0)) {
      throw new IllegalArgumentException("Invalid " + what + ": " + value);
    }
  }
}
