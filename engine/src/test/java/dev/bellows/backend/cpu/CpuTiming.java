package dev.bellows.backend.cpu;

import dev.bellows.backend.Activation;
import dev.bellows.backend.AdamArgs;
import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.Conv2dArgs;
import dev.bellows.backend.Kernels;
import dev.bellows.backend.Pool2dArgs;
import dev.bellows.backend.RandomKey;
import dev.bellows.backend.RandomKind;
import dev.bellows.backend.ReduceOp;
import dev.bellows.backend.SgdArgs;
import dev.bellows.backend.UnaryOp;
import dev.bellows.memory.DType;
import dev.bellows.memory.Shapes;
import dev.bellows.memory.Storage;
import dev.bellows.memory.Strided;
import java.util.Locale;

/**
 * Times the kernels of two small networks, best of many samples: {@code java … CpuTiming [part]}.
 */
final class CpuTiming {
  private static final Kernels K = CpuKernels.open();
  private static String part = "";

  private CpuTiming() {}

  public static void main(String[] args) {
    part = args.length > 0 ? args[0] : "";
    matmuls();
    convolutions();
    elementwise();
    overhead();
  }

  private static void matmuls() {
    for (long[] s :
        new long[][] {{128, 784, 512}, {128, 512, 256}, {128, 256, 10}, {64, 9216, 128}}) {
      long m = s[0];
      long k = s[1];
      long n = s[2];
      Strided x = random(m, k);
      Strided w = random(n, k);
      Strided y = random(m, n);
      Strided g = random(m, n);
      Strided bias = random(n);
      Strided gw = random(n, k);
      Strided gx = random(m, k);
      String name = m + "x" + k + "x" + n;
      double flops = 2.0 * m * k * n;
      time("fwd+bias+relu " + name, flops, () -> K.matmul(x, t(w), bias, Activation.RELU, y));
      time("fwd " + name, flops, () -> K.matmul(x, t(w), null, Activation.NONE, y));
      time("gradW " + name, flops, () -> K.matmul(t(g), x, null, Activation.NONE, gw));
      time("gradW^T " + name, flops, () -> K.matmul(t(x), g, null, Activation.NONE, t(gw)));
      time("gradX " + name, flops, () -> K.matmul(g, w, null, Activation.NONE, gx));
    }
  }

  private static void convolutions() {
    Conv2dArgs c = new Conv2dArgs(1, 1, 0, 0, 1, 1, 1);
    for (long[] s : new long[][] {{64, 1, 28, 32}, {64, 32, 26, 64}}) {
      Strided x = image(s[0], s[1], s[2], s[2]);
      Strided w = random(s[3], s[1], 3, 3);
      Strided b = random(s[3]);
      Strided y = image(s[0], s[3], s[2] - 2, s[2] - 2);
      Strided gx = image(s[0], s[1], s[2], s[2]);
      Strided gw = random(s[3], s[1], 3, 3);
      Strided gb = random(s[3]);
      double flops = 2.0 * y.numel() * s[1] * 9;
      String name = s[1] + "->" + s[3];
      System.out.println(java.util.Arrays.toString(DnnConv.implementations(x, w, c, y)));
      time("conv fwd " + name, flops, () -> K.conv2d(x, w, b, c, Activation.RELU, y));
      time("conv gradX " + name, flops, () -> K.conv2dGradInput(y, w, c, gx));
      time("conv gradW " + name, flops, () -> K.conv2dGradWeight(y, x, c, gw, gb));
    }
    Pool2dArgs p = new Pool2dArgs(2, 2, 2, 2, 0, 0);
    Strided x = image(64, 64, 24, 24);
    Strided y = image(64, 64, 12, 12);
    Strided at = new Strided(y.storage(), DType.UINT8, y.sizes(), y.strides(), 0);
    Strided positions =
        new Strided(Storage.allocate(y.numel()), DType.UINT8, at.sizes(), at.strides(), 0);
    time("maxpool", x.numel(), () -> K.maxPool2d(x, p, y, positions));
    time("maxpool grad", x.numel(), () -> K.maxPool2dGrad(y, positions, p, x));
    Strided plain = random(64, 64, 12, 12);
    time("nhwc->nchw 590k", y.numel(), () -> K.copy(y, plain));
    time("nchw->nhwc 590k", y.numel(), () -> K.copy(plain, y));
  }

  private static void elementwise() {
    for (long n : new long[] {65536, 2359296}) {
      Strided a = random(n);
      Strided b = random(n);
      Strided c = random(n);
      Strided one = random(1);
      time("add " + n, n, () -> K.binary(BinaryOp.ADD, a, b, c));
      time("relu_grad " + n, n, () -> K.binary(BinaryOp.RELU_GRAD, a, b, c));
      time("relu " + n, n, () -> K.unary(UnaryOp.RELU, a, c));
      time("exp " + n, n, () -> K.unary(UnaryOp.EXP, a, c));
      time("sum " + n, n, () -> K.reduce(ReduceOp.SUM, a, one));
      time("mul scalar " + n, n, () -> K.binaryScalar(BinaryOp.MUL, a, 0.5, c));
    }
    Strided x = random(64, 9216);
    Strided y = random(64, 9216);
    RandomKey key = new RandomKey(1, 2);
    time("dropout 590k", x.numel(), () -> K.dropout(x, 0.25, key, y));
    time("bernoulli 590k", x.numel(), () -> K.random(RandomKind.BERNOULLI, key, 0.5, 0, y));
    long n = 1199882;
    Strided p = random(n);
    Strided g = random(n);
    Strided m = random(n);
    Strided v = random(n);
    K.unary(UnaryOp.ABS, v, v);
    AdamArgs adam = new AdamArgs(1e-3, 0.9, 0.999, 1e-8, 0, false, 10);
    time("adam 1.2M", n, () -> K.adamStep(p, g, m, v, adam));
    SgdArgs sgd = new SgdArgs(0.01, 0.9, 0, 0, false, false);
    time("sgd 1.2M", n, () -> K.sgdStep(p, g, m, sgd));
    Strided rows = random(128, 512);
    Strided sum = random(1, 512);
    Strided bias = new Strided(sum.storage(), DType.FLOAT32, rows.sizes(), new long[] {0, 1}, 0);
    time("column sums 128x512", rows.numel(), () -> K.reduce(ReduceOp.SUM, rows, sum));
    time("bias add 128x512", rows.numel(), () -> K.binary(BinaryOp.ADD, rows, bias, rows));
    Strided logits = random(128, 10);
    Strided out = random(128, 10);
    Strided grad = random(128, 10);
    Strided total = random(1, 10);
    time("column sums 128x10", 1280, () -> K.reduce(ReduceOp.SUM, logits, total));
    time("log softmax 128x10", 1280, () -> K.softmax(logits, 1, true, out));
    time("log softmax grad 128x10", 1280, () -> K.softmaxGrad(logits, out, 1, true, grad));
  }

  private static void overhead() {
    Strided a = random(16);
    Strided b = random(16);
    Strided x = random(4, 4);
    Strided y = random(4, 4);
    time("add 16", 16, () -> K.binary(BinaryOp.ADD, a, b, a));
    time("add 4x4^T", 16, () -> K.binary(BinaryOp.ADD, x, t(x), y));
    time("copy 16", 16, () -> K.copy(a, b));
    time("matmul 4", 128, () -> K.matmul(x, x, null, Activation.NONE, y));
    Strided big = random(16, 16);
    Strided big2 = random(16, 16);
    time("matmul 16", 8192, () -> K.matmul(big, t(big), null, Activation.NONE, big2));
  }

  private static void time(String name, double work, Runnable call) {
    if (!name.contains(part)) {
      return;
    }
    long start = System.nanoTime();
    call.run();
    long first = System.nanoTime() - start;
    long best = Long.MAX_VALUE;
    int batch = 1;
    long hotAt = 0;
    while (System.nanoTime() - start < Long.getLong("ms", 1500) * 1_000_000) {
      long t0 = System.nanoTime();
      for (int i = 0; i < batch; i++) {
        call.run();
      }
      long each = (System.nanoTime() - t0) / batch;
      if (each < 0.8 * best) {
        hotAt = System.nanoTime() - start;
      }
      best = Math.min(best, each);
      batch = (int) Math.max(1, Math.min(1000, 100_000 / Math.max(1, each)));
    }
    System.out.printf(
        Locale.ROOT,
        "%-28s first %9.1f us  best %9.2f us  %8.2f G/s  hot at %4d ms%n",
        name,
        first / 1e3,
        best / 1e3,
        work / best,
        hotAt / 1_000_000);
  }

  private static Strided t(Strided a) {
    return a.with(
        new long[] {a.size(1), a.size(0)}, new long[] {a.stride(1), a.stride(0)}, a.offset());
  }

  private static Strided random(long... sizes) {
    return random(sizes, Shapes.contiguousStrides(sizes));
  }

  private static Strided image(long... sizes) {
    return random(sizes, Shapes.channelsLastStrides(sizes));
  }

  private static Strided random(long[] sizes, long[] strides) {
    Storage storage = Storage.allocate(4 * Shapes.numel(sizes));
    Strided a = new Strided(storage, DType.FLOAT32, sizes, strides, 0);
    K.random(RandomKind.UNIFORM, new RandomKey(7, sizes.length), -1, 1, a);
    return a;
  }
}
