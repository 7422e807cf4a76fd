package dev.bellows.comm;

import dev.bellows.train.ReductionTree;
import dev.bellows.train.TreeAccumulator;
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

  ByteBuffer add(ByteBuffer left, ByteBuffer right) {
    var sum = Ranks.direct(left.remaining());
    for (var at = 0; at < left.remaining(); at += type.bytes()) {
      switch (type) {
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
