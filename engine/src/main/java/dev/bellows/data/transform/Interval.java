package dev.bellows.data.transform;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.io.Serializable;

/** Numbers from least to most. */
record Interval(double least, double most) implements Serializable {
  /**
   * Returns an interval.
   *
   * @throws IllegalArgumentException if not least ≤ most, or they are not finite
   */
  static Interval of(String what, double least, double most) {
    if (!(least <= most && Double.isFinite(least) && Double.isFinite(most))) {
      throw new IllegalArgumentException(
          message("%s must be a range; got %s to %s", what, least, most));
    }
    return new Interval(least, most);
  }

  /** Draws a number for each image of a batch; FLOAT64 [n]. */
  Tensor draw(Tensor batch, Generator generator) {
    return Images.uniform(batch, generator).to(DType.FLOAT64).mul(most - least).add(least);
  }

  @Override
  public String toString() {
    return message("[%s, %s]", least, most);
  }
}
