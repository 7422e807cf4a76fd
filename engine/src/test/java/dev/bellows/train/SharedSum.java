package dev.bellows.train;

import dev.bellows.memory.DType;
import dev.bellows.reduction.ReductionTree;
import dev.bellows.reduction.TreeAccumulator;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Exchanges between ranks that are threads of one JVM: each brings its partial sums as arrays, the
 * last to come adds them in tree order, and all take the result.
 */
final class SharedSum {
  private static final long TIMEOUT_S = 60;

  private final int ranks;
  private final TreeMap<Integer, Round> rounds = new TreeMap<>();
  private Throwable failure;

  SharedSum(int ranks) {
    this.ranks = ranks;
  }

  GradientExchange rank(int rank) {
    int[] next = {0};
    return (name, leaves, partials, out) -> {
      Round round = round(next[0]++);
      List<TreeAccumulator.Partial<double[]>> mine = new ArrayList<>();
      for (TreeAccumulator.Partial<Tensor> partial : partials) {
        mine.add(new TreeAccumulator.Partial<>(partial.range(), partial.value().toDoubleArray()));
      }
      round.bring(leaves, mine, out.dtype() == DType.FLOAT64);
      return () -> out.copy_(Tensor.of(round.result()));
    };
  }

  private synchronized Round round(int number) {
    return rounds.computeIfAbsent(number, n -> new Round(failure));
  }

  synchronized void abort(Throwable cause) {
    failure = failure == null ? cause : failure;
    rounds.values().forEach(round -> round.sum.completeExceptionally(cause));
  }

  private final class Round {
    private final CompletableFuture<double[]> sum = new CompletableFuture<>();
    private final TreeMap<Integer, TreeAccumulator.Partial<double[]>> partials = new TreeMap<>();
    private int arrived;

    Round(Throwable failed) {
      if (failed != null) {
        sum.completeExceptionally(failed);
      }
    }

    synchronized void bring(
        int leaves, List<TreeAccumulator.Partial<double[]>> mine, boolean wide) {
      mine.forEach(p -> partials.put(p.range().first(), p));
      if (++arrived == ranks) {
        sum.complete(add(new ReductionTree.Range(0, leaves), wide));
      }
    }

    /** The sum of a node, each of FLOAT32 unless wide. */
    private double[] add(ReductionTree.Range node, boolean wide) {
      TreeAccumulator.Partial<double[]> whole = partials.get(node.first());
      if (whole.range().equals(node)) {
        return whole.value();
      }
      int mid = ReductionTree.split(node.first(), node.end());
      double[] left = add(new ReductionTree.Range(node.first(), mid), wide);
      double[] right = add(new ReductionTree.Range(mid, node.end()), wide);
      double[] out = new double[left.length];
      for (int i = 0; i < out.length; i++) {
        double added = left[i] + right[i];
        out[i] = wide ? added : (float) added;
      }
      return out;
    }

    double[] result() {
      try {
        return sum.get(TIMEOUT_S, TimeUnit.SECONDS);
      } catch (Exception e) {
        throw new IllegalStateException("aborted: " + e, e);
      }
    }
  }
}
