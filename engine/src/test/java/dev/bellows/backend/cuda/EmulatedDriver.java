package dev.bellows.backend.cuda;

import dev.bellows.backend.Activation;
import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.cpu.CpuKernels;
import dev.bellows.memory.Allocator;
import dev.bellows.memory.Block;
import dev.bellows.memory.Device;
import dev.bellows.memory.Memory;
import dev.bellows.memory.Storage;
import dev.bellows.memory.Strided;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A CUDA device on the host. Work submitted to a stream is queued and run as late as possible: at a
 * synchronisation, and then in a seeded random order of the streams, as far as events allow.
 * Kernels are the real sources, run by {@link Emulation} with every access checked; BLAS is the CPU
 * backend.
 */
final class EmulatedDriver implements Driver {
  /** An error that the emulation detected: a bug of a kernel or of the code that launched it. */
  static final class Fault extends AssertionError {
    private static final long serialVersionUID = 1;

    Fault(String message) {
      super(message);
    }
  }

  private static final int DEFAULT_STREAM = 1;
  private static long arena;
  private static final long ARENA_BYTES = 512L << 20;

  private final long limitBytes;
  private final SplittableRandom random;
  private final Map<Long, ArrayDeque<Task>> streams = new LinkedHashMap<>();
  private final Map<Long, Event> events = new HashMap<>();
  private final Map<Long, List<Task>> graphs = new HashMap<>();
  private final Map<Long, List<Task>> captures = new HashMap<>();
  private final Map<Long, Long> segments = new HashMap<>();
  private final Map<Long, ByteBuffer> hostBlocks = new HashMap<>();
  private final Map<Long, Long> blasStreams = new HashMap<>();
  private long usedBytes;
  private long nextHandle = DEFAULT_STREAM + 1;
  private long launches;
  private final List<Gemm> gemms = new ArrayList<>();
  private static long arenaUsed;
  private static final Map<Long, ArrayDeque<Long>> FREED = new HashMap<>();

  /** A queued operation of a stream. */
  private interface Task {
    /** Whether it can run now; a wait for an event cannot before the event. */
    default boolean isReady() {
      return true;
    }

    void run();
  }

  private static final class Event {
    long recorded;
    long done;
  }

  /**
   * @param limitBytes how much memory the device has
   */
  EmulatedDriver(long limitBytes, long seed) {
    if (Emulation.missing() != null) {
      throw new IllegalStateException(Emulation.missing());
    }
    this.limitBytes = limitBytes;
    this.random = new SplittableRandom(seed);
    synchronized (EmulatedDriver.class) {
      if (arena == 0) {
        arena = Emulation.open(ARENA_BYTES);
        if (arena == 0) {
          throw new IllegalStateException("no address space for the emulated device");
        }
      }
    }
    streams.put((long) DEFAULT_STREAM, new ArrayDeque<>());
  }

  /** How many kernels were launched so far. */
  synchronized long launches() {
    return launches;
  }

  /** Returns the products that were submitted to BLAS so far. */
  synchronized List<Gemm> gemms() {
    return List.copyOf(gemms);
  }

  // ---- running

  private void ask(long stream, Task task) {
    List<Task> captured = captures.get(stream);
    if (captured != null) {
      captured.add(task);
      return;
    }
    queue(stream).add(task);
  }

  private ArrayDeque<Task> queue(long stream) {
    ArrayDeque<Task> queue = streams.get(stream);
    if (queue == null) {
      throw new CudaException("stream: must be live; got " + stream);
    }
    return queue;
  }

  private interface Condition {
    boolean holds();
  }

  /** Runs what waits, a stream at random at a time, until the condition holds. */
  private void runUntil(Condition condition) {
    while (!condition.holds()) {
      List<ArrayDeque<Task>> able = new ArrayList<>();
      for (ArrayDeque<Task> queue : streams.values()) {
        if (!queue.isEmpty() && queue.peek().isReady()) {
          able.add(queue);
        }
      }
      if (able.isEmpty()) {
        throw new Fault("the host waits for what no stream will ever do");
      }
      able.get(random.nextInt(able.size())).poll().run();
    }
  }

  private static void check(String fault) {
    if (fault != null) {
      throw new Fault(fault);
    }
  }

  // ---- devices

  @Override
  public int deviceCount() {
    return 1;
  }

  @Override
  public Properties properties(int device) {
    return new Properties("emulated device", 9, 0, 2, limitBytes);
  }

  @Override
  public long retainContext(int device) {
    return 1;
  }

  @Override
  public void setContext(long context) {}

  @Override
  public synchronized void synchronize() {
    runUntil(() -> streams.values().stream().allMatch(ArrayDeque::isEmpty));
  }

  // ---- memory

  @Override
  public synchronized long allocate(long bytes) {
    if (usedBytes + bytes > limitBytes) {
      return 0;
    }
    long address = takeArena(bytes);
    if (address != 0) {
      usedBytes += bytes;
      segments.put(address, bytes);
    }
    return address;
  }

  /** Addresses are never cut: a segment goes to the next that asks for as much. */
  private static long takeArena(long bytes) {
    synchronized (EmulatedDriver.class) {
      ArrayDeque<Long> same = FREED.get(bytes);
      if (same != null && !same.isEmpty()) {
        return same.pop();
      }
      if (arenaUsed + bytes > ARENA_BYTES) {
        return 0;
      }
      long address = arena + arenaUsed;
      arenaUsed += (bytes + 511) / 512 * 512;
      return address;
    }
  }

  @Override
  public synchronized void free(long address) {
    synchronize(); // as cuMemFree does
    Long bytes = segments.remove(address);
    if (bytes == null) {
      throw new Fault("free: address must be allocated; got " + address);
    }
    usedBytes -= bytes;
    Emulation.disown(address, bytes);
    synchronized (EmulatedDriver.class) {
      FREED.computeIfAbsent(bytes, b -> new ArrayDeque<>()).push(address);
    }
  }

  /** Gives everything back, for the next emulated device. */
  synchronized void close() {
    streams.values().forEach(ArrayDeque::clear);
    List.copyOf(segments.keySet()).forEach(this::free);
    hostBlocks.clear();
  }

  @Override
  public synchronized long freeBytes() {
    return limitBytes - usedBytes;
  }

  @Override
  public synchronized long allocateHost(long bytes) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(Math.toIntExact(bytes));
    long address = address(buffer);
    Memory.set(address, bytes, (byte) 0xA5);
    hostBlocks.put(address, buffer);
    return address;
  }

  private static long address(ByteBuffer buffer) {
    return Storage.wrap(buffer.duplicate().order(ByteOrder.nativeOrder())).address();
  }

  @Override
  public synchronized void freeHost(long address) {
    hostBlocks.remove(address);
  }

  private void requirePinned(String operation, long host, long bytes) {
    for (Map.Entry<Long, ByteBuffer> block : hostBlocks.entrySet()) {
      long start = block.getKey();
      if (host >= start && host + bytes <= start + block.getValue().capacity()) {
        return;
      }
    }
    throw new Fault(operation + ": host memory must be pinned");
  }

  @Override
  public synchronized void copyToDevice(long to, long host, long bytes, long stream) {
    requirePinned("copyToDevice", host, bytes);
    ask(stream, () -> check(Emulation.copyIn(to, host, bytes)));
  }

  @Override
  public synchronized void copyToHost(long host, long from, long bytes, long stream) {
    requirePinned("copyToHost", host, bytes);
    ask(stream, () -> check(Emulation.copyOut(host, from, bytes)));
  }

  @Override
  public synchronized void copyOnDevice(long to, long from, long bytes, long stream) {
    ask(stream, () -> check(Emulation.copyWithin(to, from, bytes)));
  }

  @Override
  public synchronized void fill(long address, int value, long bytes, long stream) {
    ask(stream, () -> check(Emulation.set(address, value, bytes)));
  }

  @Override
  public synchronized void noteTaken(long address, long bytes, long stream) {
    ask(stream, () -> Emulation.own(address, bytes));
  }

  @Override
  public synchronized void noteReturned(long address, long bytes, long stream) {
    ask(stream, () -> Emulation.disown(address, bytes));
  }

  // ---- streams and events

  @Override
  public synchronized long createStream() {
    streams.put(nextHandle, new ArrayDeque<>());
    return nextHandle++;
  }

  @Override
  public synchronized void destroyStream(long stream) {
    synchronizeStream(stream);
    streams.remove(stream);
  }

  @Override
  public synchronized void synchronizeStream(long stream) {
    if (captures.containsKey(stream)) {
      throw new CudaException("synchronize: stream must not be capturing");
    }
    ArrayDeque<Task> queue = queue(stream);
    runUntil(queue::isEmpty);
  }

  @Override
  public synchronized void await(long stream, long event) {
    Event e = events.get(event);
    long wanted = e.recorded;
    ask(
        stream,
        new Task() {
          @Override
          public boolean isReady() {
            return e.done >= wanted;
          }

          @Override
          public void run() {}
        });
  }

  @Override
  public synchronized long createEvent(boolean timed) {
    events.put(nextHandle, new Event());
    return nextHandle++;
  }

  @Override
  public synchronized void destroyEvent(long event) {
    events.remove(event);
  }

  @Override
  public synchronized void record(long event, long stream) {
    Event e = events.get(event);
    long number = ++e.recorded;
    ask(stream, () -> e.done = number);
  }

  @Override
  public synchronized boolean isDone(long event) {
    Event e = events.get(event);
    return e.done >= e.recorded;
  }

  @Override
  public synchronized void synchronizeEvent(long event) {
    Event e = events.get(event);
    long wanted = e.recorded;
    runUntil(() -> e.done >= wanted);
  }

  @Override
  public float elapsedMs(long start, long end) {
    return 0;
  }

  // ---- kernels

  @Override
  public String platform() {
    return Emulation.platform();
  }

  @Override
  public String compilerId(Properties device) {
    return "emulated";
  }

  @Override
  public byte[] compile(String name, String source, List<String> options, Properties device) {
    return Emulation.compile(name, source, options);
  }

  @Override
  public long loadModule(byte[] image) {
    try {
      Path file = Files.createTempFile("bellows-module", ".so");
      try {
        Files.write(file, image);
        long module = Emulation.load(file.toString());
        if (module == 0) {
          throw new CudaException("loadModule: the image must be one that compile made");
        }
        return module;
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new CudaException("loadModule", e);
    }
  }

  @Override
  public long function(long module, String name) {
    long function = Emulation.symbol(module, name);
    if (function == 0) {
      throw new CudaException("function: module must have the kernel; got " + name);
    }
    long bytes = Memory.getLong(Emulation.symbol(module, name + "_bytes"));
    synchronized (this) {
      paramBytes.put(function, bytes);
    }
    return function;
  }

  private final Map<Long, Long> paramBytes = new HashMap<>();

  @Override
  public synchronized void launch(
      long function,
      String name,
      int gridX,
      int gridY,
      int blockX,
      long stream,
      ByteBuffer params) {
    if (gridX < 1 || gridY < 1 || gridY > 65535 || blockX < 1 || blockX > 1024) {
      throw new Fault(name + ": grid " + gridX + " x " + gridY + " of " + blockX + " threads");
    }
    if (params.remaining() != paramBytes.get(function)) {
      throw new Fault(
          name
              + ": parameters must have "
              + paramBytes.get(function)
              + " bytes; got "
              + params.remaining());
    }
    launches++;
    ByteBuffer copy = ByteBuffer.allocateDirect(params.remaining()).put(params.duplicate());
    long address = address(copy.flip());
    long seed = random.nextLong();
    ask(
        stream,
        () -> {
          check(Emulation.launch(name, function, gridX, gridY, blockX, address, seed));
          java.lang.ref.Reference.reachabilityFence(copy);
        });
  }

  // ---- graphs

  @Override
  public synchronized void beginCapture(long stream) {
    captures.put(stream, new ArrayList<>());
  }

  @Override
  public synchronized long endCapture(long stream) {
    graphs.put(nextHandle, captures.remove(stream));
    return nextHandle++;
  }

  @Override
  public synchronized void launchGraph(long graph, long stream) {
    graphs.get(graph).forEach(task -> ask(stream, task));
  }

  @Override
  public synchronized void destroyGraph(long graph) {
    graphs.remove(graph);
  }

  // ---- BLAS

  @Override
  public synchronized long createBlas(long stream, long workspace, long workspaceBytes) {
    blasStreams.put(nextHandle, stream);
    return nextHandle++;
  }

  @Override
  public synchronized void destroyBlas(long blas) {
    blasStreams.remove(blas);
  }

  @Override
  public synchronized void gemm(long blas, Gemm gemm) {
    gemms.add(gemm);
    ask(blasStreams.get(blas), () -> run(gemm));
  }

  private static void run(Gemm g) {
    touch(g, g.a(), g.strideA(), g.transA() ? g.k() : g.m(), g.transA() ? g.m() : g.k(), g.lda());
    touch(g, g.b(), g.strideB(), g.transB() ? g.n() : g.k(), g.transB() ? g.k() : g.n(), g.ldb());
    if (g.beta() != 0) {
      touch(g, g.c(), g.strideC(), g.m(), g.n(), g.ldc());
    }
    CpuKernels cpu = Holder.CPU;
    Strided a =
        matrix(
            g,
            g.a(),
            g.strideA(),
            g.m(),
            g.k(),
            g.transA() ? g.lda() : 1,
            g.transA() ? 1 : g.lda());
    Strided b =
        matrix(
            g,
            g.b(),
            g.strideB(),
            g.k(),
            g.n(),
            g.transB() ? g.ldb() : 1,
            g.transB() ? 1 : g.ldb());
    Strided c = matrix(g, g.c(), g.strideC(), g.m(), g.n(), 1, g.ldc());
    long[] sizes = {g.batch(), g.m(), g.n()};
    Storage storage = Storage.allocate(Math.max(1, c.numel() * g.type().bytes()));
    Strided product =
        new Strided(storage, g.type(), sizes, new long[] {(long) g.m() * g.n(), g.n(), 1}, 0);
    cpu.matmul(a, b, null, Activation.NONE, product);
    for (int i = 0; i < g.batch(); i++) {
      for (int column = 0; column < g.n(); column++) {
        long at = g.c() + (i * g.strideC() + (long) column * g.ldc()) * g.type().bytes();
        check(Emulation.touch(at, (long) g.m() * g.type().bytes(), true));
      }
    }
    if (g.beta() == 0) {
      cpu.copy(product, c);
    } else {
      cpu.binaryScalar(BinaryOp.MUL, c, g.beta(), c);
      cpu.binary(BinaryOp.ADD, c, product, c);
    }
    storage.release();
  }

  private static void touch(Gemm g, long address, long stride, int rows, int columns, int ld) {
    for (int i = 0; i < g.batch(); i++) {
      for (int column = 0; column < columns; column++) {
        long at = address + (i * stride + (long) column * ld) * g.type().bytes();
        check(Emulation.touch(at, (long) rows * g.type().bytes(), false));
      }
    }
  }

  /** Memory of the device as an array that the CPU backend can use. */
  private static Strided matrix(
      Gemm g, long address, long stride, long rows, long columns, long rowStride, long colStride) {
    Storage storage = Storage.allocate(new At(address), 0);
    return new Strided(
        storage,
        g.type(),
        new long[] {g.batch(), rows, columns},
        new long[] {stride, rowStride, colStride},
        0);
  }

  private record At(long address) implements Allocator {
    @Override
    public Device device() {
      return Device.CPU;
    }

    @Override
    public Block allocate(long bytes) {
      return Block.ofDevice(address, bytes, null);
    }

    @Override
    public void release(Block block) {}
  }

  private static final class Holder {
    static final CpuKernels CPU = CpuKernels.open();
  }
}
