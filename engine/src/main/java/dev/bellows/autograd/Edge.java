package dev.bellows.autograd;

/**
 * Where a gradient flows.
 *
 * @param node the node that receives it, or null if no gradient is needed
 * @param output index of that node's output to which the gradient belongs
 */
public record Edge(Node node, int output) {
  /** An edge without a node: no gradient is needed. */
  public static final Edge NONE = new Edge(null, 0);
}
