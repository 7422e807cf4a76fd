package dev.bellows.ops;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.backend.BinaryOp;
import dev.bellows.tensor.Tensor;

/**
 * The larger (or smaller) of a and b, NaN if either is; the gradient goes to the winner, halved
 * between equals, and to both where one is NaN.
 */
public final class Extremum extends Binary {
  private static final Extremum MAXIMUM = new Extremum("maximum", BinaryOp.MAXIMUM, BinaryOp.LT);
  private static final Extremum MINIMUM = new Extremum("minimum", BinaryOp.MINIMUM, BinaryOp.GT);

  private final BinaryOp loses;

  private Extremum(String name, BinaryOp kernel, BinaryOp loses) {
    super(name, kernel);
    this.loses = loses;
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
  protected Tensor gradA(FunctionContext ctx, Tensor gradOut) {
    return part(gradOut, ctx.saved(0), ctx.saved(1));
  }

  @Override
  protected Tensor gradB(FunctionContext ctx, Tensor gradOut) {
    return part(gradOut, ctx.saved(1), ctx.saved(0));
  }

  private Tensor part(Tensor g, Tensor x, Tensor y) {
    return share(g, Compare.of(loses, x, y), Compare.of(BinaryOp.EQ, x, y));
  }

  /** The part of a gradient: none for the loser, half for an equal, all at NaN. */
  static Tensor share(Tensor g, Tensor isLoser, Tensor isEqual) {
    Tensor part = Tensor.where(isEqual, g.mul(0.5), g);
    return Tensor.where(isLoser, Tensor.zerosLike(g), part);
  }
}
