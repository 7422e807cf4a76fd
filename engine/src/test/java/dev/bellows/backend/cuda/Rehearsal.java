package dev.bellows.backend.cuda;

import dev.bellows.backend.BinaryOp;
import dev.bellows.memory.Block;
import dev.bellows.memory.DType;
import dev.bellows.memory.Memory;
import dev.bellows.memory.OutOfMemoryException;
import dev.bellows.memory.Storage;
import dev.bellows.memory.Strided;
import java.util.Arrays;

/**
 * The program that {@link RehearsalTest} runs in a separate process: every call of the binding,
 * checked.
 */
public final class Rehearsal {
  private final CudaKernels kernels = (CudaKernels) Cuda.kernels(0);
  private final CudaDevice device = kernels.cuda();
  private final Driver driver = device.driver();
  private final long stream = device.stream();

  private Rehearsal() {}

  /** Prints the result of the probe; if there is a device, tests it and prints {@code all well}. */
  public static void main(String[] args) {
    System.out.println("found " + Cuda.probe());
    if (Cuda.deviceCount() > 0) {
      new Rehearsal().run();
      System.out.println("all well");
    }
  }

  private void run() {
    check(driver.properties(0).equals(new Driver.Properties("rehearsed", 9, 0, 2, 200L << 20)));
    kernelsAndCopies();
    products();
    graphs();
    eventsAndStreams();
    memory();
    errors();
  }

  private static void check(boolean holds) {
    if (!holds) {
      throw new AssertionError("see the line");
    }
  }

  private static void check(float[] actual, float... expected) {
    if (!Arrays.equals(actual, expected)) {
      throw new AssertionError(
          "must be " + Arrays.toString(expected) + "; got " + Arrays.toString(actual));
    }
  }

  private Strided array(int n, float... values) {
    Strided array = empty(n);
    Strided host = host(n);
    for (int i = 0; i < values.length; i++) {
      Memory.putFloat(host.address() + 4L * i, values[i]);
    }
    if (values.length > 0) {
      kernels.upload(host, array);
    }
    host.storage().release();
    return array;
  }

  private Strided empty(int n) {
    Storage storage = Storage.allocate(kernels.memory(), 4L * n);
    return new Strided(storage, DType.FLOAT32, new long[] {n}, new long[] {1}, 0);
  }

  private static Strided host(int n) {
    return new Strided(Storage.allocate(4L * n), DType.FLOAT32, new long[] {n}, new long[] {1}, 0);
  }

  private float[] values(Strided array) {
    int n = (int) array.numel();
    Strided host = host(n);
    kernels.download(array, host);
    float[] values = new float[n];
    Memory.copyToArray(host.address(), values, 4L * n);
    host.storage().release();
    return values;
  }

  private void kernelsAndCopies() {
    Strided a = array(6, 1, 2, 3, 4, 5, 6);
    Strided b = array(6, 10, 20, 30, 40, 50, 60);
    Strided out = empty(6);
    kernels.binary(BinaryOp.ADD, a, b, out);
    check(values(out), 11, 22, 33, 44, 55, 66);
    kernels.binaryScalar(BinaryOp.MUL, a, 2.5, out);
    check(values(out), 2.5f, 5, 7.5f, 10, 12.5f, 15);
    kernels.copy(b, out);
    check(values(out), 10, 20, 30, 40, 50, 60);
    kernels.fill(out, 0);
    check(values(out), 0, 0, 0, 0, 0, 0);
    kernels.fill(out, 7);
    check(values(out), 7, 7, 7, 7, 7, 7);
    Thread other = new Thread(() -> kernels.addScaled(a, b, 0.1f, out));
    other.start();
    try {
      other.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    check(values(out), 2, 4, 6, 8, 10, 12);
  }

  private void products() {
    long workspace = kernels.memory().allocate(1 << 20).address();
    long blas = driver.createBlas(stream, workspace, 1 << 20);
    // In columns: a is 2 x 3, b is 3 x 2.
    Strided a = array(6, 1, 2, 3, 4, 5, 6);
    Strided b = array(6, 1, 0, 1, 2, 1, 0);
    Strided c = array(4, 100, 100, 100, 100);
    long at = a.deviceAddress();
    long bt = b.deviceAddress();
    long ct = c.deviceAddress();
    driver.gemm(
        blas,
        new Gemm(DType.FLOAT32, false, false, false, 2, 2, 3, at, 2, 0, bt, 3, 0, 0, ct, 2, 0, 1));
    check(values(c), 6, 8, 5, 8);
    driver.gemm(
        blas,
        new Gemm(DType.FLOAT32, true, false, false, 2, 2, 3, at, 2, 0, bt, 3, 0, 1, ct, 2, 0, 1));
    check(values(c), 12, 16, 10, 16);
    driver.gemm(
        blas,
        new Gemm(
            DType.FLOAT32, false, false, false, 2, 2, 3, at, 2, 0, bt, 3, 0, 0.5f, ct, 2, 0, 1));
    check(values(c), 12, 16, 10, 16);
    // Two products of 1 x 1 times 1 x 1, and a transposed one.
    driver.gemm(
        blas,
        new Gemm(DType.FLOAT32, false, false, false, 1, 1, 1, at, 1, 1, bt, 1, 2, 0, ct, 1, 1, 2));
    check(values(c), 1, 2, 10, 16);
    driver.gemm(
        blas,
        new Gemm(DType.FLOAT32, false, true, true, 2, 2, 3, at, 3, 0, bt, 2, 0, 0, ct, 2, 0, 1));
    check(values(c), 6, 15, 4, 10);
    driver.destroyBlas(blas);
  }

  private void graphs() {
    Strided a = array(2, 1, 2);
    kernels.binaryScalar(BinaryOp.ADD, a, 1, a);
    driver.beginCapture(stream);
    kernels.binaryScalar(BinaryOp.ADD, a, 1, a);
    long graph = driver.endCapture(stream);
    check(values(a), 2, 3);
    driver.launchGraph(graph, stream);
    driver.launchGraph(graph, stream);
    check(values(a), 4, 5);
    driver.destroyGraph(graph);
  }

  private void eventsAndStreams() {
    long other = driver.createStream();
    long start = driver.createEvent(true);
    long end = driver.createEvent(true);
    driver.record(start, stream);
    driver.await(other, start);
    driver.record(end, other);
    driver.synchronizeEvent(end);
    check(driver.isDone(end));
    check(driver.elapsedMs(start, end) == 1.5f);
    driver.destroyEvent(start);
    driver.destroyEvent(end);
    driver.synchronizeStream(other);
    driver.destroyStream(other);
    driver.synchronize();
  }

  private void memory() {
    long free = driver.freeBytes();
    Block block = kernels.memory().allocate(30 << 20);
    check(driver.freeBytes() <= free - (30 << 20));
    kernels.memory().release(block);
    device.memory().trim();
    long pinned = driver.allocateHost(4096);
    driver.freeHost(pinned);
    try {
      kernels.memory().allocate(300 << 20);
      throw new AssertionError("there is not so much");
    } catch (OutOfMemoryException e) {
      check(e.getMessage().contains("asked 314572800 bytes"));
    }
  }

  private void errors() {
    try {
      driver.compile(
          "wrong", driver.platform() + "not C", java.util.List.of(), device.properties());
      throw new AssertionError("must not compile");
    } catch (CudaException e) {
      check(e.getMessage().startsWith("compile wrong ["));
      check(e.getMessage().contains("NVRTC_ERROR_COMPILATION"));
      check(e.getMessage().contains("not C"));
    }
    try {
      driver.function(
          driver.loadModule(
              device
                  .cache()
                  .image(
                      "copies",
                      KernelFile.MOVE.source(driver.platform()),
                      CudaModule.options(null))),
          "none");
      throw new AssertionError("there is no such kernel");
    } catch (CudaException e) {
      check(e.getMessage().startsWith("cuModuleGetFunction none: must succeed; got"));
    }
  }
}
