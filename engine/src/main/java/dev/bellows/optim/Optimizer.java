package dev.bellows.optim;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.GradMode;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Updates parameters from their gradients, one step at a time. Parameters come in groups, each with
 * its own options; the state of a parameter is created at its first step. Parameters whose gradient
 * is null are skipped. Source: PyTorch's {@code torch.optim.Optimizer}.
 *
 * <p>An optimizer is a subclass with an {@link #update}, its options and their ranges:
 *
 * <pre>{@code
 * final class SignDescent extends Optimizer {
 *   SignDescent(List<? extends Tensor> parameters, Options options) {
 *     super(List.of(ParamGroup.of(parameters)), options);
 *   }
 *
 *   protected void update(Tensor parameter, Tensor grad, ParamGroup group, ParamState state) {
 *     parameter.add_(grad.sign(), -group.lr());
 *   }
 *
 *   static final class Options extends OptimizerOptions<Options> {
 *     Options() {
 *       declare("lr", 1e-3);
 *     }
 *   }
 * }
 * }</pre>
 */
public abstract class Optimizer {
  /** Name of the number of steps in a parameter's state. */
  static final String STEP = "step";

  private final Map<String, Double> defaults;
  private final Map<String, List<String>> choices;
  private final List<ParamGroup> groups = new ArrayList<>();
  private final Map<Tensor, ParamState> states = new IdentityHashMap<>();
  private Partition partition;

  /**
   * Takes the parameters of the groups, whose missing options are those of {@code defaults}.
   *
   * @throws IllegalArgumentException if there is no parameter, a parameter occurs twice or is not a
   *     leaf, or an option is unknown or out of range
   */
  protected Optimizer(List<ParamGroup> groups, OptimizerOptions<?> defaults) {
    this.defaults = defaults.all();
    this.choices = Map.copyOf(defaults.choices());
    checkOptions(this.defaults);
    groups.forEach(this::addParamGroup);
    if (parameters().isEmpty()) {
      throw new IllegalArgumentException(name() + ": optimizer got an empty parameter list");
    }
  }

  /**
   * Adds a group, such as layers that are trained from now on; the options it does not set are
   * those given to the constructor.
   *
   * @throws IllegalArgumentException if a parameter occurs twice or is not a leaf, or an option is
   *     unknown or out of range; nothing is changed then
   * @throws IllegalStateException if this optimizer is partitioned
   */
  public final void addParamGroup(ParamGroup group) {
    if (partition != null) {
      throw new IllegalStateException(
          name() + ": addParamGroup must come before the optimizer is sharded");
    }
    ParamGroup added = group.resolve(name(), groups.size(), defaults, choices, this::checkOptions);
    Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    seen.addAll(parameters());
    int count = seen.size();
    for (Tensor parameter : added.parameters()) {
      if (!seen.add(parameter)) {
        throw new IllegalArgumentException(
            message(
                "%s: some parameters appear in more than one parameter group, or twice in one; got"
                    + " %s again as parameter %s",
                name(), parameter.shape(), count));
      }
      if (!parameter.isLeaf()) {
        throw new IllegalArgumentException(
            message(
                "%s: can't optimize a non-leaf Tensor; parameter %s has a history", name(), count));
      }
      checkParameter(parameter);
      count++;
    }
    groups.add(added);
  }

  /** Returns the name of the method, as {@code AdamW}. */
  public final String name() {
    return getClass().getSimpleName();
  }

  /**
   * Checks a group's options, all of them given. The constructor calls it, so it must not read
   * fields of the subclass.
   *
   * @throws IllegalArgumentException if an option is out of range
   */
  protected void checkOptions(Map<String, Double> options) {}

  /**
   * Checks a parameter that is added. The constructor calls it, so it must not read fields of the
   * subclass.
   *
   * @throws IllegalArgumentException if this optimizer cannot train it
   */
  void checkParameter(Tensor parameter) {}

  /**
   * Checks that an option is at least 0, with PyTorch's message.
   *
   * @param what the option in the message, as {@code "learning rate"}
   */
  protected static void requireNotNegative(
      String what, Map<String, Double> options, String option) {
    double value = options.get(option);
    if (!(value >= 0)) {
      throw new IllegalArgumentException(message("Invalid %s: %s", what, value));
    }
  }

  /**
   * Checks that an option is at least {@code least}, with PyTorch's message of newer optimizers.
   */
  static void requireAtLeast(String what, Map<String, Double> options, String option, int least) {
    double value = options.get(option);
    if (!(value >= least)) {
      throw new IllegalArgumentException(
          message("%s should be >= %s but is: %s", what, least, value));
    }
  }

  /** Checks learning rate, eps, betas and weight decay of an optimizer of two moments. */
  static void requireMomentOptions(Map<String, Double> options) {
    requireNotNegative("learning rate", options, "lr");
    requireNotNegative("epsilon value", options, "eps");
    requireBetas(options);
    requireNotNegative("weight_decay value", options, "weightDecay");
  }

  /** Checks that {@code beta1} and {@code beta2} are in [0, 1), with PyTorch's message. */
  static void requireBetas(Map<String, Double> options) {
    for (int i = 0; i < 2; i++) {
      double beta = options.get(i == 0 ? "beta1" : "beta2");
      if (!(beta >= 0 && beta < 1)) {
        throw new IllegalArgumentException(
            message("Invalid beta parameter at index %s: %s (must be in [0, 1))", i, beta));
      }
    }
  }

  /**
   * Updates one parameter in place; called with recording off. The gradient is negated already if
   * the group has the option {@code maximize} and it is on.
   *
   * @param parameter the parameter, or the part of it that a sharded optimizer updates
   * @param grad its gradient, of the same shape
   * @param state its tensors, which start empty, and its step count
   */
  protected abstract void update(Tensor parameter, Tensor grad, ParamGroup group, ParamState state);

  /**
   * Returns the names of the tensors in each parameter's state under these options, by which {@link
   * #loadStateDict} checks a saved state; none by default.
   */
  protected List<String> stateNames(Map<String, Double> options) {
    return List.of();
  }

  /** Returns whether the state of a parameter counts its steps ({@link ParamState#nextStep()}). */
  protected boolean countsSteps() {
    return false;
  }

  /** Returns the names of the numbers in each parameter's state. */
  List<String> stateNumbers() {
    return countsSteps() ? List.of(STEP) : List.of();
  }

  /**
   * Shapes of the tensors in a parameter's state by name; −1 stands for any size. The parameter's
   * shape by default.
   */
  Map<String, long[]> stateShapes(Map<String, Double> options, Tensor parameter) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    stateNames(options).forEach(name -> shapes.put(name, parameter.shape()));
    return shapes;
  }

  /**
   * Returns whether a step evaluates the loss several times, so that only {@link #step(Supplier)}
   * works. False by default; a train loop has no use for such an optimizer.
   */
  public boolean needsClosure() {
    return false;
  }

  /**
   * Returns whether each element is updated from its own gradient and state alone, so that ranks
   * may each update a part of a parameter. False by default: such an optimizer cannot be sharded.
   */
  protected boolean isElementwise() {
    return false;
  }

  /** Returns the state of a parameter, created if there is none. */
  protected final ParamState state(Tensor parameter) {
    return states.computeIfAbsent(parameter, p -> new ParamState());
  }

  /** Returns the state of a parameter; null if it has none yet. */
  final ParamState stateOf(Tensor parameter) {
    return states.get(parameter);
  }

  /** Updates each parameter that has a gradient. */
  @SuppressWarnings("try")
  public void step() {
    try (GradMode mode = GradMode.noGrad()) {
      for (ParamGroup group : groups) {
        for (Tensor parameter : group.parameters()) {
          Tensor grad = parameter.grad();
          if (grad != null) {
            Tensor part = own(parameter, grad);
            update(
                own(parameter, parameter),
                group.isOn("maximize") ? part.neg() : part,
                group,
                state(parameter));
          }
        }
      }
    }
  }

  /**
   * Evaluates a loss, then updates the parameters.
   *
   * @param closure clears the gradients, computes the loss, calls backward and returns the loss; it
   *     runs with recording on
   * @return the loss
   */
  @SuppressWarnings("try")
  public Tensor step(Supplier<Tensor> closure) {
    Tensor loss;
    try (GradMode mode = GradMode.enableGrad()) {
      loss = closure.get();
    }
    step();
    return loss;
  }

  /**
   * Checks that {@link #partition} is possible.
   *
   * @throws IllegalStateException if this optimizer is not elementwise
   */
  public final void requireElementwise() {
    if (!isElementwise()) {
      throw new IllegalStateException(
          message(
              "%s: an optimizer can be sharded if its isElementwise() is true; train without"
                  + " shardOptimizer(true)",
              name()));
    }
  }

  /** Returns whether all parameters of this optimizer are among the given ones. */
  public final boolean updatesOnly(Collection<? extends Tensor> given) {
    Set<Tensor> known = Collections.newSetFromMap(new IdentityHashMap<>());
    known.addAll(given);
    return known.containsAll(parameters());
  }

  /**
   * Keeps to a part of each parameter from now on: a step reads and changes only those elements,
   * and the state tensors are flat and as long as the part. A part may be empty; its steps are
   * counted all the same. State that is there already is cut; {@link #loadStateDict} takes whole
   * states and keeps the part.
   *
   * @throws IllegalStateException if there is a partition already, or this optimizer is not
   *     elementwise
   */
  @SuppressWarnings("try")
  public final void partition(Partition part) {
    if (partition != null) {
      throw new IllegalStateException(name() + ": partition must be set only once");
    }
    requireElementwise();
    partition = part;
    try (GradMode mode = GradMode.noGrad()) {
      states.forEach(
          (parameter, state) ->
              state.replaceAll(
                  (key, whole) -> {
                    Tensor kept = own(parameter, whole).clone().retain();
                    whole.close();
                    return kept;
                  }));
    }
  }

  /** Returns the part of a tensor of the parameter's shape that this optimizer updates. */
  final Tensor own(Tensor parameter, Tensor tensor) {
    if (partition == null) {
      return tensor;
    }
    long first = partition.first(parameter);
    return tensor
        .detach()
        .reshape(parameter.numel())
        .narrow(0, first, partition.end(parameter) - first);
  }

  /** Drops the gradients of all parameters. */
  public final void zeroGrad() {
    groups.forEach(group -> group.parameters().forEach(parameter -> parameter.setGrad(null)));
  }

  /** Returns the parameter groups, in order; their options may be changed between steps. */
  public final List<ParamGroup> groups() {
    return Collections.unmodifiableList(groups);
  }

  /** Returns all parameters, in order of groups. */
  public final List<Tensor> parameters() {
    return groups.stream().flatMap(group -> group.parameters().stream()).toList();
  }

  /** Returns the learning rate of the first group. */
  public final double lr() {
    return groups.get(0).lr();
  }

  /**
   * Sets the learning rate of all groups, from the next step on.
   *
   * @throws IllegalArgumentException if it is negative or NaN
   */
  public final void setLr(double lr) {
    groups.forEach(group -> group.setLr(lr));
  }

  /**
   * Options, step counts and state; the tensors share memory with this optimizer, and are flat
   * parts after {@link #partition}.
   */
  public final OptimizerState stateDict() {
    LinkedHashMap<String, Tensor> tensors = new LinkedHashMap<>();
    LinkedHashMap<String, String> values = new LinkedHashMap<>();
    values.put("optimizer", name());
    for (int g = 0; g < groups.size(); g++) {
      String prefix = "group." + g + ".";
      values.put(prefix + "size", Integer.toString(groups.get(g).parameters().size()));
      groups.get(g).options().forEach((key, value) -> values.put(prefix + key, value.toString()));
    }
    int index = 0;
    for (Tensor parameter : parameters()) {
      ParamState state = states.get(parameter);
      String prefix = statePrefix(index++);
      if (state != null) {
        for (String number : stateNumbers()) {
          double value = state.number(number, 0);
          values.put(
              prefix + number,
              number.equals(STEP) ? Long.toString((long) value) : Double.toString(value));
        }
      }
    }
    eachState((parameter, key, tensor) -> tensors.put(key, tensor.detach().retain()));
    return new OptimizerState(tensors, values);
  }

  /** Receives the tensors of an optimizer's state. */
  @FunctionalInterface
  public interface StateConsumer {
    /** Receives a tensor of the state of {@code parameter} and its key in the state dict. */
    void accept(Tensor parameter, String key, Tensor tensor);
  }

  /** Calls {@code each} with every tensor of the state, in the order of {@link #stateDict}. */
  public final void eachState(StateConsumer each) {
    int index = 0;
    for (Tensor parameter : parameters()) {
      ParamState state = states.get(parameter);
      String prefix = statePrefix(index++);
      if (state != null) {
        state.tensors().forEach((key, tensor) -> each.accept(parameter, prefix + key, tensor));
      }
    }
  }

  private static String statePrefix(int parameter) {
    return "state." + parameter + ".";
  }

  /**
   * Loads a saved state, which is copied; options, the learning rate among them, are taken from it
   * too. Parameters are paired by their number.
   *
   * @throws IllegalArgumentException listing all problems together: another optimizer, other group
   *     sizes, options that are unknown, missing or out of range, state that is incomplete or of
   *     another shape or type; nothing is changed then
   */
  public final void loadStateDict(OptimizerState saved) {
    OptimizerStateLoader loader = new OptimizerStateLoader(this, saved);
    loader.check();
    for (int g = 0; g < groups.size(); g++) {
      groups.get(g).replaceOptions(loader.options(g));
    }
    List<Tensor> parameters = parameters();
    for (int i = 0; i < parameters.size(); i++) {
      ParamState before = states.remove(parameters.get(i));
      ParamState loaded = loader.state(i, parameters.get(i));
      if (loaded != null) {
        states.put(parameters.get(i), loaded);
      }
      if (before != null) {
        before.close();
      }
    }
  }

  /** Returns the groups and their options as PyTorch prints them. */
  @Override
  public final String toString() {
    StringBuilder text = new StringBuilder(name()).append(" (\n");
    for (int g = 0; g < groups.size(); g++) {
      text.append("Parameter Group ").append(g).append('\n');
      groups.get(g).describe(text);
    }
    return text.append(')').toString();
  }
}
