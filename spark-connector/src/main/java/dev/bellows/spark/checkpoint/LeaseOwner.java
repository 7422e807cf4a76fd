package dev.bellows.spark.checkpoint;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Describes the holder of a lease, as the content of its file, which never changes.
 *
 * @param run name of the run, eight hexadecimal digits
 * @param application Spark's id of it
 * @param user of the driver's process
 * @param host name of the driver's machine, for people
 * @param machine identifies a set of process ids: the kernel's boot and its process namespace;
 *     empty: unknown
 * @param pid process of the driver
 * @param processStart when that process was started, in ticks since the boot; empty: unknown
 * @param since when the lease was taken, ISO 8601 in UTC, for people
 * @param leaseMs after so long without a renewal others may take over
 */
public record LeaseOwner(
    String run,
    String application,
    String user,
    String host,
    String machine,
    long pid,
    String processStart,
    String since,
    long leaseMs) {

  /**
   * Creates a lease for this process.
   *
   * @param application Spark's id of this application, for messages of others
   * @param lease how long it must not have been renewed before others may take it
   */
  public static LeaseOwner here(String run, String application, Duration lease, Instant now) {
    long pid = ProcessHandle.current().pid();
    String user = System.getProperty("user.name", "");
    return new LeaseOwner(
        run,
        application,
        user,
        hostName(),
        thisMachine(),
        pid,
        start(pid),
        now.truncatedTo(ChronoUnit.MILLIS).toString(),
        lease.toMillis());
  }

  /**
   * Returns whether its process has certainly ended. Known only for processes of this machine and
   * user, as others may be hidden.
   */
  boolean isDead() {
    if (machine == null
        || machine.isEmpty()
        || !machine.equals(thisMachine())
        || !System.getProperty("user.name", "").equals(user)) {
      return false;
    }
    try {
      String[] process = process(pid);
      // A killed process has an entry until its parent has collected its status.
      return process[0].matches("[ZX]") || !process[1].equals(processStart);
    } catch (NoSuchFileException e) {
      return true;
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  /**
   * Returns its state, and its start in ticks since the boot, which no change of the clock moves.
   */
  private static String[] process(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return new String[] {fields[0], fields[19]};
  }

  private static String start(long pid) {
    try {
      return process(pid)[1];
    } catch (IOException | RuntimeException e) {
      return "";
    }
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }

  private static String thisMachine() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip()
          + " "
          + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
    } catch (IOException | RuntimeException e) {
      return "";
    }
  }

  /** Describes the holder for messages. */
  String describe() {
    return "run "
        + run
        + " (application "
        + application
        + ", pid "
        + pid
        + " on "
        + host
        + ", since "
        + since
        + ")";
  }
}
