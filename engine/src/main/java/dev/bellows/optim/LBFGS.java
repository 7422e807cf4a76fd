package dev.bellows.optim;

import dev.bellows.autograd.GradMode;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * L-BFGS: a step takes up to maxIter iterations, each along −H·g with an approximation H of the
 * inverse Hessian from the last historySize changes of parameters and gradient, and evaluates the
 * loss for each. The state belongs to the first parameter: {@code d} (the last direction), {@code
 * old_dirs} and {@code old_stps} [history, elements], {@code ro} [history] and {@code
 * prev_flat_grad}, and the numbers of PyTorch's names. Defaults: lr 1, maxIter 20, maxEval 1.25 ·
 * maxIter, toleranceGrad 1e-7, toleranceChange 1e-9, historySize 100, no line search. One group
 * only; not for a train loop or a job, since a step needs a closure. Source: Nocedal and Wright,
 * Numerical Optimization, 2006, algorithms 7.4, 7.5; PyTorch's {@code torch.optim.LBFGS}.
 */
public final class LBFGS extends Optimizer {
  private static final String DIRECTION = "d";
  private static final String CHANGES = "old_dirs";
  private static final String STEPS = "old_stps";
  private static final String RO = "ro";
  private static final String GRAD = "prev_flat_grad";
  private static final String EVALUATIONS = "func_evals";
  private static final String ITERATIONS = "n_iter";
  private static final String LENGTH = "t";
  private static final String SCALE = "H_diag";
  private static final String LOSS = "prev_loss";
  private static final double LEAST_CURVATURE = 1e-10;

  /** Creates an optimizer with a learning rate and the other defaults. */
  public LBFGS(List<? extends Tensor> parameters, double lr) {
    this(parameters, options().lr(lr));
  }

  /**
   * Creates an optimizer of one group.
   *
   * @throws IllegalArgumentException if an option is out of range, there is no parameter, or one
   *     comes twice or is not a leaf
   */
  public LBFGS(List<? extends Tensor> parameters, Options options) {
    super(List.of(ParamGroup.of(parameters)), options);
    ParamGroup group = groups().get(0);
    if (Double.isNaN(group.get("maxEval"))) {
      group.set("maxEval", Math.floor(group.get("maxIter") * 1.25));
    }
  }

  /** Returns the defaults, to be changed one by one. */
  public static Options options() {
    return new Options();
  }

  @Override
  protected void checkOptions(Map<String, Double> o) {
    requireNotNegative("learning rate", o, "lr");
  }

  @Override
  public boolean needsClosure() {
    return true;
  }

  @Override
  List<String> stateNumbers() {
    return List.of(EVALUATIONS, ITERATIONS, LENGTH, SCALE, LOSS);
  }

  @Override
  Map<String, long[]> stateShapes(Map<String, Double> options, Tensor parameter) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    if (parameter == parameters().get(0)) {
      long elements = parameters().stream().mapToLong(Tensor::numel).sum();
      shapes.put(DIRECTION, new long[] {elements});
      shapes.put(CHANGES, new long[] {-1, elements});
      shapes.put(STEPS, new long[] {-1, elements});
      shapes.put(RO, new long[] {-1});
      shapes.put(GRAD, new long[] {elements});
    }
    return shapes;
  }

  /**
   * Always fails.
   *
   * @throws IllegalStateException always: the loss is evaluated several times
   */
  @Override
  public void step() {
    throw new IllegalStateException(
        "LBFGS: step must be given a closure that clears the gradients, computes the loss, calls"
            + " backward and returns the loss: step(() -> ...)");
  }

  @Override
  protected void update(Tensor parameter, Tensor grad, ParamGroup group, ParamState state) {
    step();
  }

  /**
   * Evaluates the loss, and again for each iteration.
   *
   * @param closure clears the gradients, computes the loss, calls backward and returns the loss; it
   *     runs with recording on
   * @return the loss before the step
   * @throws IllegalStateException if there are several groups
   */
  @Override
  @SuppressWarnings("try")
  public Tensor step(Supplier<Tensor> closure) {
    if (groups().size() != 1) {
      throw new IllegalStateException(
          "LBFGS: Expected exactly one param_group, but got " + groups().size());
    }
    Tensor first = evaluate(closure);
    try (GradMode mode = GradMode.noGrad()) {
      new Step(closure).run(first.item());
    }
    return first;
  }

  @SuppressWarnings("try")
  private static Tensor evaluate(Supplier<Tensor> closure) {
    try (GradMode mode = GradMode.enableGrad()) {
      return closure.get();
    }
  }

  private static double largest(Tensor tensor) {
    return tensor.numel() == 0 ? 0 : tensor.abs().max().item();
  }

  /** One call of {@link #step(Supplier)}. */
  private final class Step {
    private final Supplier<Tensor> closure;
    private final ParamGroup group = groups().get(0);
    private final ParamState state = state(parameters().get(0));
    private final List<Tensor> changes = new ArrayList<>();
    private final List<Tensor> steps = new ArrayList<>();
    private final List<Double> ro = new ArrayList<>();
    private final double toleranceGrad = group.get("toleranceGrad");
    private final double toleranceChange = group.get("toleranceChange");
    private final int maxIterations = (int) group.get("maxIter");
    private final double maxEvaluations = group.get("maxEval");
    private long iterations = (long) state.number(ITERATIONS, 0);
    private double length = state.number(LENGTH, 0);
    private double scale = state.number(SCALE, 1);
    private int evaluations = 1;
    private double loss;
    private Tensor grad;
    private Tensor direction;
    private Tensor gradBefore;
    private double lossBefore;

    Step(Supplier<Tensor> closure) {
      this.closure = closure;
    }

    void run(double firstLoss) {
      loss = firstLoss;
      grad = flatGrad();
      load();
      if (largest(grad) > toleranceGrad) {
        for (int i = 1; i <= maxIterations; i++) {
          if (!iterate(i == maxIterations)) {
            break;
          }
        }
      }
      save();
    }

    private void load() {
      direction = state.tensor(DIRECTION, grad, () -> grad.newZeros(grad.shape()));
      gradBefore = state.tensor(GRAD, grad, () -> grad.newZeros(grad.shape()));
      Tensor oldChanges = history(CHANGES);
      Tensor oldSteps = history(STEPS);
      double[] oldRo = state.tensor(RO, grad, () -> grad.newZeros(0)).toDoubleArray();
      for (int i = 0; i < oldRo.length; i++) {
        changes.add(oldChanges.select(0, i).clone());
        steps.add(oldSteps.select(0, i).clone());
        ro.add(oldRo[i]);
      }
      lossBefore = state.number(LOSS, loss);
    }

    private Tensor history(String name) {
      return state.tensor(name, grad, () -> grad.newZeros(0, grad.numel()));
    }

    private void save() {
      state.setNumber(EVALUATIONS, state.number(EVALUATIONS, 0) + evaluations);
      state.setNumber(ITERATIONS, iterations);
      state.setNumber(LENGTH, length);
      state.setNumber(SCALE, scale);
      state.setNumber(LOSS, lossBefore);
      state.put(DIRECTION, direction);
      state.put(GRAD, gradBefore);
      if (!ro.isEmpty()) {
        state.put(CHANGES, Tensor.stack(changes, 0));
        state.put(STEPS, Tensor.stack(steps, 0));
        Tensor values = Tensor.of(ro.stream().mapToDouble(Double::doubleValue).toArray());
        state.put(RO, values.to(grad.dtype()).to(grad.device()));
      }
    }

    /** Runs one iteration; returns whether another may follow. */
    private boolean iterate(boolean last) {
      iterations++;
      turn();
      gradBefore = grad.clone();
      lossBefore = loss;
      double lr = group.lr();
      length = iterations == 1 ? Math.min(1, 1 / grad.abs().sum().item()) * lr : lr;
      double slope = grad.dot(direction).item();
      if (slope > -toleranceChange) {
        return false;
      }
      int before = evaluations;
      if (group.isOn("lineSearchFn")) {
        search(slope);
      } else {
        move(length);
        if (!last) {
          loss = evaluate(closure).item();
          grad = flatGrad();
          evaluations++;
        }
      }
      boolean evaluated = evaluations > before;
      return !last
          && evaluations < maxEvaluations
          && !(evaluated && largest(grad) <= toleranceGrad)
          && !(largest(direction) * length <= toleranceChange)
          && !(Math.abs(loss - lossBefore) < toleranceChange);
    }

    private void search(double slope) {
      List<Tensor> start = parameters().stream().map(p -> p.detach().clone()).toList();
      StrongWolfe search =
          new StrongWolfe(
              t -> {
                move(t);
                double value = evaluate(closure).item();
                Tensor there = flatGrad();
                for (int i = 0; i < start.size(); i++) {
                  parameters().get(i).copy_(start.get(i));
                }
                return new StrongWolfe.Point(t, value, there, there.dot(direction).item());
              },
              largest(direction));
      StrongWolfe.Point found =
          search.run(
              length,
              new StrongWolfe.Point(0, loss, grad, slope),
              (int) maxEvaluations - evaluations);
      loss = found.loss();
      grad = found.grad();
      length = found.length();
      evaluations += search.evaluations();
      move(length);
    }

    /** Computes the direction from the gradient and the history. */
    private void turn() {
      if (iterations == 1) {
        direction = grad.neg();
        scale = 1;
        return;
      }
      remember();
      double[] alpha = new double[ro.size()];
      Tensor q = grad.neg();
      for (int i = alpha.length - 1; i >= 0; i--) {
        alpha[i] = steps.get(i).dot(q).item() * ro.get(i);
        q.add_(changes.get(i), -alpha[i]);
      }
      direction = q.mul_(scale);
      for (int i = 0; i < alpha.length; i++) {
        double beta = changes.get(i).dot(direction).item() * ro.get(i);
        direction.add_(steps.get(i), alpha[i] - beta);
      }
    }

    private void remember() {
      Tensor change = grad.sub(gradBefore);
      Tensor step = direction.mul(length);
      double curvature = change.dot(step).item();
      if (curvature <= LEAST_CURVATURE) {
        return;
      }
      if (ro.size() == (int) group.get("historySize")) {
        changes.remove(0);
        steps.remove(0);
        ro.remove(0);
      }
      changes.add(change);
      steps.add(step);
      ro.add(1 / curvature);
      scale = curvature / change.dot(change).item();
    }

    private Tensor flatGrad() {
      List<Tensor> parts = new ArrayList<>();
      for (Tensor parameter : parameters()) {
        Tensor part = parameter.grad();
        parts.add(
            (part == null ? parameter.newZeros(parameter.shape()) : part).reshape(-1).detach());
      }
      return Tensor.cat(parts, 0);
    }

    private void move(double by) {
      long at = 0;
      for (Tensor parameter : parameters()) {
        Tensor part = direction.narrow(0, at, parameter.numel());
        parameter.add_(part.view(parameter.shape()), by);
        at += parameter.numel();
      }
    }
  }

  /** Options of {@link LBFGS}; each method changes these options and returns them. */
  public static final class Options extends OptimizerOptions<Options> {
    private Options() {
      declare("lr", 1);
      declare("maxIter", 20);
      declare("maxEval", Double.NaN);
      declare("toleranceGrad", 1e-7);
      declare("toleranceChange", 1e-9);
      declare("historySize", 100);
      declare("lineSearchFn", List.of("None", "strong_wolfe"));
    }

    /** Sets the most iterations of a step; default 20. */
    public Options maxIter(int iterations) {
      return set("maxIter", iterations);
    }

    /** Sets the most evaluations of the loss in a step; default 1.25 · maxIter. */
    public Options maxEval(int evaluations) {
      return set("maxEval", evaluations);
    }

    /** Sets the largest gradient element at which a step ends; default 1e-7. */
    public Options toleranceGrad(double tolerance) {
      return set("toleranceGrad", tolerance);
    }

    /** Sets the change of loss and parameters below which a step ends; default 1e-9. */
    public Options toleranceChange(double tolerance) {
      return set("toleranceChange", tolerance);
    }

    /** Sets how many changes are remembered; default 100. */
    public Options historySize(int size) {
      return set("historySize", size);
    }

    /** Searches for a step length that satisfies the strong Wolfe conditions; default false. */
    public Options strongWolfe(boolean search) {
      return set("lineSearchFn", search);
    }
  }
}
