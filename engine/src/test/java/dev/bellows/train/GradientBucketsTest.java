package dev.bellows.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.memory.DType;
import dev.bellows.nn.Parameter;
import dev.bellows.reduction.ReductionTree;
import dev.bellows.reduction.TreeAccumulator;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which gradients travel together. */
class GradientBucketsTest {
  private static final int KIB = 1024 / Float.BYTES;

  @Test
  void theFirstAndTheLastBucketAreSmall() {
    assertThat(buckets(25 << 20, 100, 800, 4_000, 20_000, 3_000, 700, 200))
        .containsExactly("200 700", "3000 20000", "4000", "800 100");
  }

  @Test
  void aBucketHoldsNoMoreThanAsked() {
    assertThat(buckets(1_000 << 10, 100, 900, 600, 600, 300, 300))
        .containsExactly("300 300", "600", "600", "900 100");
    assertThat(buckets(500 << 10, 100, 700, 200, 200, 600))
        .containsExactly("600", "200 200", "700", "100");
  }

  @Test
  void aSmallModelIsOneBucket() {
    assertThat(buckets(25 << 20, 10, 20, 900)).containsExactly("900 20 10");
  }

  @Test
  void aLargeFirstParameterGoesWithThoseBehindIt() {
    assertThat(buckets(25 << 20, 8_000, 4_000, 500)).containsExactly("500", "4000 8000");
  }

  @Test
  void frozenParametersAreInNoBucket() {
    List<Parameter> parameters = parameters(100, 5_000, 100);
    parameters.set(1, Parameter.of(Tensor.zeros(5_000L * KIB), false));
    assertThat(buckets(25 << 20, parameters)).containsExactly("100 100");
  }

  /** The KiB of the parameters of each bucket, which have so many elements of FLOAT32. */
  private static List<String> buckets(long bucketBytes, int... kibs) {
    return buckets(bucketBytes, parameters(kibs));
  }

  private static List<Parameter> parameters(int... kibs) {
    return new ArrayList<>(
        Arrays.stream(kibs)
            .mapToObj(kib -> Parameter.of(Tensor.zeros(DType.FLOAT32, (long) kib * KIB)))
            .toList());
  }

  private static List<String> buckets(long bucketBytes, List<Parameter> parameters) {
    Layout layout = new Layout();
    new GradientBuckets(
            parameters, bucketBytes, 1, new ReductionTree.Range(0, 1), layout, false, false)
        .close();
    return layout.buckets;
  }

  /** Hears what all ranks must agree on. */
  private static final class Layout implements GradientExchange {
    private final List<String> buckets = new ArrayList<>();

    @Override
    public Pending start(
        String name, int leaves, List<TreeAccumulator.Partial<Tensor>> partials, Tensor out) {
      throw new AssertionError("nothing is sent");
    }

    @Override
    public void requireEqual(String what, List<String> lines) {
      String last = null;
      for (String line : lines) {
        String bucket = line.substring(0, line.indexOf(':'));
        String shape = line.substring(line.indexOf('[') + 1, line.indexOf(']'));
        String kib = "" + Long.parseLong(shape) / KIB;
        if (bucket.equals(last)) {
          buckets.set(buckets.size() - 1, buckets.get(buckets.size() - 1) + " " + kib);
        } else {
          buckets.add(kib);
        }
        last = bucket;
      }
    }
  }
}
