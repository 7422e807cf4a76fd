package dev.bellows.benchmarks.job;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A job in a separate process that is paused, with all its executors, except during its turns. Only
 * that time counts. It prints {@code step, number, share of waiting, share of waiting for the
 * slower one} for each step, and finally {@code weights, hash}.
 */
final class Turns implements AutoCloseable {
  private final Process process;
  private final Thread reader;
  private final double[] secondsAt;
  private final double[] waitShares;
  private final double[] stragglerShares;
  private int steps;
  private boolean restarted;
  private String weights;
  private boolean working;
  private long worked;
  private long begin;

  Turns(ProcessBuilder job, int steps) throws IOException {
    this.secondsAt = new double[steps + 1];
    this.waitShares = new double[steps + 1];
    this.stragglerShares = new double[steps + 1];
    begin();
    this.process = job.start();
    this.reader = new Thread(this::read, "turns");
    reader.setDaemon(true);
    reader.start();
    signal("-STOP");
    end();
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        hear(line.split("\t"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized void hear(String[] words) {
    if (words[0].equals("step")) {
      int step = Integer.parseInt(words[1]);
      restarted |= step != steps + 1;
      steps = step;
      secondsAt[steps] = (working ? worked + System.nanoTime() - begin : worked) / 1e9;
      waitShares[steps] = Double.parseDouble(words[2]);
      stragglerShares[steps] = Double.parseDouble(words[3]);
    } else if (words[0].equals("weights")) {
      weights = words[1];
    }
  }

  /** Returns the number of completed steps. */
  synchronized int steps() {
    return steps;
  }

  /** Lets the job run for a while. */
  void work(long millis) throws IOException, InterruptedException {
    if (!process.isAlive()) {
      throw new IOException("benchmark: a job ended after " + steps() + " steps");
    }
    begin();
    signal("-CONT");
    Thread.sleep(millis);
    signal("-STOP");
    end();
  }

  private synchronized void begin() {
    working = true;
    begin = System.nanoTime();
  }

  private synchronized void end() {
    worked += System.nanoTime() - begin;
    working = false;
  }

  /** Moves the job's only executor to a processor. */
  void moveTo(int processor) {
    processes()
        .filter(one -> one.info().commandLine().orElse("").contains("ExecutorBackend"))
        .forEach(one -> OneCore.pin(one, processor));
  }

  void workToTheEnd() throws IOException, InterruptedException {
    begin();
    signal("-CONT");
    int exit = process.waitFor();
    reader.join();
    if (exit != 0 || weights == null || restarted) {
      throw new IOException(
          "benchmark: a job must do each step once; exit code "
              + exit
              + (restarted ? ", executors were lost" : ""));
    }
  }

  /** Returns the hash of the trained weights, once the job has ended. */
  synchronized String weights() {
    return weights;
  }

  /** Returns the time from the end of one step to the end of another. */
  synchronized double seconds(int from, int to) {
    return secondsAt[to] - secondsAt[from];
  }

  /** Returns the mean share of waiting over some steps, excluding the first one. */
  synchronized double waitShare(int from, int to) {
    return Arrays.stream(waitShares, from + 1, to + 1).average().orElseThrow();
  }

  /** Returns the part of that share that is due to the slower executor. */
  synchronized double stragglerShare(int from, int to) {
    return Arrays.stream(stragglerShares, from + 1, to + 1).average().orElseThrow();
  }

  /** Returns the processes of the job and its executors. */
  private Stream<ProcessHandle> processes() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants());
  }

  private void signal(String signal) throws IOException {
    List<String> command = new ArrayList<>(List.of("kill", signal));
    processes().forEach(one -> command.add("" + one.pid()));
    try {
      // The exit code is ignored, as one of the processes may just have ended.
      new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    processes().forEach(ProcessHandle::destroyForcibly);
  }
}
