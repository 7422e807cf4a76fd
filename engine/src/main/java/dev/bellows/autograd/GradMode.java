package dev.bellows.autograd;

/**
 * Whether operations on the calling thread record a graph. Opened with try-with-resources:
 *
 * <pre>{@code
 * try (var mode = GradMode.noGrad()) {
 *   weight.sub_(weight.grad().mul(lr));
 * }
 * }</pre>
 *
 * <p>Source: PyTorch's {@code torch.no_grad}, {@code torch.enable_grad}, {@code
 * torch.inference_mode}. Default: enabled, not inference.
 */
public final class GradMode implements AutoCloseable {
  private static final ThreadLocal<GradMode[]> CURRENT =
      ThreadLocal.withInitial(() -> new GradMode[] {new GradMode()});

  private final GradMode[] slot;
  private final GradMode previous;
  private final boolean enabled;
  private final boolean inference;

  /** What a thread starts with. */
  private GradMode() {
    this.slot = null;
    this.previous = null;
    this.enabled = true;
    this.inference = false;
  }

  private GradMode(GradMode[] slot, boolean enabled, boolean inference) {
    this.slot = slot;
    this.previous = slot[0];
    this.enabled = enabled;
    this.inference = inference;
    slot[0] = this;
  }

  /** Stops recording until closed. */
  public static GradMode noGrad() {
    return set(false);
  }

  /** Records again until closed, inside a {@link #noGrad()}. */
  public static GradMode enableGrad() {
    return set(true);
  }

  /** Sets whether operations are recorded until closed; inside inference nothing is. */
  public static GradMode set(boolean enabled) {
    GradMode[] slot = CURRENT.get();
    return new GradMode(slot, enabled && !slot[0].inference, slot[0].inference);
  }

  /**
   * Stops recording until closed, for good: tensors made inside are inference tensors, which cannot
   * become part of a graph or be changed in place outside.
   */
  public static GradMode inferenceMode() {
    return new GradMode(CURRENT.get(), false, true);
  }

  /** Whether the calling thread records. */
  public static boolean isEnabled() {
    return CURRENT.get()[0].enabled;
  }

  /** Whether the calling thread is inside {@link #inferenceMode()}. */
  public static boolean isInference() {
    return CURRENT.get()[0].inference;
  }

  /** Goes back to the mode before this one was opened. */
  @Override
  public void close() {
    if (slot != null) {
      slot[0] = previous;
    }
  }
}
