package dev.bellows.optim.schedule;

import static dev.bellows.errors.Messages.message;

import dev.bellows.optim.Optimizer;
import java.util.Collections;
import java.util.List;
import java.util.function.LongToDoubleFunction;

/**
 * Sets each rate to the base rate times a function of the epoch. Source: PyTorch's {@code
 * torch.optim.lr_scheduler.LambdaLR}.
 */
public final class LambdaLR extends LRScheduler {
  private final List<LongToDoubleFunction> functions;

  /** Takes one function for all groups. */
  public LambdaLR(Optimizer optimizer, LongToDoubleFunction function) {
    this(optimizer, Collections.nCopies(optimizer.groups().size(), function));
  }

  /**
   * Takes a function for each group.
   *
   * @throws IllegalArgumentException if their number is not that of the groups
   */
  public LambdaLR(Optimizer optimizer, List<LongToDoubleFunction> functions) {
    super(optimizer);
    if (functions.size() != groups()) {
      throw new IllegalArgumentException(
          message("Expected %s lr_lambdas, but got %s", groups(), functions.size()));
    }
    this.functions = List.copyOf(functions);
    start();
  }

  @Override
  protected double lr(int group) {
    return baseLr(group) * functions.get(group).applyAsDouble(lastEpoch());
  }
}
