package dev.bellows.data.text;

/** Turns text into token numbers from 0 to {@link #vocabSize()} − 1, and back. */
public interface Tokenizer {
  /** Returns the numbers of the tokens of a text, in order. */
  long[] encode(String text);

  /**
   * Returns the text of tokens.
   *
   * @throws IllegalArgumentException if a number is not that of a token
   */
  String decode(long... ids);

  /** Returns the number of tokens. */
  int vocabSize();
}
