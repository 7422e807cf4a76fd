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
 * The kernels of pointwise operations, printed from their rows: one line for each, a macro with the
 * kernel's name, the type of the result and the expression.
 */
final class PointwiseText {
  private static final List<UnaryOp> UNARY = List.of(UnaryOp.values());
  private static final List<BinaryOp> BINARY = List.of(BinaryOp.values());

  /**
   * The operations that report a divisor of 0; the index is what {@code detail} of a fault says.
   */
  private static final List<String> DIVISIONS =
      Stream.concat(UNARY.stream(), BINARY.stream())
          .filter(op -> op.row().whole() != null && op.row().whole().form() == Form.DIVISION)
          .map(op -> op.row().operation())
          .toList();

  private PointwiseText() {}

  /** The operation that a fault names. */
  static String operation(int detail) {
    return DIVISIONS.get(detail);
  }

  /** Functions of one element in the type it is computed with. */
  static String unary() {
    return lines(UNARY, op -> op.isLogical(), op -> logical("UNARY", op))
        + "#ifdef FLOATING\n"
        + lines(UNARY, op -> isReal(op, Form.FAST), op -> real("UNARY", op))
        + "#else\n"
        + lines(UNARY, PointwiseText::isWhole, op -> whole("UNARY", op, "1, x"))
        + "#endif\n";
  }

  /** Functions of one floating point element in double. */
  static String unaryWide() {
    return lines(UNARY, op -> isReal(op, Form.WIDE), op -> wide("WIDE_UNARY", op));
  }

  /** Conditions on two elements. */
  static String compare() {
    return lines(BINARY, op -> op.isLogical(), op -> logical("BINARY", op));
  }

  /** Functions of two floating point elements in the type they are computed with. */
  static String binary() {
    return lines(BINARY, op -> isReal(op, Form.FAST), op -> real("BINARY", op));
  }

  /** Functions of two floating point elements in double. */
  static String binaryWide() {
    return lines(BINARY, op -> isReal(op, Form.WIDE), op -> wide("WIDE_BINARY", op));
  }

  /** Functions of two whole numbers. */
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
