package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.ops.Default;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** Sampling of images and volumes at places of a grid. */
final class GridSampling {
  private static final double CUBIC = -0.75;

  private GridSampling() {}

  /**
   * Samples images or volumes at the places of a grid, with linear interpolation, zeros outside and
   * corners that are not aligned.
   */
  public static Tensor gridSample(Tensor x, Tensor grid) {
    return gridSample(x, grid, new GridSampleOptions());
  }

  /**
   * Samples images or volumes at the places of a grid: −1 is the first and 1 the last element of a
   * dimension.
   *
   * @param x [n, c, h, w] or [n, c, d, h, w]
   * @param grid [n, outH, outW, 2] of (x, y), or [n, outD, outH, outW, 3] of (x, y, z)
   * @return [n, c, outH, outW] or [n, c, outD, outH, outW]; with NEAREST the grid has no gradient
   * @throws IllegalArgumentException if shapes, types or options do not agree
   */
  public static Tensor gridSample(Tensor x, Tensor grid, GridSampleOptions options) {
    check(x, grid, options);
    int dims = x.dim() - 2;
    Tensor wide = Widened.of(x);
    Tensor places = grid.to(wide.dtype());
    long[] out = Arrays.copyOfRange(grid.shape(), 1, dims + 1);
    Tensor[] at = new Tensor[dims]; // by dimension of x, each [n, points]
    long points = Arrays.stream(out).reduce(1, Math::multiplyExact);
    for (int d = 0; d < dims; d++) {
      Tensor place = places.select(-1, dims - 1 - d).reshape(x.size(0), points);
      at[d] = element(place, x.size(d + 2), options.isAligned());
    }
    Sampler sampler = new Sampler(wide, options);
    Tensor values =
        switch (options.mode()) {
          case NEAREST -> sampler.nearest(at);
          case BICUBIC -> sampler.cubic(at[0], at[1]);
          default -> sampler.linear(at);
        };
    long[] shape = new long[dims + 2];
    shape[0] = x.size(0);
    shape[1] = x.size(1);
    System.arraycopy(out, 0, shape, 2, dims);
    return values.reshape(shape).to(x.dtype());
  }

  private static void check(Tensor x, Tensor grid, GridSampleOptions options) {
    Inputs.requireFloating("gridSample", x);
    int dims = x.dim() - 2;
    boolean fits = (dims == 2 || dims == 3) && grid.dim() == x.dim();
    if (!fits || grid.size(0) != x.size(0) || grid.size(-1) != dims) {
      throw new IllegalArgumentException(
          message(
              "gridSample: expected grid [n, outH, outW, 2] for a 4D or [n, outD, outH, outW, 3]"
                  + " for a 5D input of the same batch size; got input %s and grid %s",
              x.shape(), grid.shape()));
    }
    if (grid.dtype() != x.dtype()) {
      throw new IllegalArgumentException(
          message(
              "gridSample: expected input and grid to have same dtype, but got %s and %s",
              x.dtype(), grid.dtype()));
    }
    for (int d = 2; d < x.dim(); d++) {
      if (x.size(d) == 0) {
        throw new IllegalArgumentException(
            message(
                "gridSample: expected input to have non-empty spatial dimensions; got %s",
                x.shape()));
      }
    }
    if (dims == 3 && options.mode() == InterpolationMode.BICUBIC) {
      throw new IllegalArgumentException(
          message("gridSample: bicubic interpolation only supports 4D input; got %s", x.shape()));
    }
  }

  /** Returns the element of a dimension that a place in [−1, 1] is, not whole and not bounded. */
  private static Tensor element(Tensor place, long size, boolean aligned) {
    return aligned ? place.add(1).div(2).mul(size - 1) : place.add(1).mul(size).sub(1).div(2);
  }

  /** Samples [n, c, spatial…] at places [n, points] of each spatial dimension. */
  private record Sampler(Tensor x, GridSampleOptions options) {
    Tensor nearest(Tensor... at) {
      Tensor[] places = new Tensor[at.length];
      Arrays.setAll(places, d -> bounded(at[d].detach(), d).round());
      return values(places);
    }

    /** Adds up the corners around each place, weighted by the distance from the opposite one. */
    Tensor linear(Tensor... at) {
      Tensor[] inside = new Tensor[at.length];
      Tensor[] low = new Tensor[at.length];
      for (int d = 0; d < at.length; d++) {
        inside[d] = bounded(at[d], d);
        low[d] = inside[d].detach().floor();
      }
      Tensor sum = null;
      for (int corner = 0; corner < 1 << at.length; corner++) {
        Tensor[] places = new Tensor[at.length];
        Tensor weight = null;
        for (int d = 0; d < at.length; d++) {
          boolean high = (corner >> d & 1) == 1;
          Tensor share = inside[d].sub(low[d]);
          Tensor part = high ? share : share.rsub(1);
          places[d] = high ? low[d].add(1) : low[d];
          weight = weight == null ? part : weight.mul(part);
        }
        Tensor term = values(places).mul(weight.unsqueeze(1));
        sum = sum == null ? term : sum.add(term);
      }
      return sum;
    }

    Tensor cubic(Tensor y, Tensor x) {
      Tensor lowY = y.detach().floor();
      Tensor lowX = x.detach().floor();
      Tensor sum = null;
      for (int j = -1; j <= 2; j++) {
        Tensor row = null;
        Tensor placeY = bounded(lowY.add(j), 0).round();
        for (int i = -1; i <= 2; i++) {
          Tensor weight = Resampling.cubicWeights(x.sub(lowX.add(i)).abs(), CUBIC);
          Tensor term = values(placeY, bounded(lowX.add(i), 1).round()).mul(weight.unsqueeze(1));
          row = row == null ? term : row.add(term);
        }
        Tensor weight = Resampling.cubicWeights(y.sub(lowY.add(j)).abs(), CUBIC);
        Tensor term = row.mul(weight.unsqueeze(1));
        sum = sum == null ? term : sum.add(term);
      }
      return sum;
    }

    /** Returns the elements at whole places; 0 outside. */
    private Tensor values(Tensor... places) {
      Tensor index = null;
      Tensor isInside = null;
      for (int d = 0; d < places.length; d++) {
        long size = x.size(d + 2);
        Tensor here = places[d].ge(0).logicalAnd(places[d].le(size - 1));
        Tensor place = places[d].maskedFill(here.logicalNot(), 0).to(DType.INT64);
        isInside = isInside == null ? here : isInside.logicalAnd(here);
        index = index == null ? place : index.mul(size).add(place);
      }
      Tensor flat = x.flatten(2);
      long[] shape = {x.size(0), x.size(1), index.size(1)};
      Tensor taken = flat.gather(2, index.unsqueeze(1).expand(shape));
      return taken.maskedFill(isInside.logicalNot().unsqueeze(1), 0);
    }

    /** Brings places into the input, unless outside is 0. */
    private Tensor bounded(Tensor at, int d) {
      long size = x.size(d + 2);
      return switch (options.padding()) {
        case BORDER -> clipped(at, size);
        case REFLECTION ->
            options.isAligned()
                ? clipped(reflected(at, 0, 2 * (size - 1)), size)
                : clipped(reflected(at, -1, 2 * size - 1), size);
        case ZEROS -> at;
      };
    }

    /** Brings places within the input, without a gradient at its borders, as in PyTorch. */
    private static Tensor clipped(Tensor at, long size) {
      Tensor isInside = at.detach().gt(0).logicalAnd(at.detach().lt(size - 1));
      Tensor border = at.detach().nanToNum(0, null, null).clamp(0, size - 1);
      return Tensor.where(isInside, at, border);
    }

    /** Reflects at two bounds, given twice as large, as often as needed. */
    private static Tensor reflected(Tensor at, double twiceLow, double twiceHigh) {
      if (twiceLow == twiceHigh) {
        return at.sub(at); // 0, with the gradient 0
      }
      double low = twiceLow / 2;
      double span = (twiceHigh - twiceLow) / 2;
      Tensor offset = at.sub(low);
      Tensor distance = Tensor.where(offset.detach().lt(0), offset.neg(), offset);
      Tensor extra = distance.fmod(span);
      Tensor isEven = distance.detach().div(span).floor().fmod(2).eq(0);
      return Tensor.where(isEven, extra.add(low), extra.rsub(span + low));
    }
  }

  /**
   * Computes a grid for {@link #gridSample(Tensor, Tensor)} from affine maps.
   *
   * @param theta [n, 2, 3], or [n, 3, 4] for volumes
   * @param size of the sampled result: [n, c, h, w], or [n, c, d, h, w]
   * @param alignCorners whether −1 and 1 are the centers of the corner elements, else their edges
   * @return [n, h, w, 2], or [n, d, h, w, 3]
   * @throws IllegalArgumentException if shapes or types do not agree
   */
  public static Tensor affineGrid(
      Tensor theta, long[] size, @Default("false") boolean alignCorners) {
    Inputs.requireFloating("affineGrid", theta);
    int dims = size.length - 2;
    boolean fits = (dims == 2 || dims == 3) && theta.dim() == 3 && theta.size(0) == size[0];
    if (!fits || theta.size(1) != dims || theta.size(2) != dims + 1) {
      throw new IllegalArgumentException(
          message(
              "affineGrid: Expected a batch of 2D affine matrices of shape Nx2x3 for a 4D size, or"
                  + " Nx3x4 for a 5D one; got %s for size %s",
              theta.shape(), size));
    }
    for (long each : size) {
      if (each <= 0) {
        throw new IllegalArgumentException(
            message("affineGrid: Expected non-zero, positive output size. Got %s", size));
      }
    }
    Tensor[] columns = new Tensor[dims + 1];
    long[] spatial = Arrays.copyOfRange(size, 2, size.length);
    for (int d = 0; d < dims; d++) {
      long[] shape = new long[dims];
      Arrays.fill(shape, 1);
      shape[d] = spatial[d];
      columns[dims - 1 - d] = line(theta, spatial[d], alignCorners).reshape(shape).expand(spatial);
    }
    columns[dims] = theta.newOnes(theta.dtype(), spatial);
    Tensor base = Tensor.stack(List.of(columns), dims).reshape(-1, dims + 1);
    long[] shape = new long[dims + 2];
    shape[0] = size[0];
    System.arraycopy(spatial, 0, shape, 1, dims);
    shape[dims + 1] = dims;
    return base.matmul(theta.transpose(1, 2)).reshape(shape);
  }

  /** Returns the places of the elements of a dimension. */
  private static Tensor line(Tensor theta, long size, boolean alignCorners) {
    if (size == 1) {
      return theta.newZeros(theta.dtype(), 1);
    }
    Tensor line = Tensor.on(theta.device()).linspace(-1, 1, size, theta.dtype());
    return alignCorners ? line : line.mul(size - 1).div(size);
  }
}
