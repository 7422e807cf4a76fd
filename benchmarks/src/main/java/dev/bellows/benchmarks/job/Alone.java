package dev.bellows.benchmarks.job;

import static dev.bellows.nn.Functional.crossEntropy;

import dev.bellows.optim.SGD;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import java.util.Locale;
import java.util.Random;

/**
 * What a machine gives two processes that train {@link ResNet18} without Spark and without any
 * exchange. One works all the time; the other only in every second slot of the clock, so both
 * halves of the comparison see the same drift of the machine. Prints {@code result, seconds of a
 * step beside nobody, seconds of a step beside the other}: twice the first over the second is the
 * most that two executors could gain.
 */
final class Alone {
  private static final long SLOT_MS = 6_000;
  private static final int WARM_UP_SLOTS = 8;
  private static final int SLOTS = 20;

  private final ResNet18 net = new ResNet18();
  private final SGD optimizer = new SGD(net.parameters(), 1e-3);
  private final Tensor x;
  private final Tensor y;

  private Alone(int batch) {
    Random random = new Random(1);
    float[] pixels = new float[batch * ResNet18.PIXELS];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextInt(256);
    }
    x = Tensor.of(pixels, batch, 3, 32, 32);
    y = Tensor.of(random.longs(batch, 0, 10).toArray());
  }

  /** Arguments: batch size, number of the first slot, "steady" or "beside". */
  public static void main(String[] args) throws InterruptedException {
    Generator.manualSeed(1);
    boolean steady = args[2].equals("steady");
    if (OneCore.WANTED) {
      OneCore.pin(steady ? 0 : 1);
    }
    Alone process = new Alone(Integer.parseInt(args[0]));
    long first = Long.parseLong(args[1]);
    if (steady) {
      process.steady(first);
    } else {
      process.beside(first);
    }
  }

  static long slot() {
    return System.currentTimeMillis() / SLOT_MS;
  }

  /** In even slots the other process works, in odd ones it does not. */
  private void steady(long first) {
    double[] seconds = new double[2];
    int[] steps = new int[2];
    for (long slot = slot(); slot < first + SLOTS; slot = slot()) {
      long begin = System.nanoTime();
      step();
      if (slot >= first + WARM_UP_SLOTS && slot() == slot) {
        seconds[(int) (slot % 2)] += (System.nanoTime() - begin) / 1e9;
        steps[(int) (slot % 2)]++;
      }
    }
    System.out.printf(
        Locale.ROOT, "result\t%.4f\t%.4f%n", seconds[1] / steps[1], seconds[0] / steps[0]);
  }

  private void beside(long first) throws InterruptedException {
    for (long slot = slot(); slot < first + SLOTS; slot = slot()) {
      if (slot < first + WARM_UP_SLOTS || slot % 2 == 0) {
        step();
      } else {
        Thread.sleep(Math.max(1, (slot + 1) * SLOT_MS - System.currentTimeMillis()));
      }
    }
  }

  private void step() {
    try (TensorScope scope = TensorScope.open()) {
      optimizer.zeroGrad();
      crossEntropy(net.call(x), y).backward();
      optimizer.step();
    }
  }
}
