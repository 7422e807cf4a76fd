package dev.bellows.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.tensor.Tensor;
import java.awt.image.BufferedImage;
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
    Path bytes = Files.write(folder.resolve("4.txt"), new byte[] {'o', 'k', (byte) 0xff, '\n'});
    Iterator<String> broken = new TextLines(bytes).iterator();
    assertThatThrownBy(broken::next)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("4.txt: line 1 cannot be read as UTF-8");
  }
}
