package dev.bellows.backend.cuda;

import dev.bellows.backend.KernelGraph;
import dev.bellows.memory.Block;

/** A captured CUDA graph, with the memory that its kernels allocated. */
final class CapturedGraph implements KernelGraph {
  private final CudaDevice device;
  private final DeviceMemory.Pool pool;
  private final Block shift;
  private long graph;

  private CapturedGraph(CudaDevice device, DeviceMemory.Pool pool, Block shift, long graph) {
    this.device = device;
    this.pool = pool;
    this.shift = shift;
    this.graph = graph;
  }

  static CapturedGraph of(CudaDevice device, Runnable work) {
    device.requireNoCapture("capture");
    device.bind();
    Driver driver = device.driver();
    long stream = device.captureStream();
    Block shift = device.memory().allocate(Long.BYTES);
    try {
      device.beginCapture(shift.address());
    } catch (IllegalStateException e) {
      device.memory().release(shift);
      throw e;
    }
    DeviceMemory.Pool pool = device.memory().beginGraph();
    long graph = 0;
    boolean captured = false;
    try {
      driver.beginCapture(stream);
      try {
        work.run();
        captured = true;
      } finally {
        graph = endCapture(driver, stream, captured);
      }
    } finally {
      device.endCapture();
      device.memory().endGraph();
      if (!captured || graph == 0) {
        device.memory().closeGraph(pool);
        device.memory().release(shift);
      }
    }
    return new CapturedGraph(device, pool, shift, graph);
  }

  /**
   * Ends the capture and returns the graph, or 0 if work failed, as its exception is more
   * informative than the driver's status.
   */
  private static long endCapture(Driver driver, long stream, boolean captured) {
    try {
      long graph = driver.endCapture(stream);
      if (captured) {
        return graph;
      }
      driver.destroyGraph(graph);
    } catch (CudaException e) {
      if (captured) {
        throw e;
      }
    }
    return 0;
  }

  @Override
  public void launch(long sequenceShift) {
    if (graph == 0) {
      throw new IllegalStateException("graph: must be open; it was closed");
    }
    device.requireNoCapture("graph");
    device.bind();
    long stream = device.stream();
    try (PinnedMemory.Buffer host = device.pinned().take(Long.BYTES)) {
      host.buffer().putLong(0, sequenceShift);
      device.driver().copyToDevice(shift.address(), host.address(), Long.BYTES, stream);
      host.closeAfter(stream);
    }
    device.fault(); // one of its kernels may record a fault
    device.driver().launchGraph(graph, stream);
  }

  @Override
  public void close() {
    if (graph != 0) {
      device.bind();
      device.driver().synchronizeStream(device.stream());
      device.driver().destroyGraph(graph);
      device.memory().closeGraph(pool);
      device.memory().release(shift);
      graph = 0;
    }
  }
}
