package dev.bellows.data;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.Tensor;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Reads image files of the formats that Java reads: PNG, JPEG, BMP, GIF (its first frame), TIFF. Of
 * samples of 16 bits it gives the high byte, as torchvision's {@code to_dtype(uint8, scale=True)}
 * does of an image read with 16 bits; Pillow's {@code convert} gives 255 for grey ones above 255.
 * Source: torchvision's {@code read_image}.
 */
public final class ImageFiles {
  private static final long MAX_PIXELS = 1L << 28;
  private static final List<String> ENDINGS =
      List.of(".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff");

  private ImageFiles() {}

  /**
   * Reads an image in colours; transparency is left out, grey becomes three equal channels.
   *
   * @return UINT8 [3, h, w]: red, green, blue
   * @throws IOException if the file is damaged, of another format, or of more than 2²⁸ pixels; the
   *     message names the file
   */
  public static Tensor readColours(Path file) throws IOException {
    return tensor(read(file), 3);
  }

  /**
   * Reads an image in grey, 0.299 R + 0.587 G + 0.114 B of a coloured one.
   *
   * @return UINT8 [1, h, w]
   * @throws IOException as {@link #readColours}
   */
  public static Tensor readGrey(Path file) throws IOException {
    return tensor(read(file), 1);
  }

  /** Returns whether a file's name ends as those of images do. */
  static boolean isImage(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return ENDINGS.stream().anyMatch(name::endsWith);
  }

  private static BufferedImage read(Path file) throws IOException {
    try (InputStream bytes = Files.newInputStream(file);
        ImageInputStream in = new MemoryCacheImageInputStream(bytes)) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new IOException(
            message("%s: must be an image; its first bytes are of no known format", file));
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
        if (pixels > MAX_PIXELS) { // before memory is taken for them
          throw new IOException(
              message(
                  "%s: images must have at most %s pixels; got %s x %s",
                  file, MAX_PIXELS, reader.getWidth(0), reader.getHeight(0)));
        }
        return reader.read(0);
      } catch (RuntimeException e) { // what readers throw for some damaged files
        throw new IOException(message("%s: the image is damaged: %s", file, e), e);
      } finally {
        reader.dispose();
      }
    } catch (IOException e) {
      String reason = String.valueOf(e.getMessage());
      throw reason.startsWith(file.toString())
          ? e
          : new IOException(message("%s: the image cannot be read: %s", file, reason), e);
    }
  }

  private static Tensor tensor(BufferedImage image, int channels) {
    int h = image.getHeight();
    int w = image.getWidth();
    byte[] out = new byte[Math.multiplyExact(channels, h * w)];
    boolean stored = isStoredPlainly(image);
    int[] row = new int[w];
    for (int y = 0; y < h; y++) {
      if (stored) { // Java's conversion to RGB would change them
        readStored(image.getRaster(), y, row);
      } else {
        image.getRGB(0, y, w, 1, row, 0, w);
      }
      for (int x = 0; x < w; x++) {
        int red = row[x] >> 16 & 0xff;
        int green = row[x] >> 8 & 0xff;
        int blue = row[x] & 0xff;
        int at = y * w + x;
        if (channels == 3) {
          out[at] = (byte) red;
          out[at + h * w] = (byte) green;
          out[at + 2 * h * w] = (byte) blue;
        } else {
          // ITU-R 601 in 16 bits, as image libraries compute it; of three equal ones it is that one
          out[at] = (byte) (19595 * red + 38470 * green + 7471 * blue + 0x8000 >> 16);
        }
      }
    }
    return Tensor.of(out, channels, h, w);
  }

  /** Returns whether the samples are grey or sRGB as they are stored, with 8 or 16 bits each. */
  private static boolean isStoredPlainly(BufferedImage image) {
    ColorModel model = image.getColorModel();
    int type = model.getTransferType();
    int bits = type == DataBuffer.TYPE_BYTE ? 8 : type == DataBuffer.TYPE_USHORT ? 16 : 0;
    boolean known =
        model.getColorSpace().getType() == ColorSpace.TYPE_GRAY
            || model.getColorSpace().isCS_sRGB();
    return model instanceof ComponentColorModel
        && known
        && !model.isAlphaPremultiplied()
        && IntStream.of(model.getComponentSize()).allMatch(size -> size == bits);
  }

  /** Reads the high bytes of a row's samples as 0xRRGGBB. */
  private static void readStored(Raster raster, int y, int... row) {
    int low = raster.getSampleModel().getSampleSize(0) - 8;
    boolean grey = raster.getNumBands() < 3;
    int[] samples = new int[row.length];
    Arrays.fill(row, 0);
    for (int band = 0; band < 3; band++) {
      raster.getSamples(0, y, row.length, 1, grey ? 0 : band, samples);
      for (int x = 0; x < row.length; x++) {
        row[x] |= samples[x] >> low << 16 - 8 * band;
      }
    }
  }
}
