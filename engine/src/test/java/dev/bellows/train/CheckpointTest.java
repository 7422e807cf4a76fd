package dev.bellows.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.bellows.memory.DType;
import dev.bellows.nn.layer.Linear;
import dev.bellows.nn.layer.Sequential;
import dev.bellows.nn.layer.Tanh;
import dev.bellows.optim.ASGD;
import dev.bellows.optim.Adafactor;
import dev.bellows.optim.Adam;
import dev.bellows.optim.AdamW;
import dev.bellows.optim.LBFGS;
import dev.bellows.optim.Muon;
import dev.bellows.optim.NAdam;
import dev.bellows.optim.Optimizer;
import dev.bellows.optim.ParamGroup;
import dev.bellows.optim.PyTorchState;
import dev.bellows.optim.RMSprop;
import dev.bellows.optim.SGD;
import dev.bellows.optim.schedule.LRScheduler;
import dev.bellows.optim.schedule.StepLR;
import dev.bellows.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class CheckpointTest {
  @TempDir private Path temp;

  private static Sequential model() {
    return new Sequential(new Linear(3, 4), new Tanh(), new Linear(4, 2));
  }

  private static AdamW adamw(Sequential model) {
    List<? extends Tensor> parameters = model.parameters();
    return AdamW.ofGroups(
        List.of(
            ParamGroup.of(parameters.subList(0, 2)),
            ParamGroup.of(parameters.subList(2, 4), AdamW.options().lr(0.02))),
        AdamW.options().lr(0.01));
  }

  private static void step(Sequential model, Optimizer optimizer, Tensor x) {
    optimizer.step(
        () -> {
          optimizer.zeroGrad();
          Tensor loss = model.call(x).square().sum();
          loss.backward();
          return loss;
        });
  }

  /** Goes on from PyTorch's checkpoint as PyTorch does. */
  @Test
  void pyTorchsCheckpointIsResumed() throws Exception {
    Path path =
        Path.of(
            CheckpointTest.class.getResource("/dev/bellows/serialize/torch-checkpoint.pt").toURI());
    Sequential model = model();
    AdamW optimizer = adamw(model);
    LRScheduler schedule = new StepLR(optimizer, 2, 0.5);
    Checkpoint checkpoint = Checkpoint.load(path).restore(model, optimizer, schedule);
    assertThat(checkpoint.epoch()).isEqualTo(3);
    assertThat(checkpoint.entries().get("loss")).isEqualTo(0.5);
    assertThat(optimizer.lr()).isEqualTo(0.005);
    assertThat(schedule.lastEpoch()).isEqualTo(3);
    for (int i = 0; i < 4; i++) {
      step(model, optimizer, (Tensor) checkpoint.entries().get("x"));
      schedule.step();
    }
    Map<?, ?> expected = (Map<?, ?>) checkpoint.entries().get("after four more steps");
    expected.forEach(
        (name, tensor) ->
            assertThat(model.stateDict().get((String) name).toDoubleArray())
                .as("%s", name)
                .containsExactly(((Tensor) tensor).toDoubleArray(), within(1e-6)));
  }

  static Stream<Function<List<Tensor>, Optimizer>> optimizers() {
    return Stream.of(
        p -> new SGD(p, 0.1, 0.9),
        p -> new Adam(p, Adam.options().lr(0.1).amsgrad(true).maximize(true)),
        p -> new NAdam(p, 0.1),
        p -> new ASGD(p, ASGD.options().lr(0.1).t0(1)),
        p -> new RMSprop(p, RMSprop.options().centered(true)),
        p -> new Adafactor(p, 0.1),
        p -> new Muon(List.of(p.get(0), p.get(2)), 0.1),
        p -> new LBFGS(p, LBFGS.options().maxIter(3).strongWolfe(true)));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void resumingIsExact(Function<List<Tensor>, Optimizer> make) throws IOException {
    Tensor x = Tensor.linspace(-1, 1, 15).reshape(5, 3);
    Sequential model = model();
    Optimizer optimizer = make.apply(List.copyOf(model.parameters()));
    LRScheduler schedule = new StepLR(optimizer, 1, 0.9);
    for (int i = 0; i < 3; i++) {
      step(model, optimizer, x);
      schedule.step();
    }
    Path path = temp.resolve("c.pt");
    Checkpoint.save(path, model, optimizer, schedule, 3, Map.of("note", "x", "best", 0.25));
    Sequential copy = model();
    Optimizer resumed = make.apply(List.copyOf(copy.parameters()));
    LRScheduler later = new StepLR(resumed, 1, 0.9);
    Checkpoint loaded = Checkpoint.load(path).restore(copy, resumed, later);
    assertThat(loaded.entries()).containsEntry("note", "x").containsEntry("best", 0.25);
    assertThat(resumed.stateDict().values()).isEqualTo(optimizer.stateDict().values());
    for (int i = 0; i < 3; i++) {
      step(model, optimizer, x);
      schedule.step();
      step(copy, resumed, x);
      later.step();
    }
    model
        .stateDict()
        .entries()
        .forEach(
            entry ->
                assertThat(copy.stateDict().get(entry.getKey()).toFloatArray())
                    .isEqualTo(entry.getValue().toFloatArray()));
  }

  @Test
  void whatIsMissingOrTakenIsNamed() throws IOException {
    Path path = temp.resolve("c.pt");
    Sequential model = model();
    Optimizer optimizer = new SGD(model.parameters(), 0.1);
    Checkpoint.save(path, model, null, null, 1, Map.of());
    Checkpoint checkpoint = Checkpoint.load(path).restore(model, null, null);
    assertThatThrownBy(() -> checkpoint.restore(model, optimizer, null))
        .hasMessage(
            "Checkpoint: the file must have optimizer_state_dict; has [epoch, model_state_dict]");
    assertThatThrownBy(() -> Checkpoint.save(path, model, optimizer, null, 1, Map.of("epoch", 2)))
        .hasMessage("Checkpoint.save: names of extra entries must not be taken; got epoch");
    assertThatThrownBy(() -> PyTorchState.load(optimizer, Map.of()))
        .hasMessageStartingWith("loadStateDict: an optimizer's state must have param_groups");
    assertThat(Tensor.zeros(DType.FLOAT32, 1).item()).isZero();
  }

  @Test
  @SuppressWarnings("unchecked")
  void anOptimizersStateHasPyTorchsForm() {
    Sequential model = model();
    AdamW optimizer = adamw(model);
    step(model, optimizer, Tensor.ones(5, 3));
    Map<String, Object> state = PyTorchState.of(optimizer);
    assertThat(state.keySet()).containsExactly("state", "param_groups");
    Map<Object, Map<String, Object>> states = (Map<Object, Map<String, Object>>) state.get("state");
    assertThat(states.keySet()).containsExactly(0L, 1L, 2L, 3L);
    assertThat(states.get(2L).keySet()).containsExactly("step", "exp_avg", "exp_avg_sq");
    List<Map<String, Object>> groups = (List<Map<String, Object>>) state.get("param_groups");
    assertThat(groups.get(1).toString())
        .isEqualTo(
            "{lr=0.02, betas=[0.9, 0.999], eps=1.0E-8, weight_decay=0.01, amsgrad=false,"
                + " maximize=false, params=[2, 3]}");
  }

  @Test
  void evaluationsOfLbfgsAreANumberAsPyTorchReadsNoNone() {
    Sequential model = model();
    Map<String, Object> state = PyTorchState.of(new LBFGS(model.parameters(), 1));
    assertThat((Map<?, ?>) ((List<?>) state.get("param_groups")).get(0))
        .extracting("max_iter", "max_eval")
        .containsExactly(20L, 25L);
  }
}
