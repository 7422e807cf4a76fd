package dev.bellows.ops;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.autograd.GraphPosition;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Views of a dimension cut into parts of given lengths. The gradient is that of all parts, one
 * after the other, written once; with a slice for each part, each would write a gradient of the
 * whole shape, to be added.
 */
final class Split extends EngineFunction {
  private final int dim;
  private final long[] lengths;
  private final String creator;

  private Split(int dim, long[] lengths, String creator) {
    this.dim = dim;
    this.lengths = lengths;
    this.creator = creator;
  }

  /**
   * Returns the parts, which must not be modified in place where a gradient is recorded.
   *
   * @param lengths at least one, whose sum is the size of the dimension
   * @param creator the name in the message of that error
   */
  static List<Tensor> of(Tensor x, int dim, long[] lengths, String creator) {
    List<Tensor> parts = new ArrayList<>(lengths.length);
    for (Tensor part : new Split(dim, lengths, creator).applyAll(x)) {
      parts.add(GraphPosition.markMultiView(part, creator));
    }
    return parts;
  }

  @Override
  public String name() {
    return creator.substring(0, creator.indexOf("Backward"));
  }

  @Override
  protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
    Strided x = in[0].strided();
    Tensor[] parts = new Tensor[lengths.length];
    long start = 0;
    for (int i = 0; i < parts.length; i++) {
      long[] sizes = x.sizes().clone();
      sizes[dim] = lengths[i];
      parts[i] = Internals.view(in[0], sizes, x.strides(), x.offset() + start * x.stride(dim));
      start += lengths[i];
    }
    ctx.setMaterializeGrads(false);
    return parts;
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor any = Arrays.stream(gradOutputs).filter(grad -> grad != null).findFirst().orElseThrow();
    List<Tensor> grads = new ArrayList<>();
    for (int i = 0; i < gradOutputs.length; i++) {
      long[] shape = ctx.inputShape(0).clone();
      shape[dim] = lengths[i];
      grads.add(gradOutputs[i] == null ? any.newZeros(shape) : gradOutputs[i]);
    }
    return new Tensor[] {Tensor.cat(grads, dim)};
  }
}
