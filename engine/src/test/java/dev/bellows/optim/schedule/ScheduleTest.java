package dev.bellows.optim.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.bellows.optim.Adagrad;
import dev.bellows.optim.Adam;
import dev.bellows.optim.Optimizer;
import dev.bellows.optim.ParamGroup;
import dev.bellows.optim.SGD;
import dev.bellows.serialize.SafeTensors;
import dev.bellows.tensor.Tensor;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Forty epochs of every schedule, compared with those that make_schedules.py wrote. */
@Timeout(60)
class ScheduleTest {
  private static final double[] METRICS = {
    3.0, 2.0, 2.0, 1.99999, 2.1, 1.5, 1.6, 1.6, 1.7, 1.4, 1.4, 1.5, 1.5, 1.6
  };
  private static final Map<String, Function<Optimizer, LRScheduler>> CASES = new LinkedHashMap<>();
  private static Map<String, Tensor> file;

  static {
    formulas();
    composed();
    cycles();
  }

  private static void formulas() {
    CASES.put("LambdaLR", o -> new LambdaLR(o, e -> StrictMath.pow(0.95, e)));
    CASES.put(
        "LambdaLR of groups", o -> new LambdaLR(o, List.of(e -> 1.0 / (1 + e), e -> e % 3 + 1)));
    CASES.put("MultiplicativeLR", o -> new MultiplicativeLR(o, e -> e % 2 == 1 ? 0.9 : 1.05));
    CASES.put("StepLR", o -> new StepLR(o, 7));
    CASES.put("StepLR gamma", o -> new StepLR(o, 3, 0.5));
    CASES.put("MultiStepLR", o -> new MultiStepLR(o, 0.3, 20, 5, 11, 11));
    CASES.put("ConstantLR", ConstantLR::new);
    CASES.put("ConstantLR factor", o -> new ConstantLR(o, 0.25, 9));
    CASES.put("LinearLR", LinearLR::new);
    CASES.put("LinearLR falling", o -> new LinearLR(o, 1, 0.1, 12));
    CASES.put("ExponentialLR", o -> new ExponentialLR(o, 0.93));
    CASES.put("PolynomialLR", PolynomialLR::new);
    CASES.put("PolynomialLR power", o -> new PolynomialLR(o, 30, 1.7));
    CASES.put("CosineAnnealingLR", o -> new CosineAnnealingLR(o, 15));
    CASES.put("CosineAnnealingLR eta", o -> new CosineAnnealingLR(o, 9, 3e-3));
    CASES.put("CosineAnnealingWarmRestarts", o -> new CosineAnnealingWarmRestarts(o, 7));
    CASES.put(
        "CosineAnnealingWarmRestarts longer", o -> new CosineAnnealingWarmRestarts(o, 3, 2, 1e-3));
    CASES.put("SWALR", o -> new SWALR(o, 0.02));
    CASES.put("SWALR linear", o -> new SWALR(o, 6, OneCycleLR.Anneal.LINEAR, 0.02, 0.3));
    CASES.put("SWALR at once", o -> new SWALR(o, 0, OneCycleLR.Anneal.COS, 0.02));
  }

  private static void composed() {
    CASES.put(
        "SequentialLR",
        o ->
            new SequentialLR(
                List.of(
                    new LinearLR(o, 0.1, 1, 5),
                    new ExponentialLR(o, 0.9),
                    new ConstantLR(o, 0.5, 3)),
                6,
                20));
    CASES.put(
        "SequentialLR cosine",
        o -> SequentialLR.warmup(5, 0.2, new CosineAnnealingLR(o, 20, 1e-3)));
    CASES.put(
        "SequentialLR restarts",
        o ->
            new SequentialLR(
                List.of(new ConstantLR(o, 0.1, 4), new CosineAnnealingWarmRestarts(o, 4, 2, 1e-3)),
                4));
    CASES.put(
        "SequentialLR of a chain",
        o ->
            new SequentialLR(
                List.of(
                    new ChainedScheduler(new LinearLR(o, 0.5, 1, 4), new ExponentialLR(o, 0.95)),
                    new PolynomialLR(o, 20, 2)),
                7));
    CASES.put(
        "ChainedScheduler",
        o ->
            new ChainedScheduler(
                new ConstantLR(o, 0.1, 5), new ExponentialLR(o, 0.9), new StepLR(o, 8)));
  }

  private static void cycles() {
    CASES.put(
        "ReduceLROnPlateau",
        o -> new ReduceLROnPlateau(o, ReduceLROnPlateau.options().patience(2)));
    CASES.put(
        "ReduceLROnPlateau all",
        o ->
            new ReduceLROnPlateau(
                o,
                ReduceLROnPlateau.options()
                    .factor(0.5)
                    .patience(1)
                    .absoluteThreshold(0.05)
                    .cooldown(3)
                    .minLr(1e-3, 2e-2)
                    .eps(1e-4)));
    CASES.put(
        "ReduceLROnPlateau max",
        o ->
            new ReduceLROnPlateau(
                o,
                ReduceLROnPlateau.options()
                    .mode(ReduceLROnPlateau.Mode.MAX)
                    .factor(0.3)
                    .patience(3)
                    .threshold(0.1)));
    CASES.put(
        "CyclicLR", o -> new CyclicLR(o, CyclicLR.options().baseLr(0.01).maxLr(0.1).stepSizeUp(5)));
    CASES.put(
        "CyclicLR triangular2",
        o ->
            new CyclicLR(
                o,
                CyclicLR.options()
                    .baseLr(0.01, 0.02)
                    .maxLr(0.1, 0.3)
                    .stepSizeUp(4)
                    .stepSizeDown(6)
                    .mode(CyclicLR.Mode.TRIANGULAR2)));
    CASES.put(
        "CyclicLR exp_range",
        o ->
            new CyclicLR(
                o,
                CyclicLR.options()
                    .baseLr(0.01)
                    .maxLr(0.1)
                    .stepSizeUp(5)
                    .mode(CyclicLR.Mode.EXP_RANGE)
                    .gamma(0.95)
                    .momentum(0.5, 0.99)));
    CASES.put("OneCycleLR", o -> new OneCycleLR(o, 0.5, 40));
    CASES.put(
        "OneCycleLR three",
        o ->
            new OneCycleLR(
                o,
                OneCycleLR.options()
                    .maxLr(0.5, 0.2)
                    .totalSteps(20, 2)
                    .pctStart(0.25)
                    .anneal(OneCycleLR.Anneal.LINEAR)
                    .momentum(0.7, 0.9)
                    .divFactor(10)
                    .finalDivFactor(100)
                    .threePhase(true)));
    CASES.put("OneCycleLR Adam", o -> new OneCycleLR(o, 0.5, 41));
  }

  @BeforeAll
  static void read() throws Exception {
    file =
        SafeTensors.load(
                Path.of(
                    ScheduleTest.class
                        .getResource("/dev/bellows/optim/schedules.safetensors")
                        .toURI()))
            .tensors();
  }

  private static Tensor leaf() {
    return Tensor.zeros(1).setRequiresGrad(true);
  }

  private static Optimizer sgd() {
    return SGD.ofGroups(
        List.of(
            ParamGroup.of(List.of(leaf())), ParamGroup.of(List.of(leaf()), SGD.options().lr(0.04))),
        SGD.options().lr(0.1).momentum(0.9));
  }

  private static Optimizer optimizer(String name) {
    return name.endsWith("Adam")
        ? Adam.ofGroups(
            List.of(
                ParamGroup.of(List.of(leaf())),
                ParamGroup.of(List.of(leaf()), Adam.options().lr(0.04))),
            Adam.options().lr(0.1))
        : sgd();
  }

  private static void step(LRScheduler schedule, int epoch) {
    if (schedule instanceof ReduceLROnPlateau plateau) {
      plateau.step(epoch < METRICS.length ? METRICS[epoch] : 1.41);
    } else {
      schedule.step();
    }
  }

  private static double[] row(Optimizer optimizer, long columns) {
    ParamGroup group = optimizer.groups().get(0);
    double[] row = new double[(int) columns];
    row[0] = group.lr();
    row[1] = optimizer.groups().get(1).lr();
    if (columns == 3) {
      row[2] = group.get(group.options().containsKey("beta1") ? "beta1" : "momentum");
    }
    return row;
  }

  static Set<String> cases() {
    return CASES.keySet();
  }

  @Test
  void everyCaseOfTheFileIsTried() {
    assertThat(CASES.keySet()).containsExactlyInAnyOrderElementsOf(file.keySet());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void ratesMatchPyTorch(String name) {
    Optimizer optimizer = optimizer(name);
    LRScheduler schedule = CASES.get(name).apply(optimizer);
    Tensor expected = file.get(name);
    for (int epoch = 0; epoch < expected.size(0); epoch++) {
      double[] row = row(optimizer, expected.size(1));
      assertThat(row)
          .as("%s, epoch %d", name, epoch)
          .containsExactly(expected.select(0, epoch).relu().toDoubleArray(), within(1e-12));
      assertThat(schedule.getLastLr()).containsExactly(row[0], row[1]);
      assertThat(schedule.lastEpoch()).isEqualTo(epoch);
      if (epoch < expected.size(0) - 1) {
        step(schedule, epoch);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void resumingIsExact(String name) {
    Optimizer whole = optimizer(name);
    LRScheduler schedule = CASES.get(name).apply(whole);
    for (int epoch = 0; epoch < 8; epoch++) {
      step(schedule, epoch);
    }
    Optimizer resumed = optimizer(name);
    LRScheduler loaded = CASES.get(name).apply(resumed);
    resumed.loadStateDict(whole.stateDict());
    loaded.loadStateDict(schedule.stateDict());
    assertThat(loaded.stateDict()).isEqualTo(schedule.stateDict());
    for (int epoch = 8; epoch < 30; epoch++) {
      step(schedule, epoch);
      step(loaded, epoch);
      assertThat(row(resumed, 3)).as("%s, epoch %d", name, epoch).containsExactly(row(whole, 3));
    }
  }

  @Test
  void aFractionOfAnEpochIsAPointOfTheCosine() {
    Optimizer optimizer = sgd();
    CosineAnnealingWarmRestarts schedule = new CosineAnnealingWarmRestarts(optimizer, 4, 2, 0);
    schedule.step(1.0);
    double whole = optimizer.lr();
    schedule.step(5.0);
    assertThat(optimizer.lr())
        .isEqualTo(0.1 * (1 + Math.cos(Math.PI / 8)) / 2, within(1e-15))
        .isGreaterThan(whole);
    assertThatThrownBy(() -> schedule.step(-1.0))
        .hasMessage("Expected non-negative epoch, but got -1.0");
  }

  @Test
  void argumentsOutOfRangeAreRefused() {
    assertRefused(o -> new StepLR(o, 0), "StepLR: stepSize must be at least 1; got 0");
    assertRefused(o -> new LambdaLR(o, List.of(e -> 1)), "Expected 2 lr_lambdas, but got 1");
    assertRefused(
        o -> new ConstantLR(o, 1.5, 1),
        "Constant multiplicative factor expected to be between 0 and 1.; got 1.5");
    assertRefused(
        o -> new LinearLR(o, 0, 1, 1),
        "Starting multiplicative factor expected to be greater than 0 and less or equal to 1.; got"
            + " 0.0");
    assertRefused(
        o -> new LinearLR(o, 1, -1, 1),
        "Ending multiplicative factor expected to be between 0 and 1.; got -1.0");
    assertRefused(
        o -> new CosineAnnealingLR(o, 0), "CosineAnnealingLR: tMax must be at least 1; got 0");
    assertRefused(
        o -> new CosineAnnealingWarmRestarts(o, 0), "Expected positive integer T_0, but got 0");
    assertRefused(
        o -> new CosineAnnealingWarmRestarts(o, 1, 0, 0),
        "Expected integer T_mult >= 1, but got 0");
    assertRefused(
        o -> new ReduceLROnPlateau(o, ReduceLROnPlateau.options().factor(1)),
        "Factor should be < 1.0.; got 1.0");
    assertRefused(o -> new OneCycleLR(o, 1, 0), "Expected positive integer total_steps, but got 0");
    assertRefused(
        o -> new OneCycleLR(o, OneCycleLR.options().maxLr(1).totalSteps(9).pctStart(2)),
        "Expected float between 0 and 1 pct_start, but got 2.0");
    assertRefused(
        o -> new OneCycleLR(o, OneCycleLR.options().maxLr(1, 2, 3).totalSteps(9)),
        "max_lr must have the same length as optimizer.param_groups. max_lr has 3 values,"
            + " param_groups has 2.");
    assertRefused(
        o -> new SWALR(o, -1, OneCycleLR.Anneal.COS, 0.1),
        "anneal_epochs must be equal or greater than 0, got -1");
    Adagrad adagrad = new Adagrad(List.of(leaf()), 0.1);
    assertThatThrownBy(() -> new OneCycleLR(adagrad, 1, 10))
        .hasMessageStartingWith(
            "optimizer must support momentum or beta1 with `cycle_momentum` option enabled");
  }

  @Test
  void sequencesAreChecked() {
    assertRefused(
        o -> new ChainedScheduler(),
        "ChainedScheduler expects at least one scheduler to be chained, but got no scheduler.");
    assertRefused(
        o -> new SequentialLR(List.of(new LinearLR(o)), 5),
        "Sequential Schedulers expects number of schedulers provided to be one more than the number"
            + " of milestone points, but got number of schedulers 1 and the number of milestones to"
            + " be equal to 1");
    assertRefused(
        o -> new ChainedScheduler(new LinearLR(o), new LinearLR(sgd())),
        "ChainedScheduler expects all schedulers to belong to the same optimizer, but got scheduler"
            + " LinearLR at index 1 of another SGD.");
    assertThatThrownBy(() -> new ChainedScheduler(new ReduceLROnPlateau(sgd())))
        .hasMessageStartingWith("ChainedScheduler does not support `ReduceLROnPlateau`");
  }

  private static void assertRefused(Function<Optimizer, LRScheduler> make, String message) {
    assertThatThrownBy(() -> make.apply(sgd()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void stepsThatCannotBeTakenAreRefused() {
    OneCycleLR cycle = new OneCycleLR(sgd(), 1, 2);
    cycle.step();
    cycle.step();
    assertThatThrownBy(cycle::step)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Tried to step 3 times. The specified number of total steps is 2");
    assertThatThrownBy(() -> new ReduceLROnPlateau(sgd()).step())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("step(metric)");
    Optimizer optimizer = sgd();
    StepLR schedule = new StepLR(optimizer, 2);
    optimizer.addParamGroup(ParamGroup.of(List.of(leaf())));
    assertThatThrownBy(schedule::step)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "StepLR: the optimizer must keep its groups; it has 3 now, 2 when the schedule was"
                + " made");
  }

  @Test
  void savedStatesAreChecked() {
    StepLR schedule = new StepLR(sgd(), 2);
    Map<String, Object> state = new HashMap<>(schedule.stateDict());
    state.put("gamma", 0.1);
    schedule.loadStateDict(state);
    state.put("last_epoch", 0.5);
    assertThatThrownBy(() -> schedule.loadStateDict(state))
        .hasMessage("loadStateDict: StepLR: last_epoch must be a whole number; got 0.5");
    state.put("last_epoch", "a");
    assertThatThrownBy(() -> schedule.loadStateDict(state))
        .hasMessage("loadStateDict: StepLR: last_epoch must be a number; got a");
    state.put("base_lrs", List.of(1));
    assertThatThrownBy(() -> schedule.loadStateDict(state))
        .hasMessage("loadStateDict: StepLR: base_lrs must be a list of 2 numbers; got [1]");
    state.remove("base_lrs");
    assertThatThrownBy(() -> schedule.loadStateDict(state))
        .hasMessageStartingWith("loadStateDict: StepLR: missing base_lrs; entries are");
  }

  /** A user's schedule, as in the Javadoc. */
  private static final class Halving extends LRScheduler {
    Halving(Optimizer optimizer) {
      super(optimizer);
      start();
    }

    @Override
    protected double lr(int group) {
      return baseLr(group) / Math.pow(2, lastEpoch());
    }
  }

  @Test
  void aUsersScheduleIsAFormula() {
    Optimizer optimizer = sgd();
    LRScheduler schedule = new Halving(optimizer);
    assertThat(optimizer.lr()).isEqualTo(0.1);
    schedule.step();
    schedule.step();
    assertThat(schedule.getLastLr()).containsExactly(0.025, 0.01);
    assertThat(schedule).hasToString("Halving(lastEpoch=2)");
  }
}
