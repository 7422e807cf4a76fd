package dev.bellows.spark.worker;

import dev.bellows.comm.CommException;
import dev.bellows.comm.ElementType;
import dev.bellows.comm.ProcessGroup;
import dev.bellows.comm.TreePartial;
import dev.bellows.comm.Work;
import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import dev.bellows.train.GradientExchange;
import dev.bellows.train.TreeAccumulator;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Adds gradients over a process group, in the memory where they lie. */
final class Exchange implements GradientExchange {
  private final ProcessGroup group;
  private final Duration timeout;

  Exchange(ProcessGroup group, Duration timeout) {
    this.group = group;
    this.timeout = timeout;
  }

  @Override
  public Pending start(int leaves, List<TreeAccumulator.Partial<Tensor>> partials, Tensor out) {
    var nodes = new ArrayList<TreePartial>();
    for (var partial : partials) {
      nodes.add(
          new TreePartial(partial.range().first(), partial.range().end(), bytes(partial.value())));
    }
    var start = System.nanoTime();
    Work work = group.allReduce(leaves, nodes, bytes(out), type(out.dtype()));
    return () -> {
      try {
        work.await(timeout);
      } catch (CommException e) {
        throw System.nanoTime() - start < timeout.toNanos()
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
      default ->
          throw new IllegalArgumentException(
              "exchange: gradients must be FLOAT32 or FLOAT64; got " + dtype);
    };
  }

  /** The memory of a contiguous tensor; the tensor keeps it alive. */
  private static ByteBuffer bytes(Tensor tensor) {
    var strided = tensor.strided();
    var first = Math.toIntExact(strided.byteOffset());
    var size = Math.toIntExact(strided.numel() * strided.dtype().bytes());
    var block = strided.storage().block().buffer();
    if (block == null) {
      throw new IllegalArgumentException(
          "exchange: a gradient must be smaller than 2 GiB; got " + size + " bytes in one block");
    }
    return block
        .duplicate()
        .limit(first + size)
        .position(first)
        .slice()
        .order(ByteOrder.nativeOrder());
  }
}
