package dev.bellows.backend.cuda;

import dev.bellows.backend.Scalars;
import dev.bellows.backend.Transfer;
import dev.bellows.memory.Memory;
import dev.bellows.memory.Strided;

/** Fills, copies, type conversions and {@code where}. */
final class Moves {
  /** Maximum size of the pinned buffer for copies to or from other host memory. */
  static final long STAGING_BYTES = 32 << 20;

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
    CudaWalk walk = CudaWalk.over("fill", out);
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
    CudaWalk walk = CudaWalk.over("copy", src, out);
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
    CudaWalk walk = CudaWalk.over("where", condition, a, b, out);
    device.launch(
        device.kernel(KernelFile.MOVE, null, "where" + out.dtype().bytes()),
        out.numel(),
        Launch.begin().array(condition).array(a).array(b).array(out).walk(walk));
  }

  /** Copies contiguous memory from the host, through pinned memory. */
  void upload(Strided host, Strided out) {
    long bytes = bytes(out);
    device.requireNoCapture("upload");
    if (bytes == 0) {
      return;
    }
    device.bind();
    Driver driver = device.driver();
    for (long done = 0; done < bytes; done += STAGING_BYTES) {
      long part = Math.min(STAGING_BYTES, bytes - done);
      try (PinnedMemory.Buffer staging = device.pinned().take(part)) {
        Memory.copy(host.address() + done, staging.address(), part);
        long to = out.deviceAddress() + done;
        driver.copyToDevice(to, staging.address(), part, device.stream());
        if (bytes > STAGING_BYTES) {
          driver.synchronizeStream(device.stream()); // the parts share one buffer
        } else {
          staging.closeAfter(device.stream());
        }
      }
    }
  }

  /**
   * Copies contiguous pinned host memory without waiting; other host memory like {@link #upload}.
   */
  void startUpload(Strided host, Strided out) {
    if (!device.pinned().owns(host.storage().block())) {
      upload(host, out);
      return;
    }
    device.requireNoCapture("upload");
    if (bytes(out) > 0) {
      device.bind();
      device
          .driver()
          .copyToDevice(out.deviceAddress(), host.address(), bytes(out), device.stream());
    }
  }

  /** Copies contiguous memory to the host, and waits for it. */
  void download(Strided a, Strided host) {
    device.requireNoCapture("download");
    long bytes = bytes(a);
    device.bind();
    if (bytes > 0 && device.pinned().owns(host.storage().block())) {
      device.driver().copyToHost(host.address(), a.deviceAddress(), bytes, device.stream());
    } else {
      downloadStaged(a.deviceAddress(), host.address(), bytes);
    }
    device.synchronize();
  }

  private void downloadStaged(long from, long host, long bytes) {
    Driver driver = device.driver();
    for (long done = 0; done < bytes; done += STAGING_BYTES) {
      long part = Math.min(STAGING_BYTES, bytes - done);
      try (PinnedMemory.Buffer staging = device.pinned().take(part)) {
        driver.copyToHost(staging.address(), from + done, part, device.stream());
        driver.synchronizeStream(device.stream());
        Memory.copy(staging.address(), host + done, part);
      }
    }
  }

  /** Copies contiguous memory to pinned host memory, overlapping with work submitted later. */
  Transfer startDownload(Strided a, Strided host) {
    if (bytes(a) == 0 || !device.pinned().owns(host.storage().block())) {
      download(a, host);
      return Transfer.DONE;
    }
    device.requireNoCapture("download");
    device.bind();
    Driver driver = device.driver();
    long copies = device.copyStream();
    device.follow(copies, device.stream());
    driver.copyToHost(host.address(), a.deviceAddress(), bytes(a), copies);
    device.memory().noteUse(a.storage().block(), copies);
    long event = driver.createEvent(false);
    driver.record(event, copies);
    return new Download(device, event);
  }

  private static long bytes(Strided a) {
    return a.numel() * a.dtype().bytes();
  }

  private static final class Download implements Transfer {
    private final CudaDevice device;
    private final long event;
    private boolean done;

    Download(CudaDevice device, long event) {
      this.device = device;
      this.event = event;
    }

    @Override
    public boolean isDone() {
      device.bind();
      if (!done && device.driver().isDone(event)) {
        finish();
      }
      return done;
    }

    @Override
    public void await() {
      device.bind();
      if (!done) {
        device.driver().synchronizeEvent(event);
        finish();
      }
    }

    private void finish() {
      done = true;
      device.driver().destroyEvent(event);
    }
  }
}
