package dev.bellows.spark.checkpoint;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * Names the run that wrote a checkpoint and the runs that it continues. Of two runs in one
 * directory, the one of the higher term is the later one.
 *
 * @param run name of the run, eight hexadecimal digits; empty: a release that did not name runs
 * @param term number of the run's lease of the directory, from 1; 0: none
 * @param ancestors the runs whose state it continues, oldest first, each up to a step
 */
public record Lineage(String run, long term, List<Ancestor> ancestors) implements Serializable {
  /** Checkpoints of releases that did not name runs. */
  static final Lineage UNNAMED = new Lineage("", 0, List.of());

  /**
   * A run that another one continues.
   *
   * @param run its name
   * @param step of the checkpoint that was continued; later ones do not belong to the lineage
   * @param laterStay whether its later checkpoints, which were passed over on purpose, stay
   */
  public record Ancestor(String run, long step, boolean laterStay) implements Serializable {}

  /** Copies the list. */
  public Lineage {
    run = run == null ? "" : run;
    ancestors = ancestors == null ? List.of() : List.copyOf(ancestors);
  }

  /** Returns a new name for a run. */
  public static String newRun(RandomGenerator random) {
    return String.format(Locale.ROOT, "%08x", random.nextInt());
  }

  /** Creates the lineage of a run that starts from the initial weights. */
  static Lineage of(String run, long term) {
    return new Lineage(run, term, List.of());
  }

  /** Returns the lineage of this run after it continued from a checkpoint. */
  Lineage from(CheckpointManifest checkpoint, boolean laterStay) {
    List<Ancestor> all = new ArrayList<>(checkpoint.lineage().ancestors());
    all.add(new Ancestor(checkpoint.lineage().run(), checkpoint.step(), laterStay));
    return new Lineage(run, term, all);
  }

  /** Returns whether this run passed through the state of that run after that step. */
  boolean holds(CheckpointInfo info) {
    return run.equals(info.run())
        || ancestors.stream().anyMatch(a -> a.run().equals(info.run()) && info.step() <= a.step());
  }

  /** Returns whether it belongs to this run or an ancestor, after whichever step. */
  boolean owns(CheckpointInfo info) {
    return run.equals(info.run()) || ancestors.stream().anyMatch(a -> a.run().equals(info.run()));
  }

  /** Returns whether it is later than what this run continued, and stays. */
  boolean leaves(CheckpointInfo info) {
    return ancestors.stream()
        .anyMatch(a -> a.laterStay() && a.run().equals(info.run()) && info.step() > a.step());
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(run.isEmpty() ? "-" : run);
    for (int i = ancestors.size() - 1; i >= 0; i--) {
      Ancestor from = ancestors.get(i);
      text.append(", from ").append(from.run().isEmpty() ? "an older release" : from.run());
      text.append(" at step ").append(from.step());
    }
    return text.toString();
  }
}
