package dev.bellows.comm.algorithms;

import dev.bellows.comm.wire.Target.Held;
import dev.bellows.reduction.ReductionTree;
import dev.bellows.reduction.ReductionTree.Range;
import java.nio.ByteBuffer;
import java.util.TreeMap;

/**
 * One segment of the reduction at its owner: takes values of nodes in any order and joins two
 * siblings as soon as both are there, left and right; the result of the root goes to {@code out}.
 */
final class SegmentSum {
  private final Reduction reduction;
  private final ByteBuffer out;

  /** The nodes that wait for their siblings, by first leaf; none overlaps another. */
  private final TreeMap<Integer, Node> pending = new TreeMap<>();

  private boolean done;

  private record Node(Range range, ByteBuffer data, Held held) {
    private boolean scratch() {
      return held == Held.SCRATCH;
    }
  }

  SegmentSum(Reduction reduction, ByteBuffer out) {
    this.reduction = reduction;
    this.out = out;
  }

  boolean done() {
    return done;
  }

  /** Returns a range of leaves already added that overlaps the given one, or null. */
  Range overlap(int first, int end) {
    if (done) {
      return new Range(0, reduction.leaves());
    }
    var before = pending.lowerEntry(end);
    return before != null && first < before.getValue().range.end() ? before.getValue().range : null;
  }

  /** Takes the value of a node that overlaps nothing there; true if that finished the segment. */
  boolean add(Range range, ByteBuffer data, Held held) {
    var leaves = reduction.leaves();
    var node = wide(new Node(range, data, held));
    while (node.range.size() < leaves) {
      var sibling = takePending(ReductionTree.sibling(leaves, node.range));
      if (sibling == null) {
        pending.put(node.range.first(), kept(node));
        return false;
      }
      node =
          node.range.first() < sibling.range.first() ? merge(node, sibling) : merge(sibling, node);
    }
    reduction.finish(node.data, out);
    release(node);
    done = true;
    return true;
  }

  private Node wide(Node node) {
    if (!reduction.isNarrow(node.range.size())) {
      return node;
    }
    var wide = reduction.take(out.remaining());
    reduction.sums().widen(node.data, wide);
    release(node);
    return new Node(node.range, wide, Held.SCRATCH);
  }

  private Node kept(Node node) {
    if (node.held != Held.LENT) {
      return node;
    }
    var copy = reduction.pool().take(node.data.remaining());
    copy.duplicate().put(node.data.duplicate());
    return new Node(node.range, copy, Held.SCRATCH);
  }

  private Node takePending(Range range) {
    var node = pending.get(range.first());
    return node != null && node.range.equals(range) ? pending.remove(range.first()) : null;
  }

  private Node merge(Node left, Node right) {
    var range = new Range(left.range.first(), right.range.end());
    // Only the last value may go to out, which may be the memory of a partial not yet added.
    var last = range.size() == reduction.leaves() && reduction.widening(range.size()) == 1;
    var target =
        last
            ? out
            : left.scratch()
                ? left.data
                : right.scratch() ? right.data : reduction.take(out.remaining());
    reduction.combine(left.data, right.data, target);
    if (left.data != target) {
      release(left);
    }
    if (right.data != target) {
      release(right);
    }
    return new Node(range, target, last ? Held.PLACE : Held.SCRATCH);
  }

  private void release(Node node) {
    if (node.scratch()) {
      reduction.pool().give(node.data);
    }
  }
}
