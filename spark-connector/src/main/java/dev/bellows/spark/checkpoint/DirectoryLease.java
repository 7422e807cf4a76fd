package dev.bellows.spark.checkpoint;

import static dev.bellows.errors.Messages.message;

import dev.bellows.spark.BellowsException;
import dev.bellows.spark.Time;
import dev.bellows.spark.data.StorageFiles;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives one run the exclusive right to write checkpoints to a directory. It is taken before the
 * directory is used, renewed by a background thread, and verified with {@link #require} before each
 * change, since a paused process may have lost it.
 *
 * <p>Each owner has a term, and the highest term counts ({@link LeaseFiles}). A lease that was
 * released, or whose process has ended on this machine, is succeeded at once. Any other lease is
 * observed: if it is renewed, it is in use; if it does not change for its whole lease time, by the
 * observer's clock, it is succeeded. Clocks of different machines are never compared.
 *
 * <p>A process can still be paused between {@link #require} and the change that follows. The files
 * it then writes carry the name and the term of its run, so no other run uses them; see {@link
 * Lineage}.
 */
public final class DirectoryLease implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DirectoryLease.class);

  /** Renewals in one lease time, so that some may fail or be late. */
  private static final int RENEWALS = 6;

  private static final long MOST_POLL_MS = 500;

  private final String directory;
  private final LeaseFiles files;
  private final LeaseOwner self;
  private final long term;
  private final String previousNewest;
  private final Consumer<String> tell;
  private final Time time;
  private final ScheduledExecutorService renewal;
  private LeaseFiles.Beat beat;
  private BellowsException lost;

  /**
   * Describes the holder of a directory.
   *
   * @param owner for messages
   * @param released whether its run has ended
   */
  public record Holder(String owner, boolean released) {}

  /**
   * Takes the lease of a directory, which is created if necessary.
   *
   * @param self the new holder
   * @param tell receives messages about waiting and taking over
   * @throws CheckpointException if another run holds it; says which, and what to do
   */
  public static DirectoryLease acquire(
      String directory, Configuration hadoop, LeaseOwner self, Consumer<String> tell, Time time)
      throws InterruptedException {
    DirectoryLease taken = take(directory, hadoop, self, tell, time);
    long every = Math.max(1, self.leaseMs() / RENEWALS);
    taken.renewal.scheduleWithFixedDelay(taken::renew, every, every, TimeUnit.MILLISECONDS);
    return taken;
  }

  /** Takes the lease as {@link #acquire} does, without starting its renewals. */
  static DirectoryLease take(
      String directory, Configuration hadoop, LeaseOwner self, Consumer<String> tell, Time time)
      throws InterruptedException {
    try {
      Path path = new Path(directory);
      FileSystem fs = StorageFiles.fileSystem(path, hadoop);
      path = fs.makeQualified(path);
      fs.mkdirs(path);
      LeaseFiles files = new LeaseFiles(fs, path);
      while (true) {
        long before = files.highest();
        if (before > 0) {
          awaitFree(path, files, before, Duration.ofMillis(self.leaseMs()), tell, time);
        }
        if (files.claim(before + 1, self)) {
          if (files.highest() == before + 1) {
            return new DirectoryLease(path, files, self, before, tell, time);
          }
          files.withdraw(before + 1); // another process claimed a higher term meanwhile
        }
      }
    } catch (CheckpointException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw CheckpointException.because("lease must be written; " + directory, e);
    }
  }

  private DirectoryLease(
      Path directory,
      LeaseFiles files,
      LeaseOwner self,
      long before,
      Consumer<String> tell,
      Time time)
      throws IOException {
    this.time = time;
    this.directory = directory.toString();
    this.files = files;
    this.self = self;
    this.term = before + 1;
    this.tell = tell;
    this.previousNewest = files.beat(before).newest();
    this.beat = new LeaseFiles.Beat(1, previousNewest, false);
    files.writeBeat(term, beat);
    files.removeBefore(term);
    this.renewal =
        Executors.newSingleThreadScheduledExecutor(
            run -> {
              Thread thread = new Thread(run, "bellows-lease-" + self.run());
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Waits until a lease may be succeeded, and fails if it is renewed. */
  private static void awaitFree(
      Path directory, LeaseFiles files, long term, Duration mine, Consumer<String> tell, Time time)
      throws IOException, InterruptedException {
    byte[] first = files.rawBeat(term);
    LeaseOwner owner = files.owner(term);
    if (files.beat(term).released()) {
      return;
    }
    if (owner != null && owner.isDead()) {
      tell.accept(
          message(
              "checkpoint: %s is taken over from %s: it has ended", directory, owner.describe()));
      return;
    }
    Duration lease = owner == null ? mine : Duration.ofMillis(owner.leaseMs());
    String who = owner == null ? "an unknown run" : owner.describe();
    tell.accept(
        message(
            "checkpoint: %s is in use by %s; waiting up to %s ms for a sign that it still runs,"
                + " without one its lease is taken over",
            directory, who, lease.toMillis()));
    long start = time.nanos();
    long pollMs = Math.max(1, Math.min(MOST_POLL_MS, lease.toMillis() / (2 * RENEWALS)));
    while (time.nanos() - start <= lease.toNanos()) {
      time.sleep(pollMs);
      if (files.highest() != term || files.beat(term).released()) {
        return; // the caller looks again
      }
      if (!Arrays.equals(first, files.rawBeat(term))) {
        owner = files.owner(term); // it may have been unfinished before
        throw refused(directory, owner == null ? who : owner.describe());
      }
      if (owner != null && owner.isDead()) {
        break;
      }
    }
    tell.accept(
        message(
            "checkpoint: %s is taken over from %s: it did not renew its lease for %s ms",
            directory, who, lease.toMillis()));
  }

  private static CheckpointException refused(Path directory, String who) {
    return new CheckpointException(
        message(
            "checkpoint: a directory must be used by one job at a time; %s is in use by %s, which"
                + " still runs. Wait until it ends or stop it, or take another directory",
            directory, who));
  }

  Time time() {
    return time;
  }

  /** Returns the name of the run that holds this lease. */
  public String run() {
    return self.run();
  }

  /** Returns the number of this lease, which is higher than that of all earlier runs. */
  public long term() {
    return term;
  }

  /** Returns the newest checkpoint that the previous run announced; null: none. */
  public String previousNewest() {
    return previousNewest;
  }

  /**
   * Checks that this run still holds the directory, and takes it again if it was removed.
   *
   * @param newest the newest checkpoint of this run, announced to successors; may be null
   * @return whether the lease, and so probably the directory, had been removed
   * @throws BellowsException {@code FATAL}: another run holds it; other categories: the directory
   *     was removed and cannot be created again
   * @throws CheckpointException if storage does not answer
   */
  public synchronized boolean require(String newest) {
    if (lost != null) {
      throw lost;
    }
    if (beat.released()) {
      throw BellowsException.fatal(
          message("checkpoint: run %s has ended, and %s may be another's now", run(), directory));
    }
    beat = new LeaseFiles.Beat(beat.count(), newest, false);
    try {
      long highest = files.highest();
      LeaseOwner owner = highest < term ? null : files.owner(highest);
      if (highest > term || owner != null && !owner.equals(self)) {
        throw lose(owner);
      }
      if (owner != null) {
        return false;
      }
    } catch (IOException e) {
      throw CheckpointException.because("lease must be readable; " + directory, e);
    }
    return takeAgain();
  }

  private BellowsException lose(LeaseOwner owner) {
    lost =
        BellowsException.fatal(
            "checkpoint: run "
                + run()
                + " must hold the lease of "
                + directory
                + "; "
                + (owner == null ? "an unknown run" : owner.describe())
                + " has taken it, as this run did not renew it for "
                + self.leaseMs()
                + " ms (its driver was paused or cut off from storage) or the directory was"
                + " removed. This run stops, and leaves the directory to that one");
    return lost;
  }

  private boolean takeAgain() {
    try {
      if (!files.claim(term, self)) {
        throw lose(files.owner(term));
      }
      files.writeBeat(term, beat);
      return true;
    } catch (IOException e) {
      StorageFault fault = StorageFault.of(e);
      String text =
          message(
              "checkpoint: directory must stay while a job uses it; %s was removed and cannot be"
                  + " made again: %s",
              directory, StorageFiles.reason(e));
      throw new BellowsException(
          fault.category(), text + "; " + fault.advice(), new CheckpointException(text, e));
    }
  }

  /** Renews the lease; called by the background thread. */
  void renew() {
    synchronized (this) {
      try {
        if (lost == null && !beat.released()) {
          if (require(beat.newest())) {
            tell.accept(removed());
          }
          beat = new LeaseFiles.Beat(beat.count() + 1, beat.newest(), false);
          files.writeBeat(term, beat);
        }
      } catch (IOException | RuntimeException e) {
        // The next require() reports it, unless the storage has recovered by then.
        LOG.warn("the lease of {} cannot be renewed: {}", directory, StorageFiles.reason(e));
      }
    }
  }

  /** Returns the message for a directory that {@link #require} found removed. */
  public String removed() {
    return "checkpoint: directory must stay while a job uses it; "
        + directory
        + " was removed, with all that the job had written there, and is made again";
  }

  /** Stops renewing and releases the directory to other runs at once. */
  @Override
  public void close() {
    renewal.shutdownNow();
    synchronized (this) {
      if (lost != null || beat.released()) {
        return;
      }
      beat = new LeaseFiles.Beat(beat.count() + 1, beat.newest(), true);
      try {
        if (files.highest() == term) {
          files.writeBeat(term, beat);
        }
      } catch (IOException | RuntimeException e) {
        LOG.warn("the lease of {} is left to run out: {}", directory, StorageFiles.reason(e));
      }
    }
  }

  /** Returns the present or last holder of a directory; empty: it never had one. */
  public static Optional<Holder> holder(String directory, Configuration hadoop) {
    try {
      Path path = new Path(directory);
      LeaseFiles files = new LeaseFiles(StorageFiles.fileSystem(path, hadoop), path);
      long term = files.highest();
      LeaseOwner owner = term == 0 ? null : files.owner(term);
      return owner == null
          ? Optional.empty()
          : Optional.of(new Holder(owner.describe(), files.beat(term).released()));
    } catch (IOException | RuntimeException e) {
      throw CheckpointException.because("lease must be readable; " + directory, e);
    }
  }
}
