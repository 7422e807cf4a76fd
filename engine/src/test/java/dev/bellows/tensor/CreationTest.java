package dev.bellows.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.backend.Devices;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.memory.OutOfMemoryException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** From Java to tensors, and back. */
@Timeout(60)
class CreationTest {
  @Test
  void nestedArraysAndLists() {
    Tensor x = Tensor.of(new float[][] {{1, 2, 3}, {4, 5, 6}});
    assertThat(x.dtype()).isEqualTo(DType.FLOAT32);
    assertThat(x.shape()).containsExactly(2, 3);
    assertThat(Tensor.of(new long[][][] {{{Long.MAX_VALUE}}}).itemLong()).isEqualTo(Long.MAX_VALUE);
    assertThat(Tensor.of(List.of(List.of(1, 2), List.of(3, 4))).dtype()).isEqualTo(DType.INT64);
    assertThat(Tensor.of(List.of(1, 2.5)).dtype()).isEqualTo(DType.FLOAT32);
    assertThat(Tensor.of(List.of(true, false)).dtype()).isEqualTo(DType.BOOL);
    assertThat(Tensor.of(new int[][] {{1}, {-2}}, DType.INT8).toList())
        .isEqualTo(List.of(List.of(1L), List.of(-2L)));
    assertThat(Tensor.of(new float[0][]).shape()).containsExactly(0);
    assertThat(Tensor.of((Object) 3).dtype()).isEqualTo(DType.INT64);
    assertThatThrownBy(() -> Tensor.of(new float[][] {{1, 2}, {3}}))
        .hasMessage("expected sequence of length 2 at dim 1 (got 1)");
    assertThatThrownBy(() -> Tensor.of(List.of(List.of(1), 2)))
        .hasMessage("expected sequence of length 1 at dim 1 (got 2)");
    assertThatThrownBy(() -> Tensor.of(List.of("a")))
        .hasMessage("tensor: elements must be numbers or booleans; got String");
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void arraysAndListsComeBack(DType dtype) {
    Tensor x = Tensor.of(new double[] {0, 1, 1, 0, 1, 1}, 2, 3).to(dtype);
    assertThat(Tensor.of(x.toArray()).to(dtype).toDoubleArray()).isEqualTo(x.toDoubleArray());
    assertThat(Tensor.of(x.toList()).to(dtype).toDoubleArray()).isEqualTo(x.toDoubleArray());
    assertThat(x.toIntArray()).containsExactly(0, 1, 1, 0, 1, 1);
    assertThat(x.toShortArray())
        .containsExactly((short) 0, (short) 1, (short) 1, (short) 0, (short) 1, (short) 1);
    assertThat(x.select(0, 0).select(0, 1).itemBoolean()).isTrue();
    assertThat(x.t().toArray().getClass().getComponentType().isArray()).isTrue();
  }

  @Test
  void arrayTypesAreThoseOfTheElements() {
    assertThat(Tensor.zeros(2, 2).toArray()).isInstanceOf(float[][].class);
    assertThat(Tensor.zeros(DType.BFLOAT16, 2).toArray()).isInstanceOf(float[].class);
    assertThat(Tensor.zeros(DType.BOOL, 1, 1, 1).toArray()).isInstanceOf(boolean[][][].class);
    assertThat(Tensor.of(new short[] {-1}).toArray()).isEqualTo(new short[] {-1});
    assertThat(Tensor.ofSigned(new byte[] {-1}).itemLong()).isEqualTo(-1);
    assertThat(Tensor.of(new byte[] {-1}).itemLong()).isEqualTo(255);
    assertThat(Tensor.scalar(4).toArray()).isEqualTo(4L);
    assertThat(Tensor.scalar(0.5).toList()).isEqualTo(0.5);
  }

  @Test
  void directBuffersAreShared() {
    FloatBuffer floats =
        ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder()).asFloatBuffer();
    floats.put(0, 1).put(1, 2).put(2, 3).position(1);
    Tensor x = Tensor.wrap(floats);
    assertThat(x.toFloatArray()).containsExactly(2, 3, 0);
    x.add_(10);
    assertThat(floats.get(1)).isEqualTo(12);
    floats.put(3, 7);
    assertThat(x.toFloatArray()).containsExactly(12, 13, 7);
    assertThat(Tensor.asTensor(floats, DType.FLOAT64).storage()).isNotSameAs(x.storage());
    assertThat(Tensor.asTensor(x)).isSameAs(x);
    float[] heap = {1};
    Tensor copy = Tensor.asTensor(heap);
    copy.add_(1);
    assertThat(heap[0]).as("arrays are copied").isEqualTo(1);
    assertThatThrownBy(() -> Tensor.wrap(FloatBuffer.allocate(2)))
        .hasMessage("wrap: buffer must be direct; got a heap buffer");
    ByteOrder foreign =
        ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN
            ? ByteOrder.LITTLE_ENDIAN
            : ByteOrder.BIG_ENDIAN;
    assertThatThrownBy(() -> Tensor.wrap(ByteBuffer.allocateDirect(8).order(foreign).asIntBuffer()))
        .hasMessageStartingWith("wrap: buffer must be in native byte order");
    assertThatThrownBy(() -> Tensor.wrap(ByteBuffer.allocateDirect(8).asCharBuffer()))
        .hasMessage("wrap: buffer must hold numbers; got a CharBuffer");
    Tensor constant = Tensor.wrap(floats.asReadOnlyBuffer());
    assertThatThrownBy(() -> constant.zero_()).hasMessageContaining("read-only");
  }

  @Test
  void sequencesThatCannotBeKeptAreRefused() {
    List<ThrowingCallable> calls =
        List.of(
            () -> Tensor.arange(0, 1e18, 1),
            () -> Tensor.arange(1L << 50),
            () -> Tensor.arange(0, 1L << 50, 2),
            () -> Tensor.linspace(0, 1, 1L << 50),
            () -> Tensor.randperm(1L << 50),
            () -> Tensor.ones(3).histc(Integer.MAX_VALUE, 0, 1),
            () -> Tensor.multinomial(Tensor.ones(1 << 20, 1), Integer.MAX_VALUE, true));
    for (ThrowingCallable call : calls) {
      assertThatThrownBy(call)
          .isInstanceOf(OutOfMemoryException.class)
          .hasMessageStartingWith("allocate: tensor memory must stay within");
    }
  }

  @Test
  void sequences() {
    assertThat(Tensor.arange(3).dtype()).isEqualTo(DType.INT64);
    assertThat(Tensor.arange(1, 7, 2).toLongArray()).containsExactly(1, 3, 5);
    assertThat(Tensor.arange(5, 0, -2).toLongArray()).containsExactly(5, 3, 1);
    assertThat(Tensor.arange(0, 1, 0.25).toFloatArray()).containsExactly(0, 0.25f, 0.5f, 0.75f);
    assertThat(Tensor.linspace(0, 1, 3).toFloatArray()).containsExactly(0, 0.5f, 1);
    assertThat(Tensor.linspace(3, 9, 1).toFloatArray()).containsExactly(3);
    assertThat(Tensor.logspace(0, 3, 4, 10).toFloatArray()).containsExactly(1, 10, 100, 1000);
    assertThat(Tensor.eye(2).toFloatArray()).containsExactly(1, 0, 0, 1);
    assertThatThrownBy(() -> Tensor.arange(0, 1, 0)).hasMessage("arange: step must be nonzero");
    assertThatThrownBy(() -> Tensor.arange(0, 1, -1))
        .hasMessageStartingWith("arange: upper bound and lower bound inconsistent with step sign");
    assertThatThrownBy(() -> Tensor.arange(0, Double.NaN))
        .hasMessage("arange: unsupported range: 0 -> NaN");
    assertThatThrownBy(() -> Tensor.linspace(0, 1, -1))
        .hasMessage("linspace: number of steps must be non-negative; got -1");
  }

  @Test
  void valuesMustFit() {
    assertThatThrownBy(() -> Tensor.full(300, DType.UINT8, 2))
        .hasMessage("full: value cannot be converted to type UINT8 without overflow; got 300");
    assertThatThrownBy(() -> Tensor.full(1e39, DType.FLOAT32, 2)).hasMessageContaining("overflow");
    assertThat(Tensor.full(Double.POSITIVE_INFINITY, DType.FLOAT16, 1).item()).isInfinite();
    assertThat(Tensor.full(Long.MIN_VALUE, DType.INT64, 1).itemLong()).isEqualTo(Long.MIN_VALUE);
    assertThat(Tensor.full(7, DType.BOOL, 1).itemBoolean()).isTrue();
  }

  @Test
  void devicesHaveNames() {
    assertThat(Device.parse("cpu")).isSameAs(Device.CPU);
    assertThat(Device.parse("cuda")).isEqualTo(Device.cuda(0)).hasToString("cuda:0");
    assertThat(Device.parse("cuda:3")).isEqualTo(Device.cuda(3));
    for (String bad : Arrays.asList("gpu", "cuda:", "cuda:-1", "", "cpu:1")) {
      assertThatThrownBy(() -> Device.parse(bad))
          .hasMessage("device: Expected one of cpu, cuda, cuda:N as device string; got " + bad);
    }
    Tensor x = Tensor.ones(1);
    assertThat(x.cpu()).isSameAs(x);
    assertThat(x.to(Device.CPU, DType.INT8).dtype()).isEqualTo(DType.INT8);
    assertThat(Devices.isAvailable(Device.CPU)).isTrue();
    if (!Devices.isAvailable(Device.cuda(0))) {
      assertThatThrownBy(x::cuda)
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageStartingWith("to: device must be one of [cpu]; got cuda:0 (probed: cuda: ");
    }
  }

  @Test
  void nativeCodeFindsTheFirstElement() {
    Tensor x = Tensor.arange(6).view(2, 3);
    assertThat(x.select(0, 1).dataPtr()).isEqualTo(x.dataPtr() + 24);
    assertThat(x.stride(-2)).isEqualTo(3);
  }
}
