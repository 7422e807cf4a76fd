package dev.bellows.spark.worker;

import dev.bellows.nn.Module;
import dev.bellows.spark.Time;
import java.util.Iterator;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.VoidFunction;

/**
 * Runs one rank as a Spark task; the partition's only number is its rank.
 *
 * @param <M> the model
 */
public final class WorkerTask<M extends Module> implements VoidFunction<Iterator<Integer>> {
  private static final long serialVersionUID = 1L;

  /** Property with the number of threads of the engine. */
  public static final String THREADS = "bellows.threads";

  private final Recipe<M> recipe;
  private final Assignment assignment;

  /** Creates the task that runs each rank of a generation. */
  public WorkerTask(Recipe<M> recipe, Assignment assignment) {
    this.recipe = recipe;
    this.assignment = assignment;
  }

  @Override
  public void call(Iterator<Integer> ranks) throws Exception {
    var context = TaskContext.get();
    // Read once by the engine, so this must come before its first use in this JVM.
    if (System.getProperty(THREADS) == null) {
      System.setProperty(THREADS, Integer.toString(context.cpus()));
    }
    var env = SparkEnv.get();
    ExecutorMemory.apply(env);
    var place =
        new Place(
            ranks.next(),
            env.executorId(),
            env.blockManager().blockManagerId().host(),
            env.blockManager().diskBlockManager().localDirs()[0].toPath().resolve("bellows"),
            () -> TaskDevice.of(context.resourcesJMap()),
            SparkTls.current(),
            context::isInterrupted,
            Time.SYSTEM);
    new Worker<>(recipe, assignment, place).run();
  }
}
