package dev.bellows.comm.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.comm.CommException;
import dev.bellows.comm.ElementType;
import dev.bellows.comm.ProcessGroup;
import dev.bellows.comm.ReduceKind;
import dev.bellows.comm.TreePartial;
import dev.bellows.comm.Work;
import dev.bellows.comm.algorithms.Buffers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reductions of every kind and operations on chunks, over every transport. */
abstract class ReductionContract {
  private static final Duration WAIT = Duration.ofSeconds(30);

  abstract List<ProcessGroup> open(int worldSize);

  /** The same with segments of 4 KiB. */
  abstract List<ProcessGroup> openSmall(int worldSize);

  /** One reduction of random leaves with special values. */
  private record Case(NaiveReduction naive, ReduceKind kind, int[] bounds, List<Long> expected) {
    static Case random(Random random, int worldSize) {
      var type = ElementType.values()[random.nextInt(4)];
      var kind = ReduceKind.values()[random.nextInt(3)];
      if (type == ElementType.INT64 && kind == ReduceKind.MEAN) {
        kind = ReduceKind.SUM;
      }
      var elements = random.nextInt(random.nextBoolean() ? 10 : 4000);
      var naive = NaiveReduction.random(random, type, 1 + random.nextInt(64), elements);
      var bounds = new int[worldSize + 1];
      for (var i = 1; i < worldSize; i++) {
        bounds[i] = random.nextInt(elements + 1);
      }
      bounds[worldSize] = elements;
      Arrays.sort(bounds);
      return new Case(naive, kind, bounds, naive.bits(naive.reduce(kind)));
    }

    List<Long> chunk(int rank) {
      return expected.subList(bounds[rank], bounds[rank + 1]);
    }
  }

  private void everyWorldSize(CaseBody body) {
    var random = Ranks.random();
    for (var worldSize : new int[] {1, 2, 3, 4, 5, 6, 7, 8, 13}) {
      var cases = new ArrayList<Case>();
      for (var i = 0; i < 12; i++) {
        cases.add(Case.random(random, worldSize));
      }
      var groups = openSmall(worldSize);
      try {
        Ranks.run(
            groups,
            (rank, group) -> {
              for (var one : cases) {
                body.run(rank, group, one);
              }
            });
      } finally {
        Ranks.close(groups);
      }
    }
  }

  private interface CaseBody {
    void run(int rank, ProcessGroup group, Case one);
  }

  @Test
  @Timeout(120)
  void everyKindHasTheBitsOfTheNaiveTree() {
    everyWorldSize(
        (rank, group, one) -> {
          var naive = one.naive;
          var out = Ranks.direct(naive.bytes());
          group
              .allReduce(
                  naive.leaves(),
                  naive.partials(one.kind, group.worldSize(), rank),
                  out,
                  naive.type(),
                  one.kind)
              .await(WAIT);
          assertThat(naive.bits(out)).isEqualTo(one.expected);
        });
  }

  @Test
  @Timeout(120)
  void largeReductionsHaveTheBitsOfTheNaiveTree() {
    var random = Ranks.random();
    for (var worldSize : new int[] {2, 3, 4}) {
      var kind = ReduceKind.values()[random.nextInt(3)];
      var type = random.nextBoolean() ? ElementType.FLOAT32 : ElementType.BFLOAT16;
      var elements = 200_000 + random.nextInt(1_500_000);
      var naive = NaiveReduction.random(random, type, 1 + random.nextInt(4), elements);
      var expected = naive.bits(naive.reduce(kind));
      var groups = open(worldSize);
      try {
        Ranks.run(
            groups,
            (rank, group) -> {
              var out = Ranks.direct(naive.bytes());
              var partials = naive.partials(kind, worldSize, rank);
              group.allReduce(naive.leaves(), partials, out, type, kind).await(WAIT);
              assertThat(naive.bits(out).equals(expected))
                  .as("%d elements of %s, %s over %d", elements, type, kind, naive.leaves())
                  .isTrue();
            });
      } finally {
        Ranks.close(groups);
      }
    }
  }

  @Test
  @Timeout(120)
  void reduceScatterGivesEachRankItsChunkOfTheAllReduce() {
    everyWorldSize(
        (rank, group, one) -> {
          var naive = one.naive;
          var size = one.bounds[rank + 1] - one.bounds[rank];
          var out = Ranks.direct(size * naive.type().bytes());
          group
              .reduceScatter(
                  naive.leaves(),
                  naive.partials(one.kind, group.worldSize(), rank),
                  out,
                  one.bounds,
                  naive.type(),
                  one.kind)
              .await(WAIT);
          assertThat(naive.bits(out)).isEqualTo(one.chunk(rank));
        });
  }

  @Test
  @Timeout(120)
  void reduceScatterIntoItsOwnPartialAndAllGatherMakeAnAllReduce() {
    everyWorldSize(
        (rank, group, one) -> {
          var naive = one.naive;
          var partials = naive.partials(one.kind, group.worldSize(), rank);
          var inPlace = !partials.isEmpty() && partials.get(0).data().remaining() == naive.bytes();
          var data = inPlace ? partials.get(0).data() : Ranks.direct(naive.bytes());
          var bytes = naive.type().bytes();
          var first = one.bounds[rank] * bytes;
          var out = Buffers.slice(data, first, one.bounds[rank + 1] * bytes - first);
          var scattered =
              group.reduceScatter(
                  naive.leaves(), partials, out, one.bounds, naive.type(), one.kind);
          scattered.await(WAIT);
          group.allGather(data, one.bounds, naive.type()).await(WAIT);
          assertThat(naive.bits(data)).isEqualTo(one.expected);
        });
  }

  @Test
  @Timeout(60)
  void bfloat16IsRoundedOnceToNearestEven() {
    var groups = open(2);
    // 1 + 2^-8 lies between 1 and 1 + 2^-7; 3 * 2^-7 + 2^-8 between odd and even; 2^127 overflows.
    var left = new float[] {1, 1 + 3 * 0x1p-7f, 1, 0x1p127f, 0x1p-133f};
    var right = new float[] {0x1p-8f, 0x1p-8f, 0x1.02p-8f, 0x1p127f, 0x1p-133f};
    var expected = new float[] {1, 1 + 4 * 0x1p-7f, 1 + 0x1p-7f, 1 / 0f, 0x1p-132f};
    try {
      Ranks.run(
          groups,
          (rank, group) -> {
            var data = Ranks.direct(10);
            for (var value : rank == 0 ? left : right) {
              data.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
            }
            var out = Ranks.direct(10);
            var partials = List.of(new TreePartial(rank, rank + 1, data.flip()));
            group.allReduce(2, partials, out, ElementType.BFLOAT16).await(WAIT);
            for (var i = 0; i < 5; i++) {
              assertThat(Float.intBitsToFloat(out.getShort(2 * i) << 16)).isEqualTo(expected[i]);
            }
          });
    } finally {
      Ranks.close(groups);
    }
  }

  @Test
  @Timeout(60)
  void zerosAndNanOfMax() {
    var groups = open(2);
    try {
      Ranks.run(
          groups,
          (rank, group) -> {
            var nan = Float.NaN;
            var data = rank == 0 ? Ranks.floats(-0f, 0f, nan, 1, -0f) : one(nan);
            var out = Ranks.direct(20);
            var partials = List.of(new TreePartial(rank, rank + 1, data));
            group.allReduce(2, partials, out, ElementType.FLOAT32, ReduceKind.MAX).await(WAIT);
            var max = new float[5];
            out.asFloatBuffer().get(max);
            assertThat(max).containsExactly(0f, 0f, nan, nan, -0f);
          });
    } finally {
      Ranks.close(groups);
    }
  }

  private static ByteBuffer one(float nan) {
    return Ranks.floats(0f, -0f, 1, nan, -0f);
  }

  @Test
  @Timeout(60)
  void differentKindsAndBoundsAreRefusedByName() {
    refused(
        "every rank must start the same operation",
        (rank, group) ->
            group.allReduce(
                2,
                List.of(new TreePartial(rank, rank + 1, Ranks.direct(256))),
                Ranks.direct(256),
                ElementType.FLOAT32,
                rank == 0 ? ReduceKind.SUM : ReduceKind.MAX));
    refused(
        "every rank must start the same operation",
        (rank, group) ->
            group.allGather(Ranks.direct(256), new int[] {0, 30 + rank, 64}, ElementType.FLOAT32));
  }

  private interface Start {
    Work start(int rank, ProcessGroup group);
  }

  private void refused(String rule, Start start) {
    var groups = open(2);
    try {
      Ranks.run(
          groups,
          (rank, group) ->
              assertThatThrownBy(() -> start.start(rank, group).await(WAIT))
                  .hasMessageContaining(rule)
                  .extracting(e -> ((CommException) e).category())
                  .isEqualTo(CommException.Category.FATAL));
    } finally {
      Ranks.close(groups);
    }
  }

  @Test
  @Timeout(60)
  void wrongChunksAreRefusedAtOnce() {
    var group = open(1).get(0);
    var data = Ranks.direct(8);
    var f = ElementType.FLOAT32;
    assertThatThrownBy(() -> group.allGather(data, new int[] {0, 1, 2}, f))
        .hasMessageContaining("allGather: bounds must be 2 numbers from 0")
        .hasMessageContaining("got [0, 1, 2]");
    assertThatThrownBy(() -> group.allGather(data, new int[] {0, 3}, f))
        .hasMessage("allGather: data must have 12 bytes, as the bounds say; got 8");
    assertThatThrownBy(
            () ->
                group.reduceScatter(
                    1,
                    List.of(new TreePartial(0, 1, data)),
                    Ranks.direct(4),
                    new int[] {0, 2},
                    f,
                    ReduceKind.SUM))
        .hasMessage("reduceScatter: out must have 8 bytes, as the bounds say; got 4");
    assertThatThrownBy(
            () -> group.allReduce(1, List.of(), data, ElementType.INT64, ReduceKind.MEAN))
        .hasMessage("allReduce: MEAN needs a floating point type; got INT64");
    group.close();
  }
}
