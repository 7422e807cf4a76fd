package dev.bellows.nn.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.autograd.GradMode;
import dev.bellows.memory.DType;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Names and shapes of parameters and buffers are those of torchvision's models; with weights of one
 * formula, so are the outputs.
 */
@Timeout(120)
class VisionTest {
  private static final int PERIOD = 2003;

  private final ModelFile file = new ModelFile("vision.safetensors");

  /** Returns (i · 7919 + i / 2003 · 31) mod 2003 / 2003 − 0.5, scaled and shifted, for each i. */
  private static float[] numbers(long count, double factor, double shift) {
    float[] table = new float[PERIOD];
    for (int i = 0; i < PERIOD; i++) {
      table[i] = (float) ((i / (double) PERIOD - 0.5) * factor + shift);
    }
    float[] values = new float[Math.toIntExact(count)];
    int at = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = table[at];
      at = (at + 7919 + ((i + 1) % PERIOD == 0 ? 31 : 0)) % PERIOD;
    }
    return values;
  }

  private static void fill(String name, Tensor tensor) {
    if (tensor.dtype() != DType.FLOAT32) {
      return;
    }
    double factor = 0.2;
    double shift = 0;
    if (name.endsWith("running_var")) {
      factor = 1;
      shift = 1;
    } else if (tensor.dim() > 1) {
      factor = Math.sqrt(24.0 / (tensor.numel() / tensor.size(0)));
    } else if (name.endsWith(".weight")) {
      factor = 0.5;
      shift = 1;
    }
    try (Tensor values = Tensor.of(numbers(tensor.numel(), factor, shift), tensor.shape())) {
      tensor.copy_(values);
    }
  }

  private static void assertNames(String name, Module model) throws IOException {
    List<String> lines = new ArrayList<>();
    model
        .stateDict()
        .asMap()
        .forEach(
            (key, tensor) -> {
              StringBuilder line = new StringBuilder(name + " " + key);
              for (long size : tensor.shape()) {
                line.append(' ').append(size);
              }
              lines.add(line.toString());
            });
    List<String> expected =
        Files.readAllLines(ModelFile.resource("vision.txt")).stream()
            .filter(line -> line.startsWith(name + " "))
            .toList();
    assertThat(lines).isEqualTo(expected);
  }

  @SuppressWarnings("try")
  private void assertSame(String name, Module model, int size) throws IOException {
    assertNames(name, model);
    model.eval();
    try (GradMode mode = GradMode.noGrad()) {
      model.stateDict().asMap().forEach(VisionTest::fill);
      Tensor x = Tensor.of(numbers(2L * 3 * size * size, 4, 0), 2, 3, size, size);
      file.assertEqual(name, model.call(x));
    }
  }

  @Test
  void resNet() throws IOException {
    assertSame("resnet18", ResNet.resnet18(10), 32);
    assertNames("resnet34", ResNet.resnet34(10));
    assertSame("resnet50", ResNet.resnet50(10), 33);
  }

  @Test
  void vgg() throws IOException {
    assertSame("vgg16", Vgg.vgg16(10), 32);
  }

  @Test
  void alexNet() throws IOException {
    assertSame("alexnet", new AlexNet(10, 0.5), 64);
  }

  @Test
  void mobileNet() throws IOException {
    assertSame("mobilenet_v2", new MobileNetV2(10), 40);
  }
}
