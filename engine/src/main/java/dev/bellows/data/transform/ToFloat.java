package dev.bellows.data.transform;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;

/**
 * Makes FLOAT32 images in [0, 1] of UINT8 ones; floating-point images stay as they are. Source:
 * torchvision's {@code ConvertImageDtype}.
 */
public final class ToFloat implements Transform {
  private static final long serialVersionUID = 1L;

  /** Creates the transform. */
  public ToFloat() {}

  @Override
  public Tensor apply(Tensor images, Generator generator) {
    return Images.batched(
        "ToFloat", images, x -> Images.isBytes("ToFloat", x) ? x.to(DType.FLOAT32).div(255) : x);
  }

  @Override
  public String toString() {
    return "ToFloat()";
  }
}
