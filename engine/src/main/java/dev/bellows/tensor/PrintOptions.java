package dev.bellows.tensor;

import static dev.bellows.errors.Messages.message;

/**
 * How tensors are printed. Source: {@code torch.set_printoptions}.
 *
 * @param precision digits behind the point
 * @param threshold tensors of more elements are cut in the middle of long dimensions
 * @param edgeItems how many elements are shown at each end of a cut dimension
 * @param lineWidth characters in a line
 * @param sciMode whether numbers have exponents; null to choose by their sizes
 */
public record PrintOptions(
    int precision, int threshold, int edgeItems, int lineWidth, Boolean sciMode) {
  /** 4 digits, up to 1000 elements, 3 at each end, 80 characters. */
  public static final PrintOptions DEFAULT = new PrintOptions(4, 1000, 3, 80, null);

  /** 2 digits, up to 1000 elements, 2 at each end, 80 characters. */
  public static final PrintOptions SHORT = new PrintOptions(2, 1000, 2, 80, null);

  /** As {@link #DEFAULT} with all elements. */
  public static final PrintOptions FULL = DEFAULT.withThreshold(Integer.MAX_VALUE);

  /**
   * Checks the limits.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public PrintOptions {
    check("precision", precision, 0, 30);
    check("threshold", threshold, 0, Integer.MAX_VALUE);
    check("edgeItems", edgeItems, 1, Integer.MAX_VALUE);
    check("lineWidth", lineWidth, 1, Integer.MAX_VALUE);
  }

  private static void check(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          message("printOptions: %s must be from %s to %s; got %s", name, least, most, value));
    }
  }

  /** Returns options with another number of digits. */
  public PrintOptions withPrecision(int digits) {
    return new PrintOptions(digits, threshold, edgeItems, lineWidth, sciMode);
  }

  /** Returns options with another number of elements from which on tensors are cut. */
  public PrintOptions withThreshold(int elements) {
    return new PrintOptions(precision, elements, edgeItems, lineWidth, sciMode);
  }

  /** Returns options with another number of elements at each end. */
  public PrintOptions withEdgeItems(int elements) {
    return new PrintOptions(precision, threshold, elements, lineWidth, sciMode);
  }

  /** Returns options with lines of another length. */
  public PrintOptions withLineWidth(int characters) {
    return new PrintOptions(precision, threshold, edgeItems, characters, sciMode);
  }

  /** Returns options with exponents or without; null to choose by the numbers. */
  public PrintOptions withSciMode(Boolean exponents) {
    return new PrintOptions(precision, threshold, edgeItems, lineWidth, exponents);
  }
}
