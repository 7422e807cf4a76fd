package dev.bellows.backend.cuda;

import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.Formula;
import dev.bellows.backend.Formula.Form;
import dev.bellows.backend.PointwiseOp;
import dev.bellows.backend.UnaryOp;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Prints the kernels of pointwise operations from their table rows: one line per operation, a macro
 * with the kernel's name, the result type and the expression.
 */
final class PointwiseText {
  private static final List<UnaryOp> UNARY = List.of(UnaryOp.values());
  private static final List<BinaryOp> BINARY = List.of(BinaryOp.values());

  /**
   * The operations that report a divisor of 0; a fault's {@code detail} is the index in this list.
   */
  private static final List<String> DIVISIONS =
      Stream.concat(UNARY.stream(), BINARY.stream())
          .filter(op -> op.row().whole() != null && op.row().whole().form() == Form.DIVISION)
          .map(op -> op.row().operation())
          .toList();

  private PointwiseText() {}

  /** Returns the operation that a fault refers to. */
  static String operation(int detail) {
    return DIVISIONS.get(detail);
  }

  /** Returns the kernels of functions of one element in its arithmetic type. */
  static String unary() {
    return lines(UNARY, op -> op.isLogical(), op -> logical("UNARY", op))
        + "#ifdef FLOATING\n"
        + lines(UNARY, op -> isReal(op, Form.FAST), op -> real("UNARY", op))
        + "#else\n"
        + lines(UNARY, PointwiseText::isWhole, op -> whole("UNARY", op, "1, x"))
        + "#endif\n";
  }

  /** Returns the kernels of functions of one floating-point element in double. */
  static String unaryWide() {
    return lines(UNARY, op -> isReal(op, Form.WIDE), op -> wide("WIDE_UNARY", op));
  }

  /** Returns the kernels of conditions on two elements. */
  static String compare() {
    return lines(BINARY, op -> op.isLogical(), op -> logical("BINARY", op));
  }

  /** Returns the kernels of functions of two floating-point elements in their arithmetic type. */
  static String binary() {
    return lines(BINARY, op -> isReal(op, Form.FAST), op -> real("BINARY", op));
  }

  /** Returns the kernels of functions of two floating-point elements in double. */
  static String binaryWide() {
    return lines(BINARY, op -> isReal(op, Form.WIDE), op -> wide("WIDE_BINARY", op));
  }

  /** Returns the kernels of functions of two integers. */
  static String integer() {
    return lines(BINARY, PointwiseText::isWhole, op -> whole("BINARY", op, "x, y"));
  }

  private static <T> String lines(List<T> rows, Predicate<T> which, Function<T, String> line) {
    return rows.stream().filter(which).map(line).collect(Collectors.joining());
  }

  private static boolean isReal(PointwiseOp<?, ?> op, Form form) {
    return !op.isLogical() && !op.isForIntegers() && op.real().form() == form;
  }

  private static boolean isWhole(PointwiseOp<?, ?> op) {
    return !op.isLogical() && !op.isForReals();
  }

  private static String logical(String macro, PointwiseOp<?, ?> op) {
    return line(macro, op, "BOOL", "(i64)(" + op.real().cuda() + ")");
  }

  private static String real(String macro, PointwiseOp<?, ?> op) {
    return line(macro, op, "A", "(C)(" + op.real().cuda() + ")");
  }

  private static String wide(String macro, PointwiseOp<?, ?> op) {
    return line(macro, op, "A", op.real().cuda());
  }

  private static String whole(String macro, PointwiseOp<?, ?> op, String divided) {
    Formula<?> formula = op.row().whole();
    String value = "(i64)(" + formula.cuda() + ")";
    if (formula.form() == Form.DIVISION) {
      int detail = DIVISIONS.indexOf(op.row().operation());
      value = "divides(" + divided + ", p.fault, " + detail + ") ? " + value + " : 0";
    }
    return line(macro, op, "A", value);
  }

  private static String line(String macro, PointwiseOp<?, ?> op, String result, String value) {
    return macro + "(" + op.name() + ", " + result + ", " + value + ")\n";
  }
}
