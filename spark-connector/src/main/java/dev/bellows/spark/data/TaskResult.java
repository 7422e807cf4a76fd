package dev.bellows.spark.data;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Encodes task results as bytes: results are serialised by the serializer that the application
 * configures, and not every one supports records or unregistered classes.
 */
final class TaskResult {
  private static final ObjectMapper JSON = new ObjectMapper();

  private TaskResult() {}

  static byte[] write(Record result) {
    try {
      return JSON.writeValueAsBytes(result);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static <T extends Record> T read(byte[] bytes, Class<T> type) {
    try {
      return JSON.readValue(bytes, type);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
