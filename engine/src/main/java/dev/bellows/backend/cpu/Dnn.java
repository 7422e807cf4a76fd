package dev.bellows.backend.cpu;

import static dev.bellows.errors.Messages.message;
import static org.bytedeco.dnnl.global.dnnl.dnnl_get_effective_cpu_isa;
import static org.bytedeco.dnnl.global.dnnl.dnnl_version;

import dev.bellows.memory.Natives;
import java.util.Locale;
import java.util.function.Supplier;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.dnnl_version_t;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.global.dnnl.scratchpad_mode;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;

/**
 * Owns the oneDNN library: loads it once with the configured number of threads, holds the engine
 * and the stream, and converts error statuses to exceptions. The stream of a CPU engine is
 * synchronous and stateless, so all threads share it.
 */
final class Dnn {
  private static final String[] STATUS = {
    "success",
    "out of memory",
    "invalid arguments",
    "unimplemented",
    "last implementation reached",
    "runtime error",
    "not required",
    "invalid graph",
    "invalid graph operation",
    "invalid shape",
    "invalid data type"
  };

  private static engine cpu;
  private static stream order;
  private static dnnl_stream orderHandle;
  private static int threads;

  private Dnn() {}

  /**
   * Loads the library; later calls do nothing.
   *
   * @throws IllegalStateException naming what is missing and the remedy
   */
  static synchronized void load() {
    if (cpu != null) {
      return;
    }
    Natives.load();
    try {
      threads = OpenMp.prepare();
      Loader.load(dnnl.class);
      cpu =
          unscoped(
              () -> {
                engine e = new engine(engine.kind.cpu, 0);
                order = new stream(e);
                orderHandle = order.get();
                return e;
              });
    } catch (LinkageError | RuntimeException e) {
      throw new IllegalStateException(
          message(
              "oneDNN: native library must load; %s oneDNN itself needs Linux with glibc 2.34 or"
                  + " newer and libstdc++6.",
              Natives.why(e)),
          e);
    }
  }

  /** Returns the first cause in one line. */
  static String firstLine(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    return cause.toString().lines().findFirst().orElse("");
  }

  /**
   * Creates native objects outside the caller's current {@code PointerScope}, which would free them
   * when it closes.
   */
  static <T> T unscoped(Supplier<T> make) {
    if (!PointerScope.getScopeIterator().hasNext()) {
      return make.get();
    }
    try (PointerScope own = new PointerScope().extend()) {
      return make.get();
    }
  }

  static engine engine() {
    return cpu;
  }

  static dnnl_stream stream() {
    return orderHandle;
  }

  /** Returns the number of threads that one primitive may use. */
  static int threads() {
    return threads;
  }

  /** Returns the version, instruction set and number of threads, for the log. */
  static String describe() {
    dnnl_version_t version = dnnl_version();
    return String.format(
        Locale.ROOT,
        "oneDNN %d.%d, isa %s, threads %d",
        version.major(),
        version.minor(),
        isa(dnnl_get_effective_cpu_isa()),
        threads);
  }

  /** Returns the version, instruction set and number of threads as a part of the fingerprint. */
  static String fingerprint() {
    dnnl_version_t version = dnnl_version();
    return String.format(
        Locale.ROOT,
        "onednn-%d.%d isa=%s threads=%d",
        version.major(),
        version.minor(),
        isa(dnnl_get_effective_cpu_isa()),
        threads);
  }

  private static String isa(int value) {
    for (dnnl.cpu_isa isa : dnnl.cpu_isa.values()) {
      if (isa.value == value) {
        return isa.name();
      }
    }
    return "0x" + Integer.toHexString(value);
  }

  /**
   * Checks that {@code status} is success.
   *
   * @throws IllegalStateException naming the operation and the status
   */
  static void check(int status, String operation) {
    if (status != 0) {
      String name = status > 0 && status < STATUS.length ? STATUS[status] : "unknown status";
      throw new IllegalStateException(
          message("%s: oneDNN must succeed; got status %s (%s)", operation, status, name));
    }
  }

  /** Returns the exception for a primitive that cannot be created. */
  static IllegalStateException failed(String operation, RuntimeException cause) {
    return new IllegalStateException(
        message("%s: oneDNN must offer a primitive; got %s", operation, firstLine(cause)), cause);
  }

  /** Returns a descriptor of FLOAT32 memory with the given strides in elements. */
  static memory.desc desc(long[] sizes, long[] strides) {
    return new memory.desc(sizes, memory.data_type.f32, strides);
  }

  /**
   * Returns a descriptor of FLOAT32 memory in a named layout, or in the layout that the primitive
   * prefers.
   */
  static memory.desc desc(long[] sizes, memory.format_tag tag) {
    return new memory.desc(sizes, memory.data_type.f32, tag);
  }

  /**
   * Returns attributes that make the scratchpad an argument of each call: the library's own
   * scratchpad is bound to the thread that created the primitive.
   */
  static primitive_attr attributes() {
    primitive_attr attributes = new primitive_attr();
    attributes.set_scratchpad_mode(scratchpad_mode.user);
    return attributes;
  }
}
