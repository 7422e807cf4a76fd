package dev.bellows.oracle;

import static dev.bellows.oracle.OpInfo.ALL;
import static dev.bellows.oracle.OpInfo.BOOL;
import static dev.bellows.oracle.OpInfo.FLOATING;
import static dev.bellows.oracle.OpInfo.INTEGRAL;
import static dev.bellows.oracle.OpInfo.NUMERIC;
import static dev.bellows.oracle.PointwiseOps.unary;

import dev.bellows.memory.DType;
import dev.bellows.ops.RoundingMode;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;

/** Operations on corresponding elements beside arithmetic. */
final class MorePointwiseOps {
  private static final OpInfo.Types WIDE = OpInfo.types(DType.FLOAT32, DType.FLOAT64);

  private MorePointwiseOps() {}

  static List<OpInfo> all() {
    List<OpInfo> all = new ArrayList<>();
    all.addAll(rounding());
    all.addAll(transcendental());
    all.addAll(special());
    all.addAll(pairs());
    all.addAll(bits());
    all.addAll(bounds());
    all.addAll(mixed());
    all.addAll(tests());
    return all;
  }

  private static List<OpInfo> rounding() {
    return List.of(
        unary("floor", NUMERIC, -3, 3, Tensor::floor, Tensor::floor_).grad(2),
        unary("ceil", NUMERIC, -3, 3, Tensor::ceil, Tensor::ceil_).grad(2),
        unary("round", NUMERIC, -3, 3, Tensor::round, Tensor::round_).grad(2),
        unary("trunc", NUMERIC, -3, 3, Tensor::trunc, Tensor::trunc_).grad(2),
        unary("frac", FLOATING, -3, 3, Tensor::frac, Tensor::frac_).grad(2).noSpecialValues(),
        OpInfo.of(
                "round decimals",
                WIDE,
                (r, t) -> {
                  int decimals = r.between(-2, 3);
                  return Sample.of("torch.round(x0, decimals={})", decimals)
                      .ours(x -> x[0].round(decimals))
                      .args(Arg.of(t, Shapes.any(r)).in(-300, 300));
                })
            .noSpecialValues());
  }

  private static List<OpInfo> transcendental() {
    return List.of(
        // both gradients of halves round a cube and its product
        unary("rsqrt", ALL, 0.1, 3, Tensor::rsqrt, Tensor::rsqrt_).grad(2).tolerance(3),
        unary("square", NUMERIC, -3, 3, Tensor::square, Tensor::square_).grad(2),
        unary("exp2", ALL, -3, 3, Tensor::exp2, Tensor::exp2_).grad(2),
        unary("expm1", ALL, -3, 3, Tensor::expm1, Tensor::expm1_).grad(2),
        unary("log2", ALL, 0.1, 3, Tensor::log2, Tensor::log2_).grad(2),
        unary("log10", ALL, 0.1, 3, Tensor::log10, Tensor::log10_).grad(2),
        unary("log1p", ALL, -0.8, 3, Tensor::log1p, Tensor::log1p_).grad(2),
        unary("tan", ALL, -1.2, 1.2, Tensor::tan, Tensor::tan_).grad(2).noSpecialValues(),
        unary("asin", ALL, -0.9, 0.9, Tensor::asin, Tensor::asin_).grad(2),
        unary("acos", ALL, -0.9, 0.9, Tensor::acos, Tensor::acos_).grad(2),
        unary("atan", ALL, -3, 3, Tensor::atan, Tensor::atan_).grad(2),
        unary("sinh", ALL, -3, 3, Tensor::sinh, Tensor::sinh_).grad(2),
        unary("cosh", ALL, -3, 3, Tensor::cosh, Tensor::cosh_).grad(2),
        // libtorch has no gradient of the next three in place
        unary("asinh", ALL, -3, 3, Tensor::asinh, null).grad(2).noSpecialValues(),
        unary("acosh", ALL, 1.1, 3, Tensor::acosh, null).grad(2).noSpecialValues(),
        unary("atanh", ALL, -0.9, 0.9, Tensor::atanh, null).grad(2));
  }

  private static List<OpInfo> special() {
    return List.of(
        unary("erf", ALL, -3, 3, Tensor::erf, Tensor::erf_).grad(2),
        unary("erfc", ALL, -3, 3, Tensor::erfc, Tensor::erfc_).grad(2),
        unary("erfinv", ALL, -0.9, 0.9, Tensor::erfinv, Tensor::erfinv_).grad(2),
        // at its poles libtorch's trigamma function is what the rounding of π leaves
        unary("lgamma", WIDE, 0.2, 4, Tensor::lgamma, Tensor::lgamma_)
            .grad(2)
            .noSpecialValues()
            .borders(1),
        unary("digamma", OpInfo.types(DType.FLOAT32), 1.6, 4, Tensor::digamma, Tensor::digamma_)
            .grad(2)
            .noSpecialValues()
            .borders(0),
        OpInfo.of(
                "digamma of FLOAT64",
                OpInfo.types(DType.FLOAT64),
                (r, t) ->
                    Sample.of("torch.digamma(x0)")
                        .ours(x -> x[0].digamma())
                        .args(Arg.of(t, Shapes.any(r)).in(1.6, 4)))
            .grad(2)
            .noSpecialValues()
            .borders(0)
            .tolerance(1e6), // libtorch's trigamma function is exact to 1e-10 only
        OpInfo.of(
                "polygamma",
                OpInfo.types(DType.FLOAT64),
                (r, t) -> {
                  int n = r.between(2, 5);
                  return Sample.of("torch.polygamma({}, x0)", n)
                      .ours(x -> x[0].polygamma(n))
                      .inPlace(x -> x[0].polygamma_(n), "x0.polygamma_({})", n)
                      .args(Arg.of(t, Shapes.any(r)).in(0.6, 4));
                })
            .grad(2)
            .noSpecialValues(),
        // libtorch's gradient near 0 is a difference of nearly equal numbers, lost in narrower
        // types
        unary("sinc", OpInfo.types(DType.FLOAT64), -3, 3, Tensor::sinc, Tensor::sinc_)
            .grad(1)
            .scaled()
            .noSpecialValues(),
        unary("logit", FLOATING, 0.1, 0.9, Tensor::logit, Tensor::logit_)
            .grad(2)
            .noSpecialValues()
            .borders(0),
        // libtorch's gradient at −0 depends on whether the element is in a vector
        unary(
                "logit at borders",
                FLOATING,
                0.1,
                0.9,
                "torch.logit(x0 + 0.0)",
                x -> x.add(0.0).logit())
            .grad(2)
            .noSpecialValues(),
        unary(
                "logit with eps",
                FLOATING,
                0.1,
                0.9,
                "torch.logit(torch.nan_to_num(x0), 0.25)", // libtorch has two gradients of NaN
                x -> x.nanToNum().logit(0.25))
            .grad(2)
            .noSpecialValues()
            .borders(1),
        unary("deg2rad", ALL, -300, 300, Tensor::deg2rad, null).grad(2).noSpecialValues(),
        unary("rad2deg", ALL, -3, 3, Tensor::rad2deg, null).grad(2).noSpecialValues(),
        OpInfo.of(
                "nanToNum",
                ALL,
                (r, t) ->
                    Sample.of("torch.nan_to_num(x0)")
                        .ours(x -> x[0].nanToNum())
                        .args(Arg.of(t, Shapes.any(r))))
            .grad(2));
  }

  private static List<OpInfo> pairs() {
    return List.of(
        // of one type: libtorch negates UINT8 in the gradient of FLOAT64
        OpInfo.of(
                "atan2",
                ALL,
                (r, t) -> {
                  Arg[] args = Arg.of(t, Shapes.broadcastPair(r));
                  return Sample.of("torch.atan2(x0, x1)")
                      .ours(x -> x[0].atan2(x[1]))
                      .args(args[0].floatsIn(0.2, 2), args[1].floatsIn(0.2, 2));
                })
            .grad(2),
        pair("hypot", WIDE, 0.2, 2, "torch.hypot(x0, x1)", Tensor::hypot).grad(2).noSpecialValues(),
        pair("fmod", WIDE, 0.3, 2, "torch.fmod(x0, x1)", Tensor::fmod).grad(1).noSpecialValues(),
        pair("remainder", WIDE, 0.3, 2, "torch.remainder(x0, x1)", Tensor::remainder)
            .grad(1)
            .noSpecialValues(),
        pair("floorDivide", WIDE, 0.3, 2, "torch.floor_divide(x0, x1)", Tensor::floorDivide),
        pair(
                "div rounding mode",
                WIDE,
                0.3,
                2,
                "torch.div(x0, x1, rounding_mode='floor')",
                (a, b) -> a.div(b, RoundingMode.FLOOR))
            .grad(1),
        pair(
                "div truncated",
                WIDE,
                0.3,
                2,
                "torch.div(x0, x1, rounding_mode='trunc')",
                (a, b) -> a.div(b, RoundingMode.TRUNC))
            .grad(1),
        divided("fmod integers", "torch.fmod(x0, x1)", Tensor::fmod),
        divided("remainder integers", "torch.remainder(x0, x1)", Tensor::remainder),
        divided("floorDivide integers", "torch.floor_divide(x0, x1)", Tensor::floorDivide),
        divided(
            "div integers rounded",
            "torch.div(x0, x1, rounding_mode='trunc')",
            (a, b) -> a.div(b, RoundingMode.TRUNC)),
        pair("copysign", ALL, -2, 2, "torch.copysign(x0, x1)", Tensor::copysign).grad(1),
        pair("fmax", NUMERIC, -2, 2, "torch.fmax(x0, x1)", Tensor::fmax).grad(2),
        pair("fmin", NUMERIC, -2, 2, "torch.fmin(x0, x1)", Tensor::fmin).grad(2),
        pair("xlogy", ALL, 0.2, 2, "torch.xlogy(x0, x1)", Tensor::xlogy).grad(2).noSpecialValues(),
        pair("logAddExp", WIDE, -2, 2, "torch.logaddexp(x0, x1)", Tensor::logAddExp)
            .grad(2)
            .noSpecialValues(),
        pair("logAddExp2", WIDE, -2, 2, "torch.logaddexp2(x0, x1)", Tensor::logAddExp2)
            .grad(2)
            .noSpecialValues(),
        same("heaviside", ALL, "torch.heaviside(x0, x1)", Tensor::heaviside));
  }

  private static List<OpInfo> bits() {
    OpInfo.Types whole = INTEGRAL.and(BOOL);
    return List.of(
        unary("bitwiseNot", whole, 0, 1, "torch.bitwise_not(x0)", Tensor::bitwiseNot),
        same("bitwiseAnd", whole, "torch.bitwise_and(x0, x1)", Tensor::bitwiseAnd),
        same("bitwiseOr", whole, "torch.bitwise_or(x0, x1)", Tensor::bitwiseOr),
        same("bitwiseXor", whole, "torch.bitwise_xor(x0, x1)", Tensor::bitwiseXor),
        shift("bitwiseLeftShift", "torch.bitwise_left_shift(x0, x1)", Tensor::bitwiseLeftShift),
        shift("bitwiseRightShift", "torch.bitwise_right_shift(x0, x1)", Tensor::bitwiseRightShift),
        same("gcd", INTEGRAL, "torch.gcd(x0, x1)", Tensor::gcd).noSpecialValues(),
        same("lcm", INTEGRAL, "torch.lcm(x0, x1)", Tensor::lcm).noSpecialValues(),
        same("logicalAnd", ALL, "torch.logical_and(x0, x1)", Tensor::logicalAnd),
        same("logicalOr", ALL, "torch.logical_or(x0, x1)", Tensor::logicalOr),
        same("logicalXor", ALL, "torch.logical_xor(x0, x1)", Tensor::logicalXor));
  }

  private static List<OpInfo> bounds() {
    return List.of(
        OpInfo.of(
                "clamp",
                NUMERIC,
                (r, t) -> {
                  Number low = r.oneIn(3) ? null : t.isFloatingPoint() ? -0.75 : 1;
                  Number high = low != null && r.oneIn(3) ? null : t.isFloatingPoint() ? 0.5 : 3;
                  return Sample.of("torch.clamp(x0, {}, {})", low, high)
                      .ours(x -> x[0].clamp(low, high))
                      .inPlace(x -> x[0].clamp_(low, high), "x0.clamp_({}, {})", low, high)
                      .args(Arg.of(t, Shapes.any(r)));
                })
            .grad(2),
        OpInfo.of(
                "clamp tensors",
                NUMERIC,
                (r, t) -> {
                  // libtorch refuses bounds that would make the result larger than x0
                  long[] shape = Shapes.any(r);
                  return Sample.of("torch.clamp(x0, x1, x2)")
                      .ours(x -> x[0].clamp(x[1], x[2]))
                      .args(
                          Arg.of(
                              t,
                              shape,
                              Shapes.broadcastTo(r, shape),
                              Shapes.broadcastTo(r, shape)));
                })
            .grad(1)
            .noSpecialValues(),
        OpInfo.of(
                "clampMin",
                NUMERIC,
                (r, t) ->
                    Sample.of("torch.clamp_min(x0, 1)")
                        .ours(x -> x[0].clampMin(1))
                        .inPlace(x -> x[0].clampMin_(1), "x0.clamp_min_(1)")
                        .args(Arg.of(t, Shapes.any(r))))
            .grad(2),
        OpInfo.of(
                "clampMax",
                NUMERIC,
                (r, t) ->
                    Sample.of("torch.clamp_max(x0, 1)")
                        .ours(x -> x[0].clampMax(1))
                        .inPlace(x -> x[0].clampMax_(1), "x0.clamp_max_(1)")
                        .args(Arg.of(t, Shapes.any(r))))
            .grad(2));
  }

  private static List<OpInfo> mixed() {
    return List.of(
        OpInfo.of(
                "lerp",
                FLOATING,
                (r, t) -> {
                  double w = r.between(-6, 6) / 4.0;
                  return Sample.of("torch.lerp(x0, x1, {})", w)
                      .ours(x -> x[0].lerp(x[1], w))
                      .args(Arg.of(t, Shapes.broadcastPair(r)));
                })
            .grad(2)
            .noSpecialValues(),
        OpInfo.of(
                "lerp tensors",
                FLOATING,
                (r, t) ->
                    Sample.of("torch.lerp(x0, x1, x2)")
                        .ours(x -> x[0].lerp(x[1], x[2]))
                        .args(Arg.of(t, Shapes.broadcast(r, 3))))
            .grad(1)
            .noSpecialValues(),
        OpInfo.of(
                "addcmul",
                NUMERIC,
                (r, t) -> {
                  Number value =
                      t.isFloatingPoint() || r.nextBoolean()
                          ? (Number) r.pickNumber(1, 2.75)
                          : (Number) r.between(1, 3);
                  return Sample.of("torch.addcmul(x0, x1, x2, value={})", value)
                      .ours(x -> x[0].addcmul(x[1], x[2], value))
                      .args(Arg.of(t, Shapes.broadcast(r, 3)));
                })
            .grad(2)
            .noSpecialValues(),
        OpInfo.of(
                "addcdiv",
                FLOATING,
                (r, t) -> {
                  Arg[] args = Arg.of(t, Shapes.broadcast(r, 3));
                  return Sample.of("torch.addcdiv(x0, x1, x2, value={})", 2)
                      .ours(x -> x[0].addcdiv(x[1], x[2], 2))
                      .args(args[0], args[1], args[2].in(0.5, 2));
                })
            .grad(2)
            .noSpecialValues(),
        OpInfo.of(
                "rsub",
                NUMERIC,
                (r, t) ->
                    Sample.of("torch.rsub(x0, {})", 2)
                        .ours(x -> x[0].rsub(2))
                        .args(Arg.of(t, Shapes.any(r))))
            .grad(2),
        OpInfo.of(
                "sub with alpha",
                NUMERIC,
                (r, t) ->
                    Sample.of("torch.sub(x0, x1, alpha={})", 2)
                        .ours(x -> x[0].sub(x[1], 2))
                        .args(Arg.of(t, Shapes.broadcastPair(r))))
            .grad(2)
            .noSpecialValues());
  }

  private static List<OpInfo> tests() {
    return List.of(
        unary("isnan", ALL, -2, 2, Tensor::isnan, null),
        unary("isinf", ALL, -2, 2, Tensor::isinf, null),
        unary("isfinite", ALL, -2, 2, Tensor::isfinite, null),
        unary("isposinf", ALL, -2, 2, Tensor::isposinf, null),
        unary("isneginf", ALL, -2, 2, Tensor::isneginf, null),
        unary("signbit", ALL, -2, 2, Tensor::signbit, null),
        OpInfo.of(
            "isclose",
            WIDE,
            (r, t) -> {
              long[] shape = Shapes.any(r); // libtorch refuses a larger other
              return Sample.of("torch.isclose(x0, x0 + x1 * 1e-5, 1e-5, 1e-8, True)")
                  .ours(x -> x[0].isclose(x[0].add(x[1].mul(1e-5)), 1e-5, 1e-8, true))
                  .args(Arg.of(t, shape, Shapes.broadcastTo(r, shape)));
            }),
        OpInfo.of(
            "equal",
            ALL,
            (r, t) ->
                Sample.of("torch.equal(x0, x1)")
                    .ours(x -> x[0].equal(x[1]))
                    .args(Arg.of(t, Shapes.broadcastPair(r)))));
  }

  private static OpInfo pair(
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

  private static OpInfo same(
      String name, OpInfo.Types types, String script, BinaryOperator<Tensor> ours) {
    return OpInfo.of(
        name,
        types,
        (r, t) ->
            Sample.of(script)
                .ours(x -> ours.apply(x[0], x[1]))
                .args(Arg.of(t, Shapes.broadcastPair(r))));
  }

  private static OpInfo divided(String name, String script, BinaryOperator<Tensor> ours) {
    return OpInfo.of(
        name,
        INTEGRAL,
        (r, t) -> {
          Arg[] args = Arg.of(t, Shapes.broadcastPair(r));
          return Sample.of(script)
              .ours(x -> ours.apply(x[0], x[1]))
              .args(args[0], args[1].in(1, 5).plain());
        });
  }

  private static OpInfo shift(String name, String script, BinaryOperator<Tensor> ours) {
    return OpInfo.of(
        name,
        INTEGRAL,
        (r, t) -> {
          Arg[] args = Arg.of(t, Shapes.broadcastPair(r));
          return Sample.of(script)
              .ours(x -> ours.apply(x[0], x[1]))
              .args(args[0], args[1].in(0, 7).plain());
        });
  }
}
