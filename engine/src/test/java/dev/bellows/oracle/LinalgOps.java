package dev.bellows.oracle;

import java.util.List;

/** Products of matrices and what follows from them. */
final class LinalgOps {
  private LinalgOps() {}

  static List<OpInfo> all() {
    return List.of();
  }
}
