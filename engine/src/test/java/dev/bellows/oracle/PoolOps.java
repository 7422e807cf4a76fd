package dev.bellows.oracle;

import static dev.bellows.oracle.OpInfo.FLOATING;

import dev.bellows.memory.DType;
import dev.bellows.nn.AvgPoolOptions;
import dev.bellows.nn.Functional;
import dev.bellows.nn.InterpolateOptions;
import dev.bellows.nn.InterpolationMode;
import dev.bellows.nn.MaxPoolOptions;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.ValuesAndIndices;
import java.util.Arrays;
import java.util.List;

/** Pooling of one to three dimensions, and resizing. */
final class PoolOps {
  /** The types of which libtorch 2.10 averages volumes and smooths images. */
  private static final OpInfo.Types HALF_MISSING = FLOATING.without(DType.FLOAT16, DType.BFLOAT16);

  private PoolOps() {}

  /** Of several NaN in a window, the first wins here and the last in libtorch. */
  static List<OpInfo> all() {
    return List.of(
        OpInfo.of("maxPool1d", FLOATING, (r, t) -> max(1, r, t)).grad(2).borders(0),
        OpInfo.of("maxPool2d of options", FLOATING, (r, t) -> max(2, r, t)).grad(2).borders(0),
        OpInfo.of("maxPool3d", FLOATING, (r, t) -> max(3, r, t)).grad(2).borders(0),
        OpInfo.of("maxPool1dWithIndices", FLOATING, (r, t) -> indices(1, r, t))
            .grad(2)
            .noSpecialValues()
            .borders(-1),
        OpInfo.of("maxPool2dWithIndices", FLOATING, (r, t) -> indices(2, r, t))
            .grad(2)
            .noSpecialValues()
            .borders(-1),
        OpInfo.of("maxPool3dWithIndices", FLOATING, (r, t) -> indices(3, r, t))
            .grad(2)
            .noSpecialValues()
            .borders(-1),
        OpInfo.of("adaptiveMaxPool1dWithIndices", FLOATING, (r, t) -> adaptiveMax(1, r, t))
            .grad(2)
            .noSpecialValues()
            .borders(-1),
        OpInfo.of("adaptiveMaxPool2dWithIndices", FLOATING, (r, t) -> adaptiveMax(2, r, t))
            .grad(2)
            .noSpecialValues()
            .borders(-1),
        OpInfo.of("adaptiveMaxPool3dWithIndices", FLOATING, (r, t) -> adaptiveMax(3, r, t))
            .grad(2)
            .noSpecialValues()
            .borders(-1),
        OpInfo.of("maxUnpool1d", FLOATING, (r, t) -> unpool(1, r, t)).grad(2),
        OpInfo.of("maxUnpool2d", FLOATING, (r, t) -> unpool(2, r, t)).grad(2),
        OpInfo.of("maxUnpool3d", FLOATING, (r, t) -> unpool(3, r, t)).grad(2),
        means("avgPool1d", (r, t) -> average(1, r, t)),
        means("avgPool2d", (r, t) -> average(2, r, t)),
        means("avgPool3d", HALF_MISSING, (r, t) -> average(3, r, t)),
        means("adaptiveAvgPool1d", (r, t) -> adaptive(1, r, t)),
        means("adaptiveAvgPool2d", (r, t) -> adaptive(2, r, t)),
        means("adaptiveAvgPool3d", (r, t) -> adaptive(3, r, t)),
        means("lpPool1d", (r, t) -> power(1, r, t)),
        means("lpPool2d", (r, t) -> power(2, r, t)),
        means("lpPool3d", HALF_MISSING, (r, t) -> power(3, r, t)),
        OpInfo.of("interpolate", FLOATING, PoolOps::nearest).grad(2),
        means("interpolate smoothly", PoolOps::smooth),
        means("interpolate antialiased", HALF_MISSING, PoolOps::antialiased));
  }

  private static OpInfo means(String name, OpInfo.Sampler sampler) {
    return means(name, FLOATING, sampler);
  }

  private static OpInfo means(String name, OpInfo.Types types, OpInfo.Sampler sampler) {
    return OpInfo.of(name, types, sampler).grad(2).scaled().noSpecialValues().borders(-1);
  }

  private static int[] numbers(Rng r, int count, int low, int high) {
    int[] all = new int[count];
    Arrays.setAll(all, d -> r.between(low, high));
    return all;
  }

  private static long[] shape(Rng r, int dims) {
    boolean batch = !r.oneIn(4);
    long[] shape = new long[dims + (batch ? 2 : 1)];
    Arrays.setAll(shape, d -> d < shape.length - dims ? r.between(1, 2) : size(r, dims));
    if (batch && !r.small() && r.oneIn(8)) {
      shape[0] = 0;
    }
    return shape;
  }

  private static int size(Rng r, int dims) {
    return r.small() ? r.between(2, dims == 3 ? 2 : 4) : r.between(3, 9 - dims);
  }

  private record Geometry(int[] kernel, int[] stride, int[] padding, int[] dilation, boolean ceil) {
    static Geometry random(Rng r, int dims, boolean dilates) {
      int[] kernel = numbers(r, dims, 1, r.small() ? 2 : 3);
      int[] padding = new int[dims];
      Arrays.setAll(padding, d -> r.between(0, kernel[d] / 2));
      return new Geometry(
          kernel,
          numbers(r, dims, 1, 3),
          padding,
          numbers(r, dims, 1, dilates ? 2 : 1),
          r.nextBoolean());
    }

    MaxPoolOptions max() {
      return new MaxPoolOptions().stride(stride).padding(padding).dilation(dilation).ceilMode(ceil);
    }
  }

  private static Sample max(int dims, Rng r, DType t) {
    Geometry g = Geometry.random(r, dims, r.nextBoolean());
    return maxOf("torch.max_pool{}d(x0, {}, {}, {}, {}, {})", dims, g)
        .ours(
            x ->
                switch (dims) {
                  case 1 -> Functional.maxPool1d(x[0], g.kernel[0], g.max());
                  case 2 -> Functional.maxPool2d(x[0], g.kernel, g.max());
                  default -> Functional.maxPool3d(x[0], g.kernel, g.max());
                })
        .args(Arg.of(t, shape(r, dims)).in(-1, 1));
  }

  private static Sample maxOf(String script, int dims, Geometry g) {
    return Sample.of(script, dims, g.kernel, g.stride, g.padding, g.dilation, g.ceil);
  }

  private static Sample indices(int dims, Rng r, DType t) {
    Geometry g = Geometry.random(r, dims, true);
    return maxOf("torch.max_pool{}d_with_indices(x0, {}, {}, {}, {}, {})", dims, g)
        .ours(
            x ->
                both(
                    switch (dims) {
                      case 1 -> Functional.maxPool1dWithIndices(x[0], g.kernel[0], g.max());
                      case 2 -> Functional.maxPool2dWithIndices(x[0], g.kernel, g.max());
                      default -> Functional.maxPool3dWithIndices(x[0], g.kernel, g.max());
                    }))
        .args(Arg.of(t, shape(r, dims)).in(-1, 1));
  }

  private static Tensor[] both(ValuesAndIndices result) {
    return new Tensor[] {result.values(), result.indices()};
  }

  private static Sample adaptiveMax(int dims, Rng r, DType t) {
    int[] size = numbers(r, dims, 1, 5);
    Integer[] ours = Arrays.stream(size).boxed().toArray(Integer[]::new);
    return Sample.of("torch.adaptive_max_pool{}d(x0, {})", dims, size)
        .ours(
            x ->
                both(
                    switch (dims) {
                      case 1 -> Functional.adaptiveMaxPool1dWithIndices(x[0], ours[0]);
                      case 2 -> Functional.adaptiveMaxPool2dWithIndices(x[0], ours);
                      default -> Functional.adaptiveMaxPool3dWithIndices(x[0], ours);
                    }))
        .args(Arg.of(t, shape(r, dims)).in(-1, 1));
  }

  private static Sample unpool(int dims, Rng r, DType t) {
    long[] in = shape(r, dims);
    long[] size = new long[dims];
    long places = 1;
    long elements = 1;
    for (int d = 0; d < dims; d++) {
      long n = in[in.length - dims + d];
      size[d] = 2 * n - r.between(0, 1);
      places *= size[d];
      elements *= n;
    }
    long[] flat = Arrays.copyOf(in, in.length - dims + 1);
    flat[flat.length - 1] = elements;
    // One dimension is that of a row; three take the windows, too, for the check of sizes alone.
    String call =
        switch (dims) {
          case 1 -> "torch.max_unpool2d(x0.unsqueeze(-2), i.unsqueeze(-2), [1, {}]).squeeze(-2)";
          case 2 -> "torch.max_unpool2d(x0, i, {})";
          default -> "torch.max_unpool3d(x0, i, {}, [2, 2, 2], [0, 0, 0])";
        };
    return Sample.of("i = x1.reshape(x0.shape)\nreturn " + call, dims == 1 ? size[0] : size)
        .ours(
            x -> {
              Tensor index = x[1].reshape(x[0].shape());
              return switch (dims) {
                case 1 -> Functional.maxUnpool1d(x[0], index, size);
                case 2 -> Functional.maxUnpool2d(x[0], index, size);
                default -> Functional.maxUnpool3d(x[0], index, size);
              };
            })
        .args(Arg.of(t, in), Arg.permutation(flat.length - 1, places, flat));
  }

  private static Sample average(int dims, Rng r, DType t) {
    Geometry g = Geometry.random(r, dims, false);
    boolean counts = r.nextBoolean();
    Integer divisor = dims > 1 && r.oneIn(3) ? r.between(1, 5) : null;
    AvgPoolOptions options =
        new AvgPoolOptions()
            .stride(g.stride)
            .padding(g.padding)
            .ceilMode(g.ceil)
            .countIncludePad(counts)
            .divisorOverride(divisor);
    String more = dims == 1 ? "" : ", " + Sample.text(divisor);
    return Sample.of(
            "torch.avg_pool{}d(x0, {}, {}, {}, {}, {}" + more + ")",
            dims,
            g.kernel,
            g.stride,
            g.padding,
            g.ceil,
            counts)
        .ours(
            x ->
                switch (dims) {
                  case 1 -> Functional.avgPool1d(x[0], g.kernel[0], options);
                  case 2 -> Functional.avgPool2d(x[0], g.kernel, options);
                  default -> Functional.avgPool3d(x[0], g.kernel, options);
                })
        .args(Arg.of(t, shape(r, dims)));
  }

  private static Sample adaptive(int dims, Rng r, DType t) {
    int[] size = numbers(r, dims, 1, 5);
    long[] shape = shape(r, dims);
    Integer[] ours = Arrays.stream(size).boxed().toArray(Integer[]::new);
    if (dims > 1 && r.nextBoolean()) {
      ours[0] = null;
      size[0] = (int) shape[shape.length - dims];
    }
    return Sample.of("torch.adaptive_avg_pool{}d(x0, {})", dims, size)
        .ours(
            x ->
                switch (dims) {
                  case 1 -> Functional.adaptiveAvgPool1d(x[0], ours[0]);
                  case 2 -> Functional.adaptiveAvgPool2d(x[0], ours);
                  default -> Functional.adaptiveAvgPool3d(x[0], ours);
                })
        .args(Arg.of(t, shape));
  }

  private static Sample power(int dims, Rng r, DType t) {
    Geometry g = Geometry.random(r, dims, false);
    double p = r.between(1, 3);
    int elements = Arrays.stream(g.kernel).reduce(1, (a, b) -> a * b);
    int[] none = new int[dims];
    return Sample.of(
            "m = torch.avg_pool{}d(torch.pow(x0, {}), {}, {}, {}, {})\n"
                + "return torch.pow(torch.sign(m) * torch.relu(torch.abs(m)) * {}, {})",
            dims,
            p,
            g.kernel,
            g.stride,
            none,
            g.ceil,
            elements,
            1 / p)
        .ours(
            x ->
                switch (dims) {
                  case 1 -> Functional.lpPool1d(x[0], p, g.kernel[0], g.stride[0], g.ceil);
                  case 2 -> Functional.lpPool2d(x[0], p, g.kernel, g.stride, g.ceil);
                  default -> Functional.lpPool3d(x[0], p, g.kernel, g.stride, g.ceil);
                })
        .args(Arg.of(t, shape(r, dims)).in(0.5, 2));
  }

  private static long[] resized(Rng r, int dims) {
    long[] shape = new long[dims + 2];
    Arrays.setAll(shape, d -> d < 2 ? r.between(1, 2) : size(r, dims));
    return shape;
  }

  /** A size, or one scale factor for all dimensions, for both sides. */
  private record Target(InterpolateOptions options, int[] size, double[] scales) {
    static Target random(Rng r, int dims) {
      if (r.nextBoolean()) {
        int[] size = numbers(r, dims, 1, r.small() ? 3 : 9);
        long[] wide = Arrays.stream(size).asLongStream().toArray();
        return new Target(new InterpolateOptions().size(wide), size, null);
      }
      double scale = r.pickNumber(0.5, 0.7, 1, 1.5, 2, 2.6);
      double[] scales = new double[dims];
      Arrays.fill(scales, scale);
      return new Target(new InterpolateOptions().scaleFactor(scale), null, scales);
    }

    String list() {
      return scales == null ? null : Sample.text(Arrays.stream(scales).boxed().toList());
    }
  }

  private static Sample nearest(Rng r, DType t) {
    int dims = r.between(1, r.small() ? 2 : 3);
    boolean exact = r.nextBoolean();
    Target target = Target.random(r, dims);
    InterpolateOptions options =
        target.options.mode(exact ? InterpolationMode.NEAREST_EXACT : InterpolationMode.NEAREST);
    return Sample.of(
            exact
                ? "torch._upsample_nearest_exact{}d(x0, {}, {})"
                : "torch.upsample_nearest{}d(x0, {}, {})",
            dims,
            target.size,
            target.list())
        .ours(x -> Functional.interpolate(x[0], options))
        .args(Arg.of(t, resized(r, dims)));
  }

  private static Sample smooth(Rng r, DType t) {
    InterpolationMode mode =
        r.pick(
            InterpolationMode.LINEAR,
            InterpolationMode.BILINEAR,
            InterpolationMode.BICUBIC,
            InterpolationMode.TRILINEAR);
    int dims =
        switch (mode) {
          case LINEAR -> 1;
          case TRILINEAR -> 3;
          default -> 2;
        };
    boolean aligned = r.nextBoolean();
    Target target = Target.random(r, dims);
    return Sample.of(
            "torch.upsample_"
                + mode.name().toLowerCase(java.util.Locale.ROOT)
                + "{}d(x0, {}, {}, {})",
            dims,
            target.size,
            aligned,
            target.list())
        .ours(x -> Functional.interpolate(x[0], target.options.mode(mode).alignCorners(aligned)))
        .args(Arg.of(t, resized(r, dims)));
  }

  private static Sample antialiased(Rng r, DType t) {
    boolean cubic = r.nextBoolean();
    boolean aligned = r.nextBoolean();
    long[] size = {r.between(2, 9), r.between(2, 9)};
    long[] shape = {r.between(1, 2), r.between(2, 3), r.between(3, 6), r.between(3, 6)};
    InterpolateOptions options =
        new InterpolateOptions()
            .size(size)
            .mode(cubic ? InterpolationMode.BICUBIC : InterpolationMode.BILINEAR)
            .alignCorners(aligned)
            .antialias(true);
    return Sample.of(
            "torch._upsample_{}2d_aa(x0, {}, {}, None)",
            cubic ? "bicubic" : "bilinear",
            size,
            aligned)
        .ours(x -> Functional.interpolate(x[0], options))
        .args(Arg.of(t, shape));
  }
}
