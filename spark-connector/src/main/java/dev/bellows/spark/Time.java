package dev.bellows.spark;

import java.time.Instant;

/** Gives a job its time and its pauses, so that a simulator can run it on virtual time. */
public interface Time {
  /** The time of this machine. */
  Time SYSTEM =
      new Time() {
        @Override
        public Instant now() {
          return Instant.now();
        }

        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public void sleep(long millis) throws InterruptedException {
          Thread.sleep(millis);
        }
      };

  /** Returns the time of day, for people: clocks of machines are never compared. */
  Instant now();

  /** Returns nanoseconds since an arbitrary origin, as {@link System#nanoTime}. */
  long nanos();

  /** Pauses the calling thread. */
  void sleep(long millis) throws InterruptedException;
}
