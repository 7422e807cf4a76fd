package dev.bellows.backend.cuda;

import static dev.bellows.errors.Messages.message;

import dev.bellows.backend.Pool2dArgs;
import dev.bellows.backend.Scalars;
import dev.bellows.memory.Strided;

/**
 * Max pooling of arrays with any strides; channels-last arrays whose channels are a multiple of a
 * pack are processed pack by pack.
 */
final class Pools {
  private final CudaDevice device;

  Pools(CudaDevice device) {
    this.device = device;
  }

  void maxPool(Strided x, Pool2dArgs args, Strided out, Strided positions) {
    launch("MAX_POOL", isPacked(x, out, positions), x, out, positions, args, out);
  }

  void grad(Strided gradOut, Strided positions, Pool2dArgs args, Strided gradX) {
    launch("GRAD", isPacked(gradX, gradOut, positions), gradX, gradOut, positions, args, gradX);
  }

  void gather(Strided a, Strided positions, Pool2dArgs args, Strided out) {
    launch("GATHER", false, a, out, positions, args, out);
  }

  private static boolean isPacked(Strided large, Strided small, Strided positions) {
    int pack = 16 / large.dtype().bytes();
    return large.size(1) % pack == 0
        && large.isChannelsLast()
        && small.isChannelsLast()
        && positions.isChannelsLast()
        && CudaTemp.isAligned(large)
        && CudaTemp.isAligned(small)
        && positions.deviceAddress() % pack == 0;
  }

  /** Launches a kernel on as many images at a time as indices can count. */
  private void launch(
      String kernel,
      boolean packed,
      Strided large,
      Strided small,
      Strided positions,
      Pool2dArgs args,
      Strided written) {
    Scalars.requireFloating("maxPool2d", large.dtype());
    if (written.numel() == 0) {
      return;
    }
    long images = written.size(0);
    long perLaunch = Math.max(1, Integer.MAX_VALUE / (written.numel() / images));
    for (long first = 0; first < images; first += perLaunch) {
      long count = Math.min(perLaunch, images - first);
      Strided part = images(written, first, count);
      checkSizes(part);
      launch(
          packed ? kernel + "_PACKED" : kernel,
          packed ? 16 / large.dtype().bytes() : 1,
          images(large, first, count),
          images(small, first, count),
          images(positions, first, count),
          args,
          part);
    }
  }

  /** Returns some of the images. */
  static Strided images(Strided a, long first, long count) {
    long[] sizes = a.sizes().clone();
    sizes[0] = count;
    return a.with(sizes, a.strides(), a.offset() + first * a.stride(0));
  }

  private void launch(
      String kernel,
      int pack,
      Strided large,
      Strided small,
      Strided positions,
      Pool2dArgs args,
      Strided written) {
    boolean channelsFirst = pack == 1 && written.stride(1) > written.stride(3);
    long c = written.size(1) / pack;
    long steps = written.numel() / pack;
    Launch params = Launch.begin().array(large).array(small).array(positions);
    for (Strided each : new Strided[] {large, small, positions}) {
      for (int d = 0; d < 4; d++) {
        params.whole(each.stride(d));
      }
    }
    params
        .whole(steps)
        .integer((int) large.size(2))
        .integer((int) large.size(3))
        .integer((int) small.size(2))
        .integer((int) small.size(3))
        .integer(args.kernelH())
        .integer(args.kernelW())
        .integer(args.padH())
        .integer(args.padW())
        .divisor(channelsFirst ? written.size(3) : c)
        .divisor(channelsFirst ? written.size(2) : written.size(3))
        .divisor(channelsFirst ? c : written.size(2))
        .integer(channelsFirst ? 1 : 0)
        .divisor(args.strideH())
        .divisor(args.strideW())
        .divisor(args.kernelW());
    device.launch(device.kernel(KernelFile.POOL, large.dtype(), kernel), steps, params);
  }

  private static void checkSizes(Strided a) {
    if (a.numel() > Integer.MAX_VALUE) {
      throw new UnsupportedOperationException(
          message(
              "maxPool2d: an image must have less than 2147483648 elements on a CUDA device; got"
                  + " %s",
              a.sizes()));
    }
  }
}
