package dev.bellows.backend.cpu.vector;

import dev.bellows.backend.cpu.Rows;
import dev.bellows.memory.Block;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Vector loads and stores of native memory: through the block's buffer if the Vector API supports
 * that (JDK 17 to 20), otherwise through a segment that covers the whole address space. Both
 * compile to one instruction, since the switch and the handles are compile-time constants.
 */
final class Lanes {
  static final VectorSpecies<Float> F = species();
  static final int LANES = F.length();
  static final int WIDTH = F.vectorByteSize();

  /** Float species with as many lanes as the double species. */
  static final VectorSpecies<Float> HALF =
      VectorSpecies.of(float.class, VectorShape.forBitSize(F.vectorBitSize() / 2));

  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final boolean BUFFERS = hasBuffers();
  private static final MethodHandle LOAD = BUFFERS ? null : load(FloatVector.class, F);
  private static final MethodHandle LOAD_HALF = BUFFERS ? null : load(FloatVector.class, HALF);
  private static final MethodHandle STORE = BUFFERS ? null : store(FloatVector.class);

  private Lanes() {}

  private static VectorSpecies<Float> species() {
    int bits = FloatVector.SPECIES_PREFERRED.vectorBitSize();
    return bits >= 512
        ? FloatVector.SPECIES_512
        : bits >= 256 ? FloatVector.SPECIES_256 : FloatVector.SPECIES_128;
  }

  private static boolean hasBuffers() {
    try {
      FloatVector.class.getMethod(
          "fromByteBuffer", VectorSpecies.class, ByteBuffer.class, int.class, ByteOrder.class);
      return true;
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  static String describe() {
    return F.vectorBitSize() + "-bit (" + (BUFFERS ? "byte buffers)" : "memory segments)");
  }

  static boolean reaches(Block block) {
    return !BUFFERS || block.buffer() != null;
  }

  /** Returns the buffer to pass to the methods below; ignored if segments are used. */
  static ByteBuffer buffer(Rows rows) {
    return rows.block().buffer();
  }

  /** Returns the position to pass to the methods below: an offset in the buffer, or an address. */
  static long position(Rows rows) {
    return BUFFERS ? rows.at() : rows.block().address() + rows.at();
  }

  /** Returns the address of the first element. */
  static long address(Rows rows) {
    return rows.block().address() + rows.at();
  }

  static FloatVector load(ByteBuffer buffer, long position) {
    if (BUFFERS) {
      return FloatVector.fromByteBuffer(F, buffer, (int) position, ORDER);
    }
    try {
      return (FloatVector) LOAD.invokeExact(position);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  static FloatVector loadHalf(ByteBuffer buffer, long position) {
    if (BUFFERS) {
      return FloatVector.fromByteBuffer(HALF, buffer, (int) position, ORDER);
    }
    try {
      return (FloatVector) LOAD_HALF.invokeExact(position);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  static void store(FloatVector vector, ByteBuffer buffer, long position) {
    if (BUFFERS) {
      vector.intoByteBuffer(buffer, (int) position, ORDER);
      return;
    }
    try {
      STORE.invokeExact(vector, position);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** Returns a handle {@code long -> vector} that loads from an address. */
  private static MethodHandle load(Class<?> vector, VectorSpecies<?> species) {
    try {
      Class<?> segment = Class.forName("java.lang.foreign.MemorySegment");
      MethodHandle handle =
          MethodHandles.publicLookup()
              .findStatic(
                  vector,
                  "fromMemorySegment",
                  MethodType.methodType(
                      vector, VectorSpecies.class, segment, long.class, ByteOrder.class));
      handle = MethodHandles.insertArguments(handle, 3, ORDER);
      return MethodHandles.insertArguments(handle, 0, species, everything(segment));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Returns a handle {@code (vector, long) -> void} that stores at an address. */
  private static MethodHandle store(Class<?> vector) {
    try {
      Class<?> segment = Class.forName("java.lang.foreign.MemorySegment");
      MethodHandle handle =
          MethodHandles.publicLookup()
              .findVirtual(
                  vector,
                  "intoMemorySegment",
                  MethodType.methodType(void.class, segment, long.class, ByteOrder.class));
      handle = MethodHandles.insertArguments(handle, 3, ORDER);
      return MethodHandles.insertArguments(handle, 1, everything(segment));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static Object everything(Class<?> segment) throws ReflectiveOperationException {
    Object nothing = segment.getField("NULL").get(null);
    return segment.getMethod("reinterpret", long.class).invoke(nothing, Long.MAX_VALUE);
  }
}
