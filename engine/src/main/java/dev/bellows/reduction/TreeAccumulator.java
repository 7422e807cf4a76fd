package dev.bellows.reduction;

import static dev.bellows.errors.Messages.message;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;

/**
 * Adds a contiguous range of leaves of a {@link ReductionTree} as they arrive, the way a binary
 * counter carries: two siblings are merged as soon as both are complete. At most 2·log2(leaves) + 1
 * values are held at any time; after the last leaf they are exactly those of {@link
 * ReductionTree#canonical}.
 *
 * <p>Not safe for use by several threads.
 *
 * @param <T> the value of a node
 */
public final class TreeAccumulator<T> {
  private final int leaves;
  private final int end;
  private final BinaryOperator<T> merge;
  private final ArrayList<Partial<T>> pending = new ArrayList<>();
  private int next;

  /**
   * The summed value of one node.
   *
   * @param range the leaves of the node
   * @param value their sum in tree order
   */
  public record Partial<T>(ReductionTree.Range range, T value) {}

  /**
   * Creates an accumulator for the leaves [first, end) of {@code leaves}.
   *
   * @param merge returns left + right, called with the left value first; it may add right into
   *     left, return left and recycle right
   * @throws IllegalArgumentException if not 0 ≤ first ≤ end ≤ leaves
   */
  public TreeAccumulator(int leaves, int first, int end, BinaryOperator<T> merge) {
    if (first < 0 || end < first || end > leaves) {
      throw new IllegalArgumentException(
          message(
              "treeAccumulator: range must lie inside the leaves; got [%s, %s) of %s",
              first, end, leaves));
    }
    this.leaves = leaves;
    this.next = first;
    this.end = end;
    this.merge = merge;
  }

  /** Returns the leaf whose value {@link #add} takes next; {@code end} when all have been added. */
  public int nextLeaf() {
    return next;
  }

  /**
   * Adds the value of leaf {@link #nextLeaf()} and merges the nodes that it completes.
   *
   * @throws IllegalStateException if all leaves have been added
   */
  public void add(T value) {
    if (next == end) {
      throw new IllegalStateException("treeAccumulator: all leaves have come; end is " + end);
    }
    var range = new ReductionTree.Range(next, next + 1);
    next++;
    while (!pending.isEmpty()) {
      var left = pending.get(pending.size() - 1);
      var first = left.range().first();
      if (!ReductionTree.isNode(leaves, first, range.end())
          || ReductionTree.split(first, range.end()) != range.first()) {
        break;
      }
      pending.remove(pending.size() - 1);
      value = merge.apply(left.value(), value);
      range = new ReductionTree.Range(first, range.end());
    }
    pending.add(new Partial<>(range, value));
  }

  /** Returns the current partials, from left to right. */
  public List<Partial<T>> pending() {
    return List.copyOf(pending);
  }

  /**
   * Returns the canonical partials of the whole range, from left to right; none for an empty range.
   *
   * @throws IllegalStateException if leaves are missing
   */
  public List<Partial<T>> finish() {
    if (next != end) {
      throw new IllegalStateException(
          message(
              "treeAccumulator: all leaves must come before the end; got up to %s of %s",
              next, end));
    }
    return pending();
  }
}
