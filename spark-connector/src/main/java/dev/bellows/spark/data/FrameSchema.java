package dev.bellows.spark.data;

import static dev.bellows.errors.Messages.message;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Resolves a job's columns in a frame before anything runs, by the rule of {@link Column#name}.
 *
 * @param selected only the requested columns, in their order
 * @param sources the type of each
 */
record FrameSchema(Dataset<Row> selected, List<SourceType> sources) {

  /**
   * Resolves the columns.
   *
   * @throws SnapshotException naming every column that is missing, ambiguous, named twice or of a
   *     wrong type
   */
  static FrameSchema resolve(Dataset<Row> frame, List<Column> columns) {
    Resolver resolver = new Resolver(frame);
    List<org.apache.spark.sql.Column> found = resolver.resolve(columns);
    if (!resolver.problems.isEmpty()) {
      int count = resolver.problems.size();
      throw new SnapshotException(
          message(
              "snapshot: %s%s",
              count == 1 ? "" : count + " problems: ", String.join("; ", resolver.problems)));
    }
    Dataset<Row> selected =
        resolver.numbered.select(found.toArray(new org.apache.spark.sql.Column[0]));
    return new FrameSchema(selected, resolver.sources);
  }

  /** Returns the problems that {@link #resolve} would report. */
  static List<String> problems(Dataset<Row> frame, List<Column> columns) {
    Resolver resolver = new Resolver(frame);
    resolver.resolve(columns);
    return resolver.problems;
  }

  private static final class Resolver {
    private final StructType schema;
    private final boolean caseSensitive;
    private final BiPredicate<String, String> same;
    // Positions serve as names, since the frame's names may be duplicated, or contain any
    // characters.
    private final Dataset<Row> numbered;
    private final List<SourceType> sources = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    Resolver(Dataset<Row> frame) {
      this.schema = frame.schema();
      this.caseSensitive =
          Boolean.parseBoolean(frame.sparkSession().conf().get("spark.sql.caseSensitive"));
      this.same = caseSensitive ? String::equals : String::equalsIgnoreCase;
      this.numbered =
          frame.toDF(
              IntStream.range(0, schema.size()).mapToObj(i -> "c" + i).toArray(String[]::new));
    }

    List<org.apache.spark.sql.Column> resolve(List<Column> columns) {
      List<org.apache.spark.sql.Column> found = new ArrayList<>();
      Set<String> seen = new HashSet<>();
      if (columns.isEmpty()) {
        problems.add("at least one column must be named; got none");
      }
      for (Column column : columns) {
        if (!seen.add(column.name())) {
          problems.add("column " + column.name() + " must be named once; it is named again");
        }
        org.apache.spark.sql.Column source = find(column);
        if (source != null) {
          found.add(source);
          check(column, numbered.select(source).schema().fields()[0].dataType());
        }
      }
      return found;
    }

    /** Returns the column of the frame, or null after a problem. */
    private org.apache.spark.sql.Column find(Column column) {
      List<Integer> whole = named(column.name());
      List<String> path = path(column.name());
      List<Integer> heads = path.isEmpty() ? List.of() : named(path.get(0));
      org.apache.spark.sql.Column nested =
          path.size() > 1 && heads.size() == 1 ? field(heads.get(0), path) : null;
      if (whole.size() == 1 && nested == null) {
        return numbered.col("c" + whole.get(0));
      }
      if (whole.isEmpty() && nested != null) {
        return nested;
      }
      if (whole.isEmpty() && path.size() == 1 && heads.size() == 1) {
        return numbered.col("c" + heads.get(0)); // in backticks
      }
      List<Integer> twins = whole.isEmpty() ? heads : whole;
      String rule = "column " + column.name() + " must exist once in the frame; ";
      if (!whole.isEmpty() && nested != null) {
        problems.add(
            message(
                "%sthere are a column of that name and a field of %s: write `%s` in backticks for"
                    + " the column, or rename it",
                rule, names(heads), column.name()));
      } else if (twins.size() > 1) {
        problems.add(message("%sthere are %s%s", rule, names(twins), twinAdvice(twins)));
      } else {
        problems.add(message("%sthere is none, the frame has %s", rule, all()));
      }
      return null;
    }

    private List<Integer> named(String name) {
      return IntStream.range(0, schema.size())
          .filter(i -> same.test(schema.fields()[i].name(), name))
          .boxed()
          .toList();
    }

    /**
     * Parses a name as Spark does, {@code a.b.`c.d`}, into column and fields; empty if it is
     * invalid.
     */
    private static List<String> path(String name) {
      try {
        return CollectionConverters.asJava(UnresolvedAttribute.parseAttributeName(name));
      } catch (Exception e) { // AnalysisException, which Scala does not declare
        return List.of();
      }
    }

    private org.apache.spark.sql.Column field(int head, List<String> path) {
      org.apache.spark.sql.Column source = numbered.col("c" + head);
      for (String part : path.subList(1, path.size())) {
        source = source.getField(part);
      }
      try {
        return numbered.select(source).schema() == null ? null : source;
      } catch (Exception e) { // AnalysisException, which Scala does not declare
        if (e instanceof AnalysisException) {
          return null;
        }
        throw e;
      }
    }

    private void check(Column column, DataType type) {
      SourceType source = SourceType.of(type);
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
                type.simpleString()));
      }
      sources.add(source);
    }

    private String names(List<Integer> fields) {
      return fields.stream().map(i -> schema.fields()[i].name()).collect(Collectors.joining(", "));
    }

    private String twinAdvice(List<Integer> twins) {
      boolean byCase = twins.stream().map(i -> schema.fields()[i].name()).distinct().count() > 1;
      return byCase && !caseSensitive
          ? ", which are one name while spark.sql.caseSensitive is false"
          : "";
    }

    private String all() {
      return Arrays.stream(schema.fields())
          .map(f -> f.name() + " " + f.dataType().simpleString())
          .collect(Collectors.joining(", ", "[", "]"));
    }
  }
}
