package dev.bellows.backend;

/** A copy between device and host that may still be in progress. */
public interface Transfer {
  /** A completed transfer. */
  Transfer DONE =
      new Transfer() {
        @Override
        public boolean isDone() {
          return true;
        }

        @Override
        public void await() {}
      };

  /** Returns whether the copy is complete. */
  boolean isDone();

  /** Waits until the copy is complete. */
  void await();
}
