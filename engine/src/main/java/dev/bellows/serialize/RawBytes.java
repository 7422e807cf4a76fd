package dev.bellows.serialize;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.memory.Memory;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorCopies;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.zip.CheckedOutputStream;
import java.util.zip.Checksum;

/** Copies elements between tensors and streams, piece by piece. */
final class RawBytes {
  private static final int PIECE = 1 << 20;

  private RawBytes() {}

  /** Receives a tensor whose elements are contiguous in host memory. */
  private interface Dense<E extends Exception> {
    void accept(Tensor dense) throws E;
  }

  static void write(Tensor tensor, OutputStream out) throws IOException {
    dense(
        tensor,
        host -> {
          long address = host.strided().address();
          long bytes = SafeTensors.byteSize(host);
          byte[] piece = new byte[(int) Math.min(PIECE, bytes)];
          for (long at = 0; at < bytes; at += piece.length) {
            int count = (int) Math.min(piece.length, bytes - at);
            Memory.copyToArray(address + at, piece, count);
            out.write(piece, 0, count);
          }
        });
  }

  static void update(Checksum sum, Tensor tensor) {
    dense(
        tensor,
        host -> {
          ByteBuffer block = host.strided().storage().block().buffer();
          if (block != null) {
            int first = Math.toIntExact(host.strided().byteOffset());
            int bytes = Math.toIntExact(SafeTensors.byteSize(host));
            sum.update(block.duplicate().position(first).limit(first + bytes));
            return;
          }
          try {
            write(host, new CheckedOutputStream(OutputStream.nullOutputStream(), sum));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static <E extends Exception> void dense(Tensor tensor, Dense<E> use) throws E {
    Tensor dense = tensor.isContiguous() ? tensor : tensor.detach().contiguous();
    Tensor host = TensorCopies.onHost(dense);
    try {
      use.accept(host);
    } finally {
      if (host != dense) {
        host.close();
      }
      if (dense != tensor) {
        dense.close();
      }
    }
  }

  static void read(String name, Tensor tensor, InputStream in) throws IOException {
    long address = tensor.strided().address();
    long bytes = SafeTensors.byteSize(tensor);
    byte[] piece = new byte[(int) Math.min(PIECE, bytes)];
    for (long at = 0; at < bytes; ) {
      int count = in.readNBytes(piece, 0, (int) Math.min(piece.length, bytes - at));
      if (count == 0) {
        throw new EOFException(
            message("safetensors: file ends inside %s; got %s of %s bytes", name, at, bytes));
      }
      Memory.copyFromArray(piece, address + at, count);
      at += count;
    }
    checkBool(name, tensor);
  }

  /** Returns the slots in order of their data. */
  static List<Map.Entry<String, SafeTensors.Slot>> inOrderOfData(SafeTensors.Header header) {
    List<Map.Entry<String, SafeTensors.Slot>> sorted = new ArrayList<>(header.slots().entrySet());
    sorted.sort(Comparator.comparingLong(entry -> entry.getValue().begin()));
    return sorted;
  }

  static Tensor map(String name, SafeTensors.Slot slot, long dataStart, FileChannel channel)
      throws IOException {
    long bytes = slot.end() - slot.begin();
    long start = dataStart + slot.begin();
    if (bytes == 0 || bytes > Integer.MAX_VALUE || start % slot.dtype().bytes() != 0) {
      Tensor copy = Tensor.empty(slot.dtype(), slot.shape()).retain();
      channel.position(start);
      read(name, copy, Channels.newInputStream(channel));
      return copy;
    }
    ByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, start, bytes);
    Tensor tensor = Tensor.wrap(mapped, slot.dtype(), slot.shape()).retain();
    checkBool(name, tensor);
    return tensor;
  }

  /** Checks that BOOL elements are 0 or 1, as kernels assume. */
  private static void checkBool(String name, Tensor tensor) throws SafeTensorsException {
    if (tensor.dtype() != DType.BOOL) {
      return;
    }
    long address = tensor.strided().address();
    for (long i = 0; i < tensor.numel(); i++) {
      byte value = Memory.getByte(address + i);
      if ((value & ~1) != 0) {
        throw new SafeTensorsException(
            message(
                "safetensors: %s: BOOL elements must be 0 or 1; got %s at element %s",
                name, value & 0xff, i));
      }
    }
  }
}
