package dev.bellows.tensor;

import dev.bellows.autograd.AccumulateGrad;
import dev.bellows.autograd.Autograd;
import dev.bellows.autograd.Edge;
import dev.bellows.autograd.GradMode;
import dev.bellows.autograd.HookHandle;
import dev.bellows.autograd.Node;
import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.RandomKind;
import dev.bellows.backend.ReduceOp;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.memory.Memory;
import dev.bellows.memory.Shapes;
import dev.bellows.memory.Storage;
import dev.bellows.memory.Strided;
import dev.bellows.ops.Abs;
import dev.bellows.ops.Add;
import dev.bellows.ops.ArgExtremum;
import dev.bellows.ops.Cat;
import dev.bellows.ops.Compare;
import dev.bellows.ops.Copy;
import dev.bellows.ops.Cos;
import dev.bellows.ops.Div;
import dev.bellows.ops.Exp;
import dev.bellows.ops.Expand;
import dev.bellows.ops.Extremum;
import dev.bellows.ops.Gather;
import dev.bellows.ops.Log;
import dev.bellows.ops.LogicalNot;
import dev.bellows.ops.MatMul;
import dev.bellows.ops.Mul;
import dev.bellows.ops.Neg;
import dev.bellows.ops.Permute;
import dev.bellows.ops.Pow;
import dev.bellows.ops.Reciprocal;
import dev.bellows.ops.Reduce;
import dev.bellows.ops.Relu;
import dev.bellows.ops.ScatterAdd;
import dev.bellows.ops.Sigmoid;
import dev.bellows.ops.Sign;
import dev.bellows.ops.Sin;
import dev.bellows.ops.Slice;
import dev.bellows.ops.Softmax;
import dev.bellows.ops.Sqrt;
import dev.bellows.ops.Tanh;
import dev.bellows.ops.Types;
import dev.bellows.ops.View;
import dev.bellows.ops.Where;
import dev.bellows.ops.WithScalar;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * An array of numbers with PyTorch's semantics: views share memory, operations record a graph where
 * an input requires grad, and methods that end in an underscore change the tensor in place.
 *
 * <p>Memory: a tensor is released when the {@link TensorScope} it was made in closes, by {@link
 * #close()}, or some time after it became unreachable. A released tensor throws when used. Tensors
 * are not thread-safe, as in PyTorch; handing one to another thread needs the usual
 * synchronisation.
 *
 * <p>Dimensions may be negative and then count from the end. Operations on two tensors broadcast,
 * and bring both to one element type ({@link Types#promote}).
 */
public class Tensor implements AutoCloseable {
  private final Strided strided;
  private TensorScope scope;
  private Handles.Ref ref;
  private boolean released;
  private boolean view;
  private Tensor viewBase;
  private Node viewBaseFn;
  private boolean pinned;

  private boolean requiresGrad;
  private Tensor grad;
  private Node gradFn;
  private int outputIndex;
  private boolean retainsGrad;
  private AccumulateGrad accumulator;

  /** Takes over one reference to the array's storage. */
  Tensor(Strided strided) {
    this.strided = strided;
    this.scope = TensorScope.current();
    if (scope == null) {
      this.ref = Handles.track(this, strided.storage());
    } else {
      scope.add(this);
    }
  }

  /** A new handle on the memory of another tensor, outside any graph and any scope. */
  protected Tensor(Tensor source) {
    this.strided = source.strided();
    strided.storage().retain();
    this.ref = Handles.track(this, strided.storage());
  }

  // ---- factories

  /** FLOAT32, 1-d, copied from an array. */
  public static Tensor of(float[] values) {
    return of(values, values.length);
  }

  /** FLOAT32 of a shape (none: a scalar), copied from a row-major array. */
  public static Tensor of(float[] values, long... shape) {
    return fromArray(DType.FLOAT32, values, values.length, shape);
  }

  /** FLOAT64, 1-d, copied from an array. */
  public static Tensor of(double[] values) {
    return of(values, values.length);
  }

  /** FLOAT64 of a shape (none: a scalar), copied from a row-major array. */
  public static Tensor of(double[] values, long... shape) {
    return fromArray(DType.FLOAT64, values, values.length, shape);
  }

  /** INT64, 1-d, copied from an array. */
  public static Tensor of(long[] values) {
    return of(values, values.length);
  }

  /** INT64 of a shape (none: a scalar), copied from a row-major array. */
  public static Tensor of(long[] values, long... shape) {
    return fromArray(DType.INT64, values, values.length, shape);
  }

  /** INT32, 1-d, copied from an array. */
  public static Tensor of(int[] values) {
    return of(values, values.length);
  }

  /** INT32 of a shape (none: a scalar), copied from a row-major array. */
  public static Tensor of(int[] values, long... shape) {
    return fromArray(DType.INT32, values, values.length, shape);
  }

  /** UINT8, 1-d, copied from an array. */
  public static Tensor of(byte[] values) {
    return of(values, values.length);
  }

  /** UINT8 of a shape (none: a scalar), copied from a row-major array. */
  public static Tensor of(byte[] values, long... shape) {
    return fromArray(DType.UINT8, values, values.length, shape);
  }

  /** BOOL, 1-d, copied from an array. */
  public static Tensor of(boolean[] values) {
    return of(values, values.length);
  }

  /** BOOL of a shape (none: a scalar), copied from a row-major array. */
  public static Tensor of(boolean[] values, long... shape) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) (values[i] ? 1 : 0);
    }
    return fromArray(DType.BOOL, bytes, values.length, shape);
  }

  private static Tensor fromArray(DType dtype, Object values, long length, long... shape) {
    long[] sizes = shape.clone();
    checkSizes(sizes);
    if (Shapes.numel(sizes) != length) {
      throw new IllegalArgumentException(
          "shape '" + Arrays.toString(sizes) + "' is invalid for input of size " + length);
    }
    Tensor out = Internals.allocate(dtype, sizes);
    Memory.copyFromArray(values, out.strided.address(), length * dtype.bytes());
    return out;
  }

  private static void checkSizes(long... sizes) {
    for (long size : sizes) {
      if (size < 0) {
        throw new IllegalArgumentException(
            "Trying to create tensor with negative dimension "
                + size
                + ": "
                + Arrays.toString(sizes));
      }
    }
  }

  /** A tensor without dimensions. */
  public static Tensor scalar(double value, DType dtype) {
    return full(value, dtype);
  }

  /** Memory of undefined content. */
  public static Tensor empty(DType dtype, long... shape) {
    checkSizes(shape);
    return Internals.allocate(dtype, shape.clone());
  }

  /** FLOAT32 memory of undefined content. */
  public static Tensor empty(long... shape) {
    return empty(DType.FLOAT32, shape);
  }

  /** All elements the same. */
  public static Tensor full(double value, DType dtype, long... shape) {
    Tensor out = empty(dtype, shape);
    Internals.kernels(out).fill(out.strided, value);
    return out;
  }

  /** Zeros. */
  public static Tensor zeros(DType dtype, long... shape) {
    return full(0, dtype, shape);
  }

  /** FLOAT32 zeros. */
  public static Tensor zeros(long... shape) {
    return zeros(DType.FLOAT32, shape);
  }

  /** Ones. */
  public static Tensor ones(DType dtype, long... shape) {
    return full(1, dtype, shape);
  }

  /** FLOAT32 ones. */
  public static Tensor ones(long... shape) {
    return ones(DType.FLOAT32, shape);
  }

  /** Undefined content of another tensor's type, shape and memory order. */
  public static Tensor emptyLike(Tensor like) {
    return Internals.allocateLike(like.dtype(), like.strided());
  }

  /** Zeros of another tensor's type, shape and memory order. */
  public static Tensor zerosLike(Tensor like) {
    return fullLike(like, 0);
  }

  /** Ones of another tensor's type, shape and memory order. */
  public static Tensor onesLike(Tensor like) {
    return fullLike(like, 1);
  }

  private static Tensor fullLike(Tensor like, double value) {
    Tensor out = emptyLike(like);
    Internals.kernels(out).fill(out.strided, value);
    return out;
  }

  /** INT64 0, 1, …, n − 1. */
  public static Tensor arange(long n) {
    checkSizes(n);
    Tensor out = empty(DType.INT64, n);
    for (long i = 0; i < n; i++) {
      Memory.putLong(out.strided.address() + 8 * i, i);
    }
    return out;
  }

  /** Uniform in [0, 1). */
  public static Tensor rand(Generator generator, DType dtype, long... shape) {
    return empty(dtype, shape).random(RandomKind.UNIFORM, generator, 0, 1);
  }

  /** Normal with mean 0 and standard deviation 1. */
  public static Tensor randn(Generator generator, DType dtype, long... shape) {
    return empty(dtype, shape).random(RandomKind.NORMAL, generator, 0, 1);
  }

  /**
   * The memory of a direct buffer, shared and kept alive, from its position on; native byte order.
   */
  public static Tensor wrap(ByteBuffer direct, DType dtype, long... shape) {
    checkSizes(shape);
    long bytes = Math.multiplyExact(Shapes.numel(shape), (long) dtype.bytes());
    if (bytes > direct.remaining()) {
      throw new IllegalArgumentException(
          "wrap: buffer must hold the shape; got "
              + direct.remaining()
              + " bytes for "
              + dtype
              + Arrays.toString(shape)
              + " of "
              + bytes);
    }
    long[] sizes = shape.clone();
    return new Tensor(
        new Strided(Storage.wrap(direct), dtype, sizes, Shapes.contiguousStrides(sizes), 0));
  }

  /** Tensors one after the other along an existing dimension. */
  public static Tensor cat(List<Tensor> tensors, int dim) {
    return Cat.of(tensors, dim);
  }

  /** Tensors one after the other along a new dimension. */
  public static Tensor stack(List<Tensor> tensors, int dim) {
    return Cat.of(tensors.stream().map(t -> t.unsqueeze(dim)).toList(), dim);
  }

  /** condition ? a : b; condition is BOOL. */
  public static Tensor where(Tensor condition, Tensor a, Tensor b) {
    return Where.of(condition, a, b);
  }

  // ---- what it is

  /** The array as kernels see it. Throws if this tensor was released. */
  public final Strided strided() {
    if (released) {
      throw new IllegalStateException(
          "tensor: must not be used after its release (close(), or the end of its TensorScope; retain()"
              + " keeps it longer); got "
              + strided.dtype()
              + Arrays.toString(strided.sizes()));
    }
    return strided;
  }

  /** A copy of the sizes. */
  public final long[] shape() {
    return strided.sizes().clone();
  }

  /** Size of one dimension. */
  public final long size(int dim) {
    return strided.size(wrap(dim));
  }

  /** Number of dimensions. */
  public final int dim() {
    return strided.dim();
  }

  /** Number of elements. */
  public final long numel() {
    return strided.numel();
  }

  /** Element type. */
  public final DType dtype() {
    return strided.dtype();
  }

  /** Where the memory is. */
  public final Device device() {
    return Device.CPU;
  }

  /** A copy of the strides, in elements. */
  public final long[] strides() {
    return strided.strides().clone();
  }

  /** Index of the first element in the storage. */
  public final long storageOffset() {
    return strided.offset();
  }

  /** The memory shared with views. */
  public final Storage storage() {
    return strided().storage();
  }

  /** Whether elements lie in row-major order. */
  public final boolean isContiguous() {
    return strided.isContiguous();
  }

  /** Whether this was made as a view of another tensor. */
  public final boolean isView() {
    return view;
  }

  private int wrap(int dim) {
    int n = strided.dim();
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

  // ---- to Java

  /**
   * The only element, as a double.
   *
   * @throws IllegalStateException if there is not exactly one
   */
  public final double item() {
    checkOne();
    try (Tensor t = hostCopy(DType.FLOAT64)) {
      return Memory.getDouble(t.strided.address());
    }
  }

  /** The only element of an integer tensor. */
  public final long itemLong() {
    checkOne();
    try (Tensor t = hostCopy(DType.INT64)) {
      return Memory.getLong(t.strided.address());
    }
  }

  private void checkOne() {
    if (numel() != 1) {
      throw new IllegalStateException(
          "a Tensor with " + numel() + " elements cannot be converted to Scalar");
    }
  }

  private Tensor hostCopy(DType dtype) {
    Tensor out = Internals.allocate(dtype, strided().sizes());
    Internals.kernels(this).copy(strided, out.strided);
    Reference.reachabilityFence(this);
    return out;
  }

  private <T> T toArray(DType dtype, T array) {
    try (Tensor t = hostCopy(dtype)) {
      Memory.copyToArray(t.strided.address(), array, numel() * dtype.bytes());
    }
    return array;
  }

  /**
   * The memory of this as a direct buffer in native byte order, shared: the caller keeps this
   * tensor for as long as it uses the buffer.
   *
   * @throws IllegalStateException if elements are not in row-major order, or the storage is larger
   *     than a buffer can be
   */
  public final ByteBuffer byteBuffer() {
    Strided s = strided();
    ByteBuffer whole = s.storage().block().buffer();
    if (!s.isContiguous() || whole == null) {
      throw new IllegalStateException(
          "byteBuffer: tensor must be contiguous and its storage below 2 GiB; got " + s);
    }
    int bytes = Math.toIntExact(numel() * dtype().bytes());
    return whole.slice(Math.toIntExact(s.byteOffset()), bytes).order(ByteOrder.nativeOrder());
  }

  /** Elements in row-major order, converted to float. */
  public final float[] toFloatArray() {
    return toArray(DType.FLOAT32, new float[Math.toIntExact(numel())]);
  }

  /** Elements in row-major order, converted to double. */
  public final double[] toDoubleArray() {
    return toArray(DType.FLOAT64, new double[Math.toIntExact(numel())]);
  }

  /** Elements in row-major order, converted to long. */
  public final long[] toLongArray() {
    return toArray(DType.INT64, new long[Math.toIntExact(numel())]);
  }

  /** Elements in row-major order, true where not 0. */
  public final boolean[] toBooleanArray() {
    byte[] bytes = toArray(DType.BOOL, new byte[Math.toIntExact(numel())]);
    boolean[] out = new boolean[bytes.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = bytes[i] != 0;
    }
    return out;
  }

  @Override
  public String toString() {
    return Printer.print(this);
  }

  // ---- views and copies

  /** The same memory under another shape; one size may be −1. */
  public final Tensor view(long... shape) {
    return View.of(this, shape);
  }

  /** A view where strides allow it, else a copy under another shape. */
  public final Tensor reshape(long... shape) {
    return View.reshape(this, shape);
  }

  /** Dimensions in another order. */
  public final Tensor permute(int... order) {
    return Permute.of(this, order);
  }

  /** Two dimensions exchanged. */
  public final Tensor transpose(int dim0, int dim1) {
    return Permute.transpose(this, dim0, dim1);
  }

  /**
   * A matrix transposed.
   *
   * @throws IllegalStateException if there are more than 2 dimensions
   */
  public final Tensor t() {
    if (dim() > 2) {
      throw new IllegalStateException(
          "t() expects a tensor with <= 2 dimensions, but self is " + dim() + "D");
    }
    return dim() < 2 ? View.of(this, strided().sizes()) : Permute.transpose(this, 0, 1);
  }

  /** All dimensions from {@code startDim} on made one. */
  public final Tensor flatten(int startDim) {
    if (dim() == 0) {
      return reshape(1);
    }
    int start = wrap(startDim);
    long[] shape = Arrays.copyOf(strided.sizes(), start + 1);
    for (int d = start + 1; d < dim(); d++) {
      shape[start] *= strided.size(d);
    }
    return reshape(shape);
  }

  /** Without one dimension if it has size 1, else as it is. */
  public final Tensor squeeze(int dim) {
    if (dim() == 0) {
      return this;
    }
    int d = wrap(dim);
    if (strided().size(d) != 1) {
      return this;
    }
    long[] shape = new long[dim() - 1];
    for (int i = 0, j = 0; i < dim(); i++) {
      if (i != d) {
        shape[j++] = strided.size(i);
      }
    }
    return View.of(this, shape);
  }

  /** With a new dimension of size 1 before {@code dim}. */
  public final Tensor unsqueeze(int dim) {
    int n = dim() + 1;
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
    int d = dim < 0 ? dim + n : dim;
    long[] shape = new long[n];
    for (int i = 0; i < n; i++) {
      shape[i] = i == d ? 1 : strided().size(i < d ? i : i - 1);
    }
    return View.of(this, shape);
  }

  /** Dimensions of size 1 repeated without a copy; −1 keeps a size. */
  public final Tensor expand(long... shape) {
    return Expand.of(this, shape);
  }

  /** {@code length} elements of a dimension from {@code start} on. */
  public final Tensor narrow(int dim, long start, long length) {
    return Slice.narrow(this, dim, start, length);
  }

  /** Elements start, start + step, … below end of a dimension, as Python slices. */
  public final Tensor slice(int dim, long start, long end, long step) {
    return Slice.of(this, dim, start, end, step);
  }

  /** One element of a dimension, which goes away. */
  public final Tensor select(int dim, long index) {
    return Slice.select(this, dim, index);
  }

  /** This if row-major, else a row-major copy. */
  public final Tensor contiguous() {
    return Copy.contiguous(this);
  }

  /** A copy in new memory that keeps the graph ({@code clone} in PyTorch). */
  public final Tensor copy() {
    return Copy.of(this);
  }

  /** This if of that type, else a converted copy. */
  public final Tensor to(DType dtype) {
    return Copy.to(this, dtype);
  }

  // ---- arithmetic

  /** this + other. */
  public final Tensor add(Tensor other) {
    DType type = Types.promote(this, other);
    return Add.of(to(type), other.to(type), 1);
  }

  /** this + other. */
  public final Tensor add(double other) {
    return WithScalar.of(BinaryOp.ADD, promoted(other), other);
  }

  /** this − other. */
  public final Tensor sub(Tensor other) {
    DType type = Types.promote(this, other);
    return Add.of(to(type), other.to(type), -1);
  }

  /** this − other. */
  public final Tensor sub(double other) {
    return WithScalar.of(BinaryOp.SUB, promoted(other), other);
  }

  /** this · other. */
  public final Tensor mul(Tensor other) {
    DType type = Types.promote(this, other);
    return Mul.of(to(type), other.to(type));
  }

  /** this · other. */
  public final Tensor mul(double other) {
    return WithScalar.of(BinaryOp.MUL, promoted(other), other);
  }

  /** this / other; integers are divided as FLOAT32. */
  public final Tensor div(Tensor other) {
    DType type = Types.promote(this, other);
    type = type.isFloatingPoint() ? type : DType.FLOAT32;
    return Div.of(to(type), other.to(type));
  }

  /** this / other; integers are divided as FLOAT32. */
  public final Tensor div(double other) {
    return WithScalar.of(BinaryOp.DIV, floating(), other);
  }

  /** this to the power of other. */
  public final Tensor pow(Tensor other) {
    DType type = Types.promote(this, other);
    return Pow.of(to(type), other.to(type));
  }

  /** this to the power of other. */
  public final Tensor pow(double other) {
    return WithScalar.of(BinaryOp.POW, promoted(other), other);
  }

  /** The larger of each two elements; NaN if either is. */
  public final Tensor maximum(Tensor other) {
    DType type = Types.promote(this, other);
    return Extremum.maximum(to(type), other.to(type));
  }

  /** The larger of each two elements; NaN if either is. */
  public final Tensor maximum(double other) {
    return WithScalar.of(BinaryOp.MAXIMUM, promoted(other), other);
  }

  /** The smaller of each two elements; NaN if either is. */
  public final Tensor minimum(Tensor other) {
    DType type = Types.promote(this, other);
    return Extremum.minimum(to(type), other.to(type));
  }

  /** The smaller of each two elements; NaN if either is. */
  public final Tensor minimum(double other) {
    return WithScalar.of(BinaryOp.MINIMUM, promoted(other), other);
  }

  private Tensor promoted(double scalar) {
    return dtype().isFloatingPoint() || (isWhole(scalar) && dtype() != DType.BOOL)
        ? this
        : to(DType.FLOAT32);
  }

  private static boolean isWhole(double scalar) {
    return scalar == Math.rint(scalar) && !Double.isInfinite(scalar);
  }

  private Tensor floating() {
    return dtype().isFloatingPoint() ? this : to(DType.FLOAT32);
  }

  /** −this. */
  public final Tensor neg() {
    return Neg.of(this);
  }

  /** |this|. */
  public final Tensor abs() {
    return Abs.of(this);
  }

  /** −1, 0 or 1. */
  public final Tensor sign() {
    return Sign.of(this);
  }

  /** e to the power of this. */
  public final Tensor exp() {
    return Exp.of(floating());
  }

  /** Natural logarithm. */
  public final Tensor log() {
    return Log.of(floating());
  }

  /** Square root. */
  public final Tensor sqrt() {
    return Sqrt.of(floating());
  }

  /** 1 / this. */
  public final Tensor reciprocal() {
    return Reciprocal.of(floating());
  }

  /** Hyperbolic tangent. */
  public final Tensor tanh() {
    return Tanh.of(floating());
  }

  /** 1 / (1 + e⁻ˣ). */
  public final Tensor sigmoid() {
    return Sigmoid.of(floating());
  }

  /** Sine. */
  public final Tensor sin() {
    return Sin.of(floating());
  }

  /** Cosine. */
  public final Tensor cos() {
    return Cos.of(floating());
  }

  /** max(this, 0). */
  public final Tensor relu() {
    return Relu.of(this);
  }

  /** Matrix product, as {@code torch.matmul}. */
  public final Tensor matmul(Tensor other) {
    return MatMul.of(this, other);
  }

  // ---- comparisons

  /** BOOL: whether this equals other. */
  public final Tensor eq(Tensor other) {
    return compare(BinaryOp.EQ, other);
  }

  /** BOOL: whether this equals other. */
  public final Tensor eq(double other) {
    return WithScalar.of(BinaryOp.EQ, promoted(other), other);
  }

  /** BOOL: whether this does not equal other. */
  public final Tensor ne(Tensor other) {
    return compare(BinaryOp.NE, other);
  }

  /** BOOL: whether this does not equal other. */
  public final Tensor ne(double other) {
    return WithScalar.of(BinaryOp.NE, promoted(other), other);
  }

  /** BOOL: whether this is less than other. */
  public final Tensor lt(Tensor other) {
    return compare(BinaryOp.LT, other);
  }

  /** BOOL: whether this is less than other. */
  public final Tensor lt(double other) {
    return WithScalar.of(BinaryOp.LT, promoted(other), other);
  }

  /** BOOL: whether this is at most other. */
  public final Tensor le(Tensor other) {
    return compare(BinaryOp.LE, other);
  }

  /** BOOL: whether this is at most other. */
  public final Tensor le(double other) {
    return WithScalar.of(BinaryOp.LE, promoted(other), other);
  }

  /** BOOL: whether this is greater than other. */
  public final Tensor gt(Tensor other) {
    return compare(BinaryOp.GT, other);
  }

  /** BOOL: whether this is greater than other. */
  public final Tensor gt(double other) {
    return WithScalar.of(BinaryOp.GT, promoted(other), other);
  }

  /** BOOL: whether this is at least other. */
  public final Tensor ge(Tensor other) {
    return compare(BinaryOp.GE, other);
  }

  /** BOOL: whether this is at least other. */
  public final Tensor ge(double other) {
    return WithScalar.of(BinaryOp.GE, promoted(other), other);
  }

  private Tensor compare(BinaryOp op, Tensor other) {
    DType type = Types.promote(this, other);
    return Compare.of(op, to(type), other.to(type));
  }

  /** BOOL: whether this is 0. */
  public final Tensor logicalNot() {
    return LogicalNot.of(this);
  }

  // ---- reductions

  /** Sum of all elements. */
  public final Tensor sum() {
    return sum(false);
  }

  /** Sum over dimensions, all if none are named. */
  public final Tensor sum(boolean keepDim, int... dims) {
    return Reduce.of(ReduceOp.SUM, this, keepDim, dims);
  }

  /** Mean of all elements. */
  public final Tensor mean() {
    return mean(false);
  }

  /** Mean over dimensions, all if none are named; floating point only. */
  public final Tensor mean(boolean keepDim, int... dims) {
    if (!dtype().isFloatingPoint()) {
      throw new IllegalArgumentException(
          "mean(): could not infer output dtype. Input dtype must be a floating point; got "
              + dtype());
    }
    try (Tensor sum = sum(keepDim, dims)) {
      double count = sum.numel() == 0 ? 1 : (double) numel() / sum.numel();
      return sum.div(count);
    }
  }

  /** Largest over dimensions, all if none are named. */
  public final Tensor amax(boolean keepDim, int... dims) {
    return Reduce.of(ReduceOp.MAX, this, keepDim, dims);
  }

  /** Smallest over dimensions, all if none are named. */
  public final Tensor amin(boolean keepDim, int... dims) {
    return Reduce.of(ReduceOp.MIN, this, keepDim, dims);
  }

  /** BOOL: whether all elements are not 0. */
  public final Tensor all() {
    return Reduce.of(ReduceOp.ALL, this, false);
  }

  /** BOOL: whether any element is not 0. */
  public final Tensor any() {
    return Reduce.of(ReduceOp.ANY, this, false);
  }

  /** Index of the largest along a dimension, the first of equals. */
  public final Tensor argmax(int dim, boolean keepDim) {
    return ArgExtremum.of(true, this, dim, keepDim);
  }

  /** Index of the smallest along a dimension, the first of equals. */
  public final Tensor argmin(int dim, boolean keepDim) {
    return ArgExtremum.of(false, this, dim, keepDim);
  }

  /** eˣ / Σ eˣ along a dimension. */
  public final Tensor softmax(int dim) {
    return Softmax.of(this, dim, false);
  }

  /** Logarithm of {@link #softmax}, computed without overflow. */
  public final Tensor logSoftmax(int dim) {
    return Softmax.of(this, dim, true);
  }

  // ---- indexing

  /** out[i][j] = this[index[i][j]][j] for dim 0 and so on. */
  public final Tensor gather(int dim, Tensor index) {
    return Gather.of(this, dim, index);
  }

  /** A copy with out[index[i][j]][j] += src[i][j] for dim 0 and so on. */
  public final Tensor scatterAdd(int dim, Tensor index, Tensor src) {
    return ScatterAdd.of(this, dim, index, src);
  }

  /** The elements of a dimension that a 1-d INT64 index names, in its order. */
  public final Tensor indexSelect(int dim, Tensor index) {
    int d = wrap(dim);
    if (index.dim() != 1) {
      throw new IllegalArgumentException(
          "indexSelect: Index is supposed to be a vector; got " + Arrays.toString(index.shape()));
    }
    long[] ones = new long[dim()];
    Arrays.fill(ones, 1);
    ones[d] = index.numel();
    long[] sizes = shape();
    sizes[d] = index.numel();
    return gather(d, index.reshape(ones).expand(sizes));
  }

  // ---- in place

  /** The other operand in this type, where the result of both fits into it. */
  private Tensor operand(String operation, Tensor other) {
    DType result = Types.promote(this, other);
    if (operation.equals("div_") && !result.isFloatingPoint()) {
      result = DType.FLOAT32;
    }
    checkResult(operation, result);
    return other.to(dtype());
  }

  private void checkOperand(String operation, double other) {
    boolean whole = isWhole(other) && !operation.equals("div_");
    checkResult(operation, whole || dtype().isFloatingPoint() ? dtype() : DType.FLOAT32);
  }

  private void checkResult(String operation, DType result) {
    if (result.isFloatingPoint() && !dtype().isFloatingPoint()
        || result != DType.BOOL && dtype() == DType.BOOL) {
      throw new IllegalArgumentException(
          operation
              + ": result type "
              + result
              + " can't be cast to the desired output type "
              + dtype());
    }
  }

  /** this += other. */
  public final Tensor add_(Tensor other) {
    return Add.inPlace(this, operand("add_", other), 1);
  }

  /** this += alpha · other. */
  public final Tensor add_(Tensor other, double alpha) {
    return Add.inPlace(this, operand("add_", other), alpha);
  }

  /** this −= other. */
  public final Tensor sub_(Tensor other) {
    return Add.inPlace(this, operand("sub_", other), -1);
  }

  /** this ·= other. */
  public final Tensor mul_(Tensor other) {
    return Mul.inPlace(this, operand("mul_", other));
  }

  /** this /= other. */
  public final Tensor div_(Tensor other) {
    return Div.inPlace(this, operand("div_", other));
  }

  /** this += other. */
  public final Tensor add_(double other) {
    checkOperand("add_", other);
    return WithScalar.inPlace(BinaryOp.ADD, this, other);
  }

  /** this −= other. */
  public final Tensor sub_(double other) {
    checkOperand("sub_", other);
    return WithScalar.inPlace(BinaryOp.SUB, this, other);
  }

  /** this ·= other. */
  public final Tensor mul_(double other) {
    checkOperand("mul_", other);
    return WithScalar.inPlace(BinaryOp.MUL, this, other);
  }

  /** this /= other. */
  public final Tensor div_(double other) {
    checkOperand("div_", other);
    return WithScalar.inPlace(BinaryOp.DIV, this, other);
  }

  /** Overwrites every element with other's, broadcast and converted. */
  public final Tensor copy_(Tensor other) {
    return Copy.into(this, other);
  }

  /** Overwrites every element with one value. */
  public final Tensor fill_(double value) {
    try (Tensor source = scalar(value, dtype())) {
      return Copy.into(this, source);
    }
  }

  /** Overwrites every element with 0. */
  public final Tensor zero_() {
    return fill_(0);
  }

  /** Overwrites every element with a uniform number in [from, to). */
  public final Tensor uniform_(Generator generator, double from, double to) {
    return random(RandomKind.UNIFORM, generator, from, to);
  }

  /** Overwrites every element with a normal number. */
  public final Tensor normal_(Generator generator, double mean, double std) {
    return random(RandomKind.NORMAL, generator, mean, std);
  }

  private Tensor random(RandomKind kind, Generator generator, double a, double b) {
    if (!dtype().isFloatingPoint()) {
      throw new IllegalArgumentException("random: dtype must be floating point; got " + dtype());
    }
    Internals.checkInPlace("random", this);
    if (requiresGrad() && GradMode.isEnabled()) {
      try (Tensor numbers = emptyLike(this).random(kind, generator, a, b)) {
        return copy_(numbers);
      }
    }
    strided().storage().bumpVersion();
    Internals.kernels(this).random(kind, generator.nextKey(), a, b, strided);
    Reference.reachabilityFence(this);
    return this;
  }

  // ---- gradients

  /** Whether operations on this record a graph. */
  public final boolean requiresGrad() {
    return requiresGrad || gradFn != null;
  }

  /**
   * Makes a leaf require grad, or no longer.
   *
   * @throws IllegalStateException if it is not a leaf, or not floating point
   */
  public final Tensor setRequiresGrad(boolean required) {
    if (gradFn != null) {
      if (!required) {
        throw new IllegalStateException(
            "you can only change requires_grad flags of leaf variables. If you want to use a computed"
                + " variable in a subgraph that doesn't require differentiation use detach().");
      }
      return this;
    }
    if (required && !dtype().isFloatingPoint()) {
      throw new IllegalStateException(
          "only Tensors of floating point dtype can require gradients; got " + dtype());
    }
    requiresGrad = required;
    return this;
  }

  /** The accumulated gradient of a leaf, or null. */
  public final Tensor grad() {
    return grad;
  }

  /** Replaces the gradient; null for none. The one before is left to the open scope, if any. */
  public final void setGrad(Tensor newGrad) {
    if (newGrad != null
        && (newGrad.dtype() != dtype()
            || !Arrays.equals(newGrad.strided().sizes(), strided.sizes()))) {
      throw new IllegalArgumentException(
          "setGrad: assigned grad must have the tensor's dtype and shape; got "
              + newGrad.strided()
              + " for "
              + strided);
    }
    if (grad != null && grad != newGrad) {
      grad.joinScope();
    }
    grad = newGrad == null ? null : newGrad.keep();
  }

  /** The node that made this, or null for a leaf. */
  public final Node gradFn() {
    return gradFn;
  }

  /** Whether no operation of a graph made this. */
  public final boolean isLeaf() {
    return gradFn == null;
  }

  /** Lets a tensor that is no leaf keep its gradient too. */
  public final void retainGrad() {
    if (!requiresGrad()) {
      throw new IllegalStateException("can't retain_grad on Tensor that has requires_grad=False");
    }
    if (gradFn != null && !retainsGrad) {
      retainsGrad = true;
      gradFn.addHook(
          outputIndex,
          g -> {
            setGrad(grad == null ? g.copy() : grad.add(g));
            g.close();
            return null;
          });
    }
  }

  /** The same memory outside the graph. */
  public final Tensor detach() {
    return Internals.view(this, strided().sizes(), strided.strides(), strided.offset());
  }

  /** Adds the gradient of this one element to {@link #grad()} of every leaf it depends on. */
  public final void backward() {
    backward(null);
  }

  /** As {@link #backward()}, from a given gradient of this tensor's shape. */
  public final void backward(Tensor gradient) {
    backward(gradient, false, false);
  }

  /** As {@link Autograd#backward}, from this tensor alone. */
  public final void backward(Tensor gradient, boolean retainGraph, boolean createGraph) {
    Autograd.backward(
        List.of(this), gradient == null ? null : List.of(gradient), retainGraph, createGraph);
  }

  /** Adds a function that sees, and may replace (by not answering null), the gradient of this. */
  public final HookHandle registerHook(UnaryOperator<Tensor> hook) {
    if (!requiresGrad()) {
      throw new IllegalStateException(
          "cannot register a hook on a tensor that doesn't require gradient");
    }
    Edge edge = gradEdge();
    return edge.node().addHook(edge.output(), hook);
  }

  /** Adds a function that is called with this leaf after each accumulation into its gradient. */
  public final HookHandle registerPostAccumulateGradHook(Consumer<Tensor> hook) {
    if (!requiresGrad() || !isLeaf()) {
      throw new IllegalStateException(
          "post accumulate grad hooks cannot be registered on non-leaf tensors");
    }
    return ((AccumulateGrad) gradEdge().node()).addPostHook(hook);
  }

  final Edge gradEdge() {
    checkView();
    if (gradFn != null) {
      return new Edge(gradFn, outputIndex);
    }
    if (!requiresGrad) {
      return Edge.NONE;
    }
    if (accumulator == null) {
      accumulator = new AccumulateGrad(this);
    }
    return new Edge(accumulator, 0);
  }

  final void setGradFn(Node node, int output) {
    gradFn = node;
    outputIndex = output;
  }

  final void copyGraphPosition(Tensor other) {
    gradFn = other.gradFn;
    outputIndex = other.outputIndex;
    if (gradFn == null && other.requiresGrad) {
      requiresGrad = true;
      accumulator = (AccumulateGrad) other.gradEdge().node();
    }
  }

  final void markView() {
    view = true;
  }

  /** Remembers the tensor this views and where in the graph it was. */
  final void setViewBase(Tensor viewed) {
    viewBase = viewed.viewBase == null ? viewed : viewed.viewBase;
    viewBaseFn = viewBase.gradFn;
  }

  final boolean hasViewBase() {
    return viewBase != null;
  }

  /**
   * Checks that the tensor this views is still where it was in the graph.
   *
   * @throws IllegalStateException if it was changed in place since, which this knows nothing of
   */
  final void checkView() {
    if (viewBase != null && viewBase.gradFn != viewBaseFn) {
      throw new IllegalStateException(
          "view: the base of this view was changed in place by a recorded operation after the view"
              + " was made; make the view again; got "
              + strided.dtype()
              + Arrays.toString(strided.sizes())
              + " of a base at "
              + viewBase.gradFn);
    }
  }

  // ---- lifetime

  /** Releases this handle now; the memory goes back when no view or graph uses it any more. */
  @Override
  public final void close() {
    if (released) {
      return;
    }
    released = true;
    if (ref != null && !Handles.untrack(ref)) {
      return;
    }
    strided.storage().release();
  }

  /** Keeps this beyond the end of its scope, and answers it. */
  public final Tensor retain() {
    keep();
    pinned = true;
    return this;
  }

  /**
   * Takes this out of its scope; as long as nobody called {@link #retain()} it may join another.
   */
  private Tensor keep() {
    strided();
    leaveScope();
    if (ref == null) {
      ref = Handles.track(this, strided.storage());
    }
    return this;
  }

  /** Whether this was released. */
  public final boolean isReleased() {
    return released;
  }

  final void leaveScope() {
    scope = null;
  }

  /** Hands a kept tensor to the open scope, if there is one and nobody else keeps it. */
  private void joinScope() {
    TensorScope open = TensorScope.current();
    if (!released && !pinned && scope == null && open != null) {
      scope = open;
      open.add(this);
    }
  }

  final void closeWithScope(TensorScope closing) {
    if (scope == closing) {
      close();
    }
  }
}
