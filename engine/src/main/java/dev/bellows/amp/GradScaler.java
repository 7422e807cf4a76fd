package dev.bellows.amp;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.GradMode;
import dev.bellows.memory.DType;
import dev.bellows.optim.Optimizer;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Multiplies losses, so that FLOAT16 gradients do not underflow, divides the gradients again, and
 * skips steps whose gradients are infinite or NaN. The factor falls after such a step and grows
 * after many others.
 *
 * <pre>{@code
 * scaler.scale(loss).backward();
 * scaler.step(optimizer);
 * scaler.update();
 * }</pre>
 *
 * <p>Source: PyTorch's {@code torch.amp.GradScaler}.
 */
public final class GradScaler {
  private enum Stage {
    READY,
    UNSCALED,
    STEPPED
  }

  private static final class OptimizerStage {
    private Stage stage = Stage.READY;
    private boolean checked;
    private boolean foundInf;
  }

  private final boolean enabled;
  private final Map<Optimizer, OptimizerStage> optimizers = new IdentityHashMap<>();
  private float scale;
  private double growthFactor;
  private double backoffFactor;
  private long growthInterval;
  private long growthTracker;

  /** Creates a scaler with the factor 65536, which doubles after 2000 steps or is halved. */
  public GradScaler() {
    this(65536, 2, 0.5, 2000, true);
  }

  /**
   * Creates a scaler.
   *
   * @param initScale the first factor
   * @param growthFactor what multiplies it after growthInterval steps in a row without infinite or
   *     NaN gradients, above 1
   * @param backoffFactor what multiplies it after a step with some, below 1
   * @param enabled false makes all methods do nothing but {@link #step}, which steps
   * @throws IllegalArgumentException if a factor is out of range
   */
  public GradScaler(
      double initScale,
      double growthFactor,
      double backoffFactor,
      long growthInterval,
      boolean enabled) {
    if (enabled && !(growthFactor > 1)) {
      throw new IllegalArgumentException(
          message("GradScaler: The growth factor must be > 1.0; got %s", growthFactor));
    }
    if (enabled && !(backoffFactor < 1)) {
      throw new IllegalArgumentException(
          message("GradScaler: The backoff factor must be < 1.0; got %s", backoffFactor));
    }
    this.enabled = enabled;
    this.scale = (float) initScale;
    this.growthFactor = growthFactor;
    this.backoffFactor = backoffFactor;
    this.growthInterval = growthInterval;
  }

  /** Returns whether the scaler does anything. */
  public boolean isEnabled() {
    return enabled;
  }

  /** Returns the factor; 1 if the scaler is disabled. */
  public double getScale() {
    return enabled ? scale : 1;
  }

  /** Multiplies a loss, or another output, by the factor. */
  public Tensor scale(Tensor output) {
    return enabled ? output.mul(scale) : output;
  }

  /**
   * Divides the gradients of an optimizer's parameters by the factor in place, as before clipping;
   * {@link #step} does it otherwise.
   *
   * @throws IllegalStateException if that was done, or a step was made, since the last {@link
   *     #update}, or a gradient is FLOAT16
   */
  public void unscale_(Optimizer optimizer) {
    if (!enabled) {
      return;
    }
    OptimizerStage state = of(optimizer);
    if (state.stage == Stage.UNSCALED) {
      throw new IllegalStateException(
          "unscale_() has already been called on this optimizer since the last update().");
    }
    if (state.stage == Stage.STEPPED) {
      throw new IllegalStateException("unscale_() is being called after step().");
    }
    unscale(optimizer, state);
    state.stage = Stage.UNSCALED;
  }

  private OptimizerStage of(Optimizer optimizer) {
    return optimizers.computeIfAbsent(optimizer, o -> new OptimizerStage());
  }

  private void unscale(Optimizer optimizer, OptimizerStage state) {
    float inverse = (float) (1 / (double) scale);
    try (TensorScope scope = TensorScope.open();
        GradMode mode = GradMode.noGrad()) {
      Tensor finite = null;
      for (Tensor parameter : optimizer.parameters()) {
        Tensor grad = parameter.grad();
        if (grad == null) {
          continue;
        }
        if (grad.dtype() == DType.FLOAT16) {
          throw new IllegalStateException("Attempting to unscale FP16 gradients.");
        }
        Tensor all = grad.isfinite().all();
        finite = finite == null ? all : finite.logicalAnd(all.to(finite.device()));
        grad.mul_(inverse);
      }
      state.checked = finite != null;
      state.foundInf = finite != null && finite.item() == 0;
    }
  }

  /**
   * Divides the gradients unless that was done, and lets the optimizer step unless one of them is
   * infinite or NaN.
   *
   * @return whether the optimizer made a step
   * @throws IllegalStateException if it was called since the last {@link #update}, or no parameter
   *     has a gradient
   */
  public boolean step(Optimizer optimizer) {
    if (!enabled) {
      optimizer.step();
      return true;
    }
    OptimizerStage state = of(optimizer);
    if (state.stage == Stage.STEPPED) {
      throw new IllegalStateException("step() has already been called since the last update().");
    }
    if (state.stage == Stage.READY) {
      unscale_(optimizer);
    }
    if (!state.checked) {
      throw new IllegalStateException("No inf checks were recorded for this optimizer.");
    }
    if (!state.foundInf) {
      optimizer.step();
    }
    state.stage = Stage.STEPPED;
    return !state.foundInf;
  }

  /**
   * Adapts the factor to what was found in the gradients since the last call.
   *
   * @throws IllegalStateException if no gradients were checked
   */
  public void update() {
    if (!enabled) {
      return;
    }
    if (optimizers.values().stream().noneMatch(state -> state.checked)) {
      throw new IllegalStateException("No inf checks were recorded prior to update.");
    }
    if (optimizers.values().stream().anyMatch(state -> state.foundInf)) {
      scale = (float) (scale * backoffFactor);
      growthTracker = 0;
    } else if (++growthTracker == growthInterval) {
      float grown = (float) (scale * growthFactor);
      scale = Float.isFinite(grown) ? grown : scale;
      growthTracker = 0;
    }
    optimizers.clear();
  }

  /** Sets the factor, instead of adapting it. */
  public void update(double newScale) {
    if (enabled) {
      scale = (float) newScale;
      optimizers.clear();
    }
  }

  /** Returns the state under PyTorch's keys; empty if the scaler is disabled. */
  public Map<String, Double> stateDict() {
    Map<String, Double> state = new LinkedHashMap<>();
    if (enabled) {
      state.put("scale", (double) scale);
      state.put("growth_factor", growthFactor);
      state.put("backoff_factor", backoffFactor);
      state.put("growth_interval", (double) growthInterval);
      state.put("_growth_tracker", (double) growthTracker);
    }
    return state;
  }

  /**
   * Takes a state from {@link #stateDict}.
   *
   * @throws IllegalArgumentException if it is empty or a key is missing
   */
  public void loadStateDict(Map<String, Double> state) {
    if (!enabled) {
      return;
    }
    if (state.isEmpty()) {
      throw new IllegalArgumentException(
          "The source state dict is empty, possibly because it was saved from a disabled instance"
              + " of GradScaler.");
    }
    if (!state.keySet().containsAll(stateDict().keySet())) {
      throw new IllegalArgumentException(
          message(
              "GradScaler: state must have the keys %s; got %s",
              stateDict().keySet(), state.keySet()));
    }
    scale = state.get("scale").floatValue();
    growthFactor = state.get("growth_factor");
    backoffFactor = state.get("backoff_factor");
    growthInterval = state.get("growth_interval").longValue();
    growthTracker = state.get("_growth_tracker").longValue();
  }
}
