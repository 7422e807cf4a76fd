package dev.bellows.nn.layer;

import dev.bellows.nn.Module;
import java.util.Arrays;

/** What adaptive poolings of images and of volumes share: the sizes of the result. */
abstract class AdaptivePoolLayer extends Module {
  final Integer[] outputSize;

  AdaptivePoolLayer(Integer... outputSize) {
    this.outputSize = outputSize.clone();
  }

  @Override
  protected String extraRepr() {
    return "output_size="
        + (outputSize.length == 1
            ? outputSize[0]
            : Arrays.toString(outputSize).replace('[', '(').replace(']', ')'));
  }
}
