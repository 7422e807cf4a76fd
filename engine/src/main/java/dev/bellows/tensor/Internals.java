package dev.bellows.tensor;

import dev.bellows.autograd.GraphPosition;
import dev.bellows.backend.Backends;
import dev.bellows.backend.Kernels;
import dev.bellows.memory.Allocator;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.memory.Layout;
import dev.bellows.memory.MemoryPool;
import dev.bellows.memory.Shapes;
import dev.bellows.memory.Storage;
import dev.bellows.memory.Strided;
import java.util.ArrayList;
import java.util.List;

/**
 * What the engine's packages need of tensors beyond their public methods: memory without a value,
 * handles on memory, positions in the graph, membership in scopes. Everything here reads or sets
 * what only this package sees, but for the kernels of a device, which every operation asks for.
 */
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

  /** Returns a view of the same bits, outside any graph. */
  public static Tensor view(Tensor base, Strided seen) {
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

  /** Takes a tensor out of its scope; the caller closes it. */
  public static Tensor detachFromScope(Tensor tensor) {
    tensor.leaveScope();
    return tensor;
  }

  /** Returns the tensors of the thread's innermost scope, of which some may be released. */
  public static Tensor[] inScope() {
    TensorScope scope = TensorScope.current();
    return scope == null ? new Tensor[0] : scope.tensors();
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
}
