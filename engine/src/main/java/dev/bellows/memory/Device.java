package dev.bellows.memory;

import static dev.bellows.errors.Messages.message;

import java.util.Locale;

/**
 * The device that holds a tensor's memory and runs its kernels.
 *
 * @param type the kind of device
 * @param index the index among the devices of that kind; 0 for the CPU
 */
public record Device(Type type, int index) {
  /** Kind of device. */
  public enum Type {
    CPU,
    CUDA
  }

  /** The host's memory and cores. */
  public static final Device CPU = new Device(Type.CPU, 0);

  /**
   * Checks the index.
   *
   * @throws IllegalArgumentException if it is negative, or not 0 for the CPU, or the type is null
   */
  public Device {
    if (type == null || index < 0 || type == Type.CPU && index > 0) {
      throw new IllegalArgumentException(
          message("device: index must be at least 0, and 0 for the CPU; got %s %s", type, index));
    }
  }

  /** Returns the GPU with the given index. */
  public static Device cuda(int index) {
    return new Device(Type.CUDA, index);
  }

  /**
   * Parses a device name: {@code cpu}, {@code cuda} (the first GPU) or {@code cuda:1}.
   *
   * @throws IllegalArgumentException if it is not a device name
   */
  public static Device parse(String name) {
    if (name.equals("cpu")) {
      return CPU;
    }
    if (name.equals("cuda")) {
      return cuda(0);
    }
    if (name.matches("cuda:[0-9]{1,6}")) {
      return cuda(Integer.parseInt(name.substring(5)));
    }
    throw new IllegalArgumentException(
        "device: Expected one of cpu, cuda, cuda:N as device string; got " + name);
  }

  @Override
  public String toString() {
    String name = type.name().toLowerCase(Locale.ROOT);
    return type == Type.CPU ? name : name + ":" + index;
  }
}
