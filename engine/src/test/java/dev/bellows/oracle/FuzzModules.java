package dev.bellows.oracle;

import dev.bellows.nn.Module;
import dev.bellows.nn.layer.Linear;
import dev.bellows.optim.Optimizer;
import dev.bellows.optim.SGD;
import dev.bellows.tensor.Tensor;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Layers and optimizers made with any arguments, and used once or twice. */
final class FuzzModules {
  private static final Set<Class<?>> MODULES = Set.of(Module.class, Module[].class, Map.class);
  private static final List<Constructor<?>> CONSTRUCTORS =
      Stream.of(Linear.class, SGD.class)
          .flatMap(FuzzCalls::classesBeside)
          .filter(c -> Module.class.isAssignableFrom(c) || Optimizer.class.isAssignableFrom(c))
          .filter(c -> !Modifier.isAbstract(c.getModifiers()))
          .flatMap(c -> Arrays.stream(c.getConstructors()))
          .filter(c -> Arrays.stream(c.getParameterTypes()).noneMatch(MODULES::contains))
          .sorted(Comparator.comparing(Constructor::toGenericString))
          .toList();

  private FuzzModules() {}

  static FuzzCalls.Call call(Rng r, FuzzPool pool) {
    Constructor<?> constructor = CONSTRUCTORS.get(r.nextInt(CONSTRUCTORS.size()));
    Tensor x = pool.member(0);
    FuzzArgs maker = new FuzzArgs(r, pool, x, true);
    Object[] args = maker.make(constructor.getGenericParameterTypes());
    int what = r.nextInt(4);
    double lr = r.pickNumber(0.1, -1, 0, Double.NaN, Double.POSITIVE_INFINITY);
    return new FuzzCalls.Call(
        constructor.getDeclaringClass().getSimpleName() + " made and used",
        () -> {
          Object made = made(constructor, args);
          if (made instanceof Module module) {
            return module.call(x);
          }
          use((Optimizer) made, what, lr);
          return null;
        },
        maker.gaveNull(),
        () -> FuzzCalls.text(Arrays.asList(args)) + " for " + FuzzPool.text(x));
  }

  private static Object made(Constructor<?> constructor, Object... args) throws Exception {
    try {
      return constructor.newInstance(args);
    } catch (InvocationTargetException e) {
      throw FuzzCalls.cause(e);
    }
  }

  private static void use(Optimizer optimizer, int what, double lr) {
    switch (what) {
      case 0 -> optimizer.zeroGrad();
      case 1 -> optimizer.setLr(lr);
      default -> optimizer.step();
    }
    optimizer.loadStateDict(optimizer.stateDict());
    optimizer.step();
  }
}
