package dev.bellows.backend.cuda;

import static dev.bellows.errors.Messages.message;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Prepares JCuda's native libraries. JCuda unpacks them to the temporary folder under fixed names,
 * and loads any files that already exist there. This class therefore writes or verifies them first,
 * so that no other user's code is loaded on a shared machine.
 */
final class JCudaNatives {
  private static final List<String> NAMES = List.of("JCudaDriver", "JNvrtc", "JCublas2");
  private static final String SUFFIX = "-12.6.0-linux-x86_64.so";

  private JCudaNatives() {}

  /**
   * Ensures that the files that JCuda will load equal those in its jar.
   *
   * @throws CudaException if such a file belongs to another user, or has other content
   */
  static void prepare() {
    Path folder = Path.of(System.getProperty("java.io.tmpdir"));
    for (String name : NAMES) {
      String file = "lib" + name + SUFFIX;
      try (InputStream in = jcuda.Pointer.class.getResourceAsStream("/lib/" + file)) {
        if (in != null) { // otherwise JCuda reports what is missing
          put(folder.resolve(file), in.readAllBytes());
        }
      } catch (IOException e) {
        throw new CudaException(
            message(
                "cannot put %s to %s: %s. Set -Djava.io.tmpdir to a folder that can be written.",
                file, folder, e),
            e);
      }
    }
  }

  /**
   * Writes to a temporary file and links it, so that executors that start concurrently never see a
   * partial file.
   */
  private static void put(Path file, byte[] content) throws IOException {
    Path own = Files.createTempFile(file.getParent(), "bellows", ".so");
    try {
      if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        Files.write(own, content);
        try {
          Files.createLink(file, own);
          return;
        } catch (FileAlreadyExistsException e) {
          // Another process was faster: its file is verified like an existing one.
        }
      }
      boolean mine =
          Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
              && Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(own));
      if (!mine || !Arrays.equals(Files.readAllBytes(file), content)) {
        throw new CudaException(
            message(
                "%s must be this user's and what JCuda's jar holds; it is not. Remove it, or set"
                    + " -Djava.io.tmpdir to a folder of your own.",
                file));
      }
    } finally {
      Files.delete(own);
    }
  }
}
