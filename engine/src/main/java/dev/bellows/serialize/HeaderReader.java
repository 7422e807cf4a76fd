package dev.bellows.serialize;

import static dev.bellows.errors.Messages.message;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.bellows.memory.DType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Parses the JSON header of an untrusted file: rejects every token that the format does not allow,
 * and checks every number before it is used.
 */
final class HeaderReader {
  private static final int MAX_DIMS = 64;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(4)
                  .maxStringLength((int) SafeTensors.MAX_HEADER_BYTES)
                  .maxNameLength((int) SafeTensors.MAX_HEADER_BYTES)
                  .maxNumberLength(20)
                  .build())
          .build();

  private final LinkedHashMap<String, SafeTensors.Slot> slots = new LinkedHashMap<>();
  private final LinkedHashMap<String, String> metadata = new LinkedHashMap<>();
  private final long dataBytes;

  private HeaderReader(long dataBytes) {
    this.dataBytes = dataBytes;
  }

  /** Parses the JSON of a header that is followed by {@code dataBytes} bytes of data. */
  static SafeTensors.Header read(byte[] json, long dataBytes) throws SafeTensorsException {
    HeaderReader reader = new HeaderReader(dataBytes);
    try (JsonParser parser = JSON.createParser(decode(json))) {
      reader.top(parser);
    } catch (JsonProcessingException e) {
      throw new SafeTensorsException(
          message(
              "safetensors: header is not valid JSON: %s at byte %s",
              e.getOriginalMessage(), e.getLocation().getCharOffset()),
          e);
    } catch (SafeTensorsException e) {
      throw e;
    } catch (IOException e) {
      throw new SafeTensorsException("safetensors: header cannot be read: " + e.getMessage(), e);
    }
    reader.checkCover();
    return new SafeTensors.Header(reader.slots, reader.metadata, 8L + json.length, dataBytes);
  }

  private static String decode(byte[] json) throws SafeTensorsException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
    } catch (CharacterCodingException e) {
      throw new SafeTensorsException("safetensors: header is not valid UTF-8", e);
    }
  }

  private void top(JsonParser parser) throws IOException {
    expect(parser.nextToken(), JsonToken.START_OBJECT, "header must be an object");
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      countEntry();
      String name = parser.currentName();
      if (name.equals(SafeTensors.METADATA)) {
        metadata(parser);
      } else {
        slots.put(name, slot(name, parser));
      }
    }
    if (parser.nextToken() != null) {
      throw bad("header must be one object; something follows it");
    }
  }

  /** Limits the number of entries, as small entries take many times their size once parsed. */
  private void countEntry() throws SafeTensorsException {
    if (slots.size() + metadata.size() == SafeTensors.MAX_ENTRIES) {
      throw bad(SafeTensors.ENTRIES_RULE);
    }
  }

  private void metadata(JsonParser parser) throws IOException {
    expect(parser.nextToken(), JsonToken.START_OBJECT, "__metadata__ must be an object");
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      countEntry();
      String key = parser.currentName();
      expect(
          parser.nextToken(),
          JsonToken.VALUE_STRING,
          "__metadata__ must hold strings only, but " + key + " does not");
      metadata.put(key, parser.getText());
    }
  }

  private SafeTensors.Slot slot(String name, JsonParser parser) throws IOException {
    expect(parser.nextToken(), JsonToken.START_OBJECT, name + " must be an object");
    String dtype = null;
    long[] shape = null;
    long[] offsets = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      switch (parser.currentName()) {
        case "dtype" -> {
          expect(parser.nextToken(), JsonToken.VALUE_STRING, name + ": dtype must be a string");
          dtype = parser.getText();
        }
        case "shape" -> shape = numbers(name, "shape", parser);
        case "data_offsets" -> offsets = numbers(name, "data_offsets", parser);
        default -> throw bad(message("%s: unknown field %s", name, parser.currentName()));
      }
    }
    if (dtype == null || shape == null || offsets == null) {
      throw bad(name + ": needs dtype, shape and data_offsets");
    }
    return check(name, dtype, shape, offsets);
  }

  private static long[] numbers(String name, String field, JsonParser parser) throws IOException {
    expect(parser.nextToken(), JsonToken.START_ARRAY, name + ": " + field + " must be an array");
    List<Long> numbers = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT
          || parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
          || parser.getLongValue() < 0) {
        throw bad(
            message(
                "%s: %s must hold whole numbers in [0, 2^63); got %s",
                name, field, parser.getText()));
      }
      numbers.add(parser.getLongValue());
      if (numbers.size() > MAX_DIMS) {
        throw bad(message("%s: %s must have at most %s numbers", name, field, MAX_DIMS));
      }
    }
    return numbers.stream().mapToLong(Long::longValue).toArray();
  }

  private SafeTensors.Slot check(String name, String code, long[] shape, long[] offsets)
      throws SafeTensorsException {
    DType dtype;
    try {
      dtype = DType.ofCode(code);
    } catch (IllegalArgumentException e) {
      throw new SafeTensorsException(message("safetensors: %s: %s", name, e.getMessage()), e);
    }
    if (offsets.length != 2 || offsets[0] > offsets[1] || offsets[1] > dataBytes) {
      throw bad(
          message(
              "%s: data_offsets must be [begin, end] with begin <= end <= %s (bytes of data in the"
                  + " file); got %s",
              name, dataBytes, java.util.Arrays.toString(offsets)));
    }
    long bytes = byteSize(name, dtype, shape);
    if (bytes != offsets[1] - offsets[0]) {
      throw bad(
          message(
              "%s: data_offsets must span the %s bytes of %s%s; got %s, which is %s",
              name,
              bytes,
              code,
              java.util.Arrays.toString(shape),
              java.util.Arrays.toString(offsets),
              offsets[1] - offsets[0]));
    }
    return new SafeTensors.Slot(dtype, shape, offsets[0], offsets[1]);
  }

  /**
   * Returns the size of a tensor in bytes. Also rejects a product that overflows before a size of
   * 0.
   */
  private static long byteSize(String name, DType dtype, long[] shape) throws SafeTensorsException {
    long all = dtype.bytes();
    boolean empty = false;
    try {
      for (long size : shape) {
        empty |= size == 0;
        all = Math.multiplyExact(all, Math.max(1, size));
      }
    } catch (ArithmeticException e) {
      throw new SafeTensorsException(
          message(
              "safetensors: %s: size of %s%s in bytes must be below 2^63",
              name, dtype.code(), java.util.Arrays.toString(shape)),
          e);
    }
    return empty ? 0 : all;
  }

  /**
   * Checks that the slots in order of offsets cover the data from the first byte to the last
   * without gaps.
   */
  private void checkCover() throws SafeTensorsException {
    List<Map.Entry<String, SafeTensors.Slot>> sorted = new ArrayList<>(slots.entrySet());
    sorted.sort(
        Comparator.comparingLong((Map.Entry<String, SafeTensors.Slot> e) -> e.getValue().begin())
            .thenComparingLong(e -> e.getValue().end()));
    long at = 0;
    for (Map.Entry<String, SafeTensors.Slot> entry : sorted) {
      if (entry.getValue().begin() != at) {
        throw bad(
            message(
                "%s: data must follow the tensor before without hole or overlap; begins at %s, the"
                    + " one before ends at %s",
                entry.getKey(), entry.getValue().begin(), at));
      }
      at = entry.getValue().end();
    }
    if (at != dataBytes) {
      throw bad(
          message(
              "tensors must cover the data exactly; they end at %s of %s bytes", at, dataBytes));
    }
  }

  private static void expect(JsonToken token, JsonToken wanted, String rule)
      throws SafeTensorsException {
    if (token != wanted) {
      throw bad(rule);
    }
  }

  private static SafeTensorsException bad(String message) {
    return new SafeTensorsException("safetensors: " + message);
  }
}
