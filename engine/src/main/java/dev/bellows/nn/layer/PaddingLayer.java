package dev.bellows.nn.layer;

import static dev.bellows.errors.Messages.message;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.nn.PaddingMode;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/** What layers that add elements around the last dimensions share. */
abstract class PaddingLayer extends Module {
  private final PaddingMode mode;
  private final Double value;
  private final int[] padding;

  PaddingLayer(int dims, PaddingMode mode, Double value, int... padding) {
    if (padding.length != 1 && padding.length != 2 * dims) {
      throw new IllegalArgumentException(
          message(
              "%s: padding must be 1 or %s numbers; got %s",
              getClass().getSimpleName(), 2 * dims, padding));
    }
    this.mode = mode;
    this.value = value;
    this.padding = new int[2 * dims];
    Arrays.setAll(this.padding, i -> padding[padding.length == 1 ? 0 : i]);
  }

  @Override
  protected final Tensor forward(Tensor x) {
    return mode == PaddingMode.ZEROS
        ? Functional.pad(x, padding, value == null ? 0 : value)
        : Functional.pad(x, padding, mode);
  }

  @Override
  protected final String extraRepr() {
    String text = Arrays.toString(padding).replace('[', '(').replace(']', ')');
    return value == null ? text : "padding=" + text + ", value=" + value;
  }
}
