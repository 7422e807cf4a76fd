package dev.bellows.backend.cuda;

import dev.bellows.backend.KernelErrors;
import dev.bellows.backend.ScatterOp;

/** Names what kernels note of a place out of bounds: an operation and a dimension as one number. */
final class Faults {
  private static final int GATHER = 0;
  private static final int SCATTER_ADD = 1;
  private static final int SCATTER = 2;
  private static final int OPERATIONS = 4;

  private Faults() {}

  static int gather(int dim) {
    return dim * OPERATIONS + GATHER;
  }

  static int scatter(ScatterOp op, int dim) {
    return dim * OPERATIONS + (op == ScatterOp.ADD ? SCATTER_ADD : SCATTER);
  }

  static IndexOutOfBoundsException index(int detail, long value, long limit) {
    String operation =
        switch (detail % OPERATIONS) {
          case GATHER -> "gather";
          case SCATTER_ADD -> "scatterAdd";
          default -> "scatter";
        };
    return KernelErrors.index(operation, value, detail / OPERATIONS, limit);
  }
}
