package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/**
 * Options of a fractional maximum pooling. Immutable: each method returns options with one of them
 * changed. Either the size of the result or its ratio to the input is needed. Source: PyTorch's
 * {@code torch.nn.FractionalMaxPool2d}.
 */
public final class FractionalPoolOptions {
  private final int[] outputSize;
  private final double[] outputRatio;
  private final Tensor randomSamples;

  /** Creates options without a size. */
  public FractionalPoolOptions() {
    this(null, null, null);
  }

  private FractionalPoolOptions(int[] outputSize, double[] outputRatio, Tensor randomSamples) {
    this.outputSize = outputSize;
    this.outputRatio = outputRatio;
    this.randomSamples = randomSamples;
  }

  /** Sets the size of the result: one number for all spatial dimensions or one for each. */
  public FractionalPoolOptions outputSize(int... sizes) {
    return new FractionalPoolOptions(sizes.clone(), outputRatio, randomSamples);
  }

  /** Sets the result's size divided by the input's: one number or one for each dimension. */
  public FractionalPoolOptions outputRatio(double... ratios) {
    return new FractionalPoolOptions(outputSize, ratios.clone(), randomSamples);
  }

  /**
   * Sets the numbers in [0, 1) that shift the windows, [n, c, 2] or [n, c, 3], n being 1 for one
   * example; null to draw them with the thread's generator.
   */
  public FractionalPoolOptions randomSamples(Tensor samples) {
    return new FractionalPoolOptions(outputSize, outputRatio, samples);
  }

  /**
   * Checks that there is one size.
   *
   * @throws IllegalArgumentException if size and ratio are both given or both missing, or a ratio
   *     is not in (0, 1)
   */
  public void check(String operation) {
    if (outputSize == null && outputRatio == null) {
      throw new IllegalArgumentException(
          operation + ": requires specifying either an output size, or a pooling ratio; got none");
    }
    if (outputSize != null && outputRatio != null) {
      throw new IllegalArgumentException(
          message(
              "%s: only one of output_size and output_ratio may be specified; got %s and %s",
              operation, outputSize, outputRatio));
    }
    if (outputRatio != null && !Arrays.stream(outputRatio).allMatch(r -> r > 0 && r < 1)) {
      throw new IllegalArgumentException(
          message("%s: output_ratio must be between 0 and 1 (got %s)", operation, outputRatio));
    }
  }

  long[] outSize(String operation, long... in) {
    check(operation);
    long[] out = new long[in.length];
    int given = outputSize == null ? outputRatio.length : outputSize.length;
    if (given != 1 && given != in.length) {
      throw new IllegalArgumentException(
          message(
              "%s: output size or ratio must be one number or %s; got %s",
              operation, in.length, given));
    }
    for (int d = 0; d < in.length; d++) {
      int i = given == 1 ? 0 : d;
      out[d] = outputSize == null ? (long) (in[d] * outputRatio[i]) : outputSize[i];
    }
    return out;
  }

  Tensor samples(String operation, Tensor x, int dims) {
    if (randomSamples == null) {
      DType type = x.dtype() == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
      return Tensor.rand(type, x.size(0), x.size(1), dims).to(x.device());
    }
    long[] expected = {x.size(0), x.size(1), dims};
    if (!Arrays.equals(randomSamples.shape(), expected)) {
      throw new IllegalArgumentException(
          message(
              "%s: random samples must be %s; got %s", operation, expected, randomSamples.shape()));
    }
    return randomSamples;
  }
}
