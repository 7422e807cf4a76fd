package dev.bellows.autograd;

import dev.bellows.ops.AsStrided;
import dev.bellows.ops.Geometry;
import dev.bellows.tensor.Tensor;

/**
 * The history of a tensor of which a view was changed in place: the part of the gradient that the
 * view shows goes through the operation that changed it, the rest flows on as it is. The edge of
 * the changed input leads to what the tensor was before, the others are those of the operation's
 * further inputs. Source: PyTorch's {@code CopySlices}.
 */
public final class CopySlices extends Node {
  private final Geometry base;
  private final Geometry view;
  private final Node function;
  private final int input;

  /**
   * A node for one change.
   *
   * @param before where the gradient of the unchanged tensor flows
   * @param function what changed the view
   * @param input which of the function's inputs the view is
   */
  public CopySlices(Edge before, Geometry base, Geometry view, Node function, int input) {
    super(edges(before, function, input));
    this.base = base;
    this.view = view;
    this.function = function;
    this.input = input;
  }

  private static Edge[] edges(Edge before, Node function, int input) {
    Edge[] edges = function.edges().clone();
    edges[input] = before;
    return edges;
  }

  @Override
  public String name() {
    return "CopySlices";
  }

  @Override
  protected Tensor[] backward(Tensor[] gradOutputs) {
    Tensor grad = gradOutputs[0];
    Tensor[] grads = function.backward(new Tensor[] {AsStrided.extract(grad, base, view)});
    if (edges()[input].node() != null) {
      Tensor part = grads[input] == null ? grad.newZeros(view.sizes()) : grads[input];
      grads[input] = AsStrided.replace(grad, part, base, view);
    }
    return grads;
  }

  @Override
  protected void releaseSaved() {
    function.releaseSaved();
  }
}
