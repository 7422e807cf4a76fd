package dev.bellows.spark.worker;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.MemoryBudget;
import dev.bellows.memory.MemoryBudget.Needs;
import dev.bellows.memory.MemoryBudget.Share;
import dev.bellows.memory.MemoryPool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;

/**
 * Gives tensors on an executor their part of its memory. YARN and Kubernetes give each executor its
 * heap, {@code spark.executor.memoryOverhead} and, where enabled, {@code
 * spark.memory.offHeap.size}, and end it if it takes more. A standalone cluster watches no memory:
 * executors of one host share it equally, unless {@code spark.executor.memoryOverhead} is set.
 * {@code -Dbellows.memory.limitBytes} in {@code spark.executor.extraJavaOptions} overrides all of
 * it.
 */
final class ExecutorMemory {
  private static final String DRIVER = "driver";
  private static final String OVERHEAD = "spark.executor.memoryOverhead";
  private static final String BACKEND = "CoarseGrainedExecutorBackend";
  private static final int SHIFT_MIB = 20;

  private ExecutorMemory() {}

  /** Sets the limit of this process, as executors of its host may have come or gone. */
  static void apply(SparkEnv env) {
    if (MemoryBudget.ofProperty() != null || env.executorId().equals(DRIVER)) {
      return; // local mode is one process, which the pool's own budget suits
    }
    MemoryBudget budget =
        budget(
            env.conf(),
            Share.ofHost(),
            executorsIn(Path.of("/proc")),
            Needs.ofJvm(Needs.EXECUTOR_DIRECT));
    MemoryPool.cpu().setBudget(budget);
  }

  /**
   * Returns the budget of one executor.
   *
   * @param host what the container or the machine around it has
   * @param executors how many executors the host runs, with this one
   * @param needs memory that its JVM needs apart from tensors
   */
  static MemoryBudget budget(SparkConf conf, Share host, int executors, Needs needs) {
    String master = conf.get("spark.master", "");
    boolean watched = master.startsWith("yarn") || master.startsWith("k8s");
    Share share = watched ? host : host.dividedBy(Math.max(1, executors));
    return MemoryBudget.of(
        watched || conf.contains(OVERHEAD) ? share.min(ofSpark(conf)) : share, needs);
  }

  private static Share ofSpark(SparkConf conf) {
    long heap = conf.getSizeAsMb("spark.executor.memory", "1g");
    long offHeap =
        conf.getBoolean("spark.memory.offHeap.enabled", false)
            ? conf.getSizeAsBytes("spark.memory.offHeap.size", "0") >> SHIFT_MIB
            : 0;
    long overhead = overhead(conf, heap);
    return new Share(
        heap + overhead + offHeap << SHIFT_MIB,
        message(
            "an executor of %s MiB (spark.executor.memory %s, memoryOverhead %s, offHeap.size %s)",
            heap + overhead + offHeap, heap, overhead, offHeap));
  }

  private static long overhead(SparkConf conf, long heap) {
    if (conf.contains(OVERHEAD)) {
      return conf.getSizeAsMb(OVERHEAD);
    }
    double factor =
        conf.getDouble(
            OVERHEAD + "Factor", conf.getDouble("spark.kubernetes.memoryOverheadFactor", 0.1));
    long least = conf.getSizeAsMb("spark.executor.minMemoryOverhead", "384m");
    return Math.max((long) (factor * heap), least);
  }

  /** Counts the executors that a directory of processes shows; 1 where it shows none. */
  static int executorsIn(Path processes) {
    int count = 0;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(processes, "[0-9]*")) {
      for (Path process : all) {
        count += isExecutor(process) ? 1 : 0;
      }
    } catch (IOException e) {
      return 1; // not Linux
    }
    return Math.max(1, count);
  }

  /** Returns whether a process has an executor's main class as a word of its command. */
  private static boolean isExecutor(Path process) {
    try {
      byte[] line = Files.readAllBytes(process.resolve("cmdline"));
      for (String word : new String(line, StandardCharsets.ISO_8859_1).split("\0")) {
        if (word.startsWith("org.apache.spark.executor.") && word.endsWith(BACKEND)) {
          return true;
        }
      }
    } catch (IOException e) {
      return false; // it ended meanwhile, or is another user's
    }
    return false;
  }
}
