package dev.bellows.spark;

import dev.bellows.nn.Parameter;
import dev.bellows.optim.Optimizer;
import java.io.Serializable;
import java.util.List;

/** Creates the optimizer of a model's parameters, on each executor. */
@FunctionalInterface
public interface OptimizerFactory extends Serializable {
  /** Creates the optimizer of {@code parameters}. */
  Optimizer create(List<Parameter> parameters);
}
