package dev.bellows.data.transform;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;

/** Computes (x − mean) / std of each channel. Source: torchvision's {@code Normalize}. */
public final class Normalize implements Transform {
  private static final long serialVersionUID = 1L;

  private final double[] mean;
  private final double[] std;

  /**
   * Creates a transform.
   *
   * @param mean of each channel, or one for all
   * @param std of each channel, or one for all
   * @throws IllegalArgumentException if a standard deviation is 0
   */
  public Normalize(double[] mean, double[] std) {
    this.mean = mean.clone();
    this.std = std.clone();
    for (double each : std) {
      if (each == 0) {
        throw new IllegalArgumentException(
            message("Normalize: std must not be 0, which leads to division by zero; got %s", std));
      }
    }
  }

  /** Creates a transform of all channels alike. */
  public Normalize(double mean, double std) {
    this(new double[] {mean}, new double[] {std});
  }

  /**
   * Normalises floating-point images.
   *
   * @throws IllegalArgumentException if images are whole numbers or of other numbers of channels
   */
  @Override
  public Tensor apply(Tensor images, Generator generator) {
    if (!images.dtype().isFloatingPoint()) {
      throw new IllegalArgumentException(
          message(
              "Normalize: Input tensor should be a float tensor; got %s. ToFloat converts it",
              images.dtype()));
    }
    return Images.batched("Normalize", images, x -> x.sub(channels(x, mean)).div(channels(x, std)));
  }

  private static Tensor channels(Tensor batch, double... values) {
    if (values.length != 1 && values.length != batch.size(1)) {
      throw new IllegalArgumentException(
          message(
              "Normalize: mean and std must have one number for each channel; got %s for images %s",
              values, batch.shape()));
    }
    return Tensor.of(values).to(batch.device(), batch.dtype()).view(1, values.length, 1, 1);
  }

  @Override
  public String toString() {
    return message("Normalize(mean=%s, std=%s)", mean, std);
  }
}
