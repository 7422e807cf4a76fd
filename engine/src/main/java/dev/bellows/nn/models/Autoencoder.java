package dev.bellows.nn.models;

import static dev.bellows.errors.Messages.message;

import dev.bellows.nn.Module;
import dev.bellows.nn.layer.Linear;
import dev.bellows.nn.layer.ReLU;
import dev.bellows.nn.layer.Sequential;
import dev.bellows.tensor.Tensor;

/**
 * Linear layers with ReLU that narrow an input to a code, and their mirror image that widens the
 * code again. x [.., features] → [.., features]. Source: Hinton and Salakhutdinov, Reducing the
 * dimensionality of data with neural networks, 2006.
 */
public final class Autoencoder extends Module {
  private final Sequential encoder = new Sequential();
  private final Sequential decoder = new Sequential();

  /**
   * Creates a model.
   *
   * @param sizes features of the input, of hidden layers and of the code
   * @throws IllegalArgumentException if there are fewer than two sizes
   */
  public Autoencoder(long... sizes) {
    if (sizes.length < 2) {
      throw new IllegalArgumentException(
          message("Autoencoder: there must be at least two sizes; got %s", sizes.length));
    }
    int last = sizes.length - 1;
    for (int i = 0; i < last; i++) {
      add(encoder, new Linear(sizes[i], sizes[i + 1]));
    }
    for (int i = last; i > 0; i--) {
      add(decoder, new Linear(sizes[i], sizes[i - 1]));
    }
  }

  private static void add(Sequential chain, Linear layer) {
    if (chain.size() > 0) {
      chain.append(new ReLU());
    }
    chain.append(layer);
  }

  /** Returns the codes of inputs, [.., the last size]. */
  public Tensor encode(Tensor x) {
    return encoder.call(x);
  }

  /** Returns the inputs that codes stand for, [.., features]. */
  public Tensor decode(Tensor code) {
    return decoder.call(code);
  }

  @Override
  protected Tensor forward(Tensor x) {
    return decode(encode(x));
  }
}
