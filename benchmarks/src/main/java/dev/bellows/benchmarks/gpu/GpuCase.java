package dev.bellows.benchmarks.gpu;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A line of the benchmark: the work and its sizes. Both sides receive the same text.
 *
 * @param name of the line
 * @param kind the work's name in {@link GpuWork} and {@code gpu_peer.py}
 * @param sizes by name
 * @param type of the elements, for example {@code float32}
 * @param tf32 whether FLOAT32 inputs may be rounded to TF32
 * @param graph whether forward and backward are captured as a graph
 * @param amount how much of {@code unit} one run does, 0 for no rate
 */
record GpuCase(
    String name,
    String kind,
    Map<String, Long> sizes,
    String type,
    boolean tf32,
    boolean graph,
    double amount,
    Unit unit) {
  /** The unit of a rate. */
  enum Unit {
    NONE("") {
      @Override
      double rate(double amount, double ms) {
        return Double.NaN;
      }
    },
    TFLOPS("TFLOP/s") {
      @Override
      double rate(double amount, double ms) {
        return amount / ms / 1e9;
      }
    },
    GBS("GB/s") {
      @Override
      double rate(double amount, double ms) {
        return amount / ms / 1e6;
      }
    },
    MICROS("us each") {
      @Override
      double rate(double amount, double ms) {
        return 1000 * ms / amount;
      }
    };

    private final String text;

    Unit(String text) {
      this.text = text;
    }

    abstract double rate(double amount, double ms);

    @Override
    public String toString() {
      return text;
    }
  }

  long size(String of) {
    return sizes.get(of);
  }

  /** Returns the case for the peer: {@code kind type tf32 key=value …}. */
  String request() {
    return kind
        + " "
        + type
        + " "
        + tf32
        + sizes.entrySet().stream()
            .map(e -> " " + e.getKey() + "=" + e.getValue())
            .collect(Collectors.joining());
  }

  /**
   * Returns all cases.
   *
   * @param tiny small enough to test the code without a GPU
   */
  static List<GpuCase> all(boolean tiny) {
    List<GpuCase> all = new ArrayList<>();
    training(all, tiny);
    products(all, tiny);
    convolutions(all, tiny);
    elements(all, tiny);
    rows(all, tiny);
    all.add(
        of("launch", "launch", sizes("n", 16, "times", tiny ? 10 : 1000))
            .counting(tiny ? 10 : 1000, Unit.MICROS));
    return all;
  }

  private static void training(List<GpuCase> all, boolean tiny) {
    for (String model : List.of("mlp", "lenet")) {
      for (int batch : tiny ? new int[] {4, 8} : new int[] {128, 4096}) {
        Map<String, Long> sizes =
            model.equals("mlp")
                ? sizes("batch", batch, "side", tiny ? 8 : 28, "h1", tiny ? 16 : 512, "h2", 256)
                : sizes("batch", batch, "side", tiny ? 12 : 28, "channels", tiny ? 4 : 32);
        GpuCase usual = of(model + "." + batch, model, sizes);
        all.add(usual);
        all.add(
            new GpuCase(
                usual.name + ".graph", model, sizes, usual.type, false, true, 0, Unit.NONE));
      }
    }
  }

  private static void products(List<GpuCase> all, boolean tiny) {
    for (String name : List.of("bfloat16", "float32", "float32.tf32")) {
      long n = tiny ? 64 : name.equals("bfloat16") ? 8192 : 4096;
      String type = name.replace(".tf32", "");
      all.add(
          new GpuCase(
              "matmul." + n + "." + name,
              "matmul",
              sizes("n", n),
              type,
              name.endsWith("tf32"),
              false,
              2.0 * n * n * n,
              Unit.TFLOPS));
    }
  }

  private static void convolutions(List<GpuCase> all, boolean tiny) {
    Map<String, Long> sizes =
        sizes("n", tiny ? 2 : 64, "c", tiny ? 4 : 64, "side", tiny ? 8 : 56, "out", tiny ? 4 : 64);
    double flops = 2.0 * 9;
    for (String key : List.of("n", "c", "side", "side", "out")) {
      flops *= sizes.get(key);
    }
    all.add(of("conv3x3.forward", "conv", sizes).counting(flops, Unit.TFLOPS));
    all.add(of("conv3x3.both", "convboth", sizes).counting(3 * flops, Unit.TFLOPS));
  }

  private static void elements(List<GpuCase> all, boolean tiny) {
    long n = tiny ? 1000 : 64 << 20;
    Map<String, Long> sizes = sizes("n", n);
    all.add(of("copy", "copy", sizes).counting(8.0 * n, Unit.GBS));
    all.add(of("add", "add", sizes).counting(12.0 * n, Unit.GBS));
    all.add(of("relu", "relu", sizes).counting(8.0 * n, Unit.GBS));
    long parameters = tiny ? 1000 : 50_000_000;
    all.add(of("adam", "adam", sizes("n", parameters)).counting(28.0 * parameters, Unit.GBS));
    all.add(of("sort", "sort", sizes("n", tiny ? 1000 : 4 << 20)));
  }

  private static void rows(List<GpuCase> all, boolean tiny) {
    long m = tiny ? 16 : 8192;
    long n = tiny ? 32 : 4096;
    Map<String, Long> sizes = sizes("m", m, "n", n);
    all.add(of("softmax", "softmax", sizes).counting(8.0 * m * n, Unit.GBS));
    all.add(of("sum", "sum", sizes).counting(4.0 * m * n, Unit.GBS));
    all.add(of("sum.rows", "sumrows", sizes).counting(4.0 * m * n, Unit.GBS));
    all.add(of("sum.columns", "sumcolumns", sizes).counting(4.0 * m * n, Unit.GBS));
    all.add(of("embedding.grad", "embedding", sizes("rows", m, "width", tiny ? 8 : 512)));
  }

  private static GpuCase of(String name, String kind, Map<String, Long> sizes) {
    return new GpuCase(name, kind, sizes, "float32", false, false, 0, Unit.NONE);
  }

  private GpuCase counting(double much, Unit of) {
    return new GpuCase(name, kind, sizes, type, tf32, graph, much, of);
  }

  private static Map<String, Long> sizes(Object... pairs) {
    Map<String, Long> sizes = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      sizes.put((String) pairs[i], ((Number) pairs[i + 1]).longValue());
    }
    return sizes;
  }
}
