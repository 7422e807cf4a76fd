package dev.bellows.data;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Reads files in the idx format of MNIST, plain or compressed by gzip (recognised by their first
 * bytes).
 *
 * <pre>
 * offset 0          2 bytes  0
 * offset 2          1 byte   type: 0x08 UINT8, 0x0C INT32, 0x0D FLOAT32, 0x0E FLOAT64
 * offset 3          1 byte   d, the number of dimensions
 * offset 4          4·d      sizes, big-endian, not negative as signed numbers
 * offset 4 + 4·d    rest     elements, row-major, big-endian
 * </pre>
 *
 * Source: The MNIST database, FILE FORMATS.
 */
public final class IdxFile {
  private static final int MAX_BYTES = Integer.MAX_VALUE - 64;

  private IdxFile() {}

  /**
   * Reads a file.
   *
   * @throws IOException if the file violates the format, is shorter or longer than its sizes say,
   *     or has 2 GiB of elements or more; the message names the file
   */
  public static Tensor read(Path path) throws IOException {
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(path), 1 << 16)) {
      raw.mark(2);
      boolean gzip = raw.read() == 0x1f && raw.read() == 0x8b;
      raw.reset();
      return read(gzip ? new GZIPInputStream(raw, 1 << 16) : raw, path.toString());
    } catch (EOFException | ZipException e) {
      String message = String.valueOf(e.getMessage());
      throw message.startsWith(path + ":") ? e : new IOException(path + ": " + message, e);
    }
  }

  /**
   * Reads a stream to its end.
   *
   * @param what the stream's name in messages
   * @throws IOException as {@link #read(Path)}
   */
  public static Tensor read(InputStream in, String what) throws IOException {
    byte[] magic = exactly(in, 4, what, "the magic number");
    if (magic[0] != 0 || magic[1] != 0) {
      throw new IOException(
          message(
              "%s: idx files start with two zero bytes; got %s",
              what, String.format(java.util.Locale.ROOT, "%02x %02x", magic[0], magic[1])));
    }
    DType dtype = typeOf(magic[2], what);
    ByteBuffer sizes = ByteBuffer.wrap(exactly(in, 4 * (magic[3] & 0xff), what, "the sizes"));
    long[] shape = new long[magic[3] & 0xff];
    double bytes = dtype.bytes();
    for (int d = 0; d < shape.length; d++) {
      shape[d] = sizes.getInt();
      bytes *= shape[d];
      if (shape[d] < 0) {
        throw new IOException(message("%s: sizes must not be negative; got %s", what, shape[d]));
      }
    }
    if (bytes > MAX_BYTES) {
      throw new IOException(
          message("%s: must have less than 2 GiB of elements; got sizes %s", what, shape));
    }
    byte[] elements = exactly(in, (int) bytes, what, "the elements of " + Arrays.toString(shape));
    if (in.read() >= 0) {
      throw new IOException(
          message("%s: must end after the elements of %s; more follows", what, shape));
    }
    return tensor(dtype, elements, shape);
  }

  private static DType typeOf(byte code, String what) throws IOException {
    return switch (code) {
      case 0x08 -> DType.UINT8;
      case 0x0C -> DType.INT32;
      case 0x0D -> DType.FLOAT32;
      case 0x0E -> DType.FLOAT64;
      default ->
          throw new IOException(
              message(
                  "%s: type must be 0x08, 0x0c, 0x0d or 0x0e; got %s",
                  what, String.format(java.util.Locale.ROOT, "0x%02x", code)));
    };
  }

  /**
   * Reads exactly {@code count} bytes. The buffer grows with the bytes read, so that wrong sizes
   * cost no memory.
   */
  private static byte[] exactly(InputStream in, int count, String what, String part)
      throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException(
          message("%s: ends inside %s; got %s of %s bytes", what, part, bytes.length, count));
    }
    return bytes;
  }

  private static Tensor tensor(DType dtype, byte[] elements, long... shape) {
    ByteBuffer buffer = ByteBuffer.wrap(elements);
    switch (dtype) {
      case INT32:
        int[] ints = new int[elements.length / 4];
        buffer.asIntBuffer().get(ints);
        return reshaped(Tensor.of(ints), shape);
      case FLOAT32:
        float[] floats = new float[elements.length / 4];
        buffer.asFloatBuffer().get(floats);
        return reshaped(Tensor.of(floats), shape);
      case FLOAT64:
        double[] doubles = new double[elements.length / 8];
        buffer.asDoubleBuffer().get(doubles);
        return reshaped(Tensor.of(doubles), shape);
      default:
        return reshaped(Tensor.of(elements), shape);
    }
  }

  private static Tensor reshaped(Tensor flat, long... shape) {
    return flat.view(shape);
  }
}
