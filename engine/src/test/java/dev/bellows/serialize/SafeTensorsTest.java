package dev.bellows.serialize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.backend.SgdArgs;
import dev.bellows.memory.DType;
import dev.bellows.ops.OptimizerSteps;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class SafeTensorsTest {
  private static final SgdArgs SGD = new SgdArgs(0.1, 0.9, 0, 0, false, true);

  private static Path python() throws Exception {
    return Path.of(
        SafeTensorsTest.class
            .getResource("/dev/bellows/serialize/python-small.safetensors")
            .toURI());
  }

  static byte[] bytes(Map<String, Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SafeTensors.write(tensors, metadata, out);
    return out.toByteArray();
  }

  static SafeTensors.File parse(byte[] file) throws IOException {
    return SafeTensors.read(new ByteArrayInputStream(file), file.length);
  }

  static void assertSame(Tensor actual, Tensor expected) {
    assertThat(actual.dtype()).isEqualTo(expected.dtype());
    assertThat(actual.shape()).isEqualTo(expected.shape());
    assertThat(actual.toDoubleArray()).isEqualTo(expected.toDoubleArray());
    assertThat(actual.toLongArray()).isEqualTo(expected.toLongArray());
  }

  @Test
  void readsWhatPythonWrote() throws Exception {
    for (SafeTensors.File file : List.of(SafeTensors.load(python()), SafeTensors.map(python()))) {
      Map<String, Tensor> t = file.tensors();
      assertThat(t).hasSize(9);
      assertSame(
          t.get("fc.weight"), Tensor.of(new float[] {0, 0.25f, 0.5f, 0.75f, 1, 1.25f}, 2, 3));
      assertSame(t.get("fc.bias"), Tensor.of(new double[] {1.5, -2}));
      assertSame(t.get("steps"), Tensor.of(new long[] {1, -2, 3}, 1, 3));
      assertSame(t.get("ids"), Tensor.of(new int[] {7, -8}));
      assertSame(t.get("pixels"), Tensor.of(new byte[] {0, 127, -1}));
      assertSame(t.get("mask"), Tensor.of(new boolean[] {true, false, true}));
      assertSame(t.get("scalar"), Tensor.scalar(0.5, DType.FLOAT32));
      assertThat(t.get("empty").shape()).containsExactly(0, 4);
      assertSame(t.get("größe"), Tensor.of(new float[] {1}));
      assertThat(file.metadata())
          .isEqualTo(Map.of("format", "pt", "note", "quotes \" and ünïcode"));
    }
  }

  @Test
  void writesTheseBytes() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("b", Tensor.of(new byte[] {1, 2, 3}));
    tensors.put("a", Tensor.of(new float[] {1, -2}, 1, 2));
    byte[] file = bytes(tensors, Map.of("k", "v"));
    String json =
        "{\"__metadata__\":{\"k\":\"v\"},\"b\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":"
            + "[0,3]},\"a\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[3,11]}}";
    json += " ".repeat((8 - json.length() % 8) % 8);
    ByteBuffer expected =
        ByteBuffer.allocate(8 + json.length() + 11).order(ByteOrder.LITTLE_ENDIAN);
    expected.putLong(json.length()).put(json.getBytes(StandardCharsets.UTF_8));
    expected.put(new byte[] {1, 2, 3}).putFloat(1).putFloat(-2);
    assertThat(file).isEqualTo(expected.array());
    assertThat(parse(file).tensors().keySet()).containsExactly("b", "a");
  }

  @Test
  void viewsAreWrittenRowMajor() throws IOException {
    Tensor x = Tensor.arange(12).view(3, 4).transpose(0, 1).narrow(0, 1, 2);
    assertSame(parse(bytes(Map.of("x", x), Map.of())).tensors().get("x"), x);
  }

  @Test
  void savedFilesAreThereWholeOrNotAtAll(@TempDir Path dir) throws IOException {
    Path path = dir.resolve("m.safetensors");
    Tensor x = Tensor.of(new float[] {1, 2, 3});
    SafeTensors.save(Map.of("x", x), Map.of(), path);
    SafeTensors.save(Map.of("y", x), Map.of(), path);
    assertThat(SafeTensors.load(path).tensors().keySet()).containsExactly("y");
    Tensor closed = Tensor.ones(2);
    closed.close();
    assertThatThrownBy(() -> SafeTensors.save(Map.of("x", closed), Map.of(), path))
        .isInstanceOf(IllegalStateException.class);
    assertThat(SafeTensors.load(path).tensors().keySet()).containsExactly("y");
    try (Stream<Path> files = Files.list(dir)) {
      assertThat(files).containsExactly(path);
    }
  }

  @Test
  void mappedTensorsThatLieCrookedAreCopied(@TempDir Path dir) throws IOException {
    Path path = dir.resolve("m.safetensors");
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("one", Tensor.of(new byte[] {5}));
    tensors.put("crooked", Tensor.of(new double[] {0.1, 0.2}));
    SafeTensors.save(tensors, Map.of(), path);
    Tensor crooked = SafeTensors.map(path).tensors().get("crooked");
    assertThat(crooked.toDoubleArray()).containsExactly(0.1, 0.2);
    assertThat(crooked.strided().address() % 8).isZero();
  }

  @Test
  void headersServeThoseWhoWriteTheDataThemselves() throws IOException {
    LinkedHashMap<String, SafeTensors.Entry> entries = new LinkedHashMap<>();
    entries.put("x", new SafeTensors.Entry(DType.INT32, new long[] {2, 2}));
    entries.put("y", new SafeTensors.Entry(DType.BOOL, new long[] {}));
    byte[] header = SafeTensors.header(entries, Map.of());
    assertThat(header.length % 8).isZero();
    SafeTensors.Header read =
        SafeTensors.readHeader(new ByteArrayInputStream(header), header.length + 17);
    assertThat(read.dataStart()).isEqualTo(header.length);
    assertThat(read.slots().get("y").begin()).isEqualTo(16);
    assertThat(read.slots().get("y").end()).isEqualTo(17);
    assertThat(read.dataBytes()).isEqualTo(17);
    LinkedHashMap<String, SafeTensors.Entry> reserved = new LinkedHashMap<>();
    reserved.put("__metadata__", new SafeTensors.Entry(DType.BOOL, new long[] {}));
    assertThatThrownBy(() -> SafeTensors.header(reserved, Map.of()))
        .hasMessage("safetensors: a tensor must not be named __metadata__");
  }

  private static byte[] file(String json, int dataBytes) {
    byte[] header = json.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + header.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length)
        .put(header)
        .array();
  }

  private static String tensor(String name, String dtype, String shape, String offsets) {
    return String.format(
        "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}", name, dtype, shape, offsets);
  }

  static Stream<Arguments> broken() {
    String x = tensor("x", "F32", "[1]", "[0,4]");
    return Stream.of(
        Arguments.of("", 0, "header must start with '{'"),
        Arguments.of("[]", 0, "header must start with '{'"),
        Arguments.of("{", 0, "header is not valid JSON"),
        Arguments.of("{" + x + "}{}", 4, "header must be one object; something follows it"),
        Arguments.of("{" + x + "}\0", 4, "header is not valid JSON"),
        Arguments.of("{\"x\":1}", 0, "x must be an object"),
        Arguments.of("{" + x + "," + x + "}", 4, "Duplicate field 'x'"),
        Arguments.of("{\"x\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}}", 4, "Duplicate field 'dtype'"),
        Arguments.of("{\"__metadata__\":{\"a\":\"b\",\"a\":\"c\"}}", 0, "Duplicate field 'a'"),
        Arguments.of("{\"__metadata__\":[]}", 0, "__metadata__ must be an object"),
        Arguments.of(
            "{\"__metadata__\":{\"a\":1}}",
            0,
            "__metadata__ must hold strings only, but a does not"),
        Arguments.of(
            "{\"x\":{\"dtype\":\"F32\",\"shape\":[1]}}",
            4,
            "x: needs dtype, shape and data_offsets"),
        Arguments.of("{\"x\":{\"sparse\":true}}", 4, "x: unknown field sparse"),
        Arguments.of("{\"x\":{\"dtype\":32}}", 4, "x: dtype must be a string"),
        Arguments.of("{\"x\":{\"shape\":3}}", 4, "x: shape must be an array"),
        Arguments.of(
            "{" + tensor("x", "F8_E4M3", "[2]", "[0,4]") + "}",
            4,
            "x: dtype: must be one of F32, F64, F16, BF16, I64, I32, I16, I8, U8, BOOL; got"
                + " F8_E4M3"),
        Arguments.of(
            "{" + tensor("x", "F32", "[-1]", "[0,4]") + "}",
            4,
            "x: shape must hold whole numbers in [0, 2^63); got -1"),
        Arguments.of("{" + tensor("x", "F32", "[1.0]", "[0,4]") + "}", 4, "got 1.0"),
        Arguments.of("{" + tensor("x", "F32", "[1e9]", "[0,4]") + "}", 4, "got 1e9"),
        Arguments.of("{" + tensor("x", "F32", "[null]", "[0,4]") + "}", 4, "got null"),
        Arguments.of(
            "{" + tensor("x", "F32", "[9223372036854775808]", "[0,4]") + "}",
            4,
            "x: shape must hold whole numbers in [0, 2^63); got 9223372036854775808"),
        Arguments.of(
            "{" + tensor("x", "F32", "[4294967296,4294967296]", "[0,4]") + "}",
            4,
            "x: size of F32[4294967296, 4294967296] in bytes must be below 2^63"),
        Arguments.of(
            "{" + tensor("x", "F32", "[0,4294967296,4294967296]", "[0,0]") + "}",
            0,
            "in bytes must be below 2^63"),
        Arguments.of(
            "{" + tensor("x", "U8", "[" + "1,".repeat(64) + "1]", "[0,1]") + "}",
            1,
            "x: shape must have at most 64 numbers"),
        Arguments.of(
            "{" + tensor("x", "F32", "[1]", "[0,8]") + "}",
            8,
            "x: data_offsets must span the 4 bytes of F32[1]; got [0, 8], which is 8"),
        Arguments.of(
            "{" + tensor("x", "F32", "[1]", "[0,4,8]") + "}",
            8,
            "x: data_offsets must be [begin, end] with begin <= end <= 8"),
        Arguments.of("{" + tensor("x", "F32", "[1]", "[4,0]") + "}", 4, "got [4, 0]"),
        Arguments.of(
            "{" + tensor("x", "F32", "[250000000000]", "[0,1000000000000]") + "}",
            4,
            "with begin <= end <= 4 (bytes of data in the file); got [0, 1000000000000]"),
        Arguments.of(
            "{" + tensor("x", "F32", "[1]", "[4,8]") + "}",
            8,
            "x: data must follow the tensor before without hole or overlap; begins at 4, the one"
                + " before ends at 0"),
        Arguments.of(
            "{" + x + "," + tensor("y", "F32", "[1]", "[2,6]") + "}",
            6,
            "y: data must follow the tensor before without hole or overlap; begins at 2, the one"
                + " before ends at 4"),
        Arguments.of(
            "{" + x + "," + tensor("y", "F32", "[1]", "[0,4]") + "}",
            4,
            "begins at 0, the one before ends at 4"),
        Arguments.of(
            "{" + x + "}", 5, "tensors must cover the data exactly; they end at 4 of 5 bytes"),
        Arguments.of("{}", 1, "tensors must cover the data exactly; they end at 0 of 1 bytes"),
        Arguments.of(
            "{\"x\":{\"dtype\":\"F32\",\"shape\":[[[[1]]]],\"data_offsets\":[0,4]}}",
            4,
            "x: shape must hold whole numbers"));
  }

  @ParameterizedTest
  @MethodSource("broken")
  void brokenHeadersAreRefused(String json, int dataBytes, String message) {
    byte[] file = file(json, dataBytes);
    assertThatThrownBy(() -> parse(file))
        .isInstanceOf(SafeTensorsException.class)
        .hasMessageStartingWith("safetensors: ")
        .hasMessageContaining(message);
  }

  @Test
  void headersHaveAtMostAMillionEntries() throws IOException {
    StringBuilder json = new StringBuilder("{\"__metadata__\":{\"0\":\"\"");
    LinkedHashMap<String, String> metadata = new LinkedHashMap<>();
    metadata.put("0", "");
    for (int i = 1; i < 1_000_000; i++) {
      json.append(",\"").append(i).append("\":\"\"");
      metadata.put(Integer.toString(i), "");
    }
    assertThat(parse(file(json + "}}", 0)).metadata()).hasSize(1_000_000);
    String more = ",\"more\":\"\"}}";
    assertThatThrownBy(() -> parse(file(json + more, 0)))
        .isInstanceOf(SafeTensorsException.class)
        .hasMessage(
            "safetensors: header must have at most 1000000 entries, tensors and metadata together");
    String tensor = "}," + tensor("x", "F32", "[0]", "[0,0]") + "}";
    assertThatThrownBy(() -> parse(file(json + tensor, 0)))
        .isInstanceOf(SafeTensorsException.class)
        .hasMessage(
            "safetensors: header must have at most 1000000 entries, tensors and metadata together");
    LinkedHashMap<String, SafeTensors.Entry> entries = new LinkedHashMap<>();
    entries.put("x", new SafeTensors.Entry(DType.FLOAT32, new long[] {0}));
    assertThatThrownBy(() -> SafeTensors.header(entries, metadata))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "safetensors: header must have at most 1000000 entries, tensors and metadata together;"
                + " got 1000001");
  }

  @Test
  void mappedTensorsCannotBeChanged(@TempDir Path dir) throws IOException {
    Path path = dir.resolve("m.safetensors");
    SafeTensors.save(Map.of("x", Tensor.of(new float[] {1, 2, 3, 4}, 2, 2)), Map.of(), path);
    Tensor x = SafeTensors.map(path).tensors().get("x");
    Tensor one = Tensor.ones(2, 2);
    String rule = ": tensor is read-only (mapped from a file); work on a clone()";
    Map<String, ThrowingCallable> writes = new LinkedHashMap<>();
    writes.put("add_", () -> x.add_(one));
    writes.put("copy_", () -> x.select(0, 1).copy_(Tensor.ones(2)));
    writes.put("normal_", () -> x.normal_(new Generator(1), 0, 1));
    writes.put("sgd", () -> OptimizerSteps.sgd(x, one, null, SGD));
    writes.forEach(
        (name, write) ->
            assertThatThrownBy(write)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(name + rule));
    assertThatThrownBy(() -> OptimizerSteps.sgd(one, one, x, SGD)).hasMessage("sgd" + rule);
    assertThat(x.clone().add_(one).toDoubleArray()).containsExactly(2, 3, 4, 5);
    assertThat(x.toDoubleArray()).containsExactly(1, 2, 3, 4);
  }

  @Test
  void wrongHeaderSizesCostNoMemory() {
    for (long size : new long[] {-1, Long.MIN_VALUE, 100_000_001, 99_999_999, 3}) {
      byte[] file = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN).putLong(size).array();
      assertThatThrownBy(() -> parse(file))
          .isInstanceOf(SafeTensorsException.class)
          .hasMessage(
              "safetensors: header must have at most 100000000 bytes and end within the file; got "
                  + Long.toUnsignedString(size)
                  + " in a file of 10");
    }
    assertThatThrownBy(() -> parse(new byte[7]))
        .hasMessage("safetensors: file must have at least 8 bytes; got 7");
    byte[] notUtf8 = file("{\"x\"}", 0);
    notUtf8[10] = (byte) 0xff;
    assertThatThrownBy(() -> parse(notUtf8)).hasMessage("safetensors: header is not valid UTF-8");
  }

  @Test
  void streamsThatEndEarlySayWhere() {
    byte[] whole = file("{" + tensor("x", "F32", "[1]", "[0,4]") + "}", 4);
    Map<Integer, String> cuts =
        Map.of(
            5,
            "safetensors: file ends inside the header's size; got 5 of 8",
            20,
            "safetensors: file ends inside the header; got 12 of " + (whole.length - 12),
            whole.length - 4,
            "safetensors: file ends inside x; got 0 of 4 bytes",
            whole.length - 1,
            "safetensors: file ends inside x; got 3 of 4 bytes");
    cuts.forEach(
        (cut, message) ->
            assertThatThrownBy(
                    () ->
                        SafeTensors.read(
                            new ByteArrayInputStream(Arrays.copyOf(whole, cut)), whole.length))
                .isInstanceOf(EOFException.class)
                .hasMessage(message));
  }

  @Test
  void everyTruncationAndFlippedBitIsRefusedOrHarmless() throws Exception {
    byte[] whole = Files.readAllBytes(python());
    for (int cut = 0; cut < whole.length; cut++) {
      byte[] file = Arrays.copyOf(whole, cut);
      assertThatThrownBy(() -> parse(file)).isInstanceOf(SafeTensorsException.class);
    }
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] file = whole.clone();
      file[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        parse(file).tensors().values().forEach(Tensor::close);
      } catch (SafeTensorsException e) {
        assertThat(e).hasMessageStartingWith("safetensors: ");
      }
    }
  }

  @Test
  void boolElementsAreChecked() {
    byte[] file = file("{" + tensor("m", "BOOL", "[3]", "[0,3]") + "}", 3);
    file[file.length - 1] = 2;
    assertThatThrownBy(() -> parse(file))
        .hasMessage("safetensors: m: BOOL elements must be 0 or 1; got 2 at element 2");
  }

  private static byte[] startingWith(int... start) {
    byte[] bytes = new byte[4096];
    for (int i = 0; i < start.length; i++) {
      bytes[i] = (byte) start[i];
    }
    return bytes;
  }

  private static byte[] startingWith(String start) {
    return startingWith(start.chars().toArray());
  }

  static Stream<Arguments> foreignFiles() {
    String fromPyTorch = "load it with StateDicts.load, or convert it with bellows convert";
    return Stream.of(
        Arguments.of(
            "a zip archive, as PyTorch writes", fromPyTorch, startingWith("PK\3\4\0\0\b\b")),
        Arguments.of(
            "a Python pickle, as PyTorch before 1.6 wrote",
            fromPyTorch,
            startingWith(0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9)),
        Arguments.of("a Python pickle", fromPyTorch, startingWith(0x80, 4, 0x95, 0, 0, 0, 0, 0)),
        Arguments.of("compressed by gzip", "gunzip", startingWith(0x1F, 0x8B, 8, 0, 0, 0, 0, 0)),
        Arguments.of("compressed by gzip", "gunzip", startingWith(0x1F, 0x8B, 8, 0, 9, 9, 9, 9)),
        Arguments.of(
            "compressed by zstd", "unzstd", startingWith(0x28, 0xB5, 0x2F, 0xFD, 4, 9, 9, 9)),
        Arguments.of("an HDF5 file", "h5py", startingWith(0x89, 'H', 'D', 'F', 13, 10, 0x1A, 10)),
        Arguments.of("an ONNX model", "onnx", startingWith(8, 8, 0x12, 7, 'p', 'y', 't', 'o')),
        Arguments.of("a NumPy array", "numpy.load", startingWith(0x93, 'N', 'U', 'M', 'P', 'Y', 1)),
        Arguments.of("a GGUF file", "safetensors files", startingWith("GGUF\3\0\0\0")),
        Arguments.of("a Git LFS pointer", "git lfs pull", startingWith("version https://git-lfs")),
        Arguments.of("a web page", "download the file itself", startingWith("<!DOCTYPE html>")),
        Arguments.of("JSON text", "that it names", startingWith("{\"metadata\": {}}")));
  }

  @ParameterizedTest
  @MethodSource("foreignFiles")
  void filesOfOtherFormatsAreNamed(
      String what, String advice, byte[] bytes, @TempDir Path directory) throws IOException {
    Path file = Files.write(directory.resolve("model"), bytes);
    List<ThrowingCallable> ways =
        List.of(
            () -> SafeTensors.load(file),
            () -> SafeTensors.map(file),
            () -> SafeTensors.read(new ByteArrayInputStream(bytes), bytes.length));
    for (ThrowingCallable way : ways) {
      assertThatThrownBy(way)
          .isInstanceOf(SafeTensorsException.class)
          .hasMessageContaining("; the file is " + what)
          .hasMessageContaining(advice);
    }
  }

  private static long checksum(String name, Tensor tensor) {
    CRC32C sum = new CRC32C();
    SafeTensors.update(sum, name, tensor);
    return sum.getValue();
  }

  @Test
  void aChecksumCoversNameTypeShapeAndElementsWhereverTheyLie() {
    Tensor whole = Tensor.arange(24).reshape(4, 6);
    Tensor part = whole.narrow(0, 1, 2);
    long expected = checksum("w", part.clone());
    assertThat(checksum("w", part)).isEqualTo(expected);
    assertThat(checksum("w", part.t().contiguous().t())).isEqualTo(expected);
    assertThat(checksum("w", Tensor.zeros(0))).isEqualTo(checksum("w", Tensor.zeros(0)));
    assertThat(checksum("v", part)).isNotEqualTo(expected);
    assertThat(checksum("w", part.reshape(6, 2))).isNotEqualTo(expected);
    assertThat(checksum("w", part.to(DType.FLOAT64))).isNotEqualTo(expected);
    assertThat(checksum("w", part.add(1))).isNotEqualTo(expected);
  }

  /** Of several types, with metadata; the header is most of the file. */
  @Test
  void mutationsAreErrorsOrHarmless() throws Exception {
    byte[] good = Files.readAllBytes(python());
    int header = 8 + (int) ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).getLong();
    SplittableRandom random = new SplittableRandom(Long.getLong("test.seed", 7));
    int errors = 0;
    for (int i = 0; i < Mutations.COUNT; i++) {
      byte[] bad = Mutations.of(good, header, random);
      try {
        long bytes = 0;
        for (Tensor tensor : parse(bad).tensors().values()) {
          bytes += tensor.numel() * tensor.dtype().bytes();
          tensor.close();
        }
        assertThat(bytes).isLessThanOrEqualTo(bad.length);
      } catch (IOException e) {
        errors++;
        assertThat(e.getMessage()).isNotBlank();
      } catch (RuntimeException e) {
        throw new AssertionError("mutation " + i + "; repeat it with -Dtest.seed", e);
      }
    }
    assertThat(errors).isPositive();
  }
}
