package dev.bellows.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.bellows.memory.DType;
import dev.bellows.nn.layer.AdaptiveAvgPool2d;
import dev.bellows.nn.layer.AdaptiveMaxPool1d;
import dev.bellows.nn.layer.AdaptiveMaxPool3d;
import dev.bellows.nn.layer.AvgPool2d;
import dev.bellows.nn.layer.AvgPool3d;
import dev.bellows.nn.layer.ChannelShuffle;
import dev.bellows.nn.layer.CircularPad3d;
import dev.bellows.nn.layer.ConstantPad1d;
import dev.bellows.nn.layer.Conv1d;
import dev.bellows.nn.layer.Conv2d;
import dev.bellows.nn.layer.Conv3d;
import dev.bellows.nn.layer.ConvTranspose1d;
import dev.bellows.nn.layer.ConvTranspose2d;
import dev.bellows.nn.layer.ConvTranspose3d;
import dev.bellows.nn.layer.Fold;
import dev.bellows.nn.layer.LPPool2d;
import dev.bellows.nn.layer.MaxPool1d;
import dev.bellows.nn.layer.MaxPool2d;
import dev.bellows.nn.layer.MaxUnpool2d;
import dev.bellows.nn.layer.PixelShuffle;
import dev.bellows.nn.layer.PixelUnshuffle;
import dev.bellows.nn.layer.ReflectionPad2d;
import dev.bellows.nn.layer.ReplicationPad1d;
import dev.bellows.nn.layer.Unflatten;
import dev.bellows.nn.layer.Unfold;
import dev.bellows.nn.layer.Upsample;
import dev.bellows.nn.layer.ZeroPad2d;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.ValuesAndIndices;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Layers of signals, images and volumes; their functions are compared with libtorch elsewhere. */
@Timeout(60)
class SpatialLayersTest {
  private static Tensor random(long... shape) {
    return Tensor.randn(new Generator(5), DType.FLOAT32, shape);
  }

  @Test
  void shapesOfConvolutions() {
    assertThat(new Conv1d(4, 6, 3).call(random(2, 4, 10)).shape()).containsExactly(2, 6, 8);
    assertThat(new Conv1d(4, 6, 3).call(random(4, 10)).shape()).containsExactly(6, 8);
    assertThat(new Conv1d(4, 6, 3).call(random(0, 4, 10)).shape()).containsExactly(0, 6, 8);
    Conv3d volumes = new Conv3d(2, 4, 3, 1, 2, Conv3d.options().stride(2, 1, 1).groups(2));
    assertThat(volumes.weight.shape()).containsExactly(4, 1, 3, 1, 2);
    assertThat(volumes.call(random(2, 5, 4, 4)).shape()).containsExactly(4, 2, 4, 3);
    Conv2d same = new Conv2d(1, 1, 4, Conv2d.options().padding("same").dilation(3));
    assertThat(same.call(random(1, 1, 5, 7)).shape()).containsExactly(1, 1, 5, 7);
    ConvTranspose2d up =
        new ConvTranspose2d(
            4, 6, 3, ConvTranspose2d.options().stride(2).padding(1).outputPadding(1));
    assertThat(up.weight.shape()).containsExactly(4, 6, 3, 3);
    assertThat(up.call(random(4, 5, 6)).shape()).containsExactly(6, 10, 12);
    assertThat(up.stateDict().asMap().keySet()).containsExactly("weight", "bias");
    assertThat(new ConvTranspose1d(4, 2, 3).call(random(4, 5)).shape()).containsExactly(2, 7);
    assertThat(new ConvTranspose3d(1, 2, 2).call(random(1, 1, 2, 2, 2)).shape())
        .containsExactly(1, 2, 3, 3, 3);
  }

  @Test
  void firstValuesArePyTorchs() {
    Tensor weight = new ConvTranspose2d(8, 50, 5, ConvTranspose2d.options().groups(2)).weight;
    double largest = Arrays.stream(weight.toDoubleArray()).map(Math::abs).max().orElseThrow();
    assertThat(largest).isCloseTo(1 / Math.sqrt(25 * 25), within(1e-3)).isLessThan(1 / 25.0);
  }

  @Test
  void paddingModesOfConvolutionsPadFirst() {
    for (PaddingMode mode : PaddingMode.values()) {
      Conv2d layer =
          new Conv2d(1, 2, 3, Conv2d.options().padding(2, 1).paddingMode(mode).bias(false));
      Tensor x = random(1, 1, 4, 5);
      Tensor expected =
          Functional.conv2d(Functional.pad(x, new int[] {1, 1, 2, 2}, mode), layer.weight, null);
      assertThat(layer.call(x).allclose(expected, 1e-5, 1e-6)).as("%s", mode).isTrue();
    }
    Conv1d even =
        new Conv1d(1, 1, 2, Conv1d.options().padding("same").paddingMode(PaddingMode.CIRCULAR));
    assertThat(even.call(random(1, 1, 4)).shape()).containsExactly(1, 1, 4);
  }

  @Test
  void unpoolingPutsMaximaBack() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 8, 6, 7, 5, 0}, 1, 3, 3);
    MaxPool2d pool = new MaxPool2d(2, MaxPool2d.options().stride(1));
    ValuesAndIndices found = pool.callWithIndices(x);
    assertThat(found.values().toFloatArray()).containsExactly(8, 8, 8, 8);
    assertThat(found.indices().toLongArray()).containsExactly(4, 4, 4, 4);
    MaxUnpool2d unpool = new MaxUnpool2d(2, MaxPool2d.options().stride(1));
    assertThat(unpool.call(found.values(), found.indices()).toFloatArray())
        .containsExactly(0, 0, 0, 0, 8, 0, 0, 0, 0);
    assertThatThrownBy(() -> unpool.call(found.values(), found.indices().add(9)))
        .isInstanceOf(IndexOutOfBoundsException.class);
    Tensor deep = random(2, 3, 4, 4, 4);
    assertThat(new AdaptiveMaxPool3d(2, null, 1).callWithIndices(deep).indices().shape())
        .containsExactly(2, 3, 2, 4, 1);
    assertThat(new AdaptiveMaxPool1d(2).call(random(3, 5)).shape()).containsExactly(3, 2);
  }

  @Test
  void shapesOfTheRest() {
    Tensor x = random(2, 4, 6, 6);
    assertThat(new AdaptiveAvgPool2d(1, null).call(x).shape()).containsExactly(2, 4, 1, 6);
    assertThat(new LPPool2d(2, 3).call(x).shape()).containsExactly(2, 4, 2, 2);
    Tensor shuffled = new PixelShuffle(2).call(x);
    assertThat(shuffled.shape()).containsExactly(2, 1, 12, 12);
    assertThat(new PixelUnshuffle(2).call(shuffled).equal(x)).isTrue();
    assertThat(new ChannelShuffle(2).call(x).select(1, 1).equal(x.select(1, 2))).isTrue();
    Tensor columns = new Unfold(2, Unfold.options().stride(2)).call(x);
    assertThat(columns.shape()).containsExactly(2, 16, 9);
    assertThat(new Fold(6, 2, Fold.options().stride(2)).call(columns).equal(x)).isTrue();
    assertThat(new Unflatten(1, 2, -1).call(x).shape()).containsExactly(2, 2, 2, 6, 6);
    assertThat(new Upsample(2).call(x).shape()).containsExactly(2, 4, 12, 12);
    assertThat(new ZeroPad2d(1, -1, 2, 0).call(x).shape()).containsExactly(2, 4, 8, 6);
    assertThat(new CircularPad3d(1).call(x).shape()).containsExactly(2, 6, 8, 8);
  }

  @Test
  void descriptions() {
    assertThat(new Conv1d(1, 2, 3, Conv1d.options().padding("same").bias(false)))
        .hasToString("Conv1d(1, 2, kernel_size=(3,), stride=(1,), padding=same, bias=false)");
    assertThat(new Conv3d(1, 2, 3, Conv3d.options().padding(1).paddingMode(PaddingMode.REFLECT)))
        .hasToString(
            "Conv3d(1, 2, kernel_size=(3, 3, 3), stride=(1, 1, 1), padding=(1, 1, 1),"
                + " padding_mode=reflect)");
    assertThat(new ConvTranspose1d(1, 2, 3, ConvTranspose1d.options().stride(2).outputPadding(1)))
        .hasToString("ConvTranspose1d(1, 2, kernel_size=(3,), stride=(2,), output_padding=(1,))");
    assertThat(new MaxPool1d(3, MaxPool1d.options().ceilMode(true)))
        .hasToString("MaxPool1d(kernel_size=3, stride=3, padding=0, dilation=1, ceil_mode=true)");
    assertThat(new AvgPool2d(new int[] {2, 3}, AvgPool2d.options().padding(1)))
        .hasToString("AvgPool2d(kernel_size=(2, 3), stride=(2, 3), padding=1)");
    assertThat(new AdaptiveAvgPool2d(1)).hasToString("AdaptiveAvgPool2d(output_size=1)");
    assertThat(new AdaptiveAvgPool2d(5, null))
        .hasToString("AdaptiveAvgPool2d(output_size=(5, null))");
    assertThat(new ReflectionPad2d(1)).hasToString("ReflectionPad2d((1, 1, 1, 1))");
    assertThat(new ConstantPad1d(2, 3.5)).hasToString("ConstantPad1d(padding=(2, 2), value=3.5)");
    assertThat(new Upsample(Upsample.options().size(4, 5).mode(InterpolationMode.BILINEAR)))
        .hasToString("Upsample(size=(4, 5), mode='bilinear')");
    assertThat(new Upsample(2)).hasToString("Upsample(scale_factor=2.0, mode='nearest')");
  }

  @Test
  void badArgumentsAreNamed() {
    assertThatThrownBy(() -> Conv2d.options().padding("full"))
        .hasMessage("convolution: Invalid padding string 'full', should be one of 'valid', 'same'");
    assertThatThrownBy(() -> new Conv2d(1, 1, 3, Conv2d.options().padding("same").stride(2)))
        .hasMessage(
            "Conv2d: padding='same' is not supported for strided convolutions, got stride (2, 2)");
    assertThatThrownBy(
            () ->
                new ConvTranspose2d(
                    1, 1, 3, ConvTranspose2d.options().paddingMode(PaddingMode.REFLECT)))
        .hasMessage("ConvTranspose2d: Only \"zeros\" padding mode is supported, got reflect");
    assertThatThrownBy(() -> new Conv3d(1, 1, 3, Conv3d.options().stride(1, 2)))
        .hasMessage("Conv3d: stride must be 1 or 3 numbers; got [1, 2]");
    assertThatThrownBy(() -> new Conv1d(4, 6, 3).call(random(10)))
        .hasMessage(
            "Conv1d: conv1d: Expected 2D (unbatched) or 3D (batched) input, but got input of size:"
                + " [10]");
    assertThatThrownBy(() -> new Conv1d(4, 6, 3).call(random(3, 10)))
        .hasMessage(
            "Conv1d: conv1d: given groups=1, weight of size [6, 4, 3], expected input[1, 3, 10] to"
                + " have 4 channels, but got 3 channels instead");
    assertThatThrownBy(() -> new Conv1d(4, 6, 3).call(random(4, 2)))
        .hasMessageContaining("conv1d: Kernel size can't be greater than actual input size");
    assertThatThrownBy(
            () ->
                new ConvTranspose1d(1, 1, 3, ConvTranspose1d.options().outputPadding(1))
                    .call(random(1, 4)))
        .hasMessageContaining(
            "output padding must not be negative and must be smaller than either");
    assertThatThrownBy(() -> new AvgPool3d(2, AvgPool3d.options().padding(2)))
        .hasMessageContaining("AvgPool3d: pad should be at most half of effective kernel size");
    assertThatThrownBy(
            () -> new AvgPool2d(2, AvgPool2d.options().divisorOverride(0)).call(random(1, 2, 2)))
        .hasMessageContaining("avgPool2d: divisor must be not zero");
    assertThatThrownBy(() -> new ReplicationPad1d(1).call(random(3)))
        .hasMessageContaining("pad: Only 2D, 3D, 4D, 5D padding with non-constant padding");
    assertThatThrownBy(() -> new ReflectionPad2d(3).call(random(1, 3, 3)))
        .hasMessageContaining("Padding size should be less than the corresponding input dimension");
    assertThatThrownBy(() -> Functional.pad(random(3), 1, 1, 1))
        .hasMessageContaining("pad: Length of pad must be even but instead it equals 3");
    assertThatThrownBy(() -> Functional.interpolate(random(1, 2, 3), Upsample.options()))
        .hasMessageContaining("either size or scale_factor should be defined");
    assertThatThrownBy(
            () ->
                new Upsample(Upsample.options().size(2).mode(InterpolationMode.BILINEAR))
                    .call(random(1, 2, 3)))
        .hasMessageContaining("Got 3D input, but bilinear mode needs 4D input");
    assertThatThrownBy(() -> new PixelShuffle(2).call(random(3, 2, 2)))
        .hasMessageContaining("input.size(-3)=3 is not divisible by 4");
    assertThatThrownBy(
            () -> Functional.fold(random(3, 4), new int[] {3}, new int[] {2}, Fold.options()))
        .hasMessageContaining("divisible by the product of kernel_size, 4");
  }
}
