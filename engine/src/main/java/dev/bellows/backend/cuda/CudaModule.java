package dev.bellows.backend.cuda;

import dev.bellows.memory.DType;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A file of kernels compiled for one element type (or none), loaded on first use. */
final class CudaModule {
  private final CudaDevice device;
  private final String name;
  private final long handle;
  private final Map<String, Function> functions = new ConcurrentHashMap<>();

  CudaModule(CudaDevice device, KernelFile file, DType type) {
    assert file.serves(type) : file + " for " + type;
    this.device = device;
    this.name = file + (type == null ? "" : " " + type);
    Driver driver = device.driver();
    this.handle =
        driver.loadModule(
            device.cache().image(name, file.source(driver.platform()), options(type)));
  }

  /** Returns the definitions for an element type: its name, and whether it is floating point. */
  static List<String> options(DType type) {
    if (type == null) {
      return List.of();
    }
    return type.isFloatingPoint() ? List.of("-DA=" + type, "-DFLOATING") : List.of("-DA=" + type);
  }

  /** Returns a kernel by its name. */
  Function function(String kernel) {
    Function function = functions.get(kernel);
    if (function == null) {
      function = new Function(name + " " + kernel, device.driver().function(handle, kernel));
      functions.put(kernel, function);
    }
    return function;
  }

  /** A loaded kernel. */
  record Function(String name, long handle) {}
}
