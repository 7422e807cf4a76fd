package dev.bellows.oracle;

import dev.bellows.autograd.GradCheck;
import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Gradients of small calls, and gradients of gradients, against finite differences. */
final class FiniteDifferences {
  private static final int LARGEST = 24;
  private static final int ATTEMPTS = 50;

  private FiniteDifferences() {}

  /** Checks the case of the given number; returns a description of the failure, or null. */
  static String check(OpInfo info, long seed, int number) {
    Rng r = new Rng(Rng.mix(seed, info.name(), -1 - number), true);
    Sample sample = small(info, r);
    String name = info + ", case " + number + ", seed " + seed + ": " + sample.script();
    try (TensorScope scope = TensorScope.open()) {
      Tensor[] in = new Tensor[sample.args().size()];
      for (int i = 0; i < in.length; i++) {
        Arg arg = sample.args().get(i);
        in[i] = arg.values(r, Arg.Fill.PLAIN).ours();
        if (arg.isDifferentiable()) {
          in[i].setRequiresGrad(true);
        }
      }
      List<Tensor> outputs = outputs(sample, in);
      for (int k = 0; k < outputs.size(); k++) {
        if (outputs.get(k).requiresGrad() && isFinite(outputs.get(k))) {
          int output = k;
          Function<Tensor[], Tensor> function =
              x -> Outcome.tensors(sample.ours().apply(x)).get(output);
          GradCheck.gradCheck(name + ", result " + k, function, in);
          if (info.times() > 1) {
            GradCheck.gradGradCheck(name + ", result " + k, function, in);
          }
        }
      }
      return null;
    } catch (AssertionError e) {
      return e.getMessage();
    } catch (RuntimeException e) {
      throw new AssertionError(name + " " + sample.args(), e);
    }
  }

  /** The results; none of a call that is refused: the comparison with libtorch judges that. */
  private static List<Tensor> outputs(Sample sample, Tensor... in) {
    try {
      return Outcome.tensors(sample.ours().apply(in));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return List.of();
    }
  }

  /** Differences of infinities and NaN tell nothing. */
  private static boolean isFinite(Tensor x) {
    return Arrays.stream(x.toDoubleArray()).allMatch(Double::isFinite);
  }

  private static Sample small(OpInfo info, Rng r) {
    Sample sample = null;
    for (int i = 0; i < ATTEMPTS; i++) {
      sample = info.sampler().sample(r, DType.FLOAT64);
      if (sample.args().stream().allMatch(arg -> Shapes.numel(arg.shape()) <= LARGEST)) {
        return sample;
      }
    }
    throw new IllegalStateException(
        info + ": small samples must have at most " + LARGEST + " elements; got " + sample.args());
  }
}
