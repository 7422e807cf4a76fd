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
 * <p>Source: PyTorch's {@code torch.no_grad}, {@code torch.enable_grad}. Default: enabled.
 */
public final class GradMode implements AutoCloseable {
  private static final ThreadLocal<boolean[]> ENABLED =
      ThreadLocal.withInitial(() -> new boolean[] {true});

  private final boolean[] state;
  private final boolean previous;

  private GradMode(boolean enabled) {
    this.state = ENABLED.get();
    this.previous = state[0];
    state[0] = enabled;
  }

  /** Stops recording until closed. */
  public static GradMode noGrad() {
    return new GradMode(false);
  }

  /** Records again until closed, inside a {@link #noGrad()}. */
  public static GradMode enableGrad() {
    return new GradMode(true);
  }

  /** Sets the mode until closed. */
  public static GradMode set(boolean enabled) {
    return new GradMode(enabled);
  }

  /** Whether the calling thread records. */
  public static boolean isEnabled() {
    return ENABLED.get()[0];
  }

  @Override
  public void close() {
    state[0] = previous;
  }
}
