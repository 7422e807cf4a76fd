package dev.bellows.data;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * The records of a UTF-8 file of comma-separated values, by the names in its first record. Fields
 * may stand in double quotes, where a quote is written twice; records end with a line feed, with or
 * without a carriage return, and empty lines are passed over. A file is open while its records are
 * read. Source: RFC 4180.
 */
public final class CsvFile implements IterableDataset<Map<String, String>> {
  private final Path file;
  private final char delimiter;
  private final boolean header;

  /** Creates the stream of a file's records, separated by commas, with a header. */
  public CsvFile(Path file) {
    this(file, ',', true);
  }

  private CsvFile(Path file, char delimiter, boolean header) {
    this.file = file;
    this.delimiter = delimiter;
    this.header = header;
  }

  /** Sets the character between fields; default a comma. */
  public CsvFile delimiter(char between) {
    return new CsvFile(file, between, header);
  }

  /** Sets whether the first record has the names, else they are "0", "1" and so on. */
  public CsvFile header(boolean named) {
    return new CsvFile(file, delimiter, named);
  }

  /**
   * Starts a pass. Its methods throw an {@link UncheckedIOException} that names the file and the
   * line if the file cannot be read, is not UTF-8, or has records of different lengths, a name
   * twice, or quotes in wrong places.
   */
  @Override
  public Iterator<Map<String, String>> iterator() {
    return new Records();
  }

  /**
   * Reads columns of numbers.
   *
   * @param columns names; none: all columns
   * @return FLOAT64 [records] by name; an empty field is NaN
   * @throws IOException if the file cannot be read, lacks a column, or a field is no number; the
   *     message names the file and the line
   */
  public Map<String, Tensor> numbers(String... columns) throws IOException {
    Map<String, double[]> values = new LinkedHashMap<>();
    Records records = new Records();
    int size = 0;
    try {
      while (records.hasNext()) {
        Map<String, String> row = records.next();
        for (String name : columns.length == 0 ? row.keySet().toArray(new String[0]) : columns) {
          double[] column = values.computeIfAbsent(name, n -> new double[16]);
          if (size == column.length) {
            column = Arrays.copyOf(column, 2 * size);
            values.put(name, column);
          }
          column[size] = number(records, name, row);
        }
        size++;
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, double[]> column : values.entrySet()) {
      tensors.put(column.getKey(), Tensor.of(Arrays.copyOf(column.getValue(), size)));
    }
    for (String name : columns) {
      tensors.computeIfAbsent(name, n -> Tensor.empty(DType.FLOAT64, 0)); // of no records
    }
    return tensors;
  }

  private double number(Records records, String name, Map<String, String> row) throws IOException {
    String text = row.get(name);
    if (text == null) {
      throw new IOException(message("%s: must have a column %s; has %s", file, name, row.keySet()));
    }
    try {
      return text.isBlank() ? Double.NaN : Double.parseDouble(text.strip());
    } catch (NumberFormatException e) {
      throw new IOException(
          message(
              "%s: line %s: column %s must be a number; got \"%s\"",
              file, records.lines.line(), name, text),
          e);
    }
  }

  private final class Records implements Iterator<Map<String, String>> {
    private CsvLines lines;
    private List<String> names;
    private List<String> next;
    private boolean ended;

    @Override
    public boolean hasNext() {
      try {
        if (next == null && !ended) {
          if (lines == null) {
            lines = new CsvLines(Files.newBufferedReader(file, StandardCharsets.UTF_8), delimiter);
            names = header ? checkedNames(lines.next()) : null;
          }
          next = lines.next();
          ended = next == null;
          if (ended) {
            lines.close();
          } else if (names == null) {
            names = List.copyOf(Batch.byPosition(next).keySet());
          }
          if (!ended && next.size() != names.size()) {
            throw new IOException(
                message("a record must have %s fields; has %s", names.size(), next.size()));
          }
        }
      } catch (IOException e) {
        ended = true;
        String where = lines == null ? "" : message("line %s: ", lines.line());
        throw new UncheckedIOException(
            new IOException(message("%s: %s%s", file, where, e.getMessage()), e));
      }
      return !ended;
    }

    private List<String> checkedNames(List<String> record) throws IOException {
      if (record != null && record.stream().distinct().count() < record.size()) {
        throw new IOException("names in the first record must differ; got " + record);
      }
      return record;
    }

    @Override
    public Map<String, String> next() {
      if (!hasNext()) {
        throw new NoSuchElementException("CsvFile: no record is left");
      }
      Map<String, String> row = new LinkedHashMap<>();
      for (int i = 0; i < names.size(); i++) {
        row.put(names.get(i), next.get(i));
      }
      next = null;
      return row;
    }
  }
}
