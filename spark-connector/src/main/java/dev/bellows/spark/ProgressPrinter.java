package dev.bellows.spark;

import java.io.PrintStream;
import java.util.Locale;

/**
 * Prints progress: on a terminal, one line that is updated in place, else one line every two
 * seconds and at the end of each epoch.
 */
public final class ProgressPrinter implements TrainingListener {
  private static final long TERMINAL_NANOS = 200_000_000L;
  private static final long PLAIN_NANOS = 2_000_000_000L;

  private final PrintStream out;
  private final boolean terminal;
  private final int columns;
  private long lastNanos = System.nanoTime() - PLAIN_NANOS;
  private int width;

  /**
   * Creates a printer.
   *
   * @param terminal whether {@code out} is a terminal
   */
  public ProgressPrinter(PrintStream out, boolean terminal) {
    this(out, terminal, 80);
  }

  ProgressPrinter(PrintStream out, boolean terminal, int columns) {
    this.out = out;
    this.terminal = terminal;
    this.columns = columns;
  }

  /** Returns a printer to standard output. */
  public static ProgressPrinter standard() {
    var columns = String.valueOf(System.getenv("COLUMNS"));
    return new ProgressPrinter(
        System.out,
        System.console() != null,
        columns.matches("[1-9]\\d{1,3}") ? Integer.parseInt(columns) : 80);
  }

  @Override
  public synchronized void step(Progress progress) {
    var now = System.nanoTime();
    var last = progress.step() == progress.steps();
    if (now - lastNanos < (terminal ? TERMINAL_NANOS : PLAIN_NANOS)
        && !last
        && !progress.endOfEpoch()) {
      return;
    }
    lastNanos = now;
    var line = line(progress);
    if (terminal && line.length() >= columns) {
      line = line.substring(0, columns - 1);
    }
    if (!terminal) {
      out.println(line);
    } else {
      out.print('\r' + pad(line));
      width = line.length();
      if (last) {
        out.println();
        width = 0;
      }
    }
    out.flush();
  }

  static String line(Progress p) {
    return String.format(
        Locale.ROOT,
        "epoch %d/%d  step %d/%d  loss %.4f  %.0f samples/s  all-reduce %.0f%%  eta %s",
        p.epoch(),
        p.epochs(),
        p.step(),
        p.steps(),
        p.loss(),
        p.samplesPerSecond(),
        100 * p.allReduceShare(),
        duration(p.etaSeconds()));
  }

  private static String duration(double seconds) {
    if (!(seconds < 360_000)) {
      return "-";
    }
    var s = Math.round(seconds);
    return s < 60
        ? s + "s"
        : s < 3600
            ? String.format(Locale.ROOT, "%dm%02ds", s / 60, s % 60)
            : String.format(Locale.ROOT, "%dh%02dm", s / 3600, s / 60 % 60);
  }

  @Override
  public synchronized void evaluated(long step, double metric) {
    plain(String.format(Locale.ROOT, "step %d  evaluation %.4f", step, metric));
  }

  @Override
  public synchronized void message(String line) {
    plain(line);
  }

  @Override
  public synchronized void ended() {
    if (width > 0) {
      out.println();
      width = 0;
      out.flush();
    }
  }

  private void plain(String line) {
    out.println(width > 0 ? '\r' + pad(line) : line);
    width = 0;
    out.flush();
  }

  private String pad(String line) {
    return line + " ".repeat(Math.max(0, width - line.length()));
  }
}
