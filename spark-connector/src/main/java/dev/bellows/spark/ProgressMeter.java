package dev.bellows.spark;

import dev.bellows.spark.coordinator.GenerationListener;
import dev.bellows.spark.coordinator.StepSummary;
import java.util.ArrayDeque;

/** Converts step summaries to progress, over all generations of a job. */
final class ProgressMeter implements GenerationListener {
  private static final long WINDOW_NANOS = 5_000_000_000L;

  private final long steps;
  private final long stepsPerEpoch;
  private final TrainingListener listener;
  private final Time time;
  private final ArrayDeque<Mark> window = new ArrayDeque<>();
  private double lastLoss = Double.NaN;
  private long rows;
  private long stepNs;
  private long waitNs;
  private long stragglerNs;

  private record Mark(
      long nanos, long step, long rows, long stepNs, long waitNs, long stragglerNs) {}

  ProgressMeter(long steps, long stepsPerEpoch, TrainingListener listener, Time time) {
    this.time = time;
    this.steps = steps;
    this.stepsPerEpoch = stepsPerEpoch;
    this.listener = listener;
  }

  /** Restarts the measurement of speed at the beginning of a generation. */
  synchronized void restart() {
    window.clear();
  }

  @Override
  public void warned(String message) {
    listener.message(message);
  }

  @Override
  public synchronized void step(StepSummary summary) {
    lastLoss = loss(summary);
    rows += summary.rows();
    stepNs += summary.stepNs();
    waitNs += summary.waitNs();
    var straggler = summary.waitNs() - summary.leastWaitNs();
    stragglerNs += straggler;
    var now = time.nanos();
    if (window.isEmpty()) { // estimates that the first step took as long as this one
      window.add(
          new Mark(
              now - summary.stepNs(),
              summary.step(),
              rows - summary.rows(),
              stepNs - summary.stepNs(),
              waitNs - summary.waitNs(),
              stragglerNs - straggler));
    }
    var done = summary.step() + 1;
    window.add(new Mark(now, done, rows, stepNs, waitNs, stragglerNs));
    while (window.size() > 2 && now - window.peekFirst().nanos() > WINDOW_NANOS) {
      window.removeFirst();
    }
    var first = window.peekFirst();
    var seconds = Math.max(1, now - first.nanos()) / 1e9;
    listener.step(
        new Progress(
            done,
            steps,
            summary.epoch() + 1,
            (steps + stepsPerEpoch - 1) / stepsPerEpoch,
            lastLoss,
            (rows - first.rows()) / seconds,
            share(waitNs - first.waitNs(), stepNs - first.stepNs()),
            share(stragglerNs - first.stragglerNs(), stepNs - first.stepNs()),
            (steps - done) * seconds / Math.max(1, done - first.step()),
            done % stepsPerEpoch == 0));
  }

  /** Returns the mean loss over the step's rows, summed from the first shard to the last. */
  static double loss(StepSummary summary) {
    double sum = 0;
    for (int shard = 0; shard < summary.shardLoss().length; shard++) {
      if (summary.shardRows()[shard] > 0) {
        sum += summary.shardLoss()[shard] * summary.shardRows()[shard];
      }
    }
    return sum / summary.rows();
  }

  private static double share(long part, long whole) {
    return whole <= 0 ? 0 : Math.min(1, (double) part / whole);
  }

  @Override
  public void evaluated(long stepsDone, double metric) {
    listener.evaluated(stepsDone, metric);
  }

  synchronized double lastLoss() {
    return lastLoss;
  }

  synchronized double samplesPerSecond() {
    return stepNs == 0 ? 0 : rows / (stepNs / 1e9);
  }

  synchronized double waitShare() {
    return share(waitNs, stepNs);
  }

  synchronized double stragglerShare() {
    return share(stragglerNs, stepNs);
  }
}
