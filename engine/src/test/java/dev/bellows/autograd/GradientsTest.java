package dev.bellows.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.Conv2dArgs;
import dev.bellows.backend.Pool2dArgs;
import dev.bellows.backend.RandomKey;
import dev.bellows.memory.DType;
import dev.bellows.ops.Conv2d;
import dev.bellows.ops.Dropout;
import dev.bellows.ops.Linear;
import dev.bellows.ops.MaxPool2d;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** First and second gradients of every operation against central differences. */
@Timeout(120)
class GradientsTest {
  private static final Generator RANDOM = new Generator(Long.getLong("test.seed", 17));

  private static Tensor x(long... shape) {
    return Tensor.randn(RANDOM, DType.FLOAT64, shape).setRequiresGrad(true);
  }

  /** Away from zero, so that kinks and poles are not straddled. */
  private static Tensor positive(long... shape) {
    return Tensor.rand(RANDOM, DType.FLOAT64, shape).add(0.5).detach().setRequiresGrad(true);
  }

  /** Distinct values, so that maxima stay maxima. */
  private static Tensor distinct(long... shape) {
    long n = 1;
    for (long s : shape) {
      n *= s;
    }
    double[] values = new double[(int) n];
    for (int i = 0; i < n; i++) {
      values[i] = ((i * 37) % n) * 0.1 - 1;
    }
    return Tensor.of(values, shape).setRequiresGrad(true);
  }

  private static Arguments of(String name, Function<Tensor[], Tensor> f, Tensor... in) {
    return Arguments.of(name, f, in);
  }

  static Stream<Arguments> operations() {
    Tensor index = Tensor.of(new long[] {2, 0, 0, 1}, 2, 2);
    Tensor condition = Tensor.of(new boolean[] {true, false, true}, 3);
    Conv2dArgs plain = new Conv2dArgs(1, 1, 0, 0, 1, 1, 1);
    Conv2dArgs odd = new Conv2dArgs(2, 1, 1, 2, 1, 2, 2);
    Pool2dArgs pool = new Pool2dArgs(2, 2, 2, 2, 0, 0);
    Pool2dArgs overlapping = new Pool2dArgs(3, 2, 2, 1, 1, 1);
    return Stream.of(
        of("neg", in -> in[0].neg(), x(2, 3)),
        of("abs", in -> in[0].abs(), positive(2, 3)),
        of("sign", in -> in[0].sign(), positive(3)),
        of("exp", in -> in[0].exp(), x(2, 3)),
        of("log", in -> in[0].log(), positive(2, 3)),
        of("sqrt", in -> in[0].sqrt(), positive(2, 3)),
        of("reciprocal", in -> in[0].reciprocal(), positive(2, 3)),
        of("tanh", in -> in[0].tanh(), x(2, 3)),
        of("sigmoid", in -> in[0].sigmoid(), x(2, 3)),
        of("relu", in -> in[0].relu(), distinct(2, 3)),
        of("sin", in -> in[0].sin(), x(2, 3)),
        of("cos", in -> in[0].cos(), x(2, 3)),
        of("add", in -> in[0].add(in[1]), x(2, 3), x(3)),
        of("sub", in -> in[0].sub(in[1]), x(2, 1), x(2, 3)),
        of("mul", in -> in[0].mul(in[1]), x(2, 3), x(1, 3)),
        of("mul scalar tensor", in -> in[0].mul(in[1]), x(2, 3), x()),
        of("div", in -> in[0].div(in[1]), x(2, 3), positive(2, 1)),
        of("pow", in -> in[0].pow(in[1]), positive(2, 3), x(3)),
        of("maximum", in -> in[0].maximum(in[1]), distinct(2, 3), positive(3)),
        of("minimum", in -> in[0].minimum(in[1]), distinct(2, 3), positive(3)),
        of("add scalar", in -> in[0].add(2), x(3)),
        of("sub scalar", in -> in[0].sub(2), x(3)),
        of("mul scalar", in -> in[0].mul(-3), x(3)),
        of("div scalar", in -> in[0].div(3), x(3)),
        of("pow scalar", in -> in[0].pow(3), x(3)),
        of("pow zero", in -> in[0].pow(0), x(3)),
        of("maximum scalar", in -> in[0].maximum(0.05), distinct(6)),
        of("minimum scalar", in -> in[0].minimum(0.05), distinct(6)),
        of("where", in -> Tensor.where(condition, in[0], in[1]), x(2, 3), x(3)),
        of("sum", in -> in[0].sum(), x(2, 3)),
        of("sum dims", in -> in[0].sum(new int[] {0, -1}), x(2, 3, 2)),
        of("sum keep", in -> in[0].sum(1, true), x(2, 3, 2)),
        of("mean", in -> in[0].mean(), x(2, 3)),
        of("mean dim", in -> in[0].mean(1), x(2, 3)),
        of("amax", in -> in[0].amax(1), distinct(2, 5)),
        of("amin", in -> in[0].amin(0, true), distinct(3, 2)),
        of("matmul", in -> in[0].matmul(in[1]), x(2, 3), x(3, 4)),
        of("matmul transposed", in -> in[0].t().matmul(in[1].t()), x(3, 2), x(4, 3)),
        of("matmul batched", in -> in[0].matmul(in[1]), x(2, 2, 3), x(2, 3, 2)),
        of("matmul broadcast", in -> in[0].matmul(in[1]), x(2, 1, 2, 3), x(3, 3, 2)),
        of("matmul vector", in -> in[0].matmul(in[1]), x(2, 3), x(3)),
        of("dot", in -> in[0].matmul(in[1]), x(3), x(3)),
        of("linear", in -> Linear.of(in[0], in[1], in[2]), x(4, 3), x(2, 3), x(2)),
        of("linear 3-d", in -> Linear.of(in[0], in[1], null), x(2, 2, 3), x(2, 3)),
        of(
            "conv2d",
            in -> Conv2d.of(in[0], in[1], in[2], plain),
            x(2, 2, 4, 4),
            x(3, 2, 3, 2),
            x(3)),
        of(
            "conv2d strided",
            in -> Conv2d.of(in[0], in[1], null, odd),
            x(1, 4, 5, 5),
            x(2, 2, 2, 2)),
        of("maxPool2d", in -> MaxPool2d.of(in[0], pool), distinct(1, 2, 4, 5)),
        of("maxPool2d overlap", in -> MaxPool2d.of(in[0], overlapping), distinct(2, 1, 4, 3)),
        of("softmax", in -> in[0].softmax(1), x(2, 4)),
        of("softmax dim 0", in -> in[0].softmax(0), x(3, 2)),
        of("logSoftmax", in -> in[0].logSoftmax(-1), x(2, 4)),
        of("gather", in -> in[0].gather(0, index), x(3, 2)),
        of("scatterAdd", in -> in[0].scatterAdd(0, index, in[1]), x(3, 2), x(2, 2)),
        of("indexSelect", in -> in[0].indexSelect(1, Tensor.of(new long[] {1, 1, 0})), x(2, 3)),
        of("view", in -> in[0].view(3, -1), x(2, 3)),
        of("reshape copy", in -> in[0].t().reshape(6), x(2, 3)),
        of("permute", in -> in[0].permute(2, 0, 1), x(2, 3, 2)),
        of("expand", in -> in[0].expand(2, 3, 4), x(3, 1)),
        of("narrow", in -> in[0].narrow(1, 1, 2), x(2, 4)),
        of("slice", in -> in[0].slice(0, 1, -1, 2), x(6, 2)),
        of("select", in -> in[0].select(1, -1), x(2, 3)),
        of("contiguous", in -> in[0].t().contiguous(), x(2, 3)),
        of("copy", in -> in[0].clone(), x(2, 3)),
        of("cat", in -> Tensor.cat(List.of(in[0], in[1]), 1), x(2, 3), x(2, 1)),
        of("stack", in -> Tensor.stack(List.of(in[0], in[1]), 0), x(2, 3), x(2, 3)),
        of("dropout", in -> Dropout.of(in[0], 0.4, new RandomKey(1, 2)), x(5, 3)),
        of("dropout transposed", in -> Dropout.of(in[0].t(), 0.4, new RandomKey(1, 2)), x(5, 3)),
        of("in place", in -> in[0].mul(2).add_(in[1]).mul_(3), x(2, 3), x(3)),
        of("copy_", in -> in[0].mul(2).copy_(in[1]), x(2, 3), x(3)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("operations")
  void firstGradient(String name, Function<Tensor[], Tensor> f, Tensor[] in) {
    GradCheck.gradCheck(name, f, in);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("operations")
  void secondGradient(String name, Function<Tensor[], Tensor> f, Tensor[] in) {
    assertThat(BinaryOp.values()).isNotEmpty();
    GradCheck.gradGradCheck(name, f, in);
  }
}
