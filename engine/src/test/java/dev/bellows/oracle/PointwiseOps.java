package dev.bellows.oracle;

import static dev.bellows.oracle.OpInfo.ALL;
import static dev.bellows.oracle.OpInfo.FLOATING;
import static dev.bellows.oracle.OpInfo.NUMERIC;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** Operations on corresponding elements. */
final class PointwiseOps {
  private PointwiseOps() {}

  static List<OpInfo> all() {
    List<OpInfo> all = new ArrayList<>();
    all.addAll(unary());
    all.addAll(binary());
    all.addAll(scalar());
    all.addAll(comparisons());
    all.addAll(others());
    all.addAll(MorePointwiseOps.all());
    return all;
  }

  private static List<OpInfo> unary() {
    return List.of(
        unary("neg", NUMERIC, -3, 3, Tensor::neg, Tensor::neg_).grad(2).fast().exact(),
        unary("abs", NUMERIC, -3, 3, Tensor::abs, Tensor::abs_).grad(2).fast().exact(),
        unary("sign", ALL, -3, 3, Tensor::sign, Tensor::sign_).grad(2),
        unary("exp", ALL, -3, 3, Tensor::exp, Tensor::exp_).grad(2).fast(),
        unary("log", ALL, 0.1, 3, Tensor::log, Tensor::log_).grad(2).fast(),
        unary("sqrt", ALL, 0.1, 3, Tensor::sqrt, Tensor::sqrt_).grad(2).fast(),
        unary("reciprocal", ALL, 0.1, 3, Tensor::reciprocal, Tensor::reciprocal_).grad(2).fast(),
        unary("tanh", ALL, -3, 3, Tensor::tanh, Tensor::tanh_).grad(2).fast(),
        unary("sigmoid", ALL, -3, 3, Tensor::sigmoid, Tensor::sigmoid_).grad(2).fast(),
        unary("sin", ALL, -3, 3, Tensor::sin, Tensor::sin_).grad(2),
        unary("cos", ALL, -3, 3, Tensor::cos, Tensor::cos_).grad(2),
        unary("relu", NUMERIC, -3, 3, Tensor::relu, Tensor::relu_).grad(2).fast(),
        unary("logicalNot", ALL, -1, 1, Tensor::logicalNot, Tensor::logicalNot_));
  }

  private static List<OpInfo> binary() {
    return List.of(
        binary("add", ALL, -2, 2, Tensor::add, Tensor::add_).grad(2).fast().exact(),
        binary("sub", NUMERIC, -2, 2, Tensor::sub, Tensor::sub_).grad(2).fast().exact(),
        binary("mul", ALL, -2, 2, Tensor::mul, Tensor::mul_).grad(2).fast().exact(),
        binary("div", ALL, 0.2, 2, Tensor::div, Tensor::div_).grad(2).fast(),
        binary("pow", NUMERIC, 0.2, 2, Tensor::pow, Tensor::pow_).grad(2),
        binary("maximum", ALL, -2, 2, Tensor::maximum, null).grad(2).fast(),
        binary("minimum", ALL, -2, 2, Tensor::minimum, null).grad(2).fast());
  }

  private static List<OpInfo> scalar() {
    return List.of(
        scalar("add scalar", ALL, "torch.add(x0, {})", -2, Tensor::add, Tensor::add_).fast(),
        scalar("sub scalar", NUMERIC, "torch.sub(x0, {})", -2, Tensor::sub, Tensor::sub_).fast(),
        scalar("mul scalar", ALL, "torch.mul(x0, {})", -2, Tensor::mul, Tensor::mul_).fast(),
        scalar("div scalar", ALL, "torch.div(x0, {})", -2, Tensor::div, Tensor::div_).fast(),
        powScalar(),
        scalar(
                "maximum scalar",
                NUMERIC,
                "torch.maximum(x0, torch.full([], {}))",
                -2,
                Tensor::maximum,
                null)
            .fast(),
        scalar(
                "minimum scalar",
                NUMERIC,
                "torch.minimum(x0, torch.full([], {}))",
                -2,
                Tensor::minimum,
                null)
            .fast());
  }

  private static List<OpInfo> comparisons() {
    return List.of(
        binary("eq", ALL, -2, 2, Tensor::eq, null),
        binary("ne", ALL, -2, 2, Tensor::ne, null),
        binary("lt", ALL, -2, 2, Tensor::lt, null),
        binary("le", ALL, -2, 2, Tensor::le, null),
        binary("gt", ALL, -2, 2, Tensor::gt, null),
        binary("ge", ALL, -2, 2, Tensor::ge, null),
        compared("eq scalar", "torch.eq(x0, {})", Tensor::eq),
        compared("ne scalar", "torch.ne(x0, {})", Tensor::ne),
        compared("lt scalar", "torch.lt(x0, {})", Tensor::lt),
        compared("le scalar", "torch.le(x0, {})", Tensor::le),
        compared("gt scalar", "torch.gt(x0, {})", Tensor::gt),
        compared("ge scalar", "torch.ge(x0, {})", Tensor::ge));
  }

  private static List<OpInfo> others() {
    return List.of(
        OpInfo.of(
                "where",
                ALL,
                (r, t) -> {
                  long[][] shapes = Shapes.broadcast(r, 3);
                  return Sample.of("torch.where(x0, x1, x2)")
                      .ours(x -> Tensor.where(x[0], x[1], x[2]))
                      .args(
                          Arg.of(DType.BOOL, shapes[0]),
                          Arg.of(t, shapes[1]),
                          Arg.of(t, shapes[2]));
                })
            .grad(2)
            .exact(),
        OpInfo.of(
                "add with alpha",
                NUMERIC,
                (r, t) -> {
                  int alpha = r.between(0, 3);
                  return target(r, t, "x0.clone().add_(x1, alpha={})", alpha)
                      .ours(x -> x[0].clone().add_(x[1], alpha))
                      .inPlace(x -> x[0].add_(x[1], alpha), "x0.add_(x1, alpha={})", alpha);
                })
            .grad(2)
            .noSpecialValues(), // near the largest number it matters how often a side rounds
        OpInfo.of(
                "copy_",
                ALL,
                (r, t) ->
                    target(r, t, "x0.clone().copy_(x1)")
                        .ours(x -> x[0].clone().copy_(x[1]))
                        .inPlace(x -> x[0].copy_(x[1]), "x0.copy_(x1)"))
            .grad(2)
            .fast()
            .exact(),
        OpInfo.of(
                "fill_",
                ALL,
                (r, t) -> {
                  int value = r.between(0, 2);
                  return Sample.of("x0.clone().fill_({})", value)
                      .ours(x -> x[0].clone().fill_(value))
                      .inPlace(x -> x[0].fill_(value), "x0.fill_({})", value)
                      .args(Arg.of(t, Shapes.any(r)));
                })
            .grad(1)
            .fast()
            .exact(),
        OpInfo.of(
                "in-place chain",
                FLOATING,
                (r, t) ->
                    target(r, t, "(x0 * 2).add_(x1, alpha=0.5).mul_(3).sub_(1).sin().add_(2)")
                        .ours(x -> x[0].mul(2).add_(x[1], 0.5).mul_(3).sub_(1).sin().add_(2)))
            .grad(2),
        OpInfo.of(
                "to",
                ALL,
                (r, t) -> {
                  DType type = r.small() ? DType.FLOAT64 : ALL.any(r);
                  Arg arg = Arg.of(t, Shapes.any(r)).floatsIn(0, 200);
                  boolean whole = !type.isFloatingPoint() && type != DType.BOOL;
                  return Sample.of("x0.to({})", type)
                      .ours(x -> x[0].to(type))
                      .args(whole ? arg.plain() : arg); // C++ leaves open what NaN becomes
                })
            .grad(2)
            .noSpecialValues());
  }

  static OpInfo unary(
      String name,
      OpInfo.Types types,
      double low,
      double high,
      UnaryOperator<Tensor> ours,
      UnaryOperator<Tensor> inPlace) {
    String script = name.equals("logicalNot") ? "logical_not" : name;
    return OpInfo.of(
        name,
        types,
        (r, t) ->
            Sample.of("torch." + script + "(x0)")
                .ours(x -> ours.apply(x[0]))
                .inPlace(inPlace == null ? null : x -> inPlace.apply(x[0]), "x0." + script + "_()")
                .args(Arg.of(t, Shapes.any(r)).floatsIn(low, high)));
  }

  static OpInfo unary(
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

  static OpInfo binary(
      String name,
      OpInfo.Types types,
      double low,
      double high,
      BinaryOperator<Tensor> ours,
      BinaryOperator<Tensor> inPlace) {
    return OpInfo.of(
        name,
        types,
        (r, t) -> {
          Arg[] args = Arg.pair(r, types, t);
          return Sample.of("torch." + name + "(x0, x1)")
              .ours(x -> ours.apply(x[0], x[1]))
              .inPlace(
                  inPlace == null ? null : x -> inPlace.apply(x[0], x[1]), "x0." + name + "_(x1)")
              .args(args[0].floatsIn(low, high), args[1].floatsIn(low, high));
        });
  }

  private static OpInfo powScalar() {
    return OpInfo.of(
            "pow scalar",
            ALL,
            (r, t) -> {
              Number c =
                  r.small() || r.nextBoolean()
                      ? r.pickNumber(0.5, 2, 3, -0.5, -1, -2, 0, 1, 1.5)
                      : r.constant();
              return Sample.of("torch.pow(x0, {})", c)
                  .ours(x -> x[0].pow(c))
                  .args(Arg.of(t, Shapes.any(r)).floatsIn(0.2, 3));
            })
        .grad(2);
  }

  interface WithScalar {
    Tensor apply(Tensor x, Number c);
  }

  static OpInfo scalar(
      String name,
      OpInfo.Types types,
      String script,
      double low,
      WithScalar ours,
      WithScalar inPlace) {
    return OpInfo.of(
            name,
            types,
            (r, t) -> {
              Number c = r.small() ? r.pickNumber(-2, -0.75, 2, 1, 0.5, 3) : r.constant();
              int dims = script.contains("full") ? 1 : 0; // where types do not depend on them
              return Sample.of(script, c)
                  .ours(x -> ours.apply(x[0], c))
                  .inPlace(
                      inPlace == null ? null : x -> inPlace.apply(x[0], c),
                      script.replace("torch.", "x0.").replace("(x0, ", "_("),
                      c)
                  .args(Arg.of(t, Shapes.of(r, dims, 5)).floatsIn(low, 3));
            })
        .grad(2);
  }

  private static OpInfo compared(String name, String script, WithScalar ours) {
    return OpInfo.of(
        name,
        ALL,
        (r, t) -> {
          Number c = r.nextBoolean() ? r.constant() : (Number) r.pickNumber(0.1, 1.1, -0.7, 2.3);
          Arg arg = Arg.of(t, Shapes.any(r));
          return Sample.of(script, c)
              .ours(x -> ours.apply(x[0], c))
              .args(r.nextBoolean() ? arg : arg.floatsIn(c.doubleValue(), c.doubleValue() + 0.02));
        });
  }

  /** A first argument that is written to, and a second that broadcasts to it. */
  private static Sample target(Rng r, DType t, String script, Object... constants) {
    long[] full = Shapes.any(r);
    long[] other = Shapes.broadcastTo(r, full);
    return Sample.of(script, constants).args(Arg.of(t, full), Arg.of(t, other));
  }
}
