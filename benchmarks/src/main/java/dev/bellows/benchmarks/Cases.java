package dev.bellows.benchmarks;

import static dev.bellows.errors.Messages.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The cases: a network with an optimizer, named {@code network.optimizer}, and their data. */
final class Cases {
  static final int BATCHES = 8;
  private static final List<String> ALL =
      List.of(
          "mlp.sgd",
          "mlp.adam",
          "lenet.sgd",
          "lenet.adam",
          "resnet18.sgd",
          "gpt.adamw",
          "lstm.adam");

  private Cases() {}

  /** Returns the cases that a command-line name selects: one of them, or all of a network. */
  static List<String> of(String name) {
    List<String> found = new ArrayList<>(ALL);
    found.removeIf(each -> !each.equals(name) && !each.startsWith(name + "."));
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          message("benchmark: case must be a network or one of %s; got %s", ALL, name));
    }
    return found;
  }

  static Network network(String name) {
    return Network.valueOf(name.substring(0, name.indexOf('.')).toUpperCase(java.util.Locale.ROOT));
  }

  static String optimizer(String name) {
    return name.substring(name.indexOf('.') + 1);
  }

  /** Returns eight batches of images in [0, 1), one after the other. */
  static float[][] images(Network network) {
    Random random = new Random(1);
    float[][] out = new float[BATCHES][network.inputs()];
    for (float[] batch : out) {
      for (int i = 0; i < batch.length; i++) {
        batch[i] = random.nextFloat();
      }
    }
    return out;
  }

  /** Returns eight batches of token numbers. */
  static long[][] tokens(Network network) {
    return numbers(1, network.inputs(), network.classes);
  }

  /** Returns the labels of {@link #images} or {@link #tokens}. */
  static long[][] labels(Network network) {
    return numbers(2, network.labels(), network.classes);
  }

  private static long[][] numbers(long seed, int count, int end) {
    Random random = new Random(seed);
    long[][] out = new long[BATCHES][count];
    for (long[] batch : out) {
      for (int i = 0; i < count; i++) {
        batch[i] = random.nextInt(end);
      }
    }
    return out;
  }
}
