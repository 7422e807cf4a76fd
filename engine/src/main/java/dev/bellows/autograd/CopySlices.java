package dev.bellows.autograd;

import dev.bellows.ops.AsStrided;
import dev.bellows.ops.Geometry;
import dev.bellows.tensor.Tensor;

/**
 * The history of a tensor whose view was changed in place: the part of the gradient that the view
 * covers flows through the operation that changed it, the rest unchanged. The edge of the changed
 * input leads to the tensor's history before the change, the other edges to the operation's further
 * inputs. Source: PyTorch's {@code CopySlices}.
 */
public final class CopySlices extends Node {
  private final Geometry base;
  private final Geometry view;
  private final Node function;
  private final int input;

  /**
   * Creates a node for one change.
   *
   * @param before where the gradient of the unchanged tensor flows
   * @param function the operation that changed the view
   * @param input index of the view among the function's inputs
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
