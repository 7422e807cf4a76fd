package dev.bellows.backend.cuda;

import dev.bellows.memory.Strided;

/** Fills, copies, conversions and choices. */
final class Moves {
  private final CudaDevice device;

  Moves(CudaDevice device) {
    this.device = device;
  }

  void fill(Strided out, Number value) {
    if (out.numel() == 0) {
      return;
    }
    long bits = Scalars.bits(out.dtype(), value);
    int bytes = out.dtype().bytes();
    if (bits == 0 && out.isDense()) {
      device.bind();
      device.driver().fill(out.deviceAddress(), 0, out.numel() * bytes, device.stream());
      return;
    }
    Walk walk = Walk.over("fill", out);
    device.launch(
        device.kernel(KernelFile.MOVE, null, "fill" + bytes),
        walk.steps(bytes),
        Launch.begin().array(out).whole(bits).walk(walk));
  }

  void copy(Strided src, Strided out) {
    if (out.numel() == 0) {
      return;
    }
    int bytes = out.dtype().bytes();
    boolean same = src.dtype() == out.dtype();
    if (same && src.sameLayout(out) && out.isDense()) {
      device.bind();
      device
          .driver()
          .copyOnDevice(
              out.deviceAddress(), src.deviceAddress(), out.numel() * bytes, device.stream());
      return;
    }
    Walk walk = Walk.over("copy", src, out);
    device.launch(
        same
            ? device.kernel(KernelFile.MOVE, null, "copy" + bytes)
            : device.kernel(KernelFile.COPY, out.dtype(), src.dtype() + "_TO"),
        walk.steps(Math.max(bytes, src.dtype().bytes())),
        Launch.begin().array(src).array(out).address(0).walk(walk));
  }

  void where(Strided condition, Strided a, Strided b, Strided out) {
    if (out.numel() == 0) {
      return;
    }
    Walk walk = Walk.over("where", condition, a, b, out);
    device.launch(
        device.kernel(KernelFile.MOVE, null, "where" + out.dtype().bytes()),
        out.numel(),
        Launch.begin().array(condition).array(a).array(b).array(out).walk(walk));
  }

  /** Copies dense memory from the host, through pinned memory. */
  void upload(Strided host, Strided out) {
    long bytes = out.numel() * out.dtype().bytes();
    if (bytes == 0) {
      return;
    }
    device.bind();
    try (PinnedMemory.Buffer staging = device.pinned().take(bytes)) {
      dev.bellows.memory.Memory.copy(host.address(), staging.address(), bytes);
      device.driver().copyToDevice(out.deviceAddress(), staging.address(), bytes, device.stream());
      staging.closeAfter(device.stream());
    }
  }

  /** Copies dense memory to the host, and waits for it. */
  void download(Strided a, Strided host) {
    long bytes = a.numel() * a.dtype().bytes();
    device.bind();
    if (bytes > 0) {
      try (PinnedMemory.Buffer staging = device.pinned().take(bytes)) {
        device.driver().copyToHost(staging.address(), a.deviceAddress(), bytes, device.stream());
        device.driver().synchronizeStream(device.stream());
        dev.bellows.memory.Memory.copy(staging.address(), host.address(), bytes);
      }
    }
    device.synchronize();
  }
}
