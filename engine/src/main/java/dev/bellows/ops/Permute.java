package dev.bellows.ops;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/** The same memory with its dimensions in another order. */
public final class Permute extends EngineFunction {
  private final int[] order;

  private Permute(int... order) {
    this.order = order;
  }

  /**
   * Dimension i of the result is dimension {@code order[i]} of x.
   *
   * @throws IllegalArgumentException if order does not name each dimension once
   */
  public static Tensor of(Tensor x, int... order) {
    int[] dims = new int[order.length];
    boolean[] seen = new boolean[x.dim()];
    boolean valid = order.length == x.dim();
    for (int i = 0; valid && i < order.length; i++) {
      dims[i] = Dims.wrap("permute", order[i], x.dim());
      valid = !seen[dims[i]];
      seen[dims[i]] = true;
    }
    if (!valid) {
      throw new IllegalArgumentException(
          "permute: order must name each dimension once; got "
              + Arrays.toString(order)
              + " for shape "
              + Arrays.toString(x.shape()));
    }
    return new Permute(dims).apply(x);
  }

  /**
   * Dimension {@code source[i]} goes to place {@code destination[i]}; the others fill the rest in
   * their order.
   *
   * @throws IllegalArgumentException if the lists differ in length or name a dimension twice
   */
  public static Tensor movedim(Tensor x, int[] source, int[] destination) {
    if (source.length != destination.length) {
      throw new IllegalArgumentException(
          "movedim: Invalid source or destination dims: source ("
              + Arrays.toString(source)
              + ") should contain the same number of dims as destination ("
              + Arrays.toString(destination)
              + ")");
    }
    int n = x.dim();
    int[] order = new int[n];
    Arrays.fill(order, -1);
    boolean[] moved = new boolean[Math.max(1, n)];
    for (int i = 0; i < source.length; i++) {
      int from = Dims.wrap("movedim", source[i], n);
      int to = Dims.wrap("movedim", destination[i], n);
      if (moved[from] || n > 0 && order[to] >= 0) {
        throw new IllegalArgumentException(
            "movedim: repeated dim in source or destination; got "
                + Arrays.toString(source)
                + ", "
                + Arrays.toString(destination));
      }
      moved[from] = true;
      if (n > 0) {
        order[to] = from;
      }
    }
    for (int d = 0, next = 0; d < n; d++) {
      if (order[d] < 0) {
        while (moved[next]) {
          next++;
        }
        order[d] = next++;
      }
    }
    return new Permute(order).apply(x);
  }

  /** Exchanges two dimensions. */
  public static Tensor transpose(Tensor x, int dim0, int dim1) {
    int a = Dims.wrap("transpose", dim0, x.dim());
    int b = Dims.wrap("transpose", dim1, x.dim());
    if (x.dim() == 0) {
      return View.of(x);
    }
    int[] order = new int[x.dim()];
    Arrays.setAll(order, d -> d == a ? b : d == b ? a : d);
    return new Permute(order).apply(x);
  }

  @Override
  public String name() {
    return "permute";
  }

  @Override
  protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
    Strided x = in[0].strided();
    long[] sizes = new long[order.length];
    long[] strides = new long[order.length];
    for (int i = 0; i < order.length; i++) {
      sizes[i] = x.size(order[i]);
      strides[i] = x.stride(order[i]);
    }
    return new Tensor[] {Internals.view(in[0], sizes, strides, x.offset())};
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor gradOut = gradOutputs[0];
    int[] inverse = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      inverse[order[i]] = i;
    }
    return new Tensor[] {new Permute(inverse).apply(gradOut)};
  }
}
