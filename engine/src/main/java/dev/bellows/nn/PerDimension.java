package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import java.util.Arrays;

/** Numbers that a user gives once for all spatial dimensions, or one for each. */
final class PerDimension {
  private PerDimension() {}

  /**
   * Returns one number for each dimension.
   *
   * @throws IllegalArgumentException if there is neither one number nor one per dimension
   */
  static int[] of(String operation, String what, int dims, int... given) {
    if (given.length == 1) {
      int[] all = new int[dims];
      Arrays.fill(all, given[0]);
      return all;
    }
    if (given.length != dims) {
      throw new IllegalArgumentException(
          message(
              "%s: expected %s to be a single integer value or a list of %s values to match the"
                  + " spatial dimensions, but got %s=%s",
              operation, what, dims, what, given));
    }
    return given.clone();
  }

  /** Returns the numbers behind as many zeros as make two dimensions of them. */
  static int[] ofTwo(int filler, int... given) {
    return given.length == 1 ? new int[] {filler, given[0]} : given;
  }
}
