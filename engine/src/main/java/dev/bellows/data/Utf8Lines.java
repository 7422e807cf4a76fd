package dev.bellows.data;

import static dev.bellows.errors.Messages.message;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads a UTF-8 file line by line. A line ends with a line feed, a carriage return, or both, and is
 * decoded for itself, so that bytes that are not UTF-8 spoil their line alone.
 */
final class Utf8Lines implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int MAX_LINE_BYTES = 1 << 30;

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private final ByteArrayOutputStream text = new ByteArrayOutputStream();
  private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
  private int at;
  private int end;
  private boolean ended;
  private long line;

  Utf8Lines(Path file) throws IOException {
    in = Files.newInputStream(file);
  }

  /** Returns the number of the last line that was read, from 1. */
  long line() {
    return line;
  }

  /**
   * Returns the next line with its end; null at the end of the file.
   *
   * @throws IOException if the line is not UTF-8, naming it, after which the next one may be read;
   *     or if the file cannot be read, after which there is none
   */
  String next() throws IOException {
    text.reset();
    byte last = 0;
    while (last != '\n' && last != '\r' && fill()) {
      int from = at;
      do {
        last = buffer[at++];
      } while (last != '\n' && last != '\r' && at < end);
      text.write(buffer, from, at - from);
      if (text.size() > MAX_LINE_BYTES) {
        close();
        throw fault(line + 1, message("a line must have at most %s bytes", MAX_LINE_BYTES));
      }
    }
    if (last == '\r' && fill() && buffer[at] == '\n') {
      text.write(buffer[at++]);
    }
    if (text.size() == 0) {
      return null;
    }
    line++;
    return decoded(ByteBuffer.wrap(text.toByteArray()));
  }

  private boolean fill() throws IOException {
    if (at == end && !ended) {
      try {
        at = 0;
        end = 0;
        end = Math.max(0, in.read(buffer));
        ended = end == 0;
      } catch (IOException e) {
        close();
        throw e;
      }
    }
    return at < end;
  }

  private String decoded(ByteBuffer bytes) throws IOException {
    CharBuffer chars = CharBuffer.allocate(bytes.remaining());
    CoderResult result = decoder.reset().decode(bytes, chars, true);
    if (result.isError()) {
      throw fault(
          line,
          message(
              "text must be UTF-8; got the byte 0x%s at byte %s of the line",
              Integer.toHexString(bytes.get(bytes.position()) & 0xff), bytes.position() + 1));
    }
    return chars.flip().toString();
  }

  /** Returns the error of a line. */
  static IOException fault(long line, String problem) {
    return new IOException(message("line %s: %s", line, problem));
  }

  /** Returns the error of reading a file; its cause has the same message. */
  static UncheckedIOException failure(Path file, IOException thrown) {
    String reason =
        thrown instanceof FileSystemException ? "cannot be read: " + thrown : thrown.getMessage();
    String text = message("%s: %s", file, reason);
    return new UncheckedIOException(text, new IOException(text, thrown));
  }

  @Override
  public void close() {
    at = end;
    ended = true;
    try {
      in.close();
    } catch (IOException e) {
      // nothing was written
    }
  }
}
