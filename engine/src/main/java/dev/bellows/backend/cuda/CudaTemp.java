package dev.bellows.backend.cuda;

import dev.bellows.memory.DType;
import dev.bellows.memory.Shapes;
import dev.bellows.memory.Storage;
import dev.bellows.memory.Strided;

/**
 * An array in the layout that a kernel requires: the caller's array if it fits, otherwise device
 * memory. Work submitted before it is closed may still use the memory.
 */
final class CudaTemp implements AutoCloseable {
  /** Alignment that BLAS and packs require, in bytes. */
  private static final long ALIGNMENT = 16;

  private final Storage storage;
  private final Strided array;

  private CudaTemp(Storage storage, Strided array) {
    this.storage = storage;
    this.array = array;
  }

  /** Wraps {@code a} itself, without a copy; null stays null. */
  static CudaTemp same(Strided a) {
    return new CudaTemp(null, a);
  }

  /** Allocates memory of undefined content. */
  static CudaTemp blank(CudaDevice device, DType type, long[] sizes, long[] strides) {
    long bytes = Math.max(1, Shapes.numel(sizes)) * type.bytes();
    Storage storage = Storage.allocate(device.memory(), bytes);
    return new CudaTemp(storage, new Strided(storage, type, sizes, strides, 0));
  }

  /** Allocates row-major memory of undefined content. */
  static CudaTemp blank(CudaDevice device, DType type, long... sizes) {
    return blank(device, type, sizes, Shapes.contiguousStrides(sizes));
  }

  /** Returns a copy in other strides, without holes. */
  static CudaTemp copy(CudaDevice device, Moves moves, Strided a, long[] strides) {
    CudaTemp temp = blank(device, a.dtype(), a.sizes(), strides);
    moves.copy(a, temp.array);
    return temp;
  }

  /** Returns a row-major copy as another type. */
  static CudaTemp converted(CudaDevice device, Moves moves, Strided a, DType type) {
    CudaTemp temp = blank(device, type, a.sizes());
    moves.copy(a, temp.array);
    return temp;
  }

  /** Returns an input, channels-last and aligned. */
  static CudaTemp channelsLast(CudaDevice device, Moves moves, Strided a) {
    return a.isChannelsLast() && isAligned(a)
        ? same(a)
        : copy(device, moves, a, Shapes.channelsLastStrides(a.sizes()));
  }

  /** Returns a channels-last, aligned buffer for an output. */
  static CudaTemp channelsLastOut(CudaDevice device, Strided out) {
    return out.isChannelsLast() && isAligned(out)
        ? same(out)
        : blank(device, out.dtype(), out.sizes(), Shapes.channelsLastStrides(out.sizes()));
  }

  /** Returns whether an array has the alignment that BLAS and packs require. */
  static boolean isAligned(Strided a) {
    return a.numel() == 0 || a.deviceAddress() % ALIGNMENT == 0;
  }

  /** Returns the array to use. */
  Strided array() {
    return array;
  }

  /** Copies a buffered output to the original, if they differ. */
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
