package dev.bellows.nn;

/**
 * What the elements around a padded tensor are. Source: PyTorch's {@code torch.nn.functional.pad}.
 */
public enum PaddingMode {
  /** Zeros. */
  ZEROS,
  /** The tensor mirrored at its outermost elements, which are not repeated. */
  REFLECT,
  /** The outermost elements. */
  REPLICATE,
  /** The elements of the opposite side. */
  CIRCULAR
}
