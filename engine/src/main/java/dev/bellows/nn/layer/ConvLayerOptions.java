package dev.bellows.nn.layer;

import dev.bellows.nn.ConvOptions;
import dev.bellows.nn.PaddingMode;
import java.util.Objects;

/**
 * Options of a convolution layer. Numbers are for all spatial dimensions, or one for each.
 * Defaults: stride 1, padding 0 with zeros, dilation 1, groups 1, bias, and those of {@link
 * LayerOptions}.
 *
 * @param <O> the subclass
 */
public abstract class ConvLayerOptions<O extends ConvLayerOptions<O>> extends LayerOptions<O> {
  int[] stride = {1};
  int[] padding = {0};
  boolean same;
  int[] outputPadding = {0};
  int[] dilation = {1};
  int groups = 1;
  boolean bias = true;
  PaddingMode paddingMode = PaddingMode.ZEROS;

  ConvLayerOptions() {}

  /** Sets the distance of windows, at least 1. */
  public final O stride(int... sizes) {
    stride = sizes.clone();
    return self();
  }

  /** Sets the number of elements added on each side. */
  public final O padding(int... sizes) {
    padding = sizes.clone();
    same = false;
    return self();
  }

  /**
   * Sets the padding by name: "valid" for none, "same" for as many elements as keep the size.
   *
   * @throws IllegalArgumentException if the name is neither
   */
  public final O padding(String name) {
    Objects.requireNonNull(new ConvOptions().padding(name)); // checks the name
    padding(0);
    same = name.equals("same");
    return self();
  }

  /** Sets the distance of the taps of a filter, at least 1. */
  public final O dilation(int... sizes) {
    dilation = sizes.clone();
    return self();
  }

  /** Sets the number of groups that channels are split into, each with separate filters. */
  public final O groups(int count) {
    groups = count;
    return self();
  }

  /** Sets whether a bias is added. */
  public final O bias(boolean with) {
    bias = with;
    return self();
  }

  /** Sets what the added elements are. */
  public final O paddingMode(PaddingMode mode) {
    paddingMode = Objects.requireNonNull(mode, "paddingMode");
    return self();
  }
}
