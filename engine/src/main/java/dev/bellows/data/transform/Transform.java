package dev.bellows.data.transform;

import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.io.Serializable;

/**
 * A function of images. Images of one size come as [n, c, h, w], a single one as [c, h, w]; a
 * random transform decides for each image of a batch apart, and takes its random numbers from a
 * generator: in a loss of a training job that is the one of the logical shard, so that the images
 * depend on neither executors nor threads. Transforms are immutable and safe for use by several
 * threads.
 */
@FunctionalInterface
public interface Transform extends Serializable {
  /**
   * Returns the transformed images; the given ones stay as they are.
   *
   * @param images [n, c, h, w] or [c, h, w]
   * @param generator where a random transform draws; the number of draws does not depend on what is
   *     drawn
   */
  Tensor apply(Tensor images, Generator generator);

  /** Returns the transformed images, with random numbers of the thread's default generator. */
  default Tensor apply(Tensor images) {
    return apply(images, Generator.current());
  }
}
