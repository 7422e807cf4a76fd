package dev.bellows.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Cuts text into records and fields. */
final class CsvLines implements AutoCloseable {
  private static final int END = -1;

  private final BufferedReader reader;
  private final char delimiter;
  private long line; // of the record that was read last
  private long ends; // line feeds read
  private int ahead;

  CsvLines(BufferedReader reader, char delimiter) throws IOException {
    this.reader = reader;
    this.delimiter = delimiter;
    this.ahead = reader.read();
    if (ahead == '\uFEFF') { // the byte order mark
      ahead = reader.read();
    }
  }

  /** Returns the line on which the last record began, from 1. */
  long line() {
    return line;
  }

  private int take() throws IOException {
    int taken = ahead;
    ahead = reader.read();
    if (taken == '\r' && ahead == '\n') {
      return take();
    }
    ends += taken == '\n' ? 1 : 0;
    return taken;
  }

  /** Returns the fields of the next record; null at the end. */
  List<String> next() throws IOException {
    while (ahead == '\n' || ahead == '\r') {
      take();
    }
    line = ends + 1;
    if (ahead == END) {
      return null;
    }
    List<String> fields = new ArrayList<>();
    int after;
    do {
      StringBuilder field = new StringBuilder();
      after = ahead == '"' ? quoted(field) : plain(field);
      fields.add(field.toString());
    } while (after == delimiter);
    return fields;
  }

  /** Reads a field and returns what came after it. */
  private int plain(StringBuilder field) throws IOException {
    int next = take();
    while (next != delimiter && next != '\n' && next != END) {
      if (next == '"') {
        throw new IOException("a field with a quote inside must stand in quotes; got " + field);
      }
      field.append((char) next);
      next = take();
    }
    return next;
  }

  private int quoted(StringBuilder field) throws IOException {
    take();
    int next = take();
    while (next != '"' || ahead == '"') {
      if (next == END) {
        throw new IOException("a quoted field must end; got the end of the file");
      }
      field.append((char) (next == '"' ? take() : next));
      next = take();
    }
    int after = take();
    if (after != delimiter && after != '\n' && after != END) {
      throw new IOException("a quoted field must be followed by a delimiter; got " + (char) after);
    }
    return after;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
