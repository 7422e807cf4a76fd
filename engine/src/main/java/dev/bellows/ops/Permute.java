package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

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
   * Reorders dimensions: dimension i of the view is dimension {@code order[i]} of this.
   *
   * @throws IllegalArgumentException if order does not name each dimension once
   */
  public static Tensor permute(Tensor self, int... order) {
    int[] dims = new int[order.length];
    boolean[] seen = new boolean[self.dim()];
    boolean valid = order.length == self.dim();
    for (int i = 0; valid && i < order.length; i++) {
      dims[i] = Dims.wrap("permute", order[i], self.dim());
      valid = !seen[dims[i]];
      seen[dims[i]] = true;
    }
    if (!valid) {
      throw new IllegalArgumentException(
          message(
              "permute: order must name each dimension once; got %s for shape %s",
              order, self.shape()));
    }
    return new Permute(dims).apply(self);
  }

  /**
   * Moves dimension {@code source[i]} to place {@code destination[i]}, as a view; the other
   * dimensions keep their order.
   *
   * @throws IllegalArgumentException if the lists differ in length or name a dimension twice
   */
  public static Tensor movedim(Tensor self, int[] source, int[] destination) {
    if (source.length != destination.length) {
      throw new IllegalArgumentException(
          message(
              "movedim: Invalid source or destination dims: source (%s) should contain the same"
                  + " number of dims as destination (%s)",
              source, destination));
    }
    int n = self.dim();
    int[] order = new int[n];
    Arrays.fill(order, -1);
    boolean[] moved = new boolean[Math.max(1, n)];
    for (int i = 0; i < source.length; i++) {
      int from = Dims.wrap("movedim", source[i], n);
      int to = Dims.wrap("movedim", destination[i], n);
      if (moved[from] || n > 0 && order[to] >= 0) {
        throw new IllegalArgumentException(
            message(
                "movedim: repeated dim in source or destination; got %s, %s", source, destination));
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
    return new Permute(order).apply(self);
  }

  /** Moves one dimension to another place, as a view; the others keep their order. */
  public static Tensor movedim(Tensor self, int source, int destination) {
    return movedim(self, new int[] {source}, new int[] {destination});
  }

  /** Swaps two dimensions, as a view. */
  public static Tensor transpose(Tensor self, int dim0, int dim1) {
    int a = Dims.wrap("transpose", dim0, self.dim());
    int b = Dims.wrap("transpose", dim1, self.dim());
    if (self.dim() == 0) {
      return View.view(self);
    }
    int[] order = new int[self.dim()];
    Arrays.setAll(order, d -> d == a ? b : d == b ? a : d);
    return new Permute(order).apply(self);
  }

  /**
   * Transposes a matrix, as a view; a tensor of fewer dimensions stays as it is.
   *
   * @throws IllegalStateException if there are more than 2 dimensions
   */
  public static Tensor t(Tensor self) {
    if (self.dim() > 2) {
      throw new IllegalStateException(
          "t() expects a tensor with <= 2 dimensions, but self is " + self.dim() + "D");
    }
    return self.dim() < 2 ? View.view(self, self.strided().sizes()) : transpose(self, 0, 1);
  }

  /**
   * Transposes a batch of matrices, the last two dimensions, as a view. PyTorch: {@code mT}.
   *
   * @throws IllegalStateException if there are fewer than 2 dimensions
   */
  public static Tensor mT(Tensor self) {
    if (self.dim() < 2) {
      throw new IllegalStateException(
          message(
              "tensor.mT is only supported on matrices or batches of matrices. Got %s-D tensor.",
              self.dim()));
    }
    return transpose(self, -2, -1);
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
