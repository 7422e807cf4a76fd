package dev.bellows.serialize;

import static dev.bellows.errors.Messages.message;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.bellows.memory.Shapes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes headers: metadata first, then the tensors in the order of their data. */
final class HeaderWriter {
  private static final JsonFactory JSON = new JsonFactory();

  private HeaderWriter() {}

  static byte[] write(
      LinkedHashMap<String, SafeTensors.Entry> entries, Map<String, String> metadata) {
    long count = (long) entries.size() + metadata.size();
    if (count > SafeTensors.MAX_ENTRIES) {
      throw new IllegalArgumentException(
          message("safetensors: %s; got %s", SafeTensors.ENTRIES_RULE, count));
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(new byte[8]);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectFieldStart(SafeTensors.METADATA);
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
          json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
      }
      long at = 0;
      for (Map.Entry<String, SafeTensors.Entry> entry : entries.entrySet()) {
        at = writeEntry(json, entry.getKey(), entry.getValue(), at);
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "safetensors: header cannot be written: " + e.getMessage(), e);
    }
    while (bytes.size() % 8 != 0) {
      bytes.write(' ');
    }
    byte[] header = bytes.toByteArray();
    if (header.length - 8 > SafeTensors.MAX_HEADER_BYTES) {
      throw new IllegalArgumentException(
          message(
              "safetensors: header must have at most %s bytes; got %s",
              SafeTensors.MAX_HEADER_BYTES, header.length - 8));
    }
    ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).putLong(0, header.length - 8L);
    return header;
  }

  private static long writeEntry(JsonGenerator json, String name, SafeTensors.Entry entry, long at)
      throws IOException {
    if (name.equals(SafeTensors.METADATA)) {
      throw new IllegalArgumentException(
          "safetensors: a tensor must not be named " + SafeTensors.METADATA);
    }
    long end =
        Math.addExact(
            at, Math.multiplyExact(Shapes.numel(entry.shape()), (long) entry.dtype().bytes()));
    json.writeObjectFieldStart(name);
    json.writeStringField("dtype", entry.dtype().code());
    json.writeFieldName("shape");
    json.writeArray(entry.shape(), 0, entry.shape().length);
    json.writeFieldName("data_offsets");
    json.writeArray(new long[] {at, end}, 0, 2);
    json.writeEndObject();
    return end;
  }
}
