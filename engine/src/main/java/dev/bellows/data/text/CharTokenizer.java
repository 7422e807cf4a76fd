package dev.bellows.data.text;

import static dev.bellows.errors.Messages.message;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** A tokenizer of single characters (Unicode code points), numbered in their order. */
public final class CharTokenizer implements Tokenizer {
  private final int[] characters;
  private final Map<Integer, Integer> ids = new HashMap<>();

  private CharTokenizer(int... characters) {
    this.characters = characters;
    for (int i = 0; i < characters.length; i++) {
      ids.put(characters[i], i);
    }
  }

  /** Returns a tokenizer of the characters that occur in a text. */
  public static CharTokenizer of(String text) {
    return new CharTokenizer(text.codePoints().sorted().distinct().toArray());
  }

  /**
   * Returns the number of each character.
   *
   * @throws IllegalArgumentException if the vocabulary lacks a character
   */
  @Override
  public long[] encode(String text) {
    return text.codePoints().mapToLong(this::id).toArray();
  }

  private long id(int character) {
    Integer id = ids.get(character);
    if (id == null) {
      throw new IllegalArgumentException(
          message(
              "encode: characters must be of the vocabulary of %s; got %s (U+%s)",
              characters.length,
              Character.toString(character),
              Integer.toHexString(character).toUpperCase(Locale.ROOT)));
    }
    return id;
  }

  @Override
  public String decode(long... tokens) {
    StringBuilder text = new StringBuilder(tokens.length);
    for (long token : tokens) {
      if (token < 0 || token >= characters.length) {
        throw new IllegalArgumentException(
            message("decode: ids must be in 0..%s; got %s", characters.length - 1, token));
      }
      text.appendCodePoint(characters[(int) token]);
    }
    return text.toString();
  }

  @Override
  public int vocabSize() {
    return characters.length;
  }

  /** Returns all characters, in the order of their numbers. */
  public String vocabulary() {
    return new String(characters, 0, characters.length);
  }

  @Override
  public String toString() {
    return "CharTokenizer(" + Arrays.toString(vocabulary().split("")) + ")";
  }
}
