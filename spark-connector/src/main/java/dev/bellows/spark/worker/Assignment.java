package dev.bellows.spark.worker;

import dev.bellows.spark.coordinator.CoordinatorAddress;
import java.io.Serializable;
import java.util.Map;

/**
 * Holds what a worker needs to join one generation.
 *
 * @param jobId name of the job
 * @param generation number of the generation
 * @param worldSize number of ranks
 * @param coordinator where the driver listens
 * @param secret of the job
 * @param startStep first step to run
 * @param steps of the whole training: the checkpoint after the last one must be written
 * @param checkpoint committed checkpoint of the state before it; empty: initial weights
 * @param checkpointDirectory null: no checkpoints
 * @param modelFile where rank 0 of the first group writes the trained weights, for the driver to
 *     rename
 * @param hadoop settings of the file systems that differ from their defaults
 */
public record Assignment(
    String jobId,
    int generation,
    int worldSize,
    CoordinatorAddress coordinator,
    byte[] secret,
    long startStep,
    long steps,
    String checkpoint,
    String checkpointDirectory,
    String modelFile,
    Map<String, String> hadoop)
    implements Serializable {
  /**
   * Returns where rank 0 of a group writes the weights: a file for each group, as one that counts
   * as lost may still write.
   */
  public String modelFile(int group) {
    return group == generation ? modelFile : modelFile + "-" + group;
  }
}
