package dev.bellows.oracle;

import java.util.List;

/** Operations that pick or place elements by index. */
final class IndexOps {
  private IndexOps() {}

  static List<OpInfo> all() {
    return List.of();
  }
}
