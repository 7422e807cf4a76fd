package dev.bellows.nn;

/**
 * Options of an average pooling. Defaults: those of {@link PoolOptions}, padding counts, no other
 * divisor. Source: PyTorch's {@code torch.nn.AvgPool2d}.
 */
public final class AvgPoolOptions extends PoolOptions<AvgPoolOptions> {
  private boolean countIncludePad = true;
  private Integer divisorOverride;

  /** Creates options with all defaults. */
  public AvgPoolOptions() {}

  /** Sets whether the zeros of the padding count as elements. */
  public AvgPoolOptions countIncludePad(boolean counts) {
    AvgPoolOptions changed = clone();
    changed.countIncludePad = counts;
    return changed;
  }

  /** Sets what sums are divided by; null for the number of elements. */
  public AvgPoolOptions divisorOverride(Integer divisor) {
    AvgPoolOptions changed = clone();
    changed.divisorOverride = divisor;
    return changed;
  }

  boolean countsPadding() {
    return countIncludePad;
  }

  Integer divisor() {
    return divisorOverride;
  }
}
