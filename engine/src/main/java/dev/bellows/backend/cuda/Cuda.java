package dev.bellows.backend.cuda;

import dev.bellows.backend.Kernels;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Probes for CUDA devices, once: {@code -Dbellows.cuda=auto|off}. The result, or the reason why
 * there are none, is logged in one line. A device's context is created on first use of the device.
 */
public final class Cuda {
  private static final Logger LOG = LoggerFactory.getLogger(Cuda.class);
  private static final Map<Integer, Kernels> OPEN = new HashMap<>();
  private static Driver driver;
  private static int count;
  private static String reason;

  private Cuda() {}

  /** Returns the number of usable devices. */
  public static synchronized int deviceCount() {
    probe();
    return count;
  }

  /** Returns the kernels of a device, with an index below {@link #deviceCount()}. */
  public static synchronized Kernels kernels(int index) {
    probe();
    return OPEN.computeIfAbsent(
        index, i -> new CudaKernels(driver, i, KernelCache.defaultFolder()));
  }

  /** Returns the result of the probe, in one line. */
  public static synchronized String probe() {
    if (reason == null) {
      reason = find();
      LOG.info("backend: {}", reason);
    }
    return reason;
  }

  private static String find() {
    String wanted = System.getProperty("bellows.cuda", "auto");
    if (wanted.equals("off")) {
      return "cuda: off (-Dbellows.cuda)";
    }
    if (!wanted.equals("auto")) {
      throw new IllegalArgumentException("bellows.cuda: must be auto or off; got " + wanted);
    }
    try {
      driver = new JCudaBinding();
      int found = driver.deviceCount();
      StringBuilder names = new StringBuilder();
      for (int i = 0; i < found; i++) {
        names.append(i == 0 ? "" : ", ").append(driver.properties(i).name());
      }
      count = found;
      return found == 0 ? "cuda: the driver sees no device" : "cuda: " + names;
    } catch (LinkageError e) {
      return "cuda: not usable, a library is missing: " + missingLibrary(e);
    } catch (RuntimeException e) {
      return "cuda: not usable: " + firstLine(e);
    }
  }

  /**
   * Returns the loader's own message: JCuda's message quotes the stack traces of all attempts, the
   * copy in its own jar last.
   */
  private static String missingLibrary(LinkageError e) {
    String said = firstLine(e);
    for (String line : String.valueOf(e.getMessage()).split("\n")) {
      int path = line.indexOf("UnsatisfiedLinkError: /");
      int end = path < 0 ? -1 : line.indexOf(": ", path + "UnsatisfiedLinkError: ".length());
      if (end >= 0) {
        said = line.substring(end + 2).strip();
      }
    }
    return said;
  }

  private static String firstLine(Throwable e) {
    String message = String.valueOf(e.getMessage()).strip();
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end).strip();
  }
}
