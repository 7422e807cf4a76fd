package dev.bellows.spark.checkpoint;

/**
 * Holds the result of verifying one file of a checkpoint.
 *
 * @param name file name in the checkpoint's directory
 * @param bytes the length it should have; for the manifest, the length it has
 * @param problem what is wrong with it, or null
 */
public record FileCheck(String name, long bytes, String problem) {
  /** Returns whether the file is intact. */
  public boolean ok() {
    return problem == null;
  }
}
