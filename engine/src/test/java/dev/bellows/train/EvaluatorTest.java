package dev.bellows.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.data.TensorDataset;
import dev.bellows.nn.Module;
import dev.bellows.nn.layer.Dropout;
import dev.bellows.nn.layer.Sequential;
import dev.bellows.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EvaluatorTest {
  private static final Tensor X = Tensor.of(new float[] {1, 0, 0, 1, 1, 0}, 3, 2);

  private static long correct(Module model, Tensor y, Predictor<Module> predict, int batchRows) {
    TensorDataset source = TensorDataset.of(Map.of("x", X, "y", y));
    return Evaluator.correct(model, source, predict, "y", 0, 3, batchRows);
  }

  private static long correct(Tensor y, int batchRows) {
    return correct(new Sequential(), y, (model, batch) -> batch.input("x"), batchRows);
  }

  @Test
  void rightRowsAreCounted() {
    for (int batchRows : new int[] {1, 2, 3, 100}) {
      assertThat(correct(Tensor.of(new long[] {0, 1, 1}), batchRows)).isEqualTo(2);
    }
  }

  @Test
  void shapesThatWouldBroadcastAreRefused() {
    assertThatThrownBy(() -> correct(Tensor.of(new long[] {0, 1, 0}, 3, 1), 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "evaluate: logits must be [rows, classes] and label y [rows], with 3 rows here; got"
                + " logits [3, 2], label [3, 1]");
    Predictor<Module> flat = (model, batch) -> batch.input("x").view(6);
    assertThatThrownBy(() -> correct(new Sequential(), Tensor.of(new long[] {0, 1, 0}), flat, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "evaluate: logits must be [rows, classes] and label y [rows], with 3 rows here; got"
                + " logits [6], label [3]");
    Predictor<Module> fewer = (model, batch) -> batch.input("x").narrow(0, 0, 1);
    assertThatThrownBy(() -> correct(new Sequential(), Tensor.of(new long[] {0, 1, 0}), fewer, 3))
        .hasMessageEndingWith("got logits [1, 2], label [3]");
  }

  @Test
  void batchesHaveAtLeastOneRow() {
    assertThatThrownBy(() -> correct(Tensor.of(new long[] {0, 1, 0}), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("evaluate: batchRows must be at least 1; got 0");
  }

  @Test
  void eachModuleGetsItsModeBack() {
    Dropout frozen = new Dropout(0.5);
    Dropout live = new Dropout(0.5);
    Sequential first = new Sequential(frozen, live);
    Sequential second = new Sequential(frozen);
    Sequential model = new Sequential(first, second);
    frozen.eval();
    Predictor<Module> predict =
        (m, batch) -> {
          assertThat(m.modules()).noneMatch(Module::isTraining);
          return batch.input("x");
        };
    correct(model, Tensor.of(new long[] {0, 1, 1}), predict, 3);
    assertThat(frozen.isTraining()).isFalse();
    assertThat(live.isTraining()).isTrue();
    assertThat(first.isTraining()).isTrue();
    assertThat(second.isTraining()).isTrue();
    assertThat(model.isTraining()).isTrue();
  }
}
