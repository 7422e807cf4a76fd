package dev.bellows.backend.cuda;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * The functions of CUDA's driver, compiler and BLAS that the backend uses, as the only access to
 * them. Addresses and handles are longs; streams and events belong to the current context of the
 * calling thread. Every method checks the library's status and throws a {@link CudaException} that
 * names the call; errors of asynchronous work may also be reported by a later call.
 */
interface Driver {
  // ---- devices and contexts

  /** Returns the number of devices. */
  int deviceCount();

  /** Returns the properties of a device. */
  Properties properties(int device);

  /**
   * A device.
   *
   * @param name the vendor's name
   * @param major major number of the compute capability, for example 9 of 9.0
   * @param minor minor number of the compute capability
   * @param multiprocessors minimum number of blocks that run concurrently
   * @param totalBytes size of its memory
   */
  record Properties(String name, int major, int minor, int multiprocessors, long totalBytes) {}

  /** Returns the device's primary context, retained until the process ends. */
  long retainContext(int device);

  /** Makes a context current on the calling thread. */
  void setContext(long context);

  /** Waits for all work of the context. */
  void synchronize();

  // ---- memory

  /** Allocates device memory; returns 0 if there is not enough. */
  long allocate(long bytes);

  void free(long address);

  /** Returns the device's free memory in bytes. */
  long freeBytes();

  /**
   * Allocates pinned host memory, for copies that overlap with other work; returns 0 if there is
   * not enough.
   */
  long allocateHost(long bytes);

  void freeHost(long address);

  /**
   * Copies in stream order. Host memory must be pinned, and unchanged until the copy is complete.
   */
  void copyToDevice(long to, long host, long bytes, long stream);

  void copyToHost(long host, long from, long bytes, long stream);

  void copyOnDevice(long to, long from, long bytes, long stream);

  /** Sets every byte to the low byte of a value. */
  void fill(long address, int value, long bytes, long stream);

  /**
   * Marks the range as allocated, with undefined content, in stream order. For memory checkers;
   * does not access the memory.
   */
  default void noteTaken(long address, long bytes, long stream) {}

  /** Marks the range as freed, in stream order. For memory checkers. */
  default void noteReturned(long address, long bytes, long stream) {}

  // ---- streams and events

  /** Creates a stream that does not synchronise with the default stream. */
  long createStream();

  void destroyStream(long stream);

  void synchronizeStream(long stream);

  /** Makes work submitted to the stream from now on wait for an event. */
  void await(long stream, long event);

  /** Creates an event; timed events cost more. */
  long createEvent(boolean timed);

  void destroyEvent(long event);

  void record(long event, long stream);

  /** Returns whether all work before the last record of an event is complete. */
  boolean isDone(long event);

  void synchronizeEvent(long event);

  /** Returns the milliseconds between two completed events. */
  float elapsedMs(long start, long end);

  // ---- kernels

  /** Returns the platform header that precedes the kernel sources. */
  String platform();

  /** Returns everything other than the arguments that affects the result of {@link #compile}. */
  String compilerId(Properties device);

  /**
   * Compiles kernels.
   *
   * @param options definitions, for example {@code -DA=FLOAT32}
   * @return the image for {@link #loadModule}
   */
  byte[] compile(String name, String source, List<String> options, Properties device);

  long loadModule(byte[] image);

  /** Returns a kernel by its name. */
  long function(long module, String name);

  /**
   * Launches a kernel in stream order.
   *
   * @param params the packed parameters of {@link Launch}, from 0 to its limit; read before this
   *     returns
   */
  void launch(
      long function, String name, int gridX, int gridY, int blockX, long stream, ByteBuffer params);

  // ---- graphs

  /** Starts capturing the work of the stream instead of running it. */
  void beginCapture(long stream);

  /** Ends {@link #beginCapture}; returns the captured graph, ready to be launched. */
  long endCapture(long stream);

  void launchGraph(long graph, long stream);

  void destroyGraph(long graph);

  // ---- BLAS

  /** Returns a handle for one stream, with device memory as its workspace. */
  long createBlas(long stream, long workspace, long workspaceBytes);

  void destroyBlas(long blas);

  /**
   * Computes c = op(a) · op(b) + beta · c for each matrix of a batch, all column-major, with
   * products and sums in FLOAT32 (FLOAT64 for FLOAT64).
   */
  void gemm(long blas, Gemm gemm);
}
