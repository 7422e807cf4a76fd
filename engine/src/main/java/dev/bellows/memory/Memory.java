package dev.bellows.memory;

import java.lang.reflect.Field;

/**
 * Reads and writes native memory at raw addresses, in native byte order. Bounds are the caller's
 * responsibility: an address outside a live block crashes the JVM, so only kernels and {@link
 * Storage} use this class.
 */
@SuppressWarnings({"sunapi", "removal"})
public final class Memory {
  private static final sun.misc.Unsafe UNSAFE = unsafe();

  private Memory() {}

  private static sun.misc.Unsafe unsafe() {
    try {
      Field field = sun.misc.Unsafe.class.getDeclaredField("theUnsafe");
      field.setAccessible(true);
      return (sun.misc.Unsafe) field.get(null);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /**
   * Returns an object of a class whose constructors did not run: all fields have default values.
   *
   * @throws IllegalStateException if the class is abstract
   */
  public static <T> T allocateInstance(Class<T> type) {
    try {
      return type.cast(UNSAFE.allocateInstance(type));
    } catch (InstantiationException e) {
      throw new IllegalStateException("allocateInstance: cannot create a " + type.getName(), e);
    }
  }

  public static float getFloat(long address) {
    return UNSAFE.getFloat(address);
  }

  public static void putFloat(long address, float value) {
    UNSAFE.putFloat(address, value);
  }

  public static double getDouble(long address) {
    return UNSAFE.getDouble(address);
  }

  public static void putDouble(long address, double value) {
    UNSAFE.putDouble(address, value);
  }

  public static long getLong(long address) {
    return UNSAFE.getLong(address);
  }

  public static void putLong(long address, long value) {
    UNSAFE.putLong(address, value);
  }

  public static int getInt(long address) {
    return UNSAFE.getInt(address);
  }

  public static void putInt(long address, int value) {
    UNSAFE.putInt(address, value);
  }

  public static short getShort(long address) {
    return UNSAFE.getShort(address);
  }

  public static void putShort(long address, short value) {
    UNSAFE.putShort(address, value);
  }

  public static byte getByte(long address) {
    return UNSAFE.getByte(address);
  }

  public static void putByte(long address, byte value) {
    UNSAFE.putByte(address, value);
  }

  /** Copies {@code bytes} from one address to another; the ranges may overlap. */
  public static void copy(long source, long destination, long bytes) {
    UNSAFE.copyMemory(source, destination, bytes);
  }

  /** Copies the first {@code bytes} bytes of a Java primitive array to native memory. */
  public static void copyFromArray(Object array, long destination, long bytes) {
    copyFromArray(array, 0, destination, bytes);
  }

  /**
   * Copies bytes of a Java primitive array to native memory, without the first {@code skip} bytes.
   */
  public static void copyFromArray(Object array, long skip, long destination, long bytes) {
    UNSAFE.copyMemory(array, base(array) + skip, null, destination, bytes);
  }

  /** Copies {@code bytes} bytes of native memory to the start of a Java primitive array. */
  public static void copyToArray(long source, Object array, long bytes) {
    copyToArray(source, array, 0, bytes);
  }

  /** Copies native memory to a Java primitive array, behind its first {@code skip} bytes. */
  public static void copyToArray(long source, Object array, long skip, long bytes) {
    UNSAFE.copyMemory(null, source, array, base(array) + skip, bytes);
  }

  /** Copies {@code bytes} bytes between two Java primitive arrays, which may differ in type. */
  public static void copyArray(Object source, Object destination, long bytes) {
    UNSAFE.copyMemory(source, base(source), destination, base(destination), bytes);
  }

  /** Fills {@code bytes} bytes with one value. */
  public static void set(long address, long bytes, byte value) {
    UNSAFE.setMemory(address, bytes, value);
  }

  /** Returns the offset of element 0; asking for that of a class would be a native call. */
  private static long base(Object array) {
    if (array instanceof float[]) {
      return sun.misc.Unsafe.ARRAY_FLOAT_BASE_OFFSET;
    } else if (array instanceof int[]) {
      return sun.misc.Unsafe.ARRAY_INT_BASE_OFFSET;
    } else if (array instanceof double[]) {
      return sun.misc.Unsafe.ARRAY_DOUBLE_BASE_OFFSET;
    } else if (array instanceof long[]) {
      return sun.misc.Unsafe.ARRAY_LONG_BASE_OFFSET;
    } else if (array instanceof byte[]) {
      return sun.misc.Unsafe.ARRAY_BYTE_BASE_OFFSET;
    } else if (array instanceof short[]) {
      return sun.misc.Unsafe.ARRAY_SHORT_BASE_OFFSET;
    }
    return UNSAFE.arrayBaseOffset(array.getClass());
  }
}
