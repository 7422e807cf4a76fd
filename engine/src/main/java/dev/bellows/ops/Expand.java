package dev.bellows.ops;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/**
 * The same memory with dimensions of size 1 repeated by strides of 0; gradients are summed back.
 */
public final class Expand extends EngineFunction {
  private final long[] sizes;

  private Expand(long[] sizes) {
    this.sizes = sizes;
  }

  /**
   * Repeats; −1 keeps a size.
   *
   * @throws IllegalArgumentException if a size that is not 1 would change
   */
  public static Tensor of(Tensor x, long... sizes) {
    long[] have = x.strided().sizes();
    int missing = sizes.length - have.length;
    if (missing < 0) {
      throw new IllegalArgumentException(
          "expand: the number of sizes provided ("
              + sizes.length
              + ") must be greater or equal to the number of dimensions in the tensor ("
              + have.length
              + ")");
    }
    long[] out = sizes.clone();
    for (int d = 0; d < out.length; d++) {
      long size = d < missing ? -2 : have[d - missing];
      if (out[d] == -1 && size >= 0) {
        out[d] = size;
      }
      if (out[d] == -1) {
        throw new IllegalArgumentException(
            "expand: The expanded size of the tensor (-1) isn't allowed in a leading, non-existing"
                + " dimension "
                + d
                + "; got target sizes "
                + Arrays.toString(sizes)
                + " for a tensor of "
                + Arrays.toString(have));
      }
      if (out[d] < 0 || (size >= 0 && size != 1 && size != out[d])) {
        throw new IllegalArgumentException(
            "expand: The expanded size of the tensor ("
                + sizes[d]
                + ") must match the existing size ("
                + size
                + ") at non-singleton dimension "
                + d
                + ". Target sizes: "
                + Arrays.toString(sizes)
                + ". Tensor sizes: "
                + Arrays.toString(have));
      }
    }
    return new Expand(out).apply(x);
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
