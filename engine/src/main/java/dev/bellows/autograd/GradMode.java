package dev.bellows.autograd;

import java.util.function.Supplier;

/**
 * Sets whether operations on the calling thread record a graph. Used with try-with-resources, or
 * around a function:
 *
 * <pre>{@code
 * try (var mode = GradMode.noGrad()) {
 *   weight.sub_(weight.grad().mul(lr));
 * }
 * GradMode.noGrad(() -> weight.sub_(weight.grad().mul(lr)));
 * }</pre>
 *
 * <p>Under {@code javac -Xlint:try} the first form warns that the resource is not referenced, which
 * the second form avoids, and so does {@code try (mode)} with a variable declared before.
 *
 * <p>In Scala, where a function without a result fits two of the methods, {@code ... }} says the
 * same. => Using.resource(GradMode.noGrad()) { _ => ... }} is equivalent. => ... }} says the same.
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

  /** Creates the initial mode of a thread. */
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

  /** Disables recording until closed. */
  public static GradMode noGrad() {
    return set(false);
  }

  /** Runs a function without recording. */
  public static void noGrad(Runnable function) {
    within(noGrad(), function);
  }

  /** Runs a function without recording and returns its result. */
  public static <T> T noGrad(Supplier<T> function) {
    return within(noGrad(), function);
  }

  /** Enables recording until closed, inside a {@link #noGrad()}. */
  public static GradMode enableGrad() {
    return set(true);
  }

  /** Runs a function with recording, inside a {@link #noGrad()}. */
  public static void enableGrad(Runnable function) {
    within(enableGrad(), function);
  }

  /** Runs a function with recording, inside a {@link #noGrad()}, and returns its result. */
  public static <T> T enableGrad(Supplier<T> function) {
    return within(enableGrad(), function);
  }

  /** Sets until closed whether operations are recorded; in inference mode nothing is recorded. */
  public static GradMode set(boolean enabled) {
    GradMode[] slot = CURRENT.get();
    return new GradMode(slot, enabled && !slot[0].inference, slot[0].inference);
  }

  /**
   * Disables recording until closed. Tensors created inside are inference tensors: they can never
   * become part of a graph, or be changed in place outside.
   */
  public static GradMode inferenceMode() {
    return new GradMode(CURRENT.get(), false, true);
  }

  /** Runs a function in {@link #inferenceMode()}. */
  public static void inferenceMode(Runnable function) {
    within(inferenceMode(), function);
  }

  /** Runs a function in {@link #inferenceMode()} and returns its result. */
  public static <T> T inferenceMode(Supplier<T> function) {
    return within(inferenceMode(), function);
  }

  private static void within(GradMode mode, Runnable function) {
    try (mode) {
      function.run();
    }
  }

  private static <T> T within(GradMode mode, Supplier<T> function) {
    try (mode) {
      return function.get();
    }
  }

  /** Returns whether the calling thread records. */
  public static boolean isEnabled() {
    return CURRENT.get()[0].enabled;
  }

  /** Returns whether the calling thread is inside {@link #inferenceMode()}. */
  public static boolean isInference() {
    return CURRENT.get()[0].inference;
  }

  /** Restores the previous mode. */
  @Override
  public void close() {
    if (slot != null) {
      slot[0] = previous;
    }
  }
}
