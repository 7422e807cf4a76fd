package dev.bellows.oracle;

import dev.bellows.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Allocates tensors in guarded memory. A region is filled with poison and followed by an
 * inaccessible page: its file is truncated there, so that Java code that reads or writes it gets an
 * InternalError. A tensor is at the end of its region, or in the middle. If a mapped file cannot be
 * truncated, only the poison remains.
 */
final class Guards {
  private static final int PAGE = 4096;
  private static final byte POISON = (byte) 0xA5;

  private final MappedByteBuffer[] regions;
  private final byte[] poison;
  private final int[] from;
  private final int[] to;
  private int used;

  /** Some regions of so many bytes, a multiple of a page. */
  Guards(int count, int bytes) {
    regions = new MappedByteBuffer[count];
    from = new int[count];
    to = new int[count];
    poison = new byte[bytes];
    Arrays.fill(poison, POISON);
    for (int i = 0; i < count; i++) {
      regions[i] = map(bytes);
    }
  }

  private static MappedByteBuffer map(int bytes) {
    try {
      Path file = Files.createTempFile("guard", "");
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        MappedByteBuffer buffer = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes + PAGE);
        try {
          channel.truncate(bytes);
        } catch (IOException e) {
          System.out.println("no guard page: " + e);
        }
        return buffer;
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes all regions back; nothing that was made before may be used any more. */
  void reset() {
    used = 0;
  }

  /** A tensor with these elements, in watched memory if there is some left. */
  Tensor tensor(Values values, boolean atEnd) {
    Tensor plain = values.ours();
    int bytes = values.length() * values.dtype().bytes();
    if (used == regions.length || bytes > poison.length) {
      return plain;
    }
    try (plain) {
      Tensor watched = Tensor.wrap(take(bytes, atEnd), values.dtype(), values.shape());
      return watched.copy_(plain);
    }
  }

  private ByteBuffer take(int bytes, boolean atEnd) {
    int start = atEnd ? poison.length - bytes : (poison.length - bytes) / 2 & -64;
    from[used] = start;
    to[used] = start + bytes;
    regions[used].put(0, poison);
    return regions[used++].slice(start, bytes);
  }

  /** Returns where the poison was overwritten, or null if it was not. */
  String damage() {
    byte[] region = new byte[poison.length];
    for (int i = 0; i < used; i++) {
      regions[i].get(0, region);
      for (int at = 0; at < region.length; at++) {
        if (region[at] != POISON && (at < from[i] || at >= to[i])) {
          int bytes = to[i] - from[i];
          return "byte " + (at - from[i]) + " of a tensor of " + bytes + " bytes was written";
        }
      }
    }
    return null;
  }
}
