package dev.bellows.spark.coordinator;

import static dev.bellows.errors.Messages.message;

import dev.bellows.proto.coordinator.Report;
import dev.bellows.spark.BellowsException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/** Collects the ranks' reports until a step is complete, and returns complete steps in order. */
final class StepReports {
  private final int worldSize;
  private final int shards;
  private final TreeMap<Long, Report[]> pending = new TreeMap<>();
  private long next;

  StepReports(int worldSize, int shards, long first) {
    this.worldSize = worldSize;
    this.shards = shards;
    this.next = first;
  }

  /** Returns the first step that is not complete. */
  long next() {
    return next;
  }

  void add(int rank, Report report) {
    if (report.getStep() < next) {
      throw BellowsException.fatal(
          message(
              "train: each rank must report each step once; rank %s reported step %s again, step %s"
                  + " is next",
              rank, report.getStep(), next));
    }
    pending.computeIfAbsent(report.getStep(), s -> new Report[worldSize])[rank] = report;
  }

  /** Returns the reports of the next step by rank, or null while some are missing. */
  Report[] poll() {
    var reports = pending.get(next);
    if (reports == null || Arrays.asList(reports).contains(null)) {
      return null;
    }
    pending.remove(next++);
    return reports;
  }

  /** Returns the ranks that have not reported the next step. */
  List<Integer> missing() {
    var reports = pending.getOrDefault(next, new Report[worldSize]);
    var ranks = new ArrayList<Integer>();
    for (int rank = 0; rank < worldSize; rank++) {
      if (reports[rank] == null) {
        ranks.add(rank);
      }
    }
    return ranks;
  }

  StepSummary summary(Report[] reports) {
    var loss = new double[shards];
    var rows = new long[shards];
    Arrays.fill(loss, Double.NaN);
    long total = 0;
    long wait = 0;
    long leastWait = Long.MAX_VALUE;
    long longest = 0;
    for (var report : reports) {
      for (int i = 0; i < report.getShardLossCount(); i++) {
        var shard = report.getFirstShard() + i;
        loss[shard] = report.getShardLoss(i);
        rows[shard] = report.getShardRows(i);
        total += rows[shard];
      }
      wait += report.getWaitNs();
      leastWait = Math.min(leastWait, report.getWaitNs());
      longest = Math.max(longest, report.getStepNs());
    }
    return new StepSummary(
        reports[0].getStep(),
        reports[0].getEpoch(),
        loss,
        rows,
        total,
        reports[0].getGradNorm(),
        wait / reports.length,
        leastWait,
        longest);
  }
}
