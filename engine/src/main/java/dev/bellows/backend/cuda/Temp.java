package dev.bellows.backend.cuda;

import dev.bellows.memory.DType;
import dev.bellows.memory.Shapes;
import dev.bellows.memory.Storage;
import dev.bellows.memory.Strided;

/**
 * An array in the layout that a kernel wants: the caller's own where it fits, else memory of the
 * device. What was asked for before it is closed still has that memory.
 */
final class Temp implements AutoCloseable {
  /** What BLAS and packs want of the address of an array, in bytes. */
  private static final long ALIGNMENT = 16;

  private final Storage storage;
  private final Strided array;

  private Temp(Storage storage, Strided array) {
    this.storage = storage;
    this.array = array;
  }

  /** {@code a} itself; null stays null. */
  static Temp same(Strided a) {
    return new Temp(null, a);
  }

  /** Memory of undefined content. */
  static Temp blank(CudaDevice device, DType type, long[] sizes, long[] strides) {
    long bytes = Math.max(1, Shapes.numel(sizes)) * type.bytes();
    Storage storage = Storage.allocate(device.memory(), bytes);
    return new Temp(storage, new Strided(storage, type, sizes, strides, 0));
  }

  /** Row-major memory of undefined content. */
  static Temp blank(CudaDevice device, DType type, long... sizes) {
    return blank(device, type, sizes, Shapes.contiguousStrides(sizes));
  }

  /** A copy in other strides, without holes. */
  static Temp copy(CudaDevice device, Moves moves, Strided a, long[] strides) {
    Temp temp = blank(device, a.dtype(), a.sizes(), strides);
    moves.copy(a, temp.array);
    return temp;
  }

  /** A row-major copy as another type. */
  static Temp converted(CudaDevice device, Moves moves, Strided a, DType type) {
    Temp temp = blank(device, type, a.sizes());
    moves.copy(a, temp.array);
    return temp;
  }

  /** An input channels-last and aligned. */
  static Temp channelsLast(CudaDevice device, Moves moves, Strided a) {
    return a.isChannelsLast() && isAligned(a)
        ? same(a)
        : copy(device, moves, a, Shapes.channelsLastStrides(a.sizes()));
  }

  /** Room for an output, channels-last and aligned. */
  static Temp channelsLastOut(CudaDevice device, Strided out) {
    return out.isChannelsLast() && isAligned(out)
        ? same(out)
        : blank(device, out.dtype(), out.sizes(), Shapes.channelsLastStrides(out.sizes()));
  }

  /** Whether an array starts where BLAS and packs want it to. */
  static boolean isAligned(Strided a) {
    return a.numel() == 0 || a.deviceAddress() % ALIGNMENT == 0;
  }

  /** The array to use. */
  Strided array() {
    return array;
  }

  /** Copies an output to where it belongs, if it is not there. */
  void finish(Moves moves, Strided original) {
    if (storage != null) {
      moves.copy(array, original);
    }
  }

  @Override
  public void close() {
    if (storage != null) {
      storage.release();
    }
  }
}
