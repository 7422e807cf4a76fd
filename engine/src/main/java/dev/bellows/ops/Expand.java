package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;

/**
 * The same memory with dimensions of size 1 repeated by strides of 0; gradients are summed back.
 */
public final class Expand extends EngineFunction {
  private final long[] sizes;

  private Expand(long[] sizes) {
    this.sizes = sizes;
  }

  /**
   * Repeats dimensions of size 1 without a copy: a view whose strides there are 0. New leading
   * dimensions may be added.
   *
   * @param shape the new sizes; −1 keeps one
   * @throws IllegalArgumentException if a size other than 1 would change
   */
  public static Tensor expand(Tensor self, long... shape) {
    long[] have = self.strided().sizes();
    int missing = shape.length - have.length;
    if (missing < 0) {
      throw new IllegalArgumentException(
          message(
              "expand: the number of sizes provided (%s) must be greater or equal to the number of"
                  + " dimensions in the tensor (%s)",
              shape.length, have.length));
    }
    long[] out = shape.clone();
    for (int d = 0; d < out.length; d++) {
      long size = d < missing ? -2 : have[d - missing];
      if (out[d] == -1 && size >= 0) {
        out[d] = size;
      }
      if (out[d] == -1) {
        throw new IllegalArgumentException(
            message(
                "expand: The expanded size of the tensor (-1) isn't allowed in a leading,"
                    + " non-existing dimension %s; got target sizes %s for a tensor of %s",
                d, shape, have));
      }
      if (out[d] < 0 || (size >= 0 && size != 1 && size != out[d])) {
        throw new IllegalArgumentException(
            message(
                "expand: The expanded size of the tensor (%s) must match the existing size (%s) at"
                    + " non-singleton dimension %s. Target sizes: %s. Tensor sizes: %s",
                shape[d], size, d, shape, have));
      }
    }
    return new Expand(out).apply(self);
  }

  /** Expands this to the shape of another tensor; see {@link Tensor#expand}. */
  public static Tensor expandAs(Tensor self, Tensor other) {
    return expand(self, other.shape());
  }

  /** Expands this to a shape, under the name NumPy uses; see {@link Tensor#expand}. */
  public static Tensor broadcastTo(Tensor self, long... shape) {
    return expand(self, shape);
  }

  @Override
  public String name() {
    return "expand";
  }

  @Override
  protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
    Strided x = in[0].strided();
    Strided e = Broadcasting.expand(x, sizes);
    return new Tensor[] {Internals.view(in[0], e.sizes(), e.strides(), e.offset())};
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor gradOut = gradOutputs[0];
    return new Tensor[] {gradOut}; // summed back to the input's shape
  }
}
