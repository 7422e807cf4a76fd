package dev.bellows.oracle;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All operations, by topic. */
final class OpTable {
  private OpTable() {}

  static Map<String, List<OpInfo>> topics() {
    Map<String, List<OpInfo>> topics = new LinkedHashMap<>();
    topics.put("Pointwise", PointwiseOps.all());
    topics.put("Reductions", ReductionOps.all());
    topics.put("Views and joining", ViewOps.all());
    topics.put("Indexing", IndexOps.all());
    topics.put("Linear algebra", LinalgOps.all());
    topics.put("Decompositions", DecompositionOps.all());
    topics.put("Neural networks", NnOps.all());
    return topics;
  }

  static List<OpInfo> all() {
    return topics().values().stream().flatMap(List::stream).toList();
  }
}
