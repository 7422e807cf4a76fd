package org.example;

import dev.bellows.optim.Optimizer;
import dev.bellows.optim.OptimizerOptions;
import dev.bellows.optim.ParamGroup;
import dev.bellows.optim.ParamState;
import dev.bellows.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Lion: θ ← θ − lr·(sign(beta1·m + (1 − beta1)·g) + weightDecay·θ); m ← beta2·m + (1 − beta2)·g.
 * Source: Chen et al., Symbolic Discovery of Optimization Algorithms, 2023, algorithm 2.
 */
public final class Lion extends Optimizer {
  public Lion(List<? extends Tensor> parameters, Options options) {
    super(List.of(ParamGroup.of(parameters)), options);
  }

  @Override
  protected void checkOptions(Map<String, Double> options) {
    requireNotNegative("learning rate", options, "lr");
    requireNotNegative("weight_decay value", options, "weightDecay");
  }

  @Override
  protected List<String> stateNames(Map<String, Double> options) {
    return List.of("exp_avg");
  }

  @Override
  protected boolean isElementwise() {
    return true;
  }

  @Override
  protected void update(Tensor parameter, Tensor grad, ParamGroup group, ParamState state) {
    Tensor m = state.zeros("exp_avg", parameter);
    Tensor direction = m.mul(group.get("beta1")).add(grad, 1 - group.get("beta1")).sign();
    parameter.mul_(1 - group.lr() * group.get("weightDecay")).add_(direction, -group.lr());
    m.mul_(group.get("beta2")).add_(grad, 1 - group.get("beta2"));
  }

  public static final class Options extends OptimizerOptions<Options> {
    public Options() {
      declare("lr", 1e-4);
      declare("beta1", 0.9);
      declare("beta2", 0.99);
      declare("weightDecay", 0);
    }

    public Options weightDecay(double weightDecay) {
      return set("weightDecay", weightDecay);
    }
  }
}
