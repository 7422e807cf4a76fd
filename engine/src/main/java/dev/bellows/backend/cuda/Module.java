package dev.bellows.backend.cuda;

import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.UnaryOp;
import dev.bellows.memory.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One file of kernels compiled for one element type (or none), loaded when first used. */
final class Module {
  /** What {@code detail} of a fault adds to the ordinal of a {@link UnaryOp}. */
  static final int UNARY_DETAIL = 1000;

  private final CudaDevice device;
  private final String name;
  private final long handle;
  private final Map<String, Function> functions = new ConcurrentHashMap<>();

  Module(CudaDevice device, KernelFile file, DType type) {
    assert file.serves(type) : file + " for " + type;
    this.device = device;
    this.name = file + (type == null ? "" : " " + type);
    Driver driver = device.driver();
    this.handle =
        driver.loadModule(
            device.cache().image(name, file.source(driver.platform()), options(type)));
  }

  /** Definitions for one element type: its name, whether it is floating, what faults say. */
  static List<String> options(DType type) {
    List<String> options = new ArrayList<>();
    if (type == null) {
      return options;
    }
    options.add("-DA=" + type);
    if (type.isFloatingPoint()) {
      options.add("-DFLOATING");
      return options;
    }
    options.add("-DBITWISE_NOT_OF(x)=" + (type == DType.BOOL ? "(1-(x))" : "(~(x))"));
    options.add("-DDETAIL_RECIPROCAL=" + (UNARY_DETAIL + UnaryOp.RECIPROCAL.ordinal()));
    for (BinaryOp op :
        List.of(
            BinaryOp.DIV,
            BinaryOp.TRUNC_DIVIDE,
            BinaryOp.FLOOR_DIVIDE,
            BinaryOp.FMOD,
            BinaryOp.REMAINDER)) {
      options.add("-DDETAIL_" + op + "=" + op.ordinal());
    }
    return options;
  }

  /** A kernel by its name. */
  Function function(String kernel) {
    Function function = functions.get(kernel);
    if (function == null) {
      function = new Function(name + " " + kernel, device.driver().function(handle, kernel));
      functions.put(kernel, function);
    }
    return function;
  }

  /** A kernel that can be launched. */
  record Function(String name, long handle) {}
}
