package dev.bellows.oracle;

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
 * Memory for tensors whose surroundings are watched. A region is a page full of poison with a page
 * behind it that nobody can touch: its file was cut off there, so that Java code that reads or
 * writes it gets an InternalError. What is handed out lies at the end of the page, or in its
 * middle. Where a mapped file cannot be cut, only the poison is left.
 */
final class Guards {
  private static final int PAGE = 4096;
  private static final byte POISON = (byte) 0xA5;

  private final MappedByteBuffer[] regions;
  private final int[] from;
  private final int[] to;
  private int used;

  Guards(int count) {
    regions = new MappedByteBuffer[count];
    from = new int[count];
    to = new int[count];
    for (int i = 0; i < count; i++) {
      regions[i] = map();
    }
    reset();
  }

  private static MappedByteBuffer map() {
    try {
      Path file = Files.createTempFile("guard", "");
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        MappedByteBuffer buffer = channel.map(FileChannel.MapMode.READ_WRITE, 0, 2 * PAGE);
        try {
          channel.truncate(PAGE);
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

  /** Poisons all regions; nothing that was handed out before may be used any more. */
  void reset() {
    byte[] poison = new byte[PAGE];
    Arrays.fill(poison, POISON);
    for (MappedByteBuffer region : regions) {
      region.put(0, poison);
    }
    used = 0;
  }

  boolean hasLeft(int bytes) {
    return used < regions.length && bytes <= PAGE / 2;
  }

  /** Some bytes, at the end of a page or in its middle. */
  ByteBuffer take(int bytes, boolean atEnd) {
    int start = atEnd ? PAGE - bytes : (PAGE - bytes) / 2 & -64;
    from[used] = start;
    to[used] = start + bytes;
    return regions[used++].slice(start, bytes);
  }

  /** Where the poison was overwritten; null if nowhere. */
  String damage() {
    byte[] page = new byte[PAGE];
    for (int i = 0; i < used; i++) {
      regions[i].get(0, page);
      for (int at = 0; at < PAGE; at++) {
        if (page[at] != POISON && (at < from[i] || at >= to[i])) {
          int bytes = to[i] - from[i];
          return "byte " + (at - from[i]) + " of a tensor of " + bytes + " bytes was written";
        }
      }
    }
    return null;
  }
}
