package dev.bellows.backend.cpu;

import dev.bellows.memory.Memory;
import dev.bellows.memory.Warnings;
import java.nio.charset.StandardCharsets;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets the number of threads of oneDNN's OpenMP runtime. The runtime reads OMP_NUM_THREADS once,
 * from the C environment, while it loads. Java cannot change that environment, so it is replaced by
 * a copy with our value first. Without a value OpenMP would start a thread per core of the machine,
 * regardless of this process's share.
 */
final class OpenMp {
  private static final Logger LOG = LoggerFactory.getLogger(OpenMp.class);
  private static final String NAME = "OMP_NUM_THREADS";
  private static final int WORD = 8;

  private OpenMp() {}

  /**
   * Returns the number of threads: -Dbellows.threads, else the environment's OMP_NUM_THREADS, else
   * 1.
   */
  static int prepare() {
    String inherited = System.getenv(NAME);
    Integer asked = Integer.getInteger("bellows.threads");
    if (asked == null && inherited != null) {
      try {
        // OpenMP allows a list, one number per nesting level.
        int threads = Integer.parseInt(inherited.split(",", 2)[0].trim());
        if (threads > 0) {
          return threads;
        }
      } catch (NumberFormatException e) {
        Warnings.warn(LOG, "backend: cpu: {} must be a number; got {}; using 1", NAME, inherited);
      }
    }
    int threads = asked == null ? 1 : asked;
    if (threads < 1) {
      throw new IllegalArgumentException("bellows.threads: must be at least 1; got " + threads);
    }
    setEnvironment(NAME + "=" + threads);
    return threads;
  }

  private static void setEnvironment(String entry) {
    Loader.load(Loader.class);
    Pointer environ = Loader.addressof("environ");
    if (environ == null || environ.isNull()) {
      Warnings.warn(
          LOG, "backend: cpu: cannot set {} here; start the process with it instead", entry);
      return;
    }
    long old = Memory.getLong(environ.address());
    int count = 0;
    while (old != 0 && Memory.getLong(old + (long) count * WORD) != 0) {
      count++;
    }
    byte[] text = entry.getBytes(StandardCharsets.US_ASCII);
    long string = Pointer.malloc(text.length + 1L).address();
    Memory.copyFromArray(text, string, text.length);
    Memory.putByte(string + text.length, (byte) 0);
    long fresh = Pointer.malloc((count + 2L) * WORD).address();
    long at = fresh;
    for (int i = 0; i < count; i++) {
      long word = Memory.getLong(old + (long) i * WORD);
      if (!names(word)) {
        Memory.putLong(at, word);
        at += WORD;
      }
    }
    Memory.putLong(at, string);
    Memory.putLong(at + WORD, 0);
    // Neither array is ever freed, as any native thread may be reading the environment.
    Memory.putLong(environ.address(), fresh);
  }

  private static boolean names(long entry) {
    for (int i = 0; i < NAME.length(); i++) {
      if (Memory.getByte(entry + i) != NAME.charAt(i)) {
        return false;
      }
    }
    return Memory.getByte(entry + NAME.length()) == '=';
  }
}
