package dev.bellows.spark.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Compares the columns that a job asks for with those a frame has, before anything runs. */
final class FrameSchema {
  private FrameSchema() {}

  /**
   * The source type of each column.
   *
   * @throws SnapshotException naming every column that is missing, named twice or of a wrong type
   */
  static List<SourceType> resolve(StructType schema, List<Column> columns) {
    List<String> problems = new ArrayList<>();
    List<SourceType> sources = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    if (columns.isEmpty()) {
      problems.add("at least one column must be named; got none");
    }
    for (Column column : columns) {
      if (!seen.add(column.name())) {
        problems.add("column " + column.name() + " must be named once; it is named again");
      }
      List<StructField> fields =
          Arrays.stream(schema.fields()).filter(f -> f.name().equals(column.name())).toList();
      if (fields.size() == 1) {
        sources.add(resolve(fields.get(0), column, problems));
      } else {
        String got = fields.isEmpty() ? "there is none" : "there are " + fields.size();
        problems.add(
            "column " + column.name() + " must exist once in the frame; " + got + has(schema));
      }
    }
    if (!problems.isEmpty()) {
      String count = problems.size() == 1 ? "" : problems.size() + " problems: ";
      throw new SnapshotException("snapshot: " + count + String.join("; ", problems));
    }
    return sources;
  }

  private static SourceType resolve(StructField field, Column column, List<String> problems) {
    SourceType source = SourceType.of(field.dataType());
    String problem = source == null ? "numbers" : source.problem(column);
    if (problem != null) {
      problems.add(
          String.format(
              Locale.ROOT,
              "column %s must hold %s for %s%s; got %s",
              column.name(),
              problem,
              column.dtype(),
              Arrays.toString(column.shape()),
              field.dataType().simpleString()));
    }
    return source;
  }

  private static String has(StructType schema) {
    return Arrays.stream(schema.fields())
        .map(f -> f.name() + " " + f.dataType().simpleString())
        .collect(Collectors.joining(", ", ", the frame has [", "]"));
  }
}
