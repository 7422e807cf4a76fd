package dev.bellows.spark.data;

import static dev.bellows.errors.Messages.message;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Set;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.StreamCapabilities;

/** File operations that snapshots and checkpoints share, on any Hadoop file system. */
public final class StorageFiles {
  /** Stores whose rename copies; on these a file becomes visible, complete, when it is closed. */
  private static final Set<String> OBJECT_STORES =
      Set.of("s3", "s3a", "s3n", "gs", "oss", "cos", "cosn", "obs", "wasb", "wasbs", "swift");

  private StorageFiles() {}

  /**
   * Returns the file system of a path. Local files use one without hidden {@code .crc} files, as
   * our files have their own checksums, which can sync to the disk and starts no child processes.
   */
  public static FileSystem fileSystem(Path path, Configuration hadoop) throws IOException {
    FileSystem fs = path.getFileSystem(hadoop);
    if (!(fs instanceof LocalFileSystem local)) {
      return fs;
    }
    boolean plain = local.getRaw().getClass() == RawLocalFileSystem.class;
    return plain ? LocalFiles.open(fs.getUri(), hadoop) : local.getRaw();
  }

  /** Returns whether renaming a file replaces its target atomically. */
  public static boolean hasAtomicRename(FileSystem fs) {
    return !OBJECT_STORES.contains(fs.getUri().getScheme().toLowerCase(Locale.ROOT));
  }

  /** Returns the content of a small file. */
  public static byte[] readBytes(FileSystem fs, Path file) throws IOException {
    try (FSDataInputStream in = fs.open(file)) {
      return in.readAllBytes();
    }
  }

  /**
   * Writes a small file atomically: readers see the old content, or none, or the complete new
   * content. The file is written under a temporary name and renamed, or directly on stores where a
   * file appears when it is closed.
   */
  public static void publish(FileSystem fs, Path file, byte[] content) throws IOException {
    if (!hasAtomicRename(fs)) {
      write(fs, file, content);
      return;
    }
    Path temporary = new Path(file.getParent(), "." + file.getName() + ".tmp");
    try {
      write(fs, temporary, content);
      replace(fs, temporary, file);
    } catch (IOException | RuntimeException | FSError e) {
      deleteAfter(e, fs, temporary);
      throw e;
    }
  }

  /** Renames a file; an existing target is replaced. */
  public static void replace(FileSystem fs, Path from, Path to) throws IOException {
    if (!fs.rename(from, to)) {
      // HDFS does not rename onto an existing file. Readers in between find none.
      fs.delete(to, false);
      if (!fs.rename(from, to)) {
        throw new IOException(message("cannot rename %s to %s", from, to));
      }
    }
    syncDirectories(fs, to.getParent());
  }

  private static void write(FileSystem fs, Path file, byte[] content) throws IOException {
    try (FSDataOutputStream out = fs.create(file, true)) {
      out.write(content);
      sync(out);
    }
  }

  /** Syncs directories, without which names on a local disk may be lost after a power failure. */
  private static void syncDirectories(FileSystem fs, Path directory) {
    if (!(fs instanceof RawLocalFileSystem local)) {
      return;
    }
    File inner = local.pathToFile(directory);
    for (File file : new File[] {inner, inner.getParentFile()}) {
      try (FileChannel channel = FileChannel.open(file.toPath(), StandardOpenOption.READ)) {
        channel.force(true);
      } catch (IOException e) {
        return; // some systems cannot open directories; there the file system ensures it
      }
    }
  }

  /** Removes the leftovers of a failure; a second failure is added as suppressed. */
  public static void deleteAfter(Throwable first, FileSystem fs, Path path) {
    try {
      fs.delete(path, true);
    } catch (IOException | RuntimeException | FSError second) {
      first.addSuppressed(second);
    }
  }

  /** Syncs written bytes to the disk if the file system supports it. */
  public static void sync(FSDataOutputStream out) throws IOException {
    if (out.hasCapability(StreamCapabilities.HSYNC)) {
      out.hsync();
    }
  }

  /** Returns a checksum as files and messages contain it: eight hexadecimal digits. */
  public static String hex(Checksum crc) {
    return String.format(Locale.ROOT, "%08x", crc.getValue());
  }

  /** Returns the CRC-32C of some bytes. */
  public static String crc32c(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return hex(crc);
  }

  /** Describes a failure in one line, without uninformative class names. */
  public static String reason(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    String text = root.getMessage();
    if (text == null || text.isBlank()) {
      return root.getClass().getSimpleName();
    }
    String line = text.lines().findFirst().orElse(text).strip();
    if (root instanceof FileNotFoundException && !line.contains("not exist")) {
      return "no such file: " + line;
    }
    return root.getClass() == IOException.class || root.getClass() == RuntimeException.class
        ? line
        : line + " (" + root.getClass().getSimpleName() + ")";
  }

  /** Counts and checksums (CRC-32C) the bytes that pass through. */
  public static final class Summing extends FilterOutputStream {
    private final CRC32C crc = new CRC32C();
    private long bytes;

    /** Creates a stream that passes everything on to {@code out}. */
    public Summing(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      crc.update(b);
      bytes++;
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      out.write(source, offset, length);
      crc.update(source, offset, length);
      bytes += length;
    }

    /** Returns the number of bytes so far. */
    public long bytes() {
      return bytes;
    }

    /** Returns the checksum in hexadecimal. */
    public String crc32c() {
      return hex(crc);
    }
  }
}
