package dev.bellows.comm.group;

import dev.bellows.comm.ElementType;
import dev.bellows.comm.TreePartial;
import dev.bellows.reduction.ReductionTree;
import dev.bellows.reduction.TreeAccumulator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random leaves, the naive recursive sum of all, and the partials of a rank. */
record TreeSums(ElementType type, List<ByteBuffer> leaves) {

  static TreeSums random(Random random, ElementType type, int leaves, int elements) {
    var all = new ArrayList<ByteBuffer>();
    for (var leaf = 0; leaf < leaves; leaf++) {
      var buffer = Ranks.direct(elements * type.bytes());
      for (var i = 0; i < elements; i++) {
        var scale = Math.pow(10, random.nextInt(9) - 4);
        switch (type) {
          case FLOAT32 -> buffer.putFloat((float) (random.nextGaussian() * scale));
          case FLOAT64 -> buffer.putDouble(random.nextGaussian() * scale);
          case INT64 -> buffer.putLong(random.nextLong());
          case BFLOAT16 -> buffer.putShort(narrow((float) (random.nextGaussian() * scale)));
        }
      }
      all.add(buffer.flip());
    }
    return new TreeSums(type, all);
  }

  ByteBuffer sum(int first, int end) {
    if (end - first == 1) {
      return leaves.get(first);
    }
    var power = 1;
    while (power * 2 < end - first) {
      power *= 2;
    }
    return add(sum(first, first + power), sum(first + power, end));
  }

  /** The sum of all leaves, as the group gives it. */
  ByteBuffer result() {
    return narrowed(sum(0, leaves.size()));
  }

  /** The result of a value of all leaves. */
  ByteBuffer narrowed(ByteBuffer root) {
    if (type != ElementType.BFLOAT16 || leaves.size() == 1) {
      return root;
    }
    var narrow = Ranks.direct(root.remaining() / 2);
    for (var i = 0; i < root.remaining() / 4; i++) {
      narrow.putShort(2 * i, narrow(root.getFloat(4 * i)));
    }
    return narrow;
  }

  /** Leaves of BFLOAT16 as FLOAT32; everything else as it is. */
  ByteBuffer wide(ByteBuffer node) {
    if (type != ElementType.BFLOAT16 || node.remaining() != leaves.get(0).remaining()) {
      return node;
    }
    var wide = Ranks.direct(2 * node.remaining());
    for (var i = 0; i < node.remaining() / 2; i++) {
      wide.putFloat(4 * i, Float.intBitsToFloat(node.getShort(2 * i) << 16));
    }
    return wide;
  }

  /** By trying both neighbours, the nearer one wins, of two equally near the even one. */
  static short narrow(float value) {
    var down = (short) (Float.floatToRawIntBits(value) >> 16);
    if (Float.isNaN(value)) {
      return (short) (down | 0x40);
    }
    var up = (short) (down + 1);
    var below = Math.abs((double) value - Float.intBitsToFloat(down << 16));
    // One step beyond the largest finite number stands for 2^128, not for infinity.
    var upper = Float.intBitsToFloat(up << 16);
    var above = Math.abs(value - (Float.isInfinite(upper) ? Math.copySign(0x1p128, upper) : upper));
    return Float.isInfinite(value) || below < above || below == above && (down & 1) == 0
        ? down
        : up;
  }

  ByteBuffer add(ByteBuffer left, ByteBuffer right) {
    return type == ElementType.BFLOAT16
        ? add(ElementType.FLOAT32, wide(left), wide(right))
        : add(type, left, right);
  }

  private static ByteBuffer add(ElementType type, ByteBuffer left, ByteBuffer right) {
    var sum = Ranks.direct(left.remaining());
    for (var at = 0; at < left.remaining(); at += type.bytes()) {
      switch (type) {
        case BFLOAT16 -> throw new IllegalArgumentException("added as FLOAT32");
        case FLOAT32 -> sum.putFloat(at, left.getFloat(at) + right.getFloat(at));
        case FLOAT64 -> sum.putDouble(at, left.getDouble(at) + right.getDouble(at));
        case INT64 -> sum.putLong(at, left.getLong(at) + right.getLong(at));
      }
    }
    return sum;
  }

  /** The partials of a range, each in its own buffer. */
  List<TreePartial> partials(int first, int end) {
    var accumulator = new TreeAccumulator<ByteBuffer>(leaves.size(), first, end, this::add);
    for (var leaf = first; leaf < end; leaf++) {
      accumulator.add(Ranks.copy(leaves.get(leaf)));
    }
    return accumulator.finish().stream()
        .map(p -> new TreePartial(p.range().first(), p.range().end(), p.value()))
        .toList();
  }

  List<TreePartial> partialsOf(int worldSize, int rank) {
    var range = ReductionTree.shardRange(leaves.size(), worldSize, rank);
    return partials(range.first(), range.end());
  }
}
