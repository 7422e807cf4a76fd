package dev.bellows.comm.algorithms;

import static dev.bellows.errors.Messages.message;

import dev.bellows.comm.CommException;
import dev.bellows.comm.TreePartial;
import dev.bellows.reduction.ReductionTree;
import dev.bellows.reduction.ReductionTree.Range;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The nodes of a reduction that a rank has so far, siblings joined. No value is overwritten once it
 * is there, since it may be on its way to a peer; but the root may be put where the result goes.
 */
final class PartialSet {
  private final Reduction reduction;
  private final int resultBytes;
  private final ArrayList<TreePartial> nodes = new ArrayList<>();
  private final ArrayList<ByteBuffer> scratch = new ArrayList<>();

  PartialSet(Reduction reduction, int resultBytes) {
    this.reduction = reduction;
    this.resultBytes = resultBytes;
  }

  /** Returns the nodes, in no order. */
  List<TreePartial> nodes() {
    return List.copyOf(nodes);
  }

  /** Gives the set a buffer of the pool, to be given back at the end. */
  void own(ByteBuffer buffer) {
    scratch.add(buffer);
  }

  /**
   * Takes a node.
   *
   * @param lent whether its data may be read until this returns only
   * @param out where the root may be put at once, or null
   * @throws CommException ({@code FATAL}) if some of its leaves are there already
   */
  void add(TreePartial node, boolean lent, ByteBuffer out) {
    for (var other : nodes) {
      if (node.firstLeaf() < other.endLeaf() && other.firstLeaf() < node.endLeaf()) {
        throw CommException.fatal(
            message(
                "each leaf comes from one rank; got [%s, %s), already there is [%s, %s)",
                node.firstLeaf(), node.endLeaf(), other.firstLeaf(), other.endLeaf()));
      }
    }
    var given = node;
    while (node.leaves() < reduction.leaves()) {
      var sibling = take(ReductionTree.sibling(reduction.leaves(), node.range()));
      if (sibling == null) {
        break;
      }
      var nodeFirst = node.firstLeaf() < sibling.firstLeaf();
      node = nodeFirst ? join(node, sibling, out) : join(sibling, node, out);
    }
    nodes.add(lent && node == given ? copy(node) : node);
  }

  /** Copies a node to memory of the set. */
  TreePartial copy(TreePartial node) {
    var buffer = reduction.pool().take(node.data().remaining());
    scratch.add(buffer);
    buffer.duplicate().put(node.data().duplicate());
    return new TreePartial(node.firstLeaf(), node.endLeaf(), buffer);
  }

  private TreePartial take(Range range) {
    for (var i = 0; i < nodes.size(); i++) {
      if (nodes.get(i).range().equals(range)) {
        return nodes.remove(i);
      }
    }
    return null;
  }

  private TreePartial join(TreePartial left, TreePartial right, ByteBuffer out) {
    var leaves = left.leaves() + right.leaves();
    var root = leaves == reduction.leaves() && reduction.widening(leaves) == 1;
    var target = root && out != null ? out : newNode();
    reduction.combine(wide(left), wide(right), target);
    return new TreePartial(left.firstLeaf(), right.endLeaf(), target);
  }

  private ByteBuffer wide(TreePartial node) {
    if (!reduction.isNarrow(node.leaves())) {
      return node.data();
    }
    var wide = newNode();
    reduction.sums().widen(node.data(), wide);
    return wide;
  }

  private ByteBuffer newNode() {
    var buffer = reduction.take(resultBytes);
    scratch.add(buffer);
    return buffer;
  }

  /** Returns whether one node holds all leaves. */
  boolean complete() {
    return nodes.size() == 1 && nodes.get(0).leaves() == reduction.leaves();
  }

  /** Makes the result of a complete set. */
  void finish(ByteBuffer out) {
    reduction.finish(nodes.get(0).data(), out);
  }

  /** Gives all buffers back. */
  void release() {
    scratch.forEach(reduction.pool()::give);
    scratch.clear();
    nodes.clear();
  }
}
