package dev.bellows.oracle;

import dev.bellows.memory.DType;
import java.util.Arrays;
import java.util.List;

/** Says how two outcomes of one call differ. */
final class Comparison {
  private final OpInfo info;
  private final boolean bitwise;
  private final double relative;
  private final String other;

  /** Between calls with arguments of the given types: the coarsest sets what may be lost. */
  Comparison(OpInfo info, boolean bitwise, List<DType> arguments, String other) {
    this.info = info;
    this.bitwise = bitwise;
    this.relative = arguments.stream().mapToDouble(Comparison::relative).max().orElse(0);
    this.other = other;
  }

  /** The first difference, or null. */
  String of(Outcome ours, Outcome theirs) {
    if (ours.error() != null || theirs.error() != null) {
      return ours.error() != null && theirs.error() != null
          ? null
          : "ours: " + text(ours) + "\n  " + other + ": " + text(theirs);
    }
    if (ours.outputs().size() != theirs.outputs().size()) {
      return "number of results: ours " + ours.outputs() + ", " + other + theirs.outputs();
    }
    for (int i = 0; i < ours.outputs().size(); i++) {
      String what = "result " + i;
      String difference = result(what, ours.outputs().get(i), theirs.outputs().get(i));
      if (difference == null && !ours.recorded().get(i).equals(theirs.recorded().get(i))) {
        difference = what + ": requires grad: ours " + ours.recorded().get(i);
      }
      if (difference != null) {
        return difference;
      }
    }
    int largest = ours.outputs().stream().mapToInt(Values::length).max().orElse(1);
    for (int i = 0; i < ours.grads().size(); i++) {
      String difference =
          gradient("gradient of leaf " + i, largest, ours.grads().get(i), theirs.grads().get(i));
      if (difference != null) {
        return difference;
      }
    }
    return null;
  }

  /**
   * The first difference of gradients' gradients, or null; one that is missing counts as zeros. The
   * gradients themselves are compared elsewhere.
   */
  String ofTwice(Outcome ours, Outcome theirs) {
    if (ours.error() != null) {
      return "ours: " + text(ours);
    }
    for (int i = 0; i < ours.grads().size(); i++) {
      Values mine = ours.grads().get(i);
      Values other = i < theirs.grads().size() ? theirs.grads().get(i) : null;
      if (mine == null && other == null) {
        continue;
      }
      String difference =
          gradient(
              "of argument " + i,
              1,
              mine == null ? Values.zeros(other) : mine,
              other == null ? Values.zeros(mine) : other);
      if (difference != null) {
        return difference;
      }
    }
    return null;
  }

  private static String text(Outcome outcome) {
    return outcome.error() == null
        ? "gives " + outcome.outputs()
        : "throws " + outcome.error().toString().split("\\nException raised")[0];
  }

  private String result(String what, Values ours, Values theirs) {
    double scale = info.byLargest() ? largest(theirs) : 1;
    return values(what, ours, theirs, bitwise, scale);
  }

  /** A gradient may be a sum of as many terms as there are results: errors grow with its root. */
  private String gradient(String what, int results, Values ours, Values theirs) {
    if (ours == null || theirs == null) {
      return ours == theirs
          ? null
          : what + ": is there one: ours " + ours + ", " + other + " " + theirs;
    }
    double terms = Math.max(1, results / (double) Math.max(1, ours.length()));
    return values(what, ours, theirs, false, Math.sqrt(terms) * largest(theirs));
  }

  private String values(String what, Values ours, Values theirs, boolean bits, double scale) {
    String both = "\n  ours " + ours + "\n  " + other + " " + theirs;
    if (ours.dtype() != theirs.dtype()) {
      return what + ": dtype" + both;
    }
    if (!Arrays.equals(ours.shape(), theirs.shape())) {
      return what + ": shape" + both;
    }
    double error = info.factor() * Math.max(relative, relative(ours.dtype()));
    for (int i = 0; i < ours.length(); i++) {
      Number x = ours.isFloating() ? (Number) ours.doubles()[i] : (Number) ours.longs()[i];
      Number y = ours.isFloating() ? (Number) theirs.doubles()[i] : (Number) theirs.longs()[i];
      boolean equal = x.equals(y); // also NaN; not zeros of two signs
      if (!equal && ours.isFloating() && !bits) {
        equal = close(x.doubleValue(), y.doubleValue(), error, scale);
      }
      if (!equal) {
        String where = what + ": element " + i + " of " + ours.length();
        return where + ": ours " + x + ", " + other + " " + y + both;
      }
    }
    return null;
  }

  private static boolean close(double a, double b, double error, double scale) {
    return a == b || Double.isFinite(b) && Math.abs(a - b) <= error * Math.max(scale, Math.abs(b));
  }

  private static double largest(Values values) {
    double largest = 1;
    if (values.isFloating()) {
      for (double value : values.doubles()) {
        largest = Math.max(largest, Double.isFinite(value) ? Math.abs(value) : 1);
      }
    }
    return largest;
  }

  private static double relative(DType dtype) {
    return switch (dtype.name()) {
      case "FLOAT64" -> 1e-11;
      case "FLOAT32" -> 2e-5;
      case "FLOAT16" -> 2e-3;
      case "BFLOAT16" -> 2e-2;
      default -> 0;
    };
  }
}
