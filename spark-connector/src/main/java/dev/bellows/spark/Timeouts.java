package dev.bellows.spark;

import java.io.Serializable;
import java.time.Duration;

/**
 * How long a job waits for what.
 *
 * @param slots for enough free task slots, before training and before a restart (default 60 s)
 * @param rendezvous for all workers to register, and then to connect (default 120 s)
 * @param heartbeat between two signs of life of a worker (default 1 s)
 * @param lost after the last sign of life a worker, or the connection between two, is given up
 *     (default 4 s); must be longer than the longest pause of garbage collection
 * @param collective for one collective operation; it includes what slower ranks still compute or
 *     save before they come to it (default 600 s, as {@code step})
 * @param step for one training step, its evaluation and its checkpoint, and for the preparation
 *     before the first one (default 600 s)
 * @param lease a driver that has not renewed its lease of the checkpoint directory for so long has
 *     lost it to the next job that asks (default 30 s); must be longer than the longest pause of
 *     the driver and of storage
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

  /** The default values. */
  public static Timeouts defaults() {
    return DEFAULTS;
  }

  /** These with another wait for slots. */
  public Timeouts withSlots(Duration value) {
    return new Timeouts(value, rendezvous, heartbeat, lost, collective, step, lease);
  }

  /** These with another wait for the workers. */
  public Timeouts withRendezvous(Duration value) {
    return new Timeouts(slots, value, heartbeat, lost, collective, step, lease);
  }

  /** These with other heartbeats. */
  public Timeouts withHeartbeat(Duration interval, Duration lostAfter) {
    return new Timeouts(slots, rendezvous, interval, lostAfter, collective, step, lease);
  }

  /** These with another wait in collectives. */
  public Timeouts withCollective(Duration value) {
    return new Timeouts(slots, rendezvous, heartbeat, lost, value, step, lease);
  }

  /** These with another wait for a step. */
  public Timeouts withStep(Duration value) {
    return new Timeouts(slots, rendezvous, heartbeat, lost, collective, value, lease);
  }

  /** These with another time after which a lease that is not renewed is lost. */
  public Timeouts withLease(Duration value) {
    return new Timeouts(slots, rendezvous, heartbeat, lost, collective, step, value);
  }
}
