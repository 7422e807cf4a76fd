package dev.bellows.nn.layer;

import static dev.bellows.errors.Messages.message;

import dev.bellows.nn.ConvOptions;
import dev.bellows.nn.Functional;
import dev.bellows.nn.Init;
import dev.bellows.nn.MayBeNull;
import dev.bellows.nn.Module;
import dev.bellows.nn.PaddingMode;
import dev.bellows.nn.Parameter;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What convolution layers of any number of dimensions share, transposed ones too. */
abstract class ConvLayer extends Module {
  /**
   * [outChannels, inChannels / groups, kernel…], or [inChannels, outChannels / groups, kernel…] of
   * a transposed convolution.
   */
  public final Parameter weight;

  /** [outChannels], or null. */
  @MayBeNull public final Parameter bias;

  private final ConvOptions options;
  private final PaddingMode paddingMode;
  private final int[] around;
  private final String description;

  ConvLayer(boolean transposed, long in, long out, int[] kernel, ConvLayerOptions<?> o) {
    String type = getClass().getSimpleName();
    int dims = kernel.length;
    int[] stride = each(type, "stride", dims, o.stride);
    int[] padding = each(type, "padding", dims, o.padding);
    int[] dilation = each(type, "dilation", dims, o.dilation);
    int[] outputPadding = each(type, "outputPadding", dims, o.outputPadding);
    List<String> problems = new ArrayList<>();
    if (in < 1 || out < 1) {
      problems.add(message("inChannels and outChannels must be positive, got %s and %s", in, out));
    }
    require(problems, "kernel must be positive", 1, kernel);
    require(problems, "stride must be positive", 1, stride);
    require(problems, "padding must not be negative", 0, padding);
    require(problems, "dilation must be positive", 1, dilation);
    require(problems, "outputPadding must not be negative", 0, outputPadding);
    checkGroups(problems, in, out, o.groups);
    if (transposed && (o.same || o.paddingMode != PaddingMode.ZEROS)) {
      problems.add(
          message("Only \"zeros\" padding mode is supported, got %s", mode(o.paddingMode)));
    }
    if (o.same && Arrays.stream(stride).anyMatch(s -> s != 1)) {
      problems.add(
          message(
              "padding='same' is not supported for strided convolutions, got stride %s",
              tuple(stride)));
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(message("%s: %s", type, String.join("; ", problems)));
    }
    this.paddingMode = o.paddingMode;
    this.around =
        paddingMode == PaddingMode.ZEROS ? null : around(o.same, kernel, padding, dilation);
    ConvOptions rest =
        new ConvOptions()
            .stride(stride)
            .dilation(dilation)
            .outputPadding(outputPadding)
            .groups(o.groups);
    this.options = around != null ? rest : o.same ? rest.padding("same") : rest.padding(padding);
    long[] shape = new long[dims + 2];
    Arrays.setAll(shape, d -> d < 2 ? 0 : kernel[d - 2]);
    shape[0] = transposed ? in : out;
    shape[1] = (transposed ? out : in) / o.groups;
    this.weight = Parameter.of(Tensor.empty(o.dtype(), shape));
    this.bias = o.bias ? Parameter.of(Tensor.empty(o.dtype(), out)) : null;
    double fanIn = shape[1];
    for (int k : kernel) {
      fanIn *= k;
    }
    Init.uniform(weight, -1 / Math.sqrt(fanIn), 1 / Math.sqrt(fanIn), o.generator());
    if (bias != null) {
      Init.uniform(bias, -1 / Math.sqrt(fanIn), 1 / Math.sqrt(fanIn), o.generator());
    }
    String text = in + ", " + out + ", kernel_size=" + tuple(kernel) + ", stride=" + tuple(stride);
    text += o.same ? ", padding=same" : changed("padding", 0, padding);
    text += changed("dilation", 1, dilation) + changed("output_padding", 0, outputPadding);
    text += (o.groups == 1 ? "" : ", groups=" + o.groups) + (o.bias ? "" : ", bias=false");
    this.description = around == null ? text : text + ", padding_mode=" + mode(paddingMode);
  }

  private static int[] each(String type, String what, int dims, int... given) {
    if (given.length != 1 && given.length != dims) {
      throw new IllegalArgumentException(
          message("%s: %s must be 1 or %s numbers; got %s", type, what, dims, given));
    }
    int[] all = new int[dims];
    Arrays.setAll(all, d -> given[given.length == 1 ? 0 : d]);
    return all;
  }

  private static void checkGroups(List<String> problems, long in, long out, int groups) {
    if (groups < 1) {
      problems.add(message("groups must be positive, got %s", groups));
    } else if (in % groups != 0 || out % groups != 0) {
      problems.add(
          message(
              "inChannels and outChannels must be divisible by groups, got %s, %s and %s",
              in, out, groups));
    }
  }

  private static void require(List<String> problems, String rule, int least, int... numbers) {
    if (Arrays.stream(numbers).anyMatch(n -> n < least)) {
      problems.add(message("%s, got %s", rule, tuple(numbers)));
    }
  }

  /** Returns how many elements are added, from the last dimension to the first. */
  private static int[] around(boolean same, int[] kernel, int[] padding, int[] dilation) {
    int dims = kernel.length;
    int[] around = new int[2 * dims];
    for (int d = 0; d < dims; d++) {
      int total = same ? Math.multiplyExact(dilation[d], kernel[d] - 1) : 2 * padding[d];
      around[2 * (dims - 1 - d)] = total / 2;
      around[2 * (dims - 1 - d) + 1] = total - total / 2;
    }
    return around;
  }

  private static String changed(String what, int usual, int... numbers) {
    boolean changed = Arrays.stream(numbers).anyMatch(n -> n != usual);
    return changed ? ", " + what + "=" + tuple(numbers) : "";
  }

  private static String tuple(int... numbers) {
    String text = Arrays.toString(numbers);
    return "(" + text.substring(1, text.length() - 1) + (numbers.length == 1 ? ",)" : ")");
  }

  private static String mode(PaddingMode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }

  /** Computes the convolution of this number of dimensions. */
  abstract Tensor convolve(Tensor x, ConvOptions geometry);

  @Override
  protected final Tensor forward(Tensor x) {
    return convolve(around == null ? x : Functional.pad(x, around, paddingMode), options);
  }

  @Override
  protected final String extraRepr() {
    return description;
  }
}
