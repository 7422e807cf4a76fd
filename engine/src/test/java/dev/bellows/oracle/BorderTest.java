package dev.bellows.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.memory.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every operation where its domain ends and its rules change: at NaN, infinities, zeros of both
 * signs, 1 and −1, and among equals. Results, gradients and their gradients, NaN for NaN, are those
 * of libtorch. {@code -Doracle.op=…} runs one operation, {@code -Doracle.borders=…} more cases.
 */
@Timeout(300)
class BorderTest {
  private static final long SEED = Long.getLong("test.seed", 5);
  private static final int CASES = Integer.getInteger("oracle.borders", 30);
  private static final String OP = System.getProperty("oracle.op");
  private static final int SHOWN = 3;

  static Stream<OpInfo> infos() {
    return OpTable.all().stream()
        .filter(info -> OP == null || List.of(OP.split(",")).contains(info.name()))
        .filter(info -> info.borders() >= 0)
        .filter(info -> wide(info).findAny().isPresent());
  }

  private static Stream<DType> wide(OpInfo info) {
    return info.types().list().stream().filter(t -> t == DType.FLOAT32 || t == DType.FLOAT64);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("infos")
  void resultsAndGradientsAreThoseOfLibtorch(OpInfo info) {
    check(info, Case::run);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("infos")
  void gradientsOfGradientsAreThoseOfLibtorch(OpInfo info) {
    if (Math.min(info.times(), info.borders()) == 2) {
      check(info, Case::runTwice);
    }
  }

  private static void check(OpInfo info, Function<Case, String> run) {
    List<String> failures = new ArrayList<>();
    for (DType dtype : wide(info).toList()) {
      for (int number = 0; number < CASES; number++) {
        String failure = run.apply(Case.atBorders(info, dtype, SEED, number));
        if (failure != null) {
          failures.add(failure);
        }
      }
    }
    assertThat(failures.size())
        .as(() -> String.join("\n", failures.subList(0, Math.min(SHOWN, failures.size()))))
        .isZero();
  }
}
