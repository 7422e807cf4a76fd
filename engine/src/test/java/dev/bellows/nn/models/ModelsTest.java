package dev.bellows.nn.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Shapes, names of parameters, and numbers of them. */
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
