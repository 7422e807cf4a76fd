package dev.bellows.amp;

import dev.bellows.autograd.Calls;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.memory.Warnings;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.slf4j.LoggerFactory;

/**
 * Runs the operations of a thread in the type that suits each, until closed: products, convolutions
 * and attention in 16 bits, what needs precision in FLOAT32, concatenations in the widest type of
 * their tensors, all others in the types that they get.
 *
 * <pre>{@code
 * try (Autocast autocast = Autocast.open(Device.CPU)) {
 *   loss = crossEntropy(model.call(x), y);
 * }
 * loss.backward();
 * }</pre>
 *
 * <p>Parameters stay as they are and get gradients of the same type; a parameter is cast once and
 * the cast is reused until the outermost region ends or the parameter changes. Regions nest; one
 * that is not enabled runs its operations as outside. FLOAT64 tensors, operations in place, and
 * those inside a user's {@link dev.bellows.autograd.Function} backward are never cast. The backward
 * pass does not cast either: gradients have the types of forward. A model that is traced inside a
 * region is recorded as outside.
 *
 * <p>On the CPU, products of 16-bit types are computed in FLOAT32 and rounded, so that a region
 * saves memory but no time.
 *
 * <p>Source: PyTorch's {@code torch.autocast}, with its lists of operations for each device.
 */
public final class Autocast implements AutoCloseable {
  private static final ThreadLocal<Autocast> CURRENT = new ThreadLocal<>();

  private final Autocast outer;
  private final Map<Device.Type, DType> types;
  private final Casts casts;
  private final Calls.Recording recording;
  private boolean closed;

  private Autocast(Device.Type device, DType type, boolean cacheEnabled) {
    outer = CURRENT.get();
    types = new EnumMap<>(Device.Type.class);
    if (outer != null) {
      types.putAll(outer.types);
    }
    if (type == null) {
      types.remove(device);
    } else {
      types.put(device, type);
    }
    CastCache cache = outer == null ? new CastCache() : outer.casts.cache();
    Calls.Recorder outside = outer == null ? Calls.current() : outer.casts.outside();
    casts = new Casts(types, cacheEnabled ? cache : null, cache, outside);
    recording = Calls.recordedBy(types.isEmpty() ? outside : casts);
    CURRENT.set(this);
  }

  /** Opens a region for a device with its usual type: BFLOAT16 on the CPU, FLOAT16 on CUDA. */
  public static Autocast open(Device device) {
    return open(device, device.type() == Device.Type.CPU ? DType.BFLOAT16 : DType.FLOAT16);
  }

  /** Opens a region for a device with a type. */
  public static Autocast open(Device device, DType dtype) {
    return open(device, dtype, true, true);
  }

  /**
   * Opens a region for all devices of a device's type. A type other than BFLOAT16 and FLOAT16
   * disables it, with a warning.
   *
   * @param enabled whether operations are cast; false runs a part of an outer region without
   * @param cacheEnabled whether casts of parameters are reused
   */
  public static Autocast open(Device device, DType dtype, boolean enabled, boolean cacheEnabled) {
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(dtype, "dtype");
    boolean supported = dtype.isHalf();
    if (enabled && !supported) {
      Warnings.warn(
          LoggerFactory.getLogger(Autocast.class),
          "In {} autocast, but the target dtype is not supported. Disabling autocast. {} Autocast"
              + " only supports dtypes of BFLOAT16, FLOAT16 currently.",
          device.type(),
          device.type());
    }
    return new Autocast(device.type(), enabled && supported ? dtype : null, cacheEnabled);
  }

  /** Returns whether the thread's operations on a device are cast. */
  public static boolean isEnabled(Device device) {
    Autocast current = CURRENT.get();
    return current != null && current.types.containsKey(device.type());
  }

  /**
   * Ends the region.
   *
   * @throws IllegalStateException if an inner region is still open, or another thread closes it
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    if (CURRENT.get() != this) {
      throw new IllegalStateException(
          "autocast: regions must be closed by their thread, the inner ones first");
    }
    closed = true;
    recording.close();
    if (outer == null) {
      CURRENT.remove();
      casts.cache().close();
    } else {
      CURRENT.set(outer);
    }
  }
}
