package dev.bellows.comm.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is offered for sharing, and what is not opened. */
@Timeout(60)
class SharedFileTest {
  private static final int RING = 64 << 10;
  private static final int ME = (int) ProcessHandle.current().pid();

  @TempDir Path directory;

  @BeforeEach
  void linuxOnly() {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "files are shared through /proc");
  }

  private static Path opened(SharedFile.Made file) {
    return Path.of("/proc/self/fd/" + file.descriptor());
  }

  private static void assertRefused(ThrowingCallable open, String rule) {
    assertThatThrownBy(open)
        .isInstanceOf(IOException.class)
        .hasMessage("the shared file must " + rule);
  }

  @Test
  void whatOneSideWritesTheOtherReads() throws IOException {
    var made = SharedFile.make(directory, RING);
    var there = SharedFile.open(ME, made.descriptor(), RING, made.token());
    made.close();
    assertThat(there.capacity()).isEqualTo(RING);
    assertThat(there.isReadOnly()).isTrue();
    made.ring().putInt(RING - 4, 42);
    assertThat(there.getInt(RING - 4)).isEqualTo(42);
  }

  @Test
  void theFileHasNoNameAndIsOpenToItsUserOnly() throws IOException {
    var made = SharedFile.make(directory, RING);
    assertThat(directory).isEmptyDirectory();
    var permissions = Files.getPosixFilePermissions(opened(made));
    assertThat(PosixFilePermissions.toString(permissions)).isEqualTo("rw-------");
    made.close();
  }

  @Test
  void onlyTheFileThatWasOfferedIsOpened() throws IOException {
    var made = SharedFile.make(directory, RING);
    var token = made.token();
    var file = made.descriptor();
    var other = token.clone();
    other[15] ^= 1;
    assertRefused(() -> SharedFile.open(ME, file, RING, other), "begin with the token");
    assertRefused(() -> SharedFile.open(ME, file, RING, new byte[0]), "begin with the token");
    for (var bytes : new int[] {RING - 64, RING + 64, 1 << 30}) {
      assertRefused(
          () -> SharedFile.open(ME, file, bytes, token), "be as long as it is said to be");
    }
    for (var nobody : new int[] {-1, 0, Integer.MAX_VALUE}) {
      assertRefused(
          () -> SharedFile.open(nobody, file, RING, token), "be one that this process can read");
      assertRefused(
          () -> SharedFile.open(ME, nobody == 0 ? -2 : nobody, RING, token),
          "be one that this process can read");
    }
    made.close();
  }

  @Test
  void onlyRegularFilesAreOpened() throws IOException {
    // A pipe would block whoever opens it.
    var process = new ProcessBuilder("sleep", "60").start();
    try {
      assertRefused(
          () -> SharedFile.open((int) process.pid(), 1, RING, new byte[16]), "be a regular file");
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void aFileOfAnotherUserIsNotOpened() throws IOException {
    var made = SharedFile.make(directory, RING);
    try {
      Files.setAttribute(opened(made), "unix:uid", 12_345);
    } catch (IOException e) {
      assumeTrue(false, "only the superuser can give files away");
    }
    assertRefused(
        () -> SharedFile.open(ME, made.descriptor(), RING, made.token()),
        "belong to the same user");
    made.close();
  }

  @Test
  void thereMustBePlenty() {
    assertThatThrownBy(() -> SharedFile.make(directory.resolve("missing"), RING))
        .isInstanceOf(IOException.class);
    var most = Integer.MAX_VALUE / 64 * 64;
    assumeTrue(directory.toFile().getUsableSpace() < 64L << 40, "no disk is large enough");
    assertThatThrownBy(() -> SharedFile.make(directory, most, 64L << 40))
        .isInstanceOf(IOException.class)
        .hasMessageMatching(".* has \\d+ bytes left");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aFullFileSystemIsAnErrorAndLeavesNothing() throws Exception {
    var mount =
        new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", directory.toString())
            .redirectErrorStream(true)
            .start();
    assumeTrue(
        mount.waitFor(10, TimeUnit.SECONDS) && mount.exitValue() == 0,
        "only the superuser can mount a small file system");
    try {
      assertThatThrownBy(() -> SharedFile.make(directory, 1 << 20, 0))
          .isInstanceOf(IOException.class)
          .hasMessage("No space left on device");
      assertThat(directory).isEmptyDirectory();
      Files.write(directory.resolve("other"), ByteBuffer.allocate(200 << 10).array());
    } finally {
      new ProcessBuilder("umount", directory.toString()).start().waitFor(10, TimeUnit.SECONDS);
    }
  }
}
