package dev.bellows.spark.data;

import static dev.bellows.errors.Messages.message;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.zip.CRC32C;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Provides part files as local files. Files of the local file system are used in place; others are
 * copied under a temporary name and then renamed, so that a copy under its final name is always
 * complete and several processes may share a cache. Each file's checksum is verified when a process
 * first uses it; a damaged copy is copied again.
 */
final class PartCache {
  private static final Logger LOG = LoggerFactory.getLogger(PartCache.class);
  private static final int BUFFER_BYTES = 1 << 20;
  private static final Map<Path, Object> LOCKS = new ConcurrentHashMap<>();
  private static final Set<String> VERIFIED = ConcurrentHashMap.newKeySet();

  private final Snapshot snapshot;
  private final FileSystem fs;
  private final Path directory;

  /**
   * Creates the cache of a snapshot's parts.
   *
   * @param cache parent of the directory of copies, which is named by the snapshot's fingerprint
   */
  PartCache(Snapshot snapshot, Configuration hadoop, Path cache) throws IOException {
    this.snapshot = snapshot;
    this.fs = StorageFiles.fileSystem(new org.apache.hadoop.fs.Path(snapshot.directory()), hadoop);
    this.directory = cache.resolve(snapshot.fingerprint());
  }

  /**
   * Returns the local file of a part.
   *
   * @throws SnapshotException if it is missing, damaged or cannot be copied
   */
  Path local(Snapshot.Part part) {
    org.apache.hadoop.fs.Path remote =
        new org.apache.hadoop.fs.Path(snapshot.directory(), part.file());
    try {
      if (fs instanceof RawLocalFileSystem raw) {
        Path file = raw.pathToFile(remote).toPath();
        verifyOnce(file, part);
        return file;
      }
      Path file = directory.resolve(part.crc32c() + "-" + remote.getName());
      synchronized (LOCKS.computeIfAbsent(file, f -> new Object())) {
        if (!isGoodCopy(file, part)) {
          copy(remote, file, part);
        }
      }
      return file;
    } catch (FileNotFoundException | NoSuchFileException e) {
      throw noted(
          new SnapshotException(
              message(
                  "snapshot: part files must be readable on every executor; found no %s on %s,"
                      + " where a directory that all executors share is needed",
                  remote, host()),
              e));
    } catch (IOException e) {
      throw noted(
          new SnapshotException(
              message(
                  "snapshot: part files must be readable on every executor; %s on %s: %s",
                  remote, host(), StorageFiles.reason(e)),
              e));
    }
  }

  /**
   * Reads a part from storage and returns the problem with it, or an empty text. Earlier results of
   * this process are ignored.
   */
  static String problem(Snapshot snapshot, Snapshot.Part part, Configuration hadoop) {
    org.apache.hadoop.fs.Path remote =
        new org.apache.hadoop.fs.Path(snapshot.directory(), part.file());
    try (InputStream in = StorageFiles.fileSystem(remote, hadoop).open(remote, BUFFER_BYTES)) {
      transfer(in, OutputStream.nullOutputStream(), part);
      return "";
    } catch (IOException e) {
      return "part " + remote + " cannot be used: " + StorageFiles.reason(e);
    }
  }

  /** Leaves a note for the driver, which can rewrite the snapshot. */
  private SnapshotException noted(SnapshotException failure) {
    try {
      StorageFiles.publish(
          fs, snapshot.damageNote(), failure.getMessage().getBytes(StandardCharsets.UTF_8));
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }

  private static void verifyOnce(Path file, Snapshot.Part part) throws IOException {
    String key = file + " " + Files.getLastModifiedTime(file) + " " + part.crc32c();
    if (VERIFIED.contains(key)) {
      return;
    }
    try (InputStream in = Files.newInputStream(file)) {
      transfer(in, OutputStream.nullOutputStream(), part);
    }
    VERIFIED.add(key);
  }

  /** Returns whether there is an intact copy, perhaps from an earlier process. */
  private static boolean isGoodCopy(Path file, Snapshot.Part part) {
    try {
      verifyOnce(file, part);
      return true;
    } catch (IOException e) {
      if (Files.exists(file)) {
        LOG.warn("snapshot: copy {} is made again: {}", file, StorageFiles.reason(e));
      }
      return false;
    }
  }

  private void copy(org.apache.hadoop.fs.Path remote, Path file, Snapshot.Part part)
      throws IOException {
    Files.createDirectories(directory);
    String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    Path temporary = directory.resolve("." + file.getFileName() + "." + random + ".tmp");
    try (InputStream in = fs.open(remote, BUFFER_BYTES);
        OutputStream out = Files.newOutputStream(temporary)) {
      transfer(in, out, part);
      out.close();
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** Copies a part's bytes and verifies their number and checksum. */
  private static void transfer(InputStream in, OutputStream out, Snapshot.Part part)
      throws IOException {
    CRC32C crc = new CRC32C();
    byte[] buffer = new byte[BUFFER_BYTES];
    long bytes = 0;
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      crc.update(buffer, 0, read);
      out.write(buffer, 0, read);
      bytes += read;
    }
    if (bytes != part.bytes() || !StorageFiles.hex(crc).equals(part.crc32c())) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "damaged: it has %d bytes and crc32c %s, the manifest says %d and %s",
              bytes,
              StorageFiles.hex(crc),
              part.bytes(),
              part.crc32c()));
    }
  }

  private static String host() {
    try {
      return java.net.InetAddress.getLocalHost().getHostName();
    } catch (java.net.UnknownHostException e) {
      return "this host";
    }
  }
}
