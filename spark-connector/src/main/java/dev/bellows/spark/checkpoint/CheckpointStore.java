package dev.bellows.spark.checkpoint;

import dev.bellows.optim.schedule.ReduceLROnPlateau.Mode;
import dev.bellows.spark.Time;
import dev.bellows.spark.data.StorageFiles;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;

/**
 * Begins, commits and removes the checkpoints of one run in its directory.
 *
 * <p>The driver calls {@link #begin}, the workers {@link #writePart}, the driver {@link #commit}
 * and {@link #retain}. Not serializable: driver and workers open the directory by name. At most one
 * driver at a time may write to a directory, which {@link DirectoryLease} ensures. A run continues,
 * counts and removes only the checkpoints of its {@link Lineage}.
 */
public final class CheckpointStore extends CheckpointDirectory implements CheckpointAttempts {
  private final Set<String> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger attempts = new AtomicInteger();
  private final Set<String> committed = new LinkedHashSet<>();
  private final Time time;
  private volatile Lineage lineage;

  /**
   * Opens a directory, which need not exist, for a run without a lease, which gets a random name.
   *
   * @throws CheckpointException if no file system serves that path
   */
  public CheckpointStore(String directory, Configuration hadoop) {
    this(directory, hadoop, Lineage.of(Lineage.newRun(new SecureRandom()), 0), Time.SYSTEM);
  }

  /**
   * Opens a directory, which need not exist, for a run that holds its lease.
   *
   * @throws CheckpointException if no file system serves that path
   */
  public CheckpointStore(String directory, Configuration hadoop, DirectoryLease lease) {
    this(directory, hadoop, Lineage.of(lease.run(), lease.term()), lease.time());
  }

  private CheckpointStore(String directory, Configuration hadoop, Lineage lineage, Time time) {
    super(directory, hadoop);
    this.lineage = lineage;
    this.time = time;
  }

  /**
   * Checks that files can be created and removed in the directory, which is created if necessary.
   *
   * @throws CheckpointException naming the directory and the reason
   */
  public void check() {
    Path probe = path(".probe-" + lineage.run());
    try {
      fs.mkdirs(probe.getParent());
      try (FSDataOutputStream out = fs.create(probe, false)) {
        out.write(1);
        StorageFiles.sync(out);
      }
      if (fs.getFileStatus(probe).getLen() != 1 || !fs.delete(probe, false)) {
        throw new IOException("a file of 1 byte was written and is not there");
      }
    } catch (IOException | RuntimeException | FSError e) {
      throw CheckpointException.because("directory must be writable; " + directory(), e);
    }
  }

  /** Names a new attempt; writing its first part creates its directory. */
  @Override
  public String begin(long step) {
    String name =
        String.format(
            Locale.ROOT, "step-%012d-%s-%d", step, lineage.run(), attempts.incrementAndGet());
    open.add(name);
    return name;
  }

  /**
   * Makes an attempt a checkpoint: checks that its parts exist, then writes the manifest.
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
        lengthProblem(attempt, file).ifPresent(w -> problems.add(file.name() + " " + w));
      }
    }
    if (count == 0 || !problems.isEmpty()) {
      throw new CheckpointException(
          "commit: all parts of "
              + attempt
              + " must be written; "
              + (count == 0 ? "there are none" : String.join("; ", problems)));
    }
    String now = time.now().truncatedTo(ChronoUnit.MILLIS).toString();
    CheckpointManifest named =
        manifest.toBuilder().name(attempt).createdAt(now).lineage(lineage).build();
    try {
      publish(named);
    } catch (IOException | RuntimeException | FSError e) {
      throw CheckpointException.because("manifest must be written; " + manifestPath(attempt), e);
    }
    open.remove(attempt);
    committed.add(attempt);
  }

  /** Gives up an attempt and removes its files; {@link #retain} removes what remains. */
  @Override
  public synchronized void abandon(String attempt) {
    open.remove(attempt);
    try {
      remove(attempt); // its manifest may exist although writing it failed
    } catch (IOException | RuntimeException | FSError e) {
      // An attempt without a manifest is never read, and the next retention tries again.
    }
  }

  /**
   * Returns the newest intact checkpoint of this run or of the runs that it continues. Reads all
   * files of the checkpoints that it examines.
   */
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

  /**
   * Continues from a checkpoint: its run and that run's ancestors join the lineage.
   *
   * @param laterStay whether later checkpoints of its run are never removed
   */
  public synchronized void goOnFrom(CheckpointManifest checkpoint, boolean laterStay) {
    lineage = lineage.from(checkpoint, laterStay);
    committed.add(checkpoint.name());
  }

  /**
   * Removes checkpoints of this run and of the runs that it continues, except {@code current} and
   * the {@code keepLast - 1} before it, and their attempts of earlier steps without a manifest. If
   * all that would remain have lost files, keeps the newest complete one too. Compares lengths, and
   * does not read contents. Checkpoints of later steps, which were rejected when this run started,
   * remain and do not count. Files of other runs are unchanged.
   *
   * @param current the checkpoint committed last
   * @param better which values of the metric are better, to keep the checkpoint with the best one
   *     besides the last ones; null: the metric does not matter
   * @return names of the removed attempts
   * @throws CheckpointException if {@code keepLast} is below 1, {@code current} is no checkpoint,
   *     or removing fails
   */
  public synchronized List<String> retain(int keepLast, String current, Mode better) {
    if (keepLast < 1) {
      throw new CheckpointException("retain: at least 1 checkpoint must be kept; got " + keepLast);
    }
    List<String> removed = new ArrayList<>();
    CheckpointManifest newest = read(current);
    int kept = 1;
    List<CheckpointInfo> all = list();
    String best = better == null ? "" : best(all, newest, better);
    boolean valid = !best.isEmpty() || problem(info(current, newest.step())).isEmpty();
    for (CheckpointInfo info : all) {
      boolean stays =
          info.name().equals(current)
              || info.name().equals(best)
              || info.committed() && lineage.leaves(info);
      if (!lineage.owns(info) || info.step() > newest.step() || stays) {
        continue;
      }
      boolean stale = info.incomplete() && !open.contains(info.name());
      boolean full = kept >= keepLast || !lineage.holds(info);
      boolean excess = !info.incomplete() && full && valid;
      if (stale || excess) {
        removeOld(info.name());
        removed.add(info.name());
      } else if (info.committed()) {
        boolean whole = problem(info).isEmpty();
        if (full && !whole) {
          removeOld(info.name());
          removed.add(info.name());
        } else {
          kept++;
          valid |= whole;
        }
      }
    }
    return removed;
  }

  /** Returns the name of the best complete checkpoint of this run; empty: none. */
  private String best(List<CheckpointInfo> all, CheckpointManifest last, Mode better) {
    return bestFirst(all, better).stream()
        .filter(i -> lineage.holds(i) && i.step() <= last.step() && problem(i).isEmpty())
        .filter(i -> i.manifest().evaluatedWith().isLike(last.evaluatedWith()))
        .findFirst()
        .map(CheckpointInfo::name)
        .orElse("");
  }

  private void removeOld(String name) {
    try {
      remove(name);
    } catch (IOException | RuntimeException | FSError e) {
      throw CheckpointException.because("old checkpoints must be removable; " + path(name), e);
    }
  }
}
