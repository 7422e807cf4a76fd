package dev.bellows.autograd;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.Storage;
import dev.bellows.memory.Strided;
import dev.bellows.memory.Warnings;
import dev.bellows.ops.AsStrided;
import dev.bellows.ops.Geometry;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorCopies;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The position of a tensor in the graph: whether it requires grad, its accumulated gradient, the
 * node that produced it, and for a view its base. A tensor that never took part in a graph and is
 * not a view has no position.
 *
 * <p>Threads that run backward may share a leaf: its accumulator is created once, and additions to
 * its gradient hold the tensor's lock.
 *
 * <p>Views: the base of a view is never a view itself. A recorded in-place change of a view becomes
 * a {@link CopySlices} node of the base. A view whose memory was changed after its history was
 * created gets a new history from its base.
 */
public final class GraphPosition {
  private static final Logger LOG = LoggerFactory.getLogger(GraphPosition.class);
  private static final AtomicBoolean WARNED = new AtomicBoolean();

  private final Tensor tensor;

  private boolean requiresGrad;
  private Tensor grad;
  private Node gradFn;
  private int outputIndex;
  private HookHandle retainHook;
  private volatile AccumulateGrad accumulator;

  private Tensor base;
  private int baseVersion;
  private String viewRule;

  /** Creates the position of a tensor that does not require grad and is not a view. */
  public GraphPosition(Tensor tensor) {
    this.tensor = tensor;
  }

  // ---- tensors that may have no position

  /** Returns where the gradient of a tensor flows: its node, its accumulator, or nowhere. */
  public static Edge edge(Tensor tensor) {
    GraphPosition position = Internals.graphPosition(tensor);
    return position == null ? Edge.NONE : position.edge();
  }

  /** Makes a tensor an output of a node. */
  static void setGradFn(Tensor tensor, Node node, int output) {
    Internals.ensureGraphPosition(tensor).setGradFn(node, output);
  }

  /** Returns another handle on the same memory and at the same position. */
  public static Tensor alias(Tensor tensor) {
    return alias(tensor, edge(tensor));
  }

  /** Returns another handle on the same memory, whose gradient flows along a given edge. */
  public static Tensor alias(Tensor tensor, Edge edge) {
    return placed(Internals.handle(tensor), edge);
  }

  /** Returns a copy at the same position: the tensor before it is overwritten. */
  static Tensor snapshot(Tensor tensor) {
    return placed(TensorCopies.inLayoutOf(tensor, tensor), edge(tensor));
  }

  private static Tensor placed(Tensor tensor, Edge edge) {
    if (edge.node() != null) {
      GraphPosition position = Internals.ensureGraphPosition(tensor);
      if (edge.node() instanceof AccumulateGrad leaf) {
        position.requiresGrad = true;
        position.accumulator = leaf;
      } else {
        position.setGradFn(edge.node(), edge.output());
      }
    }
    return tensor;
  }

  /**
   * Links the result of an operation to the tensor whose memory it shares, so that in-place changes
   * of one affect the other's history. Ignores a result with separate memory.
   */
  public static void linkView(Tensor out, Tensor viewed) {
    boolean isFirst = out == viewed || viewed.base() == out;
    if (!isFirst && out.base() == null && storage(out) == storage(viewed)) {
      Internals.ensureGraphPosition(out).linkTo(viewed);
    }
  }

  /** Marks a view as one of several that the function {@code creator} returned. */
  public static Tensor markMultiView(Tensor view, String creator) {
    if (view.base() != null) {
      Internals.graphPosition(view).viewRule =
          "Output of "
              + creator
              + " is a view and is being modified inplace. This view is the output of a function"
              + " that returns multiple views. Such functions do not allow the output views to be"
              + " modified inplace. You should replace the inplace operation by an out-of-place"
              + " one";
    }
    return view;
  }

  /**
   * Checks that a tensor may become the result of a recorded in-place change.
   *
   * @throws IllegalStateException if it is a leaf that requires grad or a view of one, or a view
   *     whose creator forbids it
   */
  public static void checkNewHistory(Tensor tensor, String operation) {
    GraphPosition position = Internals.graphPosition(tensor);
    if (position != null) {
      position.checkNewHistory(operation);
    }
  }

  /**
   * Makes a tensor, and the base of a view, an output of a node that changed one of its inputs in
   * place.
   */
  static void rebaseHistory(Tensor tensor, Node node, int output, int input) {
    Internals.ensureGraphPosition(tensor).rebaseHistory(node, output, input);
  }

  // ---- leaves and their gradients

  /** Implements {@link Tensor#requiresGrad()}. */
  public boolean requiresGrad() {
    return requiresGrad || gradFn != null || base != null && base.requiresGrad();
  }

  /** Implements {@link Tensor#setRequiresGrad}. */
  public void setRequiresGrad(boolean required) {
    if (gradFn() != null) {
      if (!required) {
        throw new IllegalStateException(
            "you can only change requires_grad flags of leaf variables. If you want to use a"
                + " computed variable in a subgraph that doesn't require differentiation use"
                + " detach().");
      }
      return;
    }
    if (required && tensor.isInference() && !GradMode.isInference()) {
      throw new IllegalStateException(
          "Setting requires_grad=True on inference tensor outside InferenceMode is not allowed.");
    }
    if (required && !tensor.dtype().isFloatingPoint()) {
      throw new IllegalStateException(
          "only Tensors of floating point dtype can require gradients; got " + tensor.dtype());
    }
    requiresGrad = required;
  }

  /** Implements {@link Tensor#grad()}. */
  public Tensor grad() {
    if (grad == null && retainHook == null && gradFn != null && WARNED.compareAndSet(false, true)) {
      Warnings.warn(
          LOG,
          "The .grad() of a Tensor that is not a leaf Tensor is being accessed. It won't be"
              + " populated during backward(). If you indeed want it to be, use retainGrad() on the"
              + " non-leaf Tensor. If you access the non-leaf Tensor by mistake, make sure you"
              + " access the leaf Tensor instead; gradFn {}",
          gradFn);
    }
    return grad;
  }

  /**
   * Replaces the gradient, or clears it if null, and returns the previous one.
   *
   * @throws IllegalArgumentException if it has another type, device or shape than the tensor, or is
   *     the tensor
   */
  public Tensor replaceGrad(Tensor newGrad) {
    if (newGrad != null) {
      checkGrad(newGrad);
    }
    Tensor before = grad;
    grad = newGrad;
    return before;
  }

  private void checkGrad(Tensor newGrad) {
    if (newGrad == tensor) {
      throw new IllegalArgumentException("can't assign a tensor as its own grad");
    }
    if (newGrad.dtype() != tensor.dtype()) {
      throw misfit("with dtype", newGrad.dtype(), tensor.dtype(), "have the same dtype");
    }
    if (!newGrad.device().equals(tensor.device())) {
      throw misfit(
          "located on device", newGrad.device(), tensor.device(), "are on the same device");
    }
    long[] size = newGrad.strided().sizes();
    long[] expected = Internals.array(tensor).sizes();
    if (!Arrays.equals(size, expected)) {
      throw misfit(
          "of size", Arrays.toString(size), Arrays.toString(expected), "are the same size");
    }
  }

  private static IllegalArgumentException misfit(
      String what, Object gradient, Object tensor, String rule) {
    return new IllegalArgumentException(
        message(
            "attempting to assign a gradient %s %s to a tensor %s %s. Please ensure that the"
                + " gradient and the tensor %s",
            what, gradient, what, tensor, rule));
  }

  /** Adds to the gradient of a tensor that requires grad, one thread at a time. */
  static void accumulate(Tensor tensor, Tensor gradient) {
    synchronized (tensor) {
      Tensor grad = Internals.ensureGraphPosition(tensor).grad;
      tensor.setGrad(grad == null ? gradient.clone() : grad.add(gradient));
    }
  }

  // ---- the node that made the tensor

  /** Implements {@link Tensor#gradFn()}. */
  public Node gradFn() {
    if (base != null && baseVersion != storage(tensor).version() && base.requiresGrad()) {
      gradFn = AsStrided.node(edge(base), geometry(base), geometry(tensor));
      outputIndex = 0;
      baseVersion = storage(tensor).version();
    }
    return gradFn;
  }

  private void setGradFn(Node node, int output) {
    boolean retained = removeRetainHook();
    gradFn = node;
    outputIndex = output;
    if (retained && node != null) {
      addRetainHook();
    }
  }

  private Edge edge() {
    Node node = gradFn();
    if (node != null) {
      return new Edge(node, outputIndex);
    }
    if (!requiresGrad()) {
      return Edge.NONE;
    }
    AccumulateGrad end = accumulator;
    return new Edge(end == null ? newAccumulator() : end, 0);
  }

  /** Creates the accumulator that all threads share. */
  private AccumulateGrad newAccumulator() {
    synchronized (tensor) {
      if (accumulator == null) {
        accumulator = new AccumulateGrad(tensor);
      }
      return accumulator;
    }
  }

  /** Implements {@link Tensor#detach_()}. */
  public void detach() {
    if (base != null) {
      throw new IllegalStateException("Can't detach views in-place. Use detach() instead");
    }
    requiresGrad = false;
    setGradFn(null, 0);
    accumulator = null;
  }

  // ---- hooks

  /** Implements {@link Tensor#retainGrad()}. */
  public void retainGrad() {
    if (!requiresGrad()) {
      throw new IllegalStateException("can't retain_grad on Tensor that has requires_grad=False");
    }
    if (gradFn() != null && retainHook == null) {
      addRetainHook();
    }
  }

  /** Implements {@link Tensor#retainsGrad()}. */
  public boolean retainsGrad() {
    return retainHook != null;
  }

  private void addRetainHook() {
    retainHook =
        gradFn.addRetainHook(
            outputIndex,
            g -> {
              accumulate(tensor, g);
              g.close();
              return null;
            });
  }

  private boolean removeRetainHook() {
    if (retainHook == null) {
      return false;
    }
    retainHook.remove();
    retainHook = null;
    return true;
  }

  /** Implements {@link Tensor#registerHook}. */
  public HookHandle registerHook(UnaryOperator<Tensor> hook) {
    if (!requiresGrad()) {
      throw new IllegalStateException(
          "cannot register a hook on a tensor that doesn't require gradient");
    }
    Edge edge = edge();
    return edge.node().addHook(edge.output(), hook);
  }

  /** Implements {@link Tensor#registerPostAccumulateGradHook}. */
  public HookHandle registerPostAccumulateGradHook(Consumer<Tensor> hook) {
    if (!requiresGrad() || gradFn() != null) {
      throw new IllegalStateException(
          "post accumulate grad hooks cannot be registered on non-leaf tensors");
    }
    return ((AccumulateGrad) edge().node()).addPostHook(hook);
  }

  // ---- views and their bases

  /** Implements {@link Tensor#base()}. */
  public Tensor base() {
    return base;
  }

  private void linkTo(Tensor viewed) {
    GraphPosition position = Internals.graphPosition(viewed);
    boolean ofView = position != null && position.base != null;
    base = ofView ? position.base : viewed;
    baseVersion = storage(tensor).version();
    viewRule = ofView ? position.viewRule : null;
    if (viewRule == null && !GradMode.isEnabled()) {
      viewRule =
          "A view was created in "
              + (GradMode.isInference() ? "inference mode" : "no_grad mode")
              + " and is being modified inplace with grad mode enabled. Make the view and the"
              + " change both inside (so that the change is not recorded) or both outside";
    }
  }

  private void checkNewHistory(String operation) {
    boolean required = requiresGrad();
    if (base != null) {
      if (viewRule != null) {
        throw new IllegalStateException(viewRule + ".; " + operation);
      }
      if (required && base.isLeaf()) {
        throw new IllegalStateException(
            message(
                "a view of a leaf Variable that requires grad is being used in an in-place"
                    + " operation.; %s",
                operation));
      }
    }
    if (required && gradFn() == null) {
      throw new IllegalStateException(
          message(
              "a leaf Variable that requires grad is being used in an in-place operation.; %s",
              operation));
    }
  }

  private void rebaseHistory(Node node, int output, int input) {
    if (base == null) {
      setGradFn(node, output);
      return;
    }
    Node changed = new CopySlices(edge(base), geometry(base), geometry(tensor), node, input);
    setGradFn(base, changed, 0);
    boolean retained = removeRetainHook();
    baseVersion--; // marks the view's history as outdated even if the version is unchanged
    gradFn();
    if (retained) {
      addRetainHook();
    }
  }

  private static Geometry geometry(Tensor tensor) {
    return Geometry.of(Internals.array(tensor));
  }

  private static Storage storage(Tensor tensor) {
    Strided array = Internals.array(tensor);
    return array.storage();
  }
}
