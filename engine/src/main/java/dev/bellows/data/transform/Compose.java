package dev.bellows.data.transform;

import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.util.List;

/** Applies transforms one after the other. Source: torchvision's {@code Compose}. */
public final class Compose implements Transform {
  private static final long serialVersionUID = 1L;

  private final Transform[] transforms;

  /** Creates the chain, in the given order; without transforms it returns its argument. */
  public Compose(Transform... transforms) {
    this.transforms = List.of(transforms).toArray(new Transform[0]);
  }

  @Override
  public Tensor apply(Tensor images, Generator generator) {
    Tensor out = images;
    for (Transform transform : transforms) {
      out = transform.apply(out, generator);
    }
    return out;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("Compose(");
    for (Transform transform : transforms) {
      text.append("\n    ").append(transform.toString().replace("\n", "\n    "));
    }
    return text.append("\n)").toString();
  }
}
