package dev.bellows.trace;

import dev.bellows.autograd.Calls;
import dev.bellows.autograd.GradMode;
import dev.bellows.memory.Device;
import dev.bellows.nn.Buffer;
import dev.bellows.nn.Module;
import dev.bellows.nn.StateDict;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records a static graph from one run of a model:
 *
 * <pre>{@code
 * TracedModule traced = Trace.of(net.eval(), example);
 * traced.save("net.trace");
 * Tensor y = Trace.load("net.trace").call(x);
 * }</pre>
 *
 * <p>The graph holds the calls of operations of {@code Tensor} and {@code Functional} that the
 * model made, with their arguments. What Java computed between them is fixed: branches, loops,
 * sizes and elements that were read, and whether layers were in training mode. So {@code
 * x.flatten(1)} works for any batch later, {@code x.reshape(x.size(0), -1)} for the example's only.
 * Tensors that are neither inputs nor parameters nor buffers become constants. Source: PyTorch's
 * {@code torch.jit.trace}.
 */
public final class Trace {
  private static final Logger LOG = LoggerFactory.getLogger(Trace.class);

  private Trace() {}

  /**
   * Runs a model on examples and returns what it did as a module, which shares the model's
   * parameters and buffers. Both are then run again and compared, with buffers and random numbers
   * as they were: a difference is a warning where random numbers may explain it, else an error.
   *
   * @param examples the inputs, as many as the model's {@code forward} takes
   * @throws UnsupportedOperationException if the model calls a function that a trace cannot hold,
   *     such as a user's
   * @throws IllegalStateException if the graph gives another result than the model
   */
  public static TracedModule of(Module model, Tensor... examples) {
    return of(model, new TraceOptions(), examples);
  }

  /**
   * Works like {@link #of(Module, Tensor...)}, with options.
   *
   * @throws UnsupportedOperationException if the model calls a function that a trace cannot hold,
   *     such as a user's
   * @throws IllegalStateException if the graph gives another result than the model
   */
  public static TracedModule of(Module model, TraceOptions options, Tensor... examples) {
    if (examples.length == 0) {
      throw new IllegalArgumentException("Trace.of: needs at least one example; got none");
    }
    Map<String, Tensor> state = state(model);
    Snapshot before = new Snapshot(model);
    Tracer tracer = new Tracer();
    Tensor expected = record(tracer, model, state, examples);
    TracedModule traced =
        new TracedModule(
            tracer.graph(inputs(examples.length), expected),
            classes(model),
            state,
            tracer.constants());
    traced.train(model.isTraining());
    if (tracer.readsElements()) {
      warn(
          traced,
          "elements of a tensor that depends on the inputs were read; the trace keeps what was"
              + " computed from them and may be wrong for other inputs");
    }
    if (options.checksTrace()) {
      Snapshot after = new Snapshot(model);
      TraceCheck.run(model, traced, options, before, expected, state, examples);
      after.restore();
    }
    return traced;
  }

  /**
   * Reads a file of {@link TracedModule#save(Path)}.
   *
   * @throws IOException if the file is none, is damaged, or of a later version
   */
  public static TracedModule load(Path path) throws IOException {
    return load(path, Device.CPU);
  }

  /** Works like {@link #load(Path)}. */
  public static TracedModule load(String path) throws IOException {
    return load(Path.of(path));
  }

  /**
   * Works like {@link #load(Path)}.
   *
   * @param mapLocation the device of the parameters, buffers and constants
   */
  public static TracedModule load(Path path, Device mapLocation) throws IOException {
    return TraceFile.load(path, mapLocation);
  }

  static void warn(TracedModule traced, String text) {
    traced.warn(text);
    LOG.warn("Trace.of: {}", text);
  }

  @SuppressWarnings("try")
  static Tensor record(Tracer tracer, Module model, Map<String, Tensor> state, Tensor... examples) {
    // the last name given counts: a tied tensor keeps its first
    List<String> names = new ArrayList<>(state.keySet());
    for (int i = names.size() - 1; i >= 0; i--) {
      tracer.state(names.get(i), state.get(names.get(i)));
    }
    List<String> inputs = inputs(examples.length);
    Tensor[] own = copies(examples);
    for (int i = 0; i < own.length; i++) {
      tracer.input(inputs.get(i), own[i]);
    }
    try (Calls.Recording recording = Calls.recordedBy(tracer)) {
      return call(model, own);
    }
  }

  /** Copies inputs, which a model may change in place. */
  static Tensor[] copies(Tensor... inputs) {
    return Arrays.stream(inputs)
        .map(input -> input.detach().clone().setRequiresGrad(input.requiresGrad()))
        .toArray(Tensor[]::new);
  }

  static List<String> inputs(int count) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add(TraceGraph.INPUT + i);
    }
    return names;
  }

  static Tensor call(Module model, Tensor... in) {
    return switch (in.length) {
      case 1 -> model.call(in[0]);
      case 2 -> model.call(in[0], in[1]);
      case 3 -> model.call(in[0], in[1], in[2]);
      case 4 -> model.call(in[0], in[1], in[2], in[3]);
      default ->
          model.call(in[0], in[1], in[2], in[3], in[4], Arrays.copyOfRange(in, 5, in.length));
    };
  }

  /** Returns all parameters and buffers by all their names, in the order of the state dict. */
  private static Map<String, Tensor> state(Module model) {
    Map<String, Tensor> known = new LinkedHashMap<>();
    known.putAll(model.namedParameters());
    known.putAll(model.namedBuffers());
    Map<String, Tensor> state = new LinkedHashMap<>();
    StateDict dict = model.stateDict();
    for (String key : dict.keys()) {
      Tensor saved = dict.get(key);
      Tensor found = known.get(key);
      if (found == null) { // a tied tensor's other name
        found =
            known.values().stream()
                .filter(each -> each.storage() == saved.storage())
                .filter(each -> each.storageOffset() == saved.storageOffset())
                .filter(each -> Arrays.equals(each.shape(), saved.shape()))
                .findFirst()
                .orElse(null);
      }
      if (found != null) {
        state.put(key, found);
      }
    }
    known.forEach(state::putIfAbsent); // buffers that are not persistent
    return state;
  }

  private static Map<String, String> classes(Module model) {
    Map<String, String> classes = new LinkedHashMap<>();
    for (Map.Entry<String, Module> each : model.namedModules().entrySet()) {
      classes.put(each.getKey(), each.getValue().getClass().getSimpleName());
    }
    for (String key : model.stateDict().keys()) { // modules that have several names
      for (int dot = key.indexOf('.'); dot >= 0; dot = key.indexOf('.', dot + 1)) {
        classes.putIfAbsent(key.substring(0, dot), "Module");
      }
    }
    return classes;
  }

  /** The buffers of a model and the state of the random numbers at one time. */
  static final class Snapshot {
    private final Map<Buffer, Tensor> buffers = new LinkedHashMap<>();
    private final Generator generator = Generator.current();
    private final long drawn = generator.state();

    Snapshot(Module model) {
      model.buffers().forEach(buffer -> buffers.put(buffer, buffer.detach().clone()));
    }

    @SuppressWarnings("try")
    void restore() {
      generator.setState(drawn);
      try (GradMode mode = GradMode.noGrad()) {
        buffers.forEach((buffer, values) -> buffer.copy_(values));
      }
    }
  }
}
