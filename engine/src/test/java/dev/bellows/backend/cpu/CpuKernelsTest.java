package dev.bellows.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.backend.Activation;
import dev.bellows.backend.AdamArgs;
import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.Conv2dArgs;
import dev.bellows.backend.Kernels;
import dev.bellows.backend.Philox;
import dev.bellows.backend.Pool2dArgs;
import dev.bellows.backend.RandomKey;
import dev.bellows.backend.RandomKind;
import dev.bellows.backend.ReduceOp;
import dev.bellows.backend.UnaryOp;
import dev.bellows.backend.reference.ReferenceKernels;
import dev.bellows.memory.DType;
import dev.bellows.memory.Memory;
import dev.bellows.memory.MemoryPool;
import dev.bellows.memory.Shapes;
import dev.bellows.memory.Storage;
import dev.bellows.memory.Strided;
import dev.bellows.ops.Conv2d;
import dev.bellows.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class CpuKernelsTest {
  private static final CpuKernels CPU = CpuKernels.open();
  private static final Conv2dArgs PLAIN = new Conv2dArgs(1, 1, 0, 0, 1, 1, 1);

  private final List<Storage> storages = new ArrayList<>();

  @AfterEach
  void release() {
    storages.forEach(Storage::release);
    storages.clear();
  }

  @Test
  void commonConvolutionsUseNoReferenceImplementation() {
    long[][] shapes = {
      {64, 1, 28, 28, 32, 3},
      {64, 32, 26, 26, 64, 3},
      {32, 3, 32, 32, 64, 3},
      {8, 256, 8, 8, 512, 1},
      {4, 3, 64, 64, 24, 7}
    };
    for (long[] s : shapes) {
      Strided x = image(s[0], s[1], s[2], s[3]);
      Strided w = array(s[4], s[1], s[5], s[5]);
      Strided out = image(s[0], s[4], s[2] - s[5] + 1, s[3] - s[5] + 1);
      assertThat(DnnConv.implementations(x, w, PLAIN, out))
          .as("%s", Arrays.toString(s))
          .noneMatch(name -> name.contains("ref"));
    }
  }

  @Test
  void matrixProductsUseNoReferenceImplementation() {
    DnnMatMul products = new DnnMatMul(new DnnCache(4));
    Strided x = array(128, 784);
    Strided w = array(512, 784);
    Strided y = array(128, 512);
    Activation relu = Activation.RELU;
    Activation none = Activation.NONE;
    assertThat(products.implementation(x, turned(w), true, relu, y)).doesNotContain("ref");
    assertThat(products.implementation(turned(y), x, false, none, w)).doesNotContain("ref");
    assertThat(products.implementation(y, w, false, none, x)).doesNotContain("ref");
  }

  @Test
  void threadsWithTheSameShapesDoNotDisturbEachOther() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Boolean>> results = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        results.add(threads.submit(repeatedStep(t)));
      }
      for (Future<Boolean> result : results) {
        assertThat(result.get()).isTrue();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** Many small steps on this thread's own data, each compared with the first. */
  private Callable<Boolean> repeatedStep(int seed) {
    Strided a = array(33, 70);
    Strided b = array(70, 48);
    Strided out = array(33, 48);
    Strided x = image(2, 16, 12, 12);
    Strided w = array(32, 16, 3, 3);
    Strided y = image(2, 32, 10, 10);
    Strided gw = array(32, 16, 3, 3);
    for (Strided s : List.of(a, b, x, w)) {
      CPU.random(RandomKind.UNIFORM, new RandomKey(seed, s.numel()), -1, 1, s);
    }
    return () -> {
      byte[] first = null;
      for (int i = 0; i < 200; i++) {
        CPU.matmul(a, b, null, Activation.RELU, out);
        CPU.conv2d(x, w, null, PLAIN, Activation.NONE, y);
        CPU.conv2dGradWeight(y, x, PLAIN, gw, null);
        byte[] now = bytes(out, y, gw);
        first = first == null ? now : first;
        if (!Arrays.equals(first, now)) {
          return false;
        }
      }
      return true;
    };
  }

  @Test
  void plansOutliveAPointerScopeOfTheCaller() {
    Tensor a = Tensor.ones(37, 41);
    Tensor b = Tensor.ones(41, 43);
    Tensor image = Tensor.ones(2, 3, 11, 11);
    Tensor weight = Tensor.ones(5, 3, 3, 3);
    Conv2dArgs plain = new Conv2dArgs(1, 1, 0, 0, 1, 1, 1);
    try (PointerScope scope = new PointerScope()) {
      a.matmul(b);
      Conv2d.of(image, weight, null, plain);
    }
    for (int i = 0; i < 20; i++) {
      assertThat(a.matmul(b).sum().item()).isEqualTo(37 * 41 * 43);
      assertThat(Conv2d.of(image, weight, null, plain).amin().item()).isEqualTo(27);
    }
  }

  @Test
  void cacheForgetsTheLeastRecentlyUsed() {
    DnnCache cache = new DnnCache(3);
    List<String> closed = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      String name = "plan " + i;
      cache.give(new DnnCache.Key(i), () -> closed.add(name));
    }
    assertThat(cache.size()).isEqualTo(3);
    assertThat(closed).containsExactly("plan 0", "plan 1");
    DnnCache.Plan three = cache.take(new DnnCache.Key(3), DnnCache.Plan.class, () -> null);
    assertThat(cache.size()).isEqualTo(2);
    cache.give(new DnnCache.Key(3), three);
    assertThat(cache.size()).isEqualTo(3);
  }

  @Test
  void manyCallsTakeNoMoreMemory() {
    Strided a = array(16, 16);
    Strided x = image(1, 16, 8, 8);
    Strided w = array(16, 16, 3, 3);
    Strided y = image(1, 16, 6, 6);
    Runnable step =
        () -> {
          CPU.matmul(a, turned(a), null, Activation.NONE, a.with(a.sizes(), a.strides(), 256));
          CPU.conv2d(x, w, null, PLAIN, Activation.RELU, y);
          CPU.conv2dGradInput(y, w, PLAIN, x);
        };
    for (int i = 0; i < 2000; i++) {
      step.run();
    }
    long used = MemoryPool.cpu().usedBytes();
    long native0 = Pointer.totalBytes();
    int plans = CPU.cachedPlans();
    long rss = Pointer.physicalBytes();
    for (int i = 0; i < 10_000; i++) {
      step.run();
    }
    assertThat(MemoryPool.cpu().usedBytes()).isEqualTo(used);
    assertThat(Pointer.totalBytes()).isLessThanOrEqualTo(native0);
    assertThat(CPU.cachedPlans()).isEqualTo(plans);
    assertThat(Pointer.physicalBytes() - rss).isLessThan(64L << 20);
  }

  @Test
  void messagesNameTheOperation() {
    assertThatThrownBy(() -> Dnn.check(2, "matmul [3, 4] · [4, 5]"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "matmul [3, 4] · [4, 5]: oneDNN must succeed; got status 2 (invalid arguments)");
    Strided x = image(1, 3, 8, 8);
    Strided w = array(4, 5, 3, 3);
    Strided out = image(1, 4, 6, 6);
    assertThatThrownBy(() -> DnnConv.implementations(x, w, PLAIN, out))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("conv2d [1, 3, 8, 8] * [4, 5, 3, 3]")
        .hasMessageContaining("oneDNN must offer a primitive");
  }

  /** Cold loops are interpreted, and partly scalar; hot ones are compiled vectors. */
  @Test
  void bitsDoNotDependOnHowWarmTheCompilerIs() {
    Strided a = array(64, 1000);
    Strided b = array(64, 1000);
    Strided out = array(64, 1000);
    Strided rows = array(64, 1);
    Strided columns = array(1, 1000);
    CPU.random(RandomKind.NORMAL, new RandomKey(5, 1), 0, 4, a);
    CPU.random(RandomKind.NORMAL, new RandomKey(5, 2), 0, 4, b);
    List<Runnable> kernels = new ArrayList<>();
    for (UnaryOp op : UnaryOp.values()) {
      if (op != UnaryOp.LOGICAL_NOT && !op.isForIntegers()) {
        kernels.add(() -> CPU.unary(op, a, out));
      }
    }
    for (BinaryOp op : BinaryOp.values()) {
      if (!op.isLogical() && !op.isForIntegers() && op != BinaryOp.POW) {
        kernels.add(() -> CPU.binary(op, a, b, out));
      }
    }
    kernels.add(() -> CPU.dropout(a, 0.3, new RandomKey(1, 2), out));
    kernels.add(() -> CPU.softmax(a, 1, false, out));
    kernels.add(() -> CPU.softmax(a, 1, true, out));
    kernels.add(() -> CPU.softmaxGrad(a, b, 1, true, out));
    kernels.add(() -> CPU.reduce(ReduceOp.SUM, a, rows));
    kernels.add(() -> CPU.reduce(ReduceOp.SUM, a, columns));
    for (int k = 0; k < kernels.size(); k++) {
      kernels.get(k).run();
      byte[] cold = bytes(out, rows, columns);
      for (int i = 0; i < 150; i++) {
        kernels.get(k).run();
      }
      assertThat(bytes(out, rows, columns)).as("kernel %d", k).isEqualTo(cold);
    }
  }

  @Test
  void adamGivesTheSameBitsColdAndHot() {
    Strided param = array(30_011);
    Strided grad = array(30_011);
    Strided m = array(30_011);
    Strided v = array(30_011);
    byte[] cold = null;
    for (int i = 0; i < 100; i++) {
      CPU.random(RandomKind.UNIFORM, new RandomKey(1, 1), -1, 1, param);
      CPU.random(RandomKind.UNIFORM, new RandomKey(1, 2), -1, 1, grad);
      CPU.random(RandomKind.UNIFORM, new RandomKey(1, 3), -1, 1, m);
      CPU.random(RandomKind.UNIFORM, new RandomKey(1, 4), 0, 1, v);
      CPU.adamStep(param, grad, m, v, new AdamArgs(1e-3, 0.9, 0.999, 1e-8, 0.01, true, 3));
      byte[] now = bytes(param, m, v);
      cold = cold == null ? now : cold;
      assertThat(now).isEqualTo(cold);
    }
  }

  @Test
  void dropoutDrawsTheWordsOfPhilox() {
    Strided a = array(5000);
    Strided out = array(5000);
    CPU.fill(a, 3f);
    RandomKey key = new RandomKey(0x123456789ABCDEFL, 0x7EDCBA9876543210L);
    int[] words = new int[5000];
    Philox.words(key, 0, 5000, words);
    for (double p : new double[] {0, 0.1, 0.25, 0.5, 0.999, 1}) {
      // The first call runs cold, the last one as warm as this test makes it.
      for (int i = 0; i < 40; i++) {
        CPU.dropout(a, p, key, out);
      }
      for (int i = 0; i < 5000; i++) {
        float expected = Philox.uniform(words[i]) < p ? 0 : 3f / (float) (1 - p);
        assertThat(Memory.getFloat(out.address() + 4L * i)).as("%s, %d", p, i).isEqualTo(expected);
      }
    }
  }

  @Test
  void functionsAreCloseToTheReference() {
    Kernels reference = new ReferenceKernels();
    Strided a = array(100_000);
    Strided fast = array(100_000);
    Strided exact = array(100_000);
    for (UnaryOp op : List.of(UnaryOp.EXP, UnaryOp.LOG, UnaryOp.TANH, UnaryOp.SIGMOID)) {
      double low = op == UnaryOp.LOG ? 1e-6 : -30;
      CPU.random(RandomKind.UNIFORM, new RandomKey(3, op.ordinal()), low, 30, a);
      for (int i = 0; i < 20; i++) {
        CPU.unary(op, a, fast);
      }
      reference.unary(op, a, exact);
      for (long i = 0; i < a.numel(); i++) {
        float x = Memory.getFloat(fast.address() + 4 * i);
        float y = Memory.getFloat(exact.address() + 4 * i);
        assertThat(Math.abs(x - y))
            .as("%s of %s", op, Memory.getFloat(a.address() + 4 * i))
            .isLessThanOrEqualTo(3 * Math.ulp(y));
      }
    }
  }

  @Test
  void geluIsCloseToTheReference() {
    Strided a = array(100_003);
    Strided fast = array(100_003);
    Strided exact = array(100_003);
    CPU.random(RandomKind.UNIFORM, new RandomKey(3, 50), -30, 30, a);
    CPU.unary(UnaryOp.GELU_TANH, a, fast);
    new ReferenceKernels().unary(UnaryOp.GELU_TANH, a, exact);
    for (long i = 0; i < a.numel(); i++) {
      float x = Memory.getFloat(fast.address() + 4 * i);
      float y = Memory.getFloat(exact.address() + 4 * i);
      assertThat(Math.abs(x - y))
          .as("of %s", Memory.getFloat(a.address() + 4 * i))
          .isLessThanOrEqualTo(4e-7f * Math.max(1, Math.abs(y)));
    }
  }

  @Test
  void poolingOfPaddedAndOverlappingWindowsMatchesTheReference() {
    Kernels reference = new ReferenceKernels();
    Pool2dArgs args = new Pool2dArgs(3, 3, 2, 2, 1, 1);
    Strided x = image(2, 37, 9, 9);
    CPU.random(RandomKind.NORMAL, new RandomKey(8, 8), 0, 1, x);
    Memory.putFloat(x.address() + 400, Float.NaN);
    Strided out = image(2, 37, 5, 5);
    Strided expected = image(2, 37, 5, 5);
    Strided positions = bytesImage(out);
    Strided expectedPositions = bytesImage(out);
    Strided gradX = image(2, 37, 9, 9);
    Strided expectedGrad = image(2, 37, 9, 9);
    reference.maxPool2d(x, args, expected, expectedPositions);
    reference.maxPool2dGrad(expected, expectedPositions, args, expectedGrad);
    for (int i = 0; i < 300; i++) {
      CPU.maxPool2d(x, args, out, positions);
      CPU.maxPool2dGrad(out, positions, args, gradX);
    }
    assertThat(bytes(out, positions)).isEqualTo(bytes(expected, expectedPositions));
    assertThat(floats(gradX)).containsExactly(floats(expectedGrad), within(1e-5f));
  }

  private static org.assertj.core.data.Offset<Float> within(float by) {
    return org.assertj.core.data.Offset.offset(by);
  }

  private Strided bytesImage(Strided like) {
    Storage storage = Storage.allocate(like.numel());
    storages.add(storage);
    return new Strided(storage, DType.UINT8, like.sizes(), like.strides(), 0);
  }

  private static Strided turned(Strided a) {
    return a.with(
        new long[] {a.size(1), a.size(0)}, new long[] {a.stride(1), a.stride(0)}, a.offset());
  }

  private Strided array(long... sizes) {
    return array(sizes, Shapes.contiguousStrides(sizes));
  }

  private Strided image(long... sizes) {
    return array(sizes, Shapes.channelsLastStrides(sizes));
  }

  private Strided array(long[] sizes, long[] strides) {
    Storage storage = Storage.allocate(8 * Shapes.numel(sizes));
    storages.add(storage);
    Memory.set(storage.address(), storage.bytes(), (byte) 0);
    return new Strided(storage, DType.FLOAT32, sizes, strides, 0);
  }

  private static float[] floats(Strided a) {
    float[] values = new float[(int) a.numel()];
    Memory.copyToArray(a.address(), values, 4 * a.numel());
    return values;
  }

  private static byte[] bytes(Strided... arrays) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (Strided a : arrays) {
      byte[] bytes = new byte[(int) a.numel() * a.dtype().bytes()];
      Memory.copyToArray(a.address(), bytes, bytes.length);
      all.writeBytes(bytes);
    }
    return all.toByteArray();
  }
}
