package dev.bellows.trace;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.Tensor;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The calls of a trace, in order, with the names of the inputs and of the output. Running it calls
 * the operations again; a tensor is forgotten after its last use.
 */
final class TraceGraph {
  /** Prefix of the names of inputs. */
  static final String INPUT = "input:";

  /** Prefix of the names of constants. */
  static final String CONSTANT = "constant:";

  /** Prefix of the names of results. */
  static final String RESULT = "result:";

  /** A call, ready to run. */
  private record Step(
      Method method,
      List<Function<Function<String, Tensor>, Object>> arguments,
      List<String> unused) {}

  private final List<String> inputs;
  private final String output;
  private final List<TracedCall> calls;
  private final List<String> constants;
  private final boolean changesTensors;
  private final List<Step> steps = new ArrayList<>();

  /**
   * Creates a graph.
   *
   * @param state names of the parameters and buffers
   * @throws IllegalArgumentException if a call is none of this version's, its arguments do not fit,
   *     or a name is used before it has a value
   */
  TraceGraph(
      List<String> inputs,
      String output,
      List<TracedCall> calls,
      Set<String> constants,
      Set<String> state) {
    this.inputs = List.copyOf(inputs);
    this.output = output;
    this.calls = List.copyOf(calls);
    this.constants = List.copyOf(constants);
    changesTensors = calls.stream().anyMatch(TracedCall::changesItsTensor);
    Set<String> known = new HashSet<>(state);
    known.addAll(constants);
    known.addAll(inputs);
    for (TracedCall call : calls) {
      prepare(call, known);
      known.addAll(call.results());
    }
    if (!known.contains(output)) {
      throw new IllegalArgumentException("output " + output + " has no value");
    }
    forgetAfterLastUse();
  }

  private void prepare(TracedCall call, Set<String> known) {
    Method method = Operators.find(call.operation());
    if (method == null) {
      throw new IllegalArgumentException(
          "operation " + call.operation() + " is none of this version's");
    }
    int count = Operators.arguments(method);
    if (call.arguments().size() != count) {
      throw new IllegalArgumentException(
          message(
              "%s takes %s arguments; got %s", call.operation(), count, call.arguments().size()));
    }
    CallArguments.names(
        call.arguments(),
        name -> {
          if (!known.contains(name)) {
            throw new IllegalArgumentException(
                message("%s uses %s before it has a value", call.operation(), name));
          }
        });
    List<Function<Function<String, Tensor>, Object>> arguments = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      arguments.add(argument(call, method, i, count));
    }
    steps.add(new Step(method, arguments, new ArrayList<>()));
  }

  private static Function<Function<String, Tensor>, Object> argument(
      TracedCall call, Method method, int i, int count) {
    int parameter = i - (count - method.getParameterCount());
    Type type = parameter < 0 ? Tensor.class : method.getGenericParameterTypes()[parameter];
    Object given = call.arguments().get(i);
    if (given instanceof Map<?, ?> && CallArguments.hasValues(given)) { // records check tensors
      return tensors -> CallArguments.decode(given, type, tensors);
    }
    Object once;
    try {
      if (parameter < 0 && given == null) {
        throw new IllegalArgumentException("the tensor itself must not be null");
      }
      once = CallArguments.decode(given, type, name -> null);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          message("%s: argument %s: %s", call.operation(), i, e.getMessage()), e);
    }
    return CallArguments.hasValues(given) || CallArguments.isDrawn(type)
        ? tensors -> CallArguments.decode(given, type, tensors)
        : tensors -> once;
  }

  private void forgetAfterLastUse() {
    Set<String> used = new HashSet<>(Set.of(output));
    for (int i = calls.size() - 1; i >= 0; i--) {
      List<String> unused = steps.get(i).unused();
      Set<String> here = new HashSet<>(calls.get(i).results());
      CallArguments.names(calls.get(i).arguments(), here::add);
      for (String name : here) {
        if (used.add(name)) {
          unused.add(name);
        }
      }
    }
  }

  /** Creates the graph of the calls that the output needs, or that change a tensor. */
  static TraceGraph pruned(
      List<String> inputs,
      String output,
      List<TracedCall> calls,
      Set<String> constants,
      Set<String> state) {
    Set<String> needed = new HashSet<>(Set.of(output));
    Deque<TracedCall> kept = new ArrayDeque<>();
    for (int i = calls.size() - 1; i >= 0; i--) {
      TracedCall call = calls.get(i);
      if (call.changesItsTensor() || call.results().stream().anyMatch(needed::contains)) {
        kept.addFirst(call);
        CallArguments.names(call.arguments(), needed::add);
      }
    }
    Set<String> read = new LinkedHashSet<>(constants);
    read.retainAll(needed);
    return new TraceGraph(inputs, output, List.copyOf(kept), read, state);
  }

  /**
   * Runs the calls.
   *
   * @param state gives the parameters and buffers
   */
  Tensor run(Function<String, Tensor> state, Tensor... given) {
    Map<String, Tensor> values = new HashMap<>();
    for (int i = 0; i < given.length; i++) {
      values.put(inputs.get(i), given[i]);
    }
    if (changesTensors) { // each run begins with the values from before
      constants.forEach(name -> values.put(name, state.apply(name).clone()));
    }
    Function<String, Tensor> tensors =
        name -> {
          Tensor value = values.get(name);
          return value != null ? value : state.apply(name);
        };
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      Object[] arguments = step.arguments().stream().map(each -> each.apply(tensors)).toArray();
      Object result = Operators.invoke(step.method(), arguments);
      List<Tensor> results = new ArrayList<>();
      CallArguments.tensors(result, results::add);
      List<String> names = calls.get(i).results();
      if (results.size() != names.size()) {
        throw new IllegalStateException(
            message(
                "trace: %s must return %s tensors, as when it was recorded; got %s",
                calls.get(i).operation(), names.size(), results.size()));
      }
      for (int k = 0; k < results.size(); k++) {
        values.put(names.get(k), results.get(k));
      }
      step.unused().forEach(values::remove);
    }
    return tensors.apply(output);
  }

  List<String> inputs() {
    return inputs;
  }

  String output() {
    return output;
  }

  List<TracedCall> calls() {
    return calls;
  }

  List<String> constants() {
    return constants;
  }
}
