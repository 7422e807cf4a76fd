package dev.bellows.benchmarks.allreduce;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Compares all-reduce of FLOAT32 over loopback with 2 and 4 processes, all sides alternating in one
 * run: Bellows, Bellows with TLS, Open MPI over TCP and through shared memory, Gloo, and the floor.
 * A side whose tools are missing (mpicc, mpirun; python3 with torch) is skipped with a message.
 * Prints for each size {@code allreduce.RANKSxSIZE, ours_ms, peer_ms, ratio} with the better of
 * Open MPI over TCP and Gloo as the peer, then all sides. Figures are medians over rounds of the
 * median batch.
 */
public final class AllReduceSideBySide {
  private static final int ROUNDS = Integer.getInteger("rounds", 5);
  private static final double SECONDS = Double.parseDouble(System.getProperty("seconds", "1"));
  private static final Map<String, Integer> SIZES = new LinkedHashMap<>();

  static {
    SIZES.put("4KiB", 4 << 10);
    SIZES.put("256KiB", 256 << 10);
    SIZES.put("1MiB", 1 << 20);
    SIZES.put("25MiB", 25 << 20);
    SIZES.put("100MiB", 100 << 20);
  }

  private final Path directory;
  private final Map<String, Map<Integer, List<Double>>> results = new LinkedHashMap<>();

  private AllReduceSideBySide(Path directory) {
    this.directory = directory;
  }

  /** Runs all sides with the given numbers of ranks, by default 2 and 4. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("bellows-allreduce");
    System.out.println(
        "case\tours_ms\tpeer_ms\tratio\tpeer\tours_tls_ms\tmpi_tcp_ms\tmpi_shm_ms\tgloo_ms"
            + "\tfloor_ms\tfloor_share\tours_GB/s");
    for (String ranks : args.length == 0 ? new String[] {"2", "4"} : args) {
      new AllReduceSideBySide(directory).compare(Integer.parseInt(ranks));
    }
  }

  private void compare(int ranks) throws IOException, InterruptedException {
    boolean mpi = compileMpi();
    boolean gloo = hasTorch();
    Path store = keyStore();
    for (int round = 0; round < ROUNDS; round++) {
      java("ours", Rank.class, ranks, "-");
      java("ours_tls", Rank.class, ranks, store.toString());
      java("floor", Floor.class, ranks, "-");
      if (mpi) {
        mpi("mpi_tcp", ranks, "self,tcp");
        mpi("mpi_shm", ranks, "self,vader");
      }
      if (gloo) {
        gloo(ranks);
      }
    }
    SIZES.forEach((name, bytes) -> report(ranks, name, bytes));
  }

  private void report(int ranks, String name, int bytes) {
    double ours = median("ours", bytes);
    double mpi = median("mpi_tcp", bytes);
    double gloo = median("gloo", bytes);
    boolean mpiIsBetter = Double.isNaN(gloo) || mpi <= gloo;
    double peer = mpiIsBetter ? mpi : gloo;
    double floor = median("floor", bytes);
    System.out.printf(
        Locale.ROOT,
        "allreduce.%dx%s\t%.4f\t%.4f\t%.3f\t%s\t%.4f\t%.4f\t%.4f\t%.4f\t%.4f\t%.2f\t%.2f%n",
        ranks,
        name,
        ours,
        peer,
        ours / peer,
        Double.isNaN(peer) ? "none" : mpiIsBetter ? "mpi_tcp" : "gloo",
        median("ours_tls", bytes),
        mpi,
        median("mpi_shm", bytes),
        gloo,
        floor,
        floor / ours,
        bytes / ours / 1e6);
  }

  private double median(String side, int bytes) {
    List<Double> all = results.getOrDefault(side, Map.of()).getOrDefault(bytes, List.of());
    double[] sorted = all.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
  }

  private void java(String side, Class<?> main, int ranks, String store) throws IOException {
    List<Process> processes = new ArrayList<>();
    List<BufferedReader> outputs = new ArrayList<>();
    StringBuilder ports = new StringBuilder();
    try {
      for (int rank = 0; rank < ranks; rank++) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx1g", "-XX:MaxDirectMemorySize=2g"));
        command.addAll(List.of("-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
        command.add(main.getName());
        command.addAll(List.of("" + rank, "" + ranks, "" + SECONDS, store));
        SIZES.values().forEach(bytes -> command.add(bytes.toString()));
        Process process = start(command);
        processes.add(process);
        outputs.add(reader(process));
      }
      for (BufferedReader output : outputs) {
        ports.append(ports.length() == 0 ? "" : " ").append(output.readLine());
      }
      byte[] line = (ports + "\n").getBytes(StandardCharsets.UTF_8);
      for (Process process : processes) {
        OutputStream in = process.getOutputStream();
        in.write(line);
        in.flush();
      }
      collect(side, outputs.get(0));
    } finally {
      processes.forEach(AllReduceSideBySide::end);
    }
  }

  private void mpi(String side, int ranks, String transport) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of("mpirun", "--allow-run-as-root", "--oversubscribe", "-n", "" + ranks));
    command.addAll(List.of("--mca", "pml", "ob1", "--mca", "btl", transport));
    command.addAll(List.of("--mca", "btl_tcp_if_include", "lo"));
    command.addAll(List.of(directory.resolve("mpi").toString(), "" + SECONDS));
    SIZES.values().forEach(bytes -> command.add(bytes.toString()));
    Process process = start(command);
    try {
      collect(side, reader(process));
    } finally {
      end(process);
    }
  }

  private void gloo(int ranks) throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    List<Process> processes = new ArrayList<>();
    try {
      for (int rank = 0; rank < ranks; rank++) {
        List<String> command = new ArrayList<>(List.of("python3", resource("gloo.py").toString()));
        command.addAll(List.of("" + rank, "" + ranks, "" + port, "" + SECONDS));
        SIZES.values().forEach(bytes -> command.add(bytes.toString()));
        processes.add(start(command));
      }
      collect("gloo", reader(processes.get(0)));
    } finally {
      processes.forEach(AllReduceSideBySide::end);
    }
  }

  private void collect(String side, BufferedReader output) throws IOException {
    for (int i = 0; i < SIZES.size(); i++) {
      String line = output.readLine();
      if (line == null) {
        throw new IOException("benchmark: " + side + " ended early");
      }
      String[] words = line.split("\t");
      results
          .computeIfAbsent(side, s -> new TreeMap<>())
          .computeIfAbsent(Integer.valueOf(words[0]), s -> new ArrayList<>())
          .add(Double.valueOf(words[1]));
    }
  }

  private static Process start(List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().keySet().removeIf(key -> key.startsWith("OPENBLAS_"));
    builder.environment().put("OMP_NUM_THREADS", "1");
    builder.environment().put("GLOO_SOCKET_IFNAME", "lo");
    return builder.start();
  }

  private static BufferedReader reader(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  private static void end(Process process) {
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private Path resource(String name) throws IOException {
    Path file = directory.resolve(name);
    try (InputStream in = getClass().getResourceAsStream("/allreduce/" + name)) {
      Files.write(file, in.readAllBytes());
    }
    return file;
  }

  private boolean compileMpi() throws IOException, InterruptedException {
    Path source = resource("mpi.c");
    return works("mpicc", "-O3", "-o", directory.resolve("mpi").toString(), source.toString())
        && works("mpirun", "--version");
  }

  private static boolean hasTorch() throws IOException, InterruptedException {
    return works("python3", "-c", "import torch.distributed");
  }

  private Path keyStore() throws IOException, InterruptedException {
    Path store = directory.resolve("keys.p12");
    String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    if (!Files.exists(store)) {
      works(
          tool,
          "-genkeypair",
          "-alias",
          "rank",
          "-keyalg",
          "EC",
          "-dname",
          "CN=rank",
          "-storetype",
          "PKCS12",
          "-storepass",
          Rank.PASSWORD,
          "-keystore",
          store.toString());
    }
    return store;
  }

  /** Returns whether a command succeeds; prints the command if it does not. */
  private static boolean works(String... command) throws IOException, InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (process.waitFor() == 0) {
        return true;
      }
    } catch (IOException e) {
      // reported below
    }
    System.err.println("left out: " + Arrays.toString(command) + " does not work here");
    return false;
  }
}
