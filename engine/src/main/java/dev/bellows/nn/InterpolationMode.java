package dev.bellows.nn;

/** How elements between given ones are computed. Source: PyTorch's {@code interpolate}. */
public enum InterpolationMode {
  /** The nearest element below, of any number of dimensions. */
  NEAREST,
  /** The nearest element, of any number of dimensions. */
  NEAREST_EXACT,
  /** Linear, of one dimension. */
  LINEAR,
  /** Linear, of two dimensions. */
  BILINEAR,
  /** Cubic, of two dimensions. */
  BICUBIC,
  /** Linear, of three dimensions. */
  TRILINEAR,
  /** The mean of the elements that an output element covers, of any number of dimensions. */
  AREA
}
