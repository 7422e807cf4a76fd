package dev.bellows.autograd;

import dev.bellows.tensor.Tensor;
import java.util.Set;

/**
 * Finds the call behind a backward pass that fails or gives NaN. While it is open on a thread, each
 * recorded operation remembers where it was called, which makes recording much slower:
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

  /** Classes of the engine that stand between a user's call and its node, besides {@code ops}. */
  private static final Set<String> ENGINE =
      Set.of("Node", "AnomalyMode", "CopySlices", "Function", "AccumulateGrad", "Checkpoint");

  private final AnomalyMode[] slot = CURRENT.get();
  private final AnomalyMode previous = slot[0];
  private final boolean checkNan;

  private AnomalyMode(boolean checkNan) {
    this.checkNan = checkNan;
    slot[0] = this;
  }

  /** Remembers calls, and refuses NaN in gradients, until closed. */
  public static AnomalyMode detect() {
    return detect(true);
  }

  /** Remembers calls until closed; refuses NaN in gradients if {@code checkNan}. */
  public static AnomalyMode detect(boolean checkNan) {
    return new AnomalyMode(checkNan);
  }

  /** Whether the calling thread is inside {@link #detect()}. */
  public static boolean isEnabled() {
    return CURRENT.get()[0] != null;
  }

  static Throwable trace() {
    return isEnabled() ? new Throwable("forward call") : null;
  }

  /** Checks what a node gave. */
  static void check(Node node, Tensor[] gradInputs) {
    AnomalyMode mode = CURRENT.get()[0];
    if (mode == null || !mode.checkNan) {
      return;
    }
    for (int i = 0; i < gradInputs.length; i++) {
      Tensor grad = gradInputs[i];
      if (grad != null && node.edges()[i].node() != null && hasNan(grad)) {
        throw new AnomalyException(
            "Function '" + node.name() + "' returned nan values in its " + i + "th output.", node);
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

  /** A failure of a node, with the call that made the node if it is known. */
  static RuntimeException explain(Node node, RuntimeException failure) {
    if (node.forward() == null || failure instanceof AnomalyException) {
      return failure;
    }
    AnomalyException explained =
        new AnomalyException(
            "Error detected in " + node.name() + ": " + failure.getMessage(), node);
    explained.addSuppressed(failure);
    return explained;
  }

  /** The call, outside the engine, that a trace was taken in. */
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

  /** Goes back to what was before. */
  @Override
  public void close() {
    slot[0] = previous;
  }
}
