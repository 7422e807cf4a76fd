package dev.bellows.nn;

import dev.bellows.memory.DType;
import dev.bellows.ops.Normalize;
import dev.bellows.tensor.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * A tensor normalised by its own statistics: in one kernel where the device has it, else composed.
 *
 * @param result (x − mean) / √(var + eps) · weight + bias, of x's shape
 * @param mean one for each channel or row, outside the graph
 * @param var likewise; divides by the number of values
 * @param count the values that each mean is of
 */
record Normalized(Tensor result, Tensor mean, Tensor var, double count) {
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
      Normalized y = composed(x, otherThanChannels(x), eps);
      Tensor scaled = weight == null ? y.result : y.result.mul(weight.reshape(shape));
      return y.with(bias == null ? scaled : scaled.add(bias.reshape(shape)));
    }
    Tensor images = x.dim() == IMAGES ? x : x.reshape(n, c, x.numel() / (n * c), 1);
    Tensor[] y = Normalize.channels(images, weight, weight == null ? null : bias, eps);
    Tensor result = x.dim() == IMAGES ? y[0] : y[0].reshape(x.shape());
    boolean addsBias = weight == null && bias != null;
    return new Normalized(
        addsBias ? result.add(bias.reshape(shape)) : result, y[1], y[2], (double) x.numel() / c);
  }

  /**
   * Normalises each channel by statistics that are added over several inputs.
   *
   * @param x [n, c, ..], possibly empty
   * @param weight [c], or null for 1
   * @param bias [c], or null for 0
   * @param sum adds vectors of FLOAT64 over the inputs
   */
  static Normalized bySum(
      Tensor x, Tensor weight, Tensor bias, double eps, UnaryOperator<Tensor> sum) {
    long c = x.size(1);
    double n = c == 0 ? 0 : (double) x.numel() / c;
    int[] dims = otherThanChannels(x);
    Tensor mean = n == 0 ? x.sum(dims, false) : x.mean(dims, false);
    Tensor first = mean.to(DType.FLOAT64);
    Tensor second = first.square();
    if (n > 0) {
      second = second.add(x.var(dims, 0, false).to(DType.FLOAT64));
    }
    Tensor own = Tensor.full(n, DType.FLOAT64, 1).to(x.device());
    Tensor total = sum.apply(Tensor.cat(List.of(first.mul(n), second.mul(n), own), 0));
    double count = total.detach().select(0, 2 * c).item();
    Tensor center = total.narrow(0, 0, c).div(count);
    Tensor var = total.narrow(0, c, c).div(count).sub(center.square()).clampMin(0);
    long[] shape = Channels.shape(x.dim(), c);
    Tensor scale = var.add(eps).rsqrt().to(x.dtype()).reshape(shape);
    Tensor y = x.sub(center.to(x.dtype()).reshape(shape)).mul(scale);
    Tensor scaled = weight == null ? y : y.mul(weight.reshape(shape));
    return new Normalized(
        bias == null ? scaled : scaled.add(bias.reshape(shape)),
        center.detach(),
        var.detach(),
        count);
  }

  private static int[] otherThanChannels(Tensor x) {
    return IntStream.range(0, x.dim()).filter(d -> d != 1).toArray();
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
    return new Normalized(
        weight == null && bias != null ? y[0].add(bias) : y[0], y[1], y[2], x.size(1));
  }

  private static Normalized composed(Tensor x, int[] dims, double eps) {
    Tensor mean = x.mean(dims, true);
    Tensor var = x.var(dims, 0, true);
    Tensor result = x.sub(mean).mul(var.add(eps).rsqrt());
    return new Normalized(
        result, mean.detach().flatten(), var.detach().flatten(), (double) x.numel() / mean.numel());
  }

  private Normalized with(Tensor other) {
    return new Normalized(other, mean, var, count);
  }
}
