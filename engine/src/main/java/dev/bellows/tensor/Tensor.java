package dev.bellows.tensor;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.Autograd;
import dev.bellows.autograd.GradMode;
import dev.bellows.autograd.GraphPosition;
import dev.bellows.autograd.HookHandle;
import dev.bellows.autograd.Node;
import dev.bellows.backend.Devices;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.memory.Memory;
import dev.bellows.memory.Storage;
import dev.bellows.memory.Strided;
import dev.bellows.ops.Arithmetic;
import dev.bellows.ops.Cat;
import dev.bellows.ops.Contractions;
import dev.bellows.ops.Copy;
import dev.bellows.ops.Einsum;
import dev.bellows.ops.Joining;
import dev.bellows.ops.Masks;
import dev.bellows.ops.MatMul;
import dev.bellows.ops.Products;
import dev.bellows.ops.Sampling;
import dev.bellows.ops.Types;
import dev.bellows.ops.Where;
import java.lang.ref.Reference;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Objects;
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
 *
 * <p>Operations are inherited from a generated class. All static methods are declared here: Scala
 * and reflection do not find statics that are inherited from classes that are not public.
 */
public non-sealed class Tensor extends TensorMethods implements AutoCloseable {
  private Strided strided;
  private TensorScope scope;
  private Handles.Ref ref;
  private boolean released;
  private boolean pinned;
  private final boolean inference;

  private GraphPosition graph; // null for a tensor that no graph knows and that is no view

  /** Takes over one reference to the array's storage. */
  Tensor(Strided strided) {
    this(strided, GradMode.isInference());
  }

  /** Takes over one reference to the array's storage. */
  Tensor(Strided strided, boolean inference) {
    this.strided = strided;
    this.inference = inference;
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
    this.inference = false;
    strided.storage().retain();
    this.ref = Handles.track(this, strided.storage());
  }

  // ---- what it is

  private int wrap(int dim) {
    int n = dim();
    if (n == 0) {
      throw new IndexOutOfBoundsException(
          "Dimension specified as " + dim + " but tensor has no dimensions");
    }
    if (dim < -n || dim >= n) {
      throw new IndexOutOfBoundsException(
          message(
              "Dimension out of range (expected to be in range of [%s, %s], but got %s)",
              -n, n - 1, dim));
    }
    return dim < 0 ? dim + n : dim;
  }

  /** The array as kernels see it. Throws if this tensor was released. */
  public final Strided strided() {
    if (released) {
      throw new IllegalStateException(
          message(
              "tensor: must not be used after its release (close(), or the end of its TensorScope;"
                  + " retain() keeps it longer); got %s%s",
              strided.dtype(), strided.sizes()));
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
    return strided.device();
  }

  /** A copy of the strides, in elements. */
  public final long[] strides() {
    return strided.strides().clone();
  }

  /** Index of the first element in the storage. */
  public final long storageOffset() {
    return strided.offset();
  }

  /** The stride of one dimension, in elements. */
  public final long stride(int dim) {
    return strided.stride(wrap(dim));
  }

  /**
   * Address of the first element, as the tensor's device knows it. It stays valid for as long as
   * this tensor, or another on the same storage, is live: keep one reachable while native code uses
   * it.
   */
  public final long dataPtr() {
    return strided().deviceAddress();
  }

  /** The memory shared with views. */
  public final Storage storage() {
    return strided().storage();
  }

  /** Whether elements lie in row-major order. */
  public final boolean isContiguous() {
    return strided.isContiguous();
  }

  /** Whether this is a view through which gradients reach another tensor; detached ones are not. */
  public final boolean isView() {
    return base() != null;
  }

  /** The tensor that this is a view of, itself no view; null if this is none. */
  public final Tensor base() {
    return graph == null ? null : graph.base();
  }

  /**
   * How often the memory was changed in place, through whatever view.
   *
   * @throws IllegalStateException if this is an inference tensor
   */
  public final int version() {
    if (inference) {
      throw new IllegalStateException("version: Inference tensors do not track version counter.");
    }
    return storage().version();
  }

  /** Whether this was made inside {@link GradMode#inferenceMode()}. */
  public final boolean isInference() {
    return inference;
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

  /** The only element, true if it is not 0. */
  public final boolean itemBoolean() {
    checkOne();
    return toBooleanArray()[0];
  }

  private void checkOne() {
    if (numel() != 1) {
      throw new IllegalStateException(
          "a Tensor with " + numel() + " elements cannot be converted to Scalar");
    }
  }

  private Tensor hostCopy(DType dtype) {
    Tensor source = Internals.onHost(this);
    Tensor out = Internals.allocate(Device.CPU, dtype, strided().sizes());
    Internals.kernels(out).copy(source.strided().physical(), out.strided);
    if (source != this) {
      source.close();
    }
    Reference.reachabilityFence(this);
    return out;
  }

  private int arrayLength() {
    return Nested.arrayLength(this);
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
   *     than a buffer can be or on another device than the CPU
   */
  public final ByteBuffer byteBuffer() {
    Strided s = strided();
    s.address(); // refuses memory of a device
    ByteBuffer whole = s.storage().block().buffer();
    if (!s.isContiguous() || whole == null) {
      throw new IllegalStateException(
          "byteBuffer: tensor must be contiguous and its storage below 2 GiB; got " + s);
    }
    int bytes = Math.toIntExact(numel() * dtype().bytes());
    int start = bytes == 0 ? 0 : Math.toIntExact(s.byteOffset());
    return whole.slice(start, bytes).order(ByteOrder.nativeOrder());
  }

  /** Elements in row-major order, converted to float. */
  public final float[] toFloatArray() {
    return toArray(DType.FLOAT32, new float[arrayLength()]);
  }

  /** Elements in row-major order, converted to double. */
  public final double[] toDoubleArray() {
    return toArray(DType.FLOAT64, new double[arrayLength()]);
  }

  /** Elements in row-major order, converted to long. */
  public final long[] toLongArray() {
    return toArray(DType.INT64, new long[arrayLength()]);
  }

  /** Elements in row-major order, cut to int. */
  public final int[] toIntArray() {
    return toArray(DType.INT32, new int[arrayLength()]);
  }

  /** Elements in row-major order, cut to short. */
  public final short[] toShortArray() {
    return toArray(DType.INT16, new short[arrayLength()]);
  }

  /** Elements in row-major order, cut to byte; UINT8 above 127 come out negative. */
  public final byte[] toByteArray() {
    return toArray(dtype() == DType.UINT8 ? DType.UINT8 : DType.INT8, new byte[arrayLength()]);
  }

  /**
   * A nested array of the element's Java type, as {@code float[][]} for FLOAT32 [n, m]; float for
   * FLOAT16 and BFLOAT16, byte for UINT8. Without dimensions, the element itself.
   */
  public final Object toArray() {
    return Nested.array(this);
  }

  /** Nested lists of Double, Long or Boolean; without dimensions, the element itself. */
  public final Object toList() {
    return Nested.list(this);
  }

  /** Elements in row-major order, true where not 0. */
  public final boolean[] toBooleanArray() {
    byte[] bytes = toArray(DType.BOOL, new byte[arrayLength()]);
    boolean[] out = new boolean[bytes.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = bytes[i] != 0;
    }
    return out;
  }

  @Override
  public String toString() {
    return Printer.print(this, Printer.defaults);
  }

  /** The elements as text, printed with the given options. */
  public String toString(PrintOptions options) {
    return Printer.print(this, options);
  }

  /** Sets how all tensors are printed from here on, on all threads. */
  public static void setPrintOptions(PrintOptions options) {
    Printer.defaults = Objects.requireNonNull(options, "options");
  }

  // ---- gradients

  /** Whether operations on this record a graph. */
  public final boolean requiresGrad() {
    return graph != null && graph.requiresGrad();
  }

  /**
   * Makes a leaf require grad, or no longer.
   *
   * @throws IllegalStateException if it is not a leaf, or not floating point
   */
  public final Tensor setRequiresGrad(boolean required) {
    if (required || graph != null) {
      ensureGraphPosition().setRequiresGrad(required);
    }
    return this;
  }

  /**
   * The accumulated gradient of a leaf, or of another tensor after {@link #retainGrad()}; null if
   * there is none. Reading it from another tensor warns, once: to the logger, or to the standard
   * error stream in a project without one.
   */
  public final Tensor grad() {
    return graph == null ? null : graph.grad();
  }

  /**
   * Replaces the gradient; null for none. The one before is left to the open scope, if any.
   *
   * @throws IllegalArgumentException if it has another type, device or shape than this, or is this
   */
  public final void setGrad(Tensor newGrad) {
    if (newGrad == null && graph == null) {
      return;
    }
    Tensor before = ensureGraphPosition().replaceGrad(newGrad);
    if (before != null && before != newGrad) {
      before.joinScope();
    }
    if (newGrad != null) {
      newGrad.keep();
    }
  }

  /** The node that made this, or null for a leaf. */
  public final Node gradFn() {
    return graph == null ? null : graph.gradFn();
  }

  /** Whether no operation of a graph made this. */
  public final boolean isLeaf() {
    return gradFn() == null;
  }

  /** Lets a tensor that is no leaf keep its gradient too. */
  public final void retainGrad() {
    ensureGraphPosition().retainGrad();
  }

  /** Whether this is no leaf and keeps its gradient. */
  public final boolean retainsGrad() {
    return graph != null && graph.retainsGrad();
  }

  /**
   * Takes this itself out of the graph and returns it.
   *
   * @throws IllegalStateException if it is a view, whose base would stay in
   */
  public final Tensor detach_() {
    if (graph != null) {
      graph.detach();
    }
    return this;
  }

  /** The same memory outside the graph; a change in place of one is seen in the other. */
  public final Tensor detach() {
    return Internals.handle(this);
  }

  /** Adds the gradient of this one element to {@link #grad()} of every leaf it depends on. */
  public final void backward() {
    backward(null);
  }

  /**
   * As {@link #backward()}, from a given gradient of this tensor's shape, converted to its type.
   */
  public final void backward(Tensor gradient) {
    backward(gradient, false, false);
  }

  /** As {@link Autograd#backward(List, List, boolean, boolean)}, from this tensor alone. */
  public final void backward(Tensor gradient, boolean retainGraph, boolean createGraph) {
    Autograd.backward(
        List.of(this), gradient == null ? null : List.of(gradient), retainGraph, createGraph);
  }

  /**
   * As {@link Autograd#backward(List, List, boolean, boolean, List)}, from this tensor alone.
   *
   * @param inputs the only tensors whose {@link #grad()} is added to; they need not be leaves
   */
  public final void backward(
      Tensor gradient, boolean retainGraph, boolean createGraph, List<Tensor> inputs) {
    List<Tensor> gradients = gradient == null ? null : List.of(gradient);
    Autograd.backward(List.of(this), gradients, retainGraph, createGraph, inputs);
  }

  /** Adds a function that sees, and may replace (by not answering null), the gradient of this. */
  public final HookHandle registerHook(UnaryOperator<Tensor> hook) {
    return ensureGraphPosition().registerHook(hook);
  }

  /** Adds a function that is called with this leaf after each accumulation into its gradient. */
  public final HookHandle registerPostAccumulateGradHook(Consumer<Tensor> hook) {
    return ensureGraphPosition().registerPostAccumulateGradHook(hook);
  }

  /** The position in the graph, or null. */
  final GraphPosition graphPosition() {
    return graph;
  }

  /** The position in the graph, made if there is none; by one thread at a time. */
  final GraphPosition ensureGraphPosition() {
    if (graph == null) {
      graph = new GraphPosition(this);
    }
    return graph;
  }

  /** The array as it is or was, whether or not this was released. */
  final Strided array() {
    return strided;
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

  /** Keeps this beyond the end of its scope, and returns it. */
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

  /** Shows the memory of another tensor from now on; what it showed before is let go. */
  final void setData(Tensor data) {
    Storage before = storage();
    Strided now = data.strided();
    now.storage().retain();
    if (ref != null) {
      Handles.untrack(ref);
      ref = Handles.track(this, now.storage());
    }
    strided = now;
    before.release();
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

  // ---- copies

  /** A copy in new memory, in this memory order unless that has holes, that keeps the graph. */
  @Override
  public final Tensor clone() {
    return Copy.of(this);
  }

  /**
   * On the first GPU; this if it is there.
   *
   * @throws UnsupportedOperationException if there is none, saying what was probed
   */
  public final Tensor cuda() {
    return to(Device.cuda(0));
  }

  // ---- one value for all elements

  /**
   * Overwrites all elements with one value and gives this back.
   *
   * @throws IllegalArgumentException if this type cannot hold the value
   */
  public final Tensor fill_(Number value) {
    return filled("fill_", value);
  }

  /** Overwrites all elements with 0 and gives this back. */
  public final Tensor zero_() {
    return filled("zero_", 0);
  }

  private Tensor filled(String operation, Number value) {
    Factories.checkFits(operation, value, dtype());
    try (Tensor source = newFull(value, dtype())) {
      return Copy.into(operation, this, source);
    }
  }

  // ---- index expressions

  /**
   * {@code x[…]}; see {@link Index} for the forms.
   *
   * @throws IndexOutOfBoundsException if there are too many items, or one names what is not there
   * @throws IllegalArgumentException if an index is of a wrong type, or they do not broadcast
   */
  public final Tensor get(Index... items) {
    return Index.get(this, items);
  }

  /**
   * {@code x[i, j, …]}: a view of what lies at these places of the first dimensions; negative ones
   * count from the end.
   *
   * @throws IndexOutOfBoundsException if there are too many, or one names what is not there
   */
  public final Tensor get(long place, long... more) {
    return Index.get(this, Index.at(place, more));
  }

  /**
   * {@code x[…] = value}, broadcast and converted; gives this back. Places named twice keep the
   * last.
   */
  public final Tensor set(Tensor value, Index... items) {
    Index.set(this, value, items);
    return this;
  }

  /** {@code x[…] = value}; gives this back. */
  public final Tensor set(Number value, Index... items) {
    try (Tensor one = newFull(value, dtype())) {
      return set(one, items);
    }
  }

  /** {@code x[i, j, …] = value}, broadcast and converted; gives this back. */
  public final Tensor set(Tensor value, long place, long... more) {
    return set(value, Index.at(place, more));
  }

  /** {@code x[i, j, …] = value}; gives this back. */
  public final Tensor set(Number value, long place, long... more) {
    return set(value, Index.at(place, more));
  }

  // ---- making tensors of this one's type and on its device

  /** Undefined content, of this one's type and on its device. */
  public final Tensor newEmpty(long... shape) {
    return newEmpty(dtype(), shape);
  }

  /** Undefined content, on this one's device. */
  public final Tensor newEmpty(DType dtype, long... shape) {
    return Factories.empty("newEmpty", device(), dtype, shape);
  }

  /** Zeros of this one's type and on its device. */
  public final Tensor newZeros(long... shape) {
    return newZeros(dtype(), shape);
  }

  /** Zeros on this one's device. */
  public final Tensor newZeros(DType dtype, long... shape) {
    return Factories.full("newZeros", device(), 0, dtype, shape);
  }

  /** Ones of this one's type and on its device. */
  public final Tensor newOnes(long... shape) {
    return newOnes(dtype(), shape);
  }

  /** Ones on this one's device. */
  public final Tensor newOnes(DType dtype, long... shape) {
    return Factories.full("newOnes", device(), 1, dtype, shape);
  }

  /** All elements the same, on this one's device. */
  public final Tensor newFull(Number value, DType dtype, long... shape) {
    return Factories.full("newFull", device(), value, dtype, shape);
  }

  /** {@link Tensor#of(Object)}, of this one's type and on its device. */
  public final Tensor newTensor(Object nested) {
    return of(nested, dtype()).to(device());
  }

  // ---- making tensors, on the CPU

  /**
   * Makes tensors on a device: {@code Tensor.on(Device.cuda(0)).zeros(2, 3)} is {@code
   * torch.zeros(2, 3, device="cuda:0")}. The static methods of this class make them on the CPU.
   *
   * @throws UnsupportedOperationException if the device is not available, saying what was probed
   */
  public static TensorsOn on(Device device) {
    Devices.require("on", device);
    return new TensorsOn(device);
  }

  /** FLOAT32, 1-d, copied from an array. */
  public static Tensor of(float[] values) {
    return of(values, values.length);
  }

  /** FLOAT32 of a shape (none: a scalar), copied from a row-major array. */
  public static Tensor of(float[] values, long... shape) {
    return Factories.fromArray(DType.FLOAT32, values, values.length, shape);
  }

  /** FLOAT64, 1-d, copied from an array. */
  public static Tensor of(double[] values) {
    return of(values, values.length);
  }

  /** FLOAT64 of a shape (none: a scalar), copied from a row-major array. */
  public static Tensor of(double[] values, long... shape) {
    return Factories.fromArray(DType.FLOAT64, values, values.length, shape);
  }

  /** INT64, 1-d, copied from an array. */
  public static Tensor of(long[] values) {
    return of(values, values.length);
  }

  /** INT64 of a shape (none: a scalar), copied from a row-major array. */
  public static Tensor of(long[] values, long... shape) {
    return Factories.fromArray(DType.INT64, values, values.length, shape);
  }

  /** INT32, 1-d, copied from an array. */
  public static Tensor of(int[] values) {
    return of(values, values.length);
  }

  /** INT32 of a shape (none: a scalar), copied from a row-major array. */
  public static Tensor of(int[] values, long... shape) {
    return Factories.fromArray(DType.INT32, values, values.length, shape);
  }

  /** UINT8, 1-d, copied from an array. */
  public static Tensor of(byte[] values) {
    return of(values, values.length);
  }

  /** UINT8 of a shape (none: a scalar), copied from a row-major array. */
  public static Tensor of(byte[] values, long... shape) {
    return Factories.fromArray(DType.UINT8, values, values.length, shape);
  }

  /** INT16, 1-d, copied from an array. */
  public static Tensor of(short[] values) {
    return of(values, values.length);
  }

  /** INT16 of a shape (none: a scalar), copied from a row-major array. */
  public static Tensor of(short[] values, long... shape) {
    return Factories.fromArray(DType.INT16, values, values.length, shape);
  }

  /** INT8, 1-d, copied from an array; {@link #of(byte[])} reads bytes as UINT8. */
  public static Tensor ofSigned(byte[] values) {
    return ofSigned(values, values.length);
  }

  /** INT8 of a shape (none: a scalar), copied from a row-major array. */
  public static Tensor ofSigned(byte[] values, long... shape) {
    return Factories.fromArray(DType.INT8, values, values.length, shape);
  }

  /**
   * Copied from a nested Java array ({@code float[][]}), a list of lists of numbers or booleans, or
   * one number or boolean; of the type of its elements: FLOAT32 for float, FLOAT64 for double
   * arrays, FLOAT32 for lists with fractions, INT64 for lists of whole numbers, and so on.
   *
   * @throws IllegalArgumentException if rows differ in length, or something is no number
   */
  public static Tensor of(Object nested) {
    return Nested.tensor(nested, null);
  }

  /** As {@link #of(Object)}, converted to a type. */
  public static Tensor of(Object nested, DType dtype) {
    return Nested.tensor(nested, dtype);
  }

  /** BOOL, 1-d, copied from an array. */
  public static Tensor of(boolean[] values) {
    return of(values, values.length);
  }

  /** BOOL of a shape (none: a scalar), copied from a row-major array. */
  public static Tensor of(boolean[] values, long... shape) {
    return Factories.of(values, shape);
  }

  /** A tensor without dimensions. */
  public static Tensor scalar(Number value, DType dtype) {
    return full(value, dtype);
  }

  /** A tensor without dimensions: INT64 of a whole number, FLOAT32 of a fraction. */
  public static Tensor scalar(Number value) {
    return full(value, Factories.typeOf(value));
  }

  /** Memory of undefined content. */
  public static Tensor empty(DType dtype, long... shape) {
    return Factories.empty("empty", Device.CPU, dtype, shape);
  }

  /** FLOAT32 memory of undefined content. */
  public static Tensor empty(long... shape) {
    return empty(DType.FLOAT32, shape);
  }

  /** All elements the same. */
  public static Tensor full(Number value, DType dtype, long... shape) {
    return Factories.full("full", Device.CPU, value, dtype, shape);
  }

  /** Zeros. */
  public static Tensor zeros(DType dtype, long... shape) {
    return Factories.full("zeros", Device.CPU, 0, dtype, shape);
  }

  /** FLOAT32 zeros. */
  public static Tensor zeros(long... shape) {
    return zeros(DType.FLOAT32, shape);
  }

  /** Ones. */
  public static Tensor ones(DType dtype, long... shape) {
    return Factories.full("ones", Device.CPU, 1, dtype, shape);
  }

  /** FLOAT32 ones. */
  public static Tensor ones(long... shape) {
    return ones(DType.FLOAT32, shape);
  }

  /** Undefined content of another tensor's type, shape and memory order. */
  public static Tensor emptyLike(Tensor like) {
    return emptyLike(like, like.dtype());
  }

  /** Undefined content of another tensor's shape and memory order. */
  public static Tensor emptyLike(Tensor like, DType dtype) {
    return Internals.allocateLike(dtype, like.strided());
  }

  /** Zeros of another tensor's type, shape and memory order. */
  public static Tensor zerosLike(Tensor like) {
    return fullLike(like, 0);
  }

  /** Zeros of another tensor's shape and memory order. */
  public static Tensor zerosLike(Tensor like, DType dtype) {
    return fullLike(like, 0, dtype);
  }

  /** Ones of another tensor's type, shape and memory order. */
  public static Tensor onesLike(Tensor like) {
    return fullLike(like, 1);
  }

  /** Ones of another tensor's shape and memory order. */
  public static Tensor onesLike(Tensor like, DType dtype) {
    return fullLike(like, 1, dtype);
  }

  /** One value in another tensor's type, shape and memory order. */
  public static Tensor fullLike(Tensor like, Number value) {
    return fullLike(like, value, like.dtype());
  }

  /** One value in another tensor's shape and memory order. */
  public static Tensor fullLike(Tensor like, Number value, DType dtype) {
    return Factories.fullLike(like, value, dtype);
  }

  /** 0, 1, … below {@code end}: INT64 if that is whole, else FLOAT32. */
  public static Tensor arange(Number end) {
    return arange(0, end, 1);
  }

  /** start, start + 1, … below {@code end}: INT64 if both are whole, else FLOAT32. */
  public static Tensor arange(Number start, Number end) {
    return arange(start, end, 1);
  }

  /**
   * start, start + step, … before {@code end}: INT64 if all are whole, else FLOAT32.
   *
   * @throws IllegalArgumentException if step is 0, a bound is not finite, or the end lies on the
   *     other side
   */
  public static Tensor arange(Number start, Number end, Number step) {
    return arange(start, end, step, Factories.typeOf(start, end, step));
  }

  /** As {@link #arange(Number, Number, Number)}, of a type. */
  public static Tensor arange(Number start, Number end, Number step, DType dtype) {
    return Sequences.arange(start, end, step, dtype);
  }

  /** FLOAT32 numbers from start to end, both included, at equal distances. */
  public static Tensor linspace(Number start, Number end, long steps) {
    return linspace(start, end, steps, DType.FLOAT32);
  }

  /** Numbers from start to end, both included, at equal distances. */
  public static Tensor linspace(Number start, Number end, long steps, DType dtype) {
    return Sequences.linspace(start, end, steps, dtype);
  }

  /** FLOAT32 powers of {@code base} with exponents as {@link #linspace} gives them. */
  public static Tensor logspace(Number start, Number end, long steps, Number base) {
    return logspace(start, end, steps, base, DType.FLOAT32);
  }

  /** Powers of {@code base} with exponents as {@link #linspace} gives them. */
  public static Tensor logspace(Number start, Number end, long steps, Number base, DType dtype) {
    return Sequences.logspace(start, end, steps, base, dtype);
  }

  /** FLOAT32 [n, n] with ones on the diagonal. */
  public static Tensor eye(long n) {
    return eye(n, n, DType.FLOAT32);
  }

  /** [n, m] with ones on the diagonal. */
  public static Tensor eye(long n, long m, DType dtype) {
    return Factories.eye(Device.CPU, n, m, dtype);
  }

  /**
   * The memory of a direct buffer (of floats, doubles, longs, ints, shorts, or bytes as UINT8),
   * 1-d, shared and kept alive, from its position to its limit.
   *
   * @throws IllegalArgumentException if the buffer is on the Java heap or in a foreign byte order
   */
  public static Tensor wrap(Buffer direct) {
    return Factories.wrap(direct);
  }

  /**
   * Data as a tensor, sharing memory where that is possible: a tensor is given back, a direct
   * buffer is wrapped; arrays and lists lie on the Java heap and are always copied.
   */
  public static Tensor asTensor(Object data) {
    return Factories.asTensor(data);
  }

  /** As {@link #asTensor(Object)}; another type than the data's makes a copy. */
  public static Tensor asTensor(Object data, DType dtype) {
    return Factories.asTensor(data, dtype);
  }

  /**
   * The memory of a direct buffer, shared and kept alive, from its position on; native byte order.
   */
  public static Tensor wrap(ByteBuffer direct, DType dtype, long... shape) {
    return Factories.wrap(direct, dtype, shape);
  }

  /** Tensors one after the other along an existing dimension, in the type all are promoted to. */
  public static Tensor cat(List<Tensor> tensors, int dim) {
    return Cat.of(tensors, dim);
  }

  /** Tensors one after the other along a new dimension. */
  public static Tensor stack(List<Tensor> tensors, int dim) {
    return Joining.stack(tensors, dim);
  }

  /** {@link #cat} into a tensor that is there; no gradient. */
  public static Tensor catOut(Tensor out, List<Tensor> tensors, int dim) {
    return Cat.catOut(out, tensors, dim);
  }

  /** {@link #stack} into a tensor that is there; no gradient. */
  public static Tensor stackOut(Tensor out, List<Tensor> tensors, int dim) {
    return Joining.stackOut(out, tensors, dim);
  }

  /** Side by side: along columns, or along the only dimension. */
  public static Tensor hstack(List<Tensor> tensors) {
    return Joining.hstack(tensors);
  }

  /** One below the other. */
  public static Tensor vstack(List<Tensor> tensors) {
    return Joining.vstack(tensors);
  }

  /** One behind the other, along the third dimension. */
  public static Tensor dstack(List<Tensor> tensors) {
    return Joining.dstack(tensors);
  }

  /** All tensors expanded to their common shape. */
  public static List<Tensor> broadcastTensors(List<Tensor> tensors) {
    return Joining.broadcast(tensors);
  }

  /** Coordinates of a grid: tensor i varies along dimension i ({@code indexing="ij"}). */
  public static List<Tensor> meshgrid(List<Tensor> tensors) {
    return Joining.meshgrid(tensors, false);
  }

  /** As {@link #meshgrid} with the first two dimensions exchanged ({@code indexing="xy"}). */
  public static List<Tensor> meshgridXy(List<Tensor> tensors) {
    return Joining.meshgrid(tensors, true);
  }

  /** condition ? a : b; condition is BOOL. */
  public static Tensor where(Tensor condition, Tensor a, Tensor b) {
    return Where.of(condition, a, b);
  }

  // ---- random tensors; with the default generator where none is given

  /** Makes the default generator start from a seed; see {@link Generator#manualSeed}. */
  public static void manualSeed(long seed) {
    Generator.manualSeed(seed);
  }

  /** FLOAT32, uniform in [0, 1). */
  public static Tensor rand(long... shape) {
    return rand(Generator.current(), DType.FLOAT32, shape);
  }

  /** Uniform in [0, 1). */
  public static Tensor rand(DType dtype, long... shape) {
    return rand(Generator.current(), dtype, shape);
  }

  /** Uniform in [0, 1). */
  public static Tensor rand(Generator generator, DType dtype, long... shape) {
    return Factories.empty("rand", Device.CPU, dtype, shape).uniform_(generator, 0, 1);
  }

  /** Uniform in [0, 1), of another tensor's type, shape and memory order. */
  public static Tensor randLike(Tensor like) {
    return emptyLike(like).uniform_(Generator.current(), 0, 1);
  }

  /** FLOAT32, normal with mean 0 and standard deviation 1. */
  public static Tensor randn(long... shape) {
    return randn(Generator.current(), DType.FLOAT32, shape);
  }

  /** Normal with mean 0 and standard deviation 1. */
  public static Tensor randn(DType dtype, long... shape) {
    return randn(Generator.current(), dtype, shape);
  }

  /** Normal with mean 0 and standard deviation 1. */
  public static Tensor randn(Generator generator, DType dtype, long... shape) {
    return Factories.empty("randn", Device.CPU, dtype, shape).normal_(generator, 0, 1);
  }

  /** Standard normal, of another tensor's type, shape and memory order. */
  public static Tensor randnLike(Tensor like) {
    return emptyLike(like).normal_(Generator.current(), 0, 1);
  }

  /** INT64, uniform in [0, high). */
  public static Tensor randint(long high, long... shape) {
    return randint(Generator.current(), 0, high, DType.INT64, shape);
  }

  /** Whole numbers, uniform in [low, high). */
  public static Tensor randint(
      Generator generator, long low, long high, DType dtype, long... shape) {
    return Factories.empty("randint", Device.CPU, dtype, shape).random_(generator, low, high);
  }

  /** Whole numbers in [low, high), of another tensor's type, shape and memory order. */
  public static Tensor randintLike(Tensor like, long low, long high) {
    return emptyLike(like).random_(Generator.current(), low, high);
  }

  /** INT64 0 … n − 1 in random order. */
  public static Tensor randperm(long n) {
    return randperm(Generator.current(), n);
  }

  /** INT64 0 … n − 1 in random order. */
  public static Tensor randperm(Generator generator, long n) {
    return Sampling.permutation(generator, n);
  }

  /** 1 with the probability that each element says, else 0. */
  public static Tensor bernoulli(Tensor probabilities) {
    return bernoulli(probabilities, Generator.current());
  }

  /** 1 with the probability that each element says, else 0. */
  public static Tensor bernoulli(Tensor probabilities, Generator generator) {
    return Sampling.bernoulli(generator, probabilities);
  }

  /** Normal numbers with means and standard deviations by element, broadcast. */
  public static Tensor normal(Tensor mean, Tensor std) {
    return Sampling.normal(Generator.current(), mean, std);
  }

  /** Normal numbers with means by element. */
  public static Tensor normal(Tensor mean, double std) {
    try (Tensor one = mean.newFull(std, mean.dtype())) {
      return Sampling.normal(Generator.current(), mean, one);
    }
  }

  /** FLOAT32 normal numbers. */
  public static Tensor normal(double mean, double std, long... shape) {
    return Factories.empty("normal", Device.CPU, DType.FLOAT32, shape)
        .normal_(Generator.current(), mean, std);
  }

  /**
   * INT64 indices drawn with probabilities in proportion to weights.
   *
   * @param weights [n] or [rows, n], floating point, not negative, not all 0
   * @param numSamples for each row
   * @param replacement whether an index may be drawn twice
   */
  public static Tensor multinomial(Tensor weights, int numSamples, boolean replacement) {
    return multinomial(weights, numSamples, replacement, Generator.current());
  }

  /** As {@link #multinomial(Tensor, int, boolean)}. */
  public static Tensor multinomial(
      Tensor weights, int numSamples, boolean replacement, Generator generator) {
    return Sampling.multinomial(generator, weights, numSamples, replacement);
  }

  // ---- places

  /** INT64 [2, n]: rows and columns of the lower triangle of a matrix. */
  public static Tensor trilIndices(long rows, long columns, long offset) {
    return Masks.triangleIndices(rows, columns, offset, false);
  }

  /** INT64 [2, n]: rows and columns of the upper triangle of a matrix. */
  public static Tensor triuIndices(long rows, long columns, long offset) {
    return Masks.triangleIndices(rows, columns, offset, true);
  }

  // ---- products

  /** {@link #matmul} written to a tensor of its shape. */
  public static Tensor matmulOut(Tensor out, Tensor lhs, Tensor rhs) {
    return MatMul.matmulOut(out, lhs, rhs);
  }

  /** {@link #mm} written to a tensor of its shape. */
  public static Tensor mmOut(Tensor out, Tensor lhs, Tensor rhs) {
    return Products.mmOut(out, lhs, rhs);
  }

  /** {@link #bmm} written to a tensor of its shape. */
  public static Tensor bmmOut(Tensor out, Tensor lhs, Tensor rhs) {
    return Products.bmmOut(out, lhs, rhs);
  }

  /** Product of one or more matrices, in the order that needs the fewest multiplications. */
  public static Tensor chainMatmul(List<Tensor> matrices) {
    return Contractions.chainMatmul(matrices);
  }

  /** Sums of products over the last {@code dims} dimensions of a and the first of b. */
  public static Tensor tensordot(Tensor a, Tensor b, int dims) {
    return Contractions.tensordot(a, b, dims);
  }

  /** Sums of products over dimension {@code dimsA[i]} of a and {@code dimsB[i]} of b together. */
  public static Tensor tensordot(Tensor a, Tensor b, int[] dimsA, int[] dimsB) {
    return Contractions.tensordot(a, b, dimsA, dimsB);
  }

  /**
   * Sums of products in Einstein's notation, as {@code "bij,bjk->bik"}: each letter names a
   * dimension, a letter twice in one operand takes a diagonal, letters missing from the result are
   * summed, {@code ...} stands for leading dimensions that broadcast. Without {@code ->} the result
   * has the letters that occur once, in alphabetical order, capitals first.
   *
   * @throws IllegalArgumentException if the equation is none or does not fit the operands
   */
  public static Tensor einsum(String equation, Tensor... operands) {
    return Einsum.of(equation, operands);
  }

  // ---- into a tensor that is there

  /** {@link #add(Tensor)} written into out, which is answered. */
  public static Tensor addOut(Tensor out, Tensor a, Tensor b) {
    return Arithmetic.ADD.out(out, a, b);
  }

  /** {@link #sub(Tensor)} written into out, which is answered. */
  public static Tensor subOut(Tensor out, Tensor a, Tensor b) {
    return Arithmetic.SUB.out(out, a, b);
  }

  /** {@link #mul(Tensor)} written into out, which is answered. */
  public static Tensor mulOut(Tensor out, Tensor a, Tensor b) {
    return Arithmetic.MUL.out(out, a, b);
  }

  /** {@link #div(Tensor)} written into out, which is answered. */
  public static Tensor divOut(Tensor out, Tensor a, Tensor b) {
    return Arithmetic.DIV.out(out, a, b);
  }
}
