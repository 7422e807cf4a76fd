package dev.bellows.ops;

/** How a quotient is rounded. Source: {@code rounding_mode} of PyTorch's {@code torch.div}. */
public enum RoundingMode {
  /** Towards 0, as Java divides integers. */
  TRUNC,
  /** Down, as Python divides integers. */
  FLOOR
}
