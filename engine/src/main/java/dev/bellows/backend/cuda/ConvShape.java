package dev.bellows.backend.cuda;

import static dev.bellows.errors.Messages.message;

import dev.bellows.backend.Conv2dArgs;
import dev.bellows.backend.Scalars;
import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;

/**
 * Sizes of a convolution: x [n, c, h, w], weight [o, c / groups, kh, kw], out [n, o, oh, ow]. A
 * <em>place</em> is a position of the window, (n, oh, ow); a <em>row</em> is the content of the
 * window for one group, [kh, kw, c / groups], zero-padded to a multiple of 16 bytes, which BLAS
 * needs to be fast.
 */
record ConvShape(
    DType type,
    long n,
    long c,
    long h,
    long w,
    long o,
    long kh,
    long kw,
    long oh,
    long ow,
    Conv2dArgs args) {

  static ConvShape of(Strided x, Strided weight, Strided out, Conv2dArgs args) {
    Scalars.requireFloating("conv2d", x.dtype());
    ConvShape shape =
        new ConvShape(
            x.dtype(),
            x.size(0),
            x.size(1),
            x.size(2),
            x.size(3),
            weight.size(0),
            weight.size(2),
            weight.size(3),
            out.size(2),
            out.size(3),
            args);
    shape.check(x, weight, out);
    return shape;
  }

  private void check(Strided x, Strided weight, Strided out) {
    for (long count :
        new long[] {n * h * w, places(), c, o, args.groups() * row(), h * w * c, oh * ow * o}) {
      if (count > Integer.MAX_VALUE) {
        throw new UnsupportedOperationException(
            message(
                "conv2d: places (n · h · w), channels, and what a window and an image hold must be"
                    + " below 2147483648 on a CUDA device; got x %s, weight %s, out %s",
                x.sizes(), weight.sizes(), out.sizes()));
      }
    }
  }

  int groups() {
    return args.groups();
  }

  long inGroup() {
    return c / args.groups();
  }

  long outGroup() {
    return o / args.groups();
  }

  long places() {
    return n * oh * ow;
  }

  long taps() {
    return kh * kw;
  }

  /** Returns the number of elements of a row without padding. */
  long inRow() {
    return taps() * inGroup();
  }

  /** Returns the number of elements of a row, including padding. */
  long row() {
    return isPlain() ? inRow() : (inRow() + pack() - 1) / pack() * pack();
  }

  int pack() {
    return 16 / type.bytes();
  }

  /** Returns whether windows are single pixels in order, so that x equals its own unfolding. */
  boolean isPlain() {
    return taps() == 1
        && args.strideH() == 1
        && args.strideW() == 1
        && args.padH() == 0
        && args.padW() == 0;
  }

  /** Returns whether each channel is a separate group. */
  boolean isDepthwise() {
    return args.groups() > 1 && inGroup() == 1;
  }

  /** Packs the kernels' struct Geometry. */
  Launch pack(Launch params) {
    return params
        .integer((int) h)
        .integer((int) w)
        .integer((int) oh)
        .integer((int) ow)
        .integer((int) kh)
        .integer((int) kw)
        .integer(args.strideH())
        .integer(args.strideW())
        .integer(args.padH())
        .integer(args.padW())
        .integer(args.dilationH())
        .integer(args.dilationW());
  }
}
