package dev.bellows.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class FashionResNetTest {
  private static final int PIXELS = 28 * 28;

  @TempDir private Path directory;

  /** Writes images of two classes, dark and bright ones, in the format of the data set. */
  private void write(String part, int images) throws IOException {
    long[] noise =
        Tensor.randint(new Generator(3), 0, 100, DType.INT64, images * PIXELS).toLongArray();
    try (var out = file(part + "-images-idx3-ubyte.gz")) {
      out.writeInt(0x803);
      out.writeInt(images);
      out.writeInt(28);
      out.writeInt(28);
      for (int i = 0; i < noise.length; i++) {
        out.writeByte((int) noise[i] + i / PIXELS % 2 * 150);
      }
    }
    try (var out = file(part + "-labels-idx1-ubyte.gz")) {
      out.writeInt(0x801);
      out.writeInt(images);
      for (int i = 0; i < images; i++) {
        out.writeByte(i % 2);
      }
    }
  }

  private DataOutputStream file(String name) throws IOException {
    return new DataOutputStream(
        new GZIPOutputStream(Files.newOutputStream(directory.resolve(name))));
  }

  @Test
  void learnsTwoClasses() throws IOException {
    write("train", 80);
    write("t10k", 20);
    String[] arguments = {
      "--data",
      directory.toString(),
      "--rows",
      "64",
      "--epochs",
      "4",
      "--global-batch",
      "16",
      "--lr",
      "0.05",
      "--executors",
      "2"
    };
    var run =
        CapturedRun.of("fashion-resnet", FashionResNet.options(), FashionResNet::train, arguments);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("step 16/16").contains("accuracy=1.0000");
  }

  @Test
  void theDataMustBeThere() {
    var run =
        CapturedRun.of(
            "fashion-resnet",
            FashionResNet.options(),
            FashionResNet::train,
            "--data",
            directory.toString());
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("fashion-resnet: --data must hold train-images-idx3-ubyte.gz");
  }
}
