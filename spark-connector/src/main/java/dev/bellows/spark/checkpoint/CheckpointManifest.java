package dev.bellows.spark.checkpoint;

import dev.bellows.spark.EvaluatedWith;
import dev.bellows.spark.Evaluations;
import dev.bellows.tensor.Tensor;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Lists the files of a checkpoint and holds the state of a run apart from tensors. A checkpoint
 * exists once its manifest does. Stored as JSON with a checksum over itself.
 *
 * @param formatVersion version of the layout, {@value #FORMAT_VERSION}
 * @param name name of the checkpoint's directory
 * @param step steps done since the start of training
 * @param epoch passes over the data done
 * @param cursor position within the epoch, in rows
 * @param seed seed of the run
 * @param shards logical shards S of the run
 * @param globalBatch rows per step
 * @param worldSize workers at the time of saving
 * @param rows rows of the data
 * @param snapshotDirectory where the data lay
 * @param snapshotFingerprint fingerprint of the data
 * @param modelClass class of the model, for people
 * @param modelHash {@link #hashModel} of its state
 * @param optimizer name of the optimizer
 * @param optimizerValues its state apart from tensors, numbers as text
 * @param lr learning rate of the next step
 * @param createdAt when it was committed, ISO 8601 in UTC
 * @param files the part files, all of them
 * @param lineage the run that wrote it and those before; of older releases the unnamed run
 * @param evaluations the results of all evaluations up to the step
 * @param bestStep steps done before the best weights that it holds; 0: it holds none
 * @param average the average of the weights that it holds, such as {@code ema(0.999)}; empty: none
 * @param evaluatedWith what the evaluations are of; of older releases unknown
 */
public record CheckpointManifest(
    int formatVersion,
    String name,
    long step,
    long epoch,
    long cursor,
    long seed,
    int shards,
    int globalBatch,
    int worldSize,
    long rows,
    String snapshotDirectory,
    String snapshotFingerprint,
    String modelClass,
    String modelHash,
    String optimizer,
    Map<String, String> optimizerValues,
    double lr,
    String createdAt,
    List<PartInfo> files,
    Lineage lineage,
    List<Evaluations.Result> evaluations,
    long bestStep,
    String average,
    EvaluatedWith evaluatedWith)
    implements Serializable {
  /** The version this code writes and reads. */
  public static final int FORMAT_VERSION = 1;

  /** File name of the manifest. */
  public static final String FILE = "manifest.json";

  /** Copies map and lists. */
  public CheckpointManifest {
    lineage = lineage == null ? Lineage.UNNAMED : lineage;
    optimizerValues =
        Collections.unmodifiableMap(
            new LinkedHashMap<>(optimizerValues == null ? Map.of() : optimizerValues));
    files = files == null ? List.of() : List.copyOf(files);
    evaluations = evaluations == null ? List.of() : List.copyOf(evaluations);
    average = average == null ? "" : average;
    evaluatedWith = evaluatedWith == null ? EvaluatedWith.UNKNOWN : evaluatedWith;
  }

  /** Starts a manifest; what is not set is 0, empty or null. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder with these values. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Returns the bytes of all part files. */
  public long bytes() {
    return files.stream().mapToLong(PartInfo::bytes).sum();
  }

  /** Returns the result of the evaluation of exactly this state, if there was one. */
  public OptionalDouble metric() {
    return evaluations.stream()
        .filter(result -> result.step() == step)
        .mapToDouble(Evaluations.Result::metric)
        .findFirst();
  }

  /**
   * Returns a hash of the names, types and shapes of a model's state, in order: 32 hexadecimal
   * digits.
   */
  public static String hashModel(Map<String, Tensor> state) {
    StringBuilder text = new StringBuilder();
    state.forEach(
        (key, tensor) ->
            text.append(key)
                .append(' ')
                .append(tensor.dtype())
                .append(Arrays.toString(tensor.shape()))
                .append('\n'));
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(text.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every Java platform", e);
    }
  }

  /** Sets the parts of a manifest one by one. */
  public static final class Builder {
    private String name;
    private long step;
    private long epoch;
    private long cursor;
    private long seed;
    private int shards;
    private int globalBatch;
    private int worldSize;
    private long rows;
    private String snapshotDirectory;
    private String snapshotFingerprint;
    private String modelClass;
    private String modelHash;
    private String optimizer;
    private Map<String, String> optimizerValues = Map.of();
    private double lr;
    private String createdAt;
    private List<PartInfo> files = List.of();
    private Lineage lineage;
    private List<Evaluations.Result> evaluations = List.of();
    private long bestStep;
    private String average;
    private EvaluatedWith evaluatedWith;

    private Builder() {}

    private Builder(CheckpointManifest from) {
      name = from.name;
      step = from.step;
      epoch = from.epoch;
      cursor = from.cursor;
      seed = from.seed;
      shards = from.shards;
      globalBatch = from.globalBatch;
      worldSize = from.worldSize;
      rows = from.rows;
      snapshotDirectory = from.snapshotDirectory;
      snapshotFingerprint = from.snapshotFingerprint;
      modelClass = from.modelClass;
      modelHash = from.modelHash;
      optimizer = from.optimizer;
      optimizerValues = from.optimizerValues;
      lr = from.lr;
      createdAt = from.createdAt;
      files = from.files;
      lineage = from.lineage;
      evaluations = from.evaluations;
      bestStep = from.bestStep;
      average = from.average;
      evaluatedWith = from.evaluatedWith;
    }

    /** Sets the name of the directory; {@link CheckpointStore#commit} does. */
    Builder name(String value) {
      name = value;
      return this;
    }

    /** Steps done. */
    public Builder step(long value) {
      step = value;
      return this;
    }

    /** Sets the position in the data: epochs done, and rows of the current one. */
    public Builder position(long epochs, long rowCursor) {
      epoch = epochs;
      cursor = rowCursor;
      return this;
    }

    /** Sets what determines the run's bits: seed, logical shards, rows per step. */
    public Builder run(long runSeed, int logicalShards, int rowsPerStep) {
      seed = runSeed;
      shards = logicalShards;
      globalBatch = rowsPerStep;
      return this;
    }

    /** Workers now. */
    public Builder worldSize(int value) {
      worldSize = value;
      return this;
    }

    /** Sets the data. */
    public Builder snapshot(String directory, String fingerprint, long rowCount) {
      snapshotDirectory = directory;
      snapshotFingerprint = fingerprint;
      rows = rowCount;
      return this;
    }

    /** Sets the model's class and {@link CheckpointManifest#hashModel}. */
    public Builder model(String className, String hash) {
      modelClass = className;
      modelHash = hash;
      return this;
    }

    /**
     * Sets the optimizer's name, its state apart from tensors, and the next step's learning rate.
     */
    public Builder optimizer(String optimizerName, Map<String, String> values, double rate) {
      optimizer = optimizerName;
      optimizerValues = values;
      lr = rate;
      return this;
    }

    /** Sets the time; {@link CheckpointStore#commit} does. */
    Builder createdAt(String value) {
      createdAt = value;
      return this;
    }

    /** Sets the run; {@link CheckpointStore#commit} does. */
    Builder lineage(Lineage value) {
      lineage = value;
      return this;
    }

    /** Sets the files that the workers wrote. */
    public Builder files(List<PartInfo> value) {
      files = value;
      return this;
    }

    /** Sets the results of all evaluations, and the step of the best weights; 0: none. */
    public Builder evaluations(List<Evaluations.Result> results, long stepOfBest) {
      evaluations = results;
      bestStep = stepOfBest;
      return this;
    }

    /** Sets the average of the weights; empty: none. */
    public Builder average(String value) {
      average = value;
      return this;
    }

    /** Sets what the evaluations are of. */
    public Builder evaluatedWith(EvaluatedWith value) {
      evaluatedWith = value;
      return this;
    }

    /** Creates the manifest. */
    public CheckpointManifest build() {
      return new CheckpointManifest(
          FORMAT_VERSION,
          name,
          step,
          epoch,
          cursor,
          seed,
          shards,
          globalBatch,
          worldSize,
          rows,
          snapshotDirectory,
          snapshotFingerprint,
          modelClass,
          modelHash,
          optimizer,
          optimizerValues,
          lr,
          createdAt,
          files,
          lineage,
          evaluations,
          bestStep,
          average,
          evaluatedWith);
    }
  }
}
