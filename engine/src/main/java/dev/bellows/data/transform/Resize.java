package dev.bellows.data.transform;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.nn.Functional;
import dev.bellows.nn.InterpolateOptions;
import dev.bellows.nn.InterpolationMode;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;

/**
 * Resizes images. UINT8 images are resized as FLOAT32 and rounded. Source: torchvision's {@code
 * Resize} for tensors.
 */
public final class Resize implements Transform {
  private static final long serialVersionUID = 1L;

  private final int height;
  private final int width; // 0: the shorter side gets the height
  private final InterpolationMode mode;
  private final boolean antialias;

  /**
   * Creates a transform that makes the shorter side {@code size} pixels long and keeps the ratio of
   * the sides, by bilinear interpolation with antialiasing.
   *
   * @throws IllegalArgumentException if size is less than 1
   */
  public Resize(int size) {
    this(size, 0, InterpolationMode.BILINEAR, true);
    Images.requireSize("Resize", size, size);
  }

  /**
   * Creates a transform to images [height, width], by bilinear interpolation with antialiasing.
   *
   * @throws IllegalArgumentException if a number is less than 1
   */
  public Resize(int height, int width) {
    this(height, width, InterpolationMode.BILINEAR, true);
    Images.requireSize("Resize", height, width);
  }

  private Resize(int height, int width, InterpolationMode mode, boolean antialias) {
    this.height = height;
    this.width = width;
    this.mode = mode;
    this.antialias = antialias;
  }

  /**
   * Sets how pixels are computed; default {@link InterpolationMode#BILINEAR}.
   *
   * @throws IllegalArgumentException if it is another than bilinear, bicubic or a nearest one
   */
  public Resize mode(InterpolationMode how) {
    if (!smooth(how)
        && how != InterpolationMode.NEAREST
        && how != InterpolationMode.NEAREST_EXACT) {
      throw new IllegalArgumentException(
          message("Resize: mode must be NEAREST, NEAREST_EXACT, BILINEAR or BICUBIC; got %s", how));
    }
    return new Resize(height, width, how, antialias);
  }

  /** Sets whether all covered pixels count when images shrink; default true. */
  public Resize antialias(boolean smooths) {
    return new Resize(height, width, mode, smooths);
  }

  private static boolean smooth(InterpolationMode mode) {
    return mode == InterpolationMode.BILINEAR || mode == InterpolationMode.BICUBIC;
  }

  @Override
  public Tensor apply(Tensor images, Generator generator) {
    return Images.batched("Resize", images, this::resize);
  }

  private Tensor resize(Tensor batch) {
    long[] size = size(batch.size(2), batch.size(3));
    if (size[0] == batch.size(2) && size[1] == batch.size(3)) {
      return batch;
    }
    InterpolateOptions options = new InterpolateOptions().size(size).mode(mode);
    boolean bytes = batch.dtype() == DType.UINT8;
    if (!smooth(mode)) {
      return Functional.interpolate(batch, options);
    }
    Tensor out =
        Functional.interpolate(
            bytes ? batch.to(DType.FLOAT32) : batch, options.antialias(antialias));
    return bytes ? out.round().clamp(0, 255).to(DType.UINT8) : out;
  }

  private long[] size(long h, long w) {
    if (width > 0) {
      return new long[] {height, width};
    }
    long longer = (long) ((double) height * Math.max(h, w) / Math.min(h, w));
    return h <= w ? new long[] {height, longer} : new long[] {longer, height};
  }

  @Override
  public String toString() {
    String size = width == 0 ? "" + height : "(" + height + ", " + width + ")";
    return message("Resize(size=%s, interpolation=%s, antialias=%s)", size, mode, antialias);
  }
}
