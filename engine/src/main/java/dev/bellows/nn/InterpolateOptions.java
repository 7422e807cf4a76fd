package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import java.util.Arrays;
import java.util.Locale;

/**
 * Options of {@code interpolate} and of the layer {@code Upsample}. Immutable: each method returns
 * options with one of them changed. Either a size or a scale factor must be given. Defaults:
 * nearest, corners not aligned, the given scale factor, no antialiasing. Source: PyTorch's {@code
 * torch.nn.functional.interpolate}.
 */
public final class InterpolateOptions extends ChangedByCopy<InterpolateOptions> {
  private long[] size;
  private double[] scaleFactor;
  private InterpolationMode mode = InterpolationMode.NEAREST;
  private boolean alignCorners;
  private boolean recomputeScaleFactor;
  private boolean antialias;

  /** Creates options with all defaults. */
  public InterpolateOptions() {}

  /** Sets the sizes of the result: one for all spatial dimensions, or one for each. */
  public InterpolateOptions size(long... sizes) {
    InterpolateOptions changed = clone();
    changed.size = sizes.clone();
    return changed;
  }

  /** Sets the factors of sizes, rounded down: one for all spatial dimensions, or one for each. */
  public InterpolateOptions scaleFactor(double... factors) {
    InterpolateOptions changed = clone();
    changed.scaleFactor = factors.clone();
    return changed;
  }

  /** Sets how elements are computed. */
  public InterpolateOptions mode(InterpolationMode how) {
    InterpolateOptions changed = clone();
    changed.mode = how;
    return changed;
  }

  /**
   * Sets whether the centers of the corner elements of input and result agree, instead of their
   * outer corners; for linear and cubic modes only.
   */
  public InterpolateOptions alignCorners(boolean aligned) {
    InterpolateOptions changed = clone();
    changed.alignCorners = aligned;
    return changed;
  }

  /** Sets whether the distance of elements follows from the sizes, not from the scale factor. */
  public InterpolateOptions recomputeScaleFactor(boolean recomputes) {
    InterpolateOptions changed = clone();
    changed.recomputeScaleFactor = recomputes;
    return changed;
  }

  /** Sets whether all covered elements count when images shrink; bilinear and bicubic only. */
  public InterpolateOptions antialias(boolean smooths) {
    InterpolateOptions changed = clone();
    changed.antialias = smooths;
    return changed;
  }

  InterpolationMode mode() {
    return mode;
  }

  boolean alignsCorners() {
    return alignCorners;
  }

  boolean isAntialiased() {
    return antialias;
  }

  /**
   * Checks the options for an input of {@code dims} spatial dimensions.
   *
   * @throws IllegalArgumentException if they contradict each other or the input
   */
  void check(int dims, long... shape) {
    String problem = null;
    boolean any =
        mode == InterpolationMode.NEAREST
            || mode == InterpolationMode.NEAREST_EXACT
            || mode == InterpolationMode.AREA;
    int needed =
        switch (mode) {
          case LINEAR -> 1;
          case BILINEAR, BICUBIC -> 2;
          case TRILINEAR -> 3;
          default -> dims;
        };
    boolean aliased = mode != InterpolationMode.BILINEAR && mode != InterpolationMode.BICUBIC;
    if (size != null && scaleFactor != null) {
      problem = "only one of size or scale_factor should be defined";
    } else if (size == null && scaleFactor == null) {
      problem = "either size or scale_factor should be defined";
    } else if (size != null && recomputeScaleFactor) {
      problem = "recompute_scale_factor is not meaningful with an explicit size";
    } else if (alignCorners && any) {
      problem =
          "align_corners option can only be set with the interpolating modes: linear | bilinear |"
              + " bicubic | trilinear";
    } else if (antialias && aliased) {
      problem =
          "Anti-alias option is restricted to bilinear and bicubic modes and requires a 4-D tensor"
              + " as input";
    } else if (dims < 1 || dims > 3) {
      problem = "Only 3D, 4D and 5D input Tensors supported";
    } else if (needed != dims) {
      problem = message("Got %sD input, but %s mode needs %sD input", dims + 2, name(), needed + 2);
    } else if (given() != 1 && given() != dims) {
      problem =
          "Input and output must have the same number of spatial dimensions: 1 number for all, or "
              + dims;
    }
    if (problem != null) {
      throw new IllegalArgumentException(
          message("interpolate: %s; got input %s, %s", problem, shape, describe()));
    }
  }

  private int given() {
    return size == null ? scaleFactor.length : size.length;
  }

  /** Returns the size of the result in one spatial dimension of the input. */
  long outSize(int d, long in) {
    if (size != null) {
      return size[size.length == 1 ? 0 : d];
    }
    return (long) Math.floor(in * scaleFactor[scaleFactor.length == 1 ? 0 : d]);
  }

  /** Returns the distance of result elements in input elements. */
  double distance(int d, long in, long out) {
    if (alignCorners) {
      return out > 1 ? (double) (in - 1) / (out - 1) : 0;
    }
    boolean given = scaleFactor != null && !recomputeScaleFactor;
    double factor = given ? scaleFactor[scaleFactor.length == 1 ? 0 : d] : 0;
    return factor > 0 ? 1 / factor : (double) in / out;
  }

  private String name() {
    return mode.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns the options as PyTorch prints a layer of them. */
  public String describe() {
    String text =
        scaleFactor == null
            ? "size=" + (size == null ? "None" : tuple(Arrays.toString(size), size.length))
            : "scale_factor=" + tuple(Arrays.toString(scaleFactor), scaleFactor.length);
    return text + ", mode='" + name() + "'";
  }

  private static String tuple(String list, int length) {
    return length == 1
        ? list.substring(1, list.length() - 1)
        : list.replace('[', '(').replace(']', ')');
  }
}
