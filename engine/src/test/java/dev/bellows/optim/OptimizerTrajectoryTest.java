package dev.bellows.optim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.memory.DType;
import dev.bellows.serialize.SafeTensors;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Twenty steps of every optimizer, compared with those that make_trajectories.py wrote. */
@Timeout(60)
class OptimizerTrajectoryTest {
  private static final List<Integer> KEPT = List.of(1, 2, 5, 20);
  private static final long[][] SHAPES = {{4, 3}, {5}, {2, 3, 2}, {}};
  private static final long[][] MATRICES = {{4, 3}, {3, 5}};
  private static final Map<String, Function<List<Tensor>, Optimizer>> CASES = new LinkedHashMap<>();
  private static Map<String, Tensor> file;

  static {
    gradientDescent();
    adamFamily();
    adaptive();
    secondOrder();
  }

  private static void gradientDescent() {
    CASES.put(
        "SGD maximize",
        p ->
            new SGD(
                p,
                SGD.options()
                    .lr(0.1)
                    .momentum(0.9)
                    .dampening(0.2)
                    .weightDecay(0.01)
                    .maximize(true)));
    CASES.put("ASGD", p -> new ASGD(p, 1e-2));
    CASES.put(
        "ASGD all",
        p ->
            new ASGD(
                p,
                ASGD.options()
                    .lr(0.05)
                    .lambd(0.01)
                    .alpha(0.6)
                    .t0(4)
                    .weightDecay(0.1)
                    .maximize(true)));
    CASES.put("Rprop", p -> new Rprop(p, Rprop.options()));
    CASES.put(
        "Rprop all",
        p ->
            new Rprop(
                p, Rprop.options().lr(0.02).etas(0.4, 1.3).stepSizes(5e-3, 0.03).maximize(true)));
    CASES.put("LARS", p -> new LARS(p, LARS.options()));
    CASES.put(
        "LARS all",
        p ->
            new LARS(
                p,
                LARS.options()
                    .lr(0.5)
                    .momentum(0.9)
                    .weightDecay(0.1)
                    .nesterov(true)
                    .trustCoefficient(0.02)));
    CASES.put("Lion", p -> new Lion(p, Lion.options()));
    CASES.put(
        "Lion all", p -> new Lion(p, Lion.options().lr(0.01).betas(0.8, 0.95).weightDecay(0.1)));
  }

  private static void adamFamily() {
    CASES.put("Adam", p -> new Adam(p, 0.01));
    CASES.put(
        "Adam amsgrad",
        p -> new Adam(p, Adam.options().lr(0.01).betas(0.8, 0.9).amsgrad(true).weightDecay(0.1)));
    CASES.put(
        "AdamW amsgrad maximize",
        p -> new AdamW(p, AdamW.options().lr(0.01).betas(0.8, 0.9).amsgrad(true).maximize(true)));
    CASES.put("Adamax", p -> new Adamax(p, Adamax.options()));
    CASES.put(
        "Adamax all",
        p ->
            new Adamax(
                p,
                Adamax.options()
                    .lr(0.01)
                    .betas(0.8, 0.9)
                    .eps(1e-3)
                    .weightDecay(0.1)
                    .maximize(true)));
    CASES.put("NAdam", p -> new NAdam(p, NAdam.options()));
    CASES.put(
        "NAdam all",
        p ->
            new NAdam(
                p,
                NAdam.options()
                    .lr(0.01)
                    .betas(0.8, 0.9)
                    .eps(1e-3)
                    .weightDecay(0.1)
                    .momentumDecay(0.05)
                    .maximize(true)));
    CASES.put(
        "NAdam decoupled",
        p -> new NAdam(p, NAdam.options().lr(0.01).weightDecay(0.1).decoupledWeightDecay(true)));
    CASES.put("RAdam", p -> new RAdam(p, RAdam.options()));
    CASES.put(
        "RAdam all",
        p ->
            new RAdam(
                p,
                RAdam.options()
                    .lr(0.01)
                    .betas(0.8, 0.95)
                    .eps(1e-3)
                    .weightDecay(0.1)
                    .maximize(true)));
    CASES.put(
        "RAdam decoupled",
        p -> new RAdam(p, RAdam.options().lr(0.01).weightDecay(0.1).decoupledWeightDecay(true)));
    CASES.put("LAMB", p -> new LAMB(p, LAMB.options()));
    CASES.put(
        "LAMB all",
        p -> new LAMB(p, LAMB.options().lr(0.02).betas(0.8, 0.9).eps(1e-3).weightDecay(0.1)));
  }

  private static void adaptive() {
    CASES.put("RMSprop", p -> new RMSprop(p, RMSprop.options()));
    CASES.put(
        "RMSprop all",
        p ->
            new RMSprop(
                p,
                RMSprop.options()
                    .lr(0.02)
                    .alpha(0.9)
                    .eps(1e-4)
                    .weightDecay(0.1)
                    .momentum(0.8)
                    .centered(true)
                    .maximize(true)));
    CASES.put("Adagrad", p -> new Adagrad(p, 1e-2));
    CASES.put(
        "Adagrad all",
        p ->
            new Adagrad(
                p,
                Adagrad.options()
                    .lr(0.05)
                    .lrDecay(0.1)
                    .weightDecay(0.1)
                    .initialAccumulatorValue(0.5)
                    .eps(1e-3)
                    .maximize(true)));
    CASES.put("Adadelta", p -> new Adadelta(p, Adadelta.options()));
    CASES.put(
        "Adadelta all",
        p ->
            new Adadelta(
                p, Adadelta.options().lr(0.5).rho(0.8).eps(1e-3).weightDecay(0.1).maximize(true)));
  }

  private static void secondOrder() {
    CASES.put("Adafactor", p -> new Adafactor(p, 1e-2));
    CASES.put(
        "Adafactor all",
        p ->
            new Adafactor(
                p,
                Adafactor.options()
                    .lr(0.05)
                    .beta2Decay(-0.6)
                    .eps(1e-4, 1e-2)
                    .d(1.5)
                    .weightDecay(0.1)
                    .maximize(true)));
    CASES.put("Muon", p -> new Muon(p, Muon.options()));
    CASES.put(
        "Muon all",
        p ->
            new Muon(
                p,
                Muon.options()
                    .lr(0.02)
                    .weightDecay(0.05)
                    .momentum(0.9)
                    .nesterov(false)
                    .nsSteps(3)
                    .adjustLr(Muon.AdjustLr.MATCH_RMS_ADAMW)));
    CASES.put("LBFGS", p -> new LBFGS(p, LBFGS.options().lr(0.1).maxIter(3)));
    CASES.put(
        "LBFGS strong Wolfe",
        p -> new LBFGS(p, LBFGS.options().maxIter(4).historySize(3).strongWolfe(true)));
    CASES.put("LBFGS to the end", p -> new LBFGS(p, LBFGS.options().strongWolfe(true)));
  }

  @BeforeAll
  static void read() throws Exception {
    file =
        SafeTensors.load(
                Path.of(
                    OptimizerTrajectoryTest.class
                        .getResource("/dev/bellows/optim/trajectories.safetensors")
                        .toURI()))
            .tensors();
  }

  private static List<Tensor> split(Tensor row, DType dtype, String name) {
    List<Tensor> parts = new ArrayList<>();
    long at = 0;
    for (long[] shape : name.startsWith("Muon") ? MATRICES : SHAPES) {
      long numel = 1;
      for (long size : shape) {
        numel *= size;
      }
      parts.add(row.narrow(0, at, numel).reshape(shape).to(dtype).clone());
      at += numel;
    }
    return parts;
  }

  private static List<Tensor> start(String name, DType dtype) {
    return split(file.get("start"), dtype, name).stream()
        .map(p -> p.setRequiresGrad(true))
        .toList();
  }

  private static void step(Optimizer optimizer, String name, DType dtype, int step) {
    List<Tensor> noise =
        split(file.get("noise").select(0, optimizer.needsClosure() ? 0 : step - 1), dtype, name);
    List<Tensor> parameters = optimizer.parameters();
    if (optimizer.needsClosure()) {
      optimizer.step(
          () -> {
            optimizer.zeroGrad();
            Tensor loss = loss(parameters, noise);
            loss.backward();
            return loss;
          });
      return;
    }
    for (int i = 0; i < parameters.size(); i++) {
      parameters.get(i).setGrad(noise.get(i).add(parameters.get(i).detach(), 0.1));
    }
    optimizer.step();
  }

  private static Tensor loss(List<Tensor> parameters, List<Tensor> targets) {
    Tensor loss = null;
    Tensor sum = null;
    for (int i = 0; i < targets.size(); i++) {
      Tensor p = parameters.get(i);
      Tensor part = p.sub(targets.get(i)).square().sum().add(p.pow(4).sum(), 0.1);
      loss = loss == null ? part : loss.add(part);
      sum = sum == null ? p.sum() : sum.add(p.sum());
    }
    return loss.add(sum.square(), 0.2);
  }

  private static double[] values(List<Tensor> parameters) {
    return parameters.stream()
        .flatMapToDouble(p -> java.util.Arrays.stream(p.toDoubleArray()))
        .toArray();
  }

  static Set<String> cases() {
    return CASES.keySet();
  }

  static Stream<String> elementwise() {
    return CASES.keySet().stream()
        .filter(name -> CASES.get(name).apply(start(name, DType.FLOAT32)).isElementwise());
  }

  /** Iterations in BFLOAT16 round differently where a product is added up in another order. */
  private static double tolerance(String name, DType dtype) {
    if (name.startsWith("Muon")) {
      return 2e-3;
    }
    return dtype == DType.FLOAT64 ? 1e-11 : name.startsWith("LBFGS") ? 2e-4 : 5e-6;
  }

  private static void assertClose(String what, double[] actual, double[] expected, double bound) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      double scale = Math.max(1, Math.abs(expected[i]));
      assertThat(Math.abs(actual[i] - expected[i]) / scale)
          .as("%s[%d]: %s, %s in PyTorch", what, i, actual[i], expected[i])
          .isLessThanOrEqualTo(bound);
    }
  }

  @Test
  void everyCaseOfTheFileIsTried() {
    Set<String> names = new TreeSet<>();
    file.keySet().forEach(key -> names.add(key.replaceFirst("/.*", "")));
    names.removeAll(Set.of("noise", "start"));
    assertThat(CASES.keySet()).containsExactlyInAnyOrderElementsOf(names);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void stepsMatchPyTorch(String name) {
    for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
      Optimizer optimizer = CASES.get(name).apply(start(name, dtype));
      Tensor expected = file.get(name + "/" + dtype);
      for (int step = 1; step <= 20; step++) {
        try (TensorScope scope = TensorScope.open()) {
          assertThat(scope).isNotNull();
          step(optimizer, name, dtype, step);
        }
        if (KEPT.contains(step)) {
          assertClose(
              name + " " + dtype + " step " + step,
              values(optimizer.parameters()),
              expected.select(0, KEPT.indexOf(step)).toDoubleArray(),
              tolerance(name, dtype));
        }
      }
      if (dtype == DType.FLOAT64 && !name.equals("LBFGS to the end")) {
        assertState(name, optimizer.stateDict());
      }
    }
  }

  private static double stateTolerance(String name) {
    return name.startsWith("LBFGS") ? 1e-7 : Math.max(1e-10, tolerance(name, DType.FLOAT64));
  }

  private static void assertState(String name, OptimizerState state) {
    file.forEach(
        (key, expected) -> {
          if (key.startsWith(name + "/state.")) {
            String mine = key.substring(name.length() + 1);
            Tensor tensor = state.tensors().get(mine);
            if (tensor != null) {
              assertThat(tensor.shape()).as(key).isEqualTo(expected.shape());
              assertClose(
                  key, tensor.toDoubleArray(), expected.toDoubleArray(), stateTolerance(name));
            } else if (!key.startsWith("LARS") && !mine.endsWith("al")) {
              boolean uncounted = mine.endsWith("step") && !state.values().containsKey(mine);
              assertThat(uncounted || state.values().containsKey(mine)).as(key).isTrue();
              if (!uncounted) {
                double number = Double.parseDouble(state.values().get(mine));
                assertClose(
                    key, new double[] {number}, expected.toDoubleArray(), stateTolerance(name));
              }
            }
          }
        });
    state.tensors().keySet().stream()
        .filter(key -> !name.startsWith("LBFGS"))
        .forEach(key -> assertThat(file).containsKey(name + "/" + key));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void resumingIsExact(String name) {
    Function<List<Tensor>, Optimizer> make = CASES.get(name);
    Optimizer whole = make.apply(start(name, DType.FLOAT32));
    for (int step = 1; step <= 4; step++) {
      step(whole, name, DType.FLOAT32, step);
    }
    List<Tensor> copies =
        whole.parameters().stream().map(p -> p.detach().clone().setRequiresGrad(true)).toList();
    Optimizer resumed = make.apply(copies);
    resumed.loadStateDict(whole.stateDict());
    assertThat(resumed.stateDict().values()).isEqualTo(whole.stateDict().values());
    for (int step = 5; step <= 8; step++) {
      step(whole, name, DType.FLOAT32, step);
      step(resumed, name, DType.FLOAT32, step);
    }
    assertThat(values(copies)).isEqualTo(values(whole.parameters()));
  }

  /** Two optimizers that keep to one half each make together the steps of one. */
  @ParameterizedTest
  @MethodSource("elementwise")
  void partsMakeTheSameSteps(String name) {
    Function<List<Tensor>, Optimizer> make = CASES.get(name);
    Optimizer whole = make.apply(start(name, DType.FLOAT32));
    List<Tensor> shared = start(name, DType.FLOAT32);
    Optimizer first = make.apply(shared);
    Optimizer second = make.apply(shared);
    first.partition(half(0, 1));
    second.partition(half(1, 2));
    for (int step = 1; step <= 6; step++) {
      step(whole, name, DType.FLOAT32, step);
      step(first, name, DType.FLOAT32, step);
      second.step();
    }
    assertThat(values(shared)).isEqualTo(values(whole.parameters()));
  }

  private static Partition half(int begin, int finish) {
    return new Partition() {
      @Override
      public long first(Tensor parameter) {
        return parameter.numel() * begin / 2;
      }

      @Override
      public long end(Tensor parameter) {
        return parameter.numel() * finish / 2;
      }
    };
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT32", "FLOAT64"})
  void emptyAndScalarParametersTrain(DType dtype) {
    CASES.forEach(
        (name, make) -> {
          boolean muon = name.startsWith("Muon");
          Tensor empty = Tensor.zeros(dtype, muon ? new long[] {0, 3} : new long[] {0});
          Tensor one = Tensor.ones(dtype, muon ? new long[] {1, 1} : new long[0]);
          Optimizer optimizer =
              make.apply(List.of(empty.setRequiresGrad(true), one.setRequiresGrad(true)));
          empty.setGrad(Tensor.zerosLike(empty));
          one.setGrad(Tensor.onesLike(one));
          if (!optimizer.needsClosure()) {
            optimizer.step();
            assertThat(one.item()).as(name).isFinite().isNotEqualTo(1);
          }
        });
  }
}
