package dev.bellows.comm;

import java.nio.ByteBuffer;

/**
 * One node [firstLeaf, endLeaf) of the fixed reduction tree and its value, already summed in tree
 * order.
 *
 * @param firstLeaf first leaf of the node
 * @param endLeaf one after its last leaf
 * @param data the value, from position to limit: a direct buffer in native order, as many bytes as
 *     the result
 * @see dev.bellows.train.ReductionTree
 */
public record TreePartial(int firstLeaf, int endLeaf, ByteBuffer data) {}
