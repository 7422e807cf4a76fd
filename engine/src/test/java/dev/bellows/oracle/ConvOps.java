package dev.bellows.oracle;

import static dev.bellows.oracle.OpInfo.FLOATING;

import dev.bellows.memory.DType;
import dev.bellows.nn.ConvOptions;
import dev.bellows.nn.Functional;
import dev.bellows.nn.PaddingMode;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** Convolutions of one to three dimensions, transposed ones, padding, and patches. */
final class ConvOps {
  private ConvOps() {}

  static List<OpInfo> all() {
    return List.of(
        sums("conv1d", (r, t) -> conv(1, r, t)).fast(),
        sums("conv2d of options", (r, t) -> conv(2, r, t)).fast(),
        sums("conv3d", (r, t) -> conv(3, r, t)).fast(),
        sums("convTranspose1d", (r, t) -> transposed(1, r, t)).fast(),
        sums("convTranspose2d", (r, t) -> transposed(2, r, t)).fast(),
        sums("convTranspose3d", (r, t) -> transposed(3, r, t)).fast(),
        OpInfo.of("pad", OpInfo.ALL, ConvOps::pad).grad(2).exact(),
        OpInfo.of("pad by mode", FLOATING, ConvOps::padByMode).grad(2),
        OpInfo.of("unfold patches", FLOATING, ConvOps::unfold).grad(2),
        OpInfo.of("fold", FLOATING, ConvOps::fold).grad(2).noSpecialValues().borders(-1),
        OpInfo.of("pixelShuffle", OpInfo.ALL, ConvOps::pixelShuffle).grad(2).exact(),
        OpInfo.of("pixelUnshuffle", OpInfo.ALL, ConvOps::pixelUnshuffle).grad(2).exact(),
        OpInfo.of("channelShuffle", FLOATING, ConvOps::channelShuffle).grad(2).exact());
  }

  /** Sums of products, of which only numbers are compared. */
  private static OpInfo sums(String name, OpInfo.Sampler sampler) {
    return OpInfo.of(name, FLOATING, sampler).grad(2).scaled().noSpecialValues().borders(-1);
  }

  private static int[] numbers(Rng r, int count, int low, int high) {
    int[] all = new int[count];
    Arrays.setAll(all, d -> r.between(low, high));
    return all;
  }

  /** A shape of leading sizes, then those of the spatial dimensions. */
  private static long[] shape(long[] first, int... spatial) {
    long[] all = Arrays.copyOf(first, first.length + spatial.length);
    Arrays.setAll(all, d -> d < first.length ? first[d] : spatial[d - first.length]);
    return all;
  }

  private record Geometry(
      int dims, int groups, int[] stride, int[] padding, int[] dilation, int[] kernel, int[] size) {
    static Geometry random(int dims, Rng r) {
      boolean small = r.small();
      int most = small || dims == 3 ? 1 : 2;
      return new Geometry(
          dims,
          r.between(1, 2),
          numbers(r, dims, 1, 2),
          numbers(r, dims, 0, most),
          numbers(r, dims, 1, most),
          numbers(r, dims, 1, small ? 2 : 3),
          numbers(r, dims, small ? 2 : 5 - dims / 2, small ? 3 - dims / 3 : 8 - dims));
    }

    ConvOptions options() {
      return new ConvOptions().stride(stride).padding(padding).dilation(dilation).groups(groups);
    }
  }

  private static Arg[] args(DType t, boolean bias, long channels, long[]... shapes) {
    long[][] all = bias ? Arrays.copyOf(shapes, shapes.length + 1) : shapes;
    if (bias) {
      all[shapes.length] = new long[] {channels};
    }
    return Arrays.stream(Arg.of(t, all)).map(a -> a.in(-1, 1)).toArray(Arg[]::new);
  }

  private static long[] batch(Rng r, long channels) {
    return r.oneIn(4)
        ? new long[] {channels}
        : new long[] {r.small() ? 1 : r.oneIn(8) ? 0 : r.between(1, 3), channels};
  }

  private static Sample conv(int dims, Rng r, DType t) {
    Geometry g = Geometry.random(dims, r);
    long c = g.groups * (long) r.between(1, r.small() ? 1 : 3);
    long o = g.groups * (long) r.between(1, r.small() ? 1 : 4);
    boolean bias = r.nextBoolean();
    boolean same = r.oneIn(4);
    ConvOptions options =
        same
            ? new ConvOptions().dilation(g.dilation).groups(g.groups).padding("same")
            : g.options();
    int[] ones = new int[dims];
    Arrays.fill(ones, 1);
    return Sample.of(
            "torch.conv" + dims + "d(x0, x1, {}, {}, {}, {}, {})",
            bias ? "x2" : null,
            same ? ones : g.stride,
            same ? "'same'" : g.padding,
            g.dilation,
            g.groups)
        .ours(
            in -> {
              Tensor b = bias ? in[2] : null;
              return switch (dims) {
                case 1 -> Functional.conv1d(in[0], in[1], b, options);
                case 2 -> Functional.conv2d(in[0], in[1], b, options);
                default -> Functional.conv3d(in[0], in[1], b, options);
              };
            })
        .args(
            args(
                t,
                bias,
                o,
                shape(batch(r, c), g.size),
                shape(new long[] {o, c / g.groups}, g.kernel)));
  }

  private static Sample transposed(int dims, Rng r, DType t) {
    Geometry g = Geometry.random(dims, r);
    int[] more = new int[dims];
    Arrays.setAll(more, d -> r.between(0, Math.max(g.stride[d], g.dilation[d]) - 1));
    long c = g.groups * (long) r.between(1, r.small() ? 1 : 3);
    long o = r.between(1, r.small() ? 1 : 3);
    boolean bias = r.nextBoolean();
    ConvOptions options = g.options().outputPadding(more);
    return Sample.of(
            "torch.conv_transpose{}d(x0, x1, {}, {}, {}, {}, {}, {})",
            dims,
            bias ? "x2" : null,
            g.stride,
            g.padding,
            more,
            g.groups,
            g.dilation)
        .ours(
            in -> {
              Tensor b = bias ? in[2] : null;
              return switch (dims) {
                case 1 -> Functional.convTranspose1d(in[0], in[1], b, options);
                case 2 -> Functional.convTranspose2d(in[0], in[1], b, options);
                default -> Functional.convTranspose3d(in[0], in[1], b, options);
              };
            })
        .args(
            args(
                t,
                bias,
                o * g.groups,
                shape(batch(r, c), g.size),
                shape(new long[] {c, o}, g.kernel)));
  }

  private static Sample pad(Rng r, DType t) {
    long[] shape = Shapes.of(r, 1, 4);
    int[] padding = numbers(r, 2 * r.between(1, shape.length), -1, 2);
    int value = r.between(0, 1);
    return Sample.of("torch.constant_pad_nd(x0, {}, {})", padding, value)
        .ours(x -> Functional.pad(x[0], padding, value))
        .args(Arg.of(t, shape));
  }

  private static Sample padByMode(Rng r, DType t) {
    int dims = r.between(1, r.small() ? 2 : 3);
    PaddingMode mode = r.pick(PaddingMode.REFLECT, PaddingMode.REPLICATE, PaddingMode.CIRCULAR);
    int[] padding = numbers(r, 2 * dims, r.oneIn(4) ? -1 : 0, 2);
    int least = 3; // else circular padding repeats what libtorch has not written yet
    return Sample.of("torch.pad(x0, {}, {})", padding, mode)
        .ours(x -> Functional.pad(x[0], padding, mode))
        .args(Arg.of(t, shape(batch(r, r.between(1, 2)), numbers(r, dims, least, 4))));
  }

  private static Sample unfold(Rng r, DType t) {
    Geometry g = Geometry.random(2, r);
    return Sample.of("torch.im2col(x0, {}, {}, {}, {})", g.kernel, g.dilation, g.padding, g.stride)
        .ours(x -> Functional.unfold(x[0], g.kernel, g.options()))
        .args(Arg.of(t, shape(batch(r, r.between(1, 3)), g.size)));
  }

  private static Sample fold(Rng r, DType t) {
    Geometry g = Geometry.random(2, r);
    int count = 1;
    for (int d = 0; d < 2; d++) {
      count *=
          (g.size[d] + 2 * g.padding[d] - g.dilation[d] * (g.kernel[d] - 1) - 1) / g.stride[d] + 1;
    }
    int rows = g.kernel[0] * g.kernel[1] * r.between(1, 2);
    return Sample.of(
            "torch.col2im(x0, {}, {}, {}, {}, {})",
            g.size,
            g.kernel,
            g.dilation,
            g.padding,
            g.stride)
        .ours(x -> Functional.fold(x[0], g.size, g.kernel, g.options()))
        .args(Arg.of(t, shape(batch(r, rows), Math.max(1, count))));
  }

  /** As {@link #batch}, but never empty: libtorch 2.10 leaves such a shape as it is. */
  private static long[] images(Rng r, long channels) {
    return r.oneIn(4) ? new long[] {channels} : new long[] {r.between(1, 3), channels};
  }

  private static Sample pixelShuffle(Rng r, DType t) {
    int by = r.between(1, 3);
    long[] shape = shape(images(r, (long) by * by * r.between(1, 2)), numbers(r, 2, 1, 3));
    return Sample.of("torch.pixel_shuffle(x0, {})", by)
        .ours(x -> Functional.pixelShuffle(x[0], by))
        .args(Arg.of(t, shape));
  }

  private static Sample pixelUnshuffle(Rng r, DType t) {
    int by = r.between(1, 3);
    long[] shape = shape(images(r, r.between(1, 2)), by * r.between(1, 2), by * r.between(1, 2));
    return Sample.of("torch.pixel_unshuffle(x0, {})", by)
        .ours(x -> Functional.pixelUnshuffle(x[0], by))
        .args(Arg.of(t, shape));
  }

  private static Sample channelShuffle(Rng r, DType t) {
    int groups = r.between(1, 3);
    long[] first = {r.between(1, 2), (long) groups * r.between(1, 3)};
    return Sample.of("torch.channel_shuffle(x0, {})", groups)
        .ours(x -> Functional.channelShuffle(x[0], groups))
        .args(Arg.of(t, shape(first, numbers(r, r.between(1, 2), 1, 3))));
  }
}
