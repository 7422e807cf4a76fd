package dev.bellows.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GrowthRuleTest {
  private static final long MIB = 1L << 20;
  private static final long SECOND = 1_000_000_000L;

  private final GrowthRule rule = new GrowthRule(16L << 30, 0);

  @Test
  void littleGrowthIsNeverDue() {
    assertThat(rule.isDue(64 * MIB)).isFalse();
    assertThat(rule.isDue(64 * MIB + 1)).isTrue();
    rule.collected(10 * MIB, SECOND, SECOND + 1);
    assertThat(rule.isDue(74 * MIB)).isFalse();
    assertThat(rule.isDue(74 * MIB + 1)).isTrue();
  }

  @Test
  void aLargeLiveSetMayDouble() {
    rule.collected(500 * MIB, SECOND, SECOND + 1);
    assertThat(rule.isDue(1000 * MIB)).isFalse();
    assertThat(rule.isDue(1000 * MIB + 1)).isTrue();
  }

  @Test
  void stepsThatFreeTheirOwnTensorsCauseFewCollections() {
    int collections = 0;
    for (int step = 0; step < 100; step++) {
      for (long used = 0; used < 10_000 * MIB; used += MIB) {
        if (rule.isDue(used)) {
          collections++;
          rule.collected(used, collections * SECOND, collections * SECOND + SECOND / 20);
        }
      }
    }
    assertThat(collections).isLessThan(10);
  }

  @Test
  void costlyCollectionsBecomeRarerWithinBounds() {
    GrowthRule small = new GrowthRule(1L << 30, 0);
    long now = 0;
    for (int i = 0; i < 20; i++) {
      rule.collected(0, now + 100, now + 200);
      small.collected(0, now + 100, now + 200);
      now += 200;
    }
    assertThat(rule.isDue(256 * MIB)).isFalse();
    assertThat(rule.isDue(256 * MIB + 1)).as("the most, whatever the limit").isTrue();
    rule.setLimit(2L << 30);
    rule.collected(0, now + 100, now + 200);
    assertThat(rule.isDue(128 * MIB + 1)).as("a sixteenth of the limit").isTrue();
    assertThat(small.isDue(64 * MIB + 1)).as("the least, in a small process").isTrue();
    for (int i = 0; i < 20; i++) {
      rule.collected(0, now + 10_000, now + 10_001);
      now += 10_001;
    }
    assertThat(rule.isDue(64 * MIB + 1)).as("cheap again").isTrue();
    rule.setLimit(1L << 20);
    assertThat(rule.isDue(64 * MIB)).isFalse();
  }
}
