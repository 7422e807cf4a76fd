package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.GradMode;
import dev.bellows.errors.Messages;
import dev.bellows.memory.DType;
import dev.bellows.ops.Default;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Normalisation by statistics of a batch, of channels, of instances and of layers. */
final class Normalization {
  private Normalization() {}

  /**
   * Computes (x − mean) / √(var + eps) · weight + bias for each channel. The statistics are those
   * of the input over all dimensions but the second if {@code training} or both running ones are
   * null; else the running ones. In training, the running ones become (1 − momentum) · running +
   * momentum · those of the input, with the unbiased variance.
   *
   * @param x [n, c, ..]
   * @param runningMean [c], or null
   * @param runningVar [c], or null
   * @return of x's shape and type
   * @throws IllegalArgumentException if a shape or type does not fit, or there is only one value
   *     per channel to take the statistics of
   */
  public static Tensor batchNorm(
      Tensor x,
      Tensor runningMean,
      Tensor runningVar,
      @Default("BatchNormArgs.create()") BatchNormArgs args) {
    return batchNorm(x, runningMean, runningVar, args, null);
  }

  /** Normalises with statistics that are added over several inputs by {@code sum}, if not null. */
  static Tensor batchNorm(
      Tensor x,
      Tensor runningMean,
      Tensor runningVar,
      BatchNormArgs args,
      UnaryOperator<Tensor> sum) {
    checkDims("batchNorm", 2, x);
    long c = x.size(1);
    checkPerChannel("batchNorm", x, c, runningMean, runningVar, args);
    int[] dims = IntStream.range(0, x.dim()).filter(d -> d != 1).toArray();
    Tensor wide = Widened.of(x);
    if (!args.training() && (runningMean != null || runningVar != null)) {
      checkBothRunning("batchNorm", runningMean, runningVar);
      long[] shape = Channels.shape(x.dim(), c);
      Tensor mean = Widened.of(runningMean).reshape(shape);
      Tensor var = Widened.of(runningVar).reshape(shape);
      Tensor normalized = wide.sub(mean).mul(var.add(args.eps()).rsqrt());
      return affine(normalized, args, x.dtype());
    }
    boolean adds = args.training() && sum != null;
    if (!adds && c > 0 && x.numel() == c) {
      throw single("batchNorm", x.shape());
    }
    if (!adds && x.numel() == 0) {
      return affine(wide, args, x.dtype());
    }
    Tensor weight = Widened.of(args.weight());
    Tensor bias = Widened.of(args.bias());
    Normalized y =
        adds
            ? Normalized.bySum(wide, weight, bias, args.eps(), sum)
            : Normalized.byChannel(wide, weight, bias, args.eps());
    if (y.count() <= 1) {
      throw single("batchNorm", x.shape());
    }
    if (args.training()) {
      update(runningMean, y.mean(), args.momentum());
      update(runningVar, unbiased(y), args.momentum());
    }
    return y.result().to(x.dtype());
  }

  /**
   * Normalises each channel of each instance: {@link #batchNorm} with each instance as its own
   * batch. The statistics are those of the input if {@code training} or both running ones are null,
   * else the running ones; in training the running ones follow the mean over the instances.
   *
   * @param x [n, c, ..] with at least one dimension after the channels
   * @param runningMean [c], or null
   * @param runningVar [c], or null
   * @return of x's shape and type
   * @throws IllegalArgumentException if a shape or type does not fit, or there is only one value
   *     per channel to take the statistics of
   */
  public static Tensor instanceNorm(
      Tensor x,
      @Default("null") Tensor runningMean,
      @Default("null") Tensor runningVar,
      @Default("BatchNormArgs.create()") BatchNormArgs args) {
    checkDims("instanceNorm", 3, x);
    long c = x.size(1);
    if (!args.training() && (runningMean != null || runningVar != null)) {
      checkBothRunning("instanceNorm", runningMean, runningVar);
      return batchNorm(x, runningMean, runningVar, args);
    }
    checkPerChannel("instanceNorm", x, c, runningMean, runningVar, args);
    long spatial = Arrays.stream(x.shape()).skip(2).reduce(1, (a, b) -> a * b);
    if (spatial == 1) {
      throw new IllegalArgumentException(
          Messages.message(
              "instanceNorm: Expected more than 1 spatial element when training, got input size %s",
              x.shape()));
    }
    Tensor wide = Widened.of(x);
    if (x.numel() == 0) {
      return affine(wide, args, x.dtype());
    }
    long n = x.size(0);
    Normalized y = Normalized.byRow(wide.reshape(n * c, spatial), null, null, args.eps());
    if (args.training()) {
      update(runningMean, y.mean().reshape(n, c).mean(0), args.momentum());
      update(runningVar, unbiased(y).reshape(n, c).mean(0), args.momentum());
    }
    return affine(y.result().reshape(x.shape()), args, x.dtype());
  }

  /**
   * Computes (x − mean) / √(var + eps) · weight + bias with the statistics of the last dimensions.
   *
   * @param x [.., normalizedShape]
   * @param weight of normalizedShape, or null for 1
   * @param bias of normalizedShape, or null for 0
   * @param eps default 1e-5
   * @throws IllegalArgumentException if the last dimensions differ from normalizedShape
   */
  public static Tensor layerNorm(
      Tensor x,
      long[] normalizedShape,
      @Default("null") Tensor weight,
      @Default("null") Tensor bias,
      @Default("1e-5") double eps) {
    lastDims("layerNorm", x, normalizedShape, weight, bias);
    Tensor wide = Widened.of(x);
    Tensor w = Widened.of(weight);
    Tensor b = Widened.of(bias);
    if (x.numel() == 0) {
      return scaled(wide, w, b).to(x.dtype());
    }
    long n = Arrays.stream(normalizedShape).reduce(1, (u, v) -> u * v);
    Tensor y =
        Normalized.byRow(
                wide.reshape(x.numel() / n, n),
                w == null ? null : w.reshape(n),
                b == null ? null : b.reshape(n),
                eps)
            .result();
    return y.reshape(x.shape()).to(x.dtype());
  }

  /**
   * Computes x / √(mean(x²) + eps) · weight with the mean over the last dimensions.
   *
   * @param x [.., normalizedShape]
   * @param weight of normalizedShape, or null for 1
   * @param eps null stands for the distance from 1 to the next number of x's type
   * @throws IllegalArgumentException if the last dimensions differ from normalizedShape
   */
  public static Tensor rmsNorm(
      Tensor x,
      long[] normalizedShape,
      @Default("null") Tensor weight,
      @Default("null") Double eps) {
    int[] dims = lastDims("rmsNorm", x, normalizedShape, weight, null);
    Tensor wide = Widened.of(x);
    double added = eps != null ? eps : x.dtype() == DType.FLOAT64 ? Math.ulp(1.0) : Math.ulp(1f);
    Tensor y = wide.mul(wide.mul(wide).mean(dims, true).add(added).rsqrt());
    return scaled(y, Widened.of(weight), null).to(x.dtype());
  }

  /**
   * Splits the channels in groups and normalises each group of each instance by its statistics.
   *
   * @param x [n, c, ..]
   * @param groups number of groups, which divides c
   * @param weight [c], or null for 1
   * @param bias [c], or null for 0
   * @param eps default 1e-5
   * @throws IllegalArgumentException if groups do not divide the channels, a shape does not fit, or
   *     there is only one value per group
   */
  public static Tensor groupNorm(
      Tensor x,
      int groups,
      @Default("null") Tensor weight,
      @Default("null") Tensor bias,
      @Default("1e-5") double eps) {
    checkDims("groupNorm", 2, x);
    long c = x.size(1);
    if (groups < 1 || c % groups != 0) {
      throw new IllegalArgumentException(
          Messages.message(
              "groupNorm: Expected number of channels in input to be divisible by num_groups, but"
                  + " got input of shape %s and num_groups=%s",
              x.shape(), groups));
    }
    BatchNormArgs args = BatchNormArgs.create().affine(weight, bias).eps(eps);
    checkPerChannel("groupNorm", x, c, null, null, args);
    long n = x.size(0);
    if (x.numel() == groups) {
      throw single("groupNorm", x.shape());
    }
    Tensor wide = Widened.of(x);
    if (x.numel() == 0) {
      return affine(wide, args, x.dtype());
    }
    Tensor rows = wide.reshape(n * groups, x.numel() / (n * groups));
    Tensor y = Normalized.byRow(rows, null, null, eps).result();
    return affine(y.reshape(x.shape()), args, x.dtype());
  }

  /**
   * Divides each element by (k + alpha · the mean of the squares of {@code size} neighbouring
   * channels)^beta; channels outside count as 0.
   *
   * @param x [n, c, ..] with at least one dimension after the channels
   * @param alpha default 1e-4
   * @param beta default 0.75
   * @param k default 1
   * @throws IllegalArgumentException if x has fewer than 3 dimensions or size is below 1
   */
  public static Tensor localResponseNorm(
      Tensor x,
      int size,
      @Default("1e-4") double alpha,
      @Default("0.75") double beta,
      @Default("1") double k) {
    Inputs.requireFloating("localResponseNorm", x);
    if (x.dim() < 3) {
      throw new IllegalArgumentException(
          Messages.message(
              "localResponseNorm: Expected 3D or higher dimensionality input (got %s dimensions)",
              x.dim()));
    }
    if (size < 1) {
      throw new IllegalArgumentException(
          Messages.message("localResponseNorm: size must be at least 1; got %s", size));
    }
    if (x.numel() == 0) {
      return x;
    }
    Tensor wide = Widened.of(x);
    Tensor squares = wide.mul(wide);
    long[] before = x.shape();
    long[] after = x.shape();
    before[1] = size / 2;
    after[1] = (size - 1) / 2;
    Tensor padded =
        Tensor.cat(
            List.of(
                Tensor.on(x.device()).zeros(wide.dtype(), before),
                squares,
                Tensor.on(x.device()).zeros(wide.dtype(), after)),
            1);
    Tensor sums = padded.narrow(1, 0, x.size(1));
    for (int offset = 1; offset < size; offset++) {
      sums = sums.add(padded.narrow(1, offset, x.size(1)));
    }
    return wide.div(sums.mul(alpha / size).add(k).pow(beta)).to(x.dtype());
  }

  @SuppressWarnings("try")
  private static void update(Tensor running, Tensor value, double momentum) {
    if (running != null) {
      try (GradMode mode = GradMode.noGrad()) {
        running.mul_(1 - momentum).add_(value.to(running.dtype()), momentum);
      }
    }
  }

  private static Tensor affine(Tensor y, BatchNormArgs args, DType type) {
    long[] shape = Channels.shape(y.dim(), y.size(1));
    Tensor weight = args.weight() == null ? null : Widened.of(args.weight()).reshape(shape);
    Tensor bias = args.bias() == null ? null : Widened.of(args.bias()).reshape(shape);
    return scaled(y, weight, bias).to(type);
  }

  private static Tensor scaled(Tensor y, Tensor weight, Tensor bias) {
    Tensor scaled = weight == null ? y : y.mul(weight);
    return bias == null ? scaled : scaled.add(bias);
  }

  private static void checkDims(String name, int least, Tensor x) {
    if (x.dim() < least) {
      throw new IllegalArgumentException(
          Messages.message(
              "%s: Expected at least %s dimensions for input tensor but received %s",
              name, least, x.dim()));
    }
    Inputs.requireFloating(name, x);
  }

  private static void checkBothRunning(String name, Tensor runningMean, Tensor runningVar) {
    if (runningMean == null || runningVar == null) {
      throw new IllegalArgumentException(
          Messages.message(
              "%s: Expected running_mean and running_var to be defined in evaluation; got one",
              name));
    }
  }

  private static void checkPerChannel(
      String name, Tensor x, long c, Tensor runningMean, Tensor runningVar, BatchNormArgs args) {
    checkOf(name, "running_mean", x, c, runningMean);
    checkOf(name, "running_var", x, c, runningVar);
    checkOf(name, "weight", x, c, args.weight());
    checkOf(name, "bias", x, c, args.bias());
  }

  private static void checkOf(String name, String what, Tensor x, long c, Tensor values) {
    if (values == null) {
      return;
    }
    if (values.dim() != 1 || values.numel() != c) {
      throw new IllegalArgumentException(
          Messages.message(
              "%s: %s should contain %s elements not %s; got %s for input %s",
              name, what, c, values.numel(), values.shape(), x.shape()));
    }
    checkType(name, what, x, values);
  }

  /** Values of 16-bit inputs may be FLOAT32; all others are of the input's type. */
  private static void checkType(String name, String what, Tensor x, Tensor values) {
    boolean mixed = x.dtype().isHalf() && values.dtype() == DType.FLOAT32;
    if (values.dtype() != x.dtype() && !mixed) {
      throw new IllegalArgumentException(
          Messages.message(
              "%s: %s must be of the input's type %s; got %s",
              name, what, x.dtype(), values.dtype()));
    }
  }

  /** Checks the last dimensions, which are returned, and the shapes of weight and bias. */
  private static int[] lastDims(
      String name, Tensor x, long[] normalizedShape, Tensor weight, Tensor bias) {
    Inputs.requireFloating(name, x);
    int n = normalizedShape.length;
    if (n == 0) {
      throw new IllegalArgumentException(
          message(
              "%s: Expected normalized_shape to be at least 1-dimensional, i.e., containing at"
                  + " least one element; got []",
              name));
    }
    long[] shape = x.shape();
    if (shape.length < n
        || !Arrays.equals(
            Arrays.copyOfRange(shape, shape.length - n, shape.length), normalizedShape)) {
      throw new IllegalArgumentException(
          Messages.message(
              "%s: Given normalized_shape=%s, expected input with shape %s, but got input of size"
                  + " %s",
              name, normalizedShape, Arrays.toString(normalizedShape).replace("[", "[*, "), shape));
    }
    for (Tensor values : new Tensor[] {weight, bias}) {
      String what = values == weight ? "weight" : "bias";
      if (values != null && !Arrays.equals(values.shape(), normalizedShape)) {
        throw new IllegalArgumentException(
            Messages.message(
                "%s: Expected %s to be of same shape as normalized_shape, but got %s of shape %s"
                    + " and normalized_shape = %s",
                name, what, what, values.shape(), normalizedShape));
      }
      if (values != null) {
        checkType(name, what, x, values);
      }
    }
    return IntStream.range(shape.length - n, shape.length).toArray();
  }

  private static Tensor unbiased(Normalized y) {
    return y.var().mul(y.count() / (y.count() - 1));
  }

  private static IllegalArgumentException single(String name, long... shape) {
    return new IllegalArgumentException(
        Messages.message(
            "%s: Expected more than 1 value per channel when training, got input size %s",
            name, shape));
  }
}
