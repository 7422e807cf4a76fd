package dev.bellows.spark.data;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A memory-mapped part file: each column is mapped in regions of whole rows, since a mapping is
 * limited to 2 GiB. The mappings live as long as this object.
 */
final class MappedPart {
  private final long[][] addresses;
  private final long[] regionRows;
  private final int[] rowBytes;
  // Keeps the mappings reachable, which their addresses alone would not.
  private final List<Storage> regions = new ArrayList<>();

  private MappedPart(int columns) {
    addresses = new long[columns][];
    regionRows = new long[columns];
    rowBytes = new int[columns];
  }

  /** Maps a part file, in which the columns follow the header in the snapshot's order. */
  static MappedPart open(Path file, List<Column> columns, long rows, long maxRegionBytes)
      throws IOException {
    MappedPart part = new MappedPart(columns.size());
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long position = dataStart(channel);
      for (int c = 0; c < columns.size(); c++) {
        part.map(channel, c, columns.get(c).rowBytes(), position, rows, maxRegionBytes);
        position += rows * columns.get(c).rowBytes();
      }
      if (position != channel.size()) {
        throw new IOException(
            message("its columns need %s bytes, it has %s bytes", position, channel.size()));
      }
    }
    return part;
  }

  private void map(
      FileChannel channel, int c, int bytesPerRow, long start, long rows, long maxRegionBytes)
      throws IOException {
    rowBytes[c] = bytesPerRow;
    regionRows[c] = Math.max(1, maxRegionBytes / bytesPerRow);
    int count = Math.toIntExact((rows + regionRows[c] - 1) / regionRows[c]);
    addresses[c] = new long[count];
    for (int r = 0; r < count; r++) {
      long first = r * regionRows[c];
      long bytes = Math.min(regionRows[c], rows - first) * bytesPerRow;
      ByteBuffer region = channel.map(MapMode.READ_ONLY, start + first * bytesPerRow, bytes);
      Storage storage = Storage.wrap(region);
      regions.add(storage);
      addresses[c][r] = storage.address();
    }
  }

  /**
   * Returns the offset of the data; a safetensors file starts with the length of its header in
   * eight bytes.
   */
  private static long dataStart(FileChannel channel) throws IOException {
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (length.hasRemaining()) {
      if (channel.read(length, length.position()) < 0) {
        throw new IOException("it ends within the length of its header");
      }
    }
    return Long.BYTES + length.getLong(0);
  }

  /** Returns the address of a row of a column; rows count from the part's first. */
  long address(int column, long row) {
    long perRegion = regionRows[column];
    int region = (int) (row / perRegion);
    return addresses[column][region] + (row - region * perRegion) * rowBytes[column];
  }
}
