package dev.bellows.oracle;

import static dev.bellows.oracle.OpInfo.FLOATING;

import dev.bellows.memory.DType;
import dev.bellows.nn.FractionalPoolOptions;
import dev.bellows.nn.Functional;
import dev.bellows.nn.GridPadding;
import dev.bellows.nn.GridSampleOptions;
import dev.bellows.nn.InterpolationMode;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.ValuesAndIndices;
import java.util.Arrays;
import java.util.List;

/** Sampling at places of a grid, and pooling over windows at random distances. */
final class SamplingOps {
  private static final OpInfo.Types WIDE = FLOATING.without(DType.FLOAT16, DType.BFLOAT16);

  private SamplingOps() {}

  static List<OpInfo> all() {
    return List.of(
        sampling("gridSample", (r, t) -> grid(InterpolationMode.BILINEAR, r, t)).grad(1),
        sampling("gridSample cubic", (r, t) -> grid(InterpolationMode.BICUBIC, r, t)).grad(1),
        sampling("gridSample nearest", (r, t) -> grid(InterpolationMode.NEAREST, r, t)).grad(1),
        sampling("affineGrid", SamplingOps::affine).grad(2),
        sampling("fractionalMaxPool2d", (r, t) -> fractional(2, r, t)).grad(1),
        sampling("fractionalMaxPool3d", (r, t) -> fractional(3, r, t)).grad(1));
  }

  private static OpInfo sampling(String name, OpInfo.Sampler sampler) {
    return OpInfo.of(name, WIDE, sampler).scaled().noSpecialValues().borders(-1);
  }

  private static Sample grid(InterpolationMode mode, Rng r, DType t) {
    int dims = mode == InterpolationMode.BICUBIC || !r.oneIn(3) ? 2 : 3;
    long[] in = new long[dims + 2];
    long[] out = new long[dims + 2];
    Arrays.setAll(in, d -> r.between(1, d < 2 ? 2 : 4));
    Arrays.setAll(out, d -> d == 0 ? in[0] : r.between(1, 3));
    out[dims + 1] = dims;
    GridPadding padding = r.pick(GridPadding.values());
    boolean aligned = r.nextBoolean();
    int number = mode == InterpolationMode.BILINEAR ? 0 : mode == InterpolationMode.NEAREST ? 1 : 2;
    GridSampleOptions options =
        new GridSampleOptions().mode(mode).padding(padding).alignCorners(aligned);
    Arg places = Arg.of(t, out).in(-1.7, 1.7).plain();
    return Sample.of(
            "torch.grid_sampler(x0, x1, {}, {}, {})",
            number,
            List.of(GridPadding.values()).indexOf(padding),
            aligned)
        .ours(x -> Functional.gridSample(x[0], x[1], options))
        .args(Arg.of(t, in), mode == InterpolationMode.NEAREST ? places.noGrad() : places);
  }

  private static Sample affine(Rng r, DType t) {
    int dims = r.between(2, 3);
    long[] size = new long[dims + 2];
    Arrays.setAll(size, d -> r.between(1, 3));
    boolean aligned = r.nextBoolean();
    return Sample.of("torch.affine_grid_generator(x0, {}, {})", size, aligned)
        .ours(x -> Functional.affineGrid(x[0], size, aligned))
        .args(Arg.of(t, size[0], dims, dims + 1));
  }

  private static Sample fractional(int dims, Rng r, DType t) {
    boolean batch = r.nextBoolean();
    long[] in = new long[dims + (batch ? 2 : 1)];
    Arrays.setAll(in, d -> d < in.length - dims ? r.between(1, 2) : r.between(2, 5));
    int[] kernel = new int[dims];
    int[] out = new int[dims];
    for (int d = 0; d < dims; d++) {
      int size = (int) in[in.length - dims + d];
      kernel[d] = r.between(1, Math.min(3, size - dims + 2));
      out[d] = r.between(1, size - kernel[d] - dims + 3);
    }
    FractionalPoolOptions options = new FractionalPoolOptions().outputSize(out);
    long[] samples = {batch ? in[0] : 1, in[in.length - dims - 1], dims};
    return Sample.of("torch.fractional_max_pool{}d(x0, {}, {}, x1)", dims, kernel, out)
        .ours(
            x -> {
              FractionalPoolOptions drawn = options.randomSamples(x[1]);
              ValuesAndIndices result =
                  dims == 2
                      ? Functional.fractionalMaxPool2dWithIndices(x[0], kernel, drawn)
                      : Functional.fractionalMaxPool3dWithIndices(x[0], kernel, drawn);
              return new Tensor[] {result.values(), result.indices()};
            })
        .args(Arg.of(t, in).distinct(), Arg.of(t, samples).in(0, 1).plain().noGrad());
  }
}
