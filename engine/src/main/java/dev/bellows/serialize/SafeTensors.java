package dev.bellows.serialize;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.memory.Shapes;
import dev.bellows.tensor.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.Checksum;

/**
 * Reads and writes safetensors files.
 *
 * <pre>
 * offset 0      8 bytes   h, unsigned, little-endian: size of the header, at most 100 000 000
 * offset 8      h bytes   UTF-8 JSON object, padded with spaces so that data starts at a multiple of 8
 * offset 8 + h  the rest  the tensors' elements, little-endian, row-major, without holes
 * </pre>
 *
 * The JSON has {@code "__metadata__": {key: text}} first, if there is any, then for each tensor
 * {@code name: {"dtype": "F32", "shape": [2, 3], "data_offsets": [begin, end]}} with offsets in
 * bytes from the start of the data. Tensors keep the order in which they are given, in the JSON and
 * in the data, so a tensor's address may be unaligned for its type.
 *
 * <p>Input is not trusted: sizes are checked against the file before memory is allocated; duplicate
 * keys, unknown types, overflow, holes, overlaps and trailing bytes are rejected, and so are BOOL
 * elements other than 0 and 1. Hosts of big-endian order are not supported. A header has at most a
 * million entries. Source: the format of Hugging Face safetensors, version 0.x; unlike it, names
 * need not be sorted by alignment, and types other than {@link DType} are rejected.
 */
public final class SafeTensors {
  /** Maximum size of a header in bytes. */
  public static final long MAX_HEADER_BYTES = 100_000_000;

  /** Maximum number of tensors and metadata entries of a header, together. */
  public static final int MAX_ENTRIES = 1_000_000;

  static final String METADATA = "__metadata__";

  static final String ENTRIES_RULE =
      "header must have at most " + MAX_ENTRIES + " entries, tensors and metadata together";

  private SafeTensors() {}

  /** Type and shape of a tensor to be written. */
  public record Entry(DType dtype, long[] shape) {}

  /**
   * Type, shape and position of a tensor in a file.
   *
   * @param begin first byte, from the start of the data
   * @param end one after the last byte
   */
  public record Slot(DType dtype, long[] shape, long begin, long end) {}

  /**
   * A parsed and checked header.
   *
   * @param slots by name, in the header's order
   * @param metadata in the header's order
   * @param dataStart offset of the data in the file
   * @param dataBytes size of the data
   */
  public record Header(
      LinkedHashMap<String, Slot> slots,
      Map<String, String> metadata,
      long dataStart,
      long dataBytes) {}

  /** The content of a file, in the header's order. */
  public record File(LinkedHashMap<String, Tensor> tensors, Map<String, String> metadata) {}

  /**
   * Returns the bytes before the data: size, JSON and padding. The elements must follow in the
   * map's order, without holes.
   *
   * @throws IllegalArgumentException if the header is too large, has too many entries, or a name is
   *     {@code __metadata__}
   */
  public static byte[] header(LinkedHashMap<String, Entry> entries, Map<String, String> metadata) {
    return HeaderWriter.write(entries, metadata);
  }

  /** Writes tensors in the map's order; the stream is neither flushed nor closed. */
  public static void write(
      Map<String, ? extends Tensor> tensors, Map<String, String> metadata, OutputStream out)
      throws IOException {
    requireLittleEndian();
    LinkedHashMap<String, Entry> entries = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> entries.put(name, new Entry(tensor.dtype(), tensor.shape())));
    out.write(header(entries, metadata));
    for (Tensor tensor : tensors.values()) {
      RawBytes.write(tensor, out);
    }
  }

  /**
   * Adds name, type, shape and elements of a tensor to a checksum. Elements on the host are read in
   * place; those on a device are copied to the host first.
   */
  public static void update(Checksum sum, String name, Tensor tensor) {
    String entry = name + ' ' + tensor.dtype() + Arrays.toString(tensor.shape()) + '\n';
    sum.update(entry.getBytes(StandardCharsets.UTF_8));
    RawBytes.update(sum, tensor);
  }

  /**
   * Writes a file atomically: under a temporary name first, synced to the disk, then renamed. The
   * rename is synced too, where the platform supports it.
   */
  public static void save(
      Map<String, ? extends Tensor> tensors, Map<String, String> metadata, Path path)
      throws IOException {
    AtomicFile.write(path, out -> write(tensors, metadata, out));
  }

  /**
   * Reads a file into new tensors on the CPU, which no scope releases.
   *
   * @throws SafeTensorsException if the file violates the format
   */
  public static File load(Path path) throws IOException {
    return load(path, Device.CPU);
  }

  /**
   * Works like {@link #load(Path)}.
   *
   * @param file a path, or a {@code file:} URI such as a training job's result contains
   * @throws IllegalArgumentException if it is a URI of another file system
   */
  public static File load(String file) throws IOException {
    return load(file, Device.CPU);
  }

  /** Works like {@link #load(Path, Device)}, for a path or a {@code file:} URI. */
  public static File load(String file, Device mapLocation) throws IOException {
    return load(LocalPath.of("load", file), mapLocation);
  }

  /**
   * Reads a file into new tensors, which no scope releases.
   *
   * @param mapLocation the device for the tensors, regardless of the device they were saved from
   * @throws SafeTensorsException if the file violates the format
   */
  public static File load(Path path, Device mapLocation) throws IOException {
    Path file = LocalPath.of("load", path);
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, Files.size(file), mapLocation);
    }
  }

  /** Works like {@link #read(InputStream, long, Device)}, on the CPU. */
  public static File read(InputStream in, long length) throws IOException {
    return read(in, length, Device.CPU);
  }

  /**
   * Reads {@code length} bytes, a whole file, into new tensors, which no scope releases.
   *
   * @param mapLocation the device for the tensors
   * @throws SafeTensorsException if the bytes violate the format
   * @throws EOFException if the stream ends before {@code length} bytes
   */
  public static File read(InputStream in, long length, Device mapLocation) throws IOException {
    Header header = readHeader(in, length);
    LinkedHashMap<String, Tensor> byOffset = new LinkedHashMap<>();
    LinkedHashMap<String, Tensor> tensors = new LinkedHashMap<>();
    boolean done = false;
    try {
      for (Map.Entry<String, Slot> entry : RawBytes.inOrderOfData(header)) {
        Slot slot = entry.getValue();
        Tensor tensor = Tensor.empty(slot.dtype(), slot.shape()).retain();
        byOffset.put(entry.getKey(), tensor);
        RawBytes.read(entry.getKey(), tensor, in);
        Tensor there = tensor.to(mapLocation);
        if (there != tensor) {
          byOffset.put(entry.getKey(), there.retain());
          tensor.close();
        }
      }
      header.slots().keySet().forEach(name -> tensors.put(name, byOffset.get(name)));
      done = true;
    } finally {
      if (!done) {
        byOffset.values().forEach(Tensor::close);
      }
    }
    return new File(tensors, header.metadata());
  }

  /**
   * Reads and checks a header, and leaves the stream at the first byte of the data.
   *
   * @param length size of the whole file in bytes
   * @throws SafeTensorsException if the header violates the format or does not fit the length
   * @throws EOFException if the stream ends inside the header
   */
  public static Header readHeader(InputStream in, long length) throws IOException {
    requireLittleEndian();
    if (length < 8) {
      throw new SafeTensorsException("safetensors: file must have at least 8 bytes; got " + length);
    }
    byte[] size = readExactly(in, 8, "the header's size");
    long headerBytes = ByteBuffer.wrap(size).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (headerBytes < 0 || headerBytes > MAX_HEADER_BYTES || headerBytes > length - 8) {
      throw new SafeTensorsException(
          message(
              "safetensors: header must have at most %s bytes and end within the file; got %s in a"
                  + " file of %s%s",
              MAX_HEADER_BYTES,
              Long.toUnsignedString(headerBytes),
              length,
              ForeignFile.hint(size)));
    }
    byte[] json = readExactly(in, (int) headerBytes, "the header");
    if (json.length == 0 || json[0] != '{') {
      throw new SafeTensorsException(
          "safetensors: header must start with '{'" + ForeignFile.hint(size));
    }
    return HeaderReader.read(json, length - 8 - headerBytes);
  }

  /**
   * Reads exactly {@code count} bytes. The buffer grows with the bytes read, so that a wrong length
   * costs no memory.
   */
  private static byte[] readExactly(InputStream in, int count, String what) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException(
          message("safetensors: file ends inside %s; got %s of %s", what, bytes.length, count));
    }
    return bytes;
  }

  /**
   * Returns tensors backed by a memory-mapped file: pages are loaded on first access, and shared
   * with other processes. In-place changes are rejected. The file must neither shrink nor be
   * written while the tensors are used (rename a new file over it instead), as that may crash the
   * process. A tensor that does not start at a multiple of its element size, or has more than 2³¹ −
   * 1 bytes, is copied, and may be changed. No scope releases the tensors.
   *
   * @throws SafeTensorsException if the file violates the format
   */
  public static File map(Path path) throws IOException {
    Path file = LocalPath.of("map", path);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      Header header = readHeader(Channels.newInputStream(channel), channel.size());
      LinkedHashMap<String, Tensor> tensors = new LinkedHashMap<>();
      for (Map.Entry<String, Slot> entry : header.slots().entrySet()) {
        tensors.put(
            entry.getKey(),
            RawBytes.map(entry.getKey(), entry.getValue(), header.dataStart(), channel));
      }
      return new File(tensors, header.metadata());
    }
  }

  /** Works like {@link #map(Path)}, for a path or a {@code file:} URI. */
  public static File map(String file) throws IOException {
    return map(LocalPath.of("map", file));
  }

  static long byteSize(Tensor tensor) {
    return Shapes.numel(tensor.shape()) * tensor.dtype().bytes();
  }

  private static void requireLittleEndian() {
    if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      throw new UnsupportedOperationException(
          "safetensors: hosts of big-endian byte order are not supported");
    }
  }
}
