package dev.bellows.backend.cuda;

import dev.bellows.memory.Warnings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cache of compiled kernels on disk, keyed by the SHA-256 of everything they depend on: source,
 * options, compiler and architecture. Files are written under a temporary name and renamed, so that
 * processes may share the folder; a file that cannot be read or written costs a compilation, but is
 * never an error. Each file ends with the SHA-256 of its content, so that a damaged one is detected
 * and compiled again.
 */
final class KernelCache {
  private static final Logger LOG = LoggerFactory.getLogger(KernelCache.class);
  private static final int DIGEST_BYTES = 32;

  private final Path folder;
  private final Driver driver;
  private final Driver.Properties device;
  private boolean writable = true;

  /**
   * Creates a cache.
   *
   * @param folder the folder of the files; null for none
   */
  KernelCache(Path folder, Driver driver, Driver.Properties device) {
    this.folder = folder;
    this.driver = driver;
    this.device = device;
  }

  /**
   * Returns {@code -Dbellows.cuda.cache}, or {@code bellows/kernels} in the user's cache folder by
   * default; null if it is set to {@code off}.
   */
  static Path defaultFolder() {
    String set = System.getProperty("bellows.cuda.cache");
    if (set != null) {
      return set.equals("off") ? null : Path.of(set);
    }
    String caches = System.getenv("XDG_CACHE_HOME");
    Path base =
        caches == null || caches.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(caches);
    return base.resolve("bellows").resolve("kernels");
  }

  /** Returns the image of a module: read from disk, or compiled now. */
  byte[] image(String name, String source, List<String> options) {
    Path file = folder == null ? null : folder.resolve(key(source, options) + ".bin");
    byte[] image = file == null ? null : read(file);
    if (image == null) {
      long start = System.nanoTime();
      image = driver.compile(name, source, options, device);
      LOG.debug(
          "cuda: compiled {} {} in {} ms", name, options, (System.nanoTime() - start) / 1_000_000);
      if (file != null) {
        write(file, image);
      }
    }
    return image;
  }

  private String key(String source, List<String> options) {
    MessageDigest digest = sha256();
    for (String part : List.of(source, String.join("\n", options), driver.compilerId(device))) {
      digest.update(part.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static byte[] read(Path file) {
    try {
      byte[] all = Files.readAllBytes(file);
      int length = all.length - DIGEST_BYTES;
      if (length > 0) {
        MessageDigest digest = sha256();
        digest.update(all, 0, length);
        byte[] noted = Arrays.copyOfRange(all, length, all.length);
        if (MessageDigest.isEqual(digest.digest(), noted)) {
          return Arrays.copyOf(all, length);
        }
      }
      Warnings.warn(LOG, "cuda: {} is damaged; compiling again", file);
    } catch (IOException e) {
      LOG.trace("cuda: {} does not exist yet", file);
    }
    return null;
  }

  private void write(Path file, byte[] image) {
    if (!writable) {
      return;
    }
    try {
      Files.createDirectories(folder);
      Path aside = Files.createTempFile(folder, "new", ".tmp");
      try {
        byte[] all = Arrays.copyOf(image, image.length + DIGEST_BYTES);
        System.arraycopy(sha256().digest(image), 0, all, image.length, DIGEST_BYTES);
        Files.write(aside, all);
        move(aside, file);
      } finally {
        Files.deleteIfExists(aside);
      }
    } catch (IOException e) {
      writable = false;
      Warnings.warn(
          LOG,
          "cuda: kernels cannot be cached in {} ({}); every process compiles them"
              + " (-Dbellows.cuda.cache=<folder>, or off)",
          folder,
          e.toString());
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }
}
