package dev.bellows.spark;

import java.io.Serializable;
import java.time.Duration;

/**
 * Deadlines of a job.
 *
 * @param slots wait for enough free task slots, before training and before a restart (default 60 s)
 * @param rendezvous wait for all workers to register, and then to connect (default 120 s)
 * @param heartbeat interval between two signs of life of a worker (default 1 s)
 * @param lost silence after which a worker, or the connection between two, counts as lost (default
 *     4 s); must be longer than the longest garbage-collection pause
 * @param collective limit of one collective operation, including the time that slower ranks need to
 *     reach it (default 600 s, as {@code step})
 * @param step limit of one training step with its evaluation and its checkpoint, and of the
 *     preparation before the first one (default 600 s)
 * @param lease time after which a driver that has not renewed its lease of the checkpoint directory
 *     loses it to the next job that asks (default 30 s); must be longer than the longest pause of
 *     driver and storage
 */
public record Timeouts(
    Duration slots,
    Duration rendezvous,
    Duration heartbeat,
    Duration lost,
    Duration collective,
    Duration step,
    Duration lease)
    implements Serializable {
  private static final Timeouts DEFAULTS =
      new Timeouts(
          Duration.ofSeconds(60),
          Duration.ofSeconds(120),
          Duration.ofSeconds(1),
          Duration.ofSeconds(4),
          Duration.ofSeconds(600),
          Duration.ofSeconds(600),
          Duration.ofSeconds(30));

  /** Returns the default values. */
  public static Timeouts defaults() {
    return DEFAULTS;
  }

  /** Returns a copy with another {@code slots}. */
  public Timeouts withSlots(Duration value) {
    return new Timeouts(value, rendezvous, heartbeat, lost, collective, step, lease);
  }

  /** Returns a copy with another {@code rendezvous}. */
  public Timeouts withRendezvous(Duration value) {
    return new Timeouts(slots, value, heartbeat, lost, collective, step, lease);
  }

  /** Returns a copy with another {@code heartbeat} and {@code lost}. */
  public Timeouts withHeartbeat(Duration interval, Duration lostAfter) {
    return new Timeouts(slots, rendezvous, interval, lostAfter, collective, step, lease);
  }

  /** Returns a copy with another {@code collective}. */
  public Timeouts withCollective(Duration value) {
    return new Timeouts(slots, rendezvous, heartbeat, lost, value, step, lease);
  }

  /** Returns a copy with another {@code step}. */
  public Timeouts withStep(Duration value) {
    return new Timeouts(slots, rendezvous, heartbeat, lost, collective, value, lease);
  }

  /** Returns a copy with another {@code lease}. */
  public Timeouts withLease(Duration value) {
    return new Timeouts(slots, rendezvous, heartbeat, lost, collective, step, value);
  }
}
