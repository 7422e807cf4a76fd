package dev.bellows.benchmarks.job;

import static dev.bellows.nn.Functional.crossEntropy;
import static java.util.stream.Collectors.joining;

import dev.bellows.optim.SGD;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Measures two processes that train {@link ResNet18} without Spark and without any exchange, each
 * on its own processor. Time slots alternate between both processes together, the first alone and
 * the second alone, so all three see the same drift of the machine. Prints {@code result}, the mean
 * seconds of a step when running alone, and the seconds of each step when both run.
 */
final class Alone {
  private static final long SLOT_MS = 6_000;
  private static final int WARM_UP_SLOTS = 6;
  private static final int SLOTS = 24;

  private final ResNet18 net = new ResNet18();
  private final SGD optimizer = new SGD(net.parameters(), 1e-3);
  private final Tensor x;
  private final Tensor y;
  private final int shards;

  private Alone(int batch, int shards) {
    this.shards = shards;
    Random random = new Random(1);
    float[] pixels = new float[batch * ResNet18.PIXELS];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextInt(256);
    }
    x = Tensor.of(pixels, batch, 3, 32, 32);
    y = Tensor.of(random.longs(batch, 0, 10).toArray());
  }

  /**
   * Measures one process. Arguments: samples of a shard, shards of a step, number of the first
   * slot, 0 or 1.
   */
  public static void main(String[] args) throws InterruptedException {
    Generator.manualSeed(1);
    int place = Integer.parseInt(args[3]);
    if (OneCore.WANTED) {
      OneCore.pin(ProcessHandle.current(), place);
    }
    new Alone(Integer.parseInt(args[0]), Integer.parseInt(args[1]))
        .work(Long.parseLong(args[2]), place);
  }

  static long slot() {
    return System.currentTimeMillis() / SLOT_MS;
  }

  private void work(long first, int place) throws InterruptedException {
    List<Double> alone = new ArrayList<>();
    List<Double> beside = new ArrayList<>();
    for (long slot = slot(); slot < first + SLOTS; slot = slot()) {
      boolean warmUp = slot < first + WARM_UP_SLOTS;
      int owner = (int) (slot % 3);
      if (!warmUp && owner == 1 - place) {
        Thread.sleep(Math.max(1, (slot + 1) * SLOT_MS - System.currentTimeMillis()));
        continue;
      }
      long begin = System.nanoTime();
      step();
      if (!warmUp && slot() == slot) {
        (owner == 2 ? beside : alone).add((System.nanoTime() - begin) / 1e9);
      }
    }
    double mean = alone.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    System.out.println(
        beside.stream().map(String::valueOf).collect(joining("\t", "result\t" + mean + "\t", "")));
  }

  private void step() {
    try (TensorScope scope = TensorScope.open()) {
      optimizer.zeroGrad();
      for (int shard = 0; shard < shards; shard++) {
        crossEntropy(net.call(x), y).backward();
      }
      optimizer.step();
    }
  }
}
