package dev.bellows.reduction;

import static dev.bellows.errors.Messages.message;

import java.util.ArrayList;
import java.util.List;

/**
 * The fixed binary tree in which the gradients of a global batch are added.
 *
 * <p>A tree over {@code leaves} leaves has the root [0, leaves). A node [lo, hi) with more than one
 * leaf has the children [lo, lo + p) and [lo + p, hi), where p is the largest power of two strictly
 * smaller than hi − lo. The value of a node is the value of its left child plus the value of its
 * right child, element by element, with one rounding for each addition. As the tree depends on
 * nothing but the number of leaves, the bits of the sum depend neither on the number of ranks nor
 * on who adds what.
 *
 * <p>Example for five leaves: (((0 + 1) + (2 + 3)) + 4).
 *
 * <p>All methods take O(log leaves) time, except {@link #shardRange}, which takes O(1). Source of
 * the shape: the Merkle tree of RFC 6962, section 2.1.
 */
public final class ReductionTree {
  private ReductionTree() {}

  /**
   * The half-open range of leaves [first, end).
   *
   * @param first the first leaf, at least 0
   * @param end one after the last leaf, at least {@code first}
   */
  public record Range(int first, int end) {
    /**
     * Checks the bounds.
     *
     * @throws IllegalArgumentException if {@code first} is negative or greater than {@code end}
     */
    public Range {
      if (first < 0 || end < first) {
        throw new IllegalArgumentException(
            message("reductionTree: range must be 0 <= first <= end; got [%s, %s)", first, end));
      }
    }

    /** Returns the number of leaves in the range. */
    public int size() {
      return end - first;
    }

    @Override
    public String toString() {
      return "[" + first + ", " + end + ")";
    }
  }

  /**
   * Returns where the node [first, end) is split: its children are [first, split) and [split, end).
   *
   * @throws IllegalArgumentException if the node has fewer than two leaves
   */
  public static int split(int first, int end) {
    if (end - first < 2) {
      throw new IllegalArgumentException(
          message(
              "reductionTree: only a node of two or more leaves has children; got %s",
              new Range(first, end)));
    }
    return first + Integer.highestOneBit(end - first - 1);
  }

  /** Returns whether [first, end) is a node of the tree over {@code leaves} leaves. */
  public static boolean isNode(int leaves, int first, int end) {
    if (first < 0 || first >= end || end > leaves) {
      return false;
    }
    var lo = 0;
    var hi = leaves;
    while (lo != first || hi != end) {
      if (hi - lo < 2) {
        return false;
      }
      var mid = split(lo, hi);
      if (end <= mid) {
        hi = mid;
      } else if (first >= mid) {
        lo = mid;
      } else {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns the parent of a node.
   *
   * @throws IllegalArgumentException if {@code node} is the root or not a node of this tree
   */
  public static Range parent(int leaves, Range node) {
    var lo = 0;
    var hi = leaves;
    while (isNode(leaves, node.first(), node.end()) && hi - lo > 1) {
      var mid = split(lo, hi);
      var left = node.first() < mid;
      if (node.first() == (left ? lo : mid) && node.end() == (left ? mid : hi)) {
        return new Range(lo, hi);
      }
      if (left) {
        hi = mid;
      } else {
        lo = mid;
      }
    }
    throw new IllegalArgumentException(
        message(
            "reductionTree: only a node below the root has a parent; got %s of %s leaves",
            node, leaves));
  }

  /**
   * Returns the other child of a node's parent.
   *
   * @throws IllegalArgumentException if {@code node} is the root or not a node of this tree
   */
  public static Range sibling(int leaves, Range node) {
    var parent = parent(leaves, node);
    return node.first() == parent.first()
        ? new Range(node.end(), parent.end())
        : new Range(parent.first(), node.first());
  }

  /**
   * Returns the maximal nodes of the tree that lie inside [first, end), from left to right: the
   * fewest subtrees that together contain exactly these leaves, at most 2·log2(leaves) + 1 of them.
   *
   * @throws IllegalArgumentException if not 0 ≤ first ≤ end ≤ leaves
   */
  public static List<Range> canonical(int leaves, int first, int end) {
    if (first < 0 || end < first || end > leaves) {
      throw new IllegalArgumentException(
          message(
              "reductionTree: range must lie inside the leaves; got [%s, %s) of %s",
              first, end, leaves));
    }
    var nodes = new ArrayList<Range>();
    if (first < end) {
      collect(0, leaves, first, end, nodes);
    }
    return nodes;
  }

  private static void collect(int lo, int hi, int first, int end, List<Range> nodes) {
    if (end <= lo || hi <= first) {
      return;
    }
    if (first <= lo && hi <= end) {
      nodes.add(new Range(lo, hi));
      return;
    }
    var mid = split(lo, hi);
    collect(lo, mid, first, end, nodes);
    collect(mid, hi, first, end, nodes);
  }

  /**
   * Returns the leaves of one rank if the leaves are distributed in contiguous ranges whose sizes
   * differ by at most one, the larger ones first. With more ranks than leaves the last ranks get
   * none.
   *
   * @throws IllegalArgumentException if {@code leaves} is negative or not 0 ≤ rank &lt; worldSize
   */
  public static Range shardRange(int leaves, int worldSize, int rank) {
    if (leaves < 0 || rank < 0 || rank >= worldSize) {
      throw new IllegalArgumentException(
          message(
              "shardRange: needs leaves >= 0 and 0 <= rank < worldSize; got leaves %s, rank %s,"
                  + " worldSize %s",
              leaves, rank, worldSize));
    }
    var base = leaves / worldSize;
    var larger = leaves % worldSize;
    var first = rank * base + Math.min(rank, larger);
    return new Range(first, first + base + (rank < larger ? 1 : 0));
  }
}
