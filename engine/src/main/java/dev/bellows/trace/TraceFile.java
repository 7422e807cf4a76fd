package dev.bellows.trace;

import static dev.bellows.errors.Messages.message;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bellows.memory.Device;
import dev.bellows.nn.Buffer;
import dev.bellows.nn.Parameter;
import dev.bellows.serialize.SafeTensors;
import dev.bellows.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Files of traced modules: safetensors with all parameters, buffers and constants under their
 * names, and the graph as JSON in the metadata under {@value #KEY}:
 *
 * <pre>{@code
 * {"version": 1,
 *  "modules": {"": "Net", "fc": "Linear"},
 *  "state": {"fc.weight": "trained", "fc.bias": "frozen", "mean": "buffer", "tied": "=fc.weight"},
 *  "inputs": ["input:0"], "output": "result:4",
 *  "calls": [{"operation": "nn.linear(Tensor,Tensor,Tensor)",
 *             "arguments": [{"tensor": "input:0"}, {"tensor": "fc.weight"}, {"tensor": "fc.bias"}],
 *             "results": ["result:3"]}, …]}
 * }</pre>
 *
 * <p>An argument is null, a number, a boolean, a string, a list, {@code {"tensor": name}}, or
 * {@code {"fields": {…}}} for an options object; a number that is not finite is {@code {"real":
 * "NaN"}}. A file names operations, never classes; what does not fit an operation is an error.
 */
final class TraceFile {
  static final String KEY = "bellows.trace";

  private static final int VERSION = 1;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TRAINED = "trained";
  private static final String FROZEN = "frozen";
  private static final String BUFFER = "buffer";
  private static final String TEMPORARY = "temporary";

  private TraceFile() {}

  static void save(
      TraceGraph graph, Map<String, String> modules, Map<String, Tensor> tensors, Path path)
      throws IOException {
    ObjectNode root = JSON.createObjectNode();
    root.put("version", VERSION);
    modules.forEach(root.putObject("modules")::put);
    ObjectNode state = root.putObject("state");
    Map<Tensor, String> first = new IdentityHashMap<>();
    Map<String, Tensor> written = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) -> {
          String before = first.putIfAbsent(tensor, name);
          if (before == null) {
            written.put(name, tensor.detach());
          }
          if (!graph.constants().contains(name)) {
            state.put(name, before == null ? kind(tensor) : "=" + before);
          }
        });
    graph.inputs().forEach(root.putArray("inputs")::add);
    root.put("output", graph.output());
    ArrayNode calls = root.putArray("calls");
    for (TracedCall call : graph.calls()) {
      ObjectNode node = calls.addObject();
      node.put("operation", call.operation());
      node.set("arguments", write(call.arguments()));
      call.results().forEach(node.putArray("results")::add);
    }
    SafeTensors.save(written, Map.of(KEY, JSON.writeValueAsString(root)), path);
  }

  private static String kind(Tensor tensor) {
    if (tensor instanceof Buffer buffer) {
      return buffer.isPersistent() ? BUFFER : TEMPORARY;
    }
    return tensor.requiresGrad() ? TRAINED : FROZEN;
  }

  private static JsonNode write(Object argument) {
    if (argument instanceof TracedCall.Value value) {
      return JSON.createObjectNode().put("tensor", value.name());
    }
    if (argument instanceof List<?> list) {
      ArrayNode array = JSON.createArrayNode();
      list.forEach(each -> array.add(write(each)));
      return array;
    }
    if (argument instanceof Map<?, ?> map) {
      ObjectNode node = JSON.createObjectNode();
      ObjectNode fields = node.putObject("fields");
      map.forEach((name, value) -> fields.set((String) name, write(value)));
      return node;
    }
    if (argument instanceof Number number) {
      double real = number.doubleValue();
      return Double.isFinite(real)
          ? JSON.valueToTree(argument)
          : JSON.createObjectNode().put("real", String.valueOf(real));
    }
    return JSON.valueToTree(argument);
  }

  static TracedModule load(Path path, Device mapLocation) throws IOException {
    SafeTensors.File file = SafeTensors.load(path, mapLocation);
    String text = file.metadata().get(KEY);
    if (text == null) {
      throw new TraceFileException(
          message("Trace.load: %s must hold a graph; it is a safetensors file without one", path));
    }
    try {
      return module(JSON.readTree(text), file.tensors());
    } catch (JsonProcessingException e) {
      throw new TraceFileException(
          message("Trace.load: %s: the graph is not valid JSON: %s", path, e.getOriginalMessage()),
          e);
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new TraceFileException(message("Trace.load: %s: %s", path, e.getMessage()), e);
    }
  }

  private static TracedModule module(JsonNode root, Map<String, Tensor> tensors) {
    int version = field(root, "version").asInt();
    if (version != VERSION) {
      throw new IllegalArgumentException(
          message("version must be %s; got %s", VERSION, root.get("version")));
    }
    Map<String, String> modules = new LinkedHashMap<>();
    object(root, "modules").properties().forEach(e -> modules.put(e.getKey(), text(e.getValue())));
    Map<String, Tensor> state = new LinkedHashMap<>();
    object(root, "state")
        .properties()
        .forEach(
            e -> state.put(e.getKey(), member(e.getKey(), text(e.getValue()), state, tensors)));
    Map<String, Tensor> constants = new LinkedHashMap<>(tensors);
    constants.keySet().removeIf(name -> !name.startsWith(TraceGraph.CONSTANT));
    List<TracedCall> calls = new ArrayList<>();
    for (JsonNode call : array(root, "calls")) {
      List<Object> arguments = new ArrayList<>();
      array(call, "arguments").forEach(each -> arguments.add(read(each)));
      calls.add(new TracedCall(text(field(call, "operation")), arguments, texts(call, "results")));
    }
    TraceGraph graph =
        new TraceGraph(
            texts(root, "inputs"),
            text(field(root, "output")),
            calls,
            constants.keySet(),
            state.keySet());
    return new TracedModule(graph, modules, state, constants);
  }

  private static Tensor member(
      String name, String kind, Map<String, Tensor> state, Map<String, Tensor> tensors) {
    Tensor tied = kind.startsWith("=") ? state.get(kind.substring(1)) : null;
    if (tied != null) {
      return tied;
    }
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(
          message("%s (%s) must be in the file; there are %s", name, kind, tensors.keySet()));
    }
    return switch (kind) {
      case TRAINED -> Parameter.of(tensor);
      case FROZEN -> Parameter.of(tensor, false);
      case BUFFER -> Buffer.of(tensor);
      case TEMPORARY -> Buffer.of(tensor, false);
      default -> throw new IllegalArgumentException(message("%s is of kind %s", name, kind));
    };
  }

  private static Object read(JsonNode node) {
    if (node.isNull()) {
      return null;
    }
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    if (node.isInt() || node.isLong() || node.isDouble()) {
      return node.numberValue();
    }
    if (node.isTextual()) {
      return node.textValue();
    }
    if (node.isArray()) {
      List<Object> list = new ArrayList<>();
      node.forEach(each -> list.add(read(each)));
      return list;
    }
    if (node.size() == 1 && node.hasNonNull("tensor")) {
      return new TracedCall.Value(text(node.get("tensor")));
    }
    if (node.size() == 1 && node.hasNonNull("real")) {
      return Double.parseDouble(text(node.get("real")));
    }
    if (node.size() == 1 && node.path("fields").isObject()) {
      Map<String, Object> fields = new LinkedHashMap<>();
      node.get("fields").properties().forEach(e -> fields.put(e.getKey(), read(e.getValue())));
      return fields;
    }
    throw new IllegalArgumentException("an argument must be of a known form; got " + node);
  }

  private static JsonNode field(JsonNode node, String name) {
    JsonNode value = node.get(name);
    if (value == null) {
      throw new IllegalArgumentException(message("the graph needs %s; got %s", name, shown(node)));
    }
    return value;
  }

  private static JsonNode object(JsonNode node, String name) {
    JsonNode value = field(node, name);
    if (!value.isObject()) {
      throw new IllegalArgumentException(
          message("%s must be an object; got %s", name, shown(value)));
    }
    return value;
  }

  private static JsonNode array(JsonNode node, String name) {
    JsonNode value = field(node, name);
    if (!value.isArray()) {
      throw new IllegalArgumentException(message("%s must be a list; got %s", name, shown(value)));
    }
    return value;
  }

  private static List<String> texts(JsonNode node, String name) {
    List<String> texts = new ArrayList<>();
    array(node, name).forEach(each -> texts.add(text(each)));
    return texts;
  }

  private static String text(JsonNode node) {
    if (!node.isTextual()) {
      throw new IllegalArgumentException("a name must be a string; got " + shown(node));
    }
    return node.textValue();
  }

  private static String shown(JsonNode node) {
    String text = node.toString();
    return text.length() <= 100 ? text : text.substring(0, 100) + "…";
  }
}
