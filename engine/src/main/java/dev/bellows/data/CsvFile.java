package dev.bellows.data;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The records of a UTF-8 file of comma-separated values, by the names in its first record. Fields
 * may stand in double quotes, where a quote is written twice and ends of lines are kept; they have
 * at most 2²⁴ characters then. Records end with a line feed, a carriage return, or both, and empty
 * lines are passed over. A file is open while its records are read. Source: RFC 4180.
 */
public final class CsvFile implements IterableDataset<Map<String, String>> {
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?");
  private static final Pattern INFINITE =
      Pattern.compile("[+-]?inf(inity)?", Pattern.CASE_INSENSITIVE);

  /** What pandas reads as a missing value, but for the forms of old C libraries. */
  private static final Set<String> MISSING =
      Set.of(
          "", "NaN", "nan", "-NaN", "-nan", "NA", "N/A", "n/a", "#N/A", "<NA>", "NULL", "null",
          "None");

  private final Path path;
  private final char delimiter;
  private final boolean header;

  /** Creates the stream of a file's records, separated by commas, with a header. */
  public CsvFile(Path file) {
    this(file, ',', true);
  }

  private CsvFile(Path file, char delimiter, boolean header) {
    this.path = file;
    this.delimiter = delimiter;
    this.header = header;
  }

  /**
   * Sets the character between fields; default a comma.
   *
   * @throws IllegalArgumentException if it is a quote or ends lines
   */
  public CsvFile delimiter(char between) {
    if (between == '"' || between == '\n' || between == '\r') {
      throw new IllegalArgumentException(
          message("CsvFile: a delimiter must be no quote and no end of a line; got %s", between));
    }
    return new CsvFile(path, between, header);
  }

  /** Sets whether the first record has the names, else they are "0", "1" and so on. */
  public CsvFile header(boolean named) {
    return new CsvFile(path, delimiter, named);
  }

  /**
   * Starts a pass. Its methods throw an {@link UncheckedIOException} that names the file and the
   * line if the file cannot be read, is not UTF-8, or has records of different lengths, a name
   * twice, or quotes in wrong places; the pass ends with it.
   */
  @Override
  public Iterator<Map<String, String>> iterator() {
    return new Records();
  }

  /**
   * Reads columns of numbers: decimal ones, with or without an exponent, and "inf" or "infinity" in
   * any case. Spaces around a number are ignored.
   *
   * @param columns names; none: all columns
   * @return FLOAT64 [records] by name; NaN where a field is empty or one of "NaN", "nan", "NA",
   *     "N/A", "n/a", "#N/A", "&lt;NA&gt;", "NULL", "null", "None"
   * @throws IOException if the file cannot be read, lacks a column, or a field is no number; the
   *     message names the file and the line
   */
  public Map<String, Tensor> numbers(String... columns) throws IOException {
    try (Records records = new Records()) {
      String[] names = records.known(columns);
      int[] fields = Stream.of(names).mapToInt(records.names::indexOf).toArray();
      double[][] values = new double[names.length][16];
      int size = 0;
      while (records.hasNext()) {
        List<String> record = records.take();
        for (int i = 0; i < names.length; i++) {
          if (size == values[i].length) {
            values[i] = Arrays.copyOf(values[i], 2 * size);
          }
          values[i][size] = records.number(names[i], record.get(fields[i]));
        }
        size++;
      }
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      for (int i = 0; i < names.length; i++) {
        tensors.put(names[i], Tensor.of(Arrays.copyOf(values[i], size)));
      }
      return tensors;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private final class Records implements Iterator<Map<String, String>>, AutoCloseable {
    private Utf8Lines file;
    private CsvLines lines;
    private List<String> names = List.of();
    private List<String> next;
    private boolean ended;

    @Override
    public boolean hasNext() {
      if (next == null && !ended) {
        try {
          advance();
        } catch (IOException e) {
          close();
          throw Utf8Lines.failure(path, e);
        }
      }
      return !ended;
    }

    private void advance() throws IOException {
      boolean first = file == null;
      if (first) {
        file = new Utf8Lines(path);
        lines = new CsvLines(file, delimiter);
        names = header ? checkedNames(lines.next()) : names;
      }
      List<String> record = lines.next();
      if (record == null) {
        close();
        return;
      }
      if (first && !header) {
        names = List.copyOf(Batch.byPosition(record).keySet());
      }
      if (record.size() != names.size()) {
        throw Utf8Lines.fault(
            lines.line(),
            message("a record must have %s fields; has %s", names.size(), record.size()));
      }
      next = record;
    }

    private List<String> checkedNames(List<String> record) throws IOException {
      if (record == null) {
        return List.of();
      }
      if (record.stream().distinct().count() < record.size()) {
        throw Utf8Lines.fault(lines.line(), "names in the first record must differ; got " + record);
      }
      return record;
    }

    /** Checks names of columns and returns them, or those of all if there are none. */
    private String[] known(String... columns) throws IOException {
      boolean isNamed = hasNext() || header;
      for (String column : columns) {
        if (isNamed && !names.contains(column)) {
          throw new IOException(message("%s: must have a column %s; has %s", path, column, names));
        }
      }
      return columns.length == 0 ? names.toArray(new String[0]) : columns;
    }

    private double number(String column, String field) throws IOException {
      String text = field.strip();
      if (MISSING.contains(text)) {
        return Double.NaN;
      } else if (DECIMAL.matcher(text).matches()) {
        return Double.parseDouble(text);
      } else if (INFINITE.matcher(text).matches()) {
        return text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
      }
      throw new IOException(
          message(
              "%s: line %s: column %s must be a number; got \"%s\"",
              path, lines.line(), column, field));
    }

    private List<String> take() {
      if (!hasNext()) {
        throw new NoSuchElementException("CsvFile: no record is left");
      }
      List<String> record = next;
      next = null;
      return record;
    }

    @Override
    public Map<String, String> next() {
      List<String> record = take();
      Map<String, String> row = new LinkedHashMap<>();
      for (int i = 0; i < names.size(); i++) {
        row.put(names.get(i), record.get(i));
      }
      return row;
    }

    @Override
    public void close() {
      ended = true;
      if (file != null) {
        file.close();
      }
    }
  }
}
