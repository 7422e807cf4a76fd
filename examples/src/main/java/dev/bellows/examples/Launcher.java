package dev.bellows.examples;

import dev.bellows.spark.BellowsException;
import dev.bellows.spark.CheckpointInterval;
import dev.bellows.spark.ProgressPrinter;
import dev.bellows.spark.Resume;
import dev.bellows.spark.TrainingJobBuilder;
import dev.bellows.spark.TrainingResult;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The common part of all examples: options, Spark session, report, exit code. */
final class Launcher {
  private static final Logger LOG = LoggerFactory.getLogger(Launcher.class);

  private Launcher() {}

  /** The body of an example, which receives its options. */
  interface Body {
    TrainingResult run(SparkSession spark, Options options);
  }

  /** Returns the common options, followed by an example's own. */
  static Map<String, String> options(Map<String, String> own) {
    var all = new LinkedHashMap<String, String>();
    all.put("--executors", "number of executors (default: all task slots)");
    all.put("--shards", "logical shards of a batch; determines the bits (default: from executors)");
    all.put("--seed", "seed of weights, row order and dropout (default 1)");
    all.put("--epochs", "passes over the training rows");
    all.put("--global-batch", "rows of one step");
    all.put("--lr", "learning rate");
    all.put("--checkpoint-dir", "directory of checkpoints and the trained model (default: none)");
    all.put("--checkpoint-every", "steps between checkpoints (default: one epoch)");
    all.put("--keep-last", "number of checkpoints to keep (default 3)");
    all.put("--resume", "[resume from the newest checkpoint, if there is one]");
    all.put("--start-over", "[start from scratch; existing checkpoints are kept]");
    all.put("--model-file", "file of the trained weights (default: with the checkpoints)");
    all.put("--help", "[show these options]");
    all.putAll(own);
    return all;
  }

  /** Runs an example and ends the JVM with its exit code. */
  static void main(String name, Options options, String[] arguments, Body body) {
    System.exit(run(name, options, arguments, body));
  }

  /** Runs an example and returns the exit code: 0, or 1 after a line that describes the error. */
  static int run(String name, Options options, String[] arguments, Body body) {
    try {
      options.parse(arguments);
      if (options.has("--help")) {
        System.out.println(options.usage());
        return 0;
      }
      var conf = new SparkConf();
      if (!conf.contains("spark.master")) {
        conf.setMaster("local[*]");
      }
      var spark = SparkSession.builder().config(conf).appName(name).getOrCreate();
      try {
        report(options.metric(), body.run(spark, options));
      } finally {
        spark.stop();
      }
      return 0;
    } catch (BellowsException | IllegalArgumentException e) {
      LOG.debug("{} failed", name, e);
      System.err.println("bellows: " + oneLine(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.error("{} failed", name, e);
      System.err.println("bellows: " + oneLine(e.toString()));
    }
    System.err.flush();
    return 1;
  }

  private static String oneLine(String message) {
    return String.valueOf(message).replaceAll("\\s*\\R\\s*", " ");
  }

  /** Applies the common options to a job. */
  static <B extends TrainingJobBuilder<?>> B configure(B job, Options options) {
    job.executors(options.count("--executors", 0))
        .shards(options.count("--shards", 0))
        .seed(options.number("--seed", 1))
        .keepLast(options.count("--keep-last", 3))
        .listener(ProgressPrinter.standard());
    if (options.has("--checkpoint-dir")) {
      var every = options.number("--checkpoint-every", 0);
      job.checkpoint(
          options.text("--checkpoint-dir", null),
          options.has("--checkpoint-every")
              ? CheckpointInterval.everySteps(every)
              : CheckpointInterval.everyEpochs(1));
    }
    if (options.has("--model-file")) {
      job.modelFile(options.text("--model-file", null));
    }
    if (options.has("--resume") && options.has("--start-over")) {
      throw new IllegalArgumentException(
          "arguments: --resume and --start-over exclude each other; got both");
    }
    job.resume(
        options.has("--start-over")
            ? Resume.START_OVER
            : options.has("--resume") ? Resume.AUTO : Resume.NEVER);
    return job;
  }

  private static void report(String metric, TrainingResult result) {
    var out = System.out;
    out.printf(
        Locale.ROOT,
        "trained %d steps, loss %.4f, %.0f samples/s, all-reduce %.0f%%, model in %s%n",
        result.steps() - result.startStep(),
        result.finalLoss(),
        result.samplesPerSecond(),
        100 * result.allReduceShare(),
        result.modelFile());
    result.metric().ifPresent(m -> out.printf(Locale.ROOT, "%s=%.4f%n", metric, m));
    out.println("weights.sha256=" + result.weightsSha256());
    out.println("checkpoint=" + result.checkpoint().orElse("none"));
    out.printf(Locale.ROOT, "seconds=%.1f%n", result.seconds());
    out.flush();
  }
}
