package dev.bellows.spark.checkpoint;

/**
 * The verdict on one file of a checkpoint.
 *
 * @param name file name in the checkpoint's directory
 * @param bytes the length it should have; for the manifest, the length it has
 * @param problem what is wrong with it, or null
 */
public record FileCheck(String name, long bytes, String problem) {
  /** Whether the file is as it was written. */
  public boolean ok() {
    return problem == null;
  }
}
