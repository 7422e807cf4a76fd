package dev.bellows.backend.cpu;

import dev.bellows.backend.Kernels;
import dev.bellows.memory.DType;
import dev.bellows.memory.Shapes;
import dev.bellows.memory.Storage;
import dev.bellows.memory.Strided;

/**
 * An array in the layout that a kernel requires: the caller's array if it fits, otherwise a pooled
 * copy.
 */
final class Temp implements AutoCloseable {
  private final Storage storage;
  private final Strided array;
  private final Strided original;

  private Temp(Strided original, Storage storage, Strided array) {
    this.original = original;
    this.storage = storage;
    this.array = array;
  }

  /** Wraps {@code a} itself, without a copy; null stays null. */
  static Temp same(Strided a) {
    return new Temp(a, null, a);
  }

  /** Returns uninitialised memory with the type and sizes of {@code a} and other strides. */
  static Temp blank(Strided a, long[] strides) {
    Storage storage = Storage.allocate(Math.max(1, a.numel() * a.dtype().bytes()));
    return new Temp(a, storage, new Strided(storage, a.dtype(), a.sizes(), strides, 0));
  }

  /** Returns an uninitialised row-major buffer for an output of another type. */
  static Temp converted(Strided out, DType dtype) {
    Storage storage = Storage.allocate(Math.max(1, out.numel() * dtype.bytes()));
    long[] strides = Shapes.contiguousStrides(out.sizes());
    return new Temp(out, storage, new Strided(storage, dtype, out.sizes(), strides, 0));
  }

  /** Returns an input converted to another type, row-major; null stays null. */
  static Temp converted(Kernels kernels, Strided a, DType dtype) {
    if (a == null) {
      return same(null);
    }
    Temp temp = converted(a, dtype);
    kernels.copy(a, temp.array);
    return temp;
  }

  /** Returns an input, row-major. */
  static Temp contiguous(Kernels kernels, Strided a) {
    return a == null || a.isContiguous()
        ? same(a)
        : filled(kernels, a, Shapes.contiguousStrides(a.sizes()));
  }

  /** Returns an input, channels-last. */
  static Temp channelsLast(Kernels kernels, Strided a) {
    return a.isChannelsLast() ? same(a) : filled(kernels, a, Shapes.channelsLastStrides(a.sizes()));
  }

  /** Returns an input in the layout of another array of its sizes. */
  static Temp inLayoutOf(Kernels kernels, Strided a, Strided like) {
    return a.sameLayout(like) ? same(a) : filled(kernels, a, like.strides());
  }

  /** Returns an input in the given strides. */
  static Temp filled(Kernels kernels, Strided a, long[] strides) {
    Temp temp = blank(a, strides);
    kernels.copy(a, temp.array);
    return temp;
  }

  /** Returns a row-major buffer for an output. */
  static Temp contiguousOut(Strided out) {
    return out == null || out.isContiguous()
        ? same(out)
        : blank(out, Shapes.contiguousStrides(out.sizes()));
  }

  /** Returns a channels-last buffer for an output. */
  static Temp channelsLastOut(Strided out) {
    return out.isChannelsLast() ? same(out) : blank(out, Shapes.channelsLastStrides(out.sizes()));
  }

  /** Returns the array to use. */
  Strided array() {
    return array;
  }

  /** Copies the buffer of an output to the caller's array. */
  void finish(Kernels kernels) {
    if (storage != null) {
      kernels.copy(array, original);
    }
  }

  @Override
  public void close() {
    if (storage != null) {
      storage.release();
    }
  }
}
