package dev.bellows.nn;

/** What is sampled outside of the input of {@link Functional#gridSample}. */
public enum GridPadding {
  /** Zeros. */
  ZEROS,
  /** The outermost elements. */
  BORDER,
  /** The input mirrored at its borders. */
  REFLECTION
}
