package dev.bellows.memory;

import java.util.Arrays;

/**
 * An array as kernels see it: storage, element type, sizes, strides and offset. Sizes, strides and
 * offset are in elements; a stride of 0 repeats an element (broadcasting). Immutable, and it owns
 * no reference: the caller keeps the storage alive while a kernel runs.
 */
public final class Strided {
  private final Storage storage;
  private final DType dtype;
  private final long[] sizes;
  private final long[] strides;
  private final long offset;
  private final long numel;
  private final boolean contiguous;

  /** Describes an array; {@code sizes} and {@code strides} are kept, not copied. */
  public Strided(Storage storage, DType dtype, long[] sizes, long[] strides, long offset) {
    this.storage = storage;
    this.dtype = dtype;
    this.sizes = sizes;
    this.strides = strides;
    this.offset = offset;
    this.numel = Shapes.numel(sizes);
    this.contiguous = Shapes.isContiguous(sizes, strides);
  }

  /** The shared memory. */
  public Storage storage() {
    return storage;
  }

  /** Where the memory is. */
  public Device device() {
    return storage.device();
  }

  /** Element type. */
  public DType dtype() {
    return dtype;
  }

  /** Sizes, outermost first; not to be changed. */
  public long[] sizes() {
    return sizes;
  }

  /** Strides in elements; not to be changed. */
  public long[] strides() {
    return strides;
  }

  /** Index of the first element in the storage. */
  public long offset() {
    return offset;
  }

  /** Number of dimensions. */
  public int dim() {
    return sizes.length;
  }

  /** Size of dimension {@code d}. */
  public long size(int d) {
    return sizes[d];
  }

  /** Stride of dimension {@code d} in elements. */
  public long stride(int d) {
    return strides[d];
  }

  /** Number of elements. */
  public long numel() {
    return numel;
  }

  /** Address of the first element, in memory of the host. */
  public long address() {
    return storage.address() + offset * dtype.bytes();
  }

  /** Address of the first element as the memory's own device knows it. */
  public long deviceAddress() {
    return storage.deviceAddress() + offset * dtype.bytes();
  }

  /** Byte position of the first element in the storage's block. */
  public long byteOffset() {
    return offset * dtype.bytes();
  }

  /**
   * The same array as it lies in memory: in the order that its storage keeps inside, if it does, or
   * this one. To be used at once, by kernels that take any order; asking for an address of this one
   * lays the memory out row-major.
   */
  public Strided physical() {
    Strided real = storage.inside();
    return real != null && contiguous && offset == 0 && Arrays.equals(sizes, real.sizes)
        ? real
        : this;
  }

  /** Whether elements lie in row-major order without holes. */
  public boolean isContiguous() {
    return contiguous;
  }

  /** Whether this is [n, c, h, w] with channels next to each other. */
  public boolean isChannelsLast() {
    return Shapes.isChannelsLast(sizes, strides);
  }

  /**
   * Whether an operation on images that lie so gives images with channels next to each other; where
   * sizes of 1 leave it open, not. Source: PyTorch's {@code suggest_memory_format}.
   */
  public boolean suggestsChannelsLast() {
    return Shapes.suggestsChannelsLast(sizes, strides);
  }

  /** Whether elements fill a run of memory without holes or repeats, in whatever order. */
  public boolean isDense() {
    return contiguous || Shapes.isDense(sizes, strides);
  }

  /** Whether another array of the same sizes has its elements in the same order of memory. */
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

  /** The same memory under other sizes, strides and offset. */
  public Strided with(long[] newSizes, long[] newStrides, long newOffset) {
    return new Strided(storage, dtype, newSizes, newStrides, newOffset);
  }

  /** The last two dimensions the other way round: the transposed matrix, or the batch of them. */
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
