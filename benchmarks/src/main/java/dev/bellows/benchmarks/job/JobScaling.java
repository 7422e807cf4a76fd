package dev.bellows.benchmarks.job;

import static dev.bellows.nn.Functional.crossEntropy;
import static dev.bellows.spark.data.Column.column;

import dev.bellows.memory.DType;
import dev.bellows.optim.SGD;
import dev.bellows.spark.Progress;
import dev.bellows.spark.SerializableSupplier;
import dev.bellows.spark.Timeouts;
import dev.bellows.spark.TrainingJob;
import dev.bellows.spark.TrainingJobBuilder;
import dev.bellows.spark.TrainingListener;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.spark.launcher.JavaModuleOptions;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Trains {@link ResNet18} on local Spark clusters with one and with two executors of one core each
 * ({@link OneCore}). The two jobs alternate, one paused while the other runs, so that both see the
 * same drift of the machine, and the single executor of the first alternates between both cores, as
 * virtual processors are not always equally fast. Prints for each {@code job.EXECUTORS, samples/s,
 * share of the time spent waiting for gradients, part of it spent waiting for the slower executor},
 * then the speed-up and the ceiling, which is the speed-up of two processes that exchange nothing
 * ({@link Alone}). The weights must have the same bits.
 */
public final class JobScaling {
  /** Batch size of He et al. on images of 32 by 32. */
  private static final int BATCH = Integer.getInteger("batch", 128);

  private static final int SHARDS = Integer.getInteger("shards", 4);
  private static final int STEPS = Integer.getInteger("steps", 120);

  /**
   * Number of steps of a narrow model, with one sample per shard, before the measurement: JIT
   * compilation takes time from the executors, more in the first minutes of a job than all
   * exchanges do.
   */
  private static final int WARM_UP_STEPS = 3000;

  private static final int WARM_UP_WIDTH = 4;

  /** Number of first steps that are not timed, as they touch memory for the first time. */
  private static final int WARM = STEPS / 6;

  /** The last timed step; the waits of later steps still count, as no step is interrupted. */
  private static final int TIMED = STEPS * 5 / 6;

  /** Length of a turn; one executor takes one on each processor, then two executors take one. */
  private static final long TURN_MS = 4_000;

  /** Timeout long enough that a paused executor is not considered lost. */
  private static final Duration TURN_LOST = Duration.ofSeconds(30);

  private JobScaling() {}

  /** Runs everything without arguments, or one job, given a number of executors. */
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length > 0) {
      train(Integer.parseInt(args[0]));
      return;
    }
    try (Turns one = new Turns(job(1), STEPS);
        Turns two = new Turns(job(2), STEPS)) {
      // No job may be paused for long: Spark would consider its executors lost.
      for (int turn = 0; one.steps() < TIMED || two.steps() < TIMED; turn++) {
        boolean begun = one.steps() > 0 && two.steps() > 0;
        if (begun ? one.steps() > two.steps() : turn % 2 == 1) {
          two.work(TURN_MS);
          continue;
        }
        for (int processor = 0; processor < (begun ? 2 : 1); processor++) {
          if (OneCore.WANTED) {
            one.moveTo(processor);
          }
          one.work(TURN_MS);
        }
      }
      two.workToTheEnd();
      one.workToTheEnd();
      if (!one.weights().equals(two.weights())) {
        throw new IllegalStateException(
            "benchmark: the weights must be equal; got " + one.weights() + ", " + two.weights());
      }
      System.out.println("case\tsamples/s\twait_share\tstraggler_share");
      print("job.1", one);
      print("job.2", two);
      double speedUp = one.seconds(WARM, TIMED) / two.seconds(WARM, TIMED);
      System.out.printf(Locale.ROOT, "speed-up\t%.3f%n", speedUp);
    }
    System.out.printf(Locale.ROOT, "ceiling\t%.3f%n", ceiling());
  }

  private static void print(String name, Turns job) {
    double samples = BATCH * (TIMED - WARM) / job.seconds(WARM, TIMED);
    int from = (TIMED + STEPS) / 2;
    System.out.printf(
        Locale.ROOT,
        "%s\t%.2f\t%.4f\t%.4f%n",
        name,
        samples,
        job.waitShare(from, STEPS),
        job.stragglerShare(from, STEPS));
  }

  private static ProcessBuilder job(int executors) throws IOException {
    List<String> options =
        new ArrayList<>(Arrays.asList(JavaModuleOptions.defaultModuleOptionArray()));
    // Runs Spark without an installation: executors get the class path of this JVM.
    String home = Files.createTempDirectory("bellows-job").toString();
    options.addAll(List.of("-Dspark.testing=true", "-Dspark.test.home=" + home));
    // On a real cluster the driver does not run on the executors' processors.
    options.addAll(List.of("-XX:-UsePerfData", "-XX:+UseSerialGC"));
    options.add("-Dsteps=" + STEPS);
    options.add("-Dbatch=" + BATCH);
    options.add("-Dshards=" + SHARDS);
    options.add("-Dpin=" + OneCore.WANTED);
    ProcessBuilder builder = java(options, JobScaling.class, "" + executors);
    builder
        .environment()
        .putAll(
            Map.of(
                "SPARK_HOME",
                home,
                "SPARK_TESTING",
                "1",
                "SPARK_SCALA_VERSION",
                "2.13",
                "SPARK_LOCAL_IP",
                "127.0.0.1"));
    return builder;
  }

  /**
   * Returns the maximum speed-up of two executors over one on these processors, if everything
   * besides training costs nothing and each step ends with the slower one.
   */
  private static double ceiling() throws IOException, InterruptedException {
    String slot = "" + (Alone.slot() + 1);
    Process other = alone(slot, 1).start();
    try {
      double[] first = result(alone(slot, 0).start());
      double[] second = result(other);
      int steps = Math.min(first.length, second.length);
      double slower = 0;
      for (int step = 1; step < steps; step++) {
        slower += Math.max(first[step], second[step]) / (steps - 1);
      }
      return (first[0] + second[0]) / slower;
    } finally {
      other.destroyForcibly().waitFor();
    }
  }

  private static ProcessBuilder alone(String slot, int place) {
    List<String> options =
        List.of("--add-modules=jdk.incubator.vector", "-Xmx1g", "-Dpin=" + OneCore.WANTED);
    return java(options, Alone.class, "" + BATCH / SHARDS, "" + SHARDS / 2, slot, "" + place);
  }

  private static ProcessBuilder java(List<String> options, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", classPath(), main.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
  }

  /** Returns the numbers that a process prints after the word result. */
  private static double[] result(Process process) throws IOException, InterruptedException {
    double[] result = null;
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split("\t");
        if (words[0].equals("result")) {
          result = Arrays.stream(words).skip(1).mapToDouble(Double::parseDouble).toArray();
        }
      }
    }
    if (process.waitFor() != 0 || result == null) {
      throw new IOException("benchmark: training alone failed");
    }
    return result;
  }

  /** Returns the class path with absolute names, as executors have other working directories. */
  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static void train(int executors) {
    SparkSession spark =
        SparkSession.builder()
            .master("local-cluster[" + executors + ",1,2048]")
            .appName("bellows-benchmark")
            .config("spark.ui.enabled", "false")
            .config("spark.plugins", OneCore.WANTED ? OneCore.class.getName() : "")
            .config("spark.executor.memory", "1g")
            .config("spark.executor.extraJavaOptions", "--add-modules=jdk.incubator.vector")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.scheduler.minRegisteredResourcesRatio", "1.0")
            .getOrCreate();
    training(spark, executors, () -> new ResNet18(WARM_UP_WIDTH), SHARDS, WARM_UP_STEPS)
        .build()
        .run();
    var result =
        training(spark, executors, ResNet18::new, BATCH, STEPS).listener(new Lines()).build().run();
    System.out.println("weights\t" + result.weightsSha256());
    spark.stop();
  }

  private static TrainingJobBuilder<ResNet18> training(
      SparkSession spark,
      int executors,
      SerializableSupplier<ResNet18> model,
      int batch,
      int steps) {
    return TrainingJob.builder(spark)
        .model(model)
        .loss((net, rows) -> crossEntropy(net.call(rows.input("x")), rows.input("y")))
        .optimizer(parameters -> new SGD(parameters, 1e-3))
        .data(
            rows(spark, batch * steps),
            column("x", DType.UINT8, 3, 32, 32),
            column("y", DType.INT64))
        .globalBatch(batch)
        .shards(SHARDS)
        .epochs(1)
        .seed(1)
        .executors(executors)
        .timeouts(Timeouts.defaults().withHeartbeat(Duration.ofSeconds(1), TURN_LOST));
  }

  private static Dataset<Row> rows(SparkSession spark, int count) {
    Random random = new Random(1);
    List<Row> rows = new ArrayList<>();
    for (int row = 0; row < count; row++) {
      byte[] pixels = new byte[ResNet18.PIXELS];
      random.nextBytes(pixels);
      rows.add(RowFactory.create(pixels, (long) random.nextInt(10)));
    }
    return spark.createDataFrame(
        rows, new StructType().add("x", DataTypes.BinaryType).add("y", DataTypes.LongType));
  }

  /** Prints the lines that {@link Turns} reads. */
  private static final class Lines implements TrainingListener {
    @Override
    public void step(Progress progress) {
      System.out.println(
          "step\t"
              + progress.step()
              + "\t"
              + progress.allReduceShare()
              + "\t"
              + progress.stragglerShare());
    }
  }
}
