package dev.bellows.comm.shared;

import static dev.bellows.errors.Messages.message;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/**
 * Creates and opens the file of one ring: 16 bytes token, zeros up to {@link #RING_AT}, the ring.
 *
 * <p>The file is unlinked before anything is written to it, so that it disappears however a process
 * ends; the peer opens it as {@code /proc/PROCESS/fd/FILE}, which the system allows only to the
 * same user.
 *
 * <p>The sender creates and writes it; the receiver maps it read-only. So a peer can at most make a
 * rank read a file of its own user that begins with the peer's token, never change one. Access to a
 * mapped page beyond the end of the file raises a signal, which the JVM converts to an error in
 * some places only. Therefore no file is ever truncated, all pages are written through the file
 * before they are mapped (a full file system is an {@link IOException} then), and the receiver
 * checks the size of the opened file. A process of the same user could truncate the file, but it
 * could as well kill this one.
 *
 * <p>Only {@code /dev/shm} is used: elsewhere the system would write payloads to a disk.
 */
public final class SharedFile {
  /** The directory for files. */
  public static final Path DIRECTORY = Path.of("/dev/shm");

  static final String PREFIX = "bellows-";
  static final int RING_AT = 4_096;
  static final int TOKEN_BYTES = 16;

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final SecureRandom RANDOM = new SecureRandom();

  private SharedFile() {}

  /**
   * A file that this process has made.
   *
   * @param channel to be closed when the peer has opened the file
   * @param descriptor the number under which this process has it open
   * @param token its first bytes
   * @param ring mapped for reading and writing
   */
  public record Made(FileChannel channel, int descriptor, byte[] token, ByteBuffer ring) {
    /** Leaves the memory to those who have mapped it. */
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        // It has no name and nothing that must be kept.
      }
    }
  }

  /**
   * Makes a file that only this user can open.
   *
   * @throws IOException with the reason why there is no shared memory
   */
  public static Made make(Path directory, int ringBytes) throws IOException {
    return make(directory, ringBytes, ringBytes);
  }

  /**
   * @param spare how many bytes of the file system must be left for others
   */
  static Made make(Path directory, int ringBytes, long spare) throws IOException {
    var free = Files.getFileStore(directory).getUsableSpace();
    if (spare > 0 && free < ringBytes + spare) {
      throw new IOException(message("%s has %s bytes left", directory, free));
    }
    var path = directory.resolve(PREFIX + HexFormat.of().formatHex(random()));
    var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    var options =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    var channel = FileChannel.open(path, options, owner);
    try {
      int descriptor;
      try {
        descriptor = descriptor(path);
      } finally {
        Files.deleteIfExists(path);
      }
      return fill(channel, descriptor, ringBytes);
    } catch (IOException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  private static Made fill(FileChannel channel, int descriptor, int ringBytes) throws IOException {
    var token = random();
    write(channel, ByteBuffer.allocate(RING_AT).put(token).clear());
    var zeros = ByteBuffer.allocate(64 << 10);
    for (var left = ringBytes; left > 0; left -= zeros.limit()) {
      write(channel, zeros.clear().limit(Math.min(left, zeros.capacity())));
    }
    var file = channel.map(MapMode.READ_WRITE, 0, RING_AT + ringBytes);
    return new Made(channel, descriptor, token, ring(file));
  }

  private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static byte[] random() {
    var bytes = new byte[TOKEN_BYTES];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  private static ByteBuffer ring(MappedByteBuffer file) {
    return file.slice(RING_AT, file.capacity() - RING_AT).order(ByteOrder.nativeOrder());
  }

  /** Returns the number of the descriptor with which this process has a file open. */
  private static int descriptor(Path file) throws IOException {
    var real = file.toRealPath();
    try (var all = Files.newDirectoryStream(DESCRIPTORS)) {
      for (var one : all) {
        if (real.equals(target(one))) {
          return Integer.parseInt(one.getFileName().toString());
        }
      }
    }
    throw new IOException(DESCRIPTORS + " must show the open file");
  }

  private static Path target(Path descriptor) throws IOException {
    try {
      return Files.readSymbolicLink(descriptor);
    } catch (NoSuchFileException e) {
      return null; // Closed meanwhile, by another thread.
    }
  }

  /**
   * Opens a file that a peer has made, to read it.
   *
   * @throws IOException with the rule that it breaks
   */
  static ByteBuffer open(int process, int descriptor, int ringBytes, byte[] token)
      throws IOException {
    var path = Path.of("/proc/" + process + "/fd/" + descriptor);
    require(Files.isReadable(path), "be one that this process can read");
    require(Files.isRegularFile(path), "be a regular file");
    require(owner(path).equals(owner(Path.of("/proc/self"))), "belong to the same user");
    try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
      require(channel.size() == RING_AT + (long) ringBytes, "be as long as it is said to be");
      var file = channel.map(MapMode.READ_ONLY, 0, RING_AT + ringBytes);
      var there = new byte[TOKEN_BYTES];
      file.get(0, there);
      require(MessageDigest.isEqual(there, token), "begin with the token");
      return ring(file);
    }
  }

  private static Object owner(Path path) throws IOException {
    return Files.getAttribute(path, "unix:uid");
  }

  private static void require(boolean holds, String rule) throws IOException {
    if (!holds) {
      throw new IOException("the shared file must " + rule);
    }
  }
}
