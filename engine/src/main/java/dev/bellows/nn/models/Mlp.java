package dev.bellows.nn.models;

import dev.bellows.nn.Module;
import dev.bellows.nn.layer.Dropout;
import dev.bellows.nn.layer.Linear;
import dev.bellows.nn.layer.ReLU;
import dev.bellows.nn.layer.Sequential;
import dev.bellows.tensor.Tensor;

/**
 * A chain of linear layers with ReLU and dropout between them, and dropout after the last. x [..,
 * inFeatures] → [.., the last size]. The names are those of {@code torchvision.ops.MLP}.
 */
public final class Mlp extends Module {
  private final transient Sequential layers = new Sequential();

  /** Creates a model without dropout. */
  public Mlp(long inFeatures, long... sizes) {
    this(0, inFeatures, sizes);
  }

  /**
   * Creates a model.
   *
   * @param dropout probability to drop an element
   * @param sizes of the hidden layers and of the output
   * @throws IllegalArgumentException if there are no sizes
   */
  public Mlp(double dropout, long inFeatures, long... sizes) {
    if (sizes.length == 0) {
      throw new IllegalArgumentException("Mlp: there must be at least one size; got none");
    }
    long in = inFeatures;
    for (int i = 0; i < sizes.length; i++) {
      add(new Linear(in, sizes[i]));
      if (i < sizes.length - 1) {
        add(new ReLU());
      }
      add(new Dropout(dropout));
      in = sizes[i];
    }
  }

  private void add(Module layer) {
    register(Integer.toString(layers.size()), layer);
    layers.append(layer);
  }

  @Override
  protected Tensor forward(Tensor x) {
    return layers.call(x);
  }
}
