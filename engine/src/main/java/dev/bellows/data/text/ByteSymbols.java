package dev.bellows.data.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The characters that GPT-2's vocabulary writes bytes as: printable characters of Latin-1 stand for
 * themselves, the other 68 bytes for U+0100 and the characters after it, in order.
 */
final class ByteSymbols {
  private static final int BYTES = 256;
  private static final char[] SYMBOLS = new char[BYTES];
  private static final int[] BYTE_OF = new int[2 * BYTES];

  static {
    Arrays.fill(BYTE_OF, -1);
    char next = BYTES;
    for (int b = 0; b < BYTES; b++) {
      boolean printable = b >= '!' && b <= '~' || b >= 0xA1 && b != 0xAD;
      SYMBOLS[b] = printable ? (char) b : next++;
      BYTE_OF[SYMBOLS[b]] = b;
    }
  }

  private ByteSymbols() {}

  /** Returns the symbol of a byte from 0 to 255. */
  static String symbol(int b) {
    return String.valueOf(SYMBOLS[b]);
  }

  /** Returns the bytes that a token stands for; other characters stand for their UTF-8. */
  static byte[] bytes(String token) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(token.length());
    for (int i = 0; i < token.length(); i++) {
      char c = token.charAt(i);
      if (c >= BYTE_OF.length || BYTE_OF[c] < 0) {
        return token.getBytes(StandardCharsets.UTF_8);
      }
      bytes.write(BYTE_OF[c]);
    }
    return bytes.toByteArray();
  }
}
