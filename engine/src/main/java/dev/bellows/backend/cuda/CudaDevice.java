package dev.bellows.backend.cuda;

import static dev.bellows.errors.Messages.message;

import dev.bellows.backend.KernelErrors;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import java.nio.file.Path;

/**
 * One device of this process: its context, the stream on which all kernels run, its memory, and its
 * kernels. Work runs in the order of the calls; any thread may call, one at a time.
 */
final class CudaDevice {
  /** Default number of threads per block. */
  static final int THREADS = 256;

  private static final int BLOCKS_PER_MULTIPROCESSOR = 16;
  private static final int FAULT_BYTES = 24;
  private static final int FAULT_INDEX = 1;

  private final Driver driver;
  private final Device device;
  private final Driver.Properties properties;
  private final long context;
  private final long stream;
  private final DeviceMemory memory;
  private final PinnedMemory pinned;
  private final KernelCache cache;
  private final CudaModule[][] modules =
      new CudaModule[KernelFile.values().length][DType.values().length + 1];
  private final long fault;
  private final long noShift;
  private long capturedShift;
  private volatile boolean mayHaveFailed;
  private volatile Thread capturer;
  private long captureStream;
  private long copyStream;
  private static final ThreadLocal<CudaDevice> BOUND = new ThreadLocal<>();

  CudaDevice(Driver driver, int index, Path cacheFolder) {
    this.driver = driver;
    this.device = Device.cuda(index);
    this.properties = driver.properties(index);
    this.context = driver.retainContext(index);
    bind();
    this.stream = driver.createStream();
    this.memory = new DeviceMemory(this);
    this.pinned = new PinnedMemory(this);
    this.cache = new KernelCache(cacheFolder, driver, properties);
    this.fault = memory.allocate(FAULT_BYTES).address();
    driver.fill(fault, 0, FAULT_BYTES, stream);
    this.noShift = memory.allocate(Long.BYTES).address();
    driver.fill(noShift, 0, Long.BYTES, stream);
  }

  Driver driver() {
    return driver;
  }

  Device device() {
    return device;
  }

  Driver.Properties properties() {
    return properties;
  }

  /**
   * Returns the stream of all kernels; for the thread that captures a graph, the capturing stream.
   */
  long stream() {
    return isCapturing() ? captureStream : stream;
  }

  /** Returns the stream on which kernels run. */
  long mainStream() {
    return stream;
  }

  /**
   * Returns the stream on which graphs are captured, so that other threads can continue meanwhile.
   */
  synchronized long captureStream() {
    if (captureStream == 0) {
      bind();
      captureStream = driver.createStream();
    }
    return captureStream;
  }

  /** Returns the stream of copies to the host that overlap with kernels. */
  synchronized long copyStream() {
    if (copyStream == 0) {
      bind();
      copyStream = driver.createStream();
    }
    return copyStream;
  }

  /** Returns a stream that waits for all work submitted to any stream so far. */
  long streamAfterAll() {
    synchronized (this) {
      if (copyStream == 0) {
        return stream;
      }
    }
    follow(copyStream, stream);
    return copyStream;
  }

  /** Makes work submitted to a stream from now on wait for the work submitted to another so far. */
  void follow(long later, long earlier) {
    long event = driver.createEvent(false);
    driver.record(event, earlier);
    driver.await(later, event);
    driver.destroyEvent(event);
  }

  /**
   * Returns the address of a number that random kernels add to the sequence of their key; it is 0
   * outside graphs.
   */
  long sequenceShift() {
    return isCapturing() ? capturedShift : noShift;
  }

  /** Returns whether the calling thread's kernels are captured in a graph. */
  boolean isCapturing() {
    return capturer == Thread.currentThread();
  }

  /**
   * Starts capturing on the calling thread; only one thread may capture at a time.
   *
   * @param shift address of the graph's {@link #sequenceShift}
   */
  synchronized void beginCapture(long shift) {
    if (capturer != null) {
      throw new IllegalStateException(
          message("capture: one thread must capture at a time on %s; %s does", device, capturer));
    }
    capturedShift = shift;
    capturer = Thread.currentThread();
  }

  synchronized void endCapture() {
    capturer = null;
  }

  /**
   * Checks that the host may wait for the device, or exchange memory with it.
   *
   * @throws IllegalStateException if a graph is being captured
   */
  void requireNoCapture(String operation) {
    if (isCapturing()) {
      throw new IllegalStateException(
          message(
              "%s: work that is captured as a graph must not wait for the device or copy from and"
                  + " to the host (item(), toArray(), printing, shapes that depend on values,"
                  + " indices or constants made on the host); do that outside, or do not capture",
              operation));
    }
  }

  DeviceMemory memory() {
    return memory;
  }

  PinnedMemory pinned() {
    return pinned;
  }

  KernelCache cache() {
    return cache;
  }

  /** Makes this the calling thread's device, as every driver call requires. */
  void bind() {
    if (BOUND.get() != this) {
      driver.setContext(context);
      BOUND.set(this);
    }
  }

  /**
   * Returns the address at which kernels record faults, and marks that a fault may have been
   * recorded.
   */
  long fault() {
    mayHaveFailed = true;
    return fault;
  }

  /**
   * Returns a kernel of a file, compiled for an element type; null for files without element types.
   */
  CudaModule.Function kernel(KernelFile file, DType type, String name) {
    int column = type == null ? DType.values().length : type.ordinal();
    CudaModule module = modules[file.ordinal()][column];
    if (module == null) {
      synchronized (modules) {
        module = modules[file.ordinal()][column];
        if (module == null) {
          bind();
          module = new CudaModule(this, file, type);
          modules[file.ordinal()][column] = module;
        }
      }
    }
    return module.function(name);
  }

  /** Launches one thread per step, or as many as keep the device busy. */
  void launch(CudaModule.Function kernel, long steps, Launch params) {
    long most = (long) properties.multiprocessors() * BLOCKS_PER_MULTIPROCESSOR;
    long blocks = Math.min(most, (steps + THREADS - 1) / THREADS);
    launch(kernel, (int) blocks, 1, THREADS, params);
  }

  /** Launches blocks of threads. */
  void launch(CudaModule.Function kernel, int gridX, int gridY, int blockX, Launch params) {
    bind();
    driver.launch(kernel.handle(), kernel.name(), gridX, gridY, blockX, stream(), params.packed());
  }

  /** Waits for all work, and throws the first fault that a kernel recorded. */
  void synchronize() {
    requireNoCapture("synchronize");
    bind();
    driver.synchronizeStream(stream);
    checkFault();
  }

  /** Throws the first fault that a kernel recorded; the stream's work must be complete. */
  void checkFault() {
    if (!mayHaveFailed) {
      return;
    }
    mayHaveFailed = false;
    try (PinnedMemory.Buffer host = pinned.take(FAULT_BYTES)) {
      driver.copyToHost(host.address(), fault, FAULT_BYTES, stream);
      driver.synchronizeStream(stream);
      int code = host.buffer().getInt(0);
      if (code == 0) {
        return;
      }
      driver.fill(fault, 0, FAULT_BYTES, stream);
      int detail = host.buffer().getInt(4);
      long value = host.buffer().getLong(8);
      long limit = host.buffer().getLong(16);
      throw code == FAULT_INDEX
          ? Faults.index(detail, value, limit)
          : KernelErrors.divisor(PointwiseText.operation(detail), value);
    }
  }
}
