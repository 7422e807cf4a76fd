package dev.bellows.tensor;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.Autograd;
import dev.bellows.autograd.Calls;
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
import dev.bellows.ops.Overwriting;
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

  /** Returns the array as kernels see it. Throws if this tensor was released. */
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

  /** Returns a copy of the sizes. */
  public final long[] shape() {
    return strided.sizes().clone();
  }

  /** Returns the size of one dimension. */
  public final long size(int dim) {
    return strided.size(wrap(dim));
  }

  /** Returns the number of dimensions. */
  public final int dim() {
    return strided.dim();
  }

  /** Returns the number of elements. */
  public final long numel() {
    return strided.numel();
  }

  /** Returns the element type. */
  public final DType dtype() {
    return strided.dtype();
  }

  /** Returns where the memory is. */
  public final Device device() {
    return strided.device();
  }

  /** Returns a copy of the strides, in elements. */
  public final long[] strides() {
    return strided.strides().clone();
  }

  /** Returns the index of the first element in the storage. */
  public final long storageOffset() {
    return strided.offset();
  }

  /** Returns the stride of one dimension, in elements. */
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

  /** Returns the memory shared with views. */
  public final Storage storage() {
    return strided().storage();
  }

  /** Returns whether elements lie in row-major order. */
  public final boolean isContiguous() {
    return strided.isContiguous();
  }

  /**
   * Returns whether this is a view through which gradients reach another tensor; detached ones are
   * not.
   */
  public final boolean isView() {
    return base() != null;
  }

  /** Returns the tensor that this is a view of, itself no view; null if this is none. */
  public final Tensor base() {
    return graph == null ? null : graph.base();
  }

  /**
   * Returns how often the memory was changed in place, through whatever view.
   *
   * @throws IllegalStateException if this is an inference tensor
   */
  public final int version() {
    if (inference) {
      throw new IllegalStateException("version: Inference tensors do not track version counter.");
    }
    return storage().version();
  }

  /** Returns whether this was made inside {@link GradMode#inferenceMode()}. */
  public final boolean isInference() {
    return inference;
  }

  // ---- to Java

  /**
   * Returns the only element, as a double.
   *
   * @throws IllegalStateException if there is not exactly one
   */
  public final double item() {
    checkOne();
    try (Tensor t = hostCopy(DType.FLOAT64)) {
      return Memory.getDouble(t.strided.address());
    }
  }

  /** Returns the only element of an integer tensor. */
  public final long itemLong() {
    checkOne();
    try (Tensor t = hostCopy(DType.INT64)) {
      return Memory.getLong(t.strided.address());
    }
  }

  /** Returns the only element, true if it is not 0. */
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
    Calls.recordRead(this);
    Tensor source = TensorCopies.onHost(this);
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
   * Returns the memory of this as a direct buffer in native byte order, shared: the caller keeps
   * this tensor for as long as it uses the buffer.
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

  /** Returns the elements in row-major order, converted to float. */
  public final float[] toFloatArray() {
    return toArray(DType.FLOAT32, new float[arrayLength()]);
  }

  /** Returns the elements in row-major order, converted to double. */
  public final double[] toDoubleArray() {
    return toArray(DType.FLOAT64, new double[arrayLength()]);
  }

  /** Returns the elements in row-major order, converted to long. */
  public final long[] toLongArray() {
    return toArray(DType.INT64, new long[arrayLength()]);
  }

  /** Returns the elements in row-major order, cut to int. */
  public final int[] toIntArray() {
    return toArray(DType.INT32, new int[arrayLength()]);
  }

  /** Returns the elements in row-major order, cut to short. */
  public final short[] toShortArray() {
    return toArray(DType.INT16, new short[arrayLength()]);
  }

  /** Returns the elements in row-major order, cut to byte; UINT8 above 127 come out negative. */
  public final byte[] toByteArray() {
    return toArray(dtype() == DType.UINT8 ? DType.UINT8 : DType.INT8, new byte[arrayLength()]);
  }

  /**
   * Returns a nested array of the element's Java type, as {@code float[][]} for FLOAT32 [n, m];
   * float for FLOAT16 and BFLOAT16, byte for UINT8. Without dimensions, the element itself.
   */
  public final Object toArray() {
    return Nested.array(this);
  }

  /** Returns nested lists of Double, Long or Boolean; without dimensions, the element itself. */
  public final Object toList() {
    return Nested.list(this);
  }

  /** Returns the elements in row-major order, true where not 0. */
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

  /** Returns the elements as text, printed with the given options. */
  public String toString(PrintOptions options) {
    return Printer.print(this, options);
  }

  /** Sets how all tensors are printed from here on, on all threads. */
  public static void setPrintOptions(PrintOptions options) {
    Printer.defaults = Objects.requireNonNull(options, "options");
  }

  // ---- gradients

  /** Returns whether operations on this record a graph. */
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
   * Returns the accumulated gradient of a leaf, or of another tensor after {@link #retainGrad()};
   * null if there is none. Reading it from another tensor warns, once: to the logger, or to the
   * standard error stream in a project without one.
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

  /** Returns the node that made this, or null for a leaf. */
  public final Node gradFn() {
    return graph == null ? null : graph.gradFn();
  }

  /** Returns whether no operation of a graph made this. */
  public final boolean isLeaf() {
    return gradFn() == null;
  }

  /** Lets a tensor that is no leaf keep its gradient too. */
  public final void retainGrad() {
    ensureGraphPosition().retainGrad();
  }

  /** Returns whether this is no leaf and keeps its gradient. */
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

  /** Returns the same memory outside the graph; a change in place of one is seen in the other. */
  public final Tensor detach() {
    if (Calls.areRecorded()) {
      return Calls.record("detach()", this);
    }
    return Internals.handle(this);
  }

  /** Adds the gradient of this one element to {@link #grad()} of every leaf it depends on. */
  public final void backward() {
    backward(null);
  }

  /**
   * Works like {@link #backward()}, from a given gradient of this tensor's shape, converted to its
   * type.
   */
  public final void backward(Tensor gradient) {
    backward(gradient, false, false);
  }

  /** Works like {@link Autograd#backward(List, List, boolean, boolean)}, from this tensor alone. */
  public final void backward(Tensor gradient, boolean retainGraph, boolean createGraph) {
    Autograd.backward(
        List.of(this), gradient == null ? null : List.of(gradient), retainGraph, createGraph);
  }

  /**
   * Works like {@link Autograd#backward(List, List, boolean, boolean, List)}, from this tensor
   * alone.
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

  /** Returns the position in the graph, or null. */
  final GraphPosition graphPosition() {
    return graph;
  }

  /** Returns the position in the graph, made if there is none; by one thread at a time. */
  final GraphPosition ensureGraphPosition() {
    if (graph == null) {
      graph = new GraphPosition(this);
    }
    return graph;
  }

  /** Returns the array as it is or was, whether or not this was released. */
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

  /** Returns whether this was released. */
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

  /** Takes this out of a scope for another thread; returns false if it is not in that scope. */
  final boolean leave(TensorScope left) {
    boolean inside = !released && scope != null && scope == left;
    if (inside) {
      keep();
    }
    return inside;
  }

  /** Hands a kept tensor to the open scope, if there is one and nobody else keeps it. */
  final void joinScope() {
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

  /**
   * Returns a copy in new memory, in this memory order unless that has holes, that keeps the graph.
   */
  @Override
  public final Tensor clone() {
    if (Calls.areRecorded()) {
      return Calls.record("clone()", this);
    }
    return Copy.of(this);
  }

  /**
   * Returns this on the first GPU; this itself if it is there.
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
    if (Calls.areRecorded()) {
      return Calls.record("fill_(Number)", this, value);
    }
    return filled("fill_", value);
  }

  /** Overwrites all elements with 0 and gives this back. */
  public final Tensor zero_() {
    if (Calls.areRecorded()) {
      return Calls.record("zero_()", this);
    }
    return filled("zero_", 0);
  }

  private Tensor filled(String operation, Number value) {
    Factories.checkFits(operation, value, dtype());
    return Overwriting.by(
        operation, this, x -> Internals.kernels(x).fill(x.strided().physical(), value));
  }

  // ---- index expressions

  /**
   * Returns {@code x[…]}; see {@link Index} for the forms.
   *
   * @throws IndexOutOfBoundsException if there are too many items, or one names what is not there
   * @throws IllegalArgumentException if an index is of a wrong type, or they do not broadcast
   */
  public final Tensor get(Index... items) {
    if (Calls.areRecorded()) {
      return Calls.record("get(Index[])", this, items);
    }
    return Index.get(this, items);
  }

  /**
   * Returns {@code x[i, j, …]}: a view of what lies at these places of the first dimensions;
   * negative ones count from the end.
   *
   * @throws IndexOutOfBoundsException if there are too many, or one names what is not there
   */
  public final Tensor get(long place, long... more) {
    if (Calls.areRecorded()) {
      return Calls.record("get(long,long[])", this, place, more);
    }
    return Index.get(this, Index.at(place, more));
  }

  /**
   * Sets {@code x[…] = value}, broadcast and converted; gives this back. Places named twice keep
   * the last.
   */
  public final Tensor set(Tensor value, Index... items) {
    if (Calls.areRecorded()) {
      return Calls.record("set(Tensor,Index[])", this, value, items);
    }
    Index.set(this, value, items);
    return this;
  }

  /** Sets {@code x[…] = value}; gives this back. */
  public final Tensor set(Number value, Index... items) {
    if (Calls.areRecorded()) {
      return Calls.record("set(Number,Index[])", this, value, items);
    }
    try (Tensor one = newFull(value, dtype())) {
      return set(one, items);
    }
  }

  /** Sets {@code x[i, j, …] = value}, broadcast and converted; gives this back. */
  public final Tensor set(Tensor value, long place, long... more) {
    if (Calls.areRecorded()) {
      return Calls.record("set(Tensor,long,long[])", this, value, place, more);
    }
    return set(value, Index.at(place, more));
  }

  /** Sets {@code x[i, j, …] = value}; gives this back. */
  public final Tensor set(Number value, long place, long... more) {
    if (Calls.areRecorded()) {
      return Calls.record("set(Number,long,long[])", this, value, place, more);
    }
    return set(value, Index.at(place, more));
  }

  // ---- making tensors of this one's type and on its device

  /** Allocates undefined content, of this one's type and on its device. */
  public final Tensor newEmpty(long... shape) {
    return newEmpty(dtype(), shape);
  }

  /** Allocates undefined content, on this one's device. */
  public final Tensor newEmpty(DType dtype, long... shape) {
    return Factories.empty("newEmpty", device(), dtype, shape);
  }

  /** Creates zeros of this one's type and on its device. */
  public final Tensor newZeros(long... shape) {
    return newZeros(dtype(), shape);
  }

  /** Creates zeros on this one's device. */
  public final Tensor newZeros(DType dtype, long... shape) {
    return Factories.full("newZeros", device(), 0, dtype, shape);
  }

  /** Creates ones of this one's type and on its device. */
  public final Tensor newOnes(long... shape) {
    return newOnes(dtype(), shape);
  }

  /** Creates ones on this one's device. */
  public final Tensor newOnes(DType dtype, long... shape) {
    return Factories.full("newOnes", device(), 1, dtype, shape);
  }

  /** Creates a tensor whose elements are all the same, on this one's device. */
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

  /** Creates a FLOAT32 tensor, 1-d, copied from an array. */
  public static Tensor of(float[] values) {
    return of(values, values.length);
  }

  /** Creates a FLOAT32 tensor of a shape (none: a scalar), copied from a row-major array. */
  public static Tensor of(float[] values, long... shape) {
    return Factories.fromArray(DType.FLOAT32, values, values.length, shape);
  }

  /** Creates a FLOAT64 tensor, 1-d, copied from an array. */
  public static Tensor of(double[] values) {
    return of(values, values.length);
  }

  /** Creates a FLOAT64 tensor of a shape (none: a scalar), copied from a row-major array. */
  public static Tensor of(double[] values, long... shape) {
    return Factories.fromArray(DType.FLOAT64, values, values.length, shape);
  }

  /** Creates an INT64 tensor, 1-d, copied from an array. */
  public static Tensor of(long[] values) {
    return of(values, values.length);
  }

  /** Creates an INT64 tensor of a shape (none: a scalar), copied from a row-major array. */
  public static Tensor of(long[] values, long... shape) {
    return Factories.fromArray(DType.INT64, values, values.length, shape);
  }

  /** Creates an INT32 tensor, 1-d, copied from an array. */
  public static Tensor of(int[] values) {
    return of(values, values.length);
  }

  /** Creates an INT32 tensor of a shape (none: a scalar), copied from a row-major array. */
  public static Tensor of(int[] values, long... shape) {
    return Factories.fromArray(DType.INT32, values, values.length, shape);
  }

  /** Creates a UINT8 tensor, 1-d, copied from an array. */
  public static Tensor of(byte[] values) {
    return of(values, values.length);
  }

  /** Creates a UINT8 tensor of a shape (none: a scalar), copied from a row-major array. */
  public static Tensor of(byte[] values, long... shape) {
    return Factories.fromArray(DType.UINT8, values, values.length, shape);
  }

  /** Creates an INT16 tensor, 1-d, copied from an array. */
  public static Tensor of(short[] values) {
    return of(values, values.length);
  }

  /** Creates an INT16 tensor of a shape (none: a scalar), copied from a row-major array. */
  public static Tensor of(short[] values, long... shape) {
    return Factories.fromArray(DType.INT16, values, values.length, shape);
  }

  /**
   * Creates an INT8 tensor, 1-d, copied from an array; {@link #of(byte[])} reads bytes as UINT8.
   */
  public static Tensor ofSigned(byte[] values) {
    return ofSigned(values, values.length);
  }

  /** Creates an INT8 tensor of a shape (none: a scalar), copied from a row-major array. */
  public static Tensor ofSigned(byte[] values, long... shape) {
    return Factories.fromArray(DType.INT8, values, values.length, shape);
  }

  /**
   * Creates a tensor copied from a nested Java array ({@code float[][]}), a list of lists of
   * numbers or booleans, or one number or boolean; of the type of its elements: FLOAT32 for float,
   * FLOAT64 for double arrays, FLOAT32 for lists with fractions, INT64 for lists of whole numbers,
   * and so on.
   *
   * @throws IllegalArgumentException if rows differ in length, or something is no number
   */
  public static Tensor of(Object nested) {
    return Nested.tensor(nested, null);
  }

  /** Works like {@link #of(Object)}, converted to a type. */
  public static Tensor of(Object nested, DType dtype) {
    return Nested.tensor(nested, dtype);
  }

  /** Creates a BOOL tensor, 1-d, copied from an array. */
  public static Tensor of(boolean[] values) {
    return of(values, values.length);
  }

  /** Creates a BOOL tensor of a shape (none: a scalar), copied from a row-major array. */
  public static Tensor of(boolean[] values, long... shape) {
    return Factories.of(values, shape);
  }

  /** Returns a tensor without dimensions. */
  public static Tensor scalar(Number value, DType dtype) {
    return full(value, dtype);
  }

  /** Creates a tensor without dimensions: INT64 of a whole number, FLOAT32 of a fraction. */
  public static Tensor scalar(Number value) {
    return full(value, Factories.typeOf(value));
  }

  /** Allocates memory of undefined content. */
  public static Tensor empty(DType dtype, long... shape) {
    return Factories.empty("empty", Device.CPU, dtype, shape);
  }

  /** Allocates FLOAT32 memory of undefined content. */
  public static Tensor empty(long... shape) {
    return empty(DType.FLOAT32, shape);
  }

  /** Creates a tensor whose elements are all the same. */
  public static Tensor full(Number value, DType dtype, long... shape) {
    return Factories.full("full", Device.CPU, value, dtype, shape);
  }

  /** Creates zeros. */
  public static Tensor zeros(DType dtype, long... shape) {
    return Factories.full("zeros", Device.CPU, 0, dtype, shape);
  }

  /** Creates FLOAT32 zeros. */
  public static Tensor zeros(long... shape) {
    return zeros(DType.FLOAT32, shape);
  }

  /** Creates ones. */
  public static Tensor ones(DType dtype, long... shape) {
    return Factories.full("ones", Device.CPU, 1, dtype, shape);
  }

  /** Creates FLOAT32 ones. */
  public static Tensor ones(long... shape) {
    return ones(DType.FLOAT32, shape);
  }

  /** Allocates undefined content in another tensor's type, shape and memory order. */
  public static Tensor emptyLike(Tensor like) {
    return emptyLike(like, like.dtype());
  }

  /** Allocates undefined content in another tensor's shape and memory order. */
  public static Tensor emptyLike(Tensor like, DType dtype) {
    return Internals.allocateLike(dtype, like.strided());
  }

  /** Creates zeros of another tensor's type, shape and memory order. */
  public static Tensor zerosLike(Tensor like) {
    if (Calls.areRecorded()) {
      return Calls.record("zerosLike(Tensor)", like);
    }
    return fullLike(like, 0);
  }

  /** Creates zeros of another tensor's shape and memory order. */
  public static Tensor zerosLike(Tensor like, DType dtype) {
    if (Calls.areRecorded()) {
      return Calls.record("zerosLike(Tensor,DType)", like, dtype);
    }
    return fullLike(like, 0, dtype);
  }

  /** Creates ones of another tensor's type, shape and memory order. */
  public static Tensor onesLike(Tensor like) {
    if (Calls.areRecorded()) {
      return Calls.record("onesLike(Tensor)", like);
    }
    return fullLike(like, 1);
  }

  /** Creates ones of another tensor's shape and memory order. */
  public static Tensor onesLike(Tensor like, DType dtype) {
    if (Calls.areRecorded()) {
      return Calls.record("onesLike(Tensor,DType)", like, dtype);
    }
    return fullLike(like, 1, dtype);
  }

  /** Creates a tensor of one value in another tensor's type, shape and memory order. */
  public static Tensor fullLike(Tensor like, Number value) {
    if (Calls.areRecorded()) {
      return Calls.record("fullLike(Tensor,Number)", like, value);
    }
    return fullLike(like, value, like.dtype());
  }

  /** Creates a tensor of one value in another tensor's shape and memory order. */
  public static Tensor fullLike(Tensor like, Number value, DType dtype) {
    if (Calls.areRecorded()) {
      return Calls.record("fullLike(Tensor,Number,DType)", like, value, dtype);
    }
    return Factories.fullLike(like, value, dtype);
  }

  /** Creates 0, 1, … below {@code end}: INT64 if that is whole, else FLOAT32. */
  public static Tensor arange(Number end) {
    return arange(0, end, 1);
  }

  /** Creates start, start + 1, … below {@code end}: INT64 if both are whole, else FLOAT32. */
  public static Tensor arange(Number start, Number end) {
    return arange(start, end, 1);
  }

  /**
   * Creates start, start + step, … before {@code end}: INT64 if all are whole, else FLOAT32.
   *
   * @throws IllegalArgumentException if step is 0, a bound is not finite, or the end lies on the
   *     other side
   */
  public static Tensor arange(Number start, Number end, Number step) {
    return arange(start, end, step, Factories.typeOf(start, end, step));
  }

  /** Works like {@link #arange(Number, Number, Number)}, of a type. */
  public static Tensor arange(Number start, Number end, Number step, DType dtype) {
    return Sequences.arange(start, end, step, dtype);
  }

  /** Creates FLOAT32 numbers from start to end, both included, at equal distances. */
  public static Tensor linspace(Number start, Number end, long steps) {
    return linspace(start, end, steps, DType.FLOAT32);
  }

  /** Creates numbers from start to end, both included, at equal distances. */
  public static Tensor linspace(Number start, Number end, long steps, DType dtype) {
    return Sequences.linspace(start, end, steps, dtype);
  }

  /** Creates FLOAT32 powers of {@code base} with exponents as {@link #linspace} gives them. */
  public static Tensor logspace(Number start, Number end, long steps, Number base) {
    return logspace(start, end, steps, base, DType.FLOAT32);
  }

  /** Powers of {@code base} with exponents as {@link #linspace} gives them. */
  public static Tensor logspace(Number start, Number end, long steps, Number base, DType dtype) {
    return Sequences.logspace(start, end, steps, base, dtype);
  }

  /** Creates FLOAT32 [n, n] with ones on the diagonal. */
  public static Tensor eye(long n) {
    return eye(n, n, DType.FLOAT32);
  }

  /** Creates [n, m] with ones on the diagonal. */
  public static Tensor eye(long n, long m, DType dtype) {
    return Factories.eye(Device.CPU, n, m, dtype);
  }

  /**
   * Wraps the memory of a direct buffer (of floats, doubles, longs, ints, shorts, or bytes as
   * UINT8), 1-d, shared and kept alive, from its position to its limit.
   *
   * @throws IllegalArgumentException if the buffer is on the Java heap or in a foreign byte order
   */
  public static Tensor wrap(Buffer direct) {
    return Factories.wrap(direct);
  }

  /**
   * Returns data as a tensor, sharing memory where that is possible: a tensor is given back, a
   * direct buffer is wrapped; arrays and lists lie on the Java heap and are always copied.
   */
  public static Tensor asTensor(Object data) {
    return Factories.asTensor(data);
  }

  /** Works like {@link #asTensor(Object)}; another type than the data's makes a copy. */
  public static Tensor asTensor(Object data, DType dtype) {
    return Factories.asTensor(data, dtype);
  }

  /**
   * Wraps the memory of a direct buffer, shared and kept alive, from its position on; native byte
   * order.
   */
  public static Tensor wrap(ByteBuffer direct, DType dtype, long... shape) {
    return Factories.wrap(direct, dtype, shape);
  }

  /**
   * Joins tensors one after the other along an existing dimension, in the type all are promoted to.
   */
  public static Tensor cat(List<Tensor> tensors, int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("cat(List,int)", tensors, dim);
    }
    return Cat.of(tensors, dim);
  }

  /** Joins tensors one after the other along a new dimension. */
  public static Tensor stack(List<Tensor> tensors, int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("stack(List,int)", tensors, dim);
    }
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

  /** Joins tensors side by side: along columns, or along the only dimension. */
  public static Tensor hstack(List<Tensor> tensors) {
    if (Calls.areRecorded()) {
      return Calls.record("hstack(List)", tensors);
    }
    return Joining.hstack(tensors);
  }

  /** Joins tensors one below the other. */
  public static Tensor vstack(List<Tensor> tensors) {
    if (Calls.areRecorded()) {
      return Calls.record("vstack(List)", tensors);
    }
    return Joining.vstack(tensors);
  }

  /** Joins tensors along the third dimension. */
  public static Tensor dstack(List<Tensor> tensors) {
    if (Calls.areRecorded()) {
      return Calls.record("dstack(List)", tensors);
    }
    return Joining.dstack(tensors);
  }

  /** Returns all tensors expanded to their common shape. */
  public static List<Tensor> broadcastTensors(List<Tensor> tensors) {
    if (Calls.areRecorded()) {
      return Calls.record("broadcastTensors(List)", tensors);
    }
    return Joining.broadcast(tensors);
  }

  /**
   * Computes the coordinates of a grid: tensor i varies along dimension i ({@code indexing="ij"}).
   */
  public static List<Tensor> meshgrid(List<Tensor> tensors) {
    if (Calls.areRecorded()) {
      return Calls.record("meshgrid(List)", tensors);
    }
    return Joining.meshgrid(tensors, false);
  }

  /**
   * Works like {@link #meshgrid} with the first two dimensions exchanged ({@code indexing="xy"}).
   */
  public static List<Tensor> meshgridXy(List<Tensor> tensors) {
    if (Calls.areRecorded()) {
      return Calls.record("meshgridXy(List)", tensors);
    }
    return Joining.meshgrid(tensors, true);
  }

  /** Computes condition ? a : b; condition is BOOL. */
  public static Tensor where(Tensor condition, Tensor a, Tensor b) {
    if (Calls.areRecorded()) {
      return Calls.record("where(Tensor,Tensor,Tensor)", condition, a, b);
    }
    return Where.of(condition, a, b);
  }

  // ---- random tensors; with the default generator where none is given

  /** Makes the default generator start from a seed; see {@link Generator#manualSeed}. */
  public static void manualSeed(long seed) {
    Generator.manualSeed(seed);
  }

  /** Creates a FLOAT32 tensor, uniform in [0, 1). */
  public static Tensor rand(long... shape) {
    if (Calls.areRecorded()) {
      return Calls.record("rand(long[])", shape);
    }
    return rand(Generator.current(), DType.FLOAT32, shape);
  }

  /** Draws uniform numbers in [0, 1). */
  public static Tensor rand(DType dtype, long... shape) {
    if (Calls.areRecorded()) {
      return Calls.record("rand(DType,long[])", dtype, shape);
    }
    return rand(Generator.current(), dtype, shape);
  }

  /** Draws uniform numbers in [0, 1). */
  public static Tensor rand(Generator generator, DType dtype, long... shape) {
    return on(Device.CPU).rand(generator, dtype, shape);
  }

  /** Draws uniform numbers in [0, 1), of another tensor's type, shape and memory order. */
  public static Tensor randLike(Tensor like) {
    if (Calls.areRecorded()) {
      return Calls.record("randLike(Tensor)", like);
    }
    return emptyLike(like).uniform_(Generator.current(), 0, 1);
  }

  /** Creates a FLOAT32 tensor, normal with mean 0 and standard deviation 1. */
  public static Tensor randn(long... shape) {
    if (Calls.areRecorded()) {
      return Calls.record("randn(long[])", shape);
    }
    return randn(Generator.current(), DType.FLOAT32, shape);
  }

  /** Draws normal numbers with mean 0 and standard deviation 1. */
  public static Tensor randn(DType dtype, long... shape) {
    if (Calls.areRecorded()) {
      return Calls.record("randn(DType,long[])", dtype, shape);
    }
    return randn(Generator.current(), dtype, shape);
  }

  /** Draws normal numbers with mean 0 and standard deviation 1. */
  public static Tensor randn(Generator generator, DType dtype, long... shape) {
    return on(Device.CPU).randn(generator, dtype, shape);
  }

  /** Draws standard normal numbers, of another tensor's type, shape and memory order. */
  public static Tensor randnLike(Tensor like) {
    if (Calls.areRecorded()) {
      return Calls.record("randnLike(Tensor)", like);
    }
    return emptyLike(like).normal_(Generator.current(), 0, 1);
  }

  /** Creates an INT64 tensor, uniform in [0, high). */
  public static Tensor randint(long high, long... shape) {
    if (Calls.areRecorded()) {
      return Calls.record("randint(long,long[])", high, shape);
    }
    return randint(Generator.current(), 0, high, DType.INT64, shape);
  }

  /** Draws whole numbers, uniform in [low, high). */
  public static Tensor randint(
      Generator generator, long low, long high, DType dtype, long... shape) {
    return on(Device.CPU).randint(generator, low, high, dtype, shape);
  }

  /** Draws whole numbers in [low, high), of another tensor's type, shape and memory order. */
  public static Tensor randintLike(Tensor like, long low, long high) {
    if (Calls.areRecorded()) {
      return Calls.record("randintLike(Tensor,long,long)", like, low, high);
    }
    return emptyLike(like).random_(Generator.current(), low, high);
  }

  /** Returns INT64 0 … n − 1 in random order. */
  public static Tensor randperm(long n) {
    if (Calls.areRecorded()) {
      return Calls.record("randperm(long)", n);
    }
    return randperm(Generator.current(), n);
  }

  /** Returns INT64 0 … n − 1 in random order. */
  public static Tensor randperm(Generator generator, long n) {
    return Sampling.permutation(generator, n);
  }

  /** Draws 1 with the probability that each element says, else 0. */
  public static Tensor bernoulli(Tensor probabilities) {
    if (Calls.areRecorded()) {
      return Calls.record("bernoulli(Tensor)", probabilities);
    }
    return bernoulli(probabilities, Generator.current());
  }

  /** Draws 1 with the probability that each element says, else 0. */
  public static Tensor bernoulli(Tensor probabilities, Generator generator) {
    return Sampling.bernoulli(generator, probabilities);
  }

  /** Draws normal numbers with means and standard deviations by element, broadcast. */
  public static Tensor normal(Tensor mean, Tensor std) {
    if (Calls.areRecorded()) {
      return Calls.record("normal(Tensor,Tensor)", mean, std);
    }
    return Sampling.normal(Generator.current(), mean, std);
  }

  /** Draws normal numbers with means by element. */
  public static Tensor normal(Tensor mean, double std) {
    if (Calls.areRecorded()) {
      return Calls.record("normal(Tensor,double)", mean, std);
    }
    try (Tensor one = mean.newFull(std, mean.dtype())) {
      return Sampling.normal(Generator.current(), mean, one);
    }
  }

  /** Draws FLOAT32 normal numbers. */
  public static Tensor normal(double mean, double std, long... shape) {
    if (Calls.areRecorded()) {
      return Calls.record("normal(double,double,long[])", mean, std, shape);
    }
    return Factories.empty("normal", Device.CPU, DType.FLOAT32, shape)
        .normal_(Generator.current(), mean, std);
  }

  /**
   * Draws INT64 indices with probabilities in proportion to weights.
   *
   * @param weights [n] or [rows, n], floating point, not negative, not all 0
   * @param numSamples for each row
   * @param replacement whether an index may be drawn twice
   */
  public static Tensor multinomial(Tensor weights, int numSamples, boolean replacement) {
    if (Calls.areRecorded()) {
      return Calls.record("multinomial(Tensor,int,boolean)", weights, numSamples, replacement);
    }
    return multinomial(weights, numSamples, replacement, Generator.current());
  }

  /** Works like {@link #multinomial(Tensor, int, boolean)}. */
  public static Tensor multinomial(
      Tensor weights, int numSamples, boolean replacement, Generator generator) {
    return Sampling.multinomial(generator, weights, numSamples, replacement);
  }

  // ---- places

  /** Returns INT64 [2, n]: the rows and columns of the lower triangle of a matrix. */
  public static Tensor trilIndices(long rows, long columns, long offset) {
    return Masks.triangleIndices(rows, columns, offset, false);
  }

  /** Returns INT64 [2, n]: the rows and columns of the upper triangle of a matrix. */
  public static Tensor triuIndices(long rows, long columns, long offset) {
    return Masks.triangleIndices(rows, columns, offset, true);
  }

  // ---- products

  /** Writes {@link #matmul} to a tensor of its shape. */
  public static Tensor matmulOut(Tensor out, Tensor lhs, Tensor rhs) {
    return MatMul.matmulOut(out, lhs, rhs);
  }

  /** Writes {@link #mm} to a tensor of its shape. */
  public static Tensor mmOut(Tensor out, Tensor lhs, Tensor rhs) {
    return Products.mmOut(out, lhs, rhs);
  }

  /** Writes {@link #bmm} to a tensor of its shape. */
  public static Tensor bmmOut(Tensor out, Tensor lhs, Tensor rhs) {
    return Products.bmmOut(out, lhs, rhs);
  }

  /**
   * Computes the product of one or more matrices, in the order that needs the fewest
   * multiplications.
   */
  public static Tensor chainMatmul(List<Tensor> matrices) {
    if (Calls.areRecorded()) {
      return Calls.record("chainMatmul(List)", matrices);
    }
    return Contractions.chainMatmul(matrices);
  }

  /**
   * Computes the sums of products over the last {@code dims} dimensions of a and the first of b.
   */
  public static Tensor tensordot(Tensor a, Tensor b, int dims) {
    if (Calls.areRecorded()) {
      return Calls.record("tensordot(Tensor,Tensor,int)", a, b, dims);
    }
    return Contractions.tensordot(a, b, dims);
  }

  /**
   * Computes the sums of products over dimension {@code dimsA[i]} of a and {@code dimsB[i]} of b
   * together.
   */
  public static Tensor tensordot(Tensor a, Tensor b, int[] dimsA, int[] dimsB) {
    if (Calls.areRecorded()) {
      return Calls.record("tensordot(Tensor,Tensor,int[],int[])", a, b, dimsA, dimsB);
    }
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
    if (Calls.areRecorded()) {
      return Calls.record("einsum(String,Tensor[])", equation, operands);
    }
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
