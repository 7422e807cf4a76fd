package dev.bellows.tensor;

import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
  private int width = 1;

  private Printer(PrintOptions options, boolean summarise) {
    this.options = options;
    this.summarise = summarise;
  }

  static String print(Tensor t, PrintOptions options) {
    if (t.isReleased()) {
      return "tensor(released, dtype=" + t.dtype() + ", shape=" + Arrays.toString(t.shape()) + ")";
    }
    StringBuilder out = new StringBuilder(OPEN);
    if (t.numel() == 0) {
      out.append("[]");
    } else {
      try (TensorScope scope = TensorScope.open()) {
        boolean summarise = t.numel() > options.threshold();
        Tensor values = t.detach();
        new Printer(options, summarise)
            .append(out, summarise ? values : TensorCopies.onHost(values));
      }
    }
    appendSuffixes(out, options.lineWidth(), suffixes(t));
    return out.append(')').toString();
  }

  private static List<String> suffixes(Tensor t) {
    List<String> suffixes = new ArrayList<>();
    boolean plain = t.dtype() == DType.FLOAT32;
    if (t.device() != Device.CPU) {
      suffixes.add("device=" + t.device());
    }
    if (t.numel() > 0) {
      plain |= t.dtype() == DType.INT64 || t.dtype() == DType.BOOL;
    } else if (t.dim() != 1) {
      suffixes.add("size=" + Arrays.toString(t.shape()));
    }
    if (!plain) {
      suffixes.add("dtype=" + t.dtype());
    }
    if (t.gradFn() != null) {
      suffixes.add("gradFn=" + t.gradFn());
    } else if (t.requiresGrad()) {
      suffixes.add("requiresGrad=true");
    }
    return suffixes;
  }

  /** Appends what stands behind the elements, on separate lines where it does not fit. */
  private static void appendSuffixes(StringBuilder out, int lineWidth, List<String> suffixes) {
    int column = out.length() - out.lastIndexOf("\n") + 1;
    for (String suffix : suffixes) {
      if (column + suffix.length() + 2 > lineWidth) {
        out.append(",\n").append(" ".repeat(OPEN.length()));
        column = OPEN.length() + suffix.length();
      } else {
        out.append(", ");
        column += suffix.length() + 2;
      }
      out.append(suffix);
    }
  }

  private void append(StringBuilder out, Tensor t) {
    List<Tensor> shown = new ArrayList<>();
    collect(t, shown);
    format(t.dtype(), shown);
    append(out, t.shape(), 0, OPEN.length());
  }

  /** Returns the elements that are printed, in order. */
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

  /** Chooses whole numbers, four digits, or with an exponent where sizes differ or are extreme. */
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
    boolean exponent =
        options.sciMode() == null ? max / min > 1000 || max > 1e8 || min < 1e-4 : options.sciMode();
    if (max > 0 && exponent) {
      return v -> scientific(v, options.precision());
    }
    return whole ? v -> fixed(v, 0) + "." : v -> fixed(v, options.precision());
  }

  /** Prints with so many digits behind the point; the exact value is rounded, half to even. */
  private static String fixed(double value, int digits) {
    BigDecimal exact = new BigDecimal(Math.abs(value));
    return sign(value) + exact.setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
  }

  /**
   * Works like {@link #fixed}, with one digit before the point and an exponent of at least two
   * digits.
   */
  private static String scientific(double value, int digits) {
    BigDecimal exact = new BigDecimal(Math.abs(value));
    BigDecimal rounded = exact.round(new MathContext(digits + 1, RoundingMode.HALF_EVEN));
    String figures = rounded.unscaledValue().toString();
    int exponent = value == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
    figures += "0".repeat(digits + 1 - figures.length());
    return sign(value)
        + figures.charAt(0)
        + (digits == 0 ? "" : "." + figures.substring(1))
        + (exponent < 0 ? "e-" : "e+")
        + (Math.abs(exponent) < 10 ? "0" : "")
        + Math.abs(exponent);
  }

  private static String sign(double value) {
    return Math.copySign(1, value) < 0 ? "-" : "";
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

  /** Prints what stands before an element and returns its column's number, from 1. */
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
