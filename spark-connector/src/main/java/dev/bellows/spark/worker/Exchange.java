package dev.bellows.spark.worker;

import dev.bellows.comm.CommException;
import dev.bellows.comm.ElementType;
import dev.bellows.comm.ProcessGroup;
import dev.bellows.comm.ReduceKind;
import dev.bellows.comm.TreePartial;
import dev.bellows.comm.Work;
import dev.bellows.memory.DType;
import dev.bellows.reduction.TreeAccumulator;
import dev.bellows.spark.Time;
import dev.bellows.tensor.Tensor;
import dev.bellows.train.GradientExchange;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;

/** Adds gradients over a process group, in place. */
final class Exchange implements GradientExchange {
  private final ProcessGroup group;
  private final Duration timeout;
  private final Time time;

  /** Operations that were started, oldest first; completed ones are removed when others start. */
  private final ArrayDeque<Open> open = new ArrayDeque<>();

  private record Open(String name, Work work) {}

  Exchange(ProcessGroup group, Duration timeout, Time time) {
    this.group = group;
    this.time = time;
    this.timeout = timeout;
  }

  @Override
  public int rank() {
    return group.rank();
  }

  @Override
  public int worldSize() {
    return group.worldSize();
  }

  @Override
  public Pending start(
      String name, int leaves, List<TreeAccumulator.Partial<Tensor>> partials, Tensor out) {
    return pending(name, group.allReduce(leaves, nodes(partials), bytes(out), type(out.dtype())));
  }

  @Override
  public Pending startScatter(
      String name,
      int leaves,
      List<TreeAccumulator.Partial<Tensor>> partials,
      Tensor out,
      long[] bounds) {
    var elementBytes = out.dtype().bytes();
    var first = (int) bounds[rank()] * elementBytes;
    var chunk = bytes(out).slice(first, (int) bounds[rank() + 1] * elementBytes - first);
    return pending(
        name,
        group.reduceScatter(
            leaves,
            nodes(partials),
            chunk.order(ByteOrder.nativeOrder()),
            ints(bounds),
            type(out.dtype()),
            ReduceKind.SUM));
  }

  @Override
  public Pending startGather(Tensor data, long[] bounds) {
    return pending("gathering", group.allGather(bytes(data), ints(bounds), type(data.dtype())));
  }

  @Override
  public void requireEqual(String what, List<String> lines) {
    Agreement.require(group, timeout, what, lines);
  }

  private static int[] ints(long... bounds) {
    return Arrays.stream(bounds).mapToInt(Math::toIntExact).toArray();
  }

  private static List<TreePartial> nodes(List<TreeAccumulator.Partial<Tensor>> partials) {
    return partials.stream()
        .map(p -> new TreePartial(p.range().first(), p.range().end(), bytes(p.value())))
        .toList();
  }

  /** Describes an operation that has been pending for long, with its bucket; null: none. */
  String stall() {
    var text = group.stall();
    var oldest = oldest();
    return text == null || oldest == null ? text : oldest.name() + ": " + text;
  }

  private synchronized Open oldest() {
    while (!open.isEmpty() && open.peek().work().isDone()) {
      open.poll();
    }
    return open.peek();
  }

  private Pending pending(String name, Work work) {
    synchronized (this) {
      oldest();
      open.add(new Open(name, work));
    }
    var start = time.nanos();
    return () -> {
      try {
        work.await(timeout);
      } catch (CommException e) {
        throw time.nanos() - start < timeout.toNanos()
            ? e
            : new CommException(
                e.category(), e.getMessage() + " (timeouts.collective was reached)", e);
      }
    };
  }

  private static ElementType type(DType dtype) {
    return switch (dtype) {
      case FLOAT32 -> ElementType.FLOAT32;
      case FLOAT64 -> ElementType.FLOAT64;
      case BFLOAT16 -> ElementType.BFLOAT16;
      case INT64 -> ElementType.INT64;
      default ->
          throw new IllegalArgumentException(
              "exchange: tensors must be FLOAT32, FLOAT64, BFLOAT16 or INT64; got " + dtype);
    };
  }

  /** Returns the memory of a contiguous tensor; the tensor keeps it alive. */
  static ByteBuffer bytes(Tensor tensor) {
    var strided = tensor.strided();
    var first = Math.toIntExact(strided.byteOffset());
    var size = Math.toIntExact(strided.numel() * strided.dtype().bytes());
    var block = strided.storage().block().buffer();
    if (block == null) {
      throw new IllegalArgumentException(
          "exchange: a tensor must be smaller than 2 GiB; got " + size + " bytes in one block");
    }
    return block
        .duplicate()
        .limit(first + size)
        .position(first)
        .slice()
        .order(ByteOrder.nativeOrder());
  }
}
