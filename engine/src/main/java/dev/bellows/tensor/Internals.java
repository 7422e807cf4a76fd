package dev.bellows.tensor;

import dev.bellows.autograd.Edge;
import dev.bellows.autograd.GradMode;
import dev.bellows.autograd.Node;
import dev.bellows.backend.Backends;
import dev.bellows.backend.Kernels;
import dev.bellows.memory.DType;
import dev.bellows.memory.Shapes;
import dev.bellows.memory.Storage;
import dev.bellows.memory.Strided;
import dev.bellows.ops.Types;
import java.lang.ref.Reference;
import java.util.Arrays;

/** What the engine's own packages do with tensors and users do not. */
public final class Internals {
  private Internals() {}

  /** New memory of undefined content under the given sizes and strides, which are kept. */
  public static Tensor allocate(DType dtype, long[] sizes, long[] strides) {
    Handles.reclaim();
    long bytes = Math.multiplyExact(Shapes.numel(sizes), (long) dtype.bytes());
    return new Tensor(new Strided(Storage.allocate(bytes), dtype, sizes, strides, 0));
  }

  /** New row-major memory of undefined content. */
  public static Tensor allocate(DType dtype, long... sizes) {
    return allocate(dtype, sizes, Shapes.contiguousStrides(sizes));
  }

  /**
   * New memory in the order of another array of the same sizes, or row-major where that has holes.
   */
  public static Tensor allocateLike(DType dtype, Strided like) {
    return allocate(
        dtype,
        like.sizes(),
        like.isDense() ? like.strides() : Shapes.contiguousStrides(like.sizes()));
  }

  /** A view of the same memory, outside any graph. */
  public static Tensor view(Tensor base, long[] sizes, long[] strides, long offset) {
    Strided s = base.strided();
    s.storage().retain();
    Tensor view = new Tensor(s.with(sizes, strides, offset));
    view.markView(base);
    return view;
  }

  /** A view of the same bits as another type, outside any graph. */
  public static Tensor reinterpret(
      Tensor base, DType dtype, long[] sizes, long[] strides, long offset) {
    Strided s = base.strided();
    s.storage().retain();
    Tensor view = new Tensor(new Strided(s.storage(), dtype, sizes, strides, offset));
    view.markView(base);
    return view;
  }

  /**
   * Checks that a result may be written to a tensor given for it.
   *
   * @throws IllegalStateException if a graph would be recorded
   * @throws IllegalArgumentException if the shape differs, or the type does not fit
   */
  public static void checkOut(String operation, Tensor out, Tensor result) {
    if (GradMode.isEnabled() && (out.requiresGrad() || result.requiresGrad())) {
      throw new IllegalStateException(
          operation
              + "(): functions with out=... arguments don't support automatic differentiation, but"
              + " one of the arguments requires grad.");
    }
    if (!Arrays.equals(out.shape(), result.shape())) {
      throw new IllegalArgumentException(
          operation
              + ": out must have the result's shape; got "
              + Arrays.toString(out.shape())
              + " for "
              + Arrays.toString(result.shape()));
    }
    Types.checkResult(operation, result.dtype(), out.dtype());
  }

  /**
   * Checks that what is read is either exactly what is written, element by element, or no part of
   * it. Arrays with holes are not told apart.
   *
   * @throws IllegalStateException if they share some memory
   */
  public static void checkOverlap(String operation, Tensor target, Tensor source) {
    Strided t = target.strided();
    Strided s = source.strided();
    if (t.storage() != s.storage() || t.numel() == 0 || s.numel() == 0) {
      return;
    }
    boolean same = t.offset() == s.offset() && t.sameLayout(s);
    boolean apart = t.offset() + t.numel() <= s.offset() || s.offset() + s.numel() <= t.offset();
    if (!same && !apart && t.isDense() && s.isDense()) {
      throw new IllegalStateException(
          "unsupported operation: some elements of the input tensor and the written-to tensor refer"
              + " to a single memory location. Please clone() the tensor before performing the"
              + " operation.; "
              + operation);
    }
  }

  /** Lets a view that an operation made know the tensor it shows; others are left alone. */
  public static void linkView(Tensor out, Tensor viewed) {
    if (out.isUnlinkedView() && out != viewed) {
      out.linkView(viewed);
    }
  }

  /** Marks a view as one of several that a function named {@code creator} gave at once. */
  public static Tensor markMultiView(Tensor view, String creator) {
    view.markMultiView(creator);
    return view;
  }

  /** Makes a tensor, and what it is a view of, the result of a change in place of input 0. */
  public static void rebaseHistory(Tensor tensor, Node node) {
    tensor.rebaseHistory(node, 0, 0);
  }

  /** As {@link #rebaseHistory(Tensor, Node)}, for one of several outputs and inputs of the node. */
  public static void rebaseHistory(Tensor tensor, Node node, int output, int input) {
    tensor.rebaseHistory(node, output, input);
  }

  /** Another handle on the same memory and the same place in the graph. */
  public static Tensor alias(Tensor tensor) {
    Strided s = tensor.strided();
    s.storage().retain();
    Tensor alias = new Tensor(s);
    alias.copyGraphPosition(tensor);
    return alias;
  }

  /** Another handle on the same memory, at another place in the graph. */
  public static Tensor atEdge(Tensor tensor, Edge edge) {
    Strided s = tensor.strided();
    s.storage().retain();
    Tensor alias = new Tensor(s);
    alias.setEdge(edge);
    return alias;
  }

  /** A copy at the same place in the graph: what a tensor was before it is overwritten. */
  public static Tensor snapshot(Tensor tensor) {
    Tensor copy = copyInLayoutOf(tensor, tensor);
    copy.copyGraphPosition(tensor);
    return copy;
  }

  /**
   * A copy of values in the memory order of another tensor of the same sizes, outside any graph.
   */
  public static Tensor copyInLayoutOf(Tensor values, Tensor like) {
    Tensor out = allocateLike(values.dtype(), like.strided());
    kernels(values).copy(values.strided(), out.strided());
    Reference.reachabilityFence(values);
    return out;
  }

  /**
   * Takes a tensor out of its scope without anybody else looking after it: the caller closes it.
   */
  public static Tensor detachFromScope(Tensor tensor) {
    tensor.leaveScope();
    return tensor;
  }

  /** Makes a tensor an output of a node. */
  public static void setGradFn(Tensor tensor, Node node, int output) {
    tensor.setGradFn(node, output);
  }

  /** Where a tensor's gradient flows: its node, its accumulator, or nowhere. */
  public static Edge gradEdge(Tensor tensor) {
    return tensor.gradEdge();
  }

  /** Adds a gradient to that of a tensor. */
  public static void accumulateGrad(Tensor tensor, Tensor gradient) {
    tensor.accumulateGrad(gradient);
  }

  /** The kernels of a tensor's device. */
  public static Kernels kernels(Tensor tensor) {
    return Backends.cpu();
  }

  /**
   * Checks that the memory of a tensor may be written.
   *
   * @throws IllegalStateException if it is read-only
   */
  public static void checkWritable(String operation, Tensor target) {
    if (target.storage().isReadOnly()) {
      throw new IllegalStateException(
          operation + ": tensor is read-only (mapped from a file); work on a clone()");
    }
  }

  /**
   * Checks that an operation may change a tensor in place.
   *
   * @param recording whether the change becomes part of a graph
   * @throws IllegalStateException if it is read-only, repeats elements, or would get a history that
   *     it cannot have
   */
  public static void checkInPlace(String operation, Tensor target, boolean recording) {
    checkWritable(operation, target);
    if (recording) {
      target.checkNewHistory(operation);
    }
    if (target.isInference() && !GradMode.isInference()) {
      throw new IllegalStateException(
          "Inplace update to inference tensor outside InferenceMode is not allowed. You can make a"
              + " clone() to get a normal tensor before doing inplace update.; "
              + operation);
    }
    Strided s = target.strided();
    for (int d = 0; d < s.dim(); d++) {
      if (s.size(d) > 1 && s.stride(d) == 0 && s.numel() > 0) {
        throw new IllegalStateException(
            "unsupported operation: more than one element of the written-to tensor refers to a single"
                + " memory location. Please clone() the tensor before performing the operation.; "
                + operation);
      }
    }
  }
}
