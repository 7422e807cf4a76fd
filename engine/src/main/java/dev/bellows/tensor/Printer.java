package dev.bellows.tensor;

import dev.bellows.memory.DType;
import java.util.Arrays;
import java.util.Locale;

/** Prints a tensor in the manner of PyTorch, with long dimensions cut in the middle. */
final class Printer {
  private static final int EDGE = 3;
  private static final int SUMMARISE_FROM = 1000;

  private Printer() {}

  static String print(Tensor t) {
    if (t.isReleased()) {
      return "tensor(released, dtype=" + t.dtype() + ", shape=" + Arrays.toString(t.shape()) + ")";
    }
    StringBuilder out = new StringBuilder("tensor(");
    if (t.numel() == 0) {
      out.append("[], size=").append(Arrays.toString(t.shape()));
    } else {
      append(out, t.detach(), "tensor(".length(), t.numel() > SUMMARISE_FROM);
    }
    if (t.dtype() != DType.FLOAT32 && t.dtype() != DType.INT64 && t.dtype() != DType.BOOL) {
      out.append(", dtype=").append(t.dtype());
    }
    if (t.gradFn() != null) {
      out.append(", gradFn=").append(t.gradFn());
    } else if (t.requiresGrad()) {
      out.append(", requiresGrad=true");
    }
    return out.append(')').toString();
  }

  private static void append(StringBuilder out, Tensor t, int indent, boolean summarise) {
    if (t.dim() == 0) {
      out.append(element(t));
      return;
    }
    out.append('[');
    long n = t.size(0);
    for (long i = 0; i < n; i++) {
      if (i > 0) {
        out.append(',');
        out.append(t.dim() > 1 ? "\n".repeat(t.dim() - 1) + " ".repeat(indent + 1) : " ");
      }
      if (summarise && n > 2 * EDGE && i == EDGE) {
        out.append("...");
        i = n - EDGE - 1;
      } else {
        append(out, t.select(0, i), indent + 1, summarise);
      }
    }
    out.append(']');
  }

  private static String element(Tensor t) {
    if (t.dtype() == DType.BOOL) {
      return t.itemLong() != 0 ? "true" : "false";
    }
    if (!t.dtype().isFloatingPoint()) {
      return Long.toString(t.itemLong());
    }
    double value = t.item();
    if (value == Math.rint(value) && Math.abs(value) < 1e8) {
      return String.format(Locale.ROOT, "%.0f.", value);
    }
    return Math.abs(value) >= 1e-4 && Math.abs(value) < 1e8
        ? String.format(Locale.ROOT, "%.4f", value)
        : String.format(Locale.ROOT, "%.4e", value);
  }
}
