package dev.bellows.tensor;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.backend.Conv2dArgs;
import dev.bellows.backend.Pool2dArgs;
import dev.bellows.backend.RandomKey;
import dev.bellows.memory.DType;
import dev.bellows.ops.Conv2d;
import dev.bellows.ops.Dropout;
import dev.bellows.ops.Linear;
import dev.bellows.ops.MaxPool2d;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is refused, and in which words. */
@Timeout(60)
class TensorErrorsTest {
  private static final Class<IllegalArgumentException> ARGUMENT = IllegalArgumentException.class;
  private static final Class<IndexOutOfBoundsException> INDEX = IndexOutOfBoundsException.class;
  private static final Class<IllegalStateException> STATE = IllegalStateException.class;

  private static Arguments of(
      Class<? extends Exception> type, String message, ThrowingCallable call) {
    return Arguments.of(type, message, call);
  }

  private static Tensor z(long... shape) {
    return Tensor.zeros(shape);
  }

  private static Tensor index(long... values) {
    return Tensor.of(values);
  }

  private static Conv2dArgs conv(int stride, int pad, int dilation, int groups) {
    return new Conv2dArgs(stride, stride, pad, pad, dilation, dilation, groups);
  }

  private static String range(int from, int to, int got) {
    return "Dimension out of range (expected to be in range of ["
        + from
        + ", "
        + to
        + "], but got "
        + got
        + ")";
  }

  static Stream<Arguments> factories() {
    return Stream.of(
        of(
            ARGUMENT,
            "shape '[2, 2]' is invalid for input of size 3",
            () -> Tensor.of(new float[3], 2, 2)),
        of(ARGUMENT, "Trying to create tensor with negative dimension -1: [2, -1]", () -> z(2, -1)),
        of(
            ARGUMENT,
            "normal_: dtype must be floating point; got INT64",
            () -> Tensor.randn(new Generator(1), DType.INT64, 2)),
        of(
            ARGUMENT,
            "wrap: buffer must hold the shape; got 7 bytes for FLOAT32[2] of 8",
            () -> Tensor.wrap(ByteBuffer.allocateDirect(7), DType.FLOAT32, 2)),
        of(
            ARGUMENT,
            "wrap: buffer must be direct; got a heap buffer",
            () -> Tensor.wrap(ByteBuffer.allocate(8), DType.FLOAT32, 2)),
        of(STATE, "a Tensor with 2 elements cannot be converted to Scalar", () -> z(2).item()),
        of(STATE, "a Tensor with 0 elements cannot be converted to Scalar", () -> z(0).itemLong()),
        of(
            STATE,
            "byteBuffer: tensor must be contiguous and its storage below 2 GiB; got FLOAT32[3, 2]"
                + " strides [1, 3]",
            () -> z(2, 3).t().byteBuffer()));
  }

  static Stream<Arguments> newerViews() {
    return Stream.of(
        of(STATE, "tensor.mT is only supported on matrices", () -> z(2).mT()),
        of(
            ARGUMENT,
            "movedim: Invalid source or destination dims",
            () -> z(2, 3).movedim(new int[] {0}, new int[] {0, 1})),
        of(
            ARGUMENT,
            "movedim: repeated dim",
            () -> z(2, 3).movedim(new int[] {0, 0}, new int[] {0, 1})),
        of(
            ARGUMENT,
            "flatten() has invalid args: start_dim cannot come after end_dim",
            () -> z(2, 3).flatten(1, 0)),
        of(
            ARGUMENT,
            "unflatten: Provided sizes [2, 2] don't multiply up to the size of dim 1 (3)",
            () -> z(2, 3).unflatten(1, 2, 2)),
        of(ARGUMENT, "squeeze: dim 0 appears multiple times", () -> z(1, 3).squeeze(0, -2)),
        of(ARGUMENT, "split expects split_size be non-negative", () -> z(3).split(-1, 0)),
        of(
            ARGUMENT,
            "split_with_sizes expects split_sizes to sum exactly to 3",
            () -> z(3).split(new long[] {1, 1}, 0)),
        of(
            ARGUMENT,
            "split_with_sizes expects split_sizes have only non-negative",
            () -> z(3).split(new long[] {4, -1}, 0)),
        of(ARGUMENT, "chunk expects `chunks` to be greater than 0, got: 0", () -> z(3).chunk(0, 0)),
        of(
            ARGUMENT,
            "number of sections must be larger than 0, got 0",
            () -> z(3).tensorSplit(0, 0)),
        of(ARGUMENT, "unbind expects at least a 1-dimensional tensor", () -> z().unbind(0)),
        of(
            ARGUMENT,
            "diagonal dimensions cannot be identical 0, -2",
            () -> z(2, 3).diagonal(0, 0, -2)),
        of(
            ARGUMENT,
            "maximum size for tensor at dimension 0 is 3 but size is 4",
            () -> z(3).unfold(0, 4, 1)),
        of(ARGUMENT, "step is 0 but must be > 0", () -> z(3).unfold(0, 1, 0)),
        of(
            ARGUMENT,
            "asStrided: mismatch in length of strides and shape",
            () -> z(3).asStrided(new long[] {1}, new long[0])),
        of(
            ARGUMENT,
            "asStrided: Negative sizes, strides and offsets are not supported",
            () -> z(3).asStrided(new long[] {1}, new long[] {-1})),
        of(
            ARGUMENT,
            "asStrided: sizes [4], strides [1], storage offset 0 are out of bounds for storage of 3"
                + " elements of FLOAT32",
            () -> z(3).asStrided(new long[] {4}, new long[] {1})),
        of(
            ARGUMENT,
            "asStrided: sizes [9223372036854775807, 9223372036854775807]",
            () -> z(3).asStrided(new long[] {Long.MAX_VALUE, Long.MAX_VALUE}, new long[] {1, 1})),
        of(
            ARGUMENT,
            "self.dim() cannot be 0 to view FLOAT32 as FLOAT64",
            () -> z().view(DType.FLOAT64)),
        of(
            ARGUMENT,
            "self.stride(-1) must be 1 to view FLOAT32 as INT8",
            () -> z(2, 3).t().view(DType.INT8)),
        of(
            ARGUMENT,
            "self.size(-1) must be divisible by 2 to view FLOAT32 as FLOAT64",
            () -> z(3).view(DType.FLOAT64)),
        of(
            ARGUMENT,
            "repeat: Number of dimensions of repeat dims can not be smaller",
            () -> z(2, 3).repeat(2)),
        of(
            ARGUMENT,
            "repeat: Trying to create tensor with negative dimension",
            () -> z(2).repeat(-1)),
        of(ARGUMENT, "flip: dim 0 appears multiple times", () -> z(2).flip(0, 0)),
        of(ARGUMENT, "Input must be >= 2-d; fliplr got 1-d", () -> z(2).fliplr()),
        of(
            ARGUMENT,
            "roll: shifts and dimensions must align. shifts: 1, dims:2",
            () -> z(2, 2).roll(new long[] {1}, new int[] {0, 1})),
        of(
            ARGUMENT,
            "rot90: expected total dims >= 2, but got total dims = 1",
            () -> z(2).rot90(1, 0, 1)),
        of(
            ARGUMENT,
            "rot90: expected rotation dims to be different",
            () -> z(2, 2).rot90(1, 0, -2)),
        of(
            ARGUMENT,
            "stack expects each tensor to be equal size, but got [2] at entry 0 and [3] at entry 1",
            () -> Tensor.stack(List.of(z(2), z(3)), 0)),
        of(ARGUMENT, "stack expects a non-empty TensorList", () -> Tensor.stack(List.of(), 0)),
        of(ARGUMENT, "vstack expects a non-empty TensorList", () -> Tensor.vstack(List.of())),
        of(
            ARGUMENT,
            "torch.meshgrid: Expected 0D or 1D tensor",
            () -> Tensor.meshgrid(List.of(z(2, 2)))),
        of(
            ARGUMENT,
            "cat: out must have the result's shape; got [3] for [4]",
            () -> Tensor.catOut(z(3), List.of(z(2), z(2)), 0)),
        of(
            STATE,
            "cat(): functions with out=... arguments don't support automatic differentiation",
            () -> Tensor.catOut(z(4), List.of(z(2), z(2).setRequiresGrad(true)), 0)));
  }

  @ParameterizedTest
  @MethodSource("newerViews")
  void isRefusedWith(Class<? extends Exception> type, String start, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(type).hasMessageStartingWith(start);
  }

  static Stream<Arguments> views() {
    return Stream.of(
        of(ARGUMENT, "shape '[4, 2]' is invalid for input of size 6", () -> z(2, 3).view(4, 2)),
        of(
            ARGUMENT,
            "shape '[4, -1]' is invalid for input of size 6",
            () -> z(2, 3).reshape(4, -1)),
        of(
            ARGUMENT,
            "view: only one dimension can be inferred; got [-1, -1]",
            () -> z(2, 3).view(-1, -1)),
        of(ARGUMENT, "view: invalid shape dimension -2", () -> z(2, 3).view(-2, 3)),
        of(
            ARGUMENT,
            "view size is not compatible with input tensor's size and stride (at least one"
                + " dimension spans across two contiguous subspaces). Use reshape(...) instead; got"
                + " FLOAT32[3, 2] strides [1, 3] to be viewed as [6]",
            () -> z(2, 3).t().view(6)),
        of(
            ARGUMENT,
            "expand: The expanded size of the tensor (4) must match the existing size (3) at"
                + " non-singleton dimension 1. Target sizes: [2, 4]. Tensor sizes: [3]",
            () -> z(3).expand(2, 4)),
        of(
            ARGUMENT,
            "expand: the number of sizes provided (1) must be greater or equal to the number of"
                + " dimensions in the tensor (2)",
            () -> z(1, 3).expand(3)),
        of(
            ARGUMENT,
            "permute: order must name each dimension once; got [0, 0] for shape [2, 3]",
            () -> z(2, 3).permute(0, 0)),
        of(
            ARGUMENT,
            "permute: order must name each dimension once; got [0] for shape [2, 3]",
            () -> z(2, 3).permute(0)),
        of(INDEX, "permute: " + range(-2, 1, 2), () -> z(2, 3).permute(0, 2)),
        of(INDEX, "transpose: " + range(-2, 1, -3), () -> z(2, 3).transpose(0, -3)),
        of(
            STATE,
            "t() expects a tensor with <= 2 dimensions, but self is 3D",
            () -> z(1, 2, 3).t()),
        of(INDEX, "squeeze: " + range(-2, 1, 2), () -> z(2, 3).squeeze(2)),
        of(INDEX, "unsqueeze: " + range(-3, 2, 3), () -> z(2, 3).unsqueeze(3)),
        of(INDEX, range(-2, 1, 5), () -> z(2, 3).size(5)),
        of(INDEX, "flatten: " + range(-2, 1, 2), () -> z(2, 3).flatten(2)),
        of(
            INDEX,
            "narrow: start (2) + length (2) exceeds dimension size (3) of shape [2, 3]",
            () -> z(2, 3).narrow(1, 2, 2)),
        of(
            INDEX,
            "narrow: start (1) + length (9223372036854775807) exceeds dimension size (3) of shape"
                + " [3]",
            () -> z(3).narrow(0, 1, Long.MAX_VALUE)),
        of(
            INDEX,
            "narrow: start (-4) + length (1) exceeds dimension size (3) of shape [3]",
            () -> z(3).narrow(0, -4, 1)),
        of(ARGUMENT, "slice: step must be greater than zero; got 0", () -> z(3).slice(0, 0, 3, 0)),
        of(INDEX, "slice: " + range(-1, 0, 1), () -> z(3).slice(1, 0, 3, 1)),
        of(ARGUMENT, "slice() cannot be applied to a 0-dim tensor.", () -> z().slice(0, 0, 1, 1)),
        of(
            INDEX,
            "select(): index 3 out of range for tensor of size [3, 2] at dimension 0",
            () -> z(3, 2).select(0, 3)),
        of(
            INDEX,
            "select(): index -4 out of range for tensor of size [3, 2] at dimension 0",
            () -> z(3, 2).select(0, -4)),
        of(INDEX, "select() cannot be applied to a 0-dim tensor.", () -> z().select(0, 0)),
        of(ARGUMENT, "cat: expected a non-empty list of Tensors", () -> Tensor.cat(List.of(), 0)),
        of(
            ARGUMENT,
            "cat: Sizes of tensors must match except in dimension 1; expected [2, 3] but got"
                + " [3, 3] for tensor number 1 in the list",
            () -> Tensor.cat(List.of(z(2, 3), z(3, 3)), 1)),
        of(
            ARGUMENT,
            "cat: zero-dimensional tensor (at position 1) cannot be concatenated",
            () -> Tensor.cat(List.of(z(2), z()), 0)),
        of(INDEX, "cat: " + range(-1, 0, 1), () -> Tensor.cat(List.of(z(2)), 1)));
  }

  static Stream<Arguments> arithmetic() {
    return Stream.of(
        of(
            ARGUMENT,
            "pow: Integers to negative integer powers are not allowed; got INT64 and -2",
            () -> index(1, 2).pow(-2)),
        of(
            ARGUMENT,
            "add: The size of tensor a (3) must match the size of tensor b (4) at non-singleton"
                + " dimension 1; got [2, 3] and [4]",
            () -> z(2, 3).add(z(4))),
        of(
            ARGUMENT,
            "mul: The size of tensor a (2) must match the size of tensor b (3) at non-singleton"
                + " dimension 0; got [2, 1] and [3, 1]",
            () -> z(2, 1).mul(z(3, 1))),
        of(
            ARGUMENT,
            "add_: result type FLOAT32 can't be cast to the desired output type INT64",
            () -> index(1).add_(z(1))),
        of(
            ARGUMENT,
            "mul_: result type FLOAT32 can't be cast to the desired output type INT64",
            () -> index(1).mul_(0.5)),
        of(
            ARGUMENT,
            "div_: result type FLOAT32 can't be cast to the desired output type INT64",
            () -> index(1).div_(index(2))),
        of(
            ARGUMENT,
            "div_: result type FLOAT32 can't be cast to the desired output type INT64",
            () -> index(1).div_(2)),
        of(
            ARGUMENT,
            "add_: result type INT64 can't be cast to the desired output type BOOL",
            () -> Tensor.of(new boolean[] {true}).add_(index(1))),
        of(
            ARGUMENT,
            "mean(): could not infer output dtype. Input dtype must be a floating point; got INT64",
            () -> index(1, 2).mean()),
        of(INDEX, "sum: " + range(-2, 1, 2), () -> z(2, 3).sum(2)),
        of(
            ARGUMENT,
            "sum: dim 1 appears multiple times in the list of dims",
            () -> z(2, 3).sum(new int[] {1, -1})),
        of(
            ARGUMENT,
            "amax: Expected reduction dim to be specified for input with elements; got [0]",
            () -> z(0).amax()),
        of(
            ARGUMENT,
            "argmax: Expected reduction dim 1 to have non-zero size; got [2, 0]",
            () -> z(2, 0).argmax(1, false)),
        of(INDEX, "argmin: " + range(-1, 0, 1), () -> z(2).argmin(1, false)),
        of(INDEX, "softmax: " + range(-1, 0, -2), () -> z(2).softmax(-2)),
        of(
            ARGUMENT,
            "logSoftmax: inputs must be floating point of one dtype; got INT64",
            () -> index(1).logSoftmax(0)),
        of(
            ARGUMENT,
            "where expected condition to be a boolean tensor, but got a tensor with dtype FLOAT32",
            () -> Tensor.where(z(1), z(1), z(1))),
        of(
            ARGUMENT,
            "matmul: lhs columns must equal rhs rows; got lhs [32, 784], rhs [512, 10] (784 !="
                + " 512): mat1 and mat2 shapes cannot be multiplied (32x784 and 512x10)",
            () -> z(32, 784).matmul(z(512, 10))),
        of(
            ARGUMENT,
            "matmul: lhs columns must equal rhs rows; got lhs [2, 3, 4], rhs [2, 3, 4] (4 != 3):"
                + " mat1 and mat2 shapes cannot be multiplied (3x4 and 3x4)",
            () -> z(2, 3, 4).matmul(z(2, 3, 4))),
        of(
            ARGUMENT,
            "matmul: The size of tensor a (3) must match the size of tensor b (2) at non-singleton"
                + " dimension 1; got [2, 3] and [3, 2]",
            () -> z(2, 3, 1, 1).matmul(z(3, 2, 1, 1))),
        of(
            ARGUMENT,
            "matmul: both arguments to matmul need to be at least 1D, but they are 0D and 1D",
            () -> z().matmul(z(1))),
        of(
            ARGUMENT,
            "matmul: expected lhs and rhs to have the same dtype, but got FLOAT32 and FLOAT64",
            () -> z(1, 1).matmul(Tensor.zeros(DType.FLOAT64, 1, 1))));
  }

  static Stream<Arguments> indexing() {
    return Stream.of(
        of(
            ARGUMENT,
            "gather(): Expected dtype int32/int64 for index; got FLOAT32",
            () -> z(2).gather(0, z(1))),
        of(
            ARGUMENT,
            "gather: Size does not match at dimensions other than 0; expected index [1, 4] to be no"
                + " larger than self [2, 3]",
            () -> z(2, 3).gather(0, Tensor.zeros(DType.INT64, 1, 4))),
        of(
            ARGUMENT,
            "gather: Index tensor must have the same number of dimensions as self tensor; got index"
                + " [1], self [2, 3]",
            () -> z(2, 3).gather(0, index(0))),
        of(
            ARGUMENT,
            "scatterAdd: Expected index [2] to be no larger size in any dimension than src [1]",
            () -> z(4).scatterAdd(0, index(0, 1), z(1))),
        of(
            ARGUMENT,
            "indexSelect(): Index is supposed to be a vector; got [1, 1]",
            () -> z(2).indexSelect(0, Tensor.zeros(DType.INT64, 1, 1))),
        of(
            INDEX,
            "gather: index must be in [0, 2), the size of dimension 0; got 2",
            () -> z(2, 3).gather(0, Tensor.of(new long[] {2}, 1, 1))),
        of(
            INDEX,
            "gather: index must be in [0, 2), the size of dimension 0; got -1",
            () -> z(2, 3).gather(0, Tensor.of(new long[] {-1}, 1, 1))),
        of(
            INDEX,
            "scatterAdd: index must be in [0, 2), the size of dimension 0; got 5",
            () -> z(2).scatterAdd(0, index(5), z(1))),
        of(
            INDEX,
            "gather: index must be in [0, 3), the size of dimension 1; got 3",
            () -> z(2, 3).indexSelect(1, index(0, 3))));
  }

  static Stream<Arguments> layers() {
    return Stream.of(
        of(
            ARGUMENT,
            "linear: last dimension of input must equal inFeatures; got input [2, 3], weight [5,"
                + " 4]",
            () -> Linear.of(z(2, 3), z(5, 4), null)),
        of(
            ARGUMENT,
            "linear: bias must have outFeatures elements; got bias [4], weight [5, 3]",
            () -> Linear.of(z(2, 3), z(5, 3), z(4))),
        of(
            ARGUMENT,
            "conv2d: input and weight must be 4-d; got input [3, 8, 8], weight [4, 3, 3, 3]",
            () -> Conv2d.of(z(3, 8, 8), z(4, 3, 3, 3), null, conv(1, 0, 1, 1))),
        of(
            ARGUMENT,
            "conv2d: given groups=1, weight of size [4, 3, 3, 3], expected input[1, 2, 8, 8] to"
                + " have 3 channels, but got 2 channels instead",
            () -> Conv2d.of(z(1, 2, 8, 8), z(4, 3, 3, 3), null, conv(1, 0, 1, 1))),
        of(
            ARGUMENT,
            "conv2d: bias must have one element for each of 4 output channels; got bias [3]",
            () -> Conv2d.of(z(1, 3, 8, 8), z(4, 3, 3, 3), z(3), conv(1, 0, 1, 1))),
        of(
            ARGUMENT,
            "conv2d: Kernel size can't be greater than actual input size; got input [1, 1, 2, 2],"
                + " weight [1, 1, 3, 3], stride [1, 1], padding [0, 0], dilation [1, 1]",
            () -> Conv2d.of(z(1, 1, 2, 2), z(1, 1, 3, 3), null, conv(1, 0, 1, 1))),
        of(
            ARGUMENT,
            "conv2d: kernel, stride and dilation must be positive and padding not negative; got"
                + " weight [1, 1, 3, 3], stride [0, 0], padding [0, 0], dilation [1, 1]",
            () -> Conv2d.of(z(1, 1, 8, 8), z(1, 1, 3, 3), null, conv(0, 0, 1, 1))),
        of(
            ARGUMENT,
            "conv2d: inputs must be floating point of one dtype; got FLOAT32, FLOAT64",
            () ->
                Conv2d.of(
                    z(1, 1, 8, 8),
                    Tensor.zeros(DType.FLOAT64, 1, 1, 3, 3),
                    null,
                    conv(1, 0, 1, 1))),
        of(
            ARGUMENT,
            "maxPool2d: input must be 4-d [n, c, h, w]; got [3, 4, 4]",
            () -> MaxPool2d.of(z(3, 4, 4), new Pool2dArgs(2, 2, 2, 2, 0, 0))),
        of(
            ARGUMENT,
            "maxPool2d: pad should be at most half of effective kernel size; got kernel [2, 2],"
                + " stride [2, 2], padding [2, 0], dilation [1, 1], ceil mode false",
            () -> MaxPool2d.of(z(1, 1, 4, 4), new Pool2dArgs(2, 2, 2, 2, 2, 0))),
        of(
            ARGUMENT,
            "maxPool2d: Given input size [1, 1, 1, 4], output size is too small; got kernel"
                + " [2, 2], stride [2, 2], padding [0, 0], dilation [1, 1], ceil mode false",
            () -> MaxPool2d.of(z(1, 1, 1, 4), new Pool2dArgs(2, 2, 2, 2, 0, 0))),
        of(
            ARGUMENT,
            "maxPool2d: Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for"
                + " input, but got: [2, 3, 0, 4]",
            () -> MaxPool2d.of(z(2, 3, 0, 4), new Pool2dArgs(2, 2, 2, 2, 1, 1))),
        of(
            ARGUMENT,
            "maxPool2d: Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for"
                + " input, but got: [2, 3, 4, 0]",
            () -> MaxPool2d.of(z(2, 3, 4, 0), new Pool2dArgs(2, 2, 2, 2, 1, 1))),
        of(
            ARGUMENT,
            "maxPool2d: pad should be at most half of effective kernel size; got kernel [2, 2],"
                + " stride [2, 2], padding [1073741824, 0], dilation [1, 1], ceil mode false",
            () -> MaxPool2d.of(z(1, 1, 4, 4), new Pool2dArgs(2, 2, 2, 2, 1 << 30, 0))),
        of(
            ARGUMENT,
            "maxPool2d: window must have at most 256 places; got"
                + " Pool2dArgs[kernelH=17, kernelW=17, strideH=1, strideW=1, padH=0, padW=0]",
            () -> MaxPool2d.of(z(1, 1, 40, 40), new Pool2dArgs(17, 17, 1, 1, 0, 0))),
        of(
            ARGUMENT,
            "dropout probability has to be between 0 and 1, but got 1.5",
            () -> Dropout.of(z(2), 1.5, new RandomKey(1, 1))));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource({"factories", "views", "arithmetic", "indexing", "layers"})
  void isRefused(Class<? extends Exception> type, String message, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(type).hasMessage(message);
  }
}
