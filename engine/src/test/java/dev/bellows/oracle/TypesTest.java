package dev.bellows.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.memory.DType;
import dev.bellows.ops.Accepted;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every operation with every element type: those that {@code docs/ops.md} lists are taken, here and
 * by libtorch, with results of the same types; all others are refused by both.
 */
@Timeout(300)
class TypesTest {
  /**
   * Here without integers, or with halves that libtorch has on other devices only; libtorch takes
   * BOOL in indexReduce for some dimensions, einsum sums integers there in their own type, and its
   * padding by mode takes BOOL for some numbers of dimensions.
   */
  private static final Set<String> DIFFERENT =
      Set.of("linear", "trace", "cdist", "einsum", "indexReduce", "pad by mode", "pdist");

  /** Functions of layers, likewise. */
  private static final Set<String> DIFFERENT_FUNCTIONS =
      Set.of(
          "relu6",
          "hardtanh",
          "localResponseNorm",
          "mseLoss reduced",
          "hingeEmbeddingLoss",
          "multiMarginLoss",
          "multilabelMarginLoss",
          "ctcLoss",
          "unfold patches",
          "fold",
          "interpolate smoothly",
          "interpolate antialiased",
          "gridSample",
          "gridSample cubic",
          "gridSample nearest",
          "affineGrid",
          "fractionalMaxPool2d",
          "fractionalMaxPool3d");

  /** Convolutions and pooling of any number of dimensions, likewise. */
  private static final Pattern DIFFERENT_WINDOWS =
      Pattern.compile("(conv|convTranspose|maxPool|avgPool|lpPool3)\\d?d.*");

  private static final int CALLS = 6;

  static Stream<OpInfo> infos() {
    return OpTable.all().stream().filter(TypesTest::hasArguments);
  }

  private static boolean hasArguments(OpInfo info) {
    Sample sample = info.sampler().sample(new Rng(1, true), info.types().list().get(0));
    return !sample.args().isEmpty()
        && !DIFFERENT.contains(info.name())
        && !DIFFERENT_FUNCTIONS.contains(info.name())
        && !DIFFERENT_WINDOWS.matcher(info.name()).matches();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("infos")
  void listedTypesAreTakenAndOthersRefused(OpInfo info) {
    List<String> failures = new ArrayList<>();
    for (DType dtype : DType.values()) {
      boolean taken = false;
      for (int number = 0; number < CALLS; number++) {
        Rng r = new Rng(Rng.mix(3, info + " " + dtype, number), true);
        Sample sample = info.sampler().sample(r, dtype);
        List<Values> args =
            sample.args().stream().map(arg -> arg.values(r, Arg.Fill.PLAIN)).toList();
        String ours = ours(sample, args);
        String theirs = theirs(sample, args);
        taken |= !ours.startsWith("refused");
        boolean both = ours.startsWith("refused") && theirs.startsWith("refused");
        if (!both && !ours.equals(theirs)) {
          failures.add(sample.script() + " of " + dtype + ": " + ours + "; libtorch " + theirs);
        }
      }
      if (taken != info.accepts().list().contains(dtype)) {
        failures.add(dtype + " is " + (taken ? "taken and not listed" : "listed and refused"));
      }
    }
    assertThat(failures).isEmpty();
    assertThat(Accepted.types(info.name())).containsAll(info.accepts().list());
  }

  private static String ours(Sample sample, List<Values> args) {
    try (TensorScope scope = TensorScope.open()) {
      Object result = sample.ours().apply(args.stream().map(Values::ours).toArray(Tensor[]::new));
      return Outcome.tensors(result).stream().map(Tensor::dtype).toList().toString();
    } catch (RuntimeException e) {
      return "refused: " + e;
    }
  }

  private static String theirs(Sample sample, List<Values> args) {
    try (PointerScope scope = new PointerScope()) {
      List<org.bytedeco.pytorch.Tensor> in = args.stream().map(Values::theirs).toList();
      return Script.run(sample.script(), in).stream()
          .map(out -> Torch.type(out.scalar_type()))
          .toList()
          .toString();
    } catch (RuntimeException e) {
      return "refused: " + e;
    }
  }
}
