package dev.bellows.tensor;

import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/**
 * Prints a tensor as PyTorch does: all elements in one format and width, chosen from the values;
 * long dimensions cut in the middle; lines of 80 columns. Source: {@code torch/_tensor_str.py}.
 */
final class Printer {
  private static final String OPEN = "tensor(";

  /** What {@code Tensor.setPrintOptions} set. */
  static volatile PrintOptions defaults = PrintOptions.DEFAULT;

  private final PrintOptions options;
  private final List<String> elements = new ArrayList<>();
  private final boolean summarise;
  private int next;
  private int width;

  private Printer(PrintOptions options, boolean summarise) {
    this.options = options;
    this.summarise = summarise;
  }

  static String print(Tensor t, PrintOptions options) {
    if (t.isReleased()) {
      return "tensor(released, dtype=" + t.dtype() + ", shape=" + Arrays.toString(t.shape()) + ")";
    }
    StringBuilder out = new StringBuilder(OPEN);
    boolean plain = t.dtype() == DType.FLOAT32;
    if (t.numel() == 0) {
      out.append("[]");
      if (t.dim() != 1) {
        out.append(", size=").append(Arrays.toString(t.shape()));
      }
    } else {
      plain |= t.dtype() == DType.INT64 || t.dtype() == DType.BOOL;
      try (TensorScope scope = TensorScope.open()) {
        boolean summarise = t.numel() > options.threshold();
        Tensor values = t.detach();
        new Printer(options, summarise).append(out, summarise ? values : Internals.onHost(values));
      }
    }
    if (t.device() != Device.CPU) {
      out.append(", device=").append(t.device());
    }
    if (!plain) {
      out.append(", dtype=").append(t.dtype());
    }
    if (t.gradFn() != null) {
      out.append(", gradFn=").append(t.gradFn());
    } else if (t.requiresGrad()) {
      out.append(", requiresGrad=true");
    }
    return out.append(')').toString();
  }

  private void append(StringBuilder out, Tensor t) {
    List<Tensor> shown = new ArrayList<>();
    collect(t, shown);
    format(t.dtype(), shown);
    append(out, t.shape(), 0, OPEN.length());
  }

  /** The elements that are printed, in order. */
  private void collect(Tensor t, List<Tensor> shown) {
    if (t.dim() == 0) {
      shown.add(t);
      return;
    }
    for (long i = 0;
        i < t.size(0);
        i = isCut(t.size(0), i + 1) ? t.size(0) - options.edgeItems() : i + 1) {
      collect(t.select(0, i), shown);
    }
  }

  private boolean isCut(long size, long i) {
    return summarise && size > 2L * options.edgeItems() && i == options.edgeItems();
  }

  private void format(DType dtype, List<Tensor> shown) {
    if (dtype == DType.BOOL) {
      shown.forEach(t -> add(t.itemLong() != 0 ? "true" : "false", true));
    } else if (!dtype.isFloatingPoint()) {
      shown.forEach(t -> add(Long.toString(t.itemLong()), true));
    } else {
      double[] values = shown.stream().mapToDouble(Tensor::item).toArray();
      DoubleFunction<String> format = formatOf(values);
      for (double value : values) {
        if (Double.isFinite(value)) {
          add(format.apply(value), value != 0);
        } else {
          add(Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf", false);
        }
      }
    }
  }

  private void add(String element, boolean countsForWidth) {
    elements.add(element);
    width = countsForWidth ? Math.max(width, element.length()) : width;
  }

  /** Whole numbers, four digits, or with an exponent where sizes differ or are extreme. */
  private DoubleFunction<String> formatOf(double... values) {
    boolean whole = true;
    double min = Double.POSITIVE_INFINITY;
    double max = 0;
    for (double value : values) {
      if (Double.isFinite(value) && value != 0) {
        whole &= value == Math.rint(value);
        min = Math.min(min, Math.abs(value));
        max = Math.max(max, Math.abs(value));
      }
    }
    boolean exponent = max > 0 && (max / min > 1000 || max > 1e8 || !whole && min < 1e-4);
    if (options.sciMode() == null ? exponent : options.sciMode()) {
      String format = "%." + options.precision() + "e";
      return v -> String.format(Locale.ROOT, format, v);
    }
    String format = whole ? "%.0f." : "%." + options.precision() + "f";
    return v -> String.format(Locale.ROOT, format, v);
  }

  private void append(StringBuilder out, long[] shape, int d, int indent) {
    if (d == shape.length) {
      out.append(elements.get(next++));
    } else if (d == shape.length - 1) {
      appendRow(out, shape[d], indent);
    } else {
      out.append('[');
      String separator = "," + "\n".repeat(shape.length - d - 1) + " ".repeat(indent + 1);
      for (long i = 0; i < shape[d]; i++) {
        out.append(i == 0 ? "" : separator);
        if (isCut(shape[d], i)) {
          out.append("...").append(separator);
          i = shape[d] - options.edgeItems();
        }
        append(out, shape, d + 1, indent + 1);
      }
      out.append(']');
    }
  }

  private void appendRow(StringBuilder out, long size, int indent) {
    int perLine = Math.max(1, (options.lineWidth() - indent) / (width + 2));
    out.append('[');
    int column = 0;
    for (long i = 0; i < size; i++) {
      column = separate(out, i, column, perLine, indent);
      if (isCut(size, i)) {
        out.append(" ...");
        column = separate(out, i, column, perLine, indent);
        i = size - options.edgeItems();
      }
      String element = elements.get(next++);
      out.append(" ".repeat(Math.max(0, width - element.length()))).append(element);
    }
    out.append(']');
  }

  /** What stands before an element; answers its column's number, from 1. */
  private static int separate(StringBuilder out, long i, int column, int perLine, int indent) {
    if (i == 0) {
      return 1;
    }
    if (column == perLine) {
      out.append(",\n").append(" ".repeat(indent + 1));
      return 1;
    }
    out.append(", ");
    return column + 1;
  }
}
