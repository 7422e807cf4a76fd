package dev.bellows.comm.group;

import dev.bellows.comm.ElementType;
import dev.bellows.comm.ReduceKind;
import dev.bellows.comm.TreePartial;
import dev.bellows.reduction.ReductionTree;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random leaves with special values, and what a plain recursion over the tree makes of them. */
final class NaiveReduction {
  private static final double[] SPECIAL = {
    Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0.0, -0.0, 1e-45, -1e-310, 3e38
  };

  private final TreeSums all;

  private NaiveReduction(TreeSums all) {
    this.all = all;
  }

  static NaiveReduction random(Random random, ElementType type, int leaves, int elements) {
    var all = TreeSums.random(random, type, leaves, elements);
    for (var leaf : all.leaves()) {
      for (var i = 0; i < elements; i++) {
        if (random.nextInt(50) == 0) {
          var value = SPECIAL[random.nextInt(SPECIAL.length)];
          switch (type) {
            case FLOAT32 -> leaf.putFloat(4 * i, (float) value);
            case FLOAT64 -> leaf.putDouble(8 * i, value);
            case INT64 -> leaf.putLong(8 * i, random.nextBoolean() ? Long.MIN_VALUE : 0);
            case BFLOAT16 -> leaf.putShort(2 * i, TreeSums.narrow((float) value));
          }
        }
      }
    }
    return new NaiveReduction(all);
  }

  ElementType type() {
    return all.type();
  }

  int leaves() {
    return all.leaves().size();
  }

  int bytes() {
    return all.leaves().get(0).remaining();
  }

  ByteBuffer reduce(ReduceKind kind) {
    if (kind == ReduceKind.MAX) {
      return all.narrowed(max(0, leaves()));
    }
    var sum = Ranks.copy(all.sum(0, leaves()));
    var inner = type().partialType(leaves());
    for (var at = 0; kind == ReduceKind.MEAN && at < sum.remaining(); at += inner.bytes()) {
      switch (inner) {
        case FLOAT32 -> sum.putFloat(at, sum.getFloat(at) / leaves());
        case FLOAT64 -> sum.putDouble(at, sum.getDouble(at) / leaves());
        default -> {} // a single leaf of BFLOAT16
      }
    }
    return all.narrowed(sum);
  }

  private ByteBuffer max(int first, int end) {
    if (end - first == 1) {
      return Ranks.copy(all.leaves().get(first));
    }
    var max = all.wide(Ranks.copy(all.leaves().get(first)));
    for (var narrow : all.leaves().subList(first + 1, end)) {
      var leaf = all.wide(narrow);
      var inner = type().partialType(2);
      for (var at = 0; at < max.remaining(); at += inner.bytes()) {
        // The order of compare: -0 < +0 < NaN.
        switch (inner) {
          case FLOAT32 -> {
            if (Float.compare(leaf.getFloat(at), max.getFloat(at)) > 0) {
              max.putFloat(at, leaf.getFloat(at));
            }
          }
          case FLOAT64 -> {
            if (Double.compare(leaf.getDouble(at), max.getDouble(at)) > 0) {
              max.putDouble(at, leaf.getDouble(at));
            }
          }
          default -> {
            if (leaf.getLong(at) > max.getLong(at)) {
              max.putLong(at, leaf.getLong(at));
            }
          }
        }
      }
    }
    return max;
  }

  /** What a rank brings when the leaves are dealt out evenly. */
  List<TreePartial> partials(ReduceKind kind, int worldSize, int rank) {
    var range = ReductionTree.shardRange(leaves(), worldSize, rank);
    var partials = new ArrayList<TreePartial>();
    for (var node : ReductionTree.canonical(leaves(), range.first(), range.end())) {
      var value =
          kind == ReduceKind.MAX
              ? max(node.first(), node.end())
              : Ranks.copy(all.sum(node.first(), node.end()));
      partials.add(new TreePartial(node.first(), node.end(), value));
    }
    return partials;
  }

  /** The bits of each element, all NaNs alike. */
  List<Long> bits(ByteBuffer data) {
    var bits = new ArrayList<Long>();
    for (var at = 0; at < data.remaining(); at += type().bytes()) {
      bits.add(
          switch (type()) {
            case FLOAT32 -> (long) Float.floatToIntBits(data.getFloat(at));
            case FLOAT64 -> Double.doubleToLongBits(data.getDouble(at));
            case INT64 -> data.getLong(at);
            case BFLOAT16 -> {
              var bits16 = data.getShort(at);
              yield (long) ((bits16 & 0x7fff) > 0x7f80 ? 0x7fc0 : bits16);
            }
          });
    }
    return bits;
  }
}
