package dev.bellows.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.backend.RandomKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class GeneratorTest {
  private static final int DRAWS = 1 << 20;

  @Test
  void aShardHasItsOwnDrawsAndNoOthers() {
    Generator generator = Generator.at(7, 3, 5);
    RandomKey last = null;
    for (int i = 0; i < DRAWS; i++) {
      last = generator.nextKey();
    }
    assertThat(last).isNotEqualTo(Generator.at(7, 3, 6).nextKey());
    for (int again = 0; again < 2; again++) {
      assertThatThrownBy(generator::nextKey)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "Generator: a logical shard must draw at most 1048576 (2^20) times in one step; step"
                  + " 3, shard 5 asked for more");
    }
  }

  @Test
  void theLastRangeEndsToo() {
    Generator generator = Generator.at(7, (1L << 27) - 2, (1 << 16) - 1);
    for (int i = 0; i < DRAWS; i++) {
      generator.nextKey();
    }
    assertThatThrownBy(generator::nextKey)
        .hasMessageEndingWith("step 134217726, shard 65535 asked for more");
  }

  @Test
  void aGeneratorOfASeedHasNoSuchLimit() {
    Generator generator = new Generator(7);
    for (int i = 0; i < DRAWS; i++) {
      generator.nextKey();
    }
    assertThat(generator.nextKey()).isEqualTo(new RandomKey(7, DRAWS));
  }
}
