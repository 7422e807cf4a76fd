package dev.bellows.benchmarks;

import java.util.List;
import java.util.Random;

/**
 * The models that both sides train, with the same data.
 *
 * <p>mlp: 784-512-256-10, ReLU, batch 128. lenet: conv 1→32 3x3, ReLU, conv 32→64 3x3, ReLU, max
 * pool 2, dropout 0.25, linear 9216→128, ReLU, dropout 0.5, linear 128→10, batch 64, on 28x28
 * images: the network of PyTorch's MNIST example, 1,199,882 parameters. Each is trained with SGD
 * (momentum 0.9) and with Adam.
 */
final class Cases {
  static final int BATCHES = 8;

  private Cases() {}

  /** Returns the cases that a command-line name selects. */
  static List<String> of(String name) {
    return switch (name) {
      case "mlp" -> List.of("mlp.sgd", "mlp.adam");
      case "lenet" -> List.of("lenet.sgd", "lenet.adam");
      case "mlp.sgd", "mlp.adam", "lenet.sgd", "lenet.adam" -> List.of(name);
      default ->
          throw new IllegalArgumentException(
              "benchmark: case must be mlp, lenet, or one of them with .sgd or .adam; got " + name);
    };
  }

  static boolean isLenet(String name) {
    return name.startsWith("lenet");
  }

  static boolean isAdam(String name) {
    return name.endsWith("adam");
  }

  static int batch(String name) {
    return isLenet(name) ? 64 : 128;
  }

  /** Returns eight batches of images in [0, 1), one after the other. */
  static float[][] images(String name) {
    Random random = new Random(1);
    float[][] out = new float[BATCHES][batch(name) * 784];
    for (float[] batch : out) {
      for (int i = 0; i < batch.length; i++) {
        batch[i] = random.nextFloat();
      }
    }
    return out;
  }

  /** Returns labels in [0, 10) for {@link #images}. */
  static long[][] labels(String name) {
    Random random = new Random(2);
    long[][] out = new long[BATCHES][batch(name)];
    for (long[] batch : out) {
      for (int i = 0; i < batch.length; i++) {
        batch[i] = random.nextInt(10);
      }
    }
    return out;
  }
}
