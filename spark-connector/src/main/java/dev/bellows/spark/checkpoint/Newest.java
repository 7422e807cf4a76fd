package dev.bellows.spark.checkpoint;

import java.util.List;
import java.util.Locale;

/**
 * Holds the newest checkpoint whose files are all intact.
 *
 * @param manifest null: there is none
 * @param passed newer attempts that cannot be used, newest first
 */
public record Newest(CheckpointManifest manifest, List<Passed> passed) {
  /** Copies the list. */
  public Newest {
    passed = List.copyOf(passed);
  }

  /**
   * Describes an attempt that cannot be used.
   *
   * @param name of its directory
   * @param step it was begun for
   * @param incomplete whether it has no manifest: never committed, as far as can be seen
   * @param reason what is wrong with it, with the name of the file
   */
  public record Passed(String name, long step, boolean incomplete, String reason) {
    static Passed incomplete(CheckpointInfo info) {
      return new Passed(info.name(), info.step(), true, "there is no " + CheckpointManifest.FILE);
    }

    static Passed damaged(CheckpointInfo info, FileCheck file) {
      return new Passed(info.name(), info.step(), false, file.name() + ": " + file.problem());
    }

    /** Returns a message for the user. */
    public String warning() {
      return String.format(
          Locale.ROOT,
          incomplete
              ? "checkpoint: %s of step %d is not complete and passed over; %s: its writing did not"
                  + " end, or the file was removed"
              : "checkpoint: %s of step %d is damaged and passed over; %s",
          name,
          step,
          reason);
    }
  }
}
