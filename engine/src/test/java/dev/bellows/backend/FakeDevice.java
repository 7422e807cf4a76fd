package dev.bellows.backend;

import dev.bellows.memory.Allocator;
import dev.bellows.memory.Block;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.memory.Memory;
import dev.bellows.memory.MemoryPool;
import dev.bellows.memory.OutOfMemoryException;
import dev.bellows.memory.Storage;
import dev.bellows.memory.Strided;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A simulated device that executes work as late as possible. It looks like a GPU: its memory has
 * addresses that the host cannot read, work runs in submission order on a separate thread, and
 * errors that a kernel detects are thrown at the next synchronisation. Work starts only at a
 * synchronisation or when much has been submitted. Memory is overwritten, in stream order too, when
 * it is allocated and when it is released, and a released block is reused at once. The kernels are
 * those of the CPU, so that results are bit-identical.
 */
public final class FakeDevice implements Allocator, AutoCloseable {
  private static final int WAITING = 200;
  private static final byte SPOILT = (byte) 0xFF;
  private static final int GUARD = 64;
  private static final long LARGEST = 1L << 30;
  private static final byte WATCHED = 0x5A;

  private final Device device;
  private final Kernels cpu = Backends.cpu();
  private final Kernels kernels;
  private final Kernels before;
  private final ExecutorService thread;
  private final Map<Long, ArrayDeque<Block>> free = new HashMap<>();
  private final List<Runnable> waiting = new ArrayList<>();
  private Future<?> last;
  private RuntimeException failure;
  private long nextAddress = 0x7F00_0000_0000_0000L;
  private long usedBytes;
  private long limitBytes = Long.MAX_VALUE;
  private boolean closed;
  private int uploads;
  private int downloads;

  private FakeDevice(int index) {
    this.device = Device.cuda(index);
    this.thread =
        Executors.newSingleThreadExecutor(
            r -> {
              Thread t = new Thread(r, "fake-" + device);
              t.setDaemon(true);
              return t;
            });
    this.kernels =
        (Kernels)
            Proxy.newProxyInstance(
                Kernels.class.getClassLoader(),
                new Class<?>[] {Kernels.class},
                (proxy, method, args) -> call(method.getName(), method, args));
    this.before = Devices.isAvailable(device) ? Devices.kernels(device) : null;
    Devices.install(device, kernels);
  }

  /** Makes a device the GPU of that number until it is closed. */
  public static FakeDevice install(int index) {
    return new FakeDevice(index);
  }

  private Object call(String name, java.lang.reflect.Method method, Object[] args)
      throws ReflectiveOperationException {
    switch (name) {
      case "name":
        return "fake";
      case "fingerprint":
        return "fake of " + cpu.fingerprint();
      case "device":
        return device;
      case "memory":
        return this;
      case "synchronize":
        synchronize();
        return null;
      case "upload":
        upload((Strided) args[0], (Strided) args[1]);
        return null;
      case "hostMemory":
        return MemoryPool.cpu();
      case "captures", "argTop":
        return false;
      case "startUpload":
        startUpload((Strided) args[0], (Strided) args[1]);
        return null;
      case "startDownload":
        return startDownload((Strided) args[0], (Strided) args[1]);
      case "download":
        download((Strided) args[0], (Strided) args[1]);
        return null;
      case "normalizes", "attends", "hasUnaryGrad":
        return method.invoke(cpu, args);
      case "toString", "hashCode", "equals":
        return method.invoke(this, args);
      default:
        Object[] there = args.clone();
        for (int i = 0; i < there.length; i++) {
          if (there[i] instanceof Strided s) {
            there[i] = onHost(name, s);
          } else if (method.getParameterTypes()[i] == Number.class) {
            Objects.requireNonNull(there[i], "number");
          }
        }
        enqueue(() -> run(method, there));
        return null;
    }
  }

  private void run(java.lang.reflect.Method method, Object... args) {
    try {
      method.invoke(cpu, args);
      for (Object arg : args) {
        if (arg instanceof Strided s) {
          checkGuards(method.getName(), s.storage());
        }
      }
    } catch (InvocationTargetException e) {
      RuntimeException found =
          e.getCause() instanceof RuntimeException r ? r : new IllegalStateException(e.getCause());
      synchronized (this) {
        failure = failure == null ? found : failure;
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The host's view of an array of this device; throws where it is not one, or was released. */
  private Strided onHost(String name, Strided a) {
    if (!a.device().equals(device)) {
      throw new AssertionError(name + ": array must be on " + device + "; got " + a.device());
    }
    a.deviceAddress();
    checkBounds(name, a);
    Storage host = (Storage) a.storage().block().owner();
    long offset = a.offset() + GUARD / a.dtype().bytes();
    return new Strided(host, a.dtype(), a.sizes(), a.strides(), offset);
  }

  private static void checkBounds(String name, Strided a) {
    long low = a.offset();
    long high = a.offset();
    for (int d = 0; d < a.dim(); d++) {
      long reach = (a.size(d) - 1) * a.stride(d);
      low += Math.min(0, reach);
      high += Math.max(0, reach);
    }
    if (a.numel() > 0 && (low < 0 || high >= a.storage().bytes() / a.dtype().bytes())) {
      throw new AssertionError(name + ": array must lie in its storage; got " + a);
    }
  }

  private void upload(Strided host, Strided out) {
    Storage staged = Storage.allocate(host.numel() * host.dtype().bytes());
    check("upload", host, out);
    Memory.copy(host.address(), staged.address(), staged.bytes());
    Strided from = new Strided(staged, host.dtype(), host.sizes(), host.strides(), 0);
    Strided to = onHost("upload", out);
    synchronized (this) {
      uploads++;
    }
    enqueue(
        () -> {
          cpu.copy(from, to);
          staged.release();
        });
  }

  private void download(Strided a, Strided host) {
    check("download", host, a);
    Strided from = onHost("download", a);
    synchronized (this) {
      downloads++;
    }
    enqueue(() -> cpu.copy(from, host));
    synchronize();
  }

  /** Reads the host's memory when it comes to that, not now. */
  private void startUpload(Strided host, Strided out) {
    check("startUpload", host, out);
    Strided to = onHost("startUpload", out);
    host.storage().retain(); // as memory for transfers does
    enqueue(
        () -> {
          cpu.copy(host, to);
          host.storage().release();
        });
  }

  private Transfer startDownload(Strided a, Strided host) {
    check("startDownload", host, a);
    Strided from = onHost("startDownload", a);
    AtomicBoolean done = new AtomicBoolean();
    synchronized (this) {
      downloads++;
    }
    host.storage().retain();
    enqueue(
        () -> {
          cpu.copy(from, host);
          host.storage().release();
          done.set(true);
        });
    return new Transfer() {
      @Override
      public boolean isDone() {
        return done.get();
      }

      @Override
      public void await() {
        synchronize();
      }
    };
  }

  private static void check(String name, Strided host, Strided there) {
    if (!host.isContiguous()
        || !there.isContiguous()
        || host.dtype() != there.dtype()
        || !java.util.Arrays.equals(host.sizes(), there.sizes())) {
      throw new AssertionError(name + ": got " + host + " on the host and " + there);
    }
  }

  private synchronized void enqueue(Runnable job) {
    waiting.add(job);
    if (waiting.size() >= WAITING) {
      start();
    }
  }

  private synchronized Future<?> start() {
    if (!waiting.isEmpty()) {
      List<Runnable> jobs = List.copyOf(waiting);
      waiting.clear();
      last = thread.submit(() -> jobs.forEach(Runnable::run));
    }
    return last;
  }

  /** Waits for all submitted work, and throws the first error since the last wait. */
  public void synchronize() {
    Future<?> done = start();
    try {
      if (done != null) {
        done.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
    synchronized (this) {
      RuntimeException found = failure;
      failure = null;
      if (found != null) {
        throw found;
      }
    }
  }

  /** Forgets what went wrong. */
  public void clear() {
    try {
      synchronize();
    } catch (RuntimeException e) {
      synchronized (this) {
        failure = null;
      }
    }
  }

  @Override
  public Device device() {
    return device;
  }

  /** Lets no more memory be handed out than this. */
  public synchronized void limit(long bytes) {
    limitBytes = bytes;
  }

  @Override
  public Block allocate(long bytes) {
    if (bytes > LARGEST) {
      throw new OutOfMemoryException(device + ": must be at most " + LARGEST + "; asked " + bytes);
    }
    long size = Math.max(256, Long.highestOneBit(Math.max(1, bytes - 1)) * 2);
    if (isFull(size)) {
      for (int i = 0; i < 100 && isFull(size); i++) {
        if (!MemoryPool.cpu().reclamation().poll()) {
          System.gc();
          java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
        }
      }
      if (isFull(size)) {
        throw new OutOfMemoryException(device + ": out of memory; asked " + bytes);
      }
    }
    Block block;
    synchronized (this) {
      block = free.computeIfAbsent(size, s -> new ArrayDeque<>()).poll();
      usedBytes += size;
      if (block == null) {
        Storage host = Storage.allocate(size + 2 * GUARD);
        Memory.set(host.address(), host.bytes(), WATCHED);
        block = Block.ofDevice(nextAddress, size, host);
        nextAddress += size;
      }
    }
    spoil(block);
    return block;
  }

  private synchronized boolean isFull(long size) {
    return usedBytes + size > limitBytes;
  }

  @Override
  public void release(Block block) {
    synchronized (this) {
      usedBytes -= block.bytes();
      if (closed) { // a tensor that outlived the device, found by the garbage collector
        ((Storage) block.owner()).release();
        return;
      }
    }
    spoil(block);
    synchronized (this) {
      free.get(block.bytes()).push(block);
    }
  }

  private void spoil(Block block) {
    Storage host = (Storage) block.owner();
    enqueue(() -> Memory.set(host.address() + GUARD, block.bytes(), SPOILT));
  }

  private static void checkGuards(String kernel, Storage host) {
    for (int i = 0; i < GUARD; i++) {
      if (Memory.getByte(host.address() + i) != WATCHED
          || Memory.getByte(host.address() + host.bytes() - 1 - i) != WATCHED) {
        throw new IllegalStateException(kernel + ": wrote outside its arrays");
      }
    }
  }

  /** Bytes in blocks that are handed out. */
  public synchronized long usedBytes() {
    return usedBytes;
  }

  /** Copies from the host so far. */
  public synchronized int uploads() {
    return uploads;
  }

  /** Copies to the host so far. */
  public synchronized int downloads() {
    return downloads;
  }

  /** An uninitialised array of this device, for tests of it. */
  public Strided array(DType dtype, long n) {
    Storage storage = Storage.allocate(this, n * dtype.bytes());
    return new Strided(storage, dtype, new long[] {n}, new long[] {1}, 0);
  }

  /** The kernels that tensors on this device use. */
  public Kernels kernels() {
    return kernels;
  }

  @Override
  public void close() {
    clear();
    Devices.install(device, before);
    thread.shutdown();
    synchronized (this) {
      closed = true;
      free.values().forEach(blocks -> blocks.forEach(block -> ((Storage) block.owner()).release()));
      free.clear();
    }
  }
}
