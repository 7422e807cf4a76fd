package dev.bellows.spark.checkpoint;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Spreads tensors over part files. */
public final class ShardAssignment {
  private ShardAssignment() {}

  /**
   * Spreads keys over parts so that parts have about equal bytes: the largest first, each to the
   * part with the fewest bytes so far, ties to the lower index. The same map in the same order
   * gives the same answer everywhere; within a part, keys keep their order.
   */
  public static List<List<String>> assign(Map<String, Long> keyBytes, int parts) {
    if (parts < 1) {
      throw new CheckpointException("checkpoint: parts must be at least 1; got " + parts);
    }
    List<String> keys = new ArrayList<>(keyBytes.keySet());
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      order.add(i);
    }
    order.sort(Comparator.<Integer>comparingLong(i -> -keyBytes.get(keys.get(i))));
    long[] load = new long[parts];
    int[] part = new int[keys.size()];
    for (int i : order) {
      part[i] = least(load);
      load[part[i]] += keyBytes.get(keys.get(i));
    }
    List<List<String>> assigned = new ArrayList<>();
    for (int p = 0; p < parts; p++) {
      assigned.add(new ArrayList<>());
    }
    for (int i = 0; i < part.length; i++) {
      assigned.get(part[i]).add(keys.get(i));
    }
    return assigned;
  }

  private static int least(long[] load) {
    int best = 0;
    for (int p = 1; p < load.length; p++) {
      best = load[p] < load[best] ? p : best;
    }
    return best;
  }
}
