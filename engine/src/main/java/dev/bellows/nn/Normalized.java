package dev.bellows.nn;

import dev.bellows.ops.Normalize;
import dev.bellows.tensor.Tensor;
import java.util.stream.IntStream;

/**
 * A tensor normalised by its own statistics: in one kernel where the device has it, else composed.
 *
 * @param result (x − mean) / √(var + eps) · weight + bias, of x's shape
 * @param mean one for each channel or row, outside the graph
 * @param var likewise; divides by the number of values
 */
record Normalized(Tensor result, Tensor mean, Tensor var) {
  private static final int IMAGES = 4;

  /**
   * Normalises each channel.
   *
   * @param x [n, c, ..], not empty
   * @param weight [c], or null for 1
   * @param bias [c], or null for 0
   */
  static Normalized byChannel(Tensor x, Tensor weight, Tensor bias, double eps) {
    long n = x.size(0);
    long c = x.size(1);
    long[] shape = Channels.shape(x.dim(), c);
    if (!Normalize.supports(x.device(), x.dtype())) {
      int[] dims = IntStream.range(0, x.dim()).filter(d -> d != 1).toArray();
      Normalized y = composed(x, dims, eps);
      Tensor scaled = weight == null ? y.result : y.result.mul(weight.reshape(shape));
      return y.with(bias == null ? scaled : scaled.add(bias.reshape(shape)));
    }
    Tensor images = x.dim() == IMAGES ? x : x.reshape(n, c, x.numel() / (n * c), 1);
    Tensor[] y = Normalize.channels(images, weight, weight == null ? null : bias, eps);
    Tensor result = x.dim() == IMAGES ? y[0] : y[0].reshape(x.shape());
    boolean addsBias = weight == null && bias != null;
    return new Normalized(addsBias ? result.add(bias.reshape(shape)) : result, y[1], y[2]);
  }

  /**
   * Normalises each row.
   *
   * @param x [rows, n], not empty
   * @param weight [n], or null for 1
   * @param bias [n], or null for 0
   */
  static Normalized byRow(Tensor x, Tensor weight, Tensor bias, double eps) {
    if (!Normalize.supports(x.device(), x.dtype())) {
      Normalized y = composed(x, new int[] {1}, eps);
      Tensor scaled = weight == null ? y.result : y.result.mul(weight);
      return y.with(bias == null ? scaled : scaled.add(bias));
    }
    Tensor[] y = Normalize.rows(x, weight, weight == null ? null : bias, eps);
    return new Normalized(weight == null && bias != null ? y[0].add(bias) : y[0], y[1], y[2]);
  }

  private static Normalized composed(Tensor x, int[] dims, double eps) {
    Tensor mean = x.mean(dims, true);
    Tensor var = x.var(dims, 0, true);
    Tensor result = x.sub(mean).mul(var.add(eps).rsqrt());
    return new Normalized(result, mean.detach().flatten(), var.detach().flatten());
  }

  private Normalized with(Tensor other) {
    return new Normalized(other, mean, var);
  }
}
