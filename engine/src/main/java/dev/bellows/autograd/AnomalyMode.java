package dev.bellows.autograd;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.Tensor;
import java.util.Set;

/**
 * Finds the forward call that caused a backward pass to fail or to produce NaN. While the mode is
 * open on a thread, each recorded operation stores its stack trace, which makes recording much
 * slower:
 *
 * <pre>{@code
 * try (var anomaly = AnomalyMode.detect()) {
 *   crossEntropy(model.call(x), y).backward();
 * }
 * }</pre>
 *
 * <p>Source: PyTorch's {@code torch.autograd.detect_anomaly}.
 */
public final class AnomalyMode implements AutoCloseable {
  private static final ThreadLocal<AnomalyMode[]> CURRENT =
      ThreadLocal.withInitial(() -> new AnomalyMode[1]);

  /**
   * Engine classes, in addition to {@code ops}, that may be on the stack between a user's call and
   * its node.
   */
  private static final Set<String> ENGINE =
      Set.of("Node", "AnomalyMode", "CopySlices", "Function", "AccumulateGrad", "Checkpoint");

  private final AnomalyMode[] slot = CURRENT.get();
  private final AnomalyMode previous = slot[0];
  private final boolean checkNan;

  private AnomalyMode(boolean checkNan) {
    this.checkNan = checkNan;
    slot[0] = this;
  }

  /** Stores forward calls, and rejects NaN in gradients, until closed. */
  public static AnomalyMode detect() {
    return detect(true);
  }

  /** Stores forward calls until closed; rejects NaN in gradients if {@code checkNan}. */
  public static AnomalyMode detect(boolean checkNan) {
    return new AnomalyMode(checkNan);
  }

  /** Returns whether the calling thread is inside {@link #detect()}. */
  public static boolean isEnabled() {
    return CURRENT.get()[0] != null;
  }

  static Throwable trace() {
    return isEnabled() ? new Throwable("forward call") : null;
  }

  /** Checks the gradients that a node returned for NaN. */
  static void check(Node node, Tensor[] gradInputs) {
    AnomalyMode mode = CURRENT.get()[0];
    if (mode == null || !mode.checkNan) {
      return;
    }
    for (int i = 0; i < gradInputs.length; i++) {
      Tensor grad = gradInputs[i];
      if (grad != null && node.edges()[i].node() != null && hasNan(grad)) {
        throw new AnomalyException(
            message("Function '%s' returned nan values in its %sth output.", node.name(), i), node);
      }
    }
  }

  private static boolean hasNan(Tensor grad) {
    try (GradMode mode = GradMode.noGrad();
        Tensor plain = grad.detach();
        Tensor differs = plain.ne(plain);
        Tensor any = differs.any()) {
      return any.item() != 0;
    }
  }

  /** Returns a node's failure, with the forward call that created the node if it is known. */
  static RuntimeException explain(Node node, RuntimeException failure) {
    if (node.forward() == null || failure instanceof AnomalyException) {
      return failure;
    }
    AnomalyException explained =
        new AnomalyException(
            message("Error detected in %s: %s", node.name(), failure.getMessage()), node);
    explained.addSuppressed(failure);
    return explained;
  }

  /** Returns the call in a stack trace that is outside the engine. */
  static String callSite(Throwable forward) {
    for (StackTraceElement frame : forward.getStackTrace()) {
      String name = frame.getClassName();
      boolean engine =
          name.startsWith("dev.bellows.ops.")
              || name.matches("dev\\.bellows\\.tensor\\.(Tensor[A-Z]\\w*|Tensor|Linalg)")
              || name.startsWith("dev.bellows.autograd.")
                  && ENGINE.contains(name.substring(21).replaceAll("\\$.*", ""));
      if (!engine) {
        return frame.toString();
      }
    }
    return "unknown";
  }

  /** Restores the previous mode. */
  @Override
  public void close() {
    slot[0] = previous;
  }
}
