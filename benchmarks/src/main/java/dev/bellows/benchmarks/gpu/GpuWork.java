package dev.bellows.benchmarks.gpu;

import dev.bellows.autograd.GradMode;
import dev.bellows.backend.Conv2dArgs;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.nn.Functional;
import dev.bellows.nn.Parameter;
import dev.bellows.optim.Adam;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The work of a case, with its data on the device. */
interface GpuWork extends AutoCloseable {
  /** Runs the work once; device work may still be in progress when this returns. */
  void run();

  /** Checks the result of the runs. */
  void check();

  @Override
  default void close() {}

  static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalStateException("benchmark: " + rule);
    }
  }

  private static void near(double actual, double expected, double tolerance, String what) {
    require(
        Math.abs(actual - expected) <= tolerance,
        what + " must be " + expected + " ± " + tolerance + "; got " + actual);
  }

  /** Returns work whose result is dropped in each run, and checked once at the end. */
  private static GpuWork of(Supplier<Tensor> work, Consumer<Tensor> check) {
    return new GpuWork() {
      @Override
      public void run() {
        try (TensorScope scope = TensorScope.open()) {
          Tensor unused = work.get();
        }
      }

      @Override
      public void check() {
        try (TensorScope scope = TensorScope.open()) {
          check.accept(work.get());
        }
      }
    };
  }

  private static GpuWork withoutGradients(Supplier<Tensor> work, Consumer<Tensor> check) {
    return of(
        () -> {
          try (GradMode mode = GradMode.noGrad()) {
            return work.get();
          }
        },
        check);
  }

  private static Tensor random(Device device, DType type, long... shape) {
    Generator random = new Generator(shape.length + shape[0]);
    // Created on the CPU, so that a benchmark does not start with the operation that it measures.
    return Tensor.randn(random, DType.FLOAT32, shape).to(device).to(type);
  }

  /** Creates the work of a case with its data. */
  static GpuWork of(GpuCase c, Device device) {
    return switch (c.kind()) {
      case "mlp", "lenet" -> new GpuModels(c, device);
      case "matmul" -> matmul(c, device);
      case "conv", "convboth" -> convolution(c, device);
      case "copy", "add", "relu", "sort", "launch" -> line(c, device);
      case "softmax", "sum", "sumrows", "sumcolumns" -> matrix(c, device);
      case "embedding" -> embedding(c, device);
      case "adam" -> adam(c, device);
      default -> throw new IllegalArgumentException("benchmark: unknown kind " + c.kind());
    };
  }

  private static GpuWork matmul(GpuCase c, Device device) {
    DType type = DType.valueOf(c.type().toUpperCase(Locale.ROOT));
    long n = c.size("n");
    Tensor a = random(device, type, n, n);
    Tensor b = random(device, type, n, n);
    return withoutGradients(
        () -> a.matmul(b),
        out -> {
          double expected = 0;
          float[] row = a.select(0, 3).to(DType.FLOAT32).toFloatArray();
          float[] column = b.select(1, 5).to(DType.FLOAT32).contiguous().toFloatArray();
          for (int i = 0; i < n; i++) {
            expected += (double) row[i] * column[i];
          }
          double one = out.select(0, 3).select(0, 5).to(DType.FLOAT32).item();
          near(one, expected, Math.sqrt(n) * (type.isHalf() || c.tf32() ? 0.02 : 1e-4), "product");
        });
  }

  private static GpuWork convolution(GpuCase c, Device device) {
    long side = c.size("side");
    boolean both = c.kind().equals("convboth");
    Tensor x = random(device, DType.FLOAT32, c.size("n"), c.size("c"), side, side);
    Tensor w = random(device, DType.FLOAT32, c.size("out"), c.size("c"), 3, 3);
    Conv2dArgs args = new Conv2dArgs(1, 1, 1, 1, 1, 1, 1);
    if (!both) {
      return withoutGradients(
          () -> Functional.conv2d(x, w, null, args), out -> checkConv(x, w, out));
    }
    Tensor grad = random(device, DType.FLOAT32, c.size("n"), c.size("out"), side, side);
    x.setRequiresGrad(true);
    w.setRequiresGrad(true);
    return of(
        () -> {
          x.setGrad(null);
          w.setGrad(null);
          Tensor out = Functional.conv2d(x, w, null, args);
          out.backward(grad);
          return out;
        },
        out -> {
          checkConv(x.detach(), w.detach(), out.detach());
          // ⟨grad, conv(x)⟩ is linear in x and in w, so both gradients reproduce it.
          double value = out.detach().to(DType.FLOAT64).mul(grad.to(DType.FLOAT64)).sum().item();
          double size = Math.sqrt((double) out.numel() * 9 * c.size("c"));
          for (Tensor each : List.of(x, w)) {
            Tensor product = each.detach().to(DType.FLOAT64).mul(each.grad().to(DType.FLOAT64));
            near(product.sum().item(), value, 1e-2 * size, "sum of value times gradient");
          }
        });
  }

  private static void checkConv(Tensor x, Tensor w, Tensor out) {
    double expected = 0;
    for (int channel = 0; channel < x.size(1); channel++) {
      float[] image = x.select(0, 1).select(0, channel).contiguous().toFloatArray();
      float[] tap = w.select(0, 2).select(0, channel).contiguous().toFloatArray();
      for (int i = 0; i < 9; i++) {
        // Output [3, 4] with padding 1 starts at [2, 3].
        expected += (double) image[(2 + i / 3) * (int) x.size(3) + 3 + i % 3] * tap[i];
      }
    }
    double one = out.select(0, 1).select(0, 2).select(0, 3).select(0, 4).item();
    near(one, expected, 1e-3 * Math.sqrt(9.0 * x.size(1)), "convolution");
  }

  private static GpuWork line(GpuCase c, Device device) {
    long n = c.size("n");
    Tensor a = random(device, DType.FLOAT32, n);
    Tensor b = random(device, DType.FLOAT32, n).neg();
    double x = a.select(0, 7).item();
    double y = b.select(0, 7).item();
    return switch (c.kind()) {
      case "copy" ->
          withoutGradients(
              () -> b.copy_(a), out -> near(out.select(0, 7).item(), x, 0, "element 7"));
      case "add" ->
          withoutGradients(
              () -> a.add(b), out -> near(out.select(0, 7).item(), (float) (x + y), 0, "sum"));
      case "relu" ->
          withoutGradients(
              a::relu, out -> near(out.select(0, 7).item(), Math.max(x, 0), 0, "relu"));
      case "launch" -> {
        Tensor out = a.clone();
        long times = c.size("times");
        yield withoutGradients(
            () -> {
              for (long i = 0; i < times; i++) {
                out.add_(1);
              }
              return out;
            },
            all -> require(all.select(0, 7).item() > 10, "all must be added"));
      }
      default ->
          withoutGradients(
              () -> a.sort(0).values(),
              out -> {
                float[] sorted = out.toFloatArray();
                for (int i = 1; i < sorted.length; i++) {
                  require(sorted[i - 1] <= sorted[i], "values must be sorted");
                }
              });
    };
  }

  private static GpuWork matrix(GpuCase c, Device device) {
    Tensor a = random(device, DType.FLOAT32, c.size("m"), c.size("n"));
    double rows = c.size("m");
    double all = a.to(DType.FLOAT64).sum().item();
    double tolerance = 1e-4 * Math.sqrt(a.numel());
    return switch (c.kind()) {
      case "softmax" ->
          withoutGradients(() -> a.softmax(1), out -> near(total(out), rows, 1e-3 * rows, "sum"));
      case "sum" -> withoutGradients(a::sum, out -> near(total(out), all, tolerance, "sum"));
      case "sumrows" ->
          withoutGradients(() -> a.sum(1), out -> near(total(out), all, tolerance, "sum"));
      default -> withoutGradients(() -> a.sum(0), out -> near(total(out), all, tolerance, "sum"));
    };
  }

  private static double total(Tensor out) {
    return out.to(DType.FLOAT64).sum().item();
  }

  private static GpuWork embedding(GpuCase c, Device device) {
    long rows = c.size("rows");
    Tensor grad = random(device, DType.FLOAT32, rows, c.size("width"));
    // Some rows are repeated, others never occur: i² mod rows.
    Tensor at = Tensor.arange(rows);
    Tensor index = at.mul(at).remainder(rows).to(device);
    Tensor table = Tensor.on(device).zeros(DType.FLOAT32, rows, c.size("width"));
    double all = total(grad);
    return withoutGradients(
        () -> table.zero_().indexAdd_(0, index, grad, 1),
        out -> near(total(out), all, 1e-4 * Math.sqrt(grad.numel()), "sum"));
  }

  private static GpuWork adam(GpuCase c, Device device) {
    Tensor parameter = Parameter.of(random(device, DType.FLOAT32, c.size("n")));
    parameter.setGrad(random(device, DType.FLOAT32, c.size("n")).retain());
    double before = parameter.detach().select(0, 7).item();
    double sign = Math.signum(parameter.grad().select(0, 7).item());
    Adam optimizer = new Adam(List.of(parameter), 1e-6);
    return new GpuWork() {
      private int steps;

      @Override
      public void run() {
        optimizer.step();
        steps++;
      }

      /**
       * Checks the parameters: with a constant gradient, each step has the size of the learning
       * rate.
       */
      @Override
      public void check() {
        double after = parameter.detach().select(0, 7).item();
        near(after, before - sign * steps * 1e-6, steps * 2e-7 + 1e-6, "parameter 7");
      }
    };
  }
}
