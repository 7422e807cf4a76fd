package dev.bellows.optim;

import dev.bellows.tensor.Tensor;

/**
 * Which elements of each parameter, in row-major order, an optimizer changes and keeps state of;
 * the others belong to optimizers of other ranks. Source: ZeRO stage 1 (Rajbhandari et al., ZeRO:
 * Memory Optimizations Toward Training Trillion Parameter Models, 2020, section 5.1).
 */
public interface Partition {
  /** Returns the first element of the parameter, 0 ≤ first ≤ end. */
  long first(Tensor parameter);

  /** Returns the end of the elements, at most their number; {@code first} if there is none. */
  long end(Tensor parameter);
}
