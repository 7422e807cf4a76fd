package dev.bellows.comm.group;

import dev.bellows.comm.ElementType;
import dev.bellows.comm.ProcessGroup;
import dev.bellows.comm.ReduceKind;
import dev.bellows.comm.TreePartial;
import dev.bellows.comm.Work;
import dev.bellows.comm.algorithms.Buffers;
import dev.bellows.reduction.ReductionTree;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;

/**
 * One random collective whose result is known in closed form. Element i of leaf l is (i + 31·l +
 * salt) mod 251: sums of few leaves are exact in every type, and a piece that is missing, doubled,
 * misplaced or of another operation shows.
 *
 * @param bounds where the chunks start, in elements; the last one is the size of the buffer
 */
record Collective(
    What what, ElementType type, ReduceKind reduce, int leaves, int[] bounds, int root, int salt) {
  private static final int PERIOD = 251;
  private static final double UNTOUCHED = -1;

  enum What {
    ALL_REDUCE,
    REDUCE_SCATTER,
    ALL_GATHER,
    BROADCAST,
    BARRIER
  }

  /** A started collective of one rank. */
  record Running(Collective what, Work work, ByteBuffer out, int rank) {
    /**
     * Compares the result, once the work has ended well.
     *
     * @throws AssertionError naming the first element that differs
     */
    void check() {
      what.check(rank, out);
    }
  }

  /** Any collective, half of them all-reduces. */
  static Collective random(Random random, int worldSize, int elements) {
    var all = What.values();
    var what = random.nextBoolean() ? What.ALL_REDUCE : all[random.nextInt(all.length)];
    var type = ElementType.values()[random.nextInt(4)];
    var reduce = ReduceKind.values()[random.nextInt(3)];
    if (reduce == ReduceKind.MEAN && type == ElementType.INT64) {
      reduce = ReduceKind.SUM;
    }
    var bounds = new int[worldSize + 1];
    for (var i = 1; i < worldSize; i++) {
      bounds[i] = random.nextInt(elements + 1);
    }
    bounds[worldSize] = elements;
    Arrays.sort(bounds);
    return new Collective(
        what,
        type,
        reduce,
        1 + random.nextInt(8),
        bounds,
        random.nextInt(worldSize),
        random.nextInt(PERIOD));
  }

  private int elements() {
    return bounds[bounds.length - 1];
  }

  /** The bytes of the whole buffer. */
  int bytes() {
    return what == What.BARRIER ? 0 : elements() * type.bytes();
  }

  /**
   * Starts it at one rank.
   *
   * @param memory gives direct buffers in native order of the sizes it is asked for
   */
  Running start(ProcessGroup group, IntFunction<ByteBuffer> memory) {
    var rank = group.rank();
    var out = memory.apply(outBytes(rank));
    var work =
        switch (what) {
          case ALL_REDUCE -> group.allReduce(leaves, partials(group, memory), out, type, reduce);
          case REDUCE_SCATTER ->
              group.reduceScatter(leaves, partials(group, memory), out, bounds, type, reduce);
          case ALL_GATHER -> {
            fill(out, 0, i -> UNTOUCHED);
            var own = Buffers.slice(out, bounds[rank] * type.bytes(), chunkBytes(rank));
            fill(own, bounds[rank], node(0, 1));
            yield group.allGather(out, bounds, type);
          }
          case BROADCAST -> {
            fill(out, 0, rank == root ? node(0, 1) : i -> UNTOUCHED);
            yield group.broadcast(out, root);
          }
          case BARRIER -> group.barrier();
        };
    return new Running(this, work, out, rank);
  }

  private int outBytes(int rank) {
    return what == What.REDUCE_SCATTER ? chunkBytes(rank) : bytes();
  }

  private int chunkBytes(int rank) {
    return (bounds[rank + 1] - bounds[rank]) * type.bytes();
  }

  private List<TreePartial> partials(ProcessGroup group, IntFunction<ByteBuffer> memory) {
    var range = ReductionTree.shardRange(leaves, group.worldSize(), group.rank());
    var partials = new ArrayList<TreePartial>();
    for (var node : ReductionTree.canonical(leaves, range.first(), range.end())) {
      var held = type.partialType(node.size());
      var data = memory.apply(elements() * held.bytes());
      fill(held, data, 0, node(node.first(), node.end()));
      partials.add(new TreePartial(node.first(), node.end(), data));
    }
    return partials;
  }

  /** The elements of a node of the tree: the sum or the largest of its leaves. */
  private IntToDoubleFunction node(int first, int end) {
    var table = new double[PERIOD];
    for (var i = 0; i < PERIOD; i++) {
      for (var leaf = first; leaf < end; leaf++) {
        var value = (i + 31 * leaf + salt) % PERIOD;
        table[i] = reduce == ReduceKind.MAX ? Math.max(table[i], value) : table[i] + value;
      }
    }
    return i -> table[i % PERIOD];
  }

  private void fill(ByteBuffer buffer, int first, IntToDoubleFunction value) {
    fill(type, buffer, first, value);
  }

  private static void fill(
      ElementType type, ByteBuffer buffer, int first, IntToDoubleFunction value) {
    var size = type.bytes();
    for (int at = 0, i = first; at < buffer.capacity(); at += size, i++) {
      var element = value.applyAsDouble(i);
      switch (type) {
        case FLOAT32 -> buffer.putFloat(at, (float) element);
        case FLOAT64 -> buffer.putDouble(at, element);
        case INT64 -> buffer.putLong(at, (long) element);
        case BFLOAT16 -> buffer.putShort(at, TreeSums.narrow((float) element));
      }
    }
  }

  private double get(ByteBuffer buffer, int at) {
    return switch (type) {
      case FLOAT32 -> buffer.getFloat(at);
      case FLOAT64 -> buffer.getDouble(at);
      case INT64 -> buffer.getLong(at);
      case BFLOAT16 -> wide(buffer.getShort(at));
    };
  }

  private static float wide(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  private void check(int rank, ByteBuffer out) {
    var reduction = what == What.ALL_REDUCE || what == What.REDUCE_SCATTER;
    var value = node(0, reduction ? leaves : 1);
    var mean = reduction && reduce == ReduceKind.MEAN;
    var first = what == What.REDUCE_SCATTER ? bounds[rank] : 0;
    var size = type.bytes();
    for (int at = 0, i = first; at < outBytes(rank); at += size, i++) {
      var expected = value.applyAsDouble(i);
      if (mean) {
        expected = type == ElementType.FLOAT64 ? expected / leaves : (float) expected / leaves;
      }
      if (type == ElementType.BFLOAT16) {
        expected = wide(TreeSums.narrow((float) expected));
      }
      if (get(out, at) != expected) {
        throw new AssertionError(
            this + ": rank " + rank + ", element " + i + ": " + get(out, at) + " != " + expected);
      }
    }
  }

  @Override
  public String toString() {
    return what
        + " "
        + type
        + " "
        + reduce
        + " over "
        + leaves
        + " leaves, chunks "
        + Arrays.toString(bounds)
        + ", root "
        + root;
  }
}
