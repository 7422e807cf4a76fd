package dev.bellows.nn.layer;

import static dev.bellows.errors.Messages.message;

import dev.bellows.backend.Conv2dArgs;
import dev.bellows.nn.Functional;
import dev.bellows.nn.Init;
import dev.bellows.nn.MayBeNull;
import dev.bellows.nn.Module;
import dev.bellows.nn.Parameter;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;

/**
 * Cross-correlation of images with learned filters. x [n, inChannels, h, w] → [n, outChannels,
 * outH, outW] with outH = (h + 2·paddingH − dilationH·(kernelH − 1) − 1) / strideH + 1; weight
 * [outChannels, inChannels / groups, kernelH, kernelW], bias [outChannels]. Both are initialised
 * uniformly in ±1/√(inChannels / groups · kernelH · kernelW), weight first. Defaults: see {@link
 * Options}. Source: PyTorch's {@code torch.nn.Conv2d}.
 */
public final class Conv2d extends Module {
  /** [outChannels, inChannels / groups, kernelH, kernelW]. */
  public final Parameter weight;

  /** [outChannels], or null. */
  @MayBeNull public final Parameter bias;

  private final long inChannels;
  private final Conv2dArgs args;

  /** Creates a layer of square filters with stride 1, no padding, one group and bias. */
  public Conv2d(long inChannels, long outChannels, int kernel) {
    this(inChannels, outChannels, kernel, options());
  }

  /** Creates a layer of square filters. */
  public Conv2d(long inChannels, long outChannels, int kernel, Options options) {
    this(inChannels, outChannels, kernel, kernel, options);
  }

  /**
   * Creates a layer of filters of kernelH rows and kernelW columns.
   *
   * @throws IllegalArgumentException listing all sizes that are out of range, or channels that
   *     groups do not divide
   */
  public Conv2d(long inChannels, long outChannels, int kernelH, int kernelW, Options options) {
    check(inChannels, outChannels, kernelH, kernelW, options);
    this.inChannels = inChannels;
    this.args = options.args();
    long perGroup = inChannels / options.groups;
    this.weight =
        Parameter.of(Tensor.empty(options.dtype(), outChannels, perGroup, kernelH, kernelW));
    this.bias = options.bias ? Parameter.of(Tensor.empty(options.dtype(), outChannels)) : null;
    double bound = 1 / Math.sqrt((double) perGroup * kernelH * kernelW);
    Generator generator = options.generator();
    Init.uniform(weight, -bound, bound, generator);
    if (bias != null) {
      Init.uniform(bias, -bound, bound, generator);
    }
  }

  /** Returns the default options, which the caller may change one by one. */
  public static Options options() {
    return new Options();
  }

  private static void check(long in, long out, int kernelH, int kernelW, Options o) {
    java.util.List<String> problems = new java.util.ArrayList<>();
    if (in < 1 || out < 1) {
      problems.add(message("inChannels and outChannels must be positive, got %s and %s", in, out));
    }
    if (kernelH < 1 || kernelW < 1) {
      problems.add("kernel must be positive, got " + pair(kernelH, kernelW));
    }
    if (o.strideH < 1 || o.strideW < 1) {
      problems.add("stride must be positive, got " + pair(o.strideH, o.strideW));
    }
    if (o.padH < 0 || o.padW < 0) {
      problems.add("padding must not be negative, got " + pair(o.padH, o.padW));
    }
    if (o.dilationH < 1 || o.dilationW < 1) {
      problems.add("dilation must be positive, got " + pair(o.dilationH, o.dilationW));
    }
    if (o.groups < 1) {
      problems.add("groups must be positive, got " + o.groups);
    } else if (in % o.groups != 0 || out % o.groups != 0) {
      problems.add(
          message(
              "inChannels and outChannels must be divisible by groups, got %s, %s and %s",
              in, out, o.groups));
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException("Conv2d: " + String.join("; ", problems));
    }
  }

  private static String pair(int h, int w) {
    return "(" + h + ", " + w + ")";
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.conv2d(x, weight, bias, args);
  }

  @Override
  protected String extraRepr() {
    String text = inChannels + ", " + weight.size(0);
    text += ", kernel_size=" + pair((int) weight.size(2), (int) weight.size(3));
    text += ", stride=" + pair(args.strideH(), args.strideW());
    if (args.padH() != 0 || args.padW() != 0) {
      text += ", padding=" + pair(args.padH(), args.padW());
    }
    if (args.dilationH() != 1 || args.dilationW() != 1) {
      text += ", dilation=" + pair(args.dilationH(), args.dilationW());
    }
    if (args.groups() != 1) {
      text += ", groups=" + args.groups();
    }
    return bias == null ? text + ", bias=false" : text;
  }

  /**
   * Options of a convolution. Defaults: stride 1, padding 0, dilation 1, groups 1, bias, and those
   * of {@link LayerOptions}.
   */
  public static final class Options extends LayerOptions<Options> {
    private int strideH = 1;
    private int strideW = 1;
    private int padH;
    private int padW;
    private int dilationH = 1;
    private int dilationW = 1;
    private int groups = 1;
    private boolean bias = true;

    private Options() {}

    /** Sets the stride in rows and columns. */
    public Options stride(int stride) {
      return stride(stride, stride);
    }

    /** Sets the stride in rows and in columns. */
    public Options stride(int rows, int columns) {
      strideH = rows;
      strideW = columns;
      return this;
    }

    /** Sets the number of zero rows and columns added on each side. */
    public Options padding(int padding) {
      return padding(padding, padding);
    }

    /** Sets the number of zero rows added above and below, and of zero columns left and right. */
    public Options padding(int rows, int columns) {
      padH = rows;
      padW = columns;
      return this;
    }

    /** Sets the spacing between the taps of a filter, in rows and columns. */
    public Options dilation(int dilation) {
      return dilation(dilation, dilation);
    }

    /** Sets the spacing between the taps of a filter, in rows and in columns. */
    public Options dilation(int rows, int columns) {
      dilationH = rows;
      dilationW = columns;
      return this;
    }

    /** Sets the number of groups that channels are split into, each with separate filters. */
    public Options groups(int count) {
      groups = count;
      return this;
    }

    /** Sets whether a bias is added. */
    public Options bias(boolean with) {
      bias = with;
      return this;
    }

    private Conv2dArgs args() {
      return new Conv2dArgs(strideH, strideW, padH, padW, dilationH, dilationW, groups);
    }
  }
}
