package dev.bellows.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HalvesTest {
  private static final long SEED = Long.getLong("test.seed", 5);

  @Test
  void everyPatternComesBack() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float half = Halves.fromFloat16((short) bits);
      float brain = Halves.fromBFloat16((short) bits);
      if (Float.isNaN(half)) {
        assertThat(Halves.fromFloat16(Halves.toFloat16(half))).isNaN();
      } else {
        assertThat(Halves.toFloat16(half)).isEqualTo((short) bits);
      }
      if (Float.isNaN(brain)) {
        assertThat(Halves.fromBFloat16(Halves.toBFloat16(brain))).isNaN();
      } else {
        assertThat(Halves.toBFloat16(brain)).isEqualTo((short) bits);
      }
    }
  }

  @Test
  void valuesAreKnown() {
    assertThat(Halves.fromFloat16((short) 0x3C00)).isEqualTo(1);
    assertThat(Halves.fromFloat16((short) 0x7BFF)).isEqualTo(65504);
    assertThat(Halves.fromFloat16((short) 0x0001)).isEqualTo(0x1p-24f);
    assertThat(Halves.toFloat16(65519.99f)).isEqualTo((short) 0x7BFF);
    assertThat(Halves.toFloat16(65520f)).isEqualTo((short) 0x7C00);
    assertThat(Halves.toFloat16(0x1p-25f)).as("half-way to even").isEqualTo((short) 0);
    assertThat(Halves.toFloat16(-0x1.8p-24f)).isEqualTo((short) 0x8002);
    assertThat(Halves.toBFloat16(1.00390625f)).as("half-way to even").isEqualTo((short) 0x3F80);
    assertThat(Halves.toBFloat16(Float.MAX_VALUE)).isEqualTo((short) 0x7F80);
  }

  @Test
  void roundsToTheNearest() {
    System.out.println("test.seed=" + SEED);
    Random random = new Random(SEED);
    for (int i = 0; i < 200_000; i++) {
      float x = Float.intBitsToFloat(random.nextInt());
      if (!(Math.abs(x) < 65504)) {
        x = (float) (random.nextGaussian() * Math.pow(2, random.nextInt(40) - 26));
      }
      short bits = Halves.toFloat16(x);
      double error = Math.abs((double) Halves.fromFloat16(bits) - x);
      double down = Math.abs((double) Halves.fromFloat16((short) (bits - 1)) - x);
      double up = Math.abs((double) Halves.fromFloat16((short) (bits + 1)) - x);
      if ((bits & 0x7FFF) != 0 && (bits & 0x7FFF) < 0x7BFF) {
        assertThat(error).as("%s", x).isLessThanOrEqualTo(Math.min(down, up));
      }
      assertThat(Math.copySign(1f, Halves.fromFloat16(bits))).isEqualTo(Math.copySign(1f, x));
    }
  }
}
