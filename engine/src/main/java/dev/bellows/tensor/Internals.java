package dev.bellows.tensor;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.GradMode;
import dev.bellows.autograd.GraphPosition;
import dev.bellows.backend.Backends;
import dev.bellows.backend.KernelGraph;
import dev.bellows.backend.Kernels;
import dev.bellows.backend.Transfer;
import dev.bellows.memory.Allocator;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.memory.Layout;
import dev.bellows.memory.MemoryPool;
import dev.bellows.memory.Shapes;
import dev.bellows.memory.Storage;
import dev.bellows.memory.Strided;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;

/** What the engine's own packages do with tensors and users do not. */
public final class Internals {
  private Internals() {}

  /**
   * Allocates memory of a device, of undefined content, under the given sizes and strides, which
   * are kept.
   */
  public static Tensor allocate(Device device, DType dtype, long[] sizes, long[] strides) {
    Handles.reclaim();
    long bytes = Shapes.bytes(dtype, sizes);
    return new Tensor(
        new Strided(Storage.allocate(allocator(device), bytes), dtype, sizes, strides, 0));
  }

  /** Allocates row-major memory of a device, of undefined content. */
  public static Tensor allocate(Device device, DType dtype, long... sizes) {
    return allocate(device, dtype, sizes, Shapes.contiguousStrides(sizes));
  }

  /** Allocates memory of a device, of undefined content. */
  public static Tensor allocate(Device device, DType dtype, Layout layout) {
    if (!layout.inside()) {
      return allocate(device, dtype, layout.sizes(), layout.strides());
    }
    Handles.reclaim();
    Kernels kernels = Backends.of(device);
    Storage storage =
        Storage.reordered(
            allocator(device), dtype, layout.sizes(), layout.strides(), kernels::copy);
    long[] seen = Shapes.contiguousStrides(layout.sizes());
    return new Tensor(new Strided(storage, dtype, layout.sizes(), seen, 0));
  }

  private static Allocator allocator(Device device) {
    return device == Device.CPU ? MemoryPool.cpu() : Backends.of(device).memory();
  }

  /**
   * Allocates memory on the device and in the order of another array of the same sizes, or
   * row-major where that has holes.
   */
  public static Tensor allocateLike(DType dtype, Strided like) {
    return allocate(like.device(), dtype, Layout.like(like));
  }

  /** Returns a view of the same memory, outside any graph. */
  public static Tensor view(Tensor base, long[] sizes, long[] strides, long offset) {
    return view(base, base.strided().with(sizes, strides, offset));
  }

  private static Tensor view(Tensor base, Strided seen) {
    Strided s = base.strided();
    if (seen.dtype() != s.dtype() || seen.offset() != s.offset() || !seen.sameLayout(s)) {
      s.storage().block(); // memory that is seen in two ways is plain
    }
    s.storage().retain();
    return new Tensor(seen, base.isInference());
  }

  /** Returns another handle on the same memory, outside any graph. */
  public static Tensor handle(Tensor tensor) {
    Strided s = tensor.strided();
    s.storage().retain();
    return new Tensor(s, tensor.isInference());
  }

  /** Returns the array of a tensor as it is or was, whether or not the tensor was released. */
  public static Strided array(Tensor tensor) {
    return tensor.array();
  }

  /**
   * Returns the position of a tensor in the graph; null if it never took part in one and is no
   * view.
   */
  public static GraphPosition graphPosition(Tensor tensor) {
    return tensor.graphPosition();
  }

  /**
   * Returns the position of a tensor in the graph, made if there is none; by one thread at a time.
   */
  public static GraphPosition ensureGraphPosition(Tensor tensor) {
    return tensor.ensureGraphPosition();
  }

  /** Returns a view of the same bits as another type, outside any graph. */
  public static Tensor reinterpret(
      Tensor base, DType dtype, long[] sizes, long[] strides, long offset) {
    return view(base, new Strided(base.storage(), dtype, sizes, strides, offset));
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
          message(
              "unsupported operation: some elements of the input tensor and the written-to tensor"
                  + " refer to a single memory location. Please clone() the tensor before"
                  + " performing the operation.; %s",
              operation));
    }
  }

  /**
   * Returns a copy of values in the memory order of another tensor of the same sizes, outside any
   * graph.
   */
  public static Tensor copyInLayoutOf(Tensor values, Tensor like) {
    Tensor out = allocateLike(values.dtype(), like.strided());
    kernels(values).copy(values.strided().physical(), out.strided().physical());
    Reference.reachabilityFence(values);
    return out;
  }

  /**
   * Returns the tensor itself where the host can read its memory, else a copy that it can, in the
   * same memory order unless that has holes, outside any graph; the caller closes a copy. Waits for
   * what the tensor's device still has to do.
   */
  public static Tensor onHost(Tensor tensor) {
    return tensor.device() == Device.CPU ? tensor : copyTo(Device.CPU, tensor);
  }

  /**
   * Returns a copy on another device, in the same memory order unless that has holes, outside any
   * graph.
   */
  public static Tensor copyTo(Device device, Tensor values) {
    Strided s = values.strided();
    if (!s.isDense()) {
      Tensor dense = allocateLike(s.dtype(), s);
      kernels(values).copy(s, dense.strided());
      Tensor out = copyTo(device, dense);
      dense.close();
      return out;
    }
    Tensor out = allocate(device, s.dtype(), Layout.like(s));
    transfer(s.physical(), out.strided().physical());
    Reference.reachabilityFence(values);
    return out;
  }

  /**
   * Copies to an array on another device of the same type, sizes and memory order, without holes.
   */
  public static void transfer(Strided from, Strided to) {
    assert from.isDense() && to.sameLayout(from) : from + " to " + to;
    long[] n = {from.numel()};
    long[] one = {1};
    Strided source = from.with(n, one, from.offset());
    Strided target = to.with(n, one, to.offset());
    if (from.numel() == 0) {
      return;
    }
    if (from.device() == Device.CPU) {
      Backends.of(to.device()).upload(source, target);
    } else if (to.device() == Device.CPU) {
      Backends.of(from.device()).download(source, target);
    } else {
      try (Tensor host = allocate(Device.CPU, from.dtype(), from.numel())) {
        Backends.of(from.device()).download(source, host.strided());
        Backends.of(to.device()).upload(host.strided(), target);
      }
    }
  }

  /** Returns a flat tensor of the host in the memory that a device copies from and to fastest. */
  public static Tensor allocateBeside(Device device, DType dtype, long elements) {
    Handles.reclaim();
    long bytes = Shapes.bytes(dtype, elements);
    Storage storage = Storage.allocate(Backends.of(device).hostMemory(), bytes);
    return new Tensor(new Strided(storage, dtype, new long[] {elements}, new long[] {1}, 0));
  }

  /**
   * Starts to copy a contiguous tensor of a device to one of the host of the same type and shape;
   * both must live until that is done.
   */
  public static Transfer startDownload(Tensor from, Tensor host) {
    return kernels(from).startDownload(from.strided(), host.strided());
  }

  /**
   * Starts to copy a contiguous tensor of the host to one of a device of the same type and shape;
   * the host's must not be changed before the device has done what it was asked for so far.
   */
  public static void startUpload(Tensor host, Tensor to) {
    kernels(to).startUpload(host.strided(), to.strided());
    to.storage().bumpVersion();
  }

  /** Returns whether {@link #capture} works on a device. */
  public static boolean captures(Device device) {
    return Backends.of(device).captures();
  }

  /** Notes what work asks of a device; see {@link Kernels#capture}. */
  public static KernelGraph capture(Device device, Runnable work) {
    return Backends.of(device).capture(work);
  }

  /** Takes a tensor out of its scope; the caller closes it. */
  public static Tensor detachFromScope(Tensor tensor) {
    tensor.leaveScope();
    return tensor;
  }

  /**
   * Takes tensors out of the thread's innermost scope, for another thread to {@link #adopt}.
   *
   * @return those that were made in that scope
   */
  public static List<Tensor> release(Tensor... tensors) {
    List<Tensor> released = new ArrayList<>();
    TensorScope scope = TensorScope.current();
    for (Tensor tensor : tensors) {
      if (tensor != null && tensor.leave(scope)) {
        released.add(tensor);
      }
    }
    return released;
  }

  /**
   * Hands tensors that were released by their thread's scope to the open scope, if there is one.
   */
  public static void adopt(List<Tensor> tensors) {
    tensors.forEach(Tensor::joinScope);
  }

  /**
   * Makes a tensor show the memory of another one of its shape and type, as of a copy on another
   * device; it stays the same object, so that all who hold it see the change. Views of it keep the
   * memory from before.
   */
  public static void setData(Tensor tensor, Tensor data) {
    tensor.setData(data);
  }

  /** Returns the kernels of a tensor's device. */
  public static Kernels kernels(Tensor tensor) {
    return Backends.of(tensor.device());
  }

  /** Returns the kernels of an array's device. */
  public static Kernels kernels(Strided array) {
    return Backends.of(array.device());
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
      GraphPosition.checkNewHistory(target, operation);
    }
    if (target.isInference() && !GradMode.isInference()) {
      throw new IllegalStateException(
          message(
              "Inplace update to inference tensor outside InferenceMode is not allowed. You can"
                  + " make a clone() to get a normal tensor before doing inplace update.; %s",
              operation));
    }
    Strided s = target.strided();
    for (int d = 0; d < s.dim(); d++) {
      if (s.size(d) > 1 && s.stride(d) == 0 && s.numel() > 0) {
        throw new IllegalStateException(
            message(
                "unsupported operation: more than one element of the written-to tensor refers to a"
                    + " single memory location. Please clone() the tensor before performing the"
                    + " operation.; %s",
                operation));
      }
    }
  }
}
