package dev.bellows.backend.cuda;

import dev.bellows.backend.Activation;
import dev.bellows.memory.Strided;

/**
 * Depthwise convolutions of channels-last images: direct kernels, since the equivalent matrix
 * products would be only one column wide. Weights are taken as [kh, kw, o].
 */
final class Depthwise {
  /** Number of outputs of a row per thread; STRIP in the kernels. */
  private static final long STRIP = 4;

  /** Number of taps that a block sums at once; TAPS in the kernels. */
  private static final long TAPS = 9;

  private final CudaDevice device;
  private final Moves moves;
  private final PlaceSums sums;

  Depthwise(CudaDevice device, Moves moves, PlaceSums sums) {
    this.device = device;
    this.moves = moves;
    this.sums = sums;
  }

  void forward(
      ConvShape shape,
      Strided x,
      Strided weight,
      Strided bias,
      Activation activation,
      Strided out) {
    boolean packed = isPacked(shape);
    long perPlace = packed ? shape.o() / shape.pack() : shape.o();
    long strips = (shape.ow() + STRIP - 1) / STRIP;
    try (CudaTemp factors = weights(shape, weight)) {
      launch(
          packed ? "DEPTHWISE_PACKED" : "DEPTHWISE",
          shape,
          new Strided[] {x, factors.array(), bias, out},
          activation == Activation.RELU,
          new long[] {perPlace, strips, shape.oh()});
    }
  }

  void gradInput(ConvShape shape, Strided gradOut, Strided weight, Strided gradX) {
    boolean packed = isPacked(shape);
    long perPixel = packed ? shape.c() / shape.pack() : shape.c();
    try (CudaTemp factors = weights(shape, weight)) {
      launch(
          packed ? "DEPTHWISE_INPUT_PACKED" : "DEPTHWISE_INPUT",
          shape,
          new Strided[] {gradX, factors.array(), null, gradOut},
          false,
          new long[] {perPixel, shape.w(), shape.h()});
    }
  }

  private static boolean isPacked(ConvShape shape) {
    return shape.o() == shape.c() && shape.c() % shape.pack() == 0;
  }

  private CudaTemp weights(ConvShape shape, Strided weight) {
    CudaTemp taps = CudaTemp.blank(device, shape.type(), shape.taps(), shape.o());
    Strided asWeights =
        taps.array()
            .with(
                weight.sizes(),
                new long[] {1, 1, shape.kw() * shape.o(), shape.o()},
                taps.array().offset());
    moves.copy(weight, asWeights);
    return taps;
  }

  /**
   * Launches a kernel on as many images at a time as indices can count.
   *
   * @param arrays x, weight, bias or null, out
   * @param sizes of the dimensions that steps iterate over in one image, the fastest first
   */
  private void launch(
      String kernel, ConvShape shape, Strided[] arrays, boolean relu, long[] sizes) {
    long perImage = sizes[0] * sizes[1] * sizes[2];
    long most = Math.max(1, Integer.MAX_VALUE / perImage);
    Strided bias = arrays[2];
    for (long first = 0; first < shape.n(); first += most) {
      long images = Math.min(most, shape.n() - first);
      Launch params =
          shape.pack(
              Launch.begin()
                  .array(Pools.images(arrays[0], first, images))
                  .array(arrays[1])
                  .address(bias == null ? 0 : bias.deviceAddress())
                  .whole(bias == null ? 0 : bias.stride(0))
                  .array(Pools.images(arrays[3], first, images))
                  .whole(images * perImage));
      params.integer((int) shape.c()).integer((int) shape.o()).integer(relu ? 1 : 0);
      for (long size : sizes) {
        params.divisor(size);
      }
      params
          .divisor(shape.outGroup())
          .divisor(shape.args().strideH())
          .divisor(shape.args().strideW());
      device.launch(
          device.kernel(KernelFile.CONV, shape.type(), kernel), images * perImage, params);
    }
  }

  void gradWeight(ConvShape shape, Strided gradOut, Strided x, Strided gradWeight) {
    long groups = (shape.taps() + TAPS - 1) / TAPS;
    PlaceSums.Cut cut = PlaceSums.Cut.of(shape.places(), shape.o(), groups);
    try (CudaTemp parts =
        CudaTemp.blank(
            device, PlaceSums.partType(shape.type()), cut.segments(), shape.taps() * shape.o())) {
      device.launch(
          device.kernel(KernelFile.CONV, shape.type(), "DEPTHWISE_WEIGHT"),
          (int) cut.segments(),
          cut.gridY(),
          CudaDevice.THREADS,
          shape
              .pack(
                  Launch.begin()
                      .array(gradOut)
                      .array(x)
                      .array(parts.array())
                      .whole(shape.places())
                      .whole(cut.perSegment()))
              .integer((int) shape.c())
              .integer((int) shape.o())
              .integer(cut.lanesLog())
              .divisor(shape.outGroup())
              .divisor(shape.ow())
              .divisor(shape.oh() * shape.ow())
              .divisor(shape.kw()));
      sums.collect(
          parts.array(),
          shape.o(),
          shape.kw(),
          gradWeight,
          gradWeight.stride(0),
          gradWeight.stride(2),
          gradWeight.stride(3));
    }
  }
}
