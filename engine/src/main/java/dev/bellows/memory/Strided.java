package dev.bellows.memory;

import java.util.Arrays;

/**
 * An array as kernels see it: storage, element type, sizes, strides and offset. Sizes, strides and
 * offset are in elements; a stride of 0 repeats an element (broadcasting). Immutable. It holds no
 * reference: the caller keeps the storage alive while a kernel runs.
 */
public final class Strided {
  private final Storage storage;
  private final DType dtype;
  private final long[] sizes;
  private final long[] strides;
  private final long offset;
  private final long numel;
  private final boolean contiguous;

  /** Creates an array descriptor; {@code sizes} and {@code strides} are kept, not copied. */
  public Strided(Storage storage, DType dtype, long[] sizes, long[] strides, long offset) {
    this.storage = storage;
    this.dtype = dtype;
    this.sizes = sizes;
    this.strides = strides;
    this.offset = offset;
    this.numel = Shapes.numel(sizes);
    this.contiguous = Shapes.isContiguous(sizes, strides);
  }

  /** Returns the shared memory. */
  public Storage storage() {
    return storage;
  }

  /** Returns the device that holds the memory. */
  public Device device() {
    return storage.device();
  }

  /** Returns the element type. */
  public DType dtype() {
    return dtype;
  }

  /** Returns the sizes, outermost first; callers must not modify them. */
  public long[] sizes() {
    return sizes;
  }

  /** Returns the strides in elements; callers must not modify them. */
  public long[] strides() {
    return strides;
  }

  /** Returns the index of the first element in the storage. */
  public long offset() {
    return offset;
  }

  /** Returns the number of dimensions. */
  public int dim() {
    return sizes.length;
  }

  /** Returns the size of dimension {@code d}. */
  public long size(int d) {
    return sizes[d];
  }

  /** Returns the stride of dimension {@code d} in elements. */
  public long stride(int d) {
    return strides[d];
  }

  /** Returns the number of elements. */
  public long numel() {
    return numel;
  }

  /** Returns the address of the first element, in host memory. */
  public long address() {
    return storage.address() + offset * dtype.bytes();
  }

  /** Returns the address of the first element on the memory's own device. */
  public long deviceAddress() {
    return storage.deviceAddress() + offset * dtype.bytes();
  }

  /** Returns the byte offset of the first element in the storage's block. */
  public long byteOffset() {
    return offset * dtype.bytes();
  }

  /**
   * Returns the same array as stored in memory: in the storage's internal order if it has one,
   * otherwise this array. Use it at once, in kernels that accept any order; asking this array for
   * an address converts the memory to row-major order.
   */
  public Strided physical() {
    Strided real = storage.inside();
    return real != null && contiguous && offset == 0 && Arrays.equals(sizes, real.sizes)
        ? real
        : this;
  }

  /** Returns whether elements are stored in row-major order without holes. */
  public boolean isContiguous() {
    return contiguous;
  }

  /** Returns whether this is an array [n, c, h, w] in channels-last order. */
  public boolean isChannelsLast() {
    return Shapes.isChannelsLast(sizes, strides);
  }

  /**
   * Returns whether an operation on these images should produce channels-last images; false if
   * sizes of 1 make the order ambiguous. Source: PyTorch's {@code suggest_memory_format}.
   */
  public boolean suggestsChannelsLast() {
    return Shapes.suggestsChannelsLast(sizes, strides);
  }

  /** Returns whether elements fill a memory range without holes or repeats, in any order. */
  public boolean isDense() {
    return contiguous || Shapes.isDense(sizes, strides);
  }

  /** Returns whether another array of the same sizes stores its elements in the same order. */
  public boolean sameLayout(Strided other) {
    if (!Arrays.equals(sizes, other.sizes)) {
      return false;
    }
    for (int d = 0; d < sizes.length; d++) {
      if (sizes[d] != 1 && strides[d] != other.strides[d]) {
        return false;
      }
    }
    return true;
  }

  /** Returns a view of the same memory with other sizes, strides and offset. */
  public Strided with(long[] newSizes, long[] newStrides, long newOffset) {
    return new Strided(storage, dtype, newSizes, newStrides, newOffset);
  }

  /**
   * Returns a view with the last two dimensions swapped: the transposed matrix, or batch of
   * matrices.
   */
  public Strided transposed() {
    long[] turnedSizes = sizes.clone();
    long[] turnedStrides = strides.clone();
    int d = sizes.length;
    turnedSizes[d - 1] = sizes[d - 2];
    turnedSizes[d - 2] = sizes[d - 1];
    turnedStrides[d - 1] = strides[d - 2];
    turnedStrides[d - 2] = strides[d - 1];
    return with(turnedSizes, turnedStrides, offset);
  }

  @Override
  public String toString() {
    return dtype + Arrays.toString(sizes) + " strides " + Arrays.toString(strides);
  }
}
