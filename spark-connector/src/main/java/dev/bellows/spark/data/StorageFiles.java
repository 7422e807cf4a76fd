package dev.bellows.spark.data;

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

/** What snapshots and checkpoints share about files on any Hadoop file system. */
public final class StorageFiles {
  /** Stores whose rename copies; there a file becomes visible, whole, when it is closed. */
  private static final Set<String> OBJECT_STORES =
      Set.of("s3", "s3a", "s3n", "gs", "oss", "cos", "cosn", "obs", "wasb", "wasbs", "swift");

  private StorageFiles() {}

  /**
   * The file system of a path. For local files one without hidden {@code .crc} files, as ours hold
   * their own checksums, which can flush to the disk and starts no child processes.
   */
  public static FileSystem fileSystem(Path path, Configuration hadoop) throws IOException {
    FileSystem fs = path.getFileSystem(hadoop);
    if (!(fs instanceof LocalFileSystem local)) {
      return fs;
    }
    boolean plain = local.getRaw().getClass() == RawLocalFileSystem.class;
    return plain ? LocalFiles.open(fs.getUri(), hadoop) : local.getRaw();
  }

  /** Whether the rename of a file replaces its target in one step. */
  public static boolean hasAtomicRename(FileSystem fs) {
    return !OBJECT_STORES.contains(fs.getUri().getScheme().toLowerCase(Locale.ROOT));
  }

  /** The content of a small file. */
  public static byte[] readBytes(FileSystem fs, Path file) throws IOException {
    try (FSDataInputStream in = fs.open(file)) {
      return in.readAllBytes();
    }
  }

  /**
   * Writes a small file so that readers see the old content, or none, or the whole new one: under
   * another name and then renamed, or directly on stores where a file appears when it is closed.
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

  /** Gives a file another name; what had that name is gone. */
  public static void replace(FileSystem fs, Path from, Path to) throws IOException {
    if (!fs.rename(from, to)) {
      // HDFS does not rename onto a file. Readers that come in between find none.
      fs.delete(to, false);
      if (!fs.rename(from, to)) {
        throw new IOException("cannot rename " + from + " to " + to);
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

  /** On a local disk names outlive a power cut only once their directories are written too. */
  private static void syncDirectories(FileSystem fs, Path directory) {
    if (!(fs instanceof RawLocalFileSystem local)) {
      return;
    }
    File inner = local.pathToFile(directory);
    for (File file : new File[] {inner, inner.getParentFile()}) {
      try (FileChannel channel = FileChannel.open(file.toPath(), StandardOpenOption.READ)) {
        channel.force(true);
      } catch (IOException e) {
        return; // some systems cannot open directories; there the file system sees to it
      }
    }
  }

  /** Removes what a failure left behind; a second failure is kept beside the first. */
  public static void deleteAfter(Throwable first, FileSystem fs, Path path) {
    try {
      fs.delete(path, true);
    } catch (IOException | RuntimeException | FSError second) {
      first.addSuppressed(second);
    }
  }

  /** Forces written bytes to the disk where the file system can. */
  public static void sync(FSDataOutputStream out) throws IOException {
    if (out.hasCapability(StreamCapabilities.HSYNC)) {
      out.hsync();
    }
  }

  /** A checksum as files and messages show it: eight hexadecimal digits. */
  public static String hex(Checksum crc) {
    return String.format(Locale.ROOT, "%08x", crc.getValue());
  }

  /** The CRC-32C of some bytes. */
  public static String crc32c(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return hex(crc);
  }

  /** What went wrong, in one line, without the name of a class that says nothing. */
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

  /** Counts and checksums (CRC-32C) what passes through. */
  public static final class Summing extends FilterOutputStream {
    private final CRC32C crc = new CRC32C();
    private long bytes;

    /** Passes everything on to {@code out}. */
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

    /** How many bytes passed. */
    public long bytes() {
      return bytes;
    }

    /** Their checksum in hexadecimal. */
    public String crc32c() {
      return hex(crc);
    }
  }
}
