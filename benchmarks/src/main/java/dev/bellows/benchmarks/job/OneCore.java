package dev.bellows.benchmarks.job;

import java.io.IOException;
import java.util.Map;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * Restricts each executor to one processor for all its threads, like a container with one core.
 * Otherwise its garbage collector and JIT compiler would use another executor's processor, and two
 * executors would be compared with one that has more than a core.
 */
public final class OneCore implements SparkPlugin {
  static final boolean WANTED = Boolean.parseBoolean(System.getProperty("pin", "true"));

  @Override
  public DriverPlugin driverPlugin() {
    return null;
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new ExecutorPlugin() {
      @Override
      public void init(PluginContext context, Map<String, String> extra) {
        pin(ProcessHandle.current(), Integer.parseInt(context.executorID()));
      }
    };
  }

  /** Moves all threads of a process to one processor. */
  static void pin(ProcessHandle process, int processor) {
    try {
      Process taskset =
          new ProcessBuilder("taskset", "-a", "-c", "-p", "" + processor, "" + process.pid())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (taskset.waitFor() != 0) {
        throw new IOException("taskset returned " + taskset.exitValue());
      }
    } catch (IOException e) {
      throw new IllegalStateException("benchmark: taskset must pin an executor; " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("benchmark: interrupted", e);
    }
  }
}
