package dev.bellows.oracle;

import static dev.bellows.oracle.OpInfo.FLOATING;

import dev.bellows.memory.DType;
import dev.bellows.nn.Approximate;
import dev.bellows.nn.Functional;
import dev.bellows.tensor.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Activation functions. Gradients at NaN are not compared where libtorch's own loops disagree: they
 * are 0 or that of one side, by the length of the input.
 */
final class ActivationOps {
  private ActivationOps() {}

  static List<OpInfo> all() {
    return List.of(
        of("silu", "silu", Functional::silu, Functional::silu_),
        of("mish", "mish", Functional::mish, Functional::mish_),
        of("gelu", "gelu", Functional::gelu, null),
        of(
            "gelu tanh",
            "gelu",
            x -> Functional.gelu(x, Approximate.TANH),
            null,
            "approximate='tanh'"),
        of("logSigmoid", "log_sigmoid", Functional::logSigmoid, null),
        of("selu", "selu", Functional::selu, Functional::selu_).borders(0),
        of("relu6", "relu6", Functional::relu6, Functional::relu6_).borders(0),
        // libtorch's gradient of FLOAT64 has a factor of FLOAT32
        of("hardsigmoid", "hardsigmoid", Functional::hardsigmoid, Functional::hardsigmoid_)
            .comparing(FLOATING.without(DType.FLOAT64))
            .borders(0),
        of("hardswish", "hardswish", Functional::hardswish, Functional::hardswish_).borders(0),
        of("elu", "elu", x -> Functional.elu(x, 0.75), x -> Functional.elu_(x, 0.75), 0.75)
            .borders(0),
        of("celu", "celu", x -> Functional.celu(x, 0.75), x -> Functional.celu_(x, 0.75), 0.75)
            .borders(0),
        of(
            "leakyRelu",
            "leaky_relu",
            x -> Functional.leakyRelu(x, 0.25),
            x -> Functional.leakyRelu_(x, 0.25),
            0.25),
        of(
                "hardtanh",
                "hardtanh",
                x -> Functional.hardtanh(x, -0.5, 1),
                x -> Functional.hardtanh_(x, -0.5, 1),
                -0.5,
                1.0)
            .borders(0),
        of(
            "threshold",
            "threshold",
            x -> Functional.threshold(x, 0.5, -2),
            x -> Functional.threshold_(x, 0.5, -2),
            0.5,
            -2.0),
        of("softplus", "softplus", x -> Functional.softplus(x, 2, 3), null, 2.0, 3.0),
        of("hardshrink", "hardshrink", x -> Functional.hardshrink(x, 0.5), null, 0.5).borders(0),
        of("softshrink", "softshrink", x -> Functional.softshrink(x, 0.5), null, 0.5).borders(0),
        of("tanhshrink", FLOATING, "x0 - torch.tanh(x0)", Functional::tanhshrink),
        of("softsign", FLOATING, "x0 / (torch.abs(x0) + 1)", Functional::softsign),
        OpInfo.of("prelu", FLOATING, ActivationOps::prelu).grad(2).noSpecialValues().borders(0),
        OpInfo.of("glu", FLOATING, ActivationOps::glu).grad(2).borders(1));
  }

  /** A function of each element that libtorch has under one name, with constants. */
  private static OpInfo of(
      String name,
      String script,
      UnaryOperator<Tensor> ours,
      UnaryOperator<Tensor> inPlace,
      Object... constants) {
    StringBuilder arguments = new StringBuilder();
    for (Object constant : constants) {
      String text = constant instanceof String s ? s : Sample.text(constant);
      arguments.append(", ").append(text);
    }
    return OpInfo.of(
            name,
            FLOATING,
            (r, t) ->
                Sample.of("torch." + script + "(x0" + arguments + ")")
                    .ours(x -> ours.apply(x[0]))
                    .inPlace(
                        inPlace == null ? null : x -> inPlace.apply(x[0]),
                        "torch." + script + "_(x0" + arguments + ")")
                    .args(Arg.of(t, Shapes.any(r)).in(-4, 4)))
        .grad(2);
  }

  private static OpInfo of(
      String name, OpInfo.Types types, String script, UnaryOperator<Tensor> ours) {
    return PointwiseOps.unary(name, types, -3, 3, script, ours).grad(2);
  }

  private static Sample prelu(Rng r, DType t) {
    long[] shape = Shapes.nonEmpty(r, 0, 4);
    long weights = shape.length < 2 || r.nextBoolean() ? 1 : shape[1];
    return Sample.of("torch.prelu(x0, x1)")
        .ours(x -> Functional.prelu(x[0], x[1]))
        .args(Arg.of(t, shape), Arg.of(t, weights));
  }

  private static Sample glu(Rng r, DType t) {
    long[] shape = Shapes.nonEmpty(r, 1, 4);
    int dim = Shapes.anyDim(r, shape);
    long[] even = Shapes.with(shape, dim, 2 * Shapes.size(dim, shape));
    return Sample.of("torch.glu(x0, {})", dim)
        .ours(x -> Functional.glu(x[0], dim))
        .args(Arg.of(t, even));
  }
}
