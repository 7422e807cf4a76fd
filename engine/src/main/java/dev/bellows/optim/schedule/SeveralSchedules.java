package dev.bellows.optim.schedule;

import static dev.bellows.errors.Messages.message;

import dev.bellows.optim.Optimizer;
import java.util.List;
import java.util.Map;

/** A schedule made of others, all of one optimizer. */
abstract class SeveralSchedules extends LRScheduler {
  private static final String SCHEDULES = "_schedulers";

  private final List<LRScheduler> schedules;

  SeveralSchedules(String name, String what, List<? extends LRScheduler> schedules) {
    super(checked(name, what, schedules));
    this.schedules = List.copyOf(schedules);
  }

  private static Optimizer checked(
      String name, String what, List<? extends LRScheduler> schedules) {
    if (schedules.isEmpty()) {
      throw new IllegalArgumentException(
          message("%s expects at least one scheduler%s, but got no scheduler.", name, what));
    }
    Optimizer optimizer = schedules.get(0).optimizer();
    for (int i = 0; i < schedules.size(); i++) {
      LRScheduler schedule = schedules.get(i);
      if (schedule instanceof ReduceLROnPlateau) {
        throw new IllegalArgumentException(
            message(
                "%s does not support `ReduceLROnPlateau` scheduler as it requires additional kwargs"
                    + " to be specified when calling `step`, but got one at index %s in the given"
                    + " schedulers sequence.",
                name, i));
      }
      if (schedule.optimizer() != optimizer) {
        throw new IllegalArgumentException(
            message(
                "%s expects all schedulers to belong to the same optimizer, but got scheduler %s at"
                    + " index %s of another %s.",
                name, schedule.getClass().getSimpleName(), i, schedule.optimizer().name()));
      }
    }
    return optimizer;
  }

  final List<LRScheduler> schedules() {
    return schedules;
  }

  /** Sets the base rates, as before any schedule, and takes back the initial steps. */
  final void rewind() {
    for (int group = 0; group < groups(); group++) {
      group(group).setLr(group(group).initialLr());
    }
    undo();
  }

  @Override
  void undo() {
    schedules.forEach(LRScheduler::undo);
  }

  @Override
  protected final double lr(int group) {
    return group(group).lr();
  }

  @Override
  public Map<String, Object> stateDict() {
    Map<String, Object> state = super.stateDict();
    state.put(SCHEDULES, schedules.stream().map(LRScheduler::stateDict).toList());
    return state;
  }

  @Override
  public void loadStateDict(Map<String, ?> state) {
    String name = getClass().getSimpleName();
    List<Map<String, ?>> states = States.schedules(name, state, SCHEDULES, schedules.size());
    loadOwn(name, state);
    for (int i = 0; i < states.size(); i++) {
      schedules.get(i).loadStateDict(states.get(i));
    }
  }

  /** Reads what PyTorch saves of this schedule. */
  void loadOwn(String name, Map<String, ?> state) {
    setLastLr(States.numbers(name, state, LAST_LR, groups()));
    if (state.containsKey(LAST_EPOCH)) {
      setLastEpoch(States.whole(name, state, LAST_EPOCH));
    }
  }
}
