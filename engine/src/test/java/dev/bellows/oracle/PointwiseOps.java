package dev.bellows.oracle;

import static dev.bellows.oracle.OpInfo.ALL;
import static dev.bellows.oracle.OpInfo.FLOATING;
import static dev.bellows.oracle.OpInfo.NUMERIC;

import dev.bellows.tensor.Tensor;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** Operations on corresponding elements. */
final class PointwiseOps {
  private PointwiseOps() {}

  static List<OpInfo> all() {
    return List.of(
        unary("neg", NUMERIC, -3, 3, "torch.neg(x0)", Tensor::neg).grad(2).exact(),
        unary("exp", FLOATING, -3, 3, "torch.exp(x0)", Tensor::exp).grad(2),
        binary("add", ALL, -2, 2, "torch.add(x0, x1)", Tensor::add).grad(2),
        binary("mul", NUMERIC, -2, 2, "torch.mul(x0, x1)", Tensor::mul).grad(2));
  }

  private static OpInfo unary(
      String name,
      OpInfo.Types types,
      double low,
      double high,
      String script,
      UnaryOperator<Tensor> ours) {
    return OpInfo.of(
        name,
        types,
        (r, t) ->
            Sample.of(script)
                .ours(x -> ours.apply(x[0]))
                .args(Arg.of(t, Shapes.any(r)).floatsIn(low, high)));
  }

  private static OpInfo binary(
      String name,
      OpInfo.Types types,
      double low,
      double high,
      String script,
      BinaryOperator<Tensor> ours) {
    return OpInfo.of(
        name,
        types,
        (r, t) -> {
          Arg[] args = Arg.pair(r, types, t);
          return Sample.of(script)
              .ours(x -> ours.apply(x[0], x[1]))
              .args(args[0].floatsIn(low, high), args[1].floatsIn(low, high));
        });
  }
}
