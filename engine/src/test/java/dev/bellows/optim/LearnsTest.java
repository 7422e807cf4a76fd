package dev.bellows.optim;

import static dev.bellows.nn.Functional.crossEntropy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.memory.DType;
import dev.bellows.memory.MemoryPool;
import dev.bellows.nn.Module;
import dev.bellows.nn.layer.Conv2d;
import dev.bellows.nn.layer.Dropout;
import dev.bellows.nn.layer.Flatten;
import dev.bellows.nn.layer.Linear;
import dev.bellows.nn.layer.MaxPool2d;
import dev.bellows.nn.layer.ReLU;
import dev.bellows.nn.layer.Sequential;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Layers, loss and optimizers together: a small model learns which quarter of an image is bright.
 */
@Timeout(120)
class LearnsTest {
  private static final long SEED = Long.getLong("test.seed", 23);

  private static Sequential model() {
    Generator generator = new Generator(SEED);
    return new Sequential(
        new Conv2d(1, 8, 3, Conv2d.options().padding(1).generator(generator)),
        new ReLU(),
        new MaxPool2d(2),
        new Flatten(),
        new Dropout(0.1, generator),
        new Linear(128, 4, true, DType.FLOAT32, generator));
  }

  private static Tensor images(Tensor labels, Generator generator) {
    int n = (int) labels.numel();
    Tensor noise = Tensor.rand(generator, DType.FLOAT32, n, 1, 8, 8);
    long[] label = labels.toLongArray();
    for (int i = 0; i < n; i++) {
      int row = (int) (label[i] / 2) * 4;
      int column = (int) (label[i] % 2) * 4;
      noise.select(0, i).narrow(1, row, 4).narrow(2, column, 4).add_(0.5);
    }
    return noise;
  }

  private static long[] labels(int n) {
    long[] labels = new long[n];
    java.util.Arrays.setAll(labels, i -> (i * 7L + i / 5) % 4);
    return labels;
  }

  private static double accuracy(Module model) {
    model.eval();
    try (TensorScope scope = TensorScope.open()) {
      assertThat(scope).isNotNull();
      Tensor labels = Tensor.of(labels(64));
      Tensor logits = model.call(images(labels, new Generator(SEED + 1)));
      return logits.argmax(1, false).eq(labels).to(DType.FLOAT64).mean().item();
    } finally {
      model.train();
    }
  }

  private static Optimizer optimizer(String name, List<? extends Tensor> parameters) {
    Function<List<? extends Tensor>, Optimizer> make =
        switch (name) {
          case "SGD" -> p -> new SGD(p, 0.05, 0.9);
          case "Adam" -> p -> new Adam(p, 0.01);
          default -> p -> new AdamW(p, 0.01);
        };
    return make.apply(parameters);
  }

  @ParameterizedTest
  @ValueSource(strings = {"SGD", "Adam", "AdamW"})
  void learnsWithoutKeepingMemory(String name) {
    Sequential model = model();
    Optimizer optimizer = optimizer(name, model.parameters());
    Generator generator = new Generator(SEED + 2);
    long usedAfterTen = 0;
    for (int step = 0; step < 120; step++) {
      try (TensorScope scope = TensorScope.open()) {
        assertThat(scope).isNotNull();
        Tensor labels = Tensor.of(labels(32));
        crossEntropy(model.call(images(labels, generator)), labels).backward();
        GradClip.clipGradNorm(model.parameters(), 1);
        optimizer.step();
        optimizer.zeroGrad();
      }
      usedAfterTen = step == 9 ? MemoryPool.cpu().usedBytes() : usedAfterTen;
    }
    assertThat(MemoryPool.cpu().usedBytes()).isLessThanOrEqualTo(usedAfterTen);
    assertThat(accuracy(model)).as("-Dtest.seed=%d", SEED).isGreaterThan(0.95);
  }
}
