package dev.bellows.spark.checkpoint;

import static dev.bellows.errors.Messages.message;
import static java.lang.Double.NaN;

import dev.bellows.optim.schedule.ReduceLROnPlateau.Mode;
import dev.bellows.serialize.SafeTensors;
import dev.bellows.spark.data.StorageFiles;
import dev.bellows.tensor.Tensor;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Reads and writes the files of a checkpoint directory on any Hadoop file system, whichever run
 * they belong to.
 *
 * <pre>
 * step-000000000120-9f3a11c0-3/          an attempt of run 9f3a11c0, its third, to save step 120
 *   part-00000-of-00002.safetensors      written by the workers, with their CRC-32C
 *   part-00001-of-00002.safetensors
 *   manifest.json                        written last, by the driver; makes it a checkpoint
 * </pre>
 */
public class CheckpointDirectory {
  private static final Pattern NAME =
      Pattern.compile("step-(\\d{12,19})-([0-9a-f]{8})(-\\d{1,9})?");

  private final Path directory;
  private final Configuration hadoop;
  private final PartFiles parts;

  /** The file system of the directory. */
  final FileSystem fs;

  /**
   * Opens a directory, which need not exist.
   *
   * @throws CheckpointException if no file system serves that path
   */
  public CheckpointDirectory(String directory, Configuration hadoop) {
    this.hadoop = hadoop;
    try {
      Path path = new Path(directory);
      this.fs = StorageFiles.fileSystem(path, hadoop);
      this.directory = fs.makeQualified(path);
    } catch (IOException | IllegalArgumentException e) {
      throw CheckpointException.because(
          "directory must be on a known file system; " + directory, e);
    }
    this.parts = new PartFiles(fs);
  }

  /** Returns the directory, with scheme. */
  public String directory() {
    return directory.toString();
  }

  /** Returns whether a directory exists; true also if the storage does not answer. */
  public boolean isThere(String other) {
    try {
      Path path = new Path(other);
      return StorageFiles.fileSystem(path, hadoop).exists(path);
    } catch (IOException | RuntimeException | FSError e) {
      return true;
    }
  }

  /** Returns whether a name is that of an attempt. */
  public static boolean isAttemptName(String name) {
    return NAME.matcher(name).matches();
  }

  /**
   * Writes one part file of an attempt, replacing an existing one, and syncs it to the disk where
   * the file system supports it.
   *
   * @param part number of this part, from 0 to {@code parts - 1}
   * @throws CheckpointException naming the file and the reason, such as a full disk
   */
  public PartInfo writePart(String attempt, int part, int parts, Map<String, Tensor> tensors) {
    return this.parts.write(path(attempt), part, parts, tensors);
  }

  /** Returns all attempts, newest first, including those without a manifest. */
  public List<CheckpointInfo> list() {
    List<CheckpointInfo> found = new ArrayList<>();
    try {
      for (FileStatus entry : fs.listStatus(directory)) {
        Matcher name = NAME.matcher(entry.getPath().getName());
        if (entry.isDirectory() && name.matches()) {
          found.add(info(name.group(), Long.parseLong(name.group(1))));
        }
      }
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException | RuntimeException | FSError e) {
      throw CheckpointException.because("directory must be readable; " + directory, e);
    }
    found.sort(CheckpointInfo.NEWEST_FIRST);
    return found;
  }

  final CheckpointInfo info(String name, long step) {
    try {
      CheckpointManifest manifest =
          ManifestJson.read(StorageFiles.readBytes(fs, manifestPath(name)));
      return new CheckpointInfo(name, manifest.lineage().run(), step, manifest, null);
    } catch (FileNotFoundException e) {
      return new CheckpointInfo(name, runOf(name), step, null, CheckpointInfo.INCOMPLETE);
    } catch (IOException | RuntimeException | FSError e) {
      return new CheckpointInfo(name, runOf(name), step, null, StorageFiles.reason(e));
    }
  }

  /** Returns the run named by an attempt; older releases had random digits in its place. */
  private static String runOf(String name) {
    Matcher parts = NAME.matcher(name);
    return parts.matches() && parts.group(3) != null ? parts.group(2) : "";
  }

  /**
   * Returns the manifest of a checkpoint.
   *
   * @throws CheckpointException if there is none, or it is damaged or of another version
   */
  public CheckpointManifest read(String name) {
    CheckpointInfo info = info(name, 0);
    if (!info.committed()) {
      throw new CheckpointException(
          message(
              "checkpoint: %s must have a whole manifest of version %s; %s",
              path(name), CheckpointManifest.FORMAT_VERSION, info.problem()));
    }
    return info.manifest();
  }

  /** Returns {@link #newest} and reports each newer attempt that cannot be used to {@code warn}. */
  public Optional<CheckpointManifest> latestValid(Consumer<String> warn) {
    Newest newest = newest();
    newest.passed().forEach(passed -> warn.accept(passed.warning()));
    return Optional.ofNullable(newest.manifest());
  }

  /**
   * Returns the newest intact checkpoint of the latest run in this directory, or of the runs that
   * it continues. Reads all files of the checkpoints that it examines.
   */
  public Newest newest() {
    return firstWhole(ofLatestRun());
  }

  /**
   * Returns the intact checkpoint whose state has the best metric, as {@link #newest} returns the
   * newest; of equal ones the earliest.
   *
   * @param better which values of the metric are better
   */
  public Newest best(Mode better) {
    List<CheckpointInfo> all = ofLatestRun();
    List<CheckpointInfo> order = new ArrayList<>(all);
    order.removeIf(info -> info.committed() || info.incomplete()); // damaged manifests are told
    order.addAll(bestFirst(all, better));
    return firstWhole(order);
  }

  /** Returns those whose own state was evaluated, the best first. */
  static List<CheckpointInfo> bestFirst(List<CheckpointInfo> all, Mode better) {
    Comparator<CheckpointInfo> lowest =
        Comparator.comparingDouble(info -> info.manifest().metric().orElseThrow());
    return all.stream()
        .filter(info -> info.committed() && Double.isFinite(info.manifest().metric().orElse(NaN)))
        .sorted(
            (better == Mode.MIN ? lowest : lowest.reversed())
                .thenComparingLong(CheckpointInfo::step))
        .toList();
  }

  private List<CheckpointInfo> ofLatestRun() {
    List<CheckpointInfo> all = list();
    Lineage last =
        all.stream()
            .filter(CheckpointInfo::committed)
            .min(CheckpointInfo.LATEST_RUN_FIRST)
            .map(info -> info.manifest().lineage())
            .orElse(Lineage.UNNAMED);
    // The run of an attempt without a readable manifest is unknown.
    return all.stream().filter(i -> !i.committed() || last.holds(i)).toList();
  }

  /** Returns the first intact checkpoint, and the ones before it that cannot be used. */
  final Newest firstWhole(List<CheckpointInfo> inOrder) {
    List<Newest.Passed> passed = new ArrayList<>();
    for (CheckpointInfo info : inOrder) {
      if (info.incomplete()) {
        passed.add(Newest.Passed.incomplete(info));
        continue;
      }
      Optional<FileCheck> bad = check(info).stream().filter(f -> !f.ok()).findFirst();
      if (bad.isEmpty()) {
        return new Newest(info.manifest(), passed);
      }
      passed.add(Newest.Passed.damaged(info, bad.get()));
    }
    return new Newest(null, passed);
  }

  /**
   * Compares every file of a checkpoint with its manifest; the first result is the manifest's own.
   * Reads all files.
   */
  public List<FileCheck> verify(String name) {
    return check(info(name, 0));
  }

  private List<FileCheck> check(CheckpointInfo info) {
    List<FileCheck> checks = new ArrayList<>();
    long bytes = parts.length(manifestPath(info.name()));
    checks.add(new FileCheck(CheckpointManifest.FILE, bytes, info.problem()));
    if (info.committed()) {
      for (PartInfo file : info.manifest().files()) {
        checks.add(parts.verify(path(info.name()), file));
      }
    }
    return checks;
  }

  /**
   * Returns what is wrong with an attempt, as far as the manifest and the lengths of files show it;
   * contents are not read.
   */
  public Optional<String> problem(CheckpointInfo info) {
    if (!info.committed()) {
      return Optional.of(info.problem());
    }
    return info.manifest().files().stream()
        .flatMap(file -> lengthProblem(info.name(), file).map(p -> file.name() + " " + p).stream())
        .findFirst();
  }

  /**
   * Returns types and shapes of a checkpoint's tensors by part file; the tensors are not read.
   *
   * @throws CheckpointException naming the file that is missing or damaged
   */
  public Map<PartInfo, SafeTensors.Header> headers(CheckpointManifest manifest) {
    Map<PartInfo, SafeTensors.Header> headers = new LinkedHashMap<>();
    for (PartInfo file : manifest.files()) {
      headers.put(file, parts.header(path(manifest.name()), file));
    }
    return headers;
  }

  /**
   * Reads and verifies all tensors of a checkpoint. The caller closes them.
   *
   * @throws CheckpointException naming the file that is missing or damaged
   */
  public Map<String, Tensor> load(CheckpointManifest manifest) {
    Map<String, Tensor> all = new LinkedHashMap<>();
    try {
      for (PartInfo file : manifest.files()) {
        parts
            .read(path(manifest.name()), file)
            .forEach(
                (key, tensor) -> {
                  if (all.putIfAbsent(key, tensor) != null) {
                    tensor.close();
                    throw new CheckpointException(
                        message(
                            "checkpoint: a tensor must be in one part; %s of %s is in %s and"
                                + " another",
                            key, manifest.name(), file.name()));
                  }
                });
      }
      return all;
    } catch (RuntimeException e) {
      all.values().forEach(Tensor::close);
      throw e;
    }
  }

  /** Returns what is wrong with the length of a part file, if anything. */
  final Optional<String> lengthProblem(String attempt, PartInfo file) {
    return parts.lengthProblem(path(attempt), file);
  }

  /** Writes the manifest of an attempt, which makes it a checkpoint. */
  final void publish(CheckpointManifest manifest) throws IOException {
    StorageFiles.publish(fs, manifestPath(manifest.name()), ManifestJson.write(manifest));
  }

  /**
   * Removes an attempt, its manifest first: the rest of an interrupted removal is no checkpoint.
   */
  final void remove(String name) throws IOException {
    fs.delete(manifestPath(name), false);
    fs.delete(path(name), true);
  }

  /** Returns the directory of an attempt. */
  final Path path(String name) {
    return new Path(directory, name);
  }

  /** Returns the path of an attempt's manifest. */
  final Path manifestPath(String name) {
    return new Path(path(name), CheckpointManifest.FILE);
  }
}
