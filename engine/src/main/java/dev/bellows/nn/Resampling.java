package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/** Resizing, one dimension after the other. */
final class Resampling {
  private Resampling() {}

  /** Computes {@link #interpolate(Tensor, InterpolateOptions)} by the nearest elements. */
  public static Tensor interpolate(Tensor x, long... size) {
    return interpolate(x, new InterpolateOptions().size(size));
  }

  /**
   * Resizes signals, images or volumes.
   *
   * @param x [n, c, l], [n, c, h, w] or [n, c, d, h, w]
   * @return [n, c, …] of the size or scale factor of the options
   * @throws IllegalArgumentException if options contradict each other or the input's number of
   *     dimensions, or a size other than n is 0
   */
  public static Tensor interpolate(Tensor x, InterpolateOptions options) {
    int dims = x.dim() - 2;
    long[] shape = x.shape();
    options.check(dims, shape);
    Integer[] out = new Integer[dims];
    boolean empty = shape[1] == 0;
    for (int d = 0; d < dims; d++) {
      long size = options.outSize(d, shape[d + 2]);
      empty |= shape[d + 2] < 1 || size < 1 || size > Integer.MAX_VALUE;
      out[d] = (int) Math.max(0, Math.min(Integer.MAX_VALUE, size));
    }
    if (empty) {
      throw new IllegalArgumentException(
          message(
              "interpolate: Input and output sizes should be greater than 0; got input %s, output"
                  + " %s",
              shape, out));
    }
    boolean nearest =
        options.mode() == InterpolationMode.NEAREST
            || options.mode() == InterpolationMode.NEAREST_EXACT;
    if (!nearest || x.dtype() != DType.UINT8) {
      Inputs.requireFloating("interpolate", x);
    }
    if (options.mode() == InterpolationMode.AREA) {
      return area(dims, x, out);
    }
    Tensor y = nearest || x.dtype().bytes() >= 4 ? x : x.to(DType.FLOAT32);
    for (int d = dims - 1; d >= 0; d--) {
      double distance = options.distance(d, shape[d + 2], out[d]);
      y = new Line(y, d + 2, out[d], distance).resized(options);
    }
    y = y.to(x.dtype());
    return y == x ? x.clone() : y;
  }

  private static Tensor area(int dims, Tensor x, Integer... out) {
    return switch (dims) {
      case 1 -> AveragePooling.adaptiveAvgPool1d(x, out[0]);
      case 2 -> AveragePooling.adaptiveAvgPool2d(x, out);
      default -> AveragePooling.adaptiveAvgPool3d(x, out);
    };
  }

  /** Resizes one dimension to a number of elements at a distance, in elements of the input. */
  private record Line(Tensor x, int axis, long out, double distance) {
    Tensor resized(InterpolateOptions options) {
      long in = x.size(axis);
      if (options.isAntialiased()) {
        return antialiased(options.mode() == InterpolationMode.BICUBIC);
      }
      boolean cubic = options.mode() == InterpolationMode.BICUBIC;
      boolean aligned = options.alignsCorners();
      return switch (options.mode()) {
        case NEAREST -> nearest(elements().mul(distance));
        case NEAREST_EXACT -> nearest(centers(false).add(0.5));
        default -> in == out && !cubic ? x : cubic ? cubic(aligned) : linear(aligned);
      };
    }

    /** Returns the numbers of the result's elements. */
    private Tensor elements() {
      DType type = x.dtype() == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
      return Tensor.arange(out).to(x.device(), type);
    }

    /** Returns where in the input the result's elements are. */
    private Tensor centers(boolean aligned) {
      return aligned ? elements().mul(distance) : elements().add(0.5).mul(distance).sub(0.5);
    }

    private Tensor nearest(Tensor places) {
      Tensor index = places.floor().to(DType.INT64).clamp(0, x.size(axis) - 1);
      return x.indexSelect(axis, index);
    }

    private Tensor linear(boolean aligned) {
      long last = x.size(axis) - 1;
      Tensor at = centers(aligned).clampMin(0);
      Tensor low = at.floor().clampMax(last);
      Tensor share = at.sub(low).clamp(0, 1);
      return weighted(
          Tensor.stack(java.util.List.of(low, low.add(1).clampMax(last)), 1),
          Tensor.stack(java.util.List.of(share.rsub(1), share), 1));
    }

    private Tensor cubic(boolean aligned) {
      Tensor at = centers(aligned);
      Tensor low = at.floor();
      Tensor places = low.unsqueeze(1).add(Tensor.arange(-1, 3).to(x.device(), low.dtype()));
      Tensor weights = cubicWeights(at.unsqueeze(1).sub(places).abs(), -0.75);
      return weighted(places.clamp(0, x.size(axis) - 1), weights);
    }

    /**
     * Weighs all elements that a result element covers, by a triangle or a cubic of a = −0.5 that
     * is as wide as the distance of result elements.
     */
    private Tensor antialiased(boolean cubic) {
      double wide = Math.max(1, distance);
      double support = (cubic ? 2 : 1) * wide;
      long taps = (long) Math.ceil(support) * 2 + 1;
      Tensor center = elements().add(0.5).mul(distance);
      Tensor from = center.sub(support).add(0.5).trunc().clampMin(0);
      Tensor to = center.add(support).add(0.5).trunc().clampMax(x.size(axis));
      Tensor places = from.unsqueeze(1).add(Tensor.arange(taps).to(x.device(), from.dtype()));
      Tensor off = places.sub(center.unsqueeze(1)).add(0.5).div(wide).abs();
      Tensor weights = cubic ? cubicWeights(off, -0.5) : off.rsub(1).clampMin(0);
      weights = weights.maskedFill(places.ge(to.unsqueeze(1)), 0);
      return weighted(
          places.clampMax(x.size(axis) - 1), weights.div(weights.sum(new int[] {1}, true)));
    }

    /** Returns the sum of weighted elements; both are [out, taps]. */
    private Tensor weighted(Tensor places, Tensor weights) {
      long taps = places.size(1);
      Tensor all = x.indexSelect(axis, places.to(DType.INT64).flatten()).unflatten(axis, out, taps);
      long[] shape = new long[all.dim()];
      Arrays.fill(shape, 1);
      shape[axis] = out;
      shape[axis + 1] = taps;
      return all.mul(weights.to(x.dtype()).reshape(shape)).sum(axis + 1);
    }
  }

  /** Returns the weights of Keys' cubic convolution at distances of up to 2, and 0 beyond. */
  static Tensor cubicWeights(Tensor distance, double a) {
    Tensor d = distance;
    Tensor near = d.mul(a + 2).sub(a + 3).mul(d).mul(d).add(1);
    Tensor far = d.sub(5).mul(d).add(8).mul(d).sub(4).mul(a);
    return Tensor.where(d.le(1), near, Tensor.where(d.lt(2), far, Tensor.zerosLike(d)));
  }
}
