package dev.bellows.autograd;

import dev.bellows.ops.AsStrided;
import dev.bellows.ops.Geometry;
import dev.bellows.tensor.Tensor;

/**
 * The history of a tensor of which a view was changed in place: the part of the gradient that the
 * view shows goes through the operation that changed it, the rest flows on as it is. Edge 0 leads
 * to what the tensor was before, the others are those of the operation's further inputs. Source:
 * PyTorch's {@code CopySlices}.
 */
public final class CopySlices extends Node {
  private final Geometry base;
  private final Geometry view;
  private final Node function;

  /**
   * A node for one change.
   *
   * @param before where the gradient of the unchanged tensor flows
   * @param function what changed the view; its edge 0 is that of the view
   */
  public CopySlices(Edge before, Geometry base, Geometry view, Node function) {
    super(edges(before, function));
    this.base = base;
    this.view = view;
    this.function = function;
  }

  private static Edge[] edges(Edge before, Node function) {
    Edge[] edges = function.edges().clone();
    edges[0] = before;
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
    if (edges()[0].node() != null) {
      Tensor part = grads[0] == null ? Tensor.zeros(grad.dtype(), view.sizes()) : grads[0];
      grads[0] = AsStrided.replace(grad, part, base, view);
    }
    return grads;
  }

  @Override
  protected void releaseSaved() {
    function.releaseSaved();
  }
}
