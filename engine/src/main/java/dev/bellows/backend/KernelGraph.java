package dev.bellows.backend;

/** Kernels of a device that were captured, see {@link Kernels#capture}. */
public interface KernelGraph extends AutoCloseable {
  /**
   * Asks for all of them in their order.
   *
   * @param sequenceShift what is added to the sequence of every {@link RandomKey} that was captured
   */
  void launch(long sequenceShift);

  /** Frees the memory that belongs to it, which nobody may use any more. */
  @Override
  void close();
}
