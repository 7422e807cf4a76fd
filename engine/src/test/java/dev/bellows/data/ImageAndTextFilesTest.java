package dev.bellows.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.tensor.Tensor;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ImageAndTextFilesTest {
  @TempDir private Path folder;

  private Path image(String name, int type, int... rgb) throws IOException {
    BufferedImage image = new BufferedImage(rgb.length, 1, type);
    for (int x = 0; x < rgb.length; x++) {
      if (type == BufferedImage.TYPE_BYTE_GRAY) {
        image.getRaster().setSample(x, 0, 0, rgb[x]);
      } else {
        image.setRGB(x, 0, rgb[x]);
      }
    }
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    ImageIO.write(image, "png", file.toFile());
    return file;
  }

  private static int[] unsigned(Tensor image) {
    return image.toIntArray();
  }

  @Test
  void coloursAndGrey() throws IOException {
    Path colours = image("c.png", BufferedImage.TYPE_INT_RGB, 0x0102FF, 0xC80000);
    Tensor rgb = ImageFiles.readColours(colours);
    assertThat(rgb.shape()).containsExactly(3, 1, 2);
    assertThat(unsigned(rgb)).containsExactly(1, 200, 2, 0, 255, 0);
    assertThat(unsigned(ImageFiles.readGrey(colours))).containsExactly(31, 60);
    Path grey = image("g.png", BufferedImage.TYPE_BYTE_GRAY, 7, 200);
    assertThat(unsigned(ImageFiles.readGrey(grey))).containsExactly(7, 200);
    assertThat(unsigned(ImageFiles.readColours(grey))).containsExactly(7, 200, 7, 200, 7, 200);
    Path clear = image("a.png", BufferedImage.TYPE_INT_ARGB, 0x00102030);
    assertThat(unsigned(ImageFiles.readColours(clear))).containsExactly(16, 32, 48);
  }

  @Test
  void damagedAndHugeFilesAreRefused() throws IOException {
    Path whole = image("w.png", BufferedImage.TYPE_INT_RGB, 1, 2, 3);
    byte[] bytes = Files.readAllBytes(whole);
    Path cut = Files.write(folder.resolve("cut.png"), Arrays.copyOf(bytes, 50));
    assertThatThrownBy(() -> ImageFiles.readColours(cut))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cut.png");
    Path text = Files.writeString(folder.resolve("t.png"), "no image");
    assertThatThrownBy(() -> ImageFiles.readColours(text))
        .hasMessageEndingWith("t.png: must be an image; its first bytes are of no known format");
    for (int i = 16; i < 24; i += 4) { // the sizes in the header
      bytes[i] = 0;
      bytes[i + 1] = 1;
    }
    CRC32 sum = new CRC32();
    sum.update(bytes, 12, 17);
    for (int i = 0; i < 4; i++) {
      bytes[29 + i] = (byte) (sum.getValue() >> 24 - 8 * i);
    }
    Path huge = Files.write(folder.resolve("huge.png"), bytes);
    assertThatThrownBy(() -> ImageFiles.readColours(huge))
        .hasMessageContaining("images must have at most 268435456 pixels; got 65539 x 65537");
    assertThatThrownBy(() -> ImageFiles.readColours(folder.resolve("missing.png")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("missing.png");
  }

  @Test
  void foldersAreClasses() throws IOException {
    image("data/dog/b.png", BufferedImage.TYPE_INT_RGB, 3, 3);
    image("data/cat/y/z.png", BufferedImage.TYPE_INT_RGB, 2, 2);
    image("data/cat/a.PNG", BufferedImage.TYPE_INT_RGB, 1, 1);
    Files.writeString(folder.resolve("data/cat/notes.txt"), "no image");
    ImageFolder images = new ImageFolder(folder.resolve("data"));
    assertThat(images.classes()).containsExactly("cat", "dog");
    assertThat(images.size()).isEqualTo(3);
    Batch batch = images.gather(new long[] {0, 1, 2});
    assertThat(batch.input("label").toLongArray()).containsExactly(0, 0, 1);
    assertThat(batch.input("image").select(1, 2).flatten().toIntArray())
        .containsExactly(1, 1, 2, 2, 3, 3);
    Files.writeString(images.file(2), "broken");
    assertThatThrownBy(() -> images.get(2))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("b.png: must be an image");
    Files.createDirectories(folder.resolve("data/empty"));
    assertThatThrownBy(() -> new ImageFolder(folder.resolve("data")))
        .hasMessageStartingWith("ImageFolder: found no image for the class");
    assertThatThrownBy(() -> new ImageFolder(folder.resolve("data/empty")))
        .hasMessageStartingWith("ImageFolder: couldn't find any class folder in");
  }

  @Test
  void linesOfFiles() throws IOException {
    Path one = Files.writeString(folder.resolve("1.txt"), "a\n\nß\r\n");
    Path two = Files.writeString(folder.resolve("2.txt"), "");
    Path three = Files.writeString(folder.resolve("3.txt"), "end");
    TextLines lines = new TextLines(one, two, three);
    assertThat(lines).containsExactly("a", "", "ß", "end");
    assertThat(DataLoader.of(lines).batchSize(3).collate(List::copyOf).workers(1).build())
        .containsExactly(List.of("a", "", "ß"), List.of("end"));
    byte[] text = ("a\n".repeat(9000) + "b\u00e9\r\nc\r\re").getBytes(ISO_8859_1);
    Path bytes = Files.write(folder.resolve("4.txt"), text);
    Iterator<String> broken = new TextLines(one, folder.resolve("5.txt"), bytes, three).iterator();
    for (int i = 0; i < 3; i++) {
      broken.next();
    }
    assertThatThrownBy(broken::next)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("5.txt: cannot be read: java.nio.file.NoSuchFileException");
    for (int i = 0; i < 9000; i++) {
      assertThat(broken.next()).isEqualTo("a");
    }
    assertThatThrownBy(broken::hasNext)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageEndingWith(
            "4.txt: line 9001: text must be UTF-8; got the byte 0xe9 at byte 2 of the line");
    assertThat((Iterable<String>) () -> broken).containsExactly("c", "", "e", "end");
  }

  @Test
  void ofSixteenBitsTheHighByteIsRead() throws IOException {
    short[] values = {0, 255, 256, 1000, 32767, (short) 32768, (short) 65280, (short) 65535};
    int[] high = {0, 0, 1, 3, 127, 128, 255, 255};
    BufferedImage grey = new BufferedImage(8, 1, BufferedImage.TYPE_USHORT_GRAY);
    grey.getRaster().setDataElements(0, 0, 8, 1, values);
    Path file = folder.resolve("16.png");
    ImageIO.write(grey, "png", file.toFile());
    assertThat(unsigned(ImageFiles.readGrey(file))).containsExactly(high);
    assertThat(unsigned(ImageFiles.readColours(file).select(0, 2))).containsExactly(high);
    ComponentColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            false,
            false,
            Transparency.OPAQUE,
            DataBuffer.TYPE_USHORT);
    WritableRaster raster = model.createCompatibleWritableRaster(1, 1);
    raster.setPixel(0, 0, new int[] {1000, 32767, 65535});
    ImageIO.write(new BufferedImage(model, raster, false, null), "png", file.toFile());
    assertThat(unsigned(ImageFiles.readColours(file))).containsExactly(3, 127, 255);
  }

  @Test
  void foldersThatCannotBeListed() throws IOException {
    assertThatThrownBy(() -> new ImageFolder(folder.resolve("none")))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("ImageFolder: cannot list " + folder.resolve("none"));
    Path dog = image("loop/dog/b.png", BufferedImage.TYPE_INT_RGB, 3, 3).getParent();
    assertThatThrownBy(() -> new ImageFolder(dog.resolve("b.png")))
        .hasMessageStartingWith("ImageFolder: couldn't find any class folder in");
    Files.createSymbolicLink(dog.resolve("again"), dog);
    assertThatThrownBy(() -> new ImageFolder(folder.resolve("loop")))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("ImageFolder: cannot list " + dog)
        .hasMessageContaining("again");
  }
}
