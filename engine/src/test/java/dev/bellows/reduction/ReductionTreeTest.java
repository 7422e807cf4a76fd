package dev.bellows.reduction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.reduction.ReductionTree.Range;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ReductionTreeTest {
  private static String naive(int lo, int hi) {
    if (hi - lo == 1) {
      return "" + lo;
    }
    var p = 1;
    while (p * 2 < hi - lo) {
      p *= 2;
    }
    return "(" + naive(lo, lo + p) + "+" + naive(lo + p, hi) + ")";
  }

  @Test
  @Timeout(10)
  void knownShapes() {
    assertThat(naive(0, 5)).isEqualTo("(((0+1)+(2+3))+4)");
    assertThat(ReductionTree.canonical(8, 1, 7))
        .containsExactly(new Range(1, 2), new Range(2, 4), new Range(4, 6), new Range(6, 7));
    assertThat(ReductionTree.canonical(7, 4, 7)).containsExactly(new Range(4, 7));
    assertThat(ReductionTree.canonical(8, 3, 3)).isEmpty();
    assertThat(ReductionTree.parent(7, new Range(6, 7))).isEqualTo(new Range(4, 7));
    assertThat(ReductionTree.sibling(7, new Range(4, 7))).isEqualTo(new Range(0, 4));
    assertThat(ReductionTree.shardRange(7, 3, 0)).isEqualTo(new Range(0, 3));
    assertThat(ReductionTree.shardRange(2, 3, 2)).isEqualTo(new Range(2, 2));
    assertThat(ReductionTree.isNode(8, 2, 4)).isTrue();
    assertThat(ReductionTree.isNode(8, 1, 3)).isFalse();
    assertThat(ReductionTree.isNode(8, 8, 9)).isFalse();
  }

  @Test
  @Timeout(10)
  void refusals() {
    assertThatThrownBy(() -> ReductionTree.parent(8, new Range(0, 8)))
        .hasMessage(
            "reductionTree: only a node below the root has a parent; got [0, 8) of 8 leaves");
    assertThatThrownBy(() -> ReductionTree.canonical(4, 2, 5)).hasMessageContaining("[2, 5) of 4");
    assertThatThrownBy(() -> ReductionTree.shardRange(4, 2, 2)).hasMessageContaining("rank 2");
    assertThatThrownBy(() -> ReductionTree.split(3, 4)).hasMessageContaining("[3, 4)");
    var one = new TreeAccumulator<String>(4, 1, 2, String::concat);
    assertThatThrownBy(one::finish).hasMessageContaining("up to 1 of 2");
    one.add("x");
    assertThatThrownBy(() -> one.add("y")).hasMessageContaining("end is 2");
  }

  @Property
  void anyCutOfTheLeavesGivesTheSameTree(
      @ForAll @IntRange(min = 1, max = 130) int leaves,
      @ForAll @IntRange(min = 1, max = 20) int worldSize) {
    var all = new TreeMap<Integer, TreeAccumulator.Partial<String>>();
    var covered = 0;
    for (var rank = 0; rank < worldSize; rank++) {
      var range = ReductionTree.shardRange(leaves, worldSize, rank);
      assertThat(range.first()).isEqualTo(covered);
      covered = range.end();
      var acc =
          new TreeAccumulator<String>(
              leaves, range.first(), range.end(), (l, r) -> "(" + l + "+" + r + ")");
      while (acc.nextLeaf() < range.end()) {
        acc.add("" + acc.nextLeaf());
        assertThat(acc.pending()).hasSizeLessThanOrEqualTo(2 * 8 + 1);
      }
      var partials = acc.finish();
      assertThat(partials.stream().map(TreeAccumulator.Partial::range).toList())
          .isEqualTo(ReductionTree.canonical(leaves, range.first(), range.end()));
      partials.forEach(p -> all.put(p.range().first(), p));
    }
    assertThat(covered).isEqualTo(leaves);
    assertThat(combine(leaves, all)).isEqualTo(naive(0, leaves));
  }

  /** Merges any two siblings until the root is left. */
  private static String combine(int leaves, TreeMap<Integer, TreeAccumulator.Partial<String>> all) {
    while (all.size() > 1) {
      for (var left : List.copyOf(all.values())) {
        var right = all.get(left.range().end());
        if (right == null || !all.containsKey(left.range().first())) {
          continue;
        }
        var isLeft = !left.range().equals(new Range(0, leaves));
        if (isLeft && ReductionTree.sibling(leaves, left.range()).equals(right.range())) {
          all.remove(right.range().first());
          all.put(
              left.range().first(),
              new TreeAccumulator.Partial<>(
                  ReductionTree.parent(leaves, left.range()),
                  "(" + left.value() + "+" + right.value() + ")"));
          break;
        }
      }
    }
    return all.get(0).value();
  }

  @Property
  void nodesAreThoseReachedFromTheRoot(@ForAll @IntRange(min = 1, max = 40) int leaves) {
    var nodes = new HashSet<Range>();
    reach(0, leaves, nodes);
    assertThat(nodes).hasSize(2 * leaves - 1);
    for (var lo = 0; lo <= leaves; lo++) {
      for (var hi = lo; hi <= leaves; hi++) {
        assertThat(ReductionTree.isNode(leaves, lo, hi))
            .isEqualTo(nodes.contains(new Range(lo, hi)));
      }
    }
  }

  private static void reach(int lo, int hi, Set<Range> nodes) {
    nodes.add(new Range(lo, hi));
    if (hi - lo > 1) {
      var mid = ReductionTree.split(lo, hi);
      reach(lo, mid, nodes);
      reach(mid, hi, nodes);
    }
  }
}
