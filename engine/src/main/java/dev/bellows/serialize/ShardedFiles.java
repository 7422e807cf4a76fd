package dev.bellows.serialize;

import static dev.bellows.errors.Messages.message;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.bellows.memory.Device;
import dev.bellows.nn.StateDict;
import dev.bellows.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Several safetensors files with an index: {@code {"metadata": …, "weight_map": {name: file}}}. */
final class ShardedFiles {
  static final String INDEX = "model.safetensors.index.json";
  private static final JsonFactory JSON = new JsonFactory();
  private static final Map<String, String> METADATA = Map.of("format", "pt");

  private ShardedFiles() {}

  static void save(StateDict dict, Path directory, long maxShardBytes) throws IOException {
    if (maxShardBytes < 1) {
      throw new IllegalArgumentException(
          "saveSharded: maxShardBytes must be at least 1; got " + maxShardBytes);
    }
    Files.createDirectories(directory);
    List<Map<String, Tensor>> shards = split(dict, maxShardBytes);
    if (shards.size() == 1) {
      SafeTensors.save(dict.asMap(), METADATA, directory.resolve("model.safetensors"));
      return;
    }
    Map<String, String> files = new LinkedHashMap<>();
    long bytes = 0;
    for (int i = 0; i < shards.size(); i++) {
      String file =
          String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", i + 1, shards.size());
      SafeTensors.save(shards.get(i), METADATA, directory.resolve(file));
      for (Map.Entry<String, Tensor> entry : shards.get(i).entrySet()) {
        files.put(entry.getKey(), file);
        bytes += SafeTensors.byteSize(entry.getValue());
      }
    }
    long total = bytes;
    AtomicFile.write(
        directory.resolve(INDEX),
        out -> {
          try (JsonGenerator json = JSON.createGenerator(out)) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            json.writeStartObject();
            json.writeObjectFieldStart("metadata");
            json.writeNumberField("total_size", total);
            json.writeEndObject();
            json.writeObjectFieldStart("weight_map");
            for (Map.Entry<String, String> entry : files.entrySet()) {
              json.writeStringField(entry.getKey(), entry.getValue());
            }
            json.writeEndObject();
            json.writeEndObject();
          }
        });
  }

  private static List<Map<String, Tensor>> split(StateDict dict, long maxShardBytes) {
    List<Map<String, Tensor>> shards = new ArrayList<>();
    shards.add(new LinkedHashMap<>());
    long bytes = 0;
    for (Map.Entry<String, Tensor> entry : dict.entries()) {
      Map<String, Tensor> last = shards.get(shards.size() - 1);
      long more = SafeTensors.byteSize(entry.getValue());
      if (bytes + more > maxShardBytes && !last.isEmpty()) {
        last = new LinkedHashMap<>();
        shards.add(last);
        bytes = 0;
      }
      last.put(entry.getKey(), entry.getValue());
      bytes += more;
    }
    return shards;
  }

  static StateDict load(Path index, Device device) throws IOException {
    Map<String, String> files = weightMap(index);
    StateDict all = new StateDict();
    Map<String, Tensor> loaded = new LinkedHashMap<>();
    for (String file : new LinkedHashSet<>(files.values())) {
      if (!file.matches("[A-Za-z0-9_][A-Za-z0-9_.-]*\\.safetensors")) {
        throw new SafeTensorsException(
            "safetensors: index must name safetensors files beside it; got " + file);
      }
      loaded.putAll(SafeTensors.load(index.resolveSibling(file), device).tensors());
    }
    for (String name : files.keySet()) {
      Tensor tensor = loaded.get(name);
      if (tensor == null) {
        throw new SafeTensorsException(
            message("safetensors: %s must have %s, as the index says", files.get(name), name));
      }
      all.put(name, tensor);
    }
    return all;
  }

  private static Map<String, String> weightMap(Path index) throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    try (JsonParser parser = JSON.createParser(index.toFile())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new SafeTensorsException("safetensors: index must be a JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean weights = parser.currentName().equals("weight_map");
        parser.nextToken();
        if (!weights) {
          parser.skipChildren();
          continue;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String name = parser.currentName();
          if (parser.nextToken() != JsonToken.VALUE_STRING) {
            throw new SafeTensorsException("safetensors: weight_map must name a file for " + name);
          }
          files.put(name, parser.getText());
        }
      }
    } catch (JsonProcessingException e) {
      throw new SafeTensorsException(
          "safetensors: index is not valid JSON: " + e.getOriginalMessage(), e);
    }
    if (files.isEmpty()) {
      throw new SafeTensorsException("safetensors: index must have a weight_map");
    }
    return files;
  }
}
