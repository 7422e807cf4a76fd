package dev.bellows.nn.layer;

import dev.bellows.nn.Module;
import dev.bellows.nn.PoolOptions;

/**
 * What poolings over windows share: the size of the window and the options.
 *
 * @param <O> the options
 */
abstract class WindowLayer<O extends PoolOptions<O>> extends Module {
  final int[] kernel;
  final O options;

  /**
   * @param dims number of spatial dimensions
   * @throws IllegalArgumentException if a number is out of range, or padding is more than half of
   *     the window
   */
  WindowLayer(int dims, O options, int... kernel) {
    options.check(getClass().getSimpleName(), dims, kernel);
    this.kernel = kernel.clone();
    this.options = options;
  }

  @Override
  protected String extraRepr() {
    return options.describe(kernel);
  }
}
