package dev.bellows.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Operations with random shapes, types and layouts, and their gradients, against libtorch. An input
 * is a view (contiguous, transposed, or a slice with steps) of a leaf, on both sides; what is
 * compared is the result and the gradient of each leaf for one random gradient of the result.
 */
@Timeout(120)
class LibtorchOpsTest {
  private static final int CASES = 400;
  private static final long SEED = Long.getLong("test.seed", 31);

  enum Layout {
    CONTIGUOUS,
    TRANSPOSED,
    SLICED
  }

  @BeforeAll
  static void printSeed() {
    System.out.println("test.seed=" + SEED);
  }

  static IntStream cases() {
    return IntStream.range(0, CASES);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agrees(int number) {
    Random random = new Random(SEED * 1_000_003 + number);
    OpCases.Case c = OpCases.of(number, random);
    DType dtype = random.nextInt(3) == 0 ? DType.FLOAT64 : DType.FLOAT32;
    int inputs = c.shapes().size();
    Layout[] layouts = new Layout[inputs];
    double[][] values = new double[inputs][];
    for (int i = 0; i < inputs; i++) {
      layouts[i] = Layout.values()[random.nextInt(3)];
      values[i] =
          values(random, leafShape(layouts[i], c.shapes().get(i)), c.low(), c.high(), dtype);
    }
    Result ours;
    try (TensorScope scope = TensorScope.open()) {
      ours = ours(c, dtype, layouts, values, random.nextLong());
    }
    Result theirs;
    try (PointerScope scope = new PointerScope()) {
      theirs = theirs(c, dtype, layouts, values, ours.gradient);
    }
    String what = "case " + number + ": " + c.name() + " " + dtype + " " + Arrays.toString(layouts);
    assertThat(ours.shape).as("%s: shape", what).isEqualTo(theirs.shape);
    compare(what + ": result", dtype, ours.out, theirs.out);
    for (int i = 0; i < ours.grads.size(); i++) {
      compare(what + ": gradient of input " + i, dtype, ours.grads.get(i), theirs.grads.get(i));
    }
  }

  private static void compare(String what, DType dtype, double[] ours, double[] theirs) {
    assertThat(ours == null).as("%s: is there one", what).isEqualTo(theirs == null);
    if (ours == null) {
      return;
    }
    assertThat(ours).as(what).hasSameSizeAs(theirs);
    double scale = 1;
    for (double value : theirs) {
      scale = Math.max(scale, Double.isFinite(value) ? Math.abs(value) : 1);
    }
    double tolerance = scale * (dtype == DType.FLOAT64 ? 1e-11 : 2e-5);
    for (int i = 0; i < ours.length; i++) {
      boolean equal =
          Double.compare(ours[i], theirs[i]) == 0 || Math.abs(ours[i] - theirs[i]) <= tolerance;
      assertThat(equal)
          .as(
              "%s: element %d of %d: ours %s, libtorch %s",
              what, i, ours.length, ours[i], theirs[i])
          .isTrue();
    }
  }

  private record Result(long[] shape, double[] out, double[] gradient, List<double[]> grads) {}

  private static Result ours(
      OpCases.Case c, DType dtype, Layout[] layouts, double[][] values, long seed) {
    Tensor[] leaves = new Tensor[values.length];
    Tensor[] in = new Tensor[values.length];
    for (int i = 0; i < in.length; i++) {
      leaves[i] = Tensor.of(values[i], leafShape(layouts[i], c.shapes().get(i))).to(dtype);
      leaves[i].setRequiresGrad(true);
      in[i] = view(layouts[i], leaves[i]);
    }
    Tensor out = c.ours().apply(in);
    double[] gradient = values(new Random(seed), out.shape(), -1, 1, dtype);
    List<double[]> grads = new ArrayList<>();
    if (out.requiresGrad()) {
      out.backward(Tensor.of(gradient, out.shape()).to(dtype));
      for (Tensor leaf : leaves) {
        grads.add(leaf.grad() == null ? null : leaf.grad().toDoubleArray());
      }
    }
    return new Result(out.shape(), out.toDoubleArray(), gradient, grads);
  }

  private static Result theirs(
      OpCases.Case c, DType dtype, Layout[] layouts, double[][] values, double[] gradient) {
    var leaves = new org.bytedeco.pytorch.Tensor[values.length];
    var in = new org.bytedeco.pytorch.Tensor[values.length];
    for (int i = 0; i < in.length; i++) {
      leaves[i] = Torch.of(dtype, values[i], leafShape(layouts[i], c.shapes().get(i)));
      leaves[i].requires_grad_(true);
      in[i] = view(layouts[i], leaves[i]);
    }
    var out = c.theirs().apply(in);
    List<double[]> grads = new ArrayList<>();
    if (out.requires_grad()) {
      out.mul(Torch.of(dtype, gradient, Torch.shape(out))).sum().backward();
      for (var leaf : leaves) {
        grads.add(leaf.grad().defined() ? Torch.values(leaf.grad()) : null);
      }
    }
    return new Result(Torch.shape(out), Torch.values(out), gradient, grads);
  }

  private static long[] leafShape(Layout layout, long... shape) {
    long[] leaf = shape.clone();
    switch (layout) {
      case CONTIGUOUS:
        break;
      case TRANSPOSED:
        for (int d = 0; d < leaf.length; d++) {
          leaf[d] = shape[leaf.length - 1 - d];
        }
        break;
      case SLICED:
        if (leaf.length > 0) {
          leaf[leaf.length - 1] = leaf[leaf.length - 1] * 2 + 1;
        }
    }
    return leaf;
  }

  private static Tensor view(Layout layout, Tensor leaf) {
    return switch (layout) {
      case CONTIGUOUS -> leaf;
      case TRANSPOSED ->
          leaf.permute(IntStream.range(0, leaf.dim()).map(d -> leaf.dim() - 1 - d).toArray());
      case SLICED -> leaf.dim() == 0 ? leaf : leaf.slice(-1, 1, Long.MAX_VALUE, 2);
    };
  }

  private static org.bytedeco.pytorch.Tensor view(Layout layout, org.bytedeco.pytorch.Tensor leaf) {
    int dims = (int) leaf.dim();
    return switch (layout) {
      case CONTIGUOUS -> leaf;
      case TRANSPOSED ->
          leaf.permute(IntStream.range(0, dims).mapToLong(d -> dims - 1 - d).toArray());
      case SLICED ->
          dims == 0
              ? leaf
              : leaf.slice(-1, new LongOptional(1), new LongOptional(Long.MAX_VALUE), 2);
    };
  }

  /** Rounded to the type, so that both sides start from the same numbers. */
  private static double[] values(
      Random random, long[] shape, double low, double high, DType dtype) {
    int n = 1;
    for (long size : shape) {
      n *= (int) size;
    }
    double[] out = new double[n];
    for (int i = 0; i < n; i++) {
      double value = low + (high - low) * random.nextDouble();
      out[i] = dtype == DType.FLOAT32 ? (float) value : value;
    }
    return out;
  }

  static <T> Function<T[], T> first(Function<T, T> f) {
    return in -> f.apply(in[0]);
  }
}
