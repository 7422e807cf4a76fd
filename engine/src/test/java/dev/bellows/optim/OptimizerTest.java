package dev.bellows.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Values from PyTorch 2.13:
 *
 * <pre>{@code
 * p = torch.tensor([1., -2., .5], requires_grad=True)
 * q = torch.tensor([[.25, 3.]], requires_grad=True)
 * o = torch.optim.SGD([p, q], lr=.1)
 * for i in range(4):
 *     o.zero_grad()
 *     ((p * p * p).sum() * (i + 1) * .1 + (q.sin() * q).sum()).backward()
 *     o.step()
 * }</pre>
 */
@Timeout(60)
class OptimizerTest {
  private static List<Tensor> parameters() {
    return List.of(
        Tensor.of(new float[] {1, -2, 0.5f}).setRequiresGrad(true),
        Tensor.of(new float[] {0.25f, 3}, 1, 2).setRequiresGrad(true));
  }

  private static void train(Optimizer optimizer, int first, int end) {
    Tensor p = optimizer.parameters().get(0);
    Tensor q = optimizer.parameters().get(1);
    for (int i = first; i < end; i++) {
      try (TensorScope scope = TensorScope.open()) {
        assertThat(scope).isNotNull();
        optimizer.zeroGrad();
        p.mul(p).mul(p).sum().mul((i + 1) * 0.1).add(q.sin().mul(q).sum()).backward();
        optimizer.step();
      }
    }
  }

  private static double[] values(Optimizer optimizer) {
    return optimizer.parameters().stream()
        .flatMapToDouble(p -> java.util.Arrays.stream(p.toDoubleArray()))
        .toArray();
  }

  static Stream<Arguments> known() {
    return Stream.of(
        of(
            "SGD",
            p -> new SGD(p, 0.1),
            0.754078209400177,
            -3.9153223037719727,
            0.4322832524776459,
            0.10364432632923126,
            4.328333854675293),
        of(
            "SGD momentum=.9 dampening=.2 weight_decay=.01",
            p -> new SGD(p, SGD.options().lr(0.1).momentum(0.9).dampening(0.2).weightDecay(0.01)),
            0.6005437970161438,
            -4.745059013366699,
            0.38978198170661926,
            -0.04927101731300354,
            5.366291522979736),
        of(
            "SGD momentum=.9 nesterov",
            p -> new SGD(p, SGD.options().lr(0.1).momentum(0.9).nesterov(true)),
            0.43792107701301575,
            -10.482351303100586,
            0.3339757025241852,
            -0.07963383197784424,
            5.517542839050293),
        of(
            "Adam",
            p -> new Adam(p, 0.1),
            0.6027892231941223,
            -2.383513927459717,
            0.10469313710927963,
            -0.0935593917965889,
            3.401010751724243),
        of(
            "Adam betas=(.8, .95) eps=1e-3 weight_decay=.05",
            p -> new Adam(p, Adam.options().lr(0.1).betas(0.8, 0.95).eps(1e-3).weightDecay(0.05)),
            0.599308967590332,
            -2.389587163925171,
            0.11005465686321259,
            -0.0830114558339119,
            3.4018354415893555),
        of(
            "AdamW",
            p -> new AdamW(p, 0.1),
            0.5993310213088989,
            -2.375042200088501,
            0.1033950075507164,
            -0.0937419980764389,
            3.3884165287017822));
  }

  private static Arguments of(
      String name, Function<List<Tensor>, Optimizer> make, double... expected) {
    return Arguments.of(name, make, expected);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("known")
  void stepsMatchPyTorch(String name, Function<List<Tensor>, Optimizer> make, double... expected) {
    Optimizer optimizer = make.apply(parameters());
    train(optimizer, 0, 4);
    assertThat(values(optimizer)).as(name).containsExactly(expected, within(2e-6));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("known")
  void resumingIsExact(String name, Function<List<Tensor>, Optimizer> make, double... expected) {
    Optimizer whole = make.apply(parameters());
    train(whole, 0, 2);
    List<Tensor> copies =
        whole.parameters().stream().map(p -> p.detach().clone().setRequiresGrad(true)).toList();
    Optimizer resumed = make.apply(copies);
    resumed.setLr(5);
    resumed.loadStateDict(whole.stateDict());
    assertThat(resumed.lr()).isEqualTo(0.1);
    train(whole, 2, 4);
    train(resumed, 2, 4);
    assertThat(values(resumed)).as(name).isEqualTo(values(whole));
  }

  @Test
  void stateDictNamesTensorsAndValues() {
    Optimizer optimizer = new AdamW(parameters(), 0.1);
    assertThat(optimizer.stateDict().tensors()).isEmpty();
    train(optimizer, 0, 2);
    OptimizerState state = optimizer.stateDict();
    assertThat(state.tensors().keySet())
        .containsExactly(
            "state.0.exp_avg", "state.0.exp_avg_sq", "state.1.exp_avg", "state.1.exp_avg_sq");
    LinkedHashMap<String, String> expected = new LinkedHashMap<>();
    expected.put("optimizer", "AdamW");
    expected.put("group.0.size", "2");
    expected.put("group.0.lr", "0.1");
    expected.put("group.0.beta1", "0.9");
    expected.put("group.0.beta2", "0.999");
    expected.put("group.0.eps", "1.0E-8");
    expected.put("group.0.weightDecay", "0.01");
    expected.put("group.0.amsgrad", "0.0");
    expected.put("group.0.maximize", "0.0");
    expected.put("state.0.step", "2");
    expected.put("state.1.step", "2");
    assertThat(state.values()).containsExactlyEntriesOf(expected);
  }

  @Test
  void loadingListsAllProblemsAndChangesNothing() {
    Optimizer optimizer = new AdamW(parameters(), 0.1);
    train(optimizer, 0, 1);
    OptimizerState state = optimizer.stateDict();
    state.values().put("optimizer", "SGD");
    state.values().put("group.0.size", "3");
    state.values().put("group.0.lr", "fast");
    state.values().put("state.0.step", "1.5");
    state.values().put("state.7.step", "1");
    state.tensors().remove("state.0.exp_avg");
    state.tensors().put("state.1.exp_avg", Tensor.ones(5));
    assertThatThrownBy(() -> new AdamW(parameters(), 0.2).loadStateDict(state))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "loadStateDict: 7 problems: optimizer is AdamW here, SGD there; group 0 has 2"
                + " parameters here, 3 in the checkpoint; group.0.lr must be a number; got"
                + " \"fast\"; state.0.step must be a whole number, at least 0; got 1.5; missing"
                + " state.0.exp_avg; state.1.exp_avg is FLOAT32[1, 2] here, FLOAT32[5] in the"
                + " checkpoint; unexpected state.7.step");
    OptimizerState negative = optimizer.stateDict();
    negative.values().put("group.0.lr", "-1");
    assertThatThrownBy(() -> optimizer.loadStateDict(negative))
        .hasMessage("loadStateDict: 1 problem: group 0: Invalid learning rate: -1.0");
    assertThat(optimizer.lr()).isEqualTo(0.1);
    OptimizerState momentum = new SGD(parameters(), 0.1, 0.9).stateDict();
    momentum.values().remove("group.0.momentum");
    assertThatThrownBy(() -> new SGD(parameters(), 0.1).loadStateDict(momentum))
        .hasMessage("loadStateDict: 1 problem: missing group.0.momentum");
  }

  @Test
  void groupsHaveOptionsOfTheirOwn() {
    List<Tensor> parameters = parameters();
    Optimizer optimizer =
        SGD.ofGroups(
            List.of(
                ParamGroup.of(parameters.subList(0, 1), SGD.options().lr(0.5)),
                ParamGroup.of(parameters.subList(1, 2))),
            SGD.options().lr(2));
    parameters.forEach(p -> p.setGrad(Tensor.onesLike(p)));
    optimizer.step();
    assertThat(values(optimizer)).containsExactly(0.5, -2.5, 0, -1.75, 1);
    assertThat(optimizer.lr()).isEqualTo(0.5);
    optimizer.groups().get(1).setLr(0);
    optimizer.setLr(0.25);
    assertThat(optimizer.groups().get(1).lr()).isEqualTo(0.25);
    assertThatThrownBy(() -> optimizer.setLr(-1)).hasMessage("Invalid learning rate: -1.0");
    assertThatThrownBy(() -> optimizer.groups().get(0).get("beta1"))
        .hasMessageStartingWith("ParamGroup: no option beta1; options are [lr, momentum");
    ParamGroup betas = ParamGroup.of(parameters, Adam.options().betas(0.5, 0.5));
    assertThatThrownBy(() -> SGD.ofGroups(List.of(betas), SGD.options()))
        .hasMessage(
            "SGD: group 0: no option beta1; options are [lr, momentum, dampening, weightDecay,"
                + " nesterov, maximize]");
  }

  @Test
  void aGroupSetsAndChangesOnlyTheOptionsItNames() {
    List<Tensor> parameters = parameters();
    ParamGroup own = ParamGroup.of(parameters, SGD.options().lr(0.5).nesterov(true));
    SGD sgd = SGD.ofGroups(List.of(own), SGD.options().momentum(0.9).weightDecay(0.1));
    ParamGroup group = sgd.groups().get(0);
    assertThat(group.options())
        .containsExactly(
            Map.entry("lr", 0.5),
            Map.entry("momentum", 0.9),
            Map.entry("dampening", 0.0),
            Map.entry("weightDecay", 0.1),
            Map.entry("nesterov", 1.0),
            Map.entry("maximize", 0.0));
    group.set(SGD.options().momentum(0.8).weightDecay(0));
    assertThat(group.get("momentum")).isEqualTo(0.8);
    assertThat(group.get("weightDecay")).isZero();
    assertThat(group.lr()).isEqualTo(0.5);
    assertThatThrownBy(() -> group.set(SGD.options().lr(1).momentum(0)))
        .hasMessageStartingWith("Nesterov momentum requires a momentum");
    assertThatThrownBy(() -> group.set(Adam.options().eps(1)))
        .hasMessageStartingWith("ParamGroup: no option eps; options are [lr, momentum");
    assertThat(group.lr()).as("unchanged").isEqualTo(0.5);
    AdamW adam =
        AdamW.ofGroups(List.of(ParamGroup.of(parameters, AdamW.options().lr(1))), AdamW.options());
    assertThat(adam.groups().get(0).get("weightDecay")).isEqualTo(0.01);
  }

  /** States of version 0.1 do not have the switches that came later. */
  @Test
  void anAbsentSwitchOfAnOldStateIsOff() {
    Optimizer optimizer = new AdamW(parameters(), 0.1);
    train(optimizer, 0, 1);
    OptimizerState state = optimizer.stateDict();
    state.values().remove("group.0.amsgrad");
    state.values().remove("group.0.maximize");
    Optimizer loaded = new AdamW(parameters(), AdamW.options().amsgrad(true));
    loaded.loadStateDict(state);
    assertThat(loaded.groups().get(0).get("amsgrad")).isZero();
  }

  @Test
  void lbfgsNeedsAClosureAndOneGroup() {
    LBFGS optimizer = new LBFGS(parameters(), 1);
    assertThatThrownBy(optimizer::step)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("LBFGS: step must be given a closure");
    optimizer.addParamGroup(ParamGroup.of(List.of(Tensor.ones(1).setRequiresGrad(true))));
    assertThatThrownBy(() -> optimizer.step(() -> Tensor.ones(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("LBFGS: Expected exactly one param_group, but got 2");
  }

  @Test
  void parametersWithoutGradientArePassedOver() {
    List<Tensor> parameters = parameters();
    Optimizer optimizer = new Adam(parameters, 0.1);
    parameters.get(0).setGrad(Tensor.ones(3));
    optimizer.step();
    assertThat(parameters.get(1).toFloatArray()).containsExactly(0.25f, 3);
    assertThat(optimizer.stateDict().values()).doesNotContainKey("state.1.step");
    optimizer.zeroGrad();
    assertThat(parameters.get(0).grad()).isNull();
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        refusal(p -> new SGD(p, -1), "Invalid learning rate: -1.0"),
        refusal(p -> new SGD(p, Double.NaN), "Invalid learning rate: NaN"),
        refusal(p -> new SGD(p, 1, -0.5), "Invalid momentum value: -0.5"),
        refusal(p -> new SGD(p, SGD.options().weightDecay(-1)), "Invalid weight_decay value: -1.0"),
        refusal(
            p -> new SGD(p, SGD.options().nesterov(true)),
            "Nesterov momentum requires a momentum and zero dampening; got momentum 0.0, dampening"
                + " 0.0"),
        refusal(p -> new Adam(p, Adam.options().eps(-1)), "Invalid epsilon value: -1.0"),
        refusal(
            p -> new Adam(p, Adam.options().betas(1, 0)),
            "Invalid beta parameter at index 0: 1.0 (must be in [0, 1))"),
        refusal(
            p -> new AdamW(p, AdamW.options().betas(0, -1)),
            "Invalid beta parameter at index 1: -1.0 (must be in [0, 1))"),
        refusal(p -> new RMSprop(p, RMSprop.options().alpha(-1)), "Invalid alpha value: -1.0"),
        refusal(p -> new Adagrad(p, Adagrad.options().lrDecay(-1)), "Invalid lr_decay value: -1.0"),
        refusal(
            p -> new Adagrad(p, Adagrad.options().initialAccumulatorValue(-1)),
            "Invalid initial_accumulator_value value: -1.0"),
        refusal(p -> new Adadelta(p, Adadelta.options().rho(1.5)), "Invalid rho value: 1.5"),
        refusal(p -> new Adamax(p, Adamax.options().eps(-1)), "Invalid epsilon value: -1.0"),
        refusal(
            p -> new NAdam(p, NAdam.options().momentumDecay(-1)),
            "Invalid momentum_decay value: -1.0"),
        refusal(
            p -> new RAdam(p, RAdam.options().betas(0.5, 1)),
            "Invalid beta parameter at index 1: 1.0 (must be in [0, 1))"),
        refusal(p -> new ASGD(p, -1), "Invalid learning rate: -1.0"),
        refusal(p -> new Rprop(p, Rprop.options().etas(1, 2)), "Invalid eta values: 1.0, 2.0"),
        refusal(
            p -> new Adafactor(p, Adafactor.options().d(0.5)),
            "Clipping threshold d should be >= 1 but is: 0.5"),
        refusal(
            p -> new Adafactor(p, Adafactor.options().beta2Decay(0.5)),
            "beta2_decay should be <= 0 but is: 0.5"),
        refusal(
            p -> new Adafactor(p, Adafactor.options().eps(-1, 0)),
            "epsilon1 should be >= 0 but is: -1.0"),
        refusal(
            p -> new Muon(p, Muon.options()),
            "Muon only supports 2D parameters whereas we found a parameter with size: [3]"),
        refusal(
            p -> new Muon(p, Muon.options().nsSteps(100)),
            "Number of steps must be less than 100 for computational efficiency"),
        refusal(
            p -> new LARS(p, LARS.options().nesterov(true)),
            "Nesterov momentum requires a momentum and zero dampening; got momentum 0.0, dampening"
                + " 0.0"),
        refusal(p -> new AdamW(List.of(), 1), "AdamW: optimizer got an empty parameter list"),
        refusal(
            p -> new SGD(List.of(p.get(0), p.get(0)), 1),
            "SGD: some parameters appear in more than one parameter group, or twice in one; got [3]"
                + " again as parameter 1"),
        refusal(
            p -> new SGD(List.of(p.get(0).mul(2)), 1),
            "SGD: can't optimize a non-leaf Tensor; parameter 0 has a history"));
  }

  private static Arguments refusal(Function<List<Tensor>, Optimizer> make, String message) {
    return Arguments.of(make, message);
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("refused")
  void badArgumentsAreRefused(Function<List<Tensor>, Optimizer> make, String message) {
    assertThatThrownBy(() -> make.apply(parameters()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
