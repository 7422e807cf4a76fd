package dev.bellows.data;

import static dev.bellows.errors.Messages.message;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * The lines of UTF-8 text files, one file after the other, without their ends. A file is open while
 * its lines are read.
 */
public final class TextLines implements IterableDataset<String> {
  private final List<Path> files;

  /** Creates the stream of the files' lines. */
  public TextLines(Path... files) {
    this.files = List.of(files);
  }

  /**
   * Starts a pass. Its methods throw an {@link UncheckedIOException} if a file cannot be read or is
   * not UTF-8, naming the file and the line.
   */
  @Override
  public Iterator<String> iterator() {
    return new Lines(files.iterator());
  }

  private static final class Lines implements Iterator<String> {
    private final Iterator<Path> files;
    private Path file;
    private BufferedReader reader;
    private long line;
    private String next;

    Lines(Iterator<Path> files) {
      this.files = files;
    }

    @Override
    public boolean hasNext() {
      try {
        while (next == null && (reader != null || files.hasNext())) {
          if (reader == null) {
            file = files.next();
            line = 0;
            reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
          }
          line++;
          next = reader.readLine();
          if (next == null) {
            reader.close();
            reader = null;
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(
            message("%s: line %s cannot be read as UTF-8: %s", file, line, e), e);
      }
      return next != null;
    }

    @Override
    public String next() {
      if (!hasNext()) {
        throw new NoSuchElementException("TextLines: no line is left");
      }
      String text = next;
      next = null;
      return text;
    }
  }
}
