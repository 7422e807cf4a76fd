package dev.bellows.trace;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.Calls;
import dev.bellows.autograd.Function;
import dev.bellows.tensor.Tensor;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Records the calls of one run. */
final class Tracer implements Calls.Recorder {
  private final Map<Tensor, String> names = new IdentityHashMap<>();
  private final Set<String> state = new HashSet<>();
  private final Set<String> fromInputs = new HashSet<>();
  private final LinkedHashMap<String, Tensor> constants = new LinkedHashMap<>();
  private final List<TracedCall> calls = new ArrayList<>();
  private boolean readsElements;

  /** Names a parameter or buffer. */
  void state(String name, Tensor tensor) {
    names.put(tensor, name);
    state.add(name);
  }

  /** Names an input. */
  void input(String name, Tensor tensor) {
    names.put(tensor, name);
    fromInputs.add(name);
  }

  /** Returns the name of a tensor; one that no call has returned is a constant. */
  String name(Tensor tensor) {
    return names.computeIfAbsent(
        tensor,
        unknown -> {
          String name = TraceGraph.CONSTANT + constants.size();
          constants.put(name, unknown.detach().clone().retain());
          return name;
        });
  }

  @Override
  @SuppressWarnings("try")
  public Object call(String operation, Object... arguments) {
    Method method = Operators.find(operation);
    try (Calls.Recording pause = Calls.recordedBy(null)) {
      List<Object> encoded = new ArrayList<>();
      try {
        for (Object argument : arguments) {
          encoded.add(CallArguments.encode(argument, this::name));
        }
      } catch (UnsupportedOperationException e) {
        throw new UnsupportedOperationException(message("%s, in %s", e.getMessage(), operation), e);
      }
      Object result = Operators.invoke(method, arguments);
      List<String> results = new ArrayList<>();
      CallArguments.tensors(result, tensor -> results.add(result(tensor)));
      if (!results.isEmpty()) {
        calls.add(new TracedCall(operation, encoded, List.copyOf(results)));
        if (dependsOnInputs(encoded)) {
          fromInputs.addAll(results);
        }
      }
      return result;
    }
  }

  private String result(Tensor tensor) {
    return names.computeIfAbsent(tensor, fresh -> TraceGraph.RESULT + names.size());
  }

  private boolean dependsOnInputs(List<Object> arguments) {
    boolean[] found = {false};
    CallArguments.names(arguments, name -> found[0] |= fromInputs.contains(name));
    return found[0];
  }

  @Override
  public void applied(Function function, Tensor... inputs) {
    if (Arrays.stream(inputs).anyMatch(names::containsKey)) {
      throw new UnsupportedOperationException(
          message(
              "Trace: a trace holds operations of Tensor and Functional; got a function %s, which"
                  + " only its class can compute",
              function.name()));
    }
  }

  @Override
  public void read(Tensor tensor) {
    String name = names.get(tensor);
    readsElements |= name != null && fromInputs.contains(name);
  }

  /** Returns whether the host read elements that depend on inputs. */
  boolean readsElements() {
    return readsElements;
  }

  /** Returns the tensors that are neither inputs, state nor results, by name. */
  Map<String, Tensor> constants() {
    return constants;
  }

  /**
   * Returns the graph of what a result needs.
   *
   * @param output the result
   */
  TraceGraph graph(List<String> inputs, Tensor output) {
    return TraceGraph.pruned(inputs, name(output), calls, constants.keySet(), state);
  }
}
