package dev.bellows.oracle;

import java.util.Arrays;

/** Says how two tensors differ. */
final class Comparison {
  private final OpInfo info;

  Comparison(OpInfo info) {
    this.info = info;
  }

  /** The first difference, or null. */
  String outcomes(String theirName, Outcome ours, Outcome theirs) {
    if (ours.error() != null || theirs.error() != null) {
      return ours.error() != null && theirs.error() != null
          ? null
          : "ours: " + text(ours) + "\n  " + theirName + ": " + text(theirs);
    }
    if (ours.outputs().size() != theirs.outputs().size()) {
      return "number of results: ours " + ours.outputs() + ", " + theirName + theirs.outputs();
    }
    for (int i = 0; i < ours.outputs().size(); i++) {
      String what = "result " + i;
      String difference =
          values(what, theirName, ours.outputs().get(i), theirs.outputs().get(i), false);
      if (difference == null && !ours.recorded().get(i).equals(theirs.recorded().get(i))) {
        difference = what + ": requires grad: ours " + ours.recorded().get(i);
      }
      if (difference != null) {
        return difference;
      }
    }
    for (int i = 0; i < ours.grads().size(); i++) {
      String what = "gradient of leaf " + i;
      String difference = values(what, theirName, ours.grads().get(i), theirs.grads().get(i), true);
      if (difference != null) {
        return difference;
      }
    }
    return null;
  }

  private static String text(Outcome outcome) {
    return outcome.error() == null ? "gives " + outcome.outputs() : "throws " + outcome.error();
  }

  private String values(
      String what, String theirName, Values ours, Values theirs, boolean gradient) {
    if (ours == null || theirs == null) {
      return ours == theirs
          ? null
          : what + ": is there one: ours " + ours + ", " + theirName + " " + theirs;
    }
    String both = "\n  ours " + ours + "\n  " + theirName + " " + theirs;
    if (ours.dtype() != theirs.dtype()) {
      return what + ": dtype" + both;
    }
    if (!Arrays.equals(ours.shape(), theirs.shape())) {
      return what + ": shape" + both;
    }
    double largest = theirs.isFloating() && (info.byLargest() || gradient) ? largest(theirs) : 1;
    double relative = relative(ours) * info.factor();
    for (int i = 0; i < ours.length(); i++) {
      String a;
      String b;
      boolean equal;
      if (ours.isFloating()) {
        double x = ours.doubles()[i];
        double y = theirs.doubles()[i];
        boolean same = Double.compare(x, y) == 0;
        double allowed = relative * Math.max(largest, Math.abs(y));
        equal = same || !(info.bitwise() && !gradient) && (x == y || Math.abs(x - y) <= allowed);
        a = Double.toString(x);
        b = Double.toString(y);
      } else {
        equal = ours.longs()[i] == theirs.longs()[i];
        a = Long.toString(ours.longs()[i]);
        b = Long.toString(theirs.longs()[i]);
      }
      if (!equal) {
        String where = what + ": element " + i + " of " + ours.length();
        return where + ": ours " + a + ", " + theirName + " " + b + both;
      }
    }
    return null;
  }

  private static double largest(Values values) {
    double largest = 1;
    for (double value : values.doubles()) {
      largest = Math.max(largest, Double.isFinite(value) ? Math.abs(value) : 1);
    }
    return largest;
  }

  private static double relative(Values values) {
    return switch (values.dtype().name()) {
      case "FLOAT64" -> 1e-11;
      case "FLOAT16" -> 2e-3;
      case "BFLOAT16" -> 2e-2;
      default -> 2e-5;
    };
  }
}
