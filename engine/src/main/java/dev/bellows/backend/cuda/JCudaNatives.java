package dev.bellows.backend.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * JCuda unpacks its native libraries to the folder for temporary files, under fixed names, and
 * loads whatever already lies there. So they are put there first, or looked at: nobody else's code
 * is to be loaded on a machine that others use, too.
 */
final class JCudaNatives {
  private static final List<String> NAMES = List.of("JCudaDriver", "JNvrtc", "JCublas2");
  private static final String SUFFIX = "-12.6.0-linux-x86_64.so";

  private JCudaNatives() {}

  /**
   * Makes sure that what JCuda will load is what its jar holds.
   *
   * @throws CudaException if a file of another user, or of other content, is in its place
   */
  static void prepare() {
    Path folder = Path.of(System.getProperty("java.io.tmpdir"));
    for (String name : NAMES) {
      String file = "lib" + name + SUFFIX;
      try (InputStream in = jcuda.Pointer.class.getResourceAsStream("/lib/" + file)) {
        if (in != null) { // else JCuda says what is missing
          put(folder.resolve(file), in.readAllBytes());
        }
      } catch (IOException e) {
        throw new CudaException(
            "cannot put "
                + file
                + " to "
                + folder
                + ": "
                + e
                + ". Set -Djava.io.tmpdir to a folder that can be written.",
            e);
      }
    }
  }

  /** Written aside and linked, so that executors that start at once never see half of it. */
  private static void put(Path file, byte[] content) throws IOException {
    Path own = Files.createTempFile(file.getParent(), "bellows", ".so");
    try {
      if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        Files.write(own, content);
        try {
          Files.createLink(file, own);
          return;
        } catch (FileAlreadyExistsException e) {
          // Somebody was faster: it is looked at like one that was there before.
        }
      }
      boolean mine =
          Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
              && Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(own));
      if (!mine || !Arrays.equals(Files.readAllBytes(file), content)) {
        throw new CudaException(
            file
                + " must be this user's and what JCuda's jar holds; it is not. Remove it, or set"
                + " -Djava.io.tmpdir to a folder of your own.");
      }
    } finally {
      Files.delete(own);
    }
  }
}
