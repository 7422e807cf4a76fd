package dev.bellows.serialize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Reduction;
import dev.bellows.nn.StateDict;
import dev.bellows.nn.layer.Conv2d;
import dev.bellows.nn.layer.Flatten;
import dev.bellows.nn.layer.Linear;
import dev.bellows.nn.layer.MaxPool2d;
import dev.bellows.nn.layer.ReLU;
import dev.bellows.nn.layer.Sequential;
import dev.bellows.optim.AdamW;
import dev.bellows.optim.GradClip;
import dev.bellows.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Goes on from PyTorch's first weights and comes to its last ones. */
@Timeout(60)
class PyTorchTrainingTest {
  private static Map<String, Tensor> file() throws Exception {
    return SafeTensors.load(
            Path.of(
                PyTorchTrainingTest.class
                    .getResource("/dev/bellows/serialize/pytorch-training.safetensors")
                    .toURI()))
        .tensors();
  }

  private static StateDict part(Map<String, Tensor> tensors, String prefix) {
    Map<String, Tensor> part = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) -> {
          if (name.startsWith(prefix)) {
            part.put(name.substring(prefix.length()), tensor);
          }
        });
    return StateDict.of(part);
  }

  private static Sequential model() {
    return new Sequential(
        new Conv2d(1, 4, 3, Conv2d.options().padding(1)),
        new ReLU(),
        new MaxPool2d(2),
        new Conv2d(4, 6, 3, Conv2d.options().padding(1).groups(2).bias(false)),
        new ReLU(),
        new MaxPool2d(3, 2, 1),
        new Flatten(),
        new Linear(24, 5));
  }

  @Test
  void sameWeightsAfterTheSameSteps() throws Exception {
    Map<String, Tensor> file = file();
    Sequential model = model();
    model.loadStateDict(part(file, "init."));
    Tensor x = file.get("x");
    assertThat(model.call(x).toDoubleArray())
        .containsExactly(file.get("logits").toDoubleArray(), within(1e-5));
    AdamW optimizer = new AdamW(model.parameters(), 1e-2);
    double[] expected = file.get("losses_and_norms").toDoubleArray();
    for (int step = 0; step < 5; step++) {
      optimizer.zeroGrad();
      Tensor loss =
          Functional.crossEntropy(
              model.call(x), file.get("y"), Reduction.MEAN, Functional.IGNORE_INDEX, 0.1);
      loss.backward();
      assertThat(loss.item()).isEqualTo(expected[2 * step], within(2e-5));
      assertThat(GradClip.clipGradNorm(model.parameters(), 0.5))
          .isEqualTo(expected[2 * step + 1], within(2e-5));
      optimizer.step();
    }
    StateDict last = part(file, "final.");
    assertThat(last.keys()).hasSameElementsAs(model.stateDict().keys());
    for (String key : last.keys()) {
      assertThat(model.stateDict().get(key).toDoubleArray())
          .as(key)
          .containsExactly(last.get(key).toDoubleArray(), within(1e-4));
    }
  }
}
