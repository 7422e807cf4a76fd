package dev.bellows.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.autograd.Autograd;
import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No operation cuts the graph in silence: a result, a gradient or a gradient of gradients that
 * changes smoothly with an input belongs to the graph, or asking for it fails.
 */
@Timeout(300)
class SilentCutsTest {
  private static final long SEED = Long.getLong("test.seed", 47);
  private static final int CASES = 8;
  private static final int ORDERS = 3;
  private static final double STEP = 1e-6;

  /** Larger changes are jumps, smaller ones rounding. */
  private static final double LARGEST_CHANGE = 1e-3;

  private static final double LEAST_CHANGE = 1e-12;

  /** Operations that leave the graph by their meaning, as running statistics do. */
  private static final Set<String> OUTSIDE = Set.of("detach", "batchNorm running", "instanceNorm");

  static Stream<OpInfo> infos() {
    return OpTable.all().stream()
        .filter(info -> info.types().list().contains(DType.FLOAT64))
        .filter(info -> !OUTSIDE.contains(info.name()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("infos")
  void whatChangesWithAnInputIsInTheGraph(OpInfo info) {
    for (int number = 0; number < CASES; number++) {
      Rng r = new Rng(Rng.mix(SEED, info.name(), number), true);
      Sample sample = info.sampler().sample(r, DType.FLOAT64);
      if (sample.script().contains("detach")) {
        continue; // a form with an output tensor, which takes no part in a graph
      }
      try (TensorScope scope = TensorScope.open()) {
        assertThat(scope).isNotNull();
        Tensor[] in = inputs(sample, r);
        Tensor[] moved = moved(in, r);
        String title = info + ", case " + number + ", seed " + SEED + ": " + sample.script();
        for (int order = 0; order < ORDERS; order++) {
          check(title, sample, order, in, moved);
        }
      }
    }
  }

  private static Tensor[] inputs(Sample sample, Rng r) {
    Tensor[] in = new Tensor[sample.args().size()];
    for (int i = 0; i < in.length; i++) {
      Arg arg = sample.args().get(i);
      in[i] = arg.values(r, Arg.Fill.PLAIN).ours();
      if (arg.isDifferentiable()) {
        in[i].setRequiresGrad(true);
      }
    }
    return in;
  }

  private static Tensor[] moved(Tensor[] in, Rng r) {
    Tensor[] out = in.clone();
    for (int i = 0; i < in.length; i++) {
      if (in[i].requiresGrad()) {
        double[] steps = new double[Math.toIntExact(in[i].numel())];
        Arrays.setAll(steps, k -> STEP * (0.5 + r.nextInt(100) / 100.0));
        Tensor step = Tensor.of(steps).reshape(in[i].shape());
        out[i] = in[i].detach().add(step).setRequiresGrad(true);
      }
    }
    return out;
  }

  private static void check(String title, Sample sample, int order, Tensor[] in, Tensor[] moved) {
    List<Tensor> here = derivatives(sample.ours(), order, in);
    List<Tensor> there = derivatives(sample.ours(), order, moved);
    if (here.size() != there.size()) {
      return; // a result that depends on the values
    }
    for (int k = 0; k < here.size(); k++) {
      Tensor value = here.get(k);
      if (value != null && there.get(k) != null && !value.requiresGrad()) {
        assertThat(changesSmoothly(value, there.get(k)))
            .as("%s: derivative %s, result %s changes, but is not in the graph", title, order, k)
            .isFalse();
      }
    }
  }

  /** The results, their gradients, …; none where that fails, which is no silence. */
  private static List<Tensor> derivatives(
      Function<Tensor[], Object> function, int order, Tensor... in) {
    try {
      List<Tensor> results = Outcome.tensors(function.apply(in));
      for (int i = 0; i < order; i++) {
        results = gradients(results, in);
      }
      return results;
    } catch (RuntimeException e) {
      return List.of();
    }
  }

  private static List<Tensor> gradients(List<Tensor> results, Tensor... in) {
    List<Tensor> roots = new ArrayList<>();
    List<Tensor> weights = new ArrayList<>();
    for (Tensor result : results) {
      if (result != null && result.requiresGrad()) {
        roots.add(result);
        weights.add(Tensor.onesLike(result));
      }
    }
    List<Tensor> leaves = Stream.of(in).filter(Tensor::requiresGrad).toList();
    if (roots.isEmpty()) {
      return List.of();
    }
    return Arrays.asList(Autograd.grad(roots, leaves, weights, true, true, true));
  }

  private static boolean changesSmoothly(Tensor a, Tensor b) {
    if (!a.dtype().isFloatingPoint() || !Arrays.equals(a.shape(), b.shape())) {
      return false;
    }
    double[] x = a.toDoubleArray();
    double[] y = b.toDoubleArray();
    boolean changed = false;
    for (int i = 0; i < x.length; i++) {
      double change = Math.abs(x[i] - y[i]);
      if (change > LARGEST_CHANGE * Math.max(1, Math.abs(x[i]))) {
        return false;
      }
      changed |= change > LEAST_CHANGE * Math.max(1, Math.abs(x[i]));
    }
    return changed;
  }
}
