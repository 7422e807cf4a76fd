package dev.bellows.tensor;

import dev.bellows.backend.Backends;
import dev.bellows.backend.Transfer;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.memory.Layout;
import dev.bellows.memory.Shapes;
import dev.bellows.memory.Storage;
import dev.bellows.memory.Strided;
import java.lang.ref.Reference;

/** Copies of tensors on one device and between devices, outside any graph. */
public final class TensorCopies {
  private TensorCopies() {}

  /**
   * Returns a copy of values in the memory order of another tensor of the same sizes, outside any
   * graph.
   */
  public static Tensor inLayoutOf(Tensor values, Tensor like) {
    Tensor out = Internals.allocateLike(values.dtype(), like.strided());
    Internals.kernels(values).copy(values.strided().physical(), out.strided().physical());
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
    return copyTo(device, values, false);
  }

  /**
   * Returns a copy on another device as {@link #copyTo(Device, Tensor)} does. If {@code
   * nonBlocking}, pinned memory of the host is copied without waiting: it must not be changed
   * before the device has done what it was asked for so far.
   */
  public static Tensor copyTo(Device device, Tensor values, boolean nonBlocking) {
    Strided s = values.strided();
    if (!s.isDense()) {
      Tensor dense = Internals.allocateLike(s.dtype(), s);
      Internals.kernels(values).copy(s, dense.strided());
      Tensor out = copyTo(device, dense);
      dense.close();
      return out;
    }
    Tensor out = Internals.allocate(device, s.dtype(), Layout.like(s));
    transfer(s.physical(), out.strided().physical(), nonBlocking);
    Reference.reachabilityFence(values);
    return out;
  }

  /**
   * Returns a copy of a tensor of the host in the memory that a device copies from fastest, in the
   * same memory order unless that has holes, outside any graph.
   */
  public static Tensor pinned(Device device, Tensor values) {
    Handles.reclaim();
    Strided s = values.strided();
    long[] strides = s.isDense() ? s.strides() : Shapes.contiguousStrides(s.sizes());
    Storage storage =
        Storage.allocate(Backends.of(device).hostMemory(), Shapes.bytes(s.dtype(), s.numel()));
    Tensor out = new Tensor(new Strided(storage, s.dtype(), s.sizes(), strides, 0));
    Internals.kernels(values).copy(s, out.strided());
    Reference.reachabilityFence(values);
    return out;
  }

  /**
   * Copies to an array on another device of the same type, sizes and memory order, without holes.
   */
  public static void transfer(Strided from, Strided to) {
    transfer(from, to, false);
  }

  private static void transfer(Strided from, Strided to, boolean nonBlocking) {
    assert from.isDense() && to.sameLayout(from) : from + " to " + to;
    long[] n = {from.numel()};
    long[] one = {1};
    Strided source = from.with(n, one, from.offset());
    Strided target = to.with(n, one, to.offset());
    if (from.numel() == 0) {
      return;
    }
    if (from.device() == Device.CPU && nonBlocking) {
      Backends.of(to.device()).startUpload(source, target);
    } else if (from.device() == Device.CPU) {
      Backends.of(to.device()).upload(source, target);
    } else if (to.device() == Device.CPU) {
      Backends.of(from.device()).download(source, target);
    } else {
      try (Tensor host = Internals.allocate(Device.CPU, from.dtype(), from.numel())) {
        Backends.of(from.device()).download(source, host.strided());
        Backends.of(to.device()).upload(host.strided(), target);
      }
    }
  }

  /** Returns a flat tensor of the host in the memory that a device copies from and to fastest. */
  public static Tensor beside(Device device, DType dtype, long elements) {
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
    return Internals.kernels(from).startDownload(from.strided(), host.strided());
  }

  /**
   * Starts to copy a contiguous tensor of the host to one of a device of the same type and shape;
   * the host's must not be changed before the device has done what it was asked for so far.
   */
  public static void startUpload(Tensor host, Tensor to) {
    Internals.kernels(to).startUpload(host.strided(), to.strided());
    to.storage().bumpVersion();
  }
}
