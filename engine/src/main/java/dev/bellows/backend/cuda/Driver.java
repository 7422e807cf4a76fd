package dev.bellows.backend.cuda;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * The functions of CUDA's driver, compiler and BLAS that the backend uses; the only way to them.
 * Addresses and handles are longs, streams and events belong to the current context of the calling
 * thread. Every method checks the library's status and throws a {@link CudaException} that names
 * the call; what runs later may also be reported by a later call.
 */
interface Driver {
  // ---- devices and contexts

  /** Number of devices. */
  int deviceCount();

  /** What is known of a device. */
  Properties properties(int device);

  /**
   * A device.
   *
   * @param name as its maker calls it
   * @param major first number of the compute capability, as 9 of 9.0
   * @param minor second number of the compute capability
   * @param multiprocessors how many blocks run side by side, at least
   * @param totalBytes size of its memory
   */
  record Properties(String name, int major, int minor, int multiprocessors, long totalBytes) {}

  /** The device's primary context, kept until the process ends. */
  long retainContext(int device);

  /** Makes a context the calling thread's. */
  void setContext(long context);

  /** Waits for all work of the context. */
  void synchronize();

  // ---- memory

  /** Memory of the device; 0 if there is not enough. */
  long allocate(long bytes);

  void free(long address);

  /** Bytes that the device has free. */
  long freeBytes();

  /** Memory of the host that copies can run beside other work from and to; 0 if not enough. */
  long allocateHost(long bytes);

  void freeHost(long address);

  /** Copies in stream order. Host memory must be pinned, and stay as it is until the copy ran. */
  void copyToDevice(long to, long host, long bytes, long stream);

  void copyToHost(long host, long from, long bytes, long stream);

  void copyOnDevice(long to, long from, long bytes, long stream);

  /** Sets every byte to the low byte of a value. */
  void fill(long address, int value, long bytes, long stream);

  /**
   * Says that in stream order from here on {@code bytes} bytes are somebody's, of undefined
   * content. For checkers; does nothing to the memory.
   */
  default void noteTaken(long address, long bytes, long stream) {}

  /** Says that in stream order from here on {@code bytes} bytes are nobody's. For checkers. */
  default void noteReturned(long address, long bytes, long stream) {}

  // ---- streams and events

  /** A stream that does not wait for the default stream. */
  long createStream();

  void destroyStream(long stream);

  void synchronizeStream(long stream);

  /** Has what is asked of the stream from here on wait for an event. */
  void await(long stream, long event);

  /** An event; timed ones cost more. */
  long createEvent(boolean timed);

  void destroyEvent(long event);

  void record(long event, long stream);

  /** Whether what came before the last record of an event is done. */
  boolean isDone(long event);

  void synchronizeEvent(long event);

  /** Milliseconds between two recorded events that are done. */
  float elapsedMs(long start, long end);

  // ---- kernels

  /** Source text that kernels are compiled behind: what they need of the platform. */
  String platform();

  /** What the result of {@link #compile} depends on besides its arguments. */
  String compilerId(Properties device);

  /**
   * Compiles kernels.
   *
   * @param options definitions, as {@code -DA=FLOAT32}
   * @return the image that {@link #loadModule} takes
   */
  byte[] compile(String name, String source, List<String> options, Properties device);

  long loadModule(byte[] image);

  /** A kernel by its name. */
  long function(long module, String name);

  /**
   * Starts blocks of threads in stream order.
   *
   * @param params what {@link Launch} packed, from 0 to its limit; read before this returns
   */
  void launch(
      long function, String name, int gridX, int gridY, int blockX, long stream, ByteBuffer params);

  // ---- graphs

  /** Notes what is asked of the stream from here on instead of running it. */
  void beginCapture(long stream);

  /** Ends {@link #beginCapture}; gives what was noted, ready to be launched. */
  long endCapture(long stream);

  void launchGraph(long graph, long stream);

  void destroyGraph(long graph);

  // ---- BLAS

  /** A handle for one stream, with memory of the device for it to work in. */
  long createBlas(long stream, long workspace, long workspaceBytes);

  void destroyBlas(long blas);

  /**
   * c = op(a) · op(b) + beta · c for each matrix of a batch, all in columns, products and sums in
   * FLOAT32 (FLOAT64 for FLOAT64).
   */
  void gemm(long blas, Gemm gemm);
}
