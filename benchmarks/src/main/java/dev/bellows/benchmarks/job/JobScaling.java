package dev.bellows.benchmarks.job;

import static dev.bellows.nn.Functional.crossEntropy;
import static dev.bellows.spark.data.Column.column;

import dev.bellows.memory.DType;
import dev.bellows.optim.SGD;
import dev.bellows.spark.Progress;
import dev.bellows.spark.TrainingJob;
import dev.bellows.spark.TrainingListener;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.launcher.JavaModuleOptions;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Trains {@link ResNet18} on a local Spark cluster with one and with two executors of one core each
 * ({@link OneCore}), each job in a process of its own, alternating. Prints for each {@code
 * job.EXECUTORS, samples/s, share of the steps spent waiting for gradients}, medians over rounds,
 * then the speed-up and the ceiling, which is what two processes gain that exchange nothing ({@link
 * Alone}). The weights must have the same bits. The first two thirds of the steps do not count.
 */
public final class JobScaling {
  private static final int ROUNDS = Integer.getInteger("rounds", 3);

  /** As He et al. train on images of 32 by 32. */
  private static final int BATCH = Integer.getInteger("batch", 128);

  private static final int SHARDS = Integer.getInteger("shards", 4);
  private static final int STEPS = Integer.getInteger("steps", 120);

  /** Steps until the JIT compiler, which takes its time from the executors, has done most. */
  private static final int WARM_UP = STEPS * 2 / 3;

  private JobScaling() {}

  /** Without arguments all of it; with a number of executors one job. */
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length > 0) {
      train(Integer.parseInt(args[0]));
      return;
    }
    Map<Integer, List<double[]>> results = new TreeMap<>();
    List<String> bits = new ArrayList<>();
    List<double[]> ceilings = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      for (int executors = 1; executors <= 2; executors++) {
        String[] words = run(executors).split("\t");
        bits.add(words[2]);
        results
            .computeIfAbsent(executors, e -> new ArrayList<>())
            .add(new double[] {Double.parseDouble(words[0]), Double.parseDouble(words[1])});
      }
      ceilings.add(new double[] {ceiling()});
    }
    if (bits.stream().distinct().count() != 1) {
      throw new IllegalStateException("benchmark: the weights must be equal; got " + bits);
    }
    System.out.println("case\tsamples/s\twait_share");
    results.forEach(
        (executors, all) ->
            System.out.printf(
                Locale.ROOT, "job.%d\t%.2f\t%.4f%n", executors, median(all, 0), median(all, 1)));
    System.out.printf(
        Locale.ROOT,
        "speed-up\t%.3f%nceiling\t%.3f%n",
        median(results.get(2), 0) / median(results.get(1), 0),
        median(ceilings, 0));
  }

  private static double median(List<double[]> all, int column) {
    double[] sorted = all.stream().mapToDouble(one -> one[column]).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private static String run(int executors) throws IOException, InterruptedException {
    List<String> options =
        new ArrayList<>(Arrays.asList(JavaModuleOptions.defaultModuleOptionArray()));
    // Spark without an installation: executors get the class path of this JVM.
    String home = Files.createTempDirectory("bellows-job").toString();
    options.addAll(List.of("-Dspark.testing=true", "-Dspark.test.home=" + home));
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
    return result(builder.start(), "the job with " + executors + " executors");
  }

  /** The most that two processes can gain over one. */
  private static double ceiling() throws IOException, InterruptedException {
    List<String> options =
        List.of("--add-modules=jdk.incubator.vector", "-Xmx1g", "-Dpin=" + OneCore.WANTED);
    String batch = "" + BATCH / SHARDS;
    String slot = "" + (Alone.slot() + 1);
    Process beside = java(options, Alone.class, batch, slot, "beside").start();
    try {
      Process steady = java(options, Alone.class, batch, slot, "steady").start();
      String[] words = result(steady, "training alone").split("\t");
      return 2 * Double.parseDouble(words[0]) / Double.parseDouble(words[1]);
    } finally {
      beside.destroyForcibly().waitFor();
    }
  }

  private static ProcessBuilder java(List<String> options, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", classPath(), main.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
  }

  /** What a process prints behind the word result. */
  private static String result(Process process, String what)
      throws IOException, InterruptedException {
    String result = null;
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        result = line.startsWith("result\t") ? line.substring("result\t".length()) : result;
      }
    }
    if (process.waitFor() != 0 || result == null) {
      throw new IOException("benchmark: " + what + " failed");
    }
    return result;
  }

  /** With absolute names, as executors work in other directories. */
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
    Meter meter = new Meter();
    var result =
        TrainingJob.builder(spark)
            .model(ResNet18::new)
            .loss((net, batch) -> crossEntropy(net.call(batch.input("x")), batch.input("y")))
            .optimizer(parameters -> new SGD(parameters, 1e-3))
            .data(rows(spark), column("x", DType.UINT8, 3, 32, 32), column("y", DType.INT64))
            .globalBatch(BATCH)
            .shards(SHARDS)
            .epochs(1)
            .seed(1)
            .executors(executors)
            .listener(meter)
            .build()
            .run();
    System.out.printf(
        Locale.ROOT,
        "result\t%.4f\t%.5f\t%s%n",
        meter.samplesPerSecond(),
        meter.waitShare(),
        result.weightsSha256());
    spark.stop();
  }

  private static Dataset<Row> rows(SparkSession spark) {
    Random random = new Random(1);
    List<Row> rows = new ArrayList<>();
    for (int row = 0; row < BATCH * STEPS; row++) {
      byte[] pixels = new byte[ResNet18.PIXELS];
      random.nextBytes(pixels);
      rows.add(RowFactory.create(pixels, (long) random.nextInt(10)));
    }
    return spark.createDataFrame(
        rows, new StructType().add("x", DataTypes.BinaryType).add("y", DataTypes.LongType));
  }

  /** Times the steps after the warm-up by the clock of the driver. */
  private static final class Meter implements TrainingListener {
    private long start;
    private long end;
    private long first;
    private long last;
    private double waited;

    @Override
    public synchronized void step(Progress progress) {
      if (progress.step() <= WARM_UP) {
        start = System.nanoTime();
        first = progress.step();
        return;
      }
      end = System.nanoTime();
      last = progress.step();
      waited += progress.allReduceShare();
    }

    synchronized double samplesPerSecond() {
      return (last - first) * BATCH * 1e9 / (end - start);
    }

    synchronized double waitShare() {
      return waited / (last - first);
    }
  }
}
