package dev.bellows.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.memory.MemoryBudget.Needs;
import dev.bellows.memory.MemoryBudget.Share;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryBudgetTest {
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;

  static Needs needs(long heap) {
    return new Needs(heap, 128 * MIB, 96 * MIB, 16 * MIB);
  }

  @Test
  void needsCoverWhatTheJvmTakesBesideTensors() {
    // Heap, its sixteenth for the collector, classes, code, direct buffers, stacks, libraries.
    assertThat(needs(256 * MIB).total()).isEqualTo((256 + 16 + 128 + 96 + 16 + 32 + 64) * MIB);
  }

  @Test
  void aContainerLeavesWhatTheJvmDoesNotNeed() {
    MemoryBudget budget = MemoryBudget.of(Share.ofHost(64 * GIB, GIB), needs(256 * MIB));
    assertThat(budget.limitBytes()).isEqualTo((1024 - 608) * MIB * 15 / 16);
    assertThat(budget.origin())
        .isEqualTo(
            "a container of 1024 MiB, less 608 MiB for the JVM (heap 256 MiB, direct buffers 16"
                + " MiB)");
  }

  @ParameterizedTest
  @CsvSource({"256, 128", "512, 128", "1024, 256", "1408, 1024", "4096, 4096", "2048, 16384"})
  void tensorsAndTheJvmFitButForAQuarterAtMost(long container, long heap) {
    Share share = Share.ofHost(64 * GIB, container * MIB);
    MemoryBudget budget = MemoryBudget.of(share, needs(heap * MIB));
    assertThat(budget.limitBytes()).isBetween(share.bytes() / 4, share.bytes());
    if (budget.limitBytes() > share.bytes() / 4) {
      assertThat(budget.limitBytes() + needs(heap * MIB).total()).isLessThan(share.bytes());
    } else {
      assertThat(budget.origin()).startsWith("a quarter of a container of " + container + " MiB");
    }
  }

  @Test
  void aMachineKeepsAPartForItsSystem() {
    assertThat(Share.ofHost(64 * GIB, Long.MAX_VALUE).bytes()).isEqualTo(63 * GIB);
    assertThat(Share.ofHost(4 * GIB, Long.MAX_VALUE).bytes()).isEqualTo(4 * GIB - GIB / 2);
    assertThat(Share.ofHost(64 * GIB, 65 * GIB).origin())
        .isEqualTo("64512 MiB of a machine of 65536 MiB");
    assertThat(Share.ofHost(64 * GIB, 64 * GIB).bytes()).isEqualTo(64 * GIB);
  }

  @Test
  void severalProcessesShareTheMachine() {
    Share whole = Share.ofHost(65 * GIB, Long.MAX_VALUE);
    Share half = whole.dividedBy(2);
    assertThat(half.bytes()).isEqualTo(32 * GIB);
    assertThat(half.origin()).startsWith("1/2 of ");
    assertThat(whole.dividedBy(1)).isSameAs(whole);
    assertThat(half.min(whole)).isSameAs(half);
    assertThat(whole.min(half)).isSameAs(half);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "2147483648, 2147483648",
    "512k, 524288",
    "3M, 3145728",
    "2g, 2147483648",
    "2GB, 2147483648",
    "' 1t ', 1099511627776",
    "100b, 100"
  })
  void aSettingHasBytesOrAUnit(String text, long bytes) {
    assertThat(MemoryBudget.parse(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "two", "1.5g", "1gi", "9000000000t", "1 g", "g"})
  void otherSettingsAreRefused(String text) {
    assertThatThrownBy(() -> MemoryBudget.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "bellows.memory.limitBytes: must be a positive number of bytes, as 2147483648, 2048m"
                + " or 2g; got "
                + text);
  }

  @Test
  void thisProcessHasABudgetWithinItsMachine() {
    MemoryBudget budget = MemoryBudget.of(Share.ofHost(), Needs.ofJvm(Needs.PLAIN_DIRECT));
    assertThat(budget.limitBytes()).isBetween(1L, Share.ofHost().bytes());
    assertThat(Needs.ofJvm(Needs.PLAIN_DIRECT).heapBytes())
        .isEqualTo(Runtime.getRuntime().maxMemory());
  }
}
