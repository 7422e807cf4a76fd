package dev.bellows.ops;

import dev.bellows.backend.BinaryOp;
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
    return gradOut.mul(share(ctx.saved(0), ctx.saved(1)));
  }

  @Override
  protected Tensor gradB(OpContext ctx, Tensor gradOut) {
    return gradOut.mul(share(ctx.saved(1), ctx.saved(0)));
  }

  /** 1 where x wins over y, ½ where they are equal, else 0, in x's type. */
  private Tensor share(Tensor x, Tensor y) {
    Tensor winner = Compare.of(wins, x, y).to(x.dtype());
    return winner.add(Compare.of(BinaryOp.EQ, x, y).to(x.dtype()).mul(0.5));
  }
}
