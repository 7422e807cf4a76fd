package dev.bellows.comm;

import dev.bellows.reduction.ReductionTree.Range;
import java.nio.ByteBuffer;

/**
 * One node [firstLeaf, endLeaf) of the fixed reduction tree and its value, already summed in tree
 * order.
 *
 * @param firstLeaf first leaf of the node
 * @param endLeaf one after its last leaf
 * @param data the value, from position to limit: a direct buffer in native order, as many elements
 *     as the result, of {@link ElementType#partialType}
 * @see dev.bellows.reduction.ReductionTree
 */
public record TreePartial(int firstLeaf, int endLeaf, ByteBuffer data) {
  /** Returns the number of leaves of the node. */
  public int leaves() {
    return endLeaf - firstLeaf;
  }

  /** Returns the leaves of the node. */
  public Range range() {
    return new Range(firstLeaf, endLeaf);
  }
}
