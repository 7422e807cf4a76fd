package dev.bellows.spark.coordinator;

import static dev.bellows.errors.Messages.message;

import dev.bellows.proto.coordinator.Report;
import dev.bellows.spark.BellowsException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Collects the ranks' reports until a step is complete, and returns complete steps in order. */
final class StepReports {
  private final int shards;
  private final TreeMap<Long, Map<Member, Report>> pending = new TreeMap<>();
  private List<Member> ranks = List.of();
  private long next;

  StepReports(int shards, long first) {
    this.shards = shards;
    this.next = first;
  }

  /** Expects the reports of these ranks, of the next step and those after it. */
  void expect(List<Member> members) {
    ranks = List.copyOf(members);
    pending.clear(); // a rank that is lost may have reported a step that the others drop
  }

  /** Returns the first step that is not complete. */
  long next() {
    return next;
  }

  void add(Member member, Report report) {
    if (report.getStep() < next) {
      throw BellowsException.fatal(
          message(
              "train: each rank must report each step once; rank %s reported step %s again, step %s"
                  + " is next",
              member.rank(), report.getStep(), next));
    }
    pending.computeIfAbsent(report.getStep(), s -> new LinkedHashMap<>()).put(member, report);
  }

  /** Returns the reports of the next step, or null while some are missing. */
  Collection<Report> poll() {
    return missing().isEmpty() ? take() : null;
  }

  /**
   * Returns the reports of the next step if it is before {@code done}, else null: some ranks have
   * completed it, and what those that are lost would have reported will not come.
   */
  Collection<Report> pollUntil(long done) {
    return next < done ? take() : null;
  }

  private Collection<Report> take() {
    var reports = pending.remove(next++);
    return reports == null ? List.of() : reports.values();
  }

  /** Returns the ranks that have not reported the next step. */
  List<Member> missing() {
    var reports = pending.getOrDefault(next, Map.of());
    var members = new ArrayList<>(ranks);
    members.removeAll(reports.keySet());
    return members;
  }

  StepSummary summary(Collection<Report> reports) {
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
    var first = reports.iterator().next();
    return new StepSummary(
        first.getStep(),
        first.getEpoch(),
        loss,
        rows,
        total,
        first.getGradNorm(),
        wait / reports.size(),
        leastWait,
        longest);
  }
}
