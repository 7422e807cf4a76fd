package dev.bellows.ops;

import dev.bellows.backend.BinaryOp;
import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;

/**
 * The larger (or smaller) of a and b, NaN if either is; the gradient goes to the winner, halved
 * between equals.
 */
public final class Extremum extends Binary {
  private static final Extremum MAXIMUM = new Extremum("maximum", BinaryOp.MAXIMUM, BinaryOp.GT);
  private static final Extremum MINIMUM = new Extremum("minimum", BinaryOp.MINIMUM, BinaryOp.LT);

  private final BinaryOp wins;

  private Extremum(String name, BinaryOp kernel, BinaryOp wins) {
    super(name, kernel);
    this.wins = wins;
  }

  /** The larger of each two elements of one type, broadcast. */
  public static Tensor maximum(Tensor a, Tensor b) {
    return MAXIMUM.apply(a, b);
  }

  /** The smaller of each two elements of one type, broadcast. */
  public static Tensor minimum(Tensor a, Tensor b) {
    return MINIMUM.apply(a, b);
  }

  @Override
  protected Tensor gradA(OpContext ctx, Tensor gradOut) {
    return gradOut.mul(part(ctx.saved(0), ctx.saved(1)));
  }

  @Override
  protected Tensor gradB(OpContext ctx, Tensor gradOut) {
    return gradOut.mul(part(ctx.saved(1), ctx.saved(0)));
  }

  private Tensor part(Tensor x, Tensor y) {
    return share(Compare.of(wins, x, y), Compare.of(BinaryOp.EQ, x, y), x.dtype());
  }

  /** Whose the gradient of an extremum is: 1 to the winner, ½ to each of equals, else 0. */
  static Tensor share(Tensor isWinner, Tensor isEqual, DType dtype) {
    return isWinner.to(dtype).add(isEqual.to(dtype).mul(0.5));
  }
}
