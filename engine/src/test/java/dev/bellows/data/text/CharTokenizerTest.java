package dev.bellows.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CharTokenizerTest {
  @Test
  void numbersCharactersInOrder() {
    CharTokenizer tokenizer = CharTokenizer.of("hello\n😀");
    assertThat(tokenizer.vocabulary()).isEqualTo("\nehlo😀");
    assertThat(tokenizer.vocabSize()).isEqualTo(6);
    assertThat(tokenizer.encode("hole😀\n")).containsExactly(2, 4, 3, 1, 5, 0);
    assertThat(tokenizer.decode(2, 4, 3, 1, 5, 0)).isEqualTo("hole😀\n");
    assertThat(tokenizer.encode("")).isEmpty();
    assertThat(tokenizer.decode()).isEmpty();
    assertThat(CharTokenizer.of("").vocabSize()).isZero();
  }

  @Test
  void errors() {
    CharTokenizer tokenizer = CharTokenizer.of("abc");
    assertThatThrownBy(() -> tokenizer.encode("abz"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("encode: characters must be of the vocabulary of 3; got z (U+7A)");
    assertThatThrownBy(() -> tokenizer.decode(0, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("decode: ids must be in 0..2; got 3");
  }
}
