package dev.bellows.benchmarks.gpu;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** PyTorch in a separate process, which waits while Bellows is measured. */
final class GpuPeer implements AutoCloseable {
  private final Process process;
  private final BufferedReader answers;
  private final PrintStream requests;
  private final String name;

  GpuPeer(String python, Path script, boolean cpu) throws IOException {
    process =
        new ProcessBuilder(python, script.toString(), cpu ? "cpu" : "cuda")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    requests = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    name = answer("start");
  }

  /** Returns the name of the peer, for example {@code torch 2.10 on NVIDIA H100}. */
  String name() {
    return name;
  }

  /** Returns the milliseconds of one run, and of one as a graph; NaN if not measured. */
  double[] measure(GpuCase c, double seconds, int rounds) throws IOException {
    requests.println(seconds + " " + rounds + " " + c.request());
    String[] words = answer(c.name()).split(" ", -1);
    return new double[] {Double.parseDouble(words[0]), Double.parseDouble(words[1])};
  }

  private String answer(String what) throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("gpu benchmark: the peer ended at " + what + "; see its output above");
    }
    return line;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
