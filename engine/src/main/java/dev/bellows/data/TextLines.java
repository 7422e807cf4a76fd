package dev.bellows.data;

import java.io.IOException;
import java.io.UncheckedIOException;
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
   * Starts a pass. Its methods throw an {@link UncheckedIOException} if a file cannot be read or a
   * line is not UTF-8, naming the file and the line. The pass may be continued after it, with the
   * next file or line.
   */
  @Override
  public Iterator<String> iterator() {
    return new Lines(files.iterator());
  }

  private static final class Lines implements Iterator<String> {
    private final Iterator<Path> files;
    private Path file;
    private Utf8Lines lines;
    private String next;

    Lines(Iterator<Path> files) {
      this.files = files;
    }

    @Override
    public boolean hasNext() {
      try {
        while (next == null && (lines != null || files.hasNext())) {
          if (lines == null) {
            file = files.next();
            lines = new Utf8Lines(file);
          }
          next = lines.next();
          if (next == null) {
            lines.close();
            lines = null;
          }
        }
      } catch (IOException e) {
        throw Utf8Lines.failure(file, e);
      }
      return next != null;
    }

    @Override
    public String next() {
      if (!hasNext()) {
        throw new NoSuchElementException("TextLines: no line is left");
      }
      int length = next.length();
      while (length > 0 && (next.charAt(length - 1) == '\n' || next.charAt(length - 1) == '\r')) {
        length--;
      }
      String text = next.substring(0, length);
      next = null;
      return text;
    }
  }
}
