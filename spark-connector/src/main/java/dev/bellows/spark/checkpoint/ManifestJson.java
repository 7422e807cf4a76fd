package dev.bellows.spark.checkpoint;

import static dev.bellows.errors.Messages.message;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bellows.spark.data.StorageFiles;
import java.io.IOException;

/**
 * Converts manifests to and from JSON text. Its last field, {@code checksum}, is the CRC-32C of the
 * same object without that field, written without spaces.
 */
final class ManifestJson {
  private static final ObjectMapper JSON =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
  private static final String CHECKSUM = "checksum";

  private ManifestJson() {}

  static byte[] write(CheckpointManifest manifest) {
    ObjectNode node = JSON.valueToTree(manifest);
    try {
      node.put(CHECKSUM, StorageFiles.crc32c(JSON.writeValueAsBytes(node)));
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("checkpoint: manifest cannot be written as JSON", e);
    }
  }

  /**
   * Reads a manifest.
   *
   * @throws IOException saying, without the file's name, what is wrong with it
   */
  static CheckpointManifest read(byte[] text) throws IOException {
    JsonNode node;
    try {
      node = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IOException("manifest is not whole JSON: " + e.getOriginalMessage());
    }
    if (!(node instanceof ObjectNode object) || !object.has("formatVersion")) {
      throw new IOException("manifest is not one of a checkpoint");
    }
    int version = object.get("formatVersion").asInt();
    if (version != CheckpointManifest.FORMAT_VERSION) {
      throw new IOException(
          message(
              "manifest is of version %s, this release reads version %s",
              version, CheckpointManifest.FORMAT_VERSION));
    }
    JsonNode expected = object.remove(CHECKSUM);
    String actual = StorageFiles.crc32c(JSON.writeValueAsBytes(object));
    if (expected == null || !actual.equals(expected.asText())) {
      throw new IOException(
          message(
              "manifest was changed: its checksum is %s, its content has %s", expected, actual));
    }
    return JSON.treeToValue(object, CheckpointManifest.class);
  }
}
