package dev.bellows.spark.data;

import static dev.bellows.errors.Messages.message;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A DataFrame as tensors on shared storage: {@code manifest.json} and part files in one directory.
 *
 * <p>Part files are safetensors; each holds, for every column, one tensor [rows, shape...] under
 * the column's name. Rows are numbered consecutively across the parts. A row's number depends on
 * the content of the rows only, never on the cluster or on how the frame was stored.
 *
 * @param formatVersion version of this layout, {@value #FORMAT_VERSION}
 * @param directory of the manifest; not stored in it, so that a directory may be moved
 * @param rows number of rows
 * @param columns the columns of a row
 * @param parts the part files in the order of their rows
 * @param fingerprint 32 hexadecimal digits that identify columns and content of the rows
 */
public record Snapshot(
    int formatVersion,
    String directory,
    long rows,
    List<Column> columns,
    List<Part> parts,
    String fingerprint)
    implements Serializable {
  /** The version this code writes and reads. */
  public static final int FORMAT_VERSION = 1;

  /** File name of the manifest. */
  public static final String MANIFEST = "manifest.json";

  private static final ObjectMapper JSON =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /** Copies the lists. */
  public Snapshot {
    columns = List.copyOf(columns);
    parts = List.copyOf(parts);
  }

  /**
   * A part file.
   *
   * @param file path relative to the snapshot's directory
   * @param firstRow number of its first row
   * @param rows number of its rows, at least 1
   * @param bytes its length
   * @param crc32c its CRC-32C in eight hexadecimal digits
   */
  public record Part(String file, long firstRow, long rows, long bytes, String crc32c)
      implements Serializable {}

  /** Returns the total bytes of the part files. */
  public long bytes() {
    return parts.stream().mapToLong(Part::bytes).sum();
  }

  /**
   * Reads the manifest of a directory.
   *
   * @throws SnapshotException if there is none, or it is damaged or of another version
   */
  public static Snapshot read(String directory, Configuration hadoop) {
    Path file = new Path(directory, MANIFEST);
    byte[] text;
    try {
      FileSystem fs = StorageFiles.fileSystem(file, hadoop);
      text = StorageFiles.readBytes(fs, file);
    } catch (FileNotFoundException e) {
      throw new SnapshotException("snapshot: manifest must exist; found no " + file, e);
    } catch (IOException e) {
      throw new SnapshotException(
          message("snapshot: manifest must be readable; %s: %s", file, StorageFiles.reason(e)), e);
    }
    return parse(text, directory, file.toString());
  }

  /**
   * Returns whether the manifest is gone, or a reader reported a part as missing or damaged. {@link
   * SnapshotWriter} checks the parts, and rewrites the snapshot if the report is right.
   */
  public boolean isReportedDamaged(Configuration hadoop) throws IOException {
    FileSystem fs = StorageFiles.fileSystem(damageNote(), hadoop);
    return fs.exists(damageNote()) || !fs.exists(new Path(directory, MANIFEST));
  }

  /** Returns the file next to the manifest that names an unusable part. */
  Path damageNote() {
    return new Path(directory, "damaged.txt");
  }

  /** Returns the manifest as it is stored. */
  byte[] toJson() {
    ObjectNode node = JSON.valueToTree(this);
    node.remove("directory");
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("snapshot: manifest cannot be written as JSON", e);
    }
  }

  private void requireConsistent() throws IOException {
    long next = 0;
    for (Part part : parts) {
      if (part.firstRow() != next || part.rows() < 1 || part.file() == null) {
        throw new IOException(message("part %s must start at row %s", part.file(), next));
      }
      next += part.rows();
    }
    if (next != rows || next == 0 || columns.isEmpty() || fingerprint == null) {
      throw new IOException(message("parts must hold its %s rows; they hold %s", rows, next));
    }
  }

  private static Snapshot parse(byte[] text, String directory, String file) {
    try {
      JsonNode node = JSON.readTree(text);
      int version = node == null ? 0 : node.path("formatVersion").asInt();
      if (version != FORMAT_VERSION || !node.isObject()) {
        throw new SnapshotException(
            message(
                "snapshot: manifest must be of version %s; %s is of version %s",
                FORMAT_VERSION, file, version));
      }
      ((ObjectNode) node).put("directory", directory);
      Snapshot snapshot = JSON.treeToValue(node, Snapshot.class);
      snapshot.requireConsistent();
      return snapshot;
    } catch (IOException | RuntimeException e) {
      if (e instanceof SnapshotException known) {
        throw known;
      }
      throw new SnapshotException(
          message("snapshot: manifest must be whole; %s: %s", file, StorageFiles.reason(e)), e);
    }
  }
}
