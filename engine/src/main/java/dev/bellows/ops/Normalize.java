package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.autograd.GradMode;
import dev.bellows.backend.Backends;
import dev.bellows.backend.Kernels;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.memory.Layout;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import java.lang.ref.Reference;
import java.util.Arrays;

/**
 * y = (x − mean) / √(var + eps) · weight + bias, by channel of images or by row of a matrix, in one
 * kernel; the variance divides by the number of values. With x̂ = (x − mean) / √(var + eps) and ĝ =
 * g · weight, the gradients are Σ g · x̂ for weight, Σ g for bias, and (ĝ − mean(ĝ) − x̂ · mean(ĝ ·
 * x̂)) / √(var + eps) for x.
 */
public final class Normalize extends EngineFunction {
  private static final int IMAGES = 4;
  private static final int ROWS = 2;

  private final int dims;
  private final double eps;

  private Normalize(int dims, double eps) {
    this.dims = dims;
    this.eps = eps;
  }

  /** Returns whether the device has the kernel for a type; other types are composed. */
  public static boolean supports(Device device, DType dtype) {
    return Backends.of(device).normalizes(dtype);
  }

  /**
   * Normalises each channel of images.
   *
   * @param x [n, c, h, w], not empty
   * @param weight [c], or null for neither weight nor bias
   * @param bias [c], or null
   * @return the result, and without a gradient mean and variance, both [c]
   * @throws IllegalArgumentException if shapes or types do not fit
   */
  public static Tensor[] channels(Tensor x, Tensor weight, Tensor bias, double eps) {
    return of(IMAGES, x, weight, bias, eps);
  }

  /**
   * Normalises each row of a matrix.
   *
   * @param x [rows, n], not empty
   * @param weight [n], or null for neither weight nor bias
   * @param bias [n], or null
   * @return the result, and without a gradient mean and variance, both [rows]
   * @throws IllegalArgumentException if shapes or types do not fit
   */
  public static Tensor[] rows(Tensor x, Tensor weight, Tensor bias, double eps) {
    return of(ROWS, x, weight, bias, eps);
  }

  private static Tensor[] of(int dims, Tensor x, Tensor weight, Tensor bias, double eps) {
    Normalize op = new Normalize(dims, eps);
    return weight == null
        ? op.applyAll(x)
        : bias == null ? op.applyAll(x, weight) : op.applyAll(x, weight, bias);
  }

  @Override
  public String name() {
    return "normalize";
  }

  /** Native code trusts what passes here. */
  private static void check(int dims, Tensor... in) {
    Tensor x = in[0];
    boolean fits = x.dim() == dims && x.numel() > 0;
    for (int i = 1; i < in.length; i++) {
      fits = fits && in[i].dim() == 1 && in[i].size(0) == x.size(1);
    }
    if (!fits) {
      throw new IllegalArgumentException(
          message(
              "normalize: x must have %s dimensions and elements, weight and bias x's size 1; got"
                  + " %s",
              dims, Arrays.toString(Arrays.stream(in).map(Tensor::shape).toArray(long[][]::new))));
    }
    Types.same("normalize", in);
    if (!supports(x.device(), x.dtype())) {
      throw new IllegalArgumentException(
          message("normalize: %s must have a kernel for the type; got %s", x.device(), x.dtype()));
    }
  }

  @Override
  protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
    check(dims, in);
    Strided x = in[0].strided();
    Tensor weight = in.length > 1 ? in[1].contiguous() : null;
    Tensor bias = in.length > 2 ? in[2].contiguous() : null;
    Tensor out = Internals.allocate(x.device(), x.dtype(), layout(x));
    long statistics = x.dim() == IMAGES ? x.size(1) : x.size(0);
    Tensor mean = Internals.allocate(x.device(), x.dtype(), statistics);
    Tensor var = Internals.allocate(x.device(), x.dtype(), statistics);
    Internals.kernels(out)
        .normalize(
            x.physical(),
            weight == null ? null : weight.strided(),
            bias == null ? null : bias.strided(),
            eps,
            out.strided().physical(),
            mean.strided(),
            var.strided());
    Reference.reachabilityFence(weight);
    Reference.reachabilityFence(bias);
    ctx.markNonDifferentiable(mean, var);
    if (weight == null) {
      ctx.saveForBackward(in[0], mean, var);
    } else {
      ctx.saveForBackward(in[0], mean, var, in[1]);
    }
    return new Tensor[] {out, mean, var};
  }

  /** Images lie channels-last in memory, unseen unless x does so visibly. */
  private static Layout layout(Strided x) {
    return x.dim() == IMAGES
        ? Layout.channelsLast(x.sizes(), x.suggestsChannelsLast())
        : Layout.contiguous(x.sizes());
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor x = ctx.saved(0);
    Tensor weight = ctx.inputs() > 1 ? ctx.saved(3) : null;
    Tensor[] grads =
        GradMode.isEnabled()
            ? composed(gradOutputs[0], x, weight)
            : computed(gradOutputs[0], x, weight, ctx);
    return Arrays.copyOf(grads, ctx.inputs());
  }

  private Tensor[] computed(Tensor gradOut, Tensor x, Tensor weight, FunctionContext ctx) {
    Strided like = x.strided();
    Tensor gradX = Internals.allocate(like.device(), like.dtype(), layout(like));
    boolean hasBias = ctx.inputs() > 2;
    Tensor gradWeight =
        weight == null ? null : Internals.allocate(x.device(), x.dtype(), weight.size(0));
    Tensor gradBias = hasBias ? Internals.allocate(x.device(), x.dtype(), weight.size(0)) : null;
    Kernels kernels = Internals.kernels(x);
    kernels.normalizeGrad(
        gradOut.strided().physical(),
        like.physical(),
        weight == null ? null : weight.contiguous().strided(),
        eps,
        ctx.saved(1).strided(),
        ctx.saved(2).strided(),
        gradX.strided().physical(),
        gradWeight == null ? null : gradWeight.strided(),
        gradBias == null ? null : gradBias.strided());
    return new Tensor[] {gradX, gradWeight, gradBias};
  }

  private Tensor[] composed(Tensor gradOut, Tensor x, Tensor weight) {
    boolean images = x.dim() == IMAGES;
    int[] over = images ? new int[] {0, 2, 3} : new int[] {1};
    int[] others = images ? over : new int[] {0};
    Tensor scale = x.var(over, 0, true).add(eps).rsqrt();
    Tensor normalized = x.sub(x.mean(over, true)).mul(scale);
    Tensor weighted =
        weight == null
            ? gradOut
            : gradOut.mul(images ? weight.reshape(1, x.size(1), 1, 1) : weight);
    Tensor along = normalized.mul(weighted.mul(normalized).mean(over, true));
    Tensor gradX = weighted.sub(weighted.mean(over, true)).sub(along).mul(scale);
    return new Tensor[] {
      gradX, gradOut.mul(normalized).sum(others, false), gradOut.sum(others, false)
    };
  }
}
