package dev.bellows.memory;

/**
 * Where a tensor's memory lives and its kernels run.
 *
 * @param type the kind of device
 * @param index which one of that kind; 0 for the CPU
 */
public record Device(Type type, int index) {
  /** Kind of device. */
  public enum Type {
    CPU
  }

  /** The host's memory and cores. */
  public static final Device CPU = new Device(Type.CPU, 0);

  @Override
  public String toString() {
    return type.name().toLowerCase(java.util.Locale.ROOT);
  }
}
