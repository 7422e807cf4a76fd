package dev.bellows.optim;

import dev.bellows.autograd.GradMode;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Changes parameters by their gradients, one step at a time. Parameters come in groups, each with
 * options of its own; what is remembered of a parameter is made at its first step. Parameters whose
 * gradient is null are passed over. Source: PyTorch's {@code torch.optim.Optimizer}.
 */
public abstract class Optimizer {
  private final List<ParamGroup> groups;
  private final Map<Tensor, ParamState> states = new IdentityHashMap<>();
  private Partition partition;

  /**
   * Takes the groups' parameters and completes their options.
   *
   * @throws IllegalArgumentException if there is no parameter, one comes twice or is not a leaf, or
   *     an option is unknown or out of range
   */
  Optimizer(List<ParamGroup> groups, Map<String, Double> defaults) {
    List<ParamGroup> resolved = new java.util.ArrayList<>();
    checkOptions(defaults);
    for (int g = 0; g < groups.size(); g++) {
      resolved.add(groups.get(g).resolve(name(), g, defaults, this::checkOptions));
    }
    this.groups = List.copyOf(resolved);
    checkParameters();
  }

  private void checkParameters() {
    Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    int count = 0;
    for (ParamGroup group : groups) {
      for (Tensor parameter : group.parameters()) {
        if (!seen.add(parameter)) {
          throw new IllegalArgumentException(
              name()
                  + ": some parameters appear in more than one parameter group, or twice in one; got "
                  + Arrays.toString(parameter.shape())
                  + " again as parameter "
                  + count);
        }
        if (!parameter.isLeaf()) {
          throw new IllegalArgumentException(
              name() + ": can't optimize a non-leaf Tensor; parameter " + count + " has a history");
        }
        count++;
      }
    }
    if (count == 0) {
      throw new IllegalArgumentException(name() + ": optimizer got an empty parameter list");
    }
  }

  /** Name of the method, as {@code AdamW}. */
  public final String name() {
    return getClass().getSimpleName();
  }

  /** Throws if a group's options, all of them given, are out of range. */
  abstract void checkOptions(Map<String, Double> options);

  /** Changes one parameter. */
  abstract void update(Tensor parameter, Tensor grad, ParamGroup group, ParamState state);

  /** Names of the tensors in each parameter's state under these options. */
  abstract List<String> stateNames(Map<String, Double> options);

  /** Whether each parameter's steps are counted. */
  abstract boolean countsSteps();

  /** Changes each parameter that has a gradient by one step. */
  @SuppressWarnings("try")
  public final void step() {
    try (GradMode mode = GradMode.noGrad()) {
      for (ParamGroup group : groups) {
        for (Tensor parameter : group.parameters()) {
          Tensor grad = parameter.grad();
          if (grad != null) {
            ParamState state = states.computeIfAbsent(parameter, p -> new ParamState());
            update(own(parameter, parameter), own(parameter, grad), group, state);
          }
        }
      }
    }
  }

  /**
   * Keeps to a part of each parameter from now on: a step reads and changes only those elements,
   * and the state tensors are flat and as long as the part. A part may be empty; its steps are
   * counted all the same. State that is there already is cut; {@link #loadStateDict} takes whole
   * states and keeps the part.
   *
   * @throws IllegalStateException if there is a partition already
   */
  @SuppressWarnings("try")
  public final void partition(Partition part) {
    if (partition != null) {
      throw new IllegalStateException(name() + ": partition must be set only once");
    }
    partition = part;
    try (GradMode mode = GradMode.noGrad()) {
      states.forEach(
          (parameter, state) ->
              state.tensors.replaceAll(
                  (key, whole) -> {
                    Tensor kept = own(parameter, whole).clone().retain();
                    whole.close();
                    return kept;
                  }));
    }
  }

  /** The part of a tensor of the parameter's shape that this optimizer keeps to. */
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

  /** The parameter groups, in order; their options may be changed between steps. */
  public final List<ParamGroup> groups() {
    return groups;
  }

  /** All parameters, in order of groups. */
  public final List<Tensor> parameters() {
    return groups.stream().flatMap(group -> group.parameters().stream()).toList();
  }

  /** The learning rate of the first group. */
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
      String prefix = "state." + index++ + ".";
      if (state != null) {
        if (countsSteps()) {
          values.put(prefix + "step", Long.toString(state.step));
        }
        state.tensors.forEach((key, t) -> tensors.put(prefix + key, t.detach().retain()));
      }
    }
    return new OptimizerState(tensors, values);
  }

  /**
   * Goes on from a saved state, which is copied; options, the learning rate among them, are taken
   * from it too. Parameters are paired by their number.
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
}
