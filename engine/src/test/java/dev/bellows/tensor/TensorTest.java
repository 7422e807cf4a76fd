package dev.bellows.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Factories, conversion to Java, types and printing. */
@Timeout(60)
class TensorTest {
  @Test
  void factories() {
    assertThat(Tensor.of(new float[] {1, 2}).dtype()).isEqualTo(DType.FLOAT32);
    assertThat(Tensor.of(new double[] {1, 2}).dtype()).isEqualTo(DType.FLOAT64);
    assertThat(Tensor.of(new long[] {1, 2}).dtype()).isEqualTo(DType.INT64);
    assertThat(Tensor.of(new int[] {1, 2}).dtype()).isEqualTo(DType.INT32);
    assertThat(Tensor.of(new byte[] {1, -1}).dtype()).isEqualTo(DType.UINT8);
    assertThat(Tensor.of(new boolean[] {true, false}).dtype()).isEqualTo(DType.BOOL);
    assertThat(Tensor.of(new byte[] {1, -1}).toLongArray()).containsExactly(1, 255);
    assertThat(Tensor.of(new float[] {1, 2, 3, 4}, 2, 2).shape()).containsExactly(2, 2);
    assertThat(Tensor.of(new float[] {1}).shape()).containsExactly(1);
    assertThat(Tensor.of(new float[] {1}, new long[0]).shape()).isEmpty();
    assertThat(Tensor.of(new float[0]).shape()).containsExactly(0);
    assertThat(Tensor.scalar(2.5, DType.FLOAT64).item()).isEqualTo(2.5);
    assertThat(Tensor.scalar(2, DType.INT64).dim()).isZero();
    assertThat(Tensor.zeros(2, 0, 3).numel()).isZero();
    assertThat(Tensor.zeros(2).toFloatArray()).containsExactly(0, 0);
    assertThat(Tensor.ones(DType.INT32, 2).toLongArray()).containsExactly(1, 1);
    assertThat(Tensor.full(7, DType.UINT8, 3).toLongArray()).containsExactly(7, 7, 7);
    assertThat(Tensor.arange(4).toLongArray()).containsExactly(0, 1, 2, 3);
    assertThat(Tensor.arange(0).numel()).isZero();
    assertThat(Tensor.empty(2, 3).shape()).containsExactly(2, 3);
    assertThat(Tensor.onesLike(Tensor.arange(2)).dtype()).isEqualTo(DType.INT64);
    assertThat(Tensor.ones(1).device()).isEqualTo(Device.CPU);
    assertThat(Tensor.ones(1).isLeaf()).isTrue();
    assertThat(Tensor.ones(1).isView()).isFalse();
  }

  @Test
  void theShapeThatIsGivenStaysTheCallers() {
    long[] shape = {2, 3};
    Tensor x = Tensor.zeros(shape);
    shape[0] = 9;
    assertThat(x.shape()).containsExactly(2, 3);
    x.shape()[0] = 9;
    x.strides()[0] = 9;
    assertThat(x.shape()).containsExactly(2, 3);
    assertThat(x.strides()).containsExactly(3, 1);
    assertThat(x.size(-1)).isEqualTo(3);
  }

  @Test
  void randomNumbersFollowTheSeed() {
    float[] first = Tensor.randn(new Generator(5), DType.FLOAT32, 100).toFloatArray();
    assertThat(Tensor.randn(new Generator(5), DType.FLOAT32, 100).toFloatArray()).isEqualTo(first);
    assertThat(Tensor.randn(new Generator(6), DType.FLOAT32, 100).toFloatArray())
        .isNotEqualTo(first);
    Generator generator = new Generator(5);
    Tensor.rand(generator, DType.FLOAT32, 3);
    assertThat(Tensor.randn(generator, DType.FLOAT32, 100).toFloatArray()).isNotEqualTo(first);
    for (float value : Tensor.rand(new Generator(1), DType.FLOAT32, 1000).toFloatArray()) {
      assertThat(value).isGreaterThanOrEqualTo(0).isLessThan(1);
    }
    for (double value :
        Tensor.zeros(DType.FLOAT64, 1000).uniform_(generator, 2, 3).toDoubleArray()) {
      assertThat(value).isGreaterThanOrEqualTo(2).isLessThan(3);
    }
  }

  @Test
  void wrapSharesTheBuffer() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder());
    buffer.putFloat(4, 3).position(4);
    Tensor x = Tensor.wrap(buffer, DType.FLOAT32, 2);
    assertThat(x.toFloatArray()).containsExactly(3, 0);
    x.fill_(5);
    assertThat(buffer.getFloat(8)).isEqualTo(5);
    buffer.putFloat(4, 9);
    assertThat(x.toFloatArray()).containsExactly(9, 5);
    x.close();
    assertThat(buffer.getFloat(4)).isEqualTo(9);
  }

  @Test
  void byteBufferSharesTheTensor() {
    Tensor x = Tensor.arange(6).narrow(0, 2, 3);
    ByteBuffer buffer = x.byteBuffer();
    assertThat(buffer.remaining()).isEqualTo(24);
    assertThat(buffer.getLong(8)).isEqualTo(3);
    buffer.putLong(0, 40);
    assertThat(x.toLongArray()).containsExactly(40, 3, 4);
  }

  @Test
  void byteBufferOfNothingIsEmpty() {
    Tensor x = Tensor.zeros(0, 3, 2).permute(2, 1, 0).select(0, 1).select(0, 2);
    assertThat(x.byteBuffer().remaining()).isZero();
    assertThat(Tensor.zeros(100, 3).narrow(1, 0, 0).narrow(0, 99, 1).byteBuffer().remaining())
        .isZero();
  }

  @Test
  void itemsAndArraysConvert() {
    assertThat(Tensor.of(new long[] {3}, 1, 1).item()).isEqualTo(3);
    assertThat(Tensor.of(new float[] {-2.9f}).itemLong()).isEqualTo(-2);
    assertThat(Tensor.of(new long[] {Long.MAX_VALUE}).itemLong()).isEqualTo(Long.MAX_VALUE);
    assertThat(Tensor.of(new boolean[] {true}).item()).isEqualTo(1);
    Tensor x = Tensor.of(new float[] {0, 1.5f, -1, Float.NaN}, 2, 2).t();
    assertThat(x.toDoubleArray()).containsExactly(0, -1, 1.5, Double.NaN);
    assertThat(x.toBooleanArray()).containsExactly(false, true, true, true);
    assertThat(x.toFloatArray()).containsExactly(0, -1, 1.5f, Float.NaN);
    assertThat(Tensor.arange(6).view(2, 3).t().toLongArray()).containsExactly(0, 3, 1, 4, 2, 5);
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void toConverts(DType to) {
    Tensor x = Tensor.of(new double[] {0, 1, 2, 100.75});
    Tensor converted = x.to(to);
    assertThat(converted.dtype()).isEqualTo(to);
    double[] expected =
        switch (to) {
          case BOOL -> new double[] {0, 1, 1, 1};
          case FLOAT32, FLOAT64, FLOAT16 -> new double[] {0, 1, 2, 100.75};
          case BFLOAT16 -> new double[] {0, 1, 2, 101};
          default -> new double[] {0, 1, 2, 100};
        };
    assertThat(converted.toDoubleArray()).isEqualTo(expected);
    assertThat(converted.to(DType.FLOAT64).toDoubleArray()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "BOOL, BOOL, BOOL",
    "BOOL, UINT8, UINT8",
    "UINT8, INT32, INT32",
    "INT32, INT64, INT64",
    "INT64, FLOAT32, FLOAT32",
    "FLOAT32, FLOAT64, FLOAT64",
    "BOOL, FLOAT64, FLOAT64"
  })
  void twoTypesMeetInTheLargerKind(DType a, DType b, DType expected) {
    assertThat(Tensor.ones(a, 2).maximum(Tensor.ones(b, 2)).dtype()).isEqualTo(expected);
    assertThat(Tensor.ones(b, 2).maximum(Tensor.ones(a, 2)).dtype()).isEqualTo(expected);
  }

  @Test
  void typesOfResults() {
    Tensor integer = Tensor.arange(3);
    assertThat(integer.div(integer.add(1)).dtype()).isEqualTo(DType.FLOAT32);
    assertThat(integer.div(2).toFloatArray()).containsExactly(0, 0.5f, 1);
    assertThat(integer.add(2).dtype()).isEqualTo(DType.INT64);
    assertThat(integer.mul(0.5).toFloatArray()).containsExactly(0, 0.5f, 1);
    assertThat(integer.exp().dtype()).isEqualTo(DType.FLOAT32);
    assertThat(integer.eq(1).dtype()).isEqualTo(DType.BOOL);
    assertThat(integer.eq(1).sum().dtype()).isEqualTo(DType.INT64);
    assertThat(Tensor.of(new int[] {1, 2}).sum().dtype()).isEqualTo(DType.INT64);
    assertThat(integer.argmax(0, false).dtype()).isEqualTo(DType.INT64);
    assertThat(integer.all().toBooleanArray()).containsExactly(false);
    assertThat(integer.any().toBooleanArray()).containsExactly(true);
    assertThat(integer.logicalNot().toBooleanArray()).containsExactly(true, false, false);
    assertThat(Tensor.ones(2).add_(Tensor.ones(DType.FLOAT64, 2)).dtype()).isEqualTo(DType.FLOAT32);
    assertThat(Tensor.ones(2).add_(integer.narrow(0, 0, 2)).toFloatArray()).containsExactly(1, 2);
  }

  @Test
  void aScalarDoesNotWidenAnArrayOfItsKind() {
    Tensor x = Tensor.ones(2);
    assertThat(x.mul(Tensor.scalar(2, DType.FLOAT64)).dtype()).isEqualTo(DType.FLOAT32);
    assertThat(Tensor.scalar(2, DType.FLOAT64).mul(x).dtype()).isEqualTo(DType.FLOAT32);
    assertThat(x.mul(Tensor.scalar(2, DType.INT64)).dtype()).isEqualTo(DType.FLOAT32);
    assertThat(Tensor.of(new int[] {1}).add(Tensor.scalar(2, DType.INT64)).dtype())
        .isEqualTo(DType.INT32);
    assertThat(Tensor.of(new int[] {1}).add(Tensor.scalar(2, DType.FLOAT32)).dtype())
        .isEqualTo(DType.FLOAT32);
    assertThat(Tensor.scalar(1, DType.FLOAT32).add(Tensor.scalar(2, DType.FLOAT64)).dtype())
        .isEqualTo(DType.FLOAT64);
  }

  @Test
  void emptyTensors() {
    Tensor x = Tensor.zeros(0, 3);
    assertThat(x.sum().item()).isZero();
    assertThat(x.sum(0).toFloatArray()).containsExactly(0, 0, 0);
    assertThat(x.add(1).shape()).containsExactly(0, 3);
    assertThat(x.mean().item()).isNaN();
    assertThat(x.matmul(Tensor.ones(3, 2)).shape()).containsExactly(0, 2);
    assertThat(Tensor.ones(2, 0).matmul(Tensor.ones(0, 2)).toFloatArray()).containsOnly(0);
    assertThat(x.softmax(1).shape()).containsExactly(0, 3);
    assertThat(x.all().toBooleanArray()).containsExactly(true);
    assertThat(x.view(3, 0).shape()).containsExactly(3, 0);
    assertThat(x.gather(0, Tensor.zeros(DType.INT64, 0, 3)).shape()).containsExactly(0, 3);
  }

  @Test
  void scalarsAreIndexedAsTheirOnlyElement() {
    Tensor x = Tensor.scalar(4, DType.FLOAT64).setRequiresGrad(true);
    Tensor index = Tensor.scalar(0, DType.INT64);
    Tensor y = x.gather(0, index);
    assertThat(y.dim()).isZero();
    y.mul(3).backward();
    assertThat(x.grad().item()).isEqualTo(3);
    assertThat(x.detach().scatterAdd(0, index, x.detach()).item()).isEqualTo(8);
    assertThat(x.softmax(0).item()).isEqualTo(1);
    assertThat(x.sum(0).item()).isEqualTo(4);
    assertThat(x.argmax(0, false).itemLong()).isZero();
    assertThat(x.flatten(0).shape()).containsExactly(1);
  }

  @Test
  void printsAsPyTorchDoes() {
    assertThat(Tensor.of(new float[] {1, 2}, 2)).hasToString("tensor([1., 2.])");
    assertThat(Tensor.of(new float[] {1, 2.5f})).hasToString("tensor([1.0000, 2.5000])");
    assertThat(Tensor.of(new float[] {-1, 10}, 2, 1))
        .hasToString("tensor([[-1.],\n        [10.]])");
    assertThat(Tensor.of(new long[] {1, -20, 3, 4}, 2, 2))
        .hasToString("tensor([[  1, -20],\n        [  3,   4]])");
    assertThat(Tensor.of(new boolean[] {true, false})).hasToString("tensor([ true, false])");
    assertThat(Tensor.scalar(2.5, DType.FLOAT64)).hasToString("tensor(2.5000, dtype=FLOAT64)");
    assertThat(Tensor.zeros(0, 3)).hasToString("tensor([], size=[0, 3])");
    assertThat(Tensor.of(new float[] {Float.NaN, 1, Float.NEGATIVE_INFINITY}))
        .hasToString("tensor([nan, 1., -inf])");
    assertThat(Tensor.of(new float[] {Float.NaN, 1.5f})).hasToString("tensor([   nan, 1.5000])");
    assertThat(Tensor.of(new float[] {1e-6f, 1})).hasToString("tensor([1.0000e-06, 1.0000e+00])");
    assertThat(Tensor.of(new float[] {0, 20000, 1}))
        .hasToString("tensor([0.0000e+00, 2.0000e+04, 1.0000e+00])");
    assertThat(Tensor.zeros(DType.INT64, 0)).hasToString("tensor([], dtype=INT64)");
    assertThat(Tensor.arange(24).toString())
        .isEqualTo(
            "tensor([ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15, 16, 17,\n"
                + "        18, 19, 20, 21, 22, 23])");
    assertThat(Tensor.zeros(200, 200).narrow(1, 0, 2).clone().view(100, 4).narrow(0, 0, 2))
        .hasToString("tensor([[0., 0., 0., 0.],\n        [0., 0., 0., 0.]])");
    assertThat(Tensor.zeros(500, 3).toString())
        .isEqualTo(
            "tensor([[0., 0., 0.],\n        [0., 0., 0.],\n        [0., 0., 0.],\n        ...,\n"
                + "        [0., 0., 0.],\n        [0., 0., 0.],\n        [0., 0., 0.]])");
    assertThat(Tensor.ones(1).setRequiresGrad(true)).hasToString("tensor([1.], requiresGrad=true)");
    assertThat(Tensor.ones(1).setRequiresGrad(true).mul(2))
        .hasToString("tensor([2.], gradFn=<MulBackward>)");
    assertThat(Tensor.arange(8).view(2, 2, 2))
        .hasToString("tensor([[[0, 1],\n         [2, 3]],\n\n        [[4, 5],\n         [6, 7]]])");
    assertThat(Tensor.arange(1001).toString())
        .isEqualTo("tensor([   0,    1,    2,  ...,  998,  999, 1000])");
  }

  @Test
  void reductionsTakeSeveralDimensions() {
    Tensor x = Tensor.arange(24).to(DType.FLOAT64).reshape(2, 3, 4);
    int[] dims = {0, 2};
    List<Tensor[]> pairs =
        List.of(
            new Tensor[] {x.sum(0, 2), x.sum(dims, false)},
            new Tensor[] {x.nansum(0, 2), x.nansum(dims, false)},
            new Tensor[] {x.mean(0, 2), x.mean(dims, false)},
            new Tensor[] {x.nanmean(0, 2), x.nanmean(dims, false)},
            new Tensor[] {x.amax(0, 2), x.amax(dims, false)},
            new Tensor[] {x.amin(0, 2), x.amin(dims, false)},
            new Tensor[] {x.logSumExp(0, 2), x.logSumExp(dims, false)},
            new Tensor[] {x.all(0, 2), x.all(dims, false)},
            new Tensor[] {x.any(0, 2), x.any(dims, false)},
            new Tensor[] {x.var(0, 2), x.var(dims, 1, false)},
            new Tensor[] {x.std(0, 2), x.std(dims, 1, false)},
            new Tensor[] {x.norm(3, 0, 2), x.norm(3, dims, false)});
    for (Tensor[] pair : pairs) {
      assertThat(pair[0].shape()).containsExactly(3);
      assertThat(pair[0].toDoubleArray()).isEqualTo(pair[1].toDoubleArray());
    }
    assertThat(x.sum(0, 2).toDoubleArray()).containsExactly(60, 92, 124);
  }

  @Test
  void signsOfNanAreRead() {
    float negative = Float.intBitsToFloat(0xFFC00000);
    Tensor x = Tensor.of(new float[] {negative, Float.NaN, -0f, 0f, -1});
    for (DType type : List.of(DType.FLOAT32, DType.FLOAT64, DType.FLOAT16, DType.BFLOAT16)) {
      Tensor y = x.to(type);
      assertThat(y.signbit().to(DType.INT64).toLongArray()).containsExactly(1, 0, 1, 0, 1);
      assertThat(y.neg().signbit().to(DType.INT64).toLongArray()).containsExactly(0, 1, 0, 1, 0);
      assertThat(y.abs().signbit().to(DType.INT64).toLongArray()).containsOnly(0);
      assertThat(Tensor.onesLike(y).copysign(y).toDoubleArray()).containsExactly(-1, 1, -1, 1, -1);
    }
  }
}
