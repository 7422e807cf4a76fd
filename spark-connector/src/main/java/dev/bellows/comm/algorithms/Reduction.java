package dev.bellows.comm.algorithms;

import dev.bellows.comm.ElementType;
import dev.bellows.comm.ReduceKind;
import java.nio.ByteBuffer;

/**
 * Combines the nodes of one reduction, element by element.
 *
 * @param leaves the number of leaves of the tree
 * @param type element type of the leaves and of the result
 */
record Reduction(int leaves, ElementType type, ReduceKind kind, ScratchPool pool, Sums sums) {
  /** Returns the bytes of a node of so many leaves, for each byte of the result. */
  int widening(int nodeLeaves) {
    return type.partialBytes(nodeLeaves) / type.bytes();
  }

  /** Returns whether leaves must be widened before they can be added. */
  boolean isNarrow(int nodeLeaves) {
    return leaves > 1 && type.partialType(nodeLeaves) != inner();
  }

  private ElementType inner() {
    return type.partialType(leaves);
  }

  /** Returns a buffer for a node of more than one leaf whose result has so many bytes. */
  ByteBuffer take(int resultBytes) {
    return pool.take(resultBytes * widening(leaves));
  }

  /** Computes target from left and right, none of which is narrow; target may be one of them. */
  void combine(ByteBuffer left, ByteBuffer right, ByteBuffer target) {
    if (kind == ReduceKind.MAX) {
      sums.max(inner(), left, right, target);
    } else {
      sums.add(inner(), left, right, target);
    }
  }

  /** Makes the result of the root, which stays as it is unless it is the very same buffer. */
  void finish(ByteBuffer root, ByteBuffer out) {
    if (inner() == type) {
      if (root != out) {
        out.duplicate().put(root.duplicate());
      }
      if (kind == ReduceKind.MEAN && leaves > 1) {
        sums.divide(type, out, leaves);
      }
    } else if (kind == ReduceKind.MEAN) {
      var mean = pool.take(root.remaining());
      mean.duplicate().put(root.duplicate());
      sums.divide(inner(), mean, leaves);
      sums.narrow(mean, out);
      pool.give(mean);
    } else {
      sums.narrow(root, out);
    }
  }
}
