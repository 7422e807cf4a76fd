package dev.bellows.data.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.memory.DType;
import dev.bellows.nn.InterpolationMode;
import dev.bellows.serialize.SafeTensors;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Compares with torchvision's results, which make_transforms.py wrote. */
@Timeout(60)
class TransformsTest {
  private static final Map<String, Tensor> EXPECTED = expected();
  private static final Tensor IMAGE = EXPECTED.get("image");
  private static final Tensor BYTE = EXPECTED.get("byte");

  private static Map<String, Tensor> expected() {
    try {
      return SafeTensors.load(Path.of("src/test/resources/dev/bellows/data/transforms.safetensors"))
          .tensors();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void same(String name, Tensor actual, double tolerance) {
    Tensor wanted = EXPECTED.get(name);
    assertThat(actual.dtype()).as(name).isEqualTo(wanted.dtype());
    assertThat(actual.shape()).as(name).containsExactly(wanted.shape());
    double off = actual.to(DType.FLOAT64).sub(wanted.to(DType.FLOAT64)).abs().max().item();
    assertThat(off).as(name).isLessThanOrEqualTo(tolerance);
  }

  @Test
  void withoutChoiceTheyComputeWhatTorchvisionDoes() {
    same("center", new CenterCrop(4, 5).apply(IMAGE), 0);
    same("center_pad", new CenterCrop(10, 4).apply(IMAGE), 0);
    same("resize", new Resize(4, 5).apply(IMAGE), 1e-6);
    same("resize_up", new Resize(11, 10).apply(IMAGE), 1e-6);
    same("resize_plain", new Resize(4, 5).antialias(false).apply(IMAGE), 1e-6);
    same("resize_short", new Resize(5).apply(IMAGE), 1e-6);
    same("resize_cubic", new Resize(4, 5).mode(InterpolationMode.BICUBIC).apply(IMAGE), 1e-6);
    same("resize_nearest", new Resize(4, 5).mode(InterpolationMode.NEAREST).apply(IMAGE), 0);
    same("resize_byte", new Resize(4, 5).apply(BYTE), 1);
    same(
        "normalize",
        new Normalize(new double[] {0.1, 0.2, 0.3}, new double[] {0.5, 0.6, 0.7}).apply(IMAGE),
        1e-6);
    same("float", new ToFloat().apply(BYTE), 0);
    same("grey", new Grayscale().apply(IMAGE), 1e-6);
    same("grey_byte", new Grayscale().apply(BYTE), 1);
    same("rotate", new RandomRotation(27, 27).apply(IMAGE), 0);
    assertThat(new Resize(7, 9).apply(IMAGE.select(0, 0)).shape()).containsExactly(3, 7, 9);
  }

  @Test
  void movedImagesAreTorchvisions() {
    InterpolationMode linear = InterpolationMode.BILINEAR;
    same("rotate_linear", new RandomRotation(27, 27).mode(linear).apply(IMAGE), 1e-5);
    RandomRotation around = new RandomRotation(-50, -50).center(2, 3).fill(9);
    same("rotate_fill", around.mode(linear).apply(BYTE), 1);
    RandomAffine turned = new RandomAffine(-27, -27);
    same("rotate", turned.apply(IMAGE), 0);
    same("rotate_linear", turned.mode(linear).apply(IMAGE), 1e-5);
    Warp.Motion motion =
        new Warp.Motion(both(20), both(2), both(-1), both(0.8), both(12), both(-7));
    Warp warp = Warp.DEFAULT.fill(0.5);
    Warp aside = warp.center("t", 1, 5);
    same("affine_nearest_middle", warp.apply(IMAGE, motion), 0);
    same("affine_nearest_center", aside.apply(IMAGE, motion), 0);
    same("affine_bilinear_middle", warp.mode("t", linear).apply(IMAGE, motion), 1e-5);
    same("affine_bilinear_center", aside.mode("t", linear).apply(IMAGE, motion), 1e-5);
    Tensor wide = warp.mode("t", linear).apply(IMAGE.to(DType.FLOAT64), motion);
    assertThat(wide.dtype()).isEqualTo(DType.FLOAT64);
    same("affine_bilinear_middle", wide.to(DType.FLOAT32), 1e-5);
  }

  private static Tensor both(double value) {
    return Tensor.full(value, DType.FLOAT64, 2);
  }

  @Test
  void shiftsAreOfWholePixels() {
    Tensor image = Tensor.arange(1, 36, 1, DType.FLOAT32).view(1, 1, 5, 7);
    RandomAffine shift = new RandomAffine(0).translate(0.5, 0.25);
    Set<List<Long>> seen = new HashSet<>();
    for (InterpolationMode mode : List.of(InterpolationMode.NEAREST, InterpolationMode.BILINEAR)) {
      Tensor moved =
          shift.mode(mode).apply(image.expand(200, 1, 5, 7).to(DType.UINT8), new Generator(2));
      for (int i = 0; i < 200; i++) {
        Tensor one = moved.select(0, i);
        long middle = one.select(0, 0).select(0, 2).select(0, 3).itemLong();
        assertThat(middle).isBetween(1L, 35L);
        seen.add(List.of((middle - 1) % 7 - 3, (middle - 1) / 7 - 2));
      }
    }
    assertThat(seen).hasSize(7 * 3); // up to half of 7 and a quarter of 5, rounded
  }

  private static Tensor factor(double value) {
    return Tensor.full(value, DType.FLOAT32, 2, 1, 1, 1);
  }

  @Test
  void coloursAreTorchvisions() {
    same("brightness", Colours.blend("t", IMAGE, Tensor.zerosLike(IMAGE), factor(1.5)), 1e-6);
    Tensor mean = Colours.grey("t", IMAGE).mean(new int[] {1, 2, 3}, true);
    same("contrast", Colours.blend("t", IMAGE, mean, factor(0.5)), 1e-6);
    same("saturation", Colours.blend("t", IMAGE, Colours.grey("t", IMAGE), factor(1.5)), 1e-6);
    same("saturation_byte", Colours.blend("t", BYTE, Colours.grey("t", BYTE), factor(1.5)), 1);
    same("hue", Colours.turnHue("t", IMAGE, factor(0.2)), 1e-5);
    Tensor grey = IMAGE.narrow(1, 0, 1).expand(2, 3, 7, 9);
    assertThat(Colours.turnHue("t", grey, factor(0.3)).allclose(grey)).isTrue();
  }

  private static final List<Transform> RANDOM =
      List.of(
          new RandomResizedCrop(5, 6).scale(0.2, 0.9),
          new ColorJitter(0.4, 0.4, 0.4, 0.1),
          new RandomErasing(),
          new RandomRotation(90),
          new RandomRotation(90).mode(InterpolationMode.BILINEAR),
          new RandomAffine(20).translate(0.3, 0.2).scale(0.8, 1.5).shear(20),
          new Grayscale(0.5),
          new RandomApply(new RandomVerticalFlip(1), 0.5));

  @Test
  void randomOnesDifferByImageAndRepeatWithTheGenerator() {
    for (Transform transform : RANDOM) {
      for (Tensor one : List.of(IMAGE.select(0, 0), BYTE.select(0, 0))) {
        Tensor same = one.unsqueeze(0).expand(24, 3, 7, 9);
        Tensor out = transform.apply(same, new Generator(4));
        assertThat(out.dtype()).isEqualTo(one.dtype());
        assertThat(transform.apply(same, new Generator(4)).equal(out)).isTrue();
        Set<String> kinds = new HashSet<>();
        for (int i = 0; i < 24; i++) {
          kinds.add(java.util.Arrays.toString(out.select(0, i).toDoubleArray()));
        }
        boolean two = transform instanceof Grayscale || transform instanceof RandomApply;
        assertThat(kinds).as(transform.toString()).hasSizeGreaterThan(two ? 1 : 9);
        assertThat(transform.apply(one, new Generator(1)).dim()).isEqualTo(3);
        assertThat(transform.apply(same.narrow(0, 0, 0), new Generator(1)).size(0)).isZero();
      }
    }
  }

  @Test
  void erasedBoxesAndRotations() {
    Tensor ones = Tensor.ones(200, 1, 20, 20);
    Tensor erased = new RandomErasing(1).scale(0.1, 0.2).value(0).apply(ones, new Generator(2));
    Tensor parts = erased.eq(0).to(DType.FLOAT32).mean(1, 2, 3);
    assertThat(parts.min().item()).isGreaterThan(0.07);
    assertThat(parts.max().item()).isLessThan(0.24);
    Tensor x = Tensor.arange(4).view(1, 2, 2);
    assertThat(new RandomRotation(90, 90).apply(x).toLongArray()).containsExactly(1, 3, 0, 2);
    assertThat(
            new RandomRotation(45, 45)
                .fill(7)
                .apply(Tensor.ones(1, 9, 9))
                .eq(7)
                .any()
                .itemBoolean())
        .isTrue();
  }

  @Test
  void refusals() {
    assertThatThrownBy(() -> new Normalize(0.5, 0))
        .hasMessage("Normalize: std must not be 0, which leads to division by zero; got [0.0]");
    assertThatThrownBy(() -> new Normalize(0, 1).apply(BYTE))
        .hasMessageStartingWith("Normalize: Input tensor should be a float tensor; got UINT8");
    assertThatThrownBy(() -> new Normalize(new double[] {1, 2}, new double[] {1}).apply(IMAGE))
        .hasMessageContaining("must have one number for each channel; got [1.0, 2.0]");
    assertThatThrownBy(() -> new Grayscale().apply(Tensor.ones(2, 4, 4)))
        .hasMessage("Grayscale: images must have 3 channels; got [1, 2, 4, 4]");
    assertThatThrownBy(() -> new ToFloat().apply(Tensor.arange(8).view(2, 2, 2)))
        .hasMessage("ToFloat: images must be UINT8 or floating point; got INT64");
    assertThatThrownBy(() -> new ColorJitter(0, 0, 0, 0.6))
        .hasMessageContaining("hue at most 0.5; got");
    assertThatThrownBy(() -> new RandomResizedCrop(4).scale(0.5, 0.1))
        .hasMessageStartingWith("RandomResizedCrop: scale and ratio should be of kind (min, max)");
    assertThatThrownBy(() -> new RandomRotation(3, 2))
        .hasMessage("RandomRotation: degrees must be a range; got 3.0 to 2.0");
    assertThatThrownBy(() -> new RandomRotation(3).mode(InterpolationMode.BICUBIC))
        .hasMessage("RandomRotation: mode must be NEAREST or BILINEAR; got BICUBIC");
    assertThatThrownBy(() -> new RandomAffine(3).translate(0, 1.5))
        .hasMessage("RandomAffine: translation values should be between 0 and 1; got 0.0, 1.5");
    assertThatThrownBy(() -> new RandomAffine(3).scale(0, 1))
        .hasMessage("RandomAffine: scale values should be positive; got [0.0, 1.0]");
    assertThatThrownBy(() -> new RandomAffine(3).shear(Double.NaN))
        .hasMessage("RandomAffine: shear along x must be a range; got NaN to NaN");
    assertThatThrownBy(() -> new RandomAffine(3).center(0, Double.NaN))
        .hasMessage("RandomAffine: center must be finite; got (0.0, NaN)");
    assertThat(new RandomAffine(3).shear(2).center(1, 2))
        .hasToString(
            "RandomAffine(degrees=[-3.0, 3.0], translate=(0.0, 0.0), scale=[1.0, 1.0],"
                + " shear=([-2.0, 2.0], [0.0, 0.0]), interpolation=NEAREST, fill=0.0, center=(1.0,"
                + " 2.0))");
    assertThatThrownBy(() -> new RandomApply(new CenterCrop(2), 0.5).apply(IMAGE))
        .hasMessageContaining("must keep shape and type; made FLOAT32 [2, 3, 2, 2]");
    assertThatThrownBy(() -> new Resize(4).mode(InterpolationMode.AREA))
        .hasMessageStartingWith("Resize: mode must be NEAREST");
  }
}
