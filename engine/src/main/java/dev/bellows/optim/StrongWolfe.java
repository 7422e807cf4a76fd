package dev.bellows.optim;

import dev.bellows.tensor.Tensor;
import java.util.function.DoubleFunction;

/**
 * Searches along a line for a point with a loss low enough (f ≤ f₀ + c1·t·s₀) and a slope flat
 * enough (|s| ≤ c2·|s₀|): first steps of growing length until such a point, or an interval that
 * holds one, is found; then the interval shrinks around it. Source: Nocedal and Wright, Numerical
 * Optimization, 2006, algorithms 3.5 and 3.6, with the trial lengths of {@code torch.optim.LBFGS}.
 */
final class StrongWolfe {
  private static final double C1 = 1e-4;
  private static final double C2 = 0.9;
  private static final double TOLERANCE = 1e-9;

  /** Largest factor between two trial lengths while the interval grows. */
  private static final double GROWTH = 10;

  /** Part of the interval at either end within which a trial length makes little progress. */
  private static final double MARGIN = 0.1;

  private final DoubleFunction<Point> evaluate;
  private final double largest;
  private int evaluations;
  private Point start;
  private Point low;
  private Point high;

  /**
   * A point of the line.
   *
   * @param length distance from the start, in units of the direction
   * @param slope gradient · direction
   */
  record Point(double length, double loss, Tensor grad, double slope) {}

  /**
   * Describes a search.
   *
   * @param largest largest element of the direction
   */
  StrongWolfe(DoubleFunction<Point> evaluate, double largest) {
    this.evaluate = evaluate;
    this.largest = largest;
  }

  /** Returns how often the loss was evaluated. */
  int evaluations() {
    return evaluations;
  }

  /** Returns a point that satisfies the conditions, or the best one after {@code most} trials. */
  Point run(double firstLength, Point from, int most) {
    start = from;
    int trials = bracket(firstLength, most);
    if (high != null) {
      if (low.loss > high.loss) {
        swap();
      }
      zoom(most - trials);
    }
    return low;
  }

  private Point at(double length) {
    evaluations++;
    return evaluate.apply(length);
  }

  private void swap() {
    Point point = low;
    low = high;
    high = point;
  }

  private boolean isTooHigh(Point point) {
    return point.loss > start.loss + C1 * point.length * start.slope;
  }

  private boolean isFlat(Point point) {
    return Math.abs(point.slope) <= -C2 * start.slope;
  }

  /**
   * Sets low to a point that satisfies the conditions, or low and high to an interval around it.
   */
  private int bracket(double firstLength, int most) {
    Point before = start;
    Point point = at(firstLength);
    int trials = 0;
    while (trials < most) {
      if (isTooHigh(point) || trials > 1 && point.loss >= before.loss) {
        low = before;
        high = point;
        return trials;
      }
      if (isFlat(point)) {
        low = point;
        return trials;
      }
      if (point.slope >= 0) {
        low = before;
        high = point;
        return trials;
      }
      double least = point.length + 0.01 * (point.length - before.length);
      double next = minimum(before, point, least, point.length * GROWTH);
      before = point;
      point = at(next);
      trials++;
    }
    low = start;
    high = point;
    return trials;
  }

  private void zoom(int most) {
    boolean slow = false;
    for (int i = 0; i < most; i++) {
      double least = Math.min(low.length, high.length);
      double width = Math.abs(high.length - low.length);
      if (width * largest < TOLERANCE) {
        return;
      }
      double greatest = least + width;
      double length = minimum(low, high, least, greatest);
      double margin = MARGIN * width;
      if (Math.min(greatest - length, length - least) < margin) {
        boolean outside = length >= greatest || length <= least;
        if (slow || outside) {
          boolean right = greatest - length < Math.abs(length - least);
          length = right ? greatest - margin : least + margin;
        }
        slow = !slow && !outside;
      } else {
        slow = false;
      }
      if (shrink(at(length))) {
        return;
      }
    }
  }

  /** Puts a point into the interval; returns whether it satisfies the conditions. */
  private boolean shrink(Point point) {
    if (isTooHigh(point) || point.loss >= low.loss) {
      high = point;
      if (low.loss > high.loss) {
        swap();
      }
      return false;
    }
    boolean done = isFlat(point);
    if (!done && point.slope * (high.length - low.length) >= 0) {
      high = low;
    }
    low = point;
    return done;
  }

  /** Returns where the cubic through two points and their slopes is least, within bounds. */
  private static double minimum(Point one, Point other, double least, double greatest) {
    boolean ordered = one.length <= other.length;
    Point left = ordered ? one : other;
    Point right = ordered ? other : one;
    double d1 =
        left.slope + right.slope - 3 * (left.loss - right.loss) / (left.length - right.length);
    double square = d1 * d1 - left.slope * right.slope;
    if (!(square >= 0)) {
      return (least + greatest) / 2;
    }
    double d2 = Math.sqrt(square);
    double at =
        right.length
            - (right.length - left.length)
                * ((right.slope + d2 - d1) / (right.slope - left.slope + 2 * d2));
    return Math.min(Math.max(at, least), greatest);
  }
}
