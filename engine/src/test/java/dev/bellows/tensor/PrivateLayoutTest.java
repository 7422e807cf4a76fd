package dev.bellows.tensor;

import static dev.bellows.nn.Functional.maxPool2d;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.memory.DType;
import dev.bellows.memory.MemoryPool;
import dev.bellows.nn.layer.Conv2d;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Images lie channels-last inside, and nobody who looks at a tensor can tell. */
class PrivateLayoutTest {
  private Tensor x;
  private Tensor weight;

  @BeforeEach
  void inputs() {
    Generator.manualSeed(3);
    x = Tensor.randn(2, 3, 8, 8);
    weight = Tensor.randn(5, 3, 3, 3);
  }

  private static Tensor conv2d(Tensor image, Tensor filters) {
    return dev.bellows.nn.Functional.conv2d(image, filters, null);
  }

  private Tensor image() {
    return conv2d(x, weight);
  }

  /** Every way to a result that may lie channels-last inside. */
  private Map<String, Supplier<Tensor>> results() {
    Map<String, Supplier<Tensor>> all = new LinkedHashMap<>();
    all.put("conv2d", this::image);
    all.put("maxPool2d", () -> maxPool2d(image(), 2));
    all.put("relu", () -> image().relu());
    all.put("relu_", () -> image().relu_());
    all.put("mul scalar", () -> image().mul(2.0));
    all.put("add bias", () -> image().add(Tensor.ones(5, 1, 1)));
    all.put("add plain", () -> image().add(Tensor.ones(2, 5, 6, 6)));
    all.put("plain add", () -> Tensor.ones(2, 5, 6, 6).add(image()));
    all.put("residual", () -> image().add(image().relu()));
    all.put("gt", () -> image().gt(0));
    all.put("where", () -> Tensor.where(image().gt(0), image(), image().neg()));
    all.put("clamp", () -> image().clamp(-1, 1));
    all.put("clone", () -> image().clone());
    all.put("contiguous", () -> image().contiguous());
    all.put("to FLOAT64", () -> image().to(DType.FLOAT64));
    all.put("detach", () -> image().detach());
    all.put("zerosLike", () -> Tensor.zerosLike(image()));
    all.put("onesLike", () -> Tensor.onesLike(image()));
    all.put("randnLike", () -> Tensor.randnLike(image()));
    all.put("softmax", () -> image().softmax(1));
    all.put("dropout", () -> dev.bellows.nn.Functional.dropout(image(), 0.5, true));
    all.put("cat", () -> Tensor.cat(List.of(image(), image()), 1));
    all.put("cumsum", () -> image().cumsum(1));
    all.put("flip", () -> image().flip(1));
    all.put("grad of input", () -> gradient(x));
    all.put("grad of input after pool", this::gradientThroughPool);
    all.put("pool of plain", () -> maxPool2d(x, 2));
    return all;
  }

  private Tensor gradient(Tensor of) {
    Tensor leaf = of.clone().setRequiresGrad(true);
    conv2d(leaf, weight).relu().sum().backward();
    return leaf.grad();
  }

  private Tensor gradientThroughPool() {
    Tensor middle = image().detach().setRequiresGrad(true);
    maxPool2d(middle.relu(), 2).mul(3.0).sum().backward();
    return middle.grad();
  }

  @Test
  void resultsOfContiguousImagesAreContiguous() {
    results()
        .forEach(
            (name, result) -> {
              Tensor y = result.get();
              long[] s = y.shape();
              long[] strides = {s[1] * s[2] * s[3], s[2] * s[3], s[3], 1};
              assertThat(y.strides()).as(name).isEqualTo(strides);
              assertThat(y.isContiguous()).as(name).isTrue();
            });
  }

  @Test
  void viewsShowTheElementsInRowMajorOrder() {
    results()
        .forEach(
            (name, result) -> {
              Tensor y = result.get();
              double[] before = y.toDoubleArray();
              long n = y.size(0);
              Tensor flat = y.view(n, -1);
              assertThat(flat.toDoubleArray()).as(name + " flat").isEqualTo(before);
              assertThat(y.toDoubleArray()).as(name + " after the view").isEqualTo(before);
              assertThat(flat.dataPtr()).as(name).isEqualTo(y.dataPtr());
              assertThat(y.select(0, 1).select(0, 1).flatten().toDoubleArray())
                  .as(name + " plane")
                  .isEqualTo(plane(y, before));
            });
  }

  private static double[] plane(Tensor y, double[] all) {
    int hw = (int) (y.size(2) * y.size(3));
    int from = (int) (y.size(1) + 1) * hw;
    return java.util.Arrays.copyOfRange(all, from, from + hw);
  }

  @Test
  void rawMemoryIsRowMajor() {
    results()
        .forEach(
            (name, result) -> {
              Tensor y = result.get().to(DType.FLOAT32);
              float[] values = y.toFloatArray();
              var buffer = y.byteBuffer().asFloatBuffer();
              float[] raw = new float[values.length];
              buffer.get(raw);
              assertThat(raw).as(name).isEqualTo(values);
              assertThat(y.asStrided(new long[] {4}, new long[] {1}, 0).toFloatArray())
                  .as(name)
                  .isEqualTo(java.util.Arrays.copyOf(values, 4));
            });
  }

  @Test
  void changesInPlaceAreSeenThroughViewsBeforeAndAfter() {
    Tensor y = image();
    double[] before = y.toDoubleArray();
    Tensor same = y.detach();
    Tensor flat = y.view(-1);
    y.mul_(2);
    flat.add_(1);
    same.sub_(Tensor.ones(5, 1, 1));
    double[] doubled = java.util.Arrays.stream(before).map(v -> (float) (2 * v)).toArray();
    for (Tensor t : List.of(y, flat, same)) {
      assertThat(t.toDoubleArray()).usingComparatorWithPrecision(1e-5).containsExactly(doubled);
    }
    assertThat(y.version()).isEqualTo(3).isEqualTo(flat.version());
  }

  @Test
  void changesInPlaceBeforeAnyLookAreSharedWithAliases() {
    Tensor y = image();
    double[] before = y.toDoubleArray();
    Tensor same = y.detach();
    y.mul_(2);
    same.neg_();
    double[] expected = java.util.Arrays.stream(before).map(v -> -2 * v).toArray();
    assertThat(y.toDoubleArray()).isEqualTo(expected);
    assertThat(same.view(-1).toDoubleArray()).isEqualTo(expected);
    assertThat(y.view(-1).toDoubleArray()).isEqualTo(expected);
  }

  @Test
  void aPartOfItselfMayBeAddedInPlace() {
    Tensor y = image();
    Tensor expected = y.clone().view(-1).view(2, 5, 6, 6).add(y.clone().select(1, 0).unsqueeze(1));
    Tensor z = y.clone();
    z.add_(z.select(1, 0).unsqueeze(1).clone());
    assertThat(z.toFloatArray()).isEqualTo(expected.toFloatArray());
    Tensor overlapping = y.clone();
    overlapping.mul_(overlapping.select(1, 0).unsqueeze(1).detach());
    assertThat(overlapping.select(1, 4).toFloatArray()).doesNotContain(Float.NaN);
    assertThat(overlapping.toFloatArray()).isEqualTo(overlapping.view(-1).toFloatArray());
  }

  @Test
  void copyIntoAndOutOf() {
    Tensor y = image();
    Tensor plain = Tensor.zeros(2, 5, 6, 6).copy_(y);
    assertThat(plain.toFloatArray()).isEqualTo(y.toFloatArray());
    Tensor other = image().copy_(plain.mul(2.0));
    assertThat(other.view(-1).toFloatArray()).isEqualTo(plain.mul(2.0).toFloatArray());
    Tensor filled = image().fill_(2);
    assertThat(filled.view(-1).sum().item()).isEqualTo(2.0 * 2 * 5 * 36);
    Tensor drawn = image().normal_();
    assertThat(drawn.view(-1).toFloatArray()).isEqualTo(drawn.toFloatArray());
  }

  @Test
  void changesAfterSavingAreNoticedAcrossTheLayOut() {
    Tensor leaf = x.clone().setRequiresGrad(true);
    Tensor y = conv2d(leaf, weight);
    Tensor z = y.relu();
    z.view(-1).detach().add_(1);
    assertThatThrownBy(() -> z.sum().backward()).hasMessageContaining("modified by an inplace");
  }

  @Test
  void gradientsAreTheSameWhoeverLooks() {
    Tensor[] grads = new Tensor[2];
    for (int i = 0; i < 2; i++) {
      Tensor leaf = x.clone().setRequiresGrad(true);
      Tensor y = conv2d(leaf, weight);
      if (i == 1) {
        y.view(-1);
      }
      Tensor z = maxPool2d(y.relu(), 2);
      if (i == 1) {
        z.dataPtr();
      }
      z.flatten(1).mul(2.0).sum().backward();
      grads[i] = leaf.grad();
    }
    assertThat(grads[0].toFloatArray()).isEqualTo(grads[1].toFloatArray());
  }

  @Test
  void dropoutDrawsTheSameWhoeverLooks() {
    float[][] drawn = new float[2][];
    for (int i = 0; i < 2; i++) {
      Generator.manualSeed(5);
      Tensor y = image();
      if (i == 1) {
        y.view(-1);
      }
      drawn[i] = dev.bellows.nn.Functional.dropout(y, 0.5, true).toFloatArray();
    }
    assertThat(drawn[0]).isEqualTo(drawn[1]);
  }

  @Test
  void oneChannelOrOnePlaceIsAlwaysPlain() {
    Tensor one = conv2d(x, Tensor.randn(1, 3, 3, 3));
    assertThat(one.strides()).containsExactly(36, 36, 6, 1);
    Tensor place = conv2d(x, Tensor.randn(4, 3, 8, 8));
    assertThat(place.strides()).containsExactly(4, 1, 1, 1);
  }

  /** Source of the strides: PyTorch 2. */
  @Test
  void channelsLastOfTheUserStaysVisible() {
    Tensor last = x.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
    Tensor y = conv2d(last, weight);
    assertThat(y.strides()).containsExactly(180, 1, 30, 5);
    assertThat(maxPool2d(y, 2).strides()).containsExactly(45, 1, 15, 5);
    assertThat(y.relu().strides()).containsExactly(180, 1, 30, 5);
    assertThat(y.toFloatArray()).isEqualTo(image().toFloatArray());
    assertThatThrownBy(() -> y.view(2, -1)).hasMessageContaining("view size is not compatible");
  }

  @Test
  void theFirstTutorial() {
    Tensor y = new Conv2d(1, 6, 3).call(Tensor.randn(2, 1, 8, 8));
    assertThat(y.view(y.size(0), -1).shape()).containsExactly(2, 216);
  }

  @Test
  void memoryInsideIsReleased() {
    long before = MemoryPool.cpu().usedBytes();
    try (TensorScope scope = TensorScope.open()) {
      Tensor y = image();
      y.view(-1);
      Tensor z = image().relu();
      z.add_(1);
    }
    assertThat(MemoryPool.cpu().usedBytes()).isEqualTo(before);
  }
}
