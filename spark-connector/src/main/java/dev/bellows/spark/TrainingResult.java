package dev.bellows.spark;

import static dev.bellows.errors.Messages.message;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Result of a training job.
 *
 * @param modelFile URI of the trained weights (safetensors, PyTorch's keys); for a job without any
 *     directory a temporary file, deleted when this JVM exits
 * @param weightsSha256 of the trained weights, see {@link WeightsHash}
 * @param steps number of steps of the whole training, including those before a resume
 * @param epochs number of epochs, begun ones included
 * @param modelStep number of steps after which the weights were those of the result: less than
 *     {@code steps} if early stopping took the best ones
 * @param evaluations results of the evaluations after epochs, including those before a resume
 * @param finalLoss mean loss of the last step's rows; NaN if this run did no step
 * @param metric mean of the metric over the evaluation rows, if there are any
 * @param checkpoint URI of the newest checkpoint's directory, if checkpoints are enabled
 * @param startStep the step this run started from; 0 unless resumed
 * @param restarts how often training restarted after workers were lost
 * @param executors number of executors at the end
 * @param seconds of this run, from the first worker's start to the last one's end
 * @param samplesPerSecond rows trained in this run for each second spent in steps
 * @param allReduceShare part of the steps' time spent waiting for gradients, 0 to 1
 * @param stragglerShare part of the steps' time spent waiting for slower ranks, 0 to {@code
 *     allReduceShare}: the mean wait over the ranks without the least wait of any, step by step
 */
public record TrainingResult(
    String modelFile,
    String weightsSha256,
    long steps,
    long epochs,
    long modelStep,
    List<Evaluations.Result> evaluations,
    double finalLoss,
    OptionalDouble metric,
    Optional<String> checkpoint,
    long startStep,
    int restarts,
    int executors,
    double seconds,
    double samplesPerSecond,
    double allReduceShare,
    double stragglerShare) {

  /** Returns {@link #modelFile} as a URI. */
  public URI modelUri() {
    return uri(modelFile);
  }

  /**
   * Returns {@link #modelFile} as a local path.
   *
   * @throws IllegalStateException if the file is on another file system; its URI is named
   */
  public Path modelPath() {
    return local("modelPath", modelFile);
  }

  /** Returns {@link #checkpoint} as a URI. */
  public Optional<URI> checkpointUri() {
    return checkpoint.map(TrainingResult::uri);
  }

  /**
   * Returns the directory of {@link #checkpoint} as a local path.
   *
   * @throws IllegalStateException if it is on another file system; its URI is named
   */
  public Optional<Path> checkpointPath() {
    return checkpoint.map(directory -> local("checkpointPath", directory));
  }

  /** Parses a URI in which Hadoop left characters unescaped that a URI must escape. */
  private static URI uri(String text) {
    return new org.apache.hadoop.fs.Path(text).toUri();
  }

  private static Path local(String operation, String uri) {
    var place = uri(uri);
    if (!"file".equals(place.getScheme())) {
      throw new IllegalStateException(
          message(
              "%s: must be a file of this machine; got %s. Read it through Hadoop's FileSystem, or"
                  + " copy it first",
              operation, uri));
    }
    return Path.of(place.getPath());
  }
}
