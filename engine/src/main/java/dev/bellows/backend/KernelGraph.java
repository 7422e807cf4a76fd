package dev.bellows.backend;

/** A captured sequence of device kernels, see {@link Kernels#capture}. */
public interface KernelGraph extends AutoCloseable {
  /**
   * Launches the kernels in their order.
   *
   * @param sequenceShift the number added to the sequence of every captured {@link RandomKey}
   */
  void launch(long sequenceShift);

  /** Frees the memory owned by the graph; it must no longer be in use. */
  @Override
  void close();
}
