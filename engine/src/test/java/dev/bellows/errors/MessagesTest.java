package dev.bellows.errors;

import static dev.bellows.errors.Messages.message;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class MessagesTest {
  @Test
  void argumentsTakeTheirPlaces() {
    assertThat(message("cat: sizes must be %s; got %s and %s", List.of(1, 2), 1.5, null))
        .isEqualTo("cat: sizes must be [1, 2]; got 1.5 and null");
    assertThat(message("no arguments, 100%%")).isEqualTo("no arguments, 100%");
    assertThat(message("%s", "an argument with %s and %d")).isEqualTo("an argument with %s and %d");
  }

  @Test
  void arraysArePrintedByTheirElements() {
    assertThat(message("got %s", new long[] {2, 3})).isEqualTo("got [2, 3]");
    assertThat(message("got %s", (Object) new long[0])).isEqualTo("got []");
    assertThat(message("%s %s", new float[] {1.5f}, new boolean[] {true}))
        .isEqualTo("[1.5] [true]");
    assertThat(message("%s", (Object) new long[][] {{1}, {2, 3}})).isEqualTo("[[1], [2, 3]]");
    assertThat(message("%s of %s", new String[] {"a", "b"}, 2)).isEqualTo("[a, b] of 2");
  }

  @Test
  void aWrongPatternStillTellsWhatCame() {
    assertThat(message("got %s and %s", 3)).isEqualTo("got %s and %s [3]");
    assertThat(message("50% of %s", new int[] {7})).isEqualTo("50% of %s [[7]]");
  }

  @Test
  void theLocaleDoesNotMatter() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertThat(message("%s", 1234567.5)).isEqualTo("1234567.5");
    } finally {
      Locale.setDefault(before);
    }
  }
}
