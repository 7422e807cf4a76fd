package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.memory.Shapes;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/** The same memory under other sizes that hold as many elements in the same order. */
public final class View extends EngineFunction {
  private final long[] sizes;
  private final long[] strides;

  private View(long[] sizes, long[] strides) {
    this.sizes = sizes;
    this.strides = strides;
  }

  /**
   * Returns the sizes with one −1 replaced by what is left, checked against the number of elements.
   */
  public static long[] infer(Tensor x, long... sizes) {
    long[] out = sizes.clone();
    long known = 1;
    int free = -1;
    for (int d = 0; d < out.length; d++) {
      if (out[d] == -1) {
        if (free >= 0) {
          throw new IllegalArgumentException(
              "view: only one dimension can be inferred; got " + text(sizes));
        }
        free = d;
      } else if (out[d] < 0) {
        throw new IllegalArgumentException("view: invalid shape dimension " + out[d]);
      } else {
        known = Dims.times("view", known, out[d]);
      }
    }
    long n = x.numel();
    if (free >= 0 && known != 0 && n % known == 0) {
      out[free] = n / known;
      return out;
    }
    if (free >= 0 || known != n) {
      throw new IllegalArgumentException(
          message("shape '%s' is invalid for input of size %s", text(sizes), n));
    }
    return out;
  }

  private static String text(long[] sizes) {
    return Arrays.toString(sizes);
  }

  /**
   * Views the same elements in the same row-major order under another shape. The memory is shared.
   *
   * @param shape sizes; one may be −1 and is inferred
   * @throws IllegalArgumentException if the number of elements differs, or no strides give that
   *     order; {@link Tensor#reshape} copies then
   */
  public static Tensor view(Tensor self, long... shape) {
    long[] inferred = infer(self, shape);
    long[] strides = strides(self.strided(), inferred);
    if (strides == null) {
      throw new IllegalArgumentException(
          message(
              "view size is not compatible with input tensor's size and stride (at least one"
                  + " dimension spans across two contiguous subspaces). Use reshape(...) instead;"
                  + " got %s to be viewed as %s",
              self.strided(), text(inferred)));
    }
    return new View(inferred, strides).apply(self);
  }

  /** Returns the view with strides that are known to show the same elements in the same order. */
  static Tensor view(Tensor x, long[] sizes, long[] strides) {
    return new View(sizes, strides).apply(x);
  }

  /**
   * Gives the same elements in the same row-major order another shape: a view where strides allow
   * it, else a copy.
   *
   * @param shape sizes; one may be −1 and is inferred
   * @throws IllegalArgumentException if the number of elements differs
   */
  public static Tensor reshape(Tensor self, long... shape) {
    long[] inferred = infer(self, shape);
    long[] strides = strides(self.strided(), inferred);
    if (strides != null) {
      return new View(inferred, strides).apply(self);
    }
    try (Tensor copy = Copy.contiguous(self)) {
      return view(copy, inferred);
    }
  }

  /** Views this in the shape of another tensor; see {@link Tensor#view(long...)}. */
  public static Tensor viewAs(Tensor self, Tensor other) {
    return view(self, other.shape());
  }

  /** Reshapes this to the shape of another tensor; see {@link Tensor#reshape}. */
  public static Tensor reshapeAs(Tensor self, Tensor other) {
    return reshape(self, other.shape());
  }

  /**
   * Gives all elements one dimension, in row-major order: a view where strides allow it, else a
   * copy.
   */
  public static Tensor ravel(Tensor self) {
    return reshape(self, -1);
  }

  /**
   * Returns strides that show x in another shape, or null. Runs of dimensions of x that lie one
   * inside the other without gaps are matched, from the innermost, with runs of new dimensions of
   * the same product.
   */
  static long[] strides(Strided x, long[] shape) {
    if (x.isContiguous()) {
      return Shapes.contiguousStrides(shape);
    }
    long[] out = new long[shape.length];
    int view = shape.length - 1;
    long product = 1;
    long viewProduct = 1;
    long base = x.dim() == 0 ? 1 : x.stride(x.dim() - 1);
    for (int d = x.dim() - 1; d >= 0; d--) {
      product *= x.size(d);
      boolean runEnds = d == 0 || (x.size(d - 1) != 1 && x.stride(d - 1) != product * base);
      if (!runEnds) {
        continue;
      }
      while (view >= 0 && (viewProduct < product || shape[view] == 1)) {
        out[view] = viewProduct * base;
        viewProduct *= shape[view];
        view--;
      }
      if (viewProduct != product) {
        return null;
      }
      if (d > 0) {
        base = x.stride(d - 1);
        product = 1;
        viewProduct = 1;
      }
    }
    return view == -1 ? out : null;
  }

  @Override
  public String name() {
    return "view";
  }

  @Override
  protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
    return new Tensor[] {Internals.view(in[0], sizes, strides, in[0].strided().offset())};
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor gradOut = gradOutputs[0];
    return new Tensor[] {reshape(gradOut, ctx.inputShape(0))};
  }
}
