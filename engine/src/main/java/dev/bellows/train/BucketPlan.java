package dev.bellows.train;

import dev.bellows.nn.Parameter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Assigns parameters to buckets: those that are trained, in reverse order, which is about the order
 * in which backward produces their gradients. A bucket holds one dtype on one device. The first
 * bucket is small so that its exchange starts early, the last because its exchange ends late.
 */
final class BucketPlan {
  private static final long SMALL_BUCKET_BYTES = 1 << 20;

  private BucketPlan() {}

  /**
   * Returns the parameters of each bucket, of at most {@code bucketBytes} unless a single one is
   * larger.
   */
  static List<List<Parameter>> of(List<Parameter> parameters, long bucketBytes) {
    long small = Math.min(SMALL_BUCKET_BYTES, bucketBytes);
    List<Parameter> trained = new ArrayList<>(parameters);
    trained.removeIf(parameter -> !parameter.requiresGrad());
    Collections.reverse(trained);
    int last = startOfLast(trained, small);
    List<List<Parameter>> buckets = new ArrayList<>();
    long bytes = 0;
    for (int i = 0; i < trained.size(); i++) {
      Parameter parameter = trained.get(i);
      long limit = buckets.size() > 1 && i < last ? bucketBytes : small;
      if (i == 0
          || trained.get(i - 1).dtype() != parameter.dtype()
          || !trained.get(i - 1).device().equals(parameter.device())
          || (bytes > 0 && bytes + bytes(parameter) > limit)) {
        buckets.add(new ArrayList<>());
        bytes = 0;
      }
      buckets.get(buckets.size() - 1).add(parameter);
      bytes += bytes(parameter);
    }
    return buckets;
  }

  /** Returns the first index from which on all parameters together are small. */
  private static int startOfLast(List<Parameter> parameters, long small) {
    int start = parameters.size();
    long bytes = 0;
    while (start > 0 && bytes + bytes(parameters.get(start - 1)) <= small) {
      bytes += bytes(parameters.get(--start));
    }
    return start;
  }

  private static long bytes(Parameter parameter) {
    return parameter.numel() * parameter.dtype().bytes();
  }
}
