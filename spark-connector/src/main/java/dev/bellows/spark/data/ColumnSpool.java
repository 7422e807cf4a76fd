package dev.bellows.spark.data;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Transposes rows to columns: rows arrive one by one and columns are written one after the other,
 * so each column is buffered in a local file until the last row is known. Memory use does not grow
 * with the number of rows.
 */
final class ColumnSpool implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 18;

  private final List<Column> columns;
  private final List<Path> files = new ArrayList<>();
  private final List<OutputStream> streams = new ArrayList<>();

  ColumnSpool(List<Column> columns, Path directory) throws IOException {
    this.columns = columns;
    try {
      for (int c = 0; c < columns.size(); c++) {
        Path file = Files.createTempFile(directory, "bellows-column-", ".tmp");
        files.add(file);
        streams.add(new BufferedOutputStream(Files.newOutputStream(file), BUFFER_BYTES));
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Adds a row encoded by {@link RowEncoder}. */
  void add(byte[] row) throws IOException {
    int offset = 0;
    for (int c = 0; c < columns.size(); c++) {
      int bytes = columns.get(c).rowBytes();
      streams.get(c).write(row, offset, bytes);
      offset += bytes;
    }
  }

  /** Writes all columns, one after the other. */
  void transferTo(OutputStream out) throws IOException {
    for (int c = 0; c < columns.size(); c++) {
      streams.get(c).close();
      Files.copy(files.get(c), out);
    }
  }

  /** Removes the local files. */
  @Override
  public void close() {
    for (OutputStream stream : streams) {
      try {
        stream.close();
      } catch (IOException ignored) {
        // The file is deleted next.
      }
    }
    for (Path file : files) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw new UncheckedIOException("snapshot: temporary file must be removable", e);
      }
    }
  }
}
