package dev.bellows.tensor;

import dev.bellows.memory.MemoryPool;
import java.util.ArrayList;
import java.util.List;

/** Programs that close nothing; each prints what the pool held at most. */
public final class WithoutScopes {
  private static final int FLOATS = 1 << 20;

  private WithoutScopes() {}

  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "loop" -> loop(400, FLOATS);
      case "graph" -> graph();
      case "threads" -> threads();
      case "views" -> views();
      case "tiny" -> tiny();
      case "sizes" -> sizes();
      default -> throw new IllegalArgumentException(args[0]);
    }
    MemoryPool pool = MemoryPool.cpu();
    System.out.println("limit=" + pool.limitBytes());
    System.out.println("peak=" + pool.peakBytes());
    System.out.println("held=" + (pool.usedBytes() + pool.cachedBytes()));
    System.out.println("well");
  }

  private static void loop(int rounds, int floats) {
    Tensor x = Tensor.zeros(floats);
    for (int i = 0; i < rounds; i++) {
      x = x.add(i);
    }
    expect(x.get(Index.at(0)).item(), rounds * (rounds - 1) / 2.0);
  }

  /** Graphs that nobody goes back through. */
  private static void graph() {
    Tensor w = Tensor.ones(FLOATS).setRequiresGrad(true);
    for (int i = 0; i < 100; i++) {
      Tensor y = w.exp().mul(w).add(i).sum();
      expect(y.requiresGrad() ? 1 : 0, 1);
    }
  }

  private static void threads() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Thread thread = new Thread(() -> loop(200, FLOATS));
      thread.setUncaughtExceptionHandler(
          (t, e) -> {
            synchronized (failures) {
              failures.add(e);
            }
          });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    if (!failures.isEmpty()) {
      throw new AssertionError(failures.get(0));
    }
  }

  /** Memory is asked for once; the handles must not stay on the Java heap. */
  private static void views() {
    Tensor x = Tensor.zeros(2, 3);
    for (int i = 0; i < 2_000_000; i++) {
      x = x.t();
    }
  }

  private static void tiny() {
    Tensor x = Tensor.zeros(1);
    for (int i = 0; i < 1_000_000; i++) {
      x = x.add(1);
    }
    expect(x.item(), 1_000_000);
  }

  /** Each size is of another class than the one before. */
  private static void sizes() {
    for (int i = 0; i < 400; i++) {
      Tensor x = Tensor.zeros(FLOATS / 4 + (i * 7 % 40) * (FLOATS / 8)).add(1);
      expect(x.get(Index.at(0)).item(), 1);
    }
  }

  private static void expect(double got, double wanted) {
    if (got != wanted) {
      throw new AssertionError("got " + got + ", wanted " + wanted);
    }
  }
}
