package dev.bellows.ops;

import static dev.bellows.ops.Pointwise.condition;
import static dev.bellows.ops.Pointwise.row;

import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.UnaryOp;

/** Comparisons and the logic of conditions: rows of {@link Pointwise}. */
public final class Comparisons {
  /** BOOL: whether this equals other. */
  public static final BinaryFunction EQ = condition("eq", BinaryOp.EQ);

  /** BOOL: whether this does not equal other. */
  public static final BinaryFunction NE = condition("ne", BinaryOp.NE);

  /** BOOL: whether this is less than other. */
  public static final BinaryFunction LT = condition("lt", BinaryOp.LT);

  /** BOOL: whether this is at most other. */
  public static final BinaryFunction LE = condition("le", BinaryOp.LE);

  /** BOOL: whether this is greater than other. */
  public static final BinaryFunction GT = condition("gt", BinaryOp.GT);

  /** BOOL: whether this is at least other. */
  public static final BinaryFunction GE = condition("ge", BinaryOp.GE);

  /** BOOL: whether this is 0. */
  public static final UnaryFunction LOGICAL_NOT =
      row("logicalNot", UnaryOp.LOGICAL_NOT, Accepted.ANY, UnaryFunction.Gradient.NONE);

  /** BOOL: whether both are not 0. */
  @Forms(number = false)
  public static final BinaryFunction LOGICAL_AND = condition("logicalAnd", BinaryOp.LOGICAL_AND);

  /** BOOL: whether one is not 0. */
  @Forms(number = false)
  public static final BinaryFunction LOGICAL_OR = condition("logicalOr", BinaryOp.LOGICAL_OR);

  /** BOOL: whether just one is not 0. */
  @Forms(number = false)
  public static final BinaryFunction LOGICAL_XOR = condition("logicalXor", BinaryOp.LOGICAL_XOR);

  private Comparisons() {}
}
