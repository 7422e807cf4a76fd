package dev.bellows.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.ChildJvm;
import dev.bellows.memory.OneGiB;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Programs without scopes, in a JVM that has a container of 1 GiB. */
@Timeout(300)
class WithoutScopesTest {
  private static final long MIB = 1L << 20;

  private static ChildJvm.Result run(String program) throws Exception {
    try (OneGiB container = OneGiB.open()) {
      ChildJvm.Result result =
          ChildJvm.run(container.command(), WithoutScopes.class, container.options(), program);
      assertThat(result.output()).endsWith("well\n");
      assertThat(result.exit()).isZero();
      assertThat(number(result, "limit")).isBetween(300 * MIB, 700 * MIB);
      return result;
    }
  }

  private static long number(ChildJvm.Result result, String name) {
    Matcher matcher = Pattern.compile(name + "=([0-9]+)").matcher(result.output());
    assertThat(matcher.find()).as(result.output()).isTrue();
    return Long.parseLong(matcher.group(1));
  }

  @Test
  void aLoopStaysNearItsLiveTensors() throws Exception {
    assertThat(number(run("loop"), "peak")).isLessThanOrEqualTo((8 + 64 + 4) * MIB);
  }

  @Test
  void graphsThatNobodyUsesAreFreed() throws Exception {
    assertThat(number(run("graph"), "peak")).isLessThan(200 * MIB);
  }

  @Test
  void threadsTogetherStayNearTheirLiveTensors() throws Exception {
    assertThat(number(run("threads"), "peak")).isLessThan(200 * MIB);
  }

  @Test
  void handlesOfViewsLeaveTheJavaHeap() throws Exception {
    run("views");
  }

  @Test
  void manyTinyTensorsLeaveTheJavaHeap() throws Exception {
    assertThat(number(run("tiny"), "held")).isLessThan(100 * MIB);
  }

  @Test
  void cachedBlocksOfOtherSizesMakeRoom() throws Exception {
    ChildJvm.Result result = run("sizes");
    assertThat(number(result, "held")).isLessThanOrEqualTo(number(result, "limit"));
  }

  @Test
  void aJvmThatIgnoresCollectionsSaysSo() throws Exception {
    ChildJvm.Result result =
        ChildJvm.run(
            WithoutScopes.class,
            List.of(
                "-Xmx64m",
                "-XX:+DisableExplicitGC",
                "-Dbellows.memory.limitBytes=100m",
                "-Dlog4j2.level=info"),
            "loop");
    assertThat(result.exit()).isOne();
    assertThat(result.output())
        .contains("memory: System.gc() does nothing in this JVM (-XX:+DisableExplicitGC?)")
        .contains("allocate: tensor memory must stay within 104857600 bytes")
        .contains("Unreachable tensors are not found here, as -XX:+DisableExplicitGC is set.");
  }
}
