package dev.bellows.spark.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.nn.Module;
import dev.bellows.nn.Parameter;
import dev.bellows.nn.layer.Linear;
import dev.bellows.nn.layer.ReLU;
import dev.bellows.nn.layer.Sequential;
import dev.bellows.optim.ASGD;
import dev.bellows.optim.Adadelta;
import dev.bellows.optim.Adafactor;
import dev.bellows.optim.Adagrad;
import dev.bellows.optim.Adam;
import dev.bellows.optim.AdamW;
import dev.bellows.optim.Adamax;
import dev.bellows.optim.LAMB;
import dev.bellows.optim.LARS;
import dev.bellows.optim.LBFGS;
import dev.bellows.optim.Lion;
import dev.bellows.optim.Muon;
import dev.bellows.optim.NAdam;
import dev.bellows.optim.Optimizer;
import dev.bellows.optim.RAdam;
import dev.bellows.optim.RMSprop;
import dev.bellows.optim.Rprop;
import dev.bellows.optim.SGD;
import dev.bellows.optim.schedule.ChainedScheduler;
import dev.bellows.optim.schedule.ConstantLR;
import dev.bellows.optim.schedule.CosineAnnealingLR;
import dev.bellows.optim.schedule.CosineAnnealingWarmRestarts;
import dev.bellows.optim.schedule.CyclicLR;
import dev.bellows.optim.schedule.ExponentialLR;
import dev.bellows.optim.schedule.LRScheduler;
import dev.bellows.optim.schedule.LambdaLR;
import dev.bellows.optim.schedule.LinearLR;
import dev.bellows.optim.schedule.MultiStepLR;
import dev.bellows.optim.schedule.MultiplicativeLR;
import dev.bellows.optim.schedule.OneCycleLR;
import dev.bellows.optim.schedule.PolynomialLR;
import dev.bellows.optim.schedule.SWALR;
import dev.bellows.optim.schedule.SequentialLR;
import dev.bellows.optim.schedule.StepLR;
import dev.bellows.spark.LearningRate;
import dev.bellows.spark.ScheduleFactory;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every layer, optimizer and schedule gives the same bits on 1, 2 and 4 ranks, also if resumed. */
@Timeout(120)
class EveryLayerTest {
  /** Optimizers that a job refuses, with the reason. */
  private static final Map<Class<?>, String> NOT_IN_A_JOB =
      Map.of(LBFGS.class, "evaluates the loss several times in a step");

  /** Optimizers whose step of one element depends on others, so that the state stays whole. */
  private static final Set<String> WHOLE = Set.of("Adafactor", "LAMB", "LARS", "Muon");

  private static Set<String> publicSubclasses(Class<?> base, String inPackage) {
    try {
      var place = Path.of(base.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isDirectory(place)) {
        return publicSubclasses(base, inPackage, place);
      }
      try (var jar = FileSystems.newFileSystem(place)) {
        return publicSubclasses(base, inPackage, jar.getPath("/"));
      }
    } catch (IOException | URISyntaxException | ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private static Set<String> publicSubclasses(Class<?> base, String inPackage, Path root)
      throws IOException, ReflectiveOperationException {
    var found = new TreeSet<String>();
    try (var files = Files.list(root.resolve(inPackage.replace('.', '/')))) {
      for (var file : files.map(f -> f.getFileName().toString()).toList()) {
        if (file.endsWith(".class") && !file.contains("$") && !file.startsWith("package-info")) {
          var type = Class.forName(inPackage + "." + file.replace(".class", ""));
          var modifiers = type.getModifiers();
          if (base.isAssignableFrom(type)
              && Modifier.isPublic(modifiers)
              && !Modifier.isAbstract(modifiers)) {
            found.add(type.getSimpleName());
          }
        }
      }
    }
    return found;
  }

  static List<LayerModels> families() {
    return LayerModels.all();
  }

  @ParameterizedTest
  @MethodSource("families")
  void layersGiveTheSameBits(LayerModels family) {
    var training = new RankedTraining(family::model, p -> new Adam(p, 0.01), family.rowShape());
    assertThat(training.resumed(false)).as("%s", family.model()).isEqualTo(training.undisturbed());
  }

  @Test
  void noLayerIsMissing() {
    var tested = new TreeSet<String>();
    for (var family : LayerModels.all()) {
      family.model().modules().forEach(module -> tested.add(module.getClass().getSimpleName()));
    }
    assertThat(tested).containsAll(publicSubclasses(Module.class, "dev.bellows.nn.layer"));
  }

  static List<Function<List<Parameter>, Optimizer>> optimizers() {
    return List.of(
        p -> new SGD(p, SGD.options().lr(0.05).momentum(0.9).nesterov(true).weightDecay(0.01)),
        p -> new Adam(p, Adam.options().lr(0.05).amsgrad(true)),
        p -> new AdamW(p, 0.05),
        p -> new RMSprop(p, RMSprop.options().lr(0.05).centered(true).momentum(0.5)),
        p -> new Adagrad(p, 0.05),
        p -> new Adadelta(p, 0.5),
        p -> new Adamax(p, 0.05),
        p -> new NAdam(p, 0.05),
        p -> new RAdam(p, 0.05),
        p -> new ASGD(p, ASGD.options().lr(0.05).t0(1)),
        p -> new Rprop(p, 0.05),
        p -> new LAMB(p, 0.05),
        p -> new LARS(p, 0.05),
        p -> new Lion(p, 0.05),
        p -> new Adafactor(p, 0.05),
        p -> new Muon(p, 0.05));
  }

  private static Module net() {
    return new Sequential(new Linear(6, 5, false), new ReLU(), new Linear(5, 3, false));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void optimizersGiveTheSameBits(Function<List<Parameter>, Optimizer> optimizer) {
    var name = optimizer.apply(net().parameters()).name();
    var training = new RankedTraining(EveryLayerTest::net, optimizer, 6);
    var expected = training.undisturbed();
    assertThat(training.resumed(false)).as(name).isEqualTo(expected);
    if (!WHOLE.contains(name)) {
      assertThat(training.resumed(true)).as(name + ", sharded").isEqualTo(expected);
    }
  }

  @Test
  void noOptimizerIsMissing() {
    var tested = new TreeSet<String>();
    optimizers().forEach(o -> tested.add(o.apply(net().parameters()).getClass().getSimpleName()));
    NOT_IN_A_JOB.keySet().forEach(type -> tested.add(type.getSimpleName()));
    assertThat(tested).isEqualTo(publicSubclasses(Optimizer.class, "dev.bellows.optim"));
  }

  private static List<ScheduleFactory> schedules() {
    return List.of(
        o -> new ConstantLR(o, 0.5, 4),
        o -> new CosineAnnealingLR(o, 9),
        o -> new CosineAnnealingWarmRestarts(o, 4),
        o -> new CyclicLR(o, 0.01, 0.1),
        o -> new ExponentialLR(o, 0.9),
        o -> new LambdaLR(o, step -> 1 / (1.0 + step)),
        o -> new LinearLR(o, 0.1, 1, 6),
        o -> new MultiStepLR(o, 0.5, 2, 5),
        o -> new MultiplicativeLR(o, step -> 0.95),
        o -> new OneCycleLR(o, 0.3, 20),
        o -> new PolynomialLR(o, 12, 2),
        o -> new SWALR(o, 0.01),
        o -> new StepLR(o, 3, 0.5),
        o -> SequentialLR.warmup(3, 0.1, new CosineAnnealingLR(o, 9)),
        o -> new ChainedScheduler(new LinearLR(o), new ExponentialLR(o, 0.9)));
  }

  @Test
  void schedulesGiveTheSameRatesFromAnyStep() {
    var tested = new TreeSet<>(Set.of("ReduceLROnPlateau")); // by LearningRate.plateau
    for (var schedule : schedules()) {
      var name = new String[1];
      ScheduleFactory named =
          optimizer -> {
            var made = schedule.create(optimizer);
            name[0] = made.getClass().getSimpleName();
            return made;
          };
      var undisturbed = LearningRate.of(0.1, named);
      var rates = LongStream.range(0, 20).mapToDouble(undisturbed::at).toArray();
      var resumed = LearningRate.of(0.1, named);
      for (int step = 11; step < 20; step++) {
        assertThat(resumed.at(step)).as(name[0]).isEqualTo(rates[step]);
      }
      tested.add(name[0]);
    }
    assertThat(tested)
        .isEqualTo(publicSubclasses(LRScheduler.class, LRScheduler.class.getPackageName()));
  }
}
