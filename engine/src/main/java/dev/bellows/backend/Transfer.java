package dev.bellows.backend;

/** A copy between device and host that may still be under way. */
public interface Transfer {
  /** One that is done. */
  Transfer DONE =
      new Transfer() {
        @Override
        public boolean isDone() {
          return true;
        }

        @Override
        public void await() {}
      };

  /** Whether the copy is done. */
  boolean isDone();

  /** Waits for the copy. */
  void await();
}
