package dev.bellows.autograd;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Compares gradients with central differences (f(x + ε) − f(x − ε)) / 2ε, element by element, in
 * FLOAT64. Source: PyTorch's {@code torch.autograd.gradcheck} and {@code gradgradcheck}.
 */
public final class GradCheck {
  private static final double EPSILON = 1e-6;
  private static final double ABSOLUTE = 1e-5;
  private static final double RELATIVE = 1e-3;

  private GradCheck() {}

  /**
   * Checks the gradient of every input that requires grad.
   *
   * @param function maps the inputs to one tensor of any shape
   * @param inputs FLOAT64, contiguous where they require grad
   * @throws IllegalArgumentException if an input that requires grad is not FLOAT64
   * @throws AssertionError naming the operation, the input and both Jacobians if they differ
   */
  public static void gradCheck(
      String operation, Function<Tensor[], Tensor> function, Tensor... inputs) {
    requireDouble(inputs);
    for (int i = 0; i < inputs.length; i++) {
      if (inputs[i].requiresGrad()) {
        compare(operation, i, analytic(function, i, inputs), numeric(function, i, inputs), inputs);
      }
    }
  }

  /** Requires FLOAT64, as differences of FLOAT32 numbers are too coarse to verify gradients. */
  private static void requireDouble(Tensor... inputs) {
    for (int i = 0; i < inputs.length; i++) {
      if (inputs[i].requiresGrad() && inputs[i].dtype() != DType.FLOAT64) {
        throw new IllegalArgumentException(
            message(
                "gradCheck: inputs that require grad must be FLOAT64, since differences of other"
                    + " types are too coarse; input %s is %s%s: make it with"
                    + " Tensor.randn(DType.FLOAT64, ...) or to(DType.FLOAT64)",
                i, inputs[i].dtype(), inputs[i].shape()));
      }
    }
  }

  /** Checks the gradients of the gradients: {@link #gradCheck} on g ↦ Σ v·∂f/∂x for a fixed v. */
  public static void gradGradCheck(
      String operation, Function<Tensor[], Tensor> function, Tensor... inputs) {
    requireDouble(inputs);
    List<Tensor> differentiable = Arrays.stream(inputs).filter(Tensor::requiresGrad).toList();
    Tensor probe = function.apply(inputs).detach();
    Tensor[] all = Arrays.copyOf(inputs, inputs.length + 1);
    all[inputs.length] = weights(probe).setRequiresGrad(true);
    gradCheck(
        operation + " (twice)",
        in -> {
          Tensor out = function.apply(Arrays.copyOf(in, inputs.length));
          Tensor[] grads =
              Autograd.grad(
                  List.of(out), differentiable, List.of(in[inputs.length]), true, true, true);
          Tensor sum = null;
          for (Tensor grad : grads) {
            if (grad != null) {
              Tensor part = grad.mul(weights(grad)).sum();
              sum = sum == null ? part : sum.add(part);
            }
          }
          return sum;
        },
        all);
  }

  /** Returns fixed weights without structure, so that errors do not cancel. */
  private static Tensor weights(Tensor like) {
    double[] values = new double[Math.toIntExact(like.numel())];
    for (int i = 0; i < values.length; i++) {
      values[i] = 0.5 + ((i * 7919L + 13) % 101) / 101.0;
    }
    return Tensor.of(values, like.shape()).to(like.device());
  }

  private static double[][] analytic(Function<Tensor[], Tensor> function, int i, Tensor... inputs) {
    List<double[]> rows = new ArrayList<>();
    Tensor out = function.apply(inputs);
    int n = Math.toIntExact(out.numel());
    if (!out.requiresGrad()) {
      return new double[n][Math.toIntExact(inputs[i].numel())];
    }
    for (int k = 0; k < n; k++) {
      double[] unit = new double[n];
      unit[k] = 1;
      Tensor seed = Tensor.of(unit, out.shape()).to(out.device());
      Tensor grad =
          Autograd.grad(List.of(out), List.of(inputs[i]), List.of(seed), true, false, true)[0];
      rows.add(
          grad == null ? new double[Math.toIntExact(inputs[i].numel())] : grad.toDoubleArray());
    }
    return rows.toArray(new double[0][]);
  }

  private static double[][] numeric(Function<Tensor[], Tensor> function, int i, Tensor... inputs) {
    Tensor x = inputs[i];
    int m = Math.toIntExact(x.numel());
    double[] values = x.toDoubleArray();
    double[][] columns = new double[m][];
    for (int j = 0; j < m; j++) {
      double[] plus = at(function, i, values, j, EPSILON, inputs);
      double[] minus = at(function, i, values, j, -EPSILON, inputs);
      columns[j] = new double[plus.length];
      for (int k = 0; k < plus.length; k++) {
        columns[j][k] = (plus[k] - minus[k]) / (2 * EPSILON);
      }
    }
    int n = m == 0 ? Math.toIntExact(function.apply(inputs).numel()) : columns[0].length;
    double[][] rows = new double[n][m];
    for (int k = 0; k < n; k++) {
      for (int j = 0; j < m; j++) {
        rows[k][j] = columns[j][k];
      }
    }
    return rows;
  }

  private static double[] at(
      Function<Tensor[], Tensor> function,
      int i,
      double[] values,
      int j,
      double delta,
      Tensor... inputs) {
    Tensor x = inputs[i];
    double[] moved = values.clone();
    moved[j] += delta;
    try (Tensor value = Tensor.of(moved, x.shape());
        Tensor before = Tensor.of(values, x.shape())) {
      try (GradMode mode = GradMode.noGrad()) {
        x.copy_(value);
      }
      double[] out = function.apply(inputs).detach().toDoubleArray();
      try (GradMode mode = GradMode.noGrad()) {
        x.copy_(before);
      }
      return out;
    }
  }

  private static void compare(
      String operation, int i, double[][] analytic, double[][] numeric, Tensor... inputs) {
    for (int k = 0; k < numeric.length; k++) {
      for (int j = 0; j < numeric[k].length; j++) {
        double a = analytic[k][j];
        double b = numeric[k][j];
        boolean bothNan = Double.isNaN(a) && Double.isNaN(b);
        if (!bothNan && !(Math.abs(a - b) <= ABSOLUTE + RELATIVE * Math.abs(b))) {
          throw new AssertionError(
              message(
                  "gradCheck: %s: input %s of %s: output %s, element %s: analytic %s, numeric %s\n"
                      + "analytic %s\n"
                      + "numeric  %s",
                  operation,
                  i,
                  Arrays.stream(inputs).map(t -> Arrays.toString(t.shape())).toList(),
                  k,
                  j,
                  a,
                  b,
                  Arrays.deepToString(analytic),
                  Arrays.deepToString(numeric)));
        }
      }
    }
  }
}
