package dev.bellows.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.bellows.autograd.GradMode;
import dev.bellows.tensor.Tensor;
import java.util.List;
import org.example.Lion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Optimizers as users write them, and what all optimizers have of their base class. */
@Timeout(60)
class UserOptimizerTest {
  private static Tensor leaf(double... values) {
    return Tensor.of(values).setRequiresGrad(true);
  }

  private static void step(Optimizer optimizer, Tensor x) {
    optimizer.zeroGrad();
    x.mul(x).sum().backward();
    optimizer.step();
  }

  @Test
  void anOptimizerOfAnotherPackageTrains() {
    Tensor x = leaf(1, -2, 0.5);
    Lion lion = new Lion(List.of(x), new Lion.Options().lr(0.1).weightDecay(0.5));
    step(lion, x);
    assertThat(x.toDoubleArray())
        .containsExactly(new double[] {0.95 - 0.1, -1.9 + 0.1, 0.475 - 0.1}, within(1e-12));
    assertThat(lion.stateDict().tensors().get("state.0.exp_avg").toDoubleArray())
        .containsExactly(new double[] {0.02, -0.04, 0.01}, within(1e-12));
  }

  @Test
  void itsStateIsSavedAndLoaded() {
    Tensor x = leaf(1, -2, 0.5);
    Tensor y = leaf(1, -2, 0.5);
    Lion first = new Lion(List.of(x), new Lion.Options().lr(0.1));
    step(first, x);
    Lion second = new Lion(List.of(y), new Lion.Options());
    second.loadStateDict(first.stateDict());
    try (GradMode mode = GradMode.noGrad()) {
      y.copy_(x);
    }
    step(first, x);
    step(second, y);
    assertThat(y.toDoubleArray()).isEqualTo(x.toDoubleArray());
    assertThatThrownBy(() -> new SGD(List.of(y), 0.1).loadStateDict(first.stateDict()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("optimizer is SGD here, Lion there");
  }

  @Test
  void optionsOutOfRangeAndUnknownOnesAreRefused() {
    assertThatThrownBy(() -> new Lion(List.of(leaf(1)), new Lion.Options().lr(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Invalid learning rate: -1.0");
    Lion lion = new Lion(List.of(leaf(1)), new Lion.Options());
    assertThatThrownBy(() -> lion.groups().get(0).set(SGD.options().momentum(0.5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no option momentum");
    assertThatThrownBy(
            () -> lion.addParamGroup(ParamGroup.of(List.of(leaf(1)), new Lion.Options().lr(-2))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Invalid learning rate: -2.0");
    assertThat(lion.groups()).hasSize(1);
  }

  @Test
  void groupsAreAddedWithTheOptimizersOptions() {
    Tensor x = leaf(1);
    Tensor y = leaf(1);
    SGD sgd = new SGD(List.of(x), SGD.options().lr(0.5).momentum(0.9));
    sgd.addParamGroup(ParamGroup.of(List.of(y), SGD.options().lr(0.25)));
    assertThat(sgd.groups().get(1).get("momentum")).isEqualTo(0.9);
    x.add(y).sum().backward();
    sgd.step();
    assertThat(x.item()).isEqualTo(0.5);
    assertThat(y.item()).isEqualTo(0.75);
    assertThatThrownBy(() -> sgd.addParamGroup(ParamGroup.of(List.of(leaf(1), x))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("some parameters appear in more than one parameter group")
        .hasMessageContaining("again as parameter 3");
    assertThatThrownBy(() -> sgd.addParamGroup(ParamGroup.of(List.of(leaf(1).mul(2)))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("can't optimize a non-leaf Tensor");
    assertThat(sgd.groups()).hasSize(2);
  }

  @Test
  void aClosureIsEvaluatedWithRecordingOn() {
    Tensor x = leaf(3);
    SGD sgd = new SGD(List.of(x), 0.1);
    Tensor loss;
    try (GradMode mode = GradMode.noGrad()) {
      loss =
          sgd.step(
              () -> {
                sgd.zeroGrad();
                Tensor square = x.mul(x).sum();
                square.backward();
                return square;
              });
    }
    assertThat(loss.item()).isEqualTo(9);
    assertThat(x.item()).isEqualTo(3 - 0.1 * 6, within(1e-12));
  }

  /** Texts of PyTorch 2, without the options that are not there. */
  @Test
  void itPrintsAsInPyTorch() {
    assertThat(new SGD(List.of(leaf(1)), SGD.options().lr(1e-3).momentum(0.9).nesterov(true)))
        .hasToString(
            """
            SGD (
            Parameter Group 0
                dampening: 0
                lr: 0.001
                maximize: False
                momentum: 0.9
                nesterov: True
                weight_decay: 0
            )""");
    AdamW adam = new AdamW(List.of(leaf(1)), 3e-5);
    adam.addParamGroup(ParamGroup.of(List.of(leaf(2)), AdamW.options().lr(12.5)));
    assertThat(adam)
        .hasToString(
            """
            AdamW (
            Parameter Group 0
                amsgrad: False
                betas: (0.9, 0.999)
                eps: 1e-08
                lr: 3e-05
                maximize: False
                weight_decay: 0.01
            Parameter Group 1
                amsgrad: False
                betas: (0.9, 0.999)
                eps: 1e-08
                lr: 12.5
                maximize: False
                weight_decay: 0.01
            )""");
  }

  /** One step down the gradient, of length lr over all elements together. */
  private static final class Normalized extends Optimizer {
    Normalized(Tensor parameter) {
      super(List.of(ParamGroup.of(List.of(parameter))), AdamW.options());
    }

    @Override
    protected void update(Tensor parameter, Tensor grad, ParamGroup group, ParamState state) {
      parameter.add_(grad.div(grad.norm()), -group.lr());
    }
  }

  @Test
  void onlyAnElementwiseOptimizerIsSharded() {
    Partition whole =
        new Partition() {
          @Override
          public long first(Tensor parameter) {
            return 0;
          }

          @Override
          public long end(Tensor parameter) {
            return parameter.numel();
          }
        };
    assertThatThrownBy(() -> new Normalized(leaf(1, 2)).partition(whole))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("isElementwise()");
    Lion lion = new Lion(List.of(leaf(1, 2)), new Lion.Options());
    lion.partition(whole);
    assertThatThrownBy(() -> lion.addParamGroup(ParamGroup.of(List.of(leaf(1)))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("before the optimizer is sharded");
  }
}
