package dev.bellows.autograd;

/**
 * Where a gradient flows on to.
 *
 * @param node the node that takes it, or null where no gradient is needed
 * @param output which output of that node it is the gradient of
 */
public record Edge(Node node, int output) {
  /** No gradient is needed here. */
  public static final Edge NONE = new Edge(null, 0);
}
