package dev.bellows.backend.cuda;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.Strided;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * How a kernel iterates over the elements of arrays of equal sizes: dimensions of size 1 are
 * dropped, the others are in the memory order of the last array, and adjacent dimensions that are
 * contiguous in all arrays are merged. It corresponds to the kernels' struct of the same name.
 */
final class CudaWalk {
  static final int MAX_DIMS = 16;

  /** Layout of elements: arbitrary, dense in one order, dense and aligned for packs of 16 bytes. */
  static final int ANY = 0;

  static final int DENSE = 1;
  static final int PACKED = 2;

  final long numel;
  final int dims;
  final int flat;
  final long[] sizes = new long[MAX_DIMS];
  final long[][] strides;

  private CudaWalk(long numel, int dims, long[][] strides, long[] sizes, int flat) {
    this.numel = numel;
    this.dims = dims;
    this.flat = flat;
    this.strides = strides;
    System.arraycopy(sizes, 0, this.sizes, 0, dims);
  }

  /** Returns a walk over arrays of equal sizes, the last of which is written. */
  static CudaWalk over(String operation, Strided... arrays) {
    return build(operation, true, arrays);
  }

  /** Works like {@link #over}, in row-major order of the index. */
  static CudaWalk rowMajor(String operation, Strided... arrays) {
    return build(operation, false, arrays);
  }

  private static CudaWalk build(String operation, boolean reorder, Strided... arrays) {
    Strided last = arrays[arrays.length - 1];
    int n = last.dim();
    int[] order = new int[n];
    int kept = 0;
    for (int d = 0; d < n; d++) {
      if (last.size(d) != 1) {
        order[kept++] = d;
      }
    }
    if (reorder) {
      sortByStride(order, kept, last);
    }
    long[] sizes = new long[kept];
    long[][] strides = new long[arrays.length][kept];
    int dims = 0;
    for (int i = 0; i < kept; i++) {
      int d = order[i];
      if (dims > 0 && mergeable(arrays, strides, dims - 1, d)) {
        sizes[dims - 1] *= last.size(d);
      } else {
        sizes[dims++] = last.size(d);
      }
      for (int k = 0; k < arrays.length; k++) {
        strides[k][dims - 1] = arrays[k].stride(d);
      }
    }
    if (dims > MAX_DIMS) {
      throw new UnsupportedOperationException(
          message(
              "%s: arrays must have at most %s dimensions that do not lie together on a CUDA"
                  + " device; got %s. Make them contiguous first.",
              operation, MAX_DIMS, last.sizes()));
    }
    return new CudaWalk(last.numel(), dims, strides, sizes, flat(dims, strides, arrays));
  }

  private static boolean mergeable(Strided[] arrays, long[][] strides, int before, int d) {
    for (int k = 0; k < arrays.length; k++) {
      if (strides[k][before] != arrays[k].stride(d) * arrays[k].size(d)) {
        return false;
      }
    }
    return true;
  }

  /** Sorts dimensions by stride, the longest first; equal ones keep their order. */
  private static void sortByStride(int[] order, int n, Strided a) {
    for (int i = 1; i < n; i++) {
      int d = order[i];
      int at = i;
      while (at > 0 && a.stride(order[at - 1]) < a.stride(d)) {
        order[at] = order[at - 1];
        at--;
      }
      order[at] = d;
    }
  }

  private static int flat(int dims, long[][] strides, Strided[] arrays) {
    if (dims > 1) {
      return ANY;
    }
    int widest = 1;
    for (int k = 0; k < arrays.length; k++) {
      if (dims == 1 && strides[k][0] != 1) {
        return ANY;
      }
      widest = Math.max(widest, arrays[k].dtype().bytes());
    }
    int pack = 16 / widest;
    for (Strided a : arrays) {
      if (a.numel() > 0 && a.deviceAddress() % ((long) pack * a.dtype().bytes()) != 0) {
        return DENSE;
      }
    }
    return PACKED;
  }

  /** Returns the number of steps of a thread if packs hold {@code bytes} wide elements. */
  long steps(int bytes) {
    return flat == PACKED ? Math.max(1, numel / (16 / bytes)) : numel;
  }

  /**
   * Returns whether the first dimensions of an array have strides that are multiples of a width.
   */
  boolean isAligned(int array, int dimensions, int width) {
    for (int d = 0; d < dimensions; d++) {
      if (strides[array][d] % width != 0) {
        return false;
      }
    }
    return true;
  }

  void pack(ByteBuffer to) {
    to.putLong(numel).putInt(dims).putInt(flat);
    for (long size : sizes) {
      to.putLong(size);
    }
    for (long[] stride : strides) {
      for (int d = 0; d < MAX_DIMS; d++) {
        to.putLong(d < dims ? stride[d] : 0);
      }
    }
  }

  /** Returns a dense array as one row in memory order; any other unchanged. */
  static Strided line(Strided a) {
    return a.isDense() ? a.with(new long[] {a.numel()}, new long[] {1}, a.offset()) : a;
  }

  /** Returns an array without dimension {@code d}, along which the kernel iterates itself. */
  static Strided without(Strided a, int d) {
    return a.with(without(a.sizes(), d), without(a.strides(), d), a.offset());
  }

  /** Returns a view of the chosen dimensions, at the first element of the others. */
  static Strided only(Strided a, boolean[] chosen) {
    int n = 0;
    long[] sizes = new long[chosen.length];
    long[] strides = new long[chosen.length];
    for (int d = 0; d < chosen.length; d++) {
      if (chosen[d]) {
        sizes[n] = a.size(d);
        strides[n++] = a.stride(d);
      }
    }
    return a.with(Arrays.copyOf(sizes, n), Arrays.copyOf(strides, n), a.offset());
  }

  /** Returns a walk over all dimensions of an array but the last. */
  CudaWalk outer(String operation, Strided a) {
    return over(
        operation,
        a.with(Arrays.copyOf(sizes, dims - 1), Arrays.copyOf(strides[0], dims - 1), a.offset()));
  }

  private static long[] without(long[] values, int d) {
    long[] rest = new long[values.length - 1];
    System.arraycopy(values, 0, rest, 0, d);
    System.arraycopy(values, d + 1, rest, d, rest.length - d);
    return rest;
  }
}
