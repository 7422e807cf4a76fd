package dev.bellows.oracle;

import dev.bellows.autograd.GradMode;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.ops.AsStrided;
import dev.bellows.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Tensors of all kinds for {@link FuzzTest}: element types, shapes, layouts, read-only and watched
 * memory, leaves and results, inference tensors, released ones. Most have one of a few shapes, and
 * half of them one type, so that they fit each other now and then.
 */
final class FuzzPool {
  private static final int SIZE = 40;
  private static final int LARGEST = 600;
  private static final int MOST_DIMS = 6;
  private static final int READ_ONLY = 64;

  private final Rng r;
  private final Guards guards;
  private final Device device;
  private final Map<DType, MappedByteBuffer> readOnly;
  private final DType dtype;
  private final long[][] shapes;
  private final Tensor[] tensors = new Tensor[SIZE];

  FuzzPool(Rng r, Guards guards, Map<DType, MappedByteBuffer> readOnly, Device device) {
    this.r = r;
    this.device = device;
    this.guards = guards;
    this.readOnly = readOnly;
    this.dtype = r.oneIn(3) ? r.pick(DType.values()) : DType.FLOAT32;
    this.shapes = shapes();
    guards.reset();
  }

  /** Shapes that fit each other in some operation. */
  private long[][] shapes() {
    int n = r.between(1, 5);
    int m = r.between(1, 5);
    int k = r.between(1, 5);
    return switch (r.nextInt(5)) {
      case 0 -> new long[][] {{n, m, k + 2, k + 3}, {2, m, 2, k}, {2}, {n, 2, k + 1, 4}};
      case 1 -> new long[][] {{n, m}, {k, m}, {k}, {n}};
      case 2 -> new long[][] {{n, n}, {n}, {m, n, n}, {}};
      case 3 -> new long[][] {{n, m}, {n}, {m}};
      default -> new long[][] {shape(), shape(), shape()};
    };
  }

  /** For each element type a file that cannot be written. */
  static Map<DType, MappedByteBuffer> readOnlyFiles() {
    Rng r = new Rng(0, false);
    Map<DType, MappedByteBuffer> files = new EnumMap<>(DType.class);
    for (DType dtype : DType.values()) {
      try (Tensor x = values(r, dtype, READ_ONLY).ours()) {
        Path file = Files.createTempFile("readonly", "");
        try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
          channel.write(x.byteBuffer());
          files.put(
              dtype, channel.map(FileChannel.MapMode.READ_ONLY, 0, READ_ONLY * dtype.bytes()));
        } finally {
          Files.deleteIfExists(file);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return files;
  }

  private long[] shape() {
    long[] shape;
    do {
      shape = Shapes.any(r);
    } while (Shapes.numel(shape) > LARGEST / 2);
    return shape;
  }

  /** Any tensor, rarely a released one. */
  Tensor any() {
    int i = r.nextInt(SIZE);
    if (tensors[i] == null || tensors[i].isReleased() && !r.oneIn(12)) {
      tensors[i] = fresh();
    }
    return tensors[i];
  }

  /** One that may go with another: of its shape, or an index, if there is one. */
  Tensor matching(Tensor other) {
    boolean index = r.oneIn(4);
    return any(
        x ->
            index
                ? x.dtype() == DType.INT64 && (x.dim() == 1 || x.dim() == other.dim())
                : Arrays.equals(x.shape(), other.shape()) && x.dtype() == other.dtype());
  }

  /** One that may be the first, second and so on of what belongs together. */
  Tensor member(int i) {
    long[] shape = shapes[i % shapes.length];
    DType type = r.oneIn(4) ? r.pick(DType.INT64, DType.BOOL) : dtype;
    return any(x -> x.dtype() == type && Arrays.equals(x.shape(), shape));
  }

  /** One that gradients flow to. */
  Tensor differentiable() {
    return any(Tensor::requiresGrad);
  }

  /** A live one of some kind, or any if there seems to be none. */
  private Tensor any(Predicate<Tensor> kind) {
    for (int attempt = 0; attempt < 20; attempt++) {
      Tensor x = any();
      if (!x.isReleased() && kind.test(x)) {
        return x;
      }
    }
    return any();
  }

  /** Takes a result in, if it is small, also where it has no elements. */
  void add(Tensor x) {
    boolean large = Arrays.stream(x.shape()).anyMatch(size -> size > LARGEST);
    if (large || x.numel() > LARGEST || x.dim() > MOST_DIMS) {
      x.close();
      return;
    }
    int i = r.nextInt(SIZE);
    if (tensors[i] != null && tensors[i] != x && r.nextBoolean()) {
      tensors[i].close();
    }
    tensors[i] = x;
  }

  /** A new tensor in the pool. */
  Tensor make() {
    Tensor x = fresh();
    tensors[r.nextInt(SIZE)] = x;
    return x;
  }

  void close() {
    for (Tensor x : tensors) {
      if (x != null) {
        x.close();
      }
    }
  }

  private Tensor fresh() {
    DType type = r.nextBoolean() ? dtype : r.oneIn(3) ? DType.INT64 : r.pick(DType.values());
    long[] shape = r.oneIn(4) ? shape() : shapes[r.nextInt(shapes.length)];
    try (GradMode mode = r.oneIn(12) ? GradMode.inferenceMode() : GradMode.enableGrad()) {
      Tensor x = r.oneIn(10) ? readOnly(type, shape) : viewed(type, shape);
      if (r.oneIn(15)) {
        x = strided(x);
      } else if (r.oneIn(6)) {
        x = x.mul(r.nextInt(3));
      }
      if (r.oneIn(30)) {
        x.close();
      }
      return x;
    }
  }

  private Tensor readOnly(DType type, long... shape) {
    long[] fitting = Shapes.numel(shape) <= READ_ONLY ? shape : new long[] {READ_ONLY};
    return Tensor.wrap(readOnly.get(type).duplicate(), type, fitting);
  }

  private Tensor viewed(DType type, long... shape) {
    Layout layout = Layout.random(r, true, shape);
    Tensor leaf = leaf(values(r, type, layout.leafShape(shape)));
    return layout.view(leaf, shape);
  }

  /** A tensor that is no view, in watched memory as long as there is some, or on the device. */
  Tensor leaf(Values values) {
    Tensor here = r.oneIn(3) ? guards.tensor(values, r.nextBoolean()) : values.ours();
    Tensor leaf = device == Device.CPU || r.oneIn(16) ? here : here.to(device);
    return leaf.setRequiresGrad(values.dtype().isFloatingPoint() && r.oneIn(3));
  }

  /** A view in which some elements may be one. */
  private Tensor strided(Tensor x) {
    int dims = r.nextInt(4);
    long[] sizes = IntStream.range(0, dims).mapToLong(d -> r.between(0, 4)).toArray();
    long[] strides = IntStream.range(0, dims).mapToLong(d -> r.between(0, 3)).toArray();
    try {
      return AsStrided.asStrided(x, sizes, strides, r.nextInt(4));
    } catch (IllegalArgumentException e) {
      return x;
    }
  }

  /** Numbers that are small most of the time, so that integers are indices now and then. */
  private static Values values(Rng r, DType dtype, long... shape) {
    int n = Shapes.numel(shape);
    boolean special = r.oneIn(6);
    if (dtype.isFloatingPoint()) {
      double[] doubles = new double[n];
      Arrays.setAll(doubles, i -> Values.round(dtype, r.uniform(-3, 3)));
      if (special) {
        Special.floats(r, dtype, true, doubles);
      }
      return Values.of(dtype, shape, doubles);
    }
    long[] longs = new long[n];
    int low = dtype == DType.UINT8 || dtype == DType.BOOL || r.nextBoolean() ? 0 : -4;
    int high = dtype == DType.BOOL ? 1 : r.between(1, 9);
    Arrays.setAll(longs, i -> r.between(low, high));
    if (special) {
      Special.integers(r, dtype, longs);
    }
    return Values.of(dtype, shape, longs);
  }

  /** Describes a tensor for a report. */
  static String text(Tensor x) {
    StringBuilder text = new StringBuilder();
    text.append(x.dtype()).append(Arrays.toString(x.shape()));
    if (!x.isContiguous()) {
      text.append(" strides ").append(Arrays.toString(x.strides()));
    }
    if (x.isReleased()) {
      return text.append(" released").toString();
    }
    text.append(x.storage().isReadOnly() ? " read-only" : "");
    text.append(x.isInference() ? " inference" : "");
    text.append(x.requiresGrad() ? x.isLeaf() ? " leaf" : " with history" : "");
    if (x.numel() <= 12) {
      try (GradMode mode = GradMode.noGrad();
          Tensor plain = x.detach()) {
        List<?> list = Arrays.stream(plain.toDoubleArray()).boxed().toList();
        text.append(' ').append(list);
      } catch (RuntimeException e) {
        text.append(" after ").append(e); // what a device found wrong before
      }
    }
    return text.toString();
  }
}
