package dev.bellows.tensor;

import dev.bellows.autograd.GradMode;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.ops.AsStrided;
import dev.bellows.ops.Bits;
import dev.bellows.ops.Copy;
import dev.bellows.ops.Expand;
import dev.bellows.ops.Joining;
import dev.bellows.ops.Permute;
import dev.bellows.ops.Reshaping;
import dev.bellows.ops.Slice;
import dev.bellows.ops.Splitting;
import dev.bellows.ops.Transfer;
import dev.bellows.ops.View;
import dev.bellows.ops.Windows;
import java.util.List;
import java.util.function.UnaryOperator;

/** The same memory seen in another way, and copies. */
abstract sealed class TensorViews extends TensorRandom permits TensorMath {
  private Tensor self() {
    return (Tensor) this;
  }

  final int wrap(int dim) {
    int n = self().dim();
    if (n == 0) {
      throw new IndexOutOfBoundsException(
          "Dimension specified as " + dim + " but tensor has no dimensions");
    }
    if (dim < -n || dim >= n) {
      throw new IndexOutOfBoundsException(
          "Dimension out of range (expected to be in range of ["
              + -n
              + ", "
              + (n - 1)
              + "], but got "
              + dim
              + ")");
    }
    return dim < 0 ? dim + n : dim;
  }

  // ---- views

  /** The same memory under another shape; one size may be −1. */
  public final Tensor view(long... shape) {
    return View.of(self(), shape);
  }

  /** The same memory in the shape of another tensor. */
  public final Tensor viewAs(Tensor other) {
    return View.of(self(), other.shape());
  }

  /**
   * The same bits read as another type; the last dimension grows or shrinks by the ratio of sizes.
   * No gradient flows through it.
   *
   * @throws IllegalArgumentException if the last dimension is not contiguous, or does not divide
   */
  public final Tensor view(DType dtype) {
    return Bits.view(self(), dtype);
  }

  /** A view where strides allow it, else a copy under another shape; one size may be −1. */
  public final Tensor reshape(long... shape) {
    return View.reshape(self(), shape);
  }

  /** {@link #reshape} to the shape of another tensor. */
  public final Tensor reshapeAs(Tensor other) {
    return View.reshape(self(), other.shape());
  }

  /** Dimensions in another order. */
  public final Tensor permute(int... order) {
    return Permute.of(self(), order);
  }

  /** Two dimensions exchanged. */
  public final Tensor transpose(int dim0, int dim1) {
    return Permute.transpose(self(), dim0, dim1);
  }

  /**
   * A matrix transposed.
   *
   * @throws IllegalStateException if there are more than 2 dimensions
   */
  public final Tensor t() {
    if (self().dim() > 2) {
      throw new IllegalStateException(
          "t() expects a tensor with <= 2 dimensions, but self is " + self().dim() + "D");
    }
    return self().dim() < 2
        ? View.of(self(), self().strided().sizes())
        : Permute.transpose(self(), 0, 1);
  }

  /**
   * The last two dimensions exchanged: a batch of matrices transposed.
   *
   * @throws IllegalStateException if there are fewer than 2 dimensions
   */
  public final Tensor mT() {
    if (self().dim() < 2) {
      throw new IllegalStateException(
          "tensor.mT is only supported on matrices or batches of matrices. Got "
              + self().dim()
              + "-D tensor.");
    }
    return Permute.transpose(self(), -2, -1);
  }

  /** A dimension moved to another place; the others keep their order. */
  public final Tensor movedim(int source, int destination) {
    return movedim(new int[] {source}, new int[] {destination});
  }

  /** Dimensions moved to other places, one by one; the others keep their order. */
  public final Tensor movedim(int[] source, int[] destination) {
    return Permute.movedim(self(), source, destination);
  }

  /** All dimensions from {@code startDim} on made one; a view where possible. */
  public final Tensor flatten(int startDim) {
    return flatten(startDim, -1);
  }

  /** All dimensions from {@code startDim} to {@code endDim} made one; a view where possible. */
  public final Tensor flatten(int startDim, int endDim) {
    return Reshaping.flatten(self(), startDim, endDim);
  }

  /** All elements in one dimension; a view where possible. */
  public final Tensor flatten() {
    return reshape(-1);
  }

  /** All elements in one dimension; a view where possible. */
  public final Tensor ravel() {
    return reshape(-1);
  }

  /** One dimension made several; one size may be −1. */
  public final Tensor unflatten(int dim, long... sizes) {
    return Reshaping.unflatten(self(), dim, sizes);
  }

  /** Without the named dimensions (all if none) that have size 1. */
  public final Tensor squeeze(int... dims) {
    return Reshaping.squeeze(self(), dims);
  }

  /** With a new dimension of size 1 before {@code dim}. */
  public final Tensor unsqueeze(int dim) {
    return Reshaping.unsqueeze(self(), dim);
  }

  /** Dimensions of size 1 repeated without a copy; −1 keeps a size. */
  public final Tensor expand(long... shape) {
    return Expand.of(self(), shape);
  }

  /** {@link #expand} to the shape of another tensor. */
  public final Tensor expandAs(Tensor other) {
    return Expand.of(self(), other.shape());
  }

  /** {@link #expand}, under the name NumPy uses. */
  public final Tensor broadcastTo(long... shape) {
    return Expand.of(self(), shape);
  }

  /** {@code length} elements of a dimension from {@code start} on. */
  public final Tensor narrow(int dim, long start, long length) {
    return Slice.narrow(self(), dim, start, length);
  }

  /** Elements start, start + step, … below end of a dimension, as Python slices. */
  public final Tensor slice(int dim, long start, long end, long step) {
    return Slice.of(self(), dim, start, end, step);
  }

  /** Elements start to end − 1 of a dimension, as Python slices. */
  public final Tensor slice(int dim, long start, long end) {
    return Slice.of(self(), dim, start, end, 1);
  }

  /** One element of a dimension, which goes away. */
  public final Tensor select(int dim, long index) {
    return Slice.select(self(), dim, index);
  }

  /** Views of {@code size} elements each along a dimension; the last may be smaller. */
  public final List<Tensor> split(long size, int dim) {
    return Splitting.split(self(), size, dim);
  }

  /** Views of the given sizes along a dimension, which they must fill. */
  public final List<Tensor> split(long[] sizes, int dim) {
    return Splitting.split(self(), sizes, dim);
  }

  /** At most {@code chunks} views of equal size along a dimension; the last may be smaller. */
  public final List<Tensor> chunk(int chunks, int dim) {
    return Splitting.chunk(self(), chunks, dim);
  }

  /** Exactly {@code sections} views along a dimension whose sizes differ by at most one. */
  public final List<Tensor> tensorSplit(int sections, int dim) {
    return Splitting.tensorSplit(self(), sections, dim);
  }

  /** Views along a dimension cut before each of the indices. */
  public final List<Tensor> tensorSplit(long[] indices, int dim) {
    return Splitting.tensorSplit(self(), indices, dim);
  }

  /** A view of each element of a dimension, which goes away. */
  public final List<Tensor> unbind(int dim) {
    return Splitting.unbind(self(), dim);
  }

  /** The main diagonal of a matrix. */
  public final Tensor diagonal() {
    return diagonal(0, 0, 1);
  }

  /**
   * A diagonal of two dimensions, which becomes the last dimension.
   *
   * @param offset above (positive) or below the main diagonal
   */
  public final Tensor diagonal(long offset, int dim1, int dim2) {
    return Windows.diagonal(self(), offset, dim1, dim2);
  }

  /**
   * Windows of a dimension as a view: the dimension becomes the number of windows, and a last one
   * of {@code size} is added.
   *
   * @param step from one window to the next
   */
  public final Tensor unfold(int dim, long size, long step) {
    return Windows.unfold(self(), dim, size, step);
  }

  /** Any view of the storage, from this tensor's offset on. */
  public final Tensor asStrided(long[] size, long[] stride) {
    return asStrided(size, stride, self().storageOffset());
  }

  /**
   * Any view of the storage; sizes, strides and offset in elements.
   *
   * @throws IllegalArgumentException if the storage does not hold all of it
   */
  public final Tensor asStrided(long[] size, long[] stride, long offset) {
    return AsStrided.of(self(), size, stride, offset);
  }

  // ---- copies

  /** This if row-major, else a row-major copy. */
  public final Tensor contiguous() {
    return Copy.contiguous(self());
  }

  /** A copy in new memory that keeps the graph. */
  @Override
  public final Tensor clone() {
    return Copy.of(self());
  }

  /** This if of that type, else a converted copy. */
  public final Tensor to(DType dtype) {
    return Copy.to(self(), dtype);
  }

  /** This if of the type of another tensor, else a converted copy. */
  public final Tensor typeAs(Tensor other) {
    return Copy.to(self(), other.dtype());
  }

  /** As FLOAT32: {@code float()} in PyTorch. */
  public final Tensor toFloat() {
    return to(DType.FLOAT32);
  }

  /** As FLOAT64: {@code double()} in PyTorch. */
  public final Tensor toDouble() {
    return to(DType.FLOAT64);
  }

  /** As FLOAT16: {@code half()} in PyTorch. */
  public final Tensor toHalf() {
    return to(DType.FLOAT16);
  }

  /** As BFLOAT16: {@code bfloat16()} in PyTorch. */
  public final Tensor toBFloat16() {
    return to(DType.BFLOAT16);
  }

  /** As INT64: {@code long()} in PyTorch. */
  public final Tensor toLong() {
    return to(DType.INT64);
  }

  /** As INT32: {@code int()} in PyTorch. */
  public final Tensor toInt() {
    return to(DType.INT32);
  }

  /** As BOOL: {@code bool()} in PyTorch. */
  public final Tensor toBool() {
    return to(DType.BOOL);
  }

  /**
   * On a device; this if it is there, else a copy, in this memory order unless that has holes. The
   * gradient of the copy comes back to this one's device.
   *
   * @throws UnsupportedOperationException if the device is not available, saying what was probed
   */
  public final Tensor to(Device device) {
    return Transfer.to(self(), device);
  }

  /** On a device and of a type; this if it is. The type is converted first. */
  public final Tensor to(Device device, DType dtype) {
    return to(dtype).to(device);
  }

  /** On the device and of the type of another tensor; this if it is. */
  public final Tensor to(Tensor other) {
    return to(other.device(), other.dtype());
  }

  /** In the host's memory; this if it is there. */
  public final Tensor cpu() {
    return to(Device.CPU);
  }

  /**
   * On the first GPU.
   *
   * @throws UnsupportedOperationException if there is none, saying what was probed
   */
  public final Tensor cuda() {
    return to(Device.cuda(0));
  }

  /** A copy repeated so many times along each dimension; leading ones are new dimensions. */
  public final Tensor repeat(long... times) {
    return Joining.repeat(self(), times);
  }

  /** {@link #repeat}, where missing leading counts are 1. */
  public final Tensor tile(long... times) {
    return Joining.tile(self(), times);
  }

  /** A copy with the order of some dimensions reversed. */
  public final Tensor flip(int... dims) {
    return Joining.flip(self(), dims);
  }

  /** A copy with columns in reverse order. */
  public final Tensor fliplr() {
    return Joining.flipSides(self(), "fliplr", 1);
  }

  /** A copy with rows in reverse order. */
  public final Tensor flipud() {
    return Joining.flipSides(self(), "flipud", 0);
  }

  /** A copy with all elements moved on in row-major order, the last ones to the front. */
  public final Tensor roll(long shift) {
    return flatten().roll(new long[] {shift}, new int[] {0}).view(self().shape());
  }

  /** A copy with elements moved on along dimensions, the last ones to the front. */
  public final Tensor roll(long[] shifts, int[] dims) {
    return Joining.roll(self(), shifts, dims);
  }

  /** A copy turned by {@code k} times 90 degrees from {@code dim0} towards {@code dim1}. */
  public final Tensor rot90(long k, int dim0, int dim1) {
    return Joining.rot90(self(), k, dim0, dim1);
  }

  /**
   * Overwrites this with a function of it. The function gets a copy where a graph is recorded,
   * since it may save what it gets.
   */
  final Tensor overwrite(String operation, UnaryOperator<Tensor> function) {
    boolean recording = GradMode.isEnabled() && self().requiresGrad();
    Internals.checkInPlace(operation, self(), recording);
    return Copy.into(operation, self(), function.apply(recording ? clone() : self()));
  }
}
