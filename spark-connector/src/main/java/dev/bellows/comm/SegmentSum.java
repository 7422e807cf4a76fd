package dev.bellows.comm;

import dev.bellows.train.ReductionTree;
import dev.bellows.train.ReductionTree.Range;
import java.nio.ByteBuffer;
import java.util.ArrayList;

/**
 * One segment of the sum at its owner: takes values of nodes in any order and adds two siblings as
 * soon as both are there, left + right; the root goes to {@code out}.
 */
final class SegmentSum {
  private final int leaves;
  private final ElementType type;
  private final ReduceKind kind;
  private final ByteBuffer out;
  private final ScratchPool pool;
  private final Sums sums;
  private final ArrayList<Node> pending = new ArrayList<>(4);
  private boolean done;

  /** A value; {@code scratch} if it came from the pool and may be overwritten. */
  private record Node(Range range, ByteBuffer data, boolean scratch) {}

  SegmentSum(
      int leaves, ElementType type, ReduceKind kind, ByteBuffer out, ScratchPool pool, Sums sums) {
    this.leaves = leaves;
    this.type = type;
    this.kind = kind;
    this.out = out;
    this.pool = pool;
    this.sums = sums;
  }

  boolean done() {
    return done;
  }

  /** A range of leaves that is there already and overlaps the given one, or null. */
  Range overlap(int first, int end) {
    if (done) {
      return new Range(0, leaves);
    }
    for (var node : pending) {
      if (node.range.first() < end && first < node.range.end()) {
        return node.range;
      }
    }
    return null;
  }

  /** Takes the value of a node that overlaps nothing there; true if that finished the segment. */
  boolean add(Range range, ByteBuffer data, boolean scratch) {
    var node = new Node(range, data, scratch);
    while (node.range.size() < leaves) {
      var sibling = takePending(ReductionTree.sibling(leaves, node.range));
      if (sibling == null) {
        pending.add(node);
        return false;
      }
      node =
          node.range.first() < sibling.range.first() ? merge(node, sibling) : merge(sibling, node);
    }
    if (node.data != out) {
      out.duplicate().put(node.data.duplicate());
      release(node);
    }
    if (kind == ReduceKind.MEAN) {
      sums.divide(type, out, leaves);
    }
    done = true;
    return true;
  }

  private Node takePending(Range range) {
    for (var i = 0; i < pending.size(); i++) {
      if (pending.get(i).range.equals(range)) {
        return pending.remove(i);
      }
    }
    return null;
  }

  private Node merge(Node left, Node right) {
    var range = new Range(left.range.first(), right.range.end());
    // Only the last sum may go to out, which may be the memory of a partial not yet added.
    var target = range.size() == leaves ? out : null;
    var scratch = target == null;
    if (scratch) {
      target = left.scratch ? left.data : right.scratch ? right.data : pool.take(out.remaining());
    }
    if (kind == ReduceKind.MAX) {
      sums.max(type, left.data, right.data, target);
    } else {
      sums.add(type, left.data, right.data, target);
    }
    if (left.data != target) {
      release(left);
    }
    if (right.data != target) {
      release(right);
    }
    return new Node(range, target, scratch);
  }

  private void release(Node node) {
    if (node.scratch) {
      pool.give(node.data);
    }
  }
}
