package dev.bellows.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.memory.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every operation of {@link OpTable} with random shapes, element types, layouts and values, and its
 * gradients, against libtorch; its form in place; and its gradients and their gradients against
 * finite differences. {@code -Doracle.cases=20000} runs more; {@code -Dtest.seed=… -Doracle.op=…
 * -Doracle.case=…} runs one operation (or some, with commas between), or one case of it, again.
 */
@Timeout(300)
class OpsTest {
  private static final long SEED = Long.getLong("test.seed", 31);
  private static final int CASES = Integer.getInteger("oracle.cases", 3000);
  private static final int ONE = Integer.getInteger("oracle.case", -1);
  private static final String OP = System.getProperty("oracle.op");
  private static final int LEAST = 24;
  private static final int MORE = 30;
  private static final int SHOWN = 5;

  @BeforeAll
  static void printSeed() {
    System.out.println("test.seed=" + SEED + " oracle.cases=" + CASES);
  }

  static Stream<OpInfo> infos() {
    return OpTable.all().stream()
        .filter(info -> OP == null || List.of(OP.split(",")).contains(info.name()));
  }

  @Test
  void namesAreUnique() {
    assertThat(OpTable.all().stream().map(OpInfo::name)).doesNotHaveDuplicates();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("infos")
  void inPlaceAgreesWithLibtorch(OpInfo info) {
    check(share(3), number -> Case.of(info, SEED, number).runInPlace());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("infos")
  void gradientsAgreeWithFiniteDifferences(OpInfo info) {
    if (info.times() > 0) {
      check(share(6), number -> FiniteDifferences.check(info, SEED, number));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("infos")
  void agreesWithLibtorch(OpInfo info) {
    List<DType> compared = new ArrayList<>();
    check(
        share(1),
        number -> {
          Case one = Case.of(info, SEED, number);
          String failure = one.run();
          if (one.gaveResult()) {
            compared.add(one.dtype());
          }
          return failure;
        });
    for (DType dtype : info.types().list()) {
      if (ONE < 0 && !compared.contains(dtype)) {
        more(info, dtype);
      }
    }
  }

  /** Cases with an element type until one is not refused by libtorch. */
  private static void more(OpInfo info, DType dtype) {
    boolean[] found = {false};
    check(
        MORE,
        number -> {
          Case one = Case.of(info, dtype, SEED, number);
          String failure = found[0] ? null : one.run();
          found[0] |= one.gaveResult();
          return failure;
        });
    assertThat(found[0])
        .as("%s is supported by libtorch; else it must not be listed", dtype)
        .isTrue();
  }

  /** The cases of one operation, or an nth of them. */
  private static int share(int part) {
    return Math.max(LEAST, CASES / OpTable.all().size()) / part;
  }

  /** Runs all cases and reports those that fail, the first of them in full. */
  private static void check(int cases, IntFunction<String> run) {
    List<String> failures = new ArrayList<>();
    for (int number = ONE < 0 ? 0 : ONE; number < (ONE < 0 ? cases : ONE + 1); number++) {
      String failure = run.apply(number);
      if (failure != null) {
        failures.add(failure);
      }
    }
    if (!failures.isEmpty()) {
      int shown = Math.min(SHOWN, failures.size());
      throw new AssertionError(
          failures.size()
              + (ONE < 0 ? " of " + cases : "")
              + " cases failed:\n"
              + String.join("\n", failures.subList(0, shown)));
    }
  }
}
