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

/** What all examples share: common options, the Spark session, the report, the exit code. */
final class Launcher {
  private static final Logger LOG = LoggerFactory.getLogger(Launcher.class);

  private Launcher() {}

  /** What an example does with its options. */
  interface Body {
    TrainingResult run(SparkSession spark, Options options);
  }

  /** Options of every example, before its own. */
  static Map<String, String> options(Map<String, String> own) {
    var all = new LinkedHashMap<String, String>();
    all.put("--executors", "number of executors (default: all task slots)");
    all.put("--shards", "logical shards of a batch, decides the bits (default: from executors)");
    all.put("--seed", "of weights, order and dropout (default 1)");
    all.put("--epochs", "passes over the training rows");
    all.put("--global-batch", "rows of one step");
    all.put("--lr", "learning rate");
    all.put("--checkpoint-dir", "where checkpoints and the trained model go (default: nowhere)");
    all.put("--checkpoint-every", "steps between checkpoints (default: one epoch)");
    all.put("--keep-last", "checkpoints that stay (default 3)");
    all.put("--resume", "[go on from the newest checkpoint, if there is one]");
    all.put("--start-over", "[start anew beside the checkpoints there are, which stay]");
    all.put("--model-file", "where the trained weights go (default: with the checkpoints)");
    all.put("--help", "[show these options]");
    all.putAll(own);
    return all;
  }

  /** Runs an example and answers the exit code: 0, or 1 after one line that says what was wrong. */
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
        report(body.run(spark, options));
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

  /** The settings that the common options make. */
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

  private static void report(TrainingResult result) {
    var out = System.out;
    out.printf(
        Locale.ROOT,
        "trained %d steps, loss %.4f, %.0f samples/s, all-reduce %.0f%%, model in %s%n",
        result.steps() - result.startStep(),
        result.finalLoss(),
        result.samplesPerSecond(),
        100 * result.allReduceShare(),
        result.modelFile());
    result.metric().ifPresent(m -> out.printf(Locale.ROOT, "accuracy=%.4f%n", m));
    out.println("weights.sha256=" + result.weightsSha256());
    out.println("checkpoint=" + result.checkpoint().orElse("none"));
    out.printf(Locale.ROOT, "seconds=%.1f%n", result.seconds());
    out.flush();
  }
}
