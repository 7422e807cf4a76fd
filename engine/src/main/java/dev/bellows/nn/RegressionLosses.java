package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.Function;
import dev.bellows.autograd.FunctionContext;
import dev.bellows.memory.Device;
import dev.bellows.ops.Default;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/** Losses of corresponding elements of an input and a target. */
final class RegressionLosses {
  private RegressionLosses() {}

  /**
   * Computes (x − target)².
   *
   * @param reduction default MEAN
   * @throws IllegalArgumentException if the shapes differ
   */
  public static Tensor mseLoss(
      Tensor x, Tensor target, @Default("Reduction.MEAN") Reduction reduction) {
    Inputs.requireFloating("mseLoss", x);
    checkShapes("mseLoss", x, target);
    Tensor difference = x.sub(target);
    return Losses.reduce(difference.mul(difference), reduction);
  }

  /**
   * Computes |x − target|.
   *
   * @param reduction default MEAN
   * @throws IllegalArgumentException if the shapes differ
   */
  public static Tensor l1Loss(
      Tensor x, Tensor target, @Default("Reduction.MEAN") Reduction reduction) {
    checkShapes("l1Loss", x, target);
    return Losses.reduce(x.sub(target).abs(), reduction);
  }

  /**
   * Computes d²/(2·beta) where |d| &lt; beta, else |d| − beta/2, with d = x − target.
   *
   * @param beta not negative; default 1
   * @param reduction default MEAN
   * @throws IllegalArgumentException if the shapes differ or beta is negative
   */
  public static Tensor smoothL1Loss(
      Tensor x,
      Tensor target,
      @Default("Reduction.MEAN") Reduction reduction,
      @Default("1") double beta) {
    Inputs.requireFloating("smoothL1Loss", x);
    if (!(beta >= 0)) {
      throw new IllegalArgumentException(
          message(
              "smoothL1Loss: smooth_l1_loss does not support negative values for beta.; got %s",
              beta));
    }
    if (beta == 0) {
      return l1Loss(x, target, reduction);
    }
    checkShapes("smoothL1Loss", x, target);
    Tensor d = x.sub(target);
    Tensor size = d.abs();
    Tensor values = Tensor.where(size.lt(beta), d.mul(d).mul(0.5 / beta), size.sub(0.5 * beta));
    return Losses.reduce(values, reduction);
  }

  /**
   * Computes d²/2 where |d| ≤ delta, else delta · (|d| − delta/2), with d = x − target.
   *
   * @param delta positive; default 1
   * @param reduction default MEAN
   * @throws IllegalArgumentException if the shapes differ or delta is not positive
   */
  public static Tensor huberLoss(
      Tensor x,
      Tensor target,
      @Default("Reduction.MEAN") Reduction reduction,
      @Default("1") double delta) {
    Inputs.requireFloating("huberLoss", x);
    if (!(delta > 0)) {
      throw new IllegalArgumentException(
          message(
              "huberLoss: huber_loss does not support non-positive values for delta.; got %s",
              delta));
    }
    checkShapes("huberLoss", x, target);
    Tensor d = x.sub(target);
    Tensor size = d.abs();
    Tensor values =
        Tensor.where(size.le(delta), d.mul(d).mul(0.5), size.sub(0.5 * delta).mul(delta));
    return Losses.reduce(values, reduction);
  }

  /**
   * Computes −weight · (target · ln x + (1 − target) · ln(1 − x)), with logarithms of at least
   * −100.
   *
   * @param x probabilities in [0, 1]
   * @param target of x's shape, in [0, 1]
   * @param weight broadcast to x, or null
   * @param reduction default MEAN
   * @throws IllegalArgumentException if the shapes differ, or x on the CPU has values outside [0,
   *     1]
   */
  public static Tensor binaryCrossEntropy(
      Tensor x,
      Tensor target,
      @Default("null") Tensor weight,
      @Default("Reduction.MEAN") Reduction reduction) {
    if (!Arrays.equals(x.shape(), target.shape())) {
      throw new IllegalArgumentException(
          message(
              "binaryCrossEntropy: Using a target size (%s) that is different to the input size"
                  + " (%s) is deprecated. Please ensure they have the same size.",
              target.shape(), x.shape()));
    }
    Inputs.requireFloating("binaryCrossEntropy", x);
    boolean isChecked = x.device().equals(Device.CPU) && x.numel() > 0;
    if (isChecked && (x.detach().lt(0).any().item() != 0 || x.detach().gt(1).any().item() != 0)) {
      throw new IllegalArgumentException(
          "binaryCrossEntropy: all elements of input should be between 0 and 1");
    }
    return Losses.reduce(weighted(new CrossEntropyOfTwo().apply(x, target), weight), reduction);
  }

  /** The binary cross-entropy, whose gradient is finite where a probability is 0 or 1. */
  private static final class CrossEntropyOfTwo extends Function {
    private static final double LEAST_LOG = -100;
    private static final double LEAST_VARIANCE = 1e-12;

    @Override
    protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
      Tensor x = in[0];
      Tensor target = in[1];
      ctx.saveForBackward(x, target);
      Tensor yes = x.log().clampMin(LEAST_LOG);
      Tensor no = x.neg().log1p().clampMin(LEAST_LOG);
      return new Tensor[] {target.sub(1).mul(no).sub(target.mul(yes))};
    }

    @Override
    protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
      Tensor x = ctx.saved(0);
      Tensor target = ctx.saved(1);
      Tensor g = gradOutputs[0];
      Tensor variance = x.rsub(1).mul(x).clampMin(LEAST_VARIANCE);
      Tensor gradTarget = ctx.needsInputGrad(1) ? g.mul(x.rsub(1).log().sub(x.log())) : null;
      return new Tensor[] {g.mul(x.sub(target)).div(variance), gradTarget};
    }
  }

  /**
   * Computes the binary cross-entropy of sigmoid(x), without overflow; the part of positive targets
   * is multiplied by posWeight.
   *
   * @param x logits
   * @param target of x's shape, in [0, 1]
   * @param weight broadcast to x, or null
   * @param posWeight broadcast to x, or null
   * @param reduction default MEAN
   * @throws IllegalArgumentException if the shapes differ
   */
  public static Tensor binaryCrossEntropyWithLogits(
      Tensor x,
      Tensor target,
      @Default("null") Tensor weight,
      @Default("null") Tensor posWeight,
      @Default("Reduction.MEAN") Reduction reduction) {
    if (!Arrays.equals(x.shape(), target.shape())) {
      throw new IllegalArgumentException(
          message(
              "binaryCrossEntropyWithLogits: Target size (%s) must be the same as input size (%s)",
              target.shape(), x.shape()));
    }
    Inputs.requireFloating("binaryCrossEntropyWithLogits", x);
    Tensor log = Activations.logSigmoid(x);
    Tensor positive = posWeight == null ? log : posWeight.sub(1).mul(target).add(1).mul(log);
    return Losses.reduce(weighted(target.rsub(1).mul(x).sub(positive), weight), reduction);
  }

  /**
   * Computes target · (ln target − x), the Kullback-Leibler divergence of x, the logarithms of
   * probabilities, from the target.
   *
   * @param target probabilities, or their logarithms if {@code logTarget}
   * @param reduction default MEAN, of all elements; BATCH_MEAN is the definition's
   * @param logTarget default false
   */
  public static Tensor klDiv(
      Tensor x,
      Tensor target,
      @Default("Reduction.MEAN") Reduction reduction,
      @Default("false") boolean logTarget) {
    Inputs.requireFloating("klDiv", x);
    checkShapes("klDiv", x, target);
    Tensor values =
        logTarget ? target.exp().mul(target.sub(x)) : target.xlogy(target).sub(target.mul(x));
    if (reduction != Reduction.BATCH_MEAN) {
      return Losses.reduce(values, reduction);
    }
    return values.sum().div(x.dim() == 0 ? 1 : x.size(0));
  }

  /**
   * Computes the negative logarithm of the Poisson probability of the target: eˣ − target · x if
   * {@code logInput}, else x − target · ln(x + eps); {@code full} adds Stirling's approximation of
   * ln(target!) where target &gt; 1.
   *
   * @throws IllegalArgumentException if the shapes differ
   */
  public static Tensor poissonNllLoss(
      Tensor x, Tensor target, @Default("PoissonNllArgs.create()") PoissonNllArgs args) {
    checkShapes("poissonNllLoss", x, target);
    Tensor values =
        args.logInput() ? x.exp().sub(target.mul(x)) : x.sub(target.mul(x.add(args.eps()).log()));
    if (args.full()) {
      Tensor one = Tensor.onesLike(target.detach());
      Tensor t = Tensor.where(target.gt(1), target, one);
      Tensor stirling = t.mul(t.log()).sub(t).add(t.mul(2 * Math.PI).log().mul(0.5));
      values = values.add(Tensor.where(target.gt(1), stirling, Tensor.zerosLike(one)));
    }
    return Losses.reduce(values, args.reduction());
  }

  /**
   * Computes (ln max(var, eps) + (x − target)²/max(var, eps)) / 2, the negative logarithm of the
   * Gaussian density of the target up to a constant, which {@code full} adds. No gradient flows
   * through the maximum.
   *
   * @param var of x's shape, or without its last dimension, or with size 1 there; not negative
   * @throws IllegalArgumentException if shapes differ, eps is not positive, or a variance on the
   *     CPU is negative
   */
  public static Tensor gaussianNllLoss(
      Tensor x,
      Tensor target,
      Tensor var,
      @Default("GaussianNllArgs.create()") GaussianNllArgs args) {
    checkShapes("gaussianNllLoss", x, target);
    double eps = args.eps();
    if (!(eps > 0)) {
      throw new IllegalArgumentException(
          message("gaussianNllLoss: eps must be positive; got %s", eps));
    }
    Tensor variance = varianceOf(x, var);
    if (var.device().equals(Device.CPU)
        && var.numel() > 0
        && var.detach().lt(0).any().item() != 0) {
      throw new IllegalArgumentException("gaussianNllLoss: var has negative entry/entries");
    }
    // at least eps, with the gradient of the variance itself
    Tensor bounded = variance.add(variance.detach().clampMin(eps).sub(variance.detach()));
    Tensor d = x.sub(target);
    Tensor values = bounded.log().add(d.mul(d).div(bounded)).mul(0.5);
    return Losses.reduce(
        args.full() ? values.add(0.5 * Math.log(2 * Math.PI)) : values, args.reduction());
  }

  private static Tensor varianceOf(Tensor x, Tensor var) {
    long[] shape = x.shape();
    if (Arrays.equals(var.shape(), shape)) {
      return var;
    }
    long[] without = shape.length == 0 ? shape : Arrays.copyOf(shape, shape.length - 1);
    if (Arrays.equals(var.shape(), without)) {
      return var.unsqueeze(-1);
    }
    long[] one = shape.clone();
    if (shape.length > 0) {
      one[shape.length - 1] = 1;
    }
    if (!Arrays.equals(var.shape(), one)) {
      throw new IllegalArgumentException(
          message(
              "gaussianNllLoss: var is of incorrect size; got %s for input %s",
              var.shape(), shape));
    }
    return var;
  }

  private static Tensor weighted(Tensor values, Tensor weight) {
    return weight == null ? values : values.mul(weight);
  }

  static void checkShapes(String name, Tensor x, Tensor target) {
    if (!Arrays.equals(x.shape(), target.shape())) {
      throw new IllegalArgumentException(
          message(
              "%s: input and target must have one shape; got %s and %s",
              name, x.shape(), target.shape()));
    }
  }
}
