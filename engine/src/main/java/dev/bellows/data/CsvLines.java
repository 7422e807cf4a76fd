package dev.bellows.data;

import static dev.bellows.errors.Messages.message;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Cuts lines into records and fields. Errors name their line. */
final class CsvLines {
  private static final int END = -1;

  /** Most characters in quotes: a quote that is never closed must not read a file to its end. */
  private static final int MAX_QUOTED = 1 << 24;

  private final Utf8Lines lines;
  private final char delimiter;
  private String text = "";
  private int at;
  private long line;

  CsvLines(Utf8Lines lines, char delimiter) {
    this.lines = lines;
    this.delimiter = delimiter;
  }

  /** Returns the line on which the last record began, from 1. */
  long line() {
    return line;
  }

  /** Returns the next character without taking it. */
  private int peek() throws IOException {
    while (text != null && at == text.length()) {
      text = lines.next();
      at = 0;
    }
    return text == null ? END : text.charAt(at);
  }

  private int take() throws IOException {
    int taken = peek();
    at += taken == END ? 0 : 1;
    return taken;
  }

  private static boolean isEnd(int next) {
    return next == '\n' || next == '\r' || next == END;
  }

  /** Returns the fields of the next record; null at the end. */
  List<String> next() throws IOException {
    if (lines.line() == 0 && peek() == '\uFEFF') { // the byte order mark
      at++;
    }
    while (peek() == '\n' || peek() == '\r') {
      at++;
    }
    line = lines.line();
    if (peek() == END) {
      return null;
    }
    List<String> fields = new ArrayList<>();
    int after;
    do {
      StringBuilder field = new StringBuilder();
      if (peek() == '"') {
        quoted(field);
      } else {
        plain(field);
      }
      fields.add(field.toString());
      after = take();
    } while (after == delimiter);
    return fields;
  }

  private void plain(StringBuilder field) throws IOException {
    while (peek() != delimiter && !isEnd(peek())) {
      if (peek() == '"') {
        throw Utf8Lines.fault(
            line, "a field with a quote inside must stand in quotes; got " + field);
      }
      field.append((char) take());
    }
  }

  private void quoted(StringBuilder field) throws IOException {
    long opened = lines.line();
    at++;
    int next = take();
    while (next != '"' || peek() == '"') {
      if (next == END) {
        throw Utf8Lines.fault(opened, "a quoted field must end; got the end of the file");
      }
      if (field.length() == MAX_QUOTED) {
        throw Utf8Lines.fault(
            opened,
            message(
                "a quoted field must have at most %s characters; its closing quote may be missing",
                MAX_QUOTED));
      }
      field.append((char) (next == '"' ? take() : next));
      next = take();
    }
    if (peek() != delimiter && !isEnd(peek())) {
      throw Utf8Lines.fault(
          lines.line(),
          message(
              "a quoted field must be followed by a delimiter; got %s, after the quote of line %s",
              (char) peek(), opened));
    }
  }
}
