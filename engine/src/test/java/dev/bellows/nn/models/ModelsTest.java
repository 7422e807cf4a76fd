package dev.bellows.nn.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.autograd.GradMode;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Names and shapes of the parameters are those of torchvision's models. */
@Timeout(120)
class ModelsTest {
  private static long parameters(Module model) {
    return model.parameters().stream().mapToLong(Tensor::numel).sum();
  }

  private static List<String> keys(Module model) {
    return List.copyOf(model.stateDict().asMap().keySet());
  }

  @Test
  void leNet() {
    LeNet model = new LeNet();
    assertThat(parameters(model)).isEqualTo(61_706);
    assertThat(keys(model))
        .containsExactly(
            "conv1.weight",
            "conv1.bias",
            "conv2.weight",
            "conv2.bias",
            "fc1.weight",
            "fc1.bias",
            "fc2.weight",
            "fc2.bias",
            "fc3.weight",
            "fc3.bias");
    assertThat(model.call(Tensor.zeros(2, 1, 32, 32)).shape()).containsExactly(2, 10);
  }

  @Test
  @SuppressWarnings("try")
  void alexNet() {
    AlexNet model = new AlexNet();
    assertThat(parameters(model)).isEqualTo(61_100_840);
    assertThat(keys(model))
        .containsExactly(
            "features.0.weight",
            "features.0.bias",
            "features.3.weight",
            "features.3.bias",
            "features.6.weight",
            "features.6.bias",
            "features.8.weight",
            "features.8.bias",
            "features.10.weight",
            "features.10.bias",
            "classifier.1.weight",
            "classifier.1.bias",
            "classifier.4.weight",
            "classifier.4.bias",
            "classifier.6.weight",
            "classifier.6.bias");
    model.eval();
    try (GradMode mode = GradMode.noGrad()) {
      assertThat(model.call(Tensor.zeros(1, 3, 64, 64)).shape()).containsExactly(1, 1000);
    }
  }

  @Test
  void vgg() {
    Vgg model = Vgg.vgg16(1);
    assertThat(parameters(model)).isEqualTo(138_357_544 - 999 * 4097);
    assertThat(keys(model))
        .startsWith("features.0.weight", "features.0.bias", "features.2.weight")
        .contains("features.28.weight", "classifier.0.weight", "classifier.3.bias")
        .endsWith("classifier.6.weight", "classifier.6.bias")
        .hasSize(32);
  }

  @Test
  void mlp() {
    Mlp model = new Mlp(0.5, 8, 16, 4);
    assertThat(keys(model)).containsExactly("0.weight", "0.bias", "3.weight", "3.bias");
    assertThat(model.call(Tensor.zeros(5, 8)).shape()).containsExactly(5, 4);
  }

  @Test
  void autoencoder() {
    Autoencoder model = new Autoencoder(8, 4, 2);
    assertThat(keys(model))
        .containsExactly(
            "encoder.0.weight",
            "encoder.0.bias",
            "encoder.2.weight",
            "encoder.2.bias",
            "decoder.0.weight",
            "decoder.0.bias",
            "decoder.2.weight",
            "decoder.2.bias");
    assertThat(model.encode(Tensor.zeros(3, 8)).shape()).containsExactly(3, 2);
    assertThat(model.call(Tensor.zeros(3, 8)).shape()).containsExactly(3, 8);
  }

  @Test
  @SuppressWarnings("try")
  void resNet() {
    ResNet model = ResNet.resnet18(1000);
    assertThat(parameters(model)).isEqualTo(11_689_512);
    assertThat(keys(model))
        .hasSize(122)
        .startsWith(
            "conv1.weight",
            "bn1.weight",
            "bn1.bias",
            "bn1.running_mean",
            "bn1.running_var",
            "bn1.num_batches_tracked",
            "layer1.0.conv1.weight")
        .contains("layer2.0.downsample.0.weight", "layer2.0.downsample.1.running_var")
        .endsWith("layer4.1.bn2.num_batches_tracked", "fc.weight", "fc.bias");
    assertThat(parameters(ResNet.resnet34(1000))).isEqualTo(21_797_672);
    ResNet deep = ResNet.resnet50(1000);
    assertThat(parameters(deep)).isEqualTo(25_557_032);
    assertThat(keys(deep)).hasSize(320).contains("layer1.0.conv3.weight", "layer4.2.bn3.bias");
    model.eval();
    try (GradMode mode = GradMode.noGrad()) {
      assertThat(model.call(Tensor.zeros(1, 3, 64, 64)).shape()).containsExactly(1, 1000);
    }
  }

  @Test
  @SuppressWarnings("try")
  void mobileNet() {
    MobileNetV2 model = new MobileNetV2();
    assertThat(parameters(model)).isEqualTo(3_504_872);
    assertThat(keys(model))
        .hasSize(314)
        .startsWith("features.0.0.weight", "features.0.1.weight", "features.0.1.bias")
        .contains("features.1.conv.0.0.weight", "features.1.conv.1.weight")
        .contains("features.2.conv.0.0.weight", "features.2.conv.3.running_mean")
        .endsWith("features.18.1.num_batches_tracked", "classifier.1.weight", "classifier.1.bias");
    model.eval();
    try (GradMode mode = GradMode.noGrad()) {
      assertThat(model.call(Tensor.zeros(2, 3, 32, 32)).shape()).containsExactly(2, 1000);
    }
  }

  @Test
  void uNet() {
    UNet model = new UNet(3, 2);
    assertThat(parameters(model)).isEqualTo(31_037_698);
    assertThat(keys(model))
        .startsWith("inc.double_conv.0.weight", "inc.double_conv.1.weight")
        .contains("down1.maxpool_conv.1.double_conv.3.weight", "up4.up.bias")
        .contains("up1.conv.double_conv.4.running_var")
        .endsWith("outc.conv.weight", "outc.conv.bias");
    UNet small = new UNet(1, 2, 4);
    Tensor y = small.call(Tensor.randn(1, 1, 33, 35));
    assertThat(y.shape()).containsExactly(1, 2, 33, 35);
    y.sum().backward();
    assertThat(small.parameters()).allMatch(p -> p.grad() != null);
  }
}
