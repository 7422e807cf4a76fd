package dev.bellows.backend.cuda;

import dev.bellows.backend.KernelGraph;

/** Kernels captured as a CUDA graph, with the memory that they made. */
final class CapturedGraph implements KernelGraph {
  private final CudaDevice device;
  private final DeviceMemory.Pool pool;
  private long graph;

  private CapturedGraph(CudaDevice device, DeviceMemory.Pool pool, long graph) {
    this.device = device;
    this.pool = pool;
    this.graph = graph;
  }

  static CapturedGraph of(CudaDevice device, Runnable work) {
    device.requireNoCapture("capture");
    device.bind();
    DeviceMemory.Pool pool = device.memory().beginGraph();
    Driver driver = device.driver();
    long graph = 0;
    boolean captured = false;
    driver.beginCapture(device.stream());
    device.setCapturing(true);
    try {
      work.run();
      captured = true;
    } finally {
      device.setCapturing(false);
      try {
        graph = driver.endCapture(device.stream());
      } catch (CudaException e) {
        if (captured) {
          device.memory().endGraph();
          device.memory().closeGraph(pool);
          throw e; // else what stopped the work says more
        }
      }
      if (!captured) {
        if (graph != 0) {
          driver.destroyGraph(graph);
        }
        device.memory().endGraph();
        device.memory().closeGraph(pool);
      }
    }
    device.memory().endGraph();
    return new CapturedGraph(device, pool, graph);
  }

  @Override
  public void launch(long sequenceShift) {
    if (graph == 0) {
      throw new IllegalStateException("graph: must be open; it was closed");
    }
    device.requireNoCapture("graph");
    device.bind();
    if (sequenceShift != 0) {
      device.setSequenceShift(sequenceShift);
    }
    device.fault(); // one of its kernels may note one
    device.driver().launchGraph(graph, device.stream());
    if (sequenceShift != 0) {
      device.setSequenceShift(0);
    }
  }

  @Override
  public void close() {
    if (graph != 0) {
      device.bind();
      device.driver().synchronizeStream(device.stream());
      device.driver().destroyGraph(graph);
      device.memory().closeGraph(pool);
      graph = 0;
    }
  }
}
