package dev.bellows.data.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.memory.DType;
import dev.bellows.nn.PaddingMode;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CropAndFlipTest {
  /** Returns images whose pixels are 1, 2, … of one type. */
  private static Tensor images(DType type, long... shape) {
    long numel = 1;
    for (long size : shape) {
      numel *= size;
    }
    return Tensor.arange(1, numel + 1).to(type).view(shape);
  }

  @Test
  void cropsAreWindowsOfThePaddedImages() {
    for (DType type : new DType[] {DType.UINT8, DType.FLOAT32, DType.FLOAT64}) {
      Tensor x = images(type, 40, 2, 3, 1);
      Tensor y = new RandomCrop(2, 3).padding(1).apply(x, new Generator(3));
      assertThat(y.shape()).containsExactly(40, 2, 2, 3);
      assertThat(y.dtype()).isEqualTo(type);
      Tensor padded = new Pad(1).apply(x);
      Set<Long> places = new HashSet<>();
      for (int i = 0; i < 40; i++) {
        int found = 0;
        for (int top = 0; top < 4; top++) {
          Tensor window = padded.select(0, i).narrow(1, top, 2).narrow(2, 0, 3);
          if (window.equal(y.select(0, i))) {
            places.add((long) top);
            found++;
          }
        }
        assertThat(found).isEqualTo(1);
      }
      assertThat(places).hasSizeGreaterThan(2);
    }
  }

  @Test
  void aBatchTransformsEachImageByItselfAndASingleImageToo() {
    Transform augment =
        new Compose(
            new RandomCrop(4).padding(1), new RandomHorizontalFlip(), new RandomVerticalFlip());
    Tensor same = images(DType.FLOAT32, 1, 1, 4, 4).expand(64, 1, 4, 4);
    Tensor y = augment.apply(same, new Generator(1));
    Set<String> kinds = new HashSet<>();
    for (int i = 0; i < 64; i++) {
      kinds.add(java.util.Arrays.toString(y.select(0, i).toFloatArray()));
    }
    assertThat(kinds).hasSizeGreaterThan(15);
    assertThat(augment.apply(same, new Generator(1)).equal(y)).isTrue();
    Tensor single = augment.apply(same.select(0, 0), new Generator(5));
    Tensor batch = augment.apply(same.narrow(0, 0, 1), new Generator(5));
    assertThat(single.shape()).containsExactly(1, 4, 4);
    assertThat(single.equal(batch.select(0, 0))).isTrue();
    assertThat(augment.apply(same.narrow(0, 0, 0)).shape()).containsExactly(0, 1, 4, 4);
  }

  @Test
  void theDefaultGeneratorIsTheShards() {
    Tensor x = images(DType.FLOAT32, 8, 3, 5, 5);
    Transform crop = new RandomCrop(3);
    Tensor expected = crop.apply(x, Generator.at(7, 2, 1));
    Generator before = Generator.setCurrent(Generator.at(7, 2, 1));
    try {
      assertThat(crop.apply(x).equal(expected)).isTrue();
    } finally {
      Generator.setCurrent(before);
    }
  }

  @Test
  void flipsReverseOneDimension() {
    Tensor x = images(DType.UINT8, 2, 1, 2, 2);
    assertThat(new RandomHorizontalFlip(1).apply(x).toByteArray())
        .containsExactly(2, 1, 4, 3, 6, 5, 8, 7);
    assertThat(new RandomVerticalFlip(1).apply(x).toByteArray())
        .containsExactly(3, 4, 1, 2, 7, 8, 5, 6);
    assertThat(new RandomVerticalFlip(0).apply(x).equal(x)).isTrue();
    Tensor many = images(DType.FLOAT64, 1, 1, 1, 2).expand(2000, 1, 1, 2);
    double flipped =
        new RandomHorizontalFlip(0.25)
            .apply(many, new Generator(0))
            .select(3, 0)
            .sub(1)
            .sum()
            .item();
    assertThat(flipped).isBetween(420.0, 580.0);
  }

  @Test
  void paddingOfEachSideAndMode() {
    Tensor x = images(DType.FLOAT32, 1, 1, 2);
    assertThat(new Pad(1, 0).fill(9).apply(x).toFloatArray()).containsExactly(9, 1, 2, 9);
    assertThat(new Pad(0, 1, 2, 0).apply(x).toFloatArray()).containsExactly(0, 0, 0, 0, 1, 2, 0, 0);
    assertThat(new Pad(1, 0).mode(PaddingMode.REPLICATE).apply(x).toFloatArray())
        .containsExactly(1, 1, 2, 2);
    Tensor crop = new RandomCrop(3, 4).padding(new Pad(0).fill(5)).padIfNeeded(true).apply(x);
    assertThat(crop.shape()).containsExactly(1, 3, 4);
    assertThat(crop.eq(5).sum().itemLong()).isBetween(10L, 12L);
  }

  @Test
  void refusalsAndTexts() {
    assertThatThrownBy(() -> new RandomCrop(5).apply(Tensor.ones(2, 3, 4, 5)))
        .hasMessage("RandomCrop: Required crop size [5, 5] is larger than input image size [4, 5]");
    assertThatThrownBy(() -> new RandomHorizontalFlip().apply(Tensor.ones(4, 5)))
        .hasMessage(
            "RandomHorizontalFlip: images must be [n, c, h, w] or [c, h, w]; got FLOAT32 [4, 5]");
    assertThatThrownBy(() -> new RandomCrop(0))
        .hasMessage("RandomCrop: size must be at least 1 x 1; got 0 x 0");
    assertThatThrownBy(() -> new RandomVerticalFlip(1.5))
        .hasMessage("RandomVerticalFlip: p must be in [0, 1]; got 1.5");
    assertThatThrownBy(() -> new Pad(1, 2, 3))
        .hasMessage("Pad: Padding must be an int or a 1, 2, or 4 element tuple; got [1, 2, 3]");
    assertThat(new Compose(new RandomCrop(2).padding(4), new RandomHorizontalFlip()))
        .hasToString(
            "Compose(\n    RandomCrop(size=(2, 2), padding=Pad(padding=[4], fill=0.0,"
                + " padding_mode=ZEROS))\n    RandomHorizontalFlip(p=0.5)\n)");
  }
}
