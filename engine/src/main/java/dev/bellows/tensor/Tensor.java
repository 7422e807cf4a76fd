package dev.bellows.tensor;

import dev.bellows.autograd.AccumulateGrad;
import dev.bellows.autograd.Autograd;
import dev.bellows.autograd.CopySlices;
import dev.bellows.autograd.Edge;
import dev.bellows.autograd.GradMode;
import dev.bellows.autograd.HookHandle;
import dev.bellows.autograd.Node;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.memory.Memory;
import dev.bellows.memory.Storage;
import dev.bellows.memory.Strided;
import dev.bellows.ops.AsStrided;
import dev.bellows.ops.Geometry;
import dev.bellows.ops.Types;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
public non-sealed class Tensor extends TensorLinalg implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Tensor.class);
  private static final AtomicBoolean WARNED = new AtomicBoolean();

  private Strided strided;
  private TensorScope scope;
  private Handles.Ref ref;
  private boolean released;
  private boolean pinned;
  private boolean inference;

  private boolean unlinkedView;
  private Tensor base;
  private int baseVersion;
  private String viewRule;

  private boolean requiresGrad;
  private Tensor grad;
  private Node gradFn;
  private int outputIndex;
  private HookHandle retainHook;
  private AccumulateGrad accumulator;

  /** Takes over one reference to the array's storage. */
  Tensor(Strided strided) {
    this.strided = strided;
    this.inference = GradMode.isInference();
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
    return base != null;
  }

  /** The tensor that this is a view of, itself no view; null if this is none. */
  public final Tensor base() {
    return base;
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
    Internals.kernels(out).copy(source.strided(), out.strided);
    if (source != this) {
      source.close();
    }
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

  /** Elements in row-major order, cut to int. */
  public final int[] toIntArray() {
    return toArray(DType.INT32, new int[Math.toIntExact(numel())]);
  }

  /** Elements in row-major order, cut to short. */
  public final short[] toShortArray() {
    return toArray(DType.INT16, new short[Math.toIntExact(numel())]);
  }

  /** Elements in row-major order, cut to byte; UINT8 above 127 come out negative. */
  public final byte[] toByteArray() {
    return toArray(
        dtype() == DType.UINT8 ? DType.UINT8 : DType.INT8, new byte[Math.toIntExact(numel())]);
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
    byte[] bytes = toArray(DType.BOOL, new byte[Math.toIntExact(numel())]);
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
    return requiresGrad || gradFn != null || base != null && base.requiresGrad();
  }

  /**
   * Makes a leaf require grad, or no longer.
   *
   * @throws IllegalStateException if it is not a leaf, or not floating point
   */
  public final Tensor setRequiresGrad(boolean required) {
    if (gradFn() != null) {
      if (!required) {
        throw new IllegalStateException(
            "you can only change requires_grad flags of leaf variables. If you want to use a computed"
                + " variable in a subgraph that doesn't require differentiation use detach().");
      }
      return this;
    }
    if (required && inference && !GradMode.isInference()) {
      throw new IllegalStateException(
          "Setting requires_grad=True on inference tensor outside InferenceMode is not allowed.");
    }
    if (required && !dtype().isFloatingPoint()) {
      throw new IllegalStateException(
          "only Tensors of floating point dtype can require gradients; got " + dtype());
    }
    requiresGrad = required;
    return this;
  }

  /**
   * The accumulated gradient of a leaf, or of another tensor after {@link #retainGrad()}; null if
   * there is none. Reading it from another tensor logs a warning, once.
   */
  public final Tensor grad() {
    if (grad == null && retainHook == null && gradFn != null && WARNED.compareAndSet(false, true)) {
      LOG.warn(
          "The .grad() of a Tensor that is not a leaf Tensor is being accessed. It won't be populated"
              + " during backward(). If you indeed want it to be, use retainGrad() on the non-leaf"
              + " Tensor. If you access the non-leaf Tensor by mistake, make sure you access the leaf"
              + " Tensor instead; gradFn {}",
          gradFn);
    }
    return grad;
  }

  /** Replaces the gradient; null for none. The one before is left to the open scope, if any. */
  public final void setGrad(Tensor newGrad) {
    if (newGrad != null
        && (newGrad.dtype() != dtype()
            || !Arrays.equals(newGrad.strided().sizes(), strided.sizes()))) {
      throw new IllegalArgumentException(
          "attempting to assign a gradient of "
              + newGrad.strided()
              + " to a tensor of "
              + strided
              + ". Please ensure that the gradient and the tensor are the same size and dtype");
    }
    if (newGrad != null && !newGrad.device().equals(device())) {
      throw new IllegalArgumentException(
          "attempting to assign a gradient located on device "
              + newGrad.device()
              + " to a tensor located on device "
              + device()
              + ". Please ensure that the gradient and the tensor are on the same device");
    }
    if (grad != null && grad != newGrad) {
      grad.joinScope();
    }
    grad = newGrad == null ? null : newGrad.keep();
  }

  /** The node that made this, or null for a leaf. */
  public final Node gradFn() {
    if (base != null && baseVersion != strided.storage().version() && base.requiresGrad()) {
      gradFn = AsStrided.node(base.gradEdge(), Geometry.of(base.strided), Geometry.of(strided));
      outputIndex = 0;
      baseVersion = strided.storage().version();
    }
    return gradFn;
  }

  /** Whether no operation of a graph made this. */
  public final boolean isLeaf() {
    return gradFn() == null;
  }

  /** Lets a tensor that is no leaf keep its gradient too. */
  public final void retainGrad() {
    if (!requiresGrad()) {
      throw new IllegalStateException("can't retain_grad on Tensor that has requires_grad=False");
    }
    if (gradFn() != null && retainHook == null) {
      hookRetained();
    }
  }

  /** Whether this is no leaf and keeps its gradient. */
  public final boolean retainsGrad() {
    return retainHook != null;
  }

  private void hookRetained() {
    retainHook =
        gradFn.addRetainHook(
            outputIndex,
            g -> {
              accumulateGrad(g);
              g.close();
              return null;
            });
  }

  /**
   * Takes this itself out of the graph and answers it.
   *
   * @throws IllegalStateException if it is a view, whose base would stay in
   */
  public final Tensor detach_() {
    if (base != null) {
      throw new IllegalStateException("Can't detach views in-place. Use detach() instead");
    }
    requiresGrad = false;
    setGradFn(null, 0);
    accumulator = null;
    return this;
  }

  /** The same memory outside the graph; a change in place of one is seen in the other. */
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
    Node node = gradFn();
    if (node != null) {
      return new Edge(node, outputIndex);
    }
    if (!requiresGrad()) {
      return Edge.NONE;
    }
    if (accumulator == null) {
      accumulator = new AccumulateGrad(this);
    }
    return new Edge(accumulator, 0);
  }

  final void setGradFn(Node node, int output) {
    boolean retained = retainHook != null;
    if (retained) {
      retainHook.remove();
    }
    gradFn = node;
    outputIndex = output;
    retainHook = null;
    if (retained && node != null) {
      hookRetained();
    }
  }

  final void copyGraphPosition(Tensor other) {
    inference = other.inference;
    gradFn = other.gradFn();
    outputIndex = other.outputIndex;
    if (gradFn == null && other.requiresGrad()) {
      requiresGrad = true;
      accumulator = (AccumulateGrad) other.gradEdge().node();
    }
  }

  final void setEdge(Edge edge) {
    if (edge.node() instanceof AccumulateGrad leaf) {
      requiresGrad = true;
      accumulator = leaf;
    } else if (edge.node() != null) {
      setGradFn(edge.node(), edge.output());
    }
  }

  /** Adds a gradient to {@link #grad()}. */
  final void accumulateGrad(Tensor gradient) {
    setGrad(grad == null ? gradient.clone() : grad.add(gradient));
  }

  // ---- views and their bases

  final void markView(Tensor viewed) {
    unlinkedView = true;
    inference = viewed.inference;
  }

  final boolean isUnlinkedView() {
    return unlinkedView;
  }

  /** Remembers the tensor this views, so that changes in place of one reach the other's history. */
  final void linkView(Tensor viewed) {
    unlinkedView = false;
    base = viewed.base == null ? viewed : viewed.base;
    baseVersion = strided.storage().version();
    viewRule = viewed.viewRule;
    if (viewRule == null && !GradMode.isEnabled()) {
      viewRule =
          "A view was created in "
              + (GradMode.isInference() ? "inference mode" : "no_grad mode")
              + " and is being modified inplace with grad mode enabled. Make the view and the change"
              + " both inside (so that the change is not recorded) or both outside";
    }
  }

  final void markMultiView(String creator) {
    if (base != null) {
      viewRule =
          "Output of "
              + creator
              + " is a view and is being modified inplace. This view is the output of a function that"
              + " returns multiple views. Such functions do not allow the output views to be modified"
              + " inplace. You should replace the inplace operation by an out-of-place one";
    }
  }

  /** Checks that this may become the result of a recorded change in place. */
  final void checkNewHistory(String operation) {
    if (base != null) {
      if (viewRule != null) {
        throw new IllegalStateException(viewRule + ".; " + operation);
      }
      if (requiresGrad() && base.isLeaf()) {
        throw new IllegalStateException(
            "a view of a leaf Variable that requires grad is being used in an in-place operation.; "
                + operation);
      }
    }
    if (requiresGrad() && isLeaf()) {
      throw new IllegalStateException(
          "a leaf Variable that requires grad is being used in an in-place operation.; "
              + operation);
    }
  }

  /** Makes this, and what it is a view of, the result of a node that changed it in place. */
  final void rebaseHistory(Node node, int output, int input) {
    if (base == null) {
      setGradFn(node, output);
      return;
    }
    Geometry whole = Geometry.of(base.strided);
    Geometry part = Geometry.of(strided);
    base.setGradFn(new CopySlices(base.gradEdge(), whole, part, node, input), 0);
    boolean retained = retainHook != null;
    if (retained) {
      retainHook.remove();
      retainHook = null;
    }
    baseVersion--; // whatever this thought its history was, it is another one after the change
    gradFn();
    if (retained) {
      hookRetained();
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
}
