package dev.bellows.autograd;

/**
 * Thrown if a backward pass fails in {@link AnomalyMode}; the cause's stack trace is the forward
 * call.
 */
public final class AnomalyException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  AnomalyException(String message, Node node) {
    super(
        message
            + (node.forward() == null
                ? " No forward pass information: run the forward pass inside AnomalyMode too."
                : " Forward call that caused the error: " + AnomalyMode.callSite(node.forward())),
        node.forward());
  }
}
