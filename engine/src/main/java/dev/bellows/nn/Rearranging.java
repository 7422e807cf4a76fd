package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.Tensor;

/** Rearranging channels and pixels, and images as columns of their patches. */
final class Rearranging {
  private Rearranging() {}

  /**
   * Moves channels into blocks of r · r pixels.
   *
   * @param x [.., c·r², h, w]
   * @return [.., c, h·r, w·r]
   * @throws IllegalArgumentException if x has fewer than three dimensions, or r² does not divide
   *     the channels
   */
  public static Tensor pixelShuffle(Tensor x, int r) {
    requireImage("pixelShuffle", x, r);
    int c = x.dim() - 3;
    if (x.size(c) % ((long) r * r) != 0) {
      throw new IllegalArgumentException(
          message(
              "pixelShuffle: expects its input's 'channel' dimension to be divisible by the square"
                  + " of upscale_factor, but input.size(-3)=%s is not divisible by %s",
              x.size(c), (long) r * r));
    }
    long channels = x.size(c) / ((long) r * r);
    Tensor blocks = x.unflatten(c, channels, r, r); // [.., c, r, r, h, w]
    return blocks
        .movedim(c + 1, c + 3)
        .movedim(c + 1, -1)
        .flatten(c + 3, c + 4)
        .flatten(c + 1, c + 2);
  }

  /**
   * Moves blocks of r · r pixels into channels: the inverse of {@link #pixelShuffle}.
   *
   * @param x [.., c, h·r, w·r]
   * @return [.., c·r², h, w]
   * @throws IllegalArgumentException if x has fewer than three dimensions, or r does not divide its
   *     rows and columns
   */
  public static Tensor pixelUnshuffle(Tensor x, int r) {
    requireImage("pixelUnshuffle", x, r);
    int c = x.dim() - 3;
    if (x.size(c + 1) % r != 0 || x.size(c + 2) % r != 0) {
      throw new IllegalArgumentException(
          message(
              "pixelUnshuffle: expects height and width to be divisible by downscale_factor; got"
                  + " input %s, downscale_factor %s",
              x.shape(), r));
    }
    Tensor blocks = x.unflatten(c + 2, x.size(c + 2) / r, r).unflatten(c + 1, x.size(c + 1) / r, r);
    return blocks.movedim(c + 2, c + 1).movedim(c + 4, c + 2).flatten(c, c + 2);
  }

  /**
   * Interleaves groups of channels.
   *
   * @param x [n, c, ..] with at least one dimension after c
   * @throws IllegalArgumentException if x has fewer than three dimensions, or groups do not divide
   *     the channels
   */
  public static Tensor channelShuffle(Tensor x, int groups) {
    if (x.dim() < 3) {
      throw new IllegalArgumentException(
          message(
              "channelShuffle: expects input with > 2 dims, but got input with sizes %s",
              x.shape()));
    }
    if (groups < 1 || x.size(1) % groups != 0) {
      throw new IllegalArgumentException(
          message(
              "channelShuffle: Number of channels must be divisible by groups. Got %s channels and"
                  + " %s groups.",
              x.size(1), groups));
    }
    return x.unflatten(1, groups, x.size(1) / groups).transpose(1, 2).flatten(1, 2);
  }

  private static void requireImage(String name, Tensor x, int r) {
    if (x.dim() < 3) {
      throw new IllegalArgumentException(
          message(
              "%s: expects input to have at least 3 dimensions, but got input with %s dimension(s)",
              name, x.dim()));
    }
    if (r < 1) {
      throw new IllegalArgumentException(
          message("%s: expects a positive factor, but got %s", name, r));
    }
  }

  /**
   * Copies each patch of images into a column.
   *
   * @param x [n, c, h, w] or [c, h, w]
   * @param kernel rows and columns of a patch, or one number for both
   * @param options stride, padding with zeros and dilation; default 1, 0 and 1
   * @return [n, c·kernelH·kernelW, l] or [c·kernelH·kernelW, l] with one column for each of l
   *     patches
   * @throws IllegalArgumentException if shapes or numbers do not fit
   */
  public static Tensor unfold(Tensor x, int[] kernel, ConvOptions options) {
    Inputs.requireFloating("unfold", x);
    boolean fits = x.dim() == 3 || x.dim() == 4;
    for (int d = x.dim() - 3; fits && d < x.dim(); d++) {
      fits = x.size(d) > 0;
    }
    if (!fits) {
      throw new IllegalArgumentException(
          message(
              "unfold: Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and other"
                  + " non-zero dimensions for input, but got: %s",
              x.shape()));
    }
    int h = x.dim() - 2;
    Patches patches = new Patches("unfold", x.size(h), x.size(h + 1), kernel, options);
    Tensor images = x.dim() == 3 ? x.unsqueeze(0) : x;
    Tensor all = patches.columns().of(Padding.pad(images, patches.padding()), 3);
    all = patches.rows().of(all, 2); // [n, c, outH, kernelH, outW, kernelW]
    Tensor out = all.permute(0, 1, 3, 5, 2, 4).flatten(4, 5).flatten(1, 3);
    return x.dim() == 3 ? out.squeeze(0) : out;
  }

  /**
   * Adds up columns of patches to images: the transpose of {@link #unfold}.
   *
   * @param x [n, c·kernelH·kernelW, l] or [c·kernelH·kernelW, l]
   * @param outputSize rows and columns of the images, or one number for both
   * @return [n, c, h, w] or [c, h, w]
   * @throws IllegalArgumentException if shapes or numbers do not fit
   */
  public static Tensor fold(Tensor x, int[] outputSize, int[] kernel, ConvOptions options) {
    Inputs.requireFloating("fold", x);
    int[] size = PerDimension.of("fold", "output_size", 2, outputSize);
    boolean shaped = x.dim() == 2 || x.dim() == 3;
    int c = x.dim() - 2;
    if (!shaped || x.size(c) == 0 || x.size(c + 1) == 0) {
      throw new IllegalArgumentException(
          message(
              "fold: Expected 2D or 3D (batch mode) tensor for input with possibly 0 batch size and"
                  + " non-zero dimensions for input, but got: %s",
              x.shape()));
    }
    Patches patches = new Patches("fold", size[0], size[1], kernel, options);
    if (x.size(c) % patches.elements() != 0 || x.size(c + 1) != patches.count()) {
      throw new IllegalArgumentException(
          message(
              "fold: Expected size of input's dimension %s to be divisible by the product of"
                  + " kernel_size, %s, and of dimension %s to match the calculated number of"
                  + " sliding blocks, %s; got %s",
              c, patches.elements(), c + 1, patches.count(), x.shape()));
    }
    Tensor columns = x.dim() == 2 ? x.unsqueeze(0) : x;
    long n = columns.size(0);
    long channels = x.size(c) / patches.elements();
    Tensor flat = columns.reshape(n, channels, patches.elements() * patches.count());
    Tensor index = patches.places(x).flatten();
    Tensor out =
        x.newZeros(n, channels, patches.height() * patches.width())
            .indexAdd(2, index, flat, 1)
            .reshape(n, channels, patches.height(), patches.width());
    int[] padding = patches.padding();
    out = Padding.pad(out, -padding[0], -padding[1], -padding[2], -padding[3]);
    return x.dim() == 2 ? out.squeeze(0) : out;
  }
}
