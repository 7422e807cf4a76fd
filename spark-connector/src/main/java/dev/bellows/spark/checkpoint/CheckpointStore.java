package dev.bellows.spark.checkpoint;

import static dev.bellows.errors.Messages.message;

import dev.bellows.serialize.SafeTensors;
import dev.bellows.spark.data.StorageFiles;
import dev.bellows.tensor.Tensor;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The checkpoints of a run in one directory of any Hadoop file system.
 *
 * <pre>
 * step-000000000120-9f3a11c0-3/          an attempt of run 9f3a11c0, its third, to save step 120
 *   part-00000-of-00002.safetensors      written by the workers, CRC-32C taken on the way
 *   part-00001-of-00002.safetensors
 *   manifest.json                        written last, by the driver; makes it a checkpoint
 * </pre>
 *
 * <p>The driver calls {@link #begin}, the workers {@link #writePart}, the driver {@link #commit}
 * and {@link #retain}. Not serializable: driver and workers make their own from the directory's
 * name. One driver at a time may write to a directory; {@link DirectoryLease} sees to it. A run
 * goes on from, counts and removes only the checkpoints of its {@link Lineage}.
 */
public final class CheckpointStore implements CheckpointAttempts {
  private static final Pattern NAME =
      Pattern.compile("step-(\\d{12,19})-([0-9a-f]{8})(-\\d{1,9})?");

  private final Path directory;
  private final Configuration hadoop;
  private final FileSystem fs;
  private final PartFiles parts;
  private final Set<String> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger attempts = new AtomicInteger();
  private final Set<String> committed = new LinkedHashSet<>();
  private volatile Lineage lineage;

  /**
   * Opens a directory, which need not exist, for a run without a lease.
   *
   * @throws CheckpointException if no file system serves that path
   */
  public CheckpointStore(String directory, Configuration hadoop) {
    this(directory, hadoop, randomHex(), 0);
  }

  /**
   * Opens a directory, which need not exist, for a run that holds its lease.
   *
   * @throws CheckpointException if no file system serves that path
   */
  public CheckpointStore(String directory, Configuration hadoop, DirectoryLease lease) {
    this(directory, hadoop, lease.run(), lease.term());
  }

  private CheckpointStore(String directory, Configuration hadoop, String run, long term) {
    this.lineage = Lineage.of(run, term);
    this.hadoop = hadoop;
    try {
      Path path = new Path(directory);
      this.fs = StorageFiles.fileSystem(path, hadoop);
      this.directory = fs.makeQualified(path);
    } catch (IOException | IllegalArgumentException e) {
      throw failure("directory must be on a known file system; " + directory, e);
    }
    this.parts = new PartFiles(fs);
  }

  /** The directory, with scheme. */
  public String directory() {
    return directory.toString();
  }

  /**
   * Checks that files can be made and removed in the directory, creating it if need be.
   *
   * @throws CheckpointException naming the directory and the reason
   */
  public void check() {
    Path probe = new Path(directory, ".probe-" + randomHex());
    try {
      fs.mkdirs(directory);
      try (FSDataOutputStream out = fs.create(probe, false)) {
        out.write(1);
        StorageFiles.sync(out);
      }
      if (fs.getFileStatus(probe).getLen() != 1 || !fs.delete(probe, false)) {
        throw new IOException("a file of 1 byte was written and is not there");
      }
    } catch (IOException | RuntimeException | FSError e) {
      throw failure("directory must be writable; " + directory, e);
    }
  }

  /** Whether a directory is there, or may be: storage that does not answer does not tell. */
  public boolean isThere(String other) {
    try {
      Path path = new Path(other);
      return StorageFiles.fileSystem(path, hadoop).exists(path);
    } catch (IOException | RuntimeException | FSError e) {
      return true;
    }
  }

  /** Gives the name of a new attempt; its first part makes its directory. */
  @Override
  public String begin(long step) {
    String name =
        String.format(
            Locale.ROOT, "step-%012d-%s-%d", step, lineage.run(), attempts.incrementAndGet());
    open.add(name);
    return name;
  }

  /**
   * Writes one part file of an attempt; a part that is there already is replaced. The bytes are on
   * the disk, where the file system can tell, when this returns.
   *
   * @param part number of this part, from 0 to {@code parts - 1}
   * @throws CheckpointException naming the file and the reason, as a full disk
   */
  public PartInfo writePart(String attempt, int part, int parts, Map<String, Tensor> tensors) {
    return this.parts.write(path(attempt), part, parts, tensors);
  }

  /**
   * Makes an attempt a checkpoint: checks that its parts are there, then writes the manifest.
   *
   * @throws CheckpointException if a part is missing or of another length, or the manifest cannot
   *     be written
   */
  public synchronized void commit(String attempt, CheckpointManifest manifest) {
    List<String> problems = new ArrayList<>();
    int count = manifest.files().size();
    for (int p = 0; p < count; p++) {
      PartInfo file = manifest.files().get(p);
      if (!file.name().equals(PartFiles.name(p, count))) {
        problems.add(PartFiles.name(p, count) + " is missing from the list");
      } else {
        parts
            .lengthProblem(path(attempt), file)
            .ifPresent(w -> problems.add(file.name() + " " + w));
      }
    }
    if (count == 0 || !problems.isEmpty()) {
      throw new CheckpointException(
          "commit: all parts of "
              + attempt
              + " must be written; "
              + (count == 0 ? "there are none" : String.join("; ", problems)));
    }
    String now = Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
    CheckpointManifest named =
        manifest.toBuilder().name(attempt).createdAt(now).lineage(lineage).build();
    try {
      StorageFiles.publish(fs, manifestPath(attempt), ManifestJson.write(named));
    } catch (IOException | RuntimeException | FSError e) {
      throw failure("manifest must be written; " + manifestPath(attempt), e);
    }
    open.remove(attempt);
    committed.add(attempt);
  }

  /** Gives an attempt up and removes its files; what cannot be removed is left to retention. */
  @Override
  public synchronized void abandon(String attempt) {
    open.remove(attempt);
    try {
      fs.delete(manifestPath(attempt), false); // which may be there although its writing failed
      fs.delete(path(attempt), true);
    } catch (IOException | RuntimeException | FSError e) {
      // An attempt without a manifest is never read, and the next retention tries again.
    }
  }

  /** All attempts, newest first, those without a manifest included. */
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
      throw failure("directory must be readable; " + directory, e);
    }
    found.sort(CheckpointInfo.NEWEST_FIRST);
    return found;
  }

  private CheckpointInfo info(String name, long step) {
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
   * The manifest of a checkpoint.
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

  /** {@link #newest} with a line to {@code warn} for each newer attempt that cannot be used. */
  public Optional<CheckpointManifest> latestValid(Consumer<String> warn) {
    Newest newest = newest();
    newest.passed().forEach(passed -> warn.accept(passed.warning()));
    return Optional.ofNullable(newest.manifest());
  }

  /**
   * The newest whole checkpoint of the run in this directory that came last, or of those it goes on
   * from. The files are read.
   */
  public Newest newest() {
    List<CheckpointInfo> all = list();
    Lineage last =
        all.stream()
            .filter(CheckpointInfo::committed)
            .min(CheckpointInfo.LATEST_RUN_FIRST)
            .map(info -> info.manifest().lineage())
            .orElse(lineage);
    // Nobody knows whose it would be what has no readable manifest.
    return firstWhole(all.stream().filter(i -> !i.committed() || last.holds(i)).toList());
  }

  /** The newest whole checkpoint of this run, or of those it goes on from. The files are read. */
  public Newest newestOfRun() {
    Set<String> known;
    synchronized (this) {
      known = new LinkedHashSet<>(committed);
    }
    return firstWhole(
        list().stream()
            .filter(i -> lineage.holds(i) && (!i.incomplete() || known.contains(i.name())))
            .toList());
  }

  private Newest firstWhole(List<CheckpointInfo> newestFirst) {
    List<Newest.Passed> passed = new ArrayList<>();
    for (CheckpointInfo info : newestFirst) {
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

  /** Lets this run go on from a checkpoint: its run and those before belong to the lineage. */
  public synchronized void goOnFrom(CheckpointManifest checkpoint) {
    lineage = lineage.from(checkpoint);
    committed.add(checkpoint.name());
  }

  /**
   * Compares every file of a checkpoint with its manifest, which comes first in the answer. The
   * files are read whole.
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
   * What is wrong with an attempt as far as manifest and file lengths tell; contents are not read.
   */
  public Optional<String> problem(CheckpointInfo info) {
    if (!info.committed()) {
      return Optional.of(info.problem());
    }
    return info.manifest().files().stream()
        .flatMap(
            file ->
                parts
                    .lengthProblem(path(info.name()), file)
                    .map(p -> file.name() + " " + p)
                    .stream())
        .findFirst();
  }

  /**
   * Types and shapes of a checkpoint's tensors by part file; the tensors are not read.
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

  /** Whether a name is one that {@link #begin} gives. */
  public static boolean isAttemptName(String name) {
    return NAME.matcher(name).matches();
  }

  /**
   * Reads all tensors of a checkpoint, verified while they are read. The caller owns them.
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

  /**
   * Removes checkpoints of this run and of those it goes on from, but {@code current} and the
   * {@code keepLast - 1} before it, and their attempts of earlier steps that never got a manifest.
   * If all that would stay have lost files, the newest one that has not is kept too. Lengths are
   * compared for that, contents are not read. Checkpoints of later steps, which a run that began
   * before them passed over, stay and do not count. What other runs wrote stays as it is.
   *
   * @param current the checkpoint committed last
   * @return names of what was removed
   * @throws CheckpointException if {@code keepLast} is below 1, {@code current} is no checkpoint or
   *     removing fails
   */
  public synchronized List<String> retain(int keepLast, String current) {
    if (keepLast < 1) {
      throw new CheckpointException("retain: at least 1 checkpoint must be kept; got " + keepLast);
    }
    List<String> removed = new ArrayList<>();
    CheckpointManifest newest = read(current);
    int kept = 1;
    boolean valid = problem(info(current, newest.step())).isEmpty();
    for (CheckpointInfo info : list()) {
      if (!lineage.owns(info) || info.step() > newest.step() || info.name().equals(current)) {
        continue;
      }
      boolean stale = info.incomplete() && !open.contains(info.name());
      boolean full = kept >= keepLast || !lineage.holds(info);
      boolean excess = !info.incomplete() && full && valid;
      if (stale || excess) {
        remove(info.name());
        removed.add(info.name());
      } else if (info.committed()) {
        boolean whole = problem(info).isEmpty();
        if (full && !whole) {
          remove(info.name());
          removed.add(info.name());
        } else {
          kept++;
          valid |= whole;
        }
      }
    }
    return removed;
  }

  /** The manifest goes first: what is left of an interrupted removal is not a checkpoint. */
  private void remove(String name) {
    try {
      fs.delete(manifestPath(name), false);
      fs.delete(path(name), true);
    } catch (IOException | RuntimeException | FSError e) {
      throw failure("old checkpoints must be removable; " + path(name), e);
    }
  }

  private Path path(String name) {
    return new Path(directory, name);
  }

  private Path manifestPath(String name) {
    return new Path(path(name), CheckpointManifest.FILE);
  }

  static String randomHex() {
    return String.format(Locale.ROOT, "%08x", ThreadLocalRandom.current().nextInt());
  }

  static CheckpointException failure(String rule, Throwable cause) {
    return new CheckpointException(
        message("checkpoint: %s: %s", rule, StorageFiles.reason(cause)), cause);
  }
}
