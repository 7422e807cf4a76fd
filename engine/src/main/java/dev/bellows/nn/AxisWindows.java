package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/**
 * Windows along one dimension. All have the same number of taps; a tap outside of the dimension or
 * of its window is absent, and stands at the nearest place of its window instead.
 */
final class AxisWindows {
  private final long size;
  private final long count;
  private final long taps;
  private final long equalLength;
  private final Sliding sliding;

  private record Sliding(int kernel, int stride, int padding, int dilation) {
    long start(long window) {
      return window * stride - padding;
    }
  }

  private AxisWindows(long size, long count, long taps, long equalLength, Sliding sliding) {
    this.size = size;
    this.count = count;
    this.taps = taps;
    this.equalLength = equalLength;
    this.sliding = sliding;
  }

  /**
   * Returns {@code count} windows at equal distances.
   *
   * @throws IllegalArgumentException if a window has no element
   */
  static AxisWindows sliding(
      String operation, long size, int kernel, int stride, int padding, int dilation, long count) {
    Sliding s = new Sliding(kernel, stride, padding, dilation);
    for (long i = 0; i < count && s.start(i) < 0; i++) {
      if (Math.floorMod(s.start(i), (long) dilation) >= size) {
        throw new IllegalArgumentException(
            message(
                "%s: each window must have an element of the input; window %s of %s has none in a"
                    + " dimension of size %s",
                operation, i, count, size));
      }
    }
    boolean inside =
        padding == 0 && s.start(count - 1) + (long) dilation * (kernel - 1) + 1 <= size;
    return new AxisWindows(size, count, kernel, inside ? kernel : 0, s);
  }

  /** Returns {@code count} windows of sizes as equal as possible that cover a dimension. */
  static AxisWindows adaptive(long size, long count) {
    boolean equal = count == 0 || size % count == 0;
    long least = count == 0 ? 1 : size / count;
    return new AxisWindows(
        size, count, equal ? least : Math.min(size, least + 2), equal ? least : 0, null);
  }

  /** Returns the place of each tap before any is moved, [count, taps] of INT64. */
  private Tensor places(Device device) {
    Tensor window = Tensor.arange(count).to(device).unsqueeze(1);
    Tensor tap = Tensor.arange(taps).to(device);
    if (sliding == null) {
      return window.mul(size).floorDivide(count).add(tap);
    }
    Tensor start = window.mul(sliding.stride).sub(sliding.padding);
    return start.add(tap.mul(sliding.dilation));
  }

  private Tensor end(Device device) {
    Tensor next = Tensor.arange(1, count + 1).to(device).unsqueeze(1);
    return next.mul(size).add(count - 1).floorDivide(count);
  }

  /** Returns which taps are absent, [count, taps] of BOOL. */
  private Tensor absent(Device device) {
    Tensor places = places(device);
    return sliding == null ? places.ge(end(device)) : places.lt(0).logicalOr(places.ge(size));
  }

  /** Returns the place of each tap, all within the dimension: [count, taps] of INT64. */
  Tensor table(Device device) {
    Tensor places = places(device);
    if (equalLength > 0) {
      return places;
    } else if (sliding == null) {
      return places.minimum(end(device).sub(1));
    }
    int step = sliding.dilation;
    Tensor back = places.neg().add(size - 1).remainder(step).neg().add(size - 1);
    Tensor inside = Tensor.where(places.ge(size), back, places);
    return Tensor.where(places.lt(0), places.remainder(step), inside);
  }

  private boolean tiles() {
    boolean adjacent =
        sliding == null || (sliding.stride == sliding.kernel && sliding.dilation == 1);
    return equalLength > 0 && adjacent && count * taps == size;
  }

  /** Returns the elements of the windows: [.., size, ..] → [.., count, taps, ..]. */
  Tensor of(Tensor x, int axis) {
    Tensor all = tiles() ? x : x.indexSelect(axis, table(x.device()).flatten());
    return all.unflatten(axis, count, taps);
  }

  /** Returns the sums of the windows: [.., size, ..] → [.., count, ..]. */
  Tensor sum(Tensor x, int axis) {
    Tensor all = of(x, axis);
    if (equalLength == 0) {
      all = all.maskedFill(along(all, axis, absent(x.device())), 0);
    }
    return all.sum(axis + 1);
  }

  /** Returns the place of each tap of {@link #of}, to broadcast with it. */
  Tensor placesAlong(Tensor windows, int axis) {
    return along(windows, axis, table(windows.device()));
  }

  /** Returns how many elements each window has, or 0 where windows differ or have padding. */
  long equalLength() {
    return equalLength;
  }

  /** Returns how many elements each window has, with those of the padding if asked for: [count]. */
  Tensor lengths(boolean withPadding, Device device, DType dtype) {
    if (!withPadding || sliding == null) {
      return absent(device).logicalNot().sum(1).to(dtype);
    }
    Tensor start = Tensor.arange(count).to(device).mul(sliding.stride).sub(sliding.padding);
    Tensor end = start.add(sliding.kernel).minimum(size + sliding.padding);
    return end.sub(start).to(dtype);
  }

  private Tensor along(Tensor windows, int axis, Tensor perTap) {
    long[] shape = new long[windows.dim()];
    Arrays.fill(shape, 1);
    shape[axis] = count;
    shape[axis + 1] = taps;
    return perTap.reshape(shape);
  }
}
