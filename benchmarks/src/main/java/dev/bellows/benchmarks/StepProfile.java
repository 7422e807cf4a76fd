package dev.bellows.benchmarks;

import dev.bellows.backend.TimedKernels;
import dev.bellows.memory.MemoryPool;
import java.util.Locale;

/** Profiles a step of Bellows: each kernel's share, and the remainder for dispatch. */
public final class StepProfile {
  private static final long WARM_UP_NS = 4_000_000_000L;
  private static final int STEPS = 60;

  private StepProfile() {}

  /** Runs the given cases; requires {@code -Dbellows.profile=true}. */
  public static void main(String[] args) {
    for (String arg : args) {
      for (String name : Cases.of(arg)) {
        profile(name);
      }
    }
  }

  private static void profile(String name) {
    OursCase work = new OursCase(name);
    for (long end = System.nanoTime() + WARM_UP_NS; System.nanoTime() < end; ) {
      work.step();
    }
    TimedKernels.reset();
    long fromSystem = MemoryPool.cpu().systemAllocations();
    long start = System.nanoTime();
    for (int i = 0; i < STEPS; i++) {
      work.step();
    }
    double step = (System.nanoTime() - start) / 1e6 / STEPS;
    System.out.printf(Locale.ROOT, "%s: %.3f ms a step%n", name, step);
    double kernels = 0;
    for (TimedKernels.Line line : TimedKernels.lines()) {
      double ms = line.nanos() / 1e6 / STEPS;
      kernels += ms;
      System.out.printf(
          Locale.ROOT,
          "  %-24s %5.1f calls %9.4f ms %5.1f %%%n",
          line.kernel(),
          (double) line.calls() / STEPS,
          ms,
          100 * ms / step);
    }
    System.out.printf(
        Locale.ROOT,
        "  %-24s %17s %9.4f ms %5.1f %%%n",
        "dispatch and the rest",
        "",
        step - kernels,
        100 * (step - kernels) / step);
    System.out.printf(
        Locale.ROOT,
        "  blocks allocated from the system: %d; pool in use %.1f MiB, peak %.1f MiB%n",
        MemoryPool.cpu().systemAllocations() - fromSystem,
        MemoryPool.cpu().usedBytes() / 1048576.0,
        MemoryPool.cpu().peakBytes() / 1048576.0);
  }
}
