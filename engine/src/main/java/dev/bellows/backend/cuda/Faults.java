package dev.bellows.backend.cuda;

import dev.bellows.backend.KernelErrors;
import dev.bellows.backend.ScatterOp;

/**
 * Encodes the operation and dimension of an index out of bounds as one number, for kernels to
 * record.
 */
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
