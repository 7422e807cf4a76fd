package dev.bellows.trace;

import static dev.bellows.errors.Messages.message;

import dev.bellows.nn.Buffer;
import dev.bellows.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A module that repeats the calls recorded from one run of another, without its class. Parameters
 * and buffers have the names of the traced module's and may be trained, moved and loaded. Source:
 * PyTorch's {@code torch.jit.TracedModule}.
 */
public final class TracedModule extends TracePart {
  private final TraceGraph tracedGraph;
  private final transient Map<String, Tensor> tracedState = new LinkedHashMap<>();
  private final Map<String, String> tracedModules;
  private final transient List<String> tracedWarnings = new ArrayList<>();

  /**
   * Creates a module.
   *
   * @param modules the class of each module by path, parents first, "" for the outermost
   * @param state parameters and buffers by path; one that has several paths comes several times
   */
  TracedModule(
      TraceGraph graph,
      Map<String, String> modules,
      Map<String, ? extends Tensor> state,
      Map<String, Tensor> constants) {
    super(modules.getOrDefault("", "Module"));
    tracedGraph = graph;
    tracedModules = new LinkedHashMap<>(modules);
    modules.forEach(
        (path, original) -> {
          if (!path.isEmpty()) {
            addPart(path, original);
          }
        });
    state.forEach(
        (path, tensor) -> {
          addTensor(path, tensor);
          tracedState.put(path, tensor);
        });
    for (String name : graph.constants()) {
      Buffer constant = Buffer.of(constants.get(name), false);
      addTensor(name.replace('.', '_'), constant);
      tracedState.put(name, constant);
    }
  }

  /**
   * Repeats the recorded calls.
   *
   * @throws IllegalArgumentException unless there are as many inputs as when it was traced
   */
  @Override
  protected Tensor forward(Tensor... inputs) {
    int count = tracedGraph.inputs().size();
    if (inputs.length != count) {
      throw new IllegalArgumentException(
          message("trace: inputs must be %s, as when it was traced; got %s", count, inputs.length));
    }
    return tracedGraph.run(tracedState::get, inputs);
  }

  /** Returns the recorded calls, in the order in which they run. */
  public List<TracedCall> calls() {
    return tracedGraph.calls();
  }

  /** Returns the names that calls have for the inputs. */
  public List<String> inputs() {
    return tracedGraph.inputs();
  }

  /** Returns the name of the result. */
  public String output() {
    return tracedGraph.output();
  }

  /** Returns what {@link Trace#of} had to say about the recording, such as random operations. */
  public List<String> warnings() {
    return Collections.unmodifiableList(tracedWarnings);
  }

  void warn(String text) {
    tracedWarnings.add(text);
  }

  /**
   * Writes the graph, parameters, buffers and constants to a safetensors file, from which {@link
   * Trace#load(Path)} makes the module; {@code SafeTensors.load} reads its tensors.
   */
  public void save(Path path) throws IOException {
    TraceFile.save(tracedGraph, tracedModules, tracedState, path);
  }

  /** Works like {@link #save(Path)}. */
  public void save(String path) throws IOException {
    save(Path.of(path));
  }
}
