package dev.bellows.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.autograd.HookHandle;
import dev.bellows.nn.layer.Linear;
import dev.bellows.nn.layer.ReLU;
import dev.bellows.nn.layer.Sequential;
import dev.bellows.optim.SGD;
import dev.bellows.tensor.Tensor;
import java.nio.file.Path;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests that unregistered holders of parameters or modules are rejected, and all others accepted.
 */
class HiddenMembersTest {
  record Pair(String name, Module first) {}

  record Nested(List<Pair> pairs) {}

  static final class Helper {
    final Linear inside = new Linear(1, 1);
  }

  static class Base {
    Object inherited;
  }

  static final class Derived extends Base {
    Derived(Object value) {
      inherited = value;
    }
  }

  /** Resembles Scala's lists and tuples: plain objects with fields. */
  static final class Cons implements Iterable<Object> {
    final Object head;
    final Cons next;

    Cons(Object head, Cons next) {
      this.head = head;
      this.next = next;
    }

    @Override
    public Iterator<Object> iterator() {
      throw new AssertionError("iterating may have effects");
    }
  }

  private static Cons cons(int length, Object last) {
    Cons list = new Cons(last, null);
    for (int i = 1; i < length; i++) {
      list = new Cons("x", list);
    }
    return list;
  }

  /** A module with one field of no certain type. */
  static final class Holder extends Module {
    final Object value;

    Holder(Object value) {
      this.value = value;
    }
  }

  static final class Typed extends Module {
    final Supplier<Tensor> supplier;

    Typed(Supplier<Tensor> supplier) {
      this.supplier = supplier;
    }
  }

  private static Parameter parameter() {
    return Parameter.of(Tensor.ones(1));
  }

  static Stream<Arguments> holders() {
    Linear linear = new Linear(1, 1);
    Parameter weight = parameter();
    Buffer buffer = Buffer.of(Tensor.ones(1));
    Supplier<Linear> supplier = () -> linear;
    UnaryOperator<Tensor> reference = linear::call;
    Function<Tensor, Tensor> nested = x -> supplier.get().call(x).mul(weight);
    return Stream.of(
        Arguments.of("record", new Pair("a", linear)),
        Arguments.of("nested record", new Nested(List.of(new Pair("a", linear)))),
        Arguments.of("supplier", supplier),
        Arguments.of("method reference", reference),
        Arguments.of("lambda that captures a lambda", nested),
        Arguments.of("lambda with a parameter", (Supplier<Tensor>) () -> weight.mul(2)),
        Arguments.of("lambda with a buffer", (Supplier<Tensor>) () -> buffer.mul(2)),
        Arguments.of("optional", Optional.of(linear)),
        Arguments.of("array", new Object[] {1, new Object[] {linear}}),
        Arguments.of("list", new ArrayList<Object>(List.of("a", linear))),
        Arguments.of("map value", Map.of("a", linear)),
        Arguments.of("map key", Map.of(linear, "a")),
        Arguments.of("entry", new AbstractMap.SimpleEntry<>("a", linear)),
        Arguments.of("atomic reference", new AtomicReference<>(linear)),
        Arguments.of("atomic array", new AtomicReferenceArray<>(new Object[] {linear})),
        Arguments.of("iterable", cons(3, linear)),
        Arguments.of("long chain", cons(5000, weight)),
        Arguments.of("object", new Helper()),
        Arguments.of("inherited field", new Derived(weight)),
        Arguments.of("lambda with an object", supplierOf(new Helper())),
        Arguments.of(
            "anonymous object",
            new Object() {
              @Override
              public String toString() {
                return "" + linear;
              }
            }));
  }

  private static Supplier<Object> supplierOf(Helper helper) {
    return () -> helper.inside;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("holders")
  void whatHoldsAMemberIsRefused(String name, Object value) {
    String message =
        "Holder: field value (Object) holds members that would not be registered; use a ModuleList"
            + " or register(name, …), or mark the field transient if they are registered elsewhere";
    for (Module module :
        List.of(new Holder(value), new Sequential(new ReLU(), new Holder(value)))) {
      assertThatThrownBy(module::parameters).as(name).hasMessage(message);
      assertThatThrownBy(module::buffers).hasMessage(message);
      assertThatThrownBy(module::stateDict).hasMessage(message);
      assertThatThrownBy(module::eval).hasMessage(message);
      assertThatThrownBy(() -> module.loadStateDict(new StateDict())).hasMessage(message);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("holders")
  void whatIsRegisteredElsewhereMayBeHeld(String name, Object value) {
    class Shared extends Module {
      final Holder holder = new Holder(value);

      Shared() {
        int i = 0;
        for (Object member : Reach.membersFrom(value)) {
          if (member instanceof Module m) {
            register("m" + i++, m);
          } else if (member instanceof Parameter p) {
            register("m" + i++, p);
          } else {
            register("m" + i++, (Buffer) member);
          }
        }
      }
    }
    Shared shared = new Shared();
    assertThat(shared.stateDict().asMap()).as(name).isNotEmpty();
    assertThat(shared.holder.parameters()).as("below a module that was seen").isEmpty();
  }

  @Test
  void fieldsOfATypeAreLookedThroughToo() {
    Parameter weight = parameter();
    assertThatThrownBy(() -> new Typed(() -> weight).parameters())
        .hasMessageStartingWith("Typed: field supplier (Supplier) holds members");
    assertThat(new Typed(() -> Tensor.ones(1)).parameters()).isEmpty();
  }

  @Test
  void anonymousModulesMustRegisterWhatTheyCapture() {
    Linear f = new Linear(2, 2);
    Module block =
        new Module() {
          @Override
          protected Tensor forward(Tensor x) {
            return f.call(x).add(x);
          }
        };
    String message =
        "Module: captures variable f (Linear), whose members would not be registered, so neither"
            + " trained nor saved; make it a field of the module, or call register(\"f\", f) in it";
    assertThatThrownBy(block::parameters)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> new Sequential(block).stateDict()).hasMessage(message);
    assertThat(new Sequential(f, block).parameters()).as("shared").hasSize(2);
    Module registered =
        new Module() {
          {
            register("f", f);
          }

          @Override
          protected Tensor forward(Tensor x) {
            return f.call(x).add(x);
          }
        };
    assertThat(registered.namedParameters()).containsOnlyKeys("f.weight", "f.bias");
  }

  @Test
  void localModulesMustRegisterWhatTheyCapture() {
    List<Linear> layers = List.of(new Linear(1, 1));
    Parameter scale = parameter();
    int times = layers.size();
    class Layers extends Module {
      @Override
      protected Tensor forward(Tensor x) {
        return layers.get(times - 1).call(x);
      }
    }
    class Scaled extends Module {
      @Override
      protected Tensor forward(Tensor x) {
        return x.mul(scale).mul(times);
      }
    }
    class Plain extends Module {
      @Override
      protected Tensor forward(Tensor x) {
        return x.mul(times);
      }
    }
    assertThatThrownBy(() -> new Layers().parameters())
        .hasMessageStartingWith("Layers: captures variable layers (List), whose members would not");
    assertThatThrownBy(() -> new Scaled().parameters())
        .hasMessageStartingWith("Scaled: captures variable scale (Parameter)");
    assertThat(new Plain().parameters()).isEmpty();
  }

  /** Not a module itself. */
  static final class Workshop {
    final Linear used = new Linear(1, 1);
    final Linear unused = new Linear(1, 1);

    Module using() {
      return new Module() {
        @Override
        protected Tensor forward(Tensor x) {
          return used.call(x);
        }
      };
    }

    Module usingInALambda() {
      return new Module() {
        final UnaryOperator<Tensor> step = x -> used.call(x);

        @Override
        protected Tensor forward(Tensor x) {
          return step.apply(x);
        }
      };
    }

    Module deep() {
      class Around {
        Module make() {
          return new Module() {
            @Override
            protected Tensor forward(Tensor x) {
              return used.call(x);
            }
          };
        }
      }
      return new Around().make();
    }

    Module alone() {
      return new Module() {
        @Override
        protected Tensor forward(Tensor x) {
          return x.relu();
        }
      };
    }
  }

  @Test
  void onlyWhatIsUsedOfTheObjectAroundCounts() {
    Workshop workshop = new Workshop();
    for (Module module : List.of(workshop.using(), workshop.usingInALambda(), workshop.deep())) {
      assertThatThrownBy(module::parameters)
          .hasMessage(
              "Module: uses field used (Linear) of Workshop around it, whose members would not be"
                  + " registered, so neither trained nor saved; make it a field of this module,"
                  + " too, or call register(\"used\", used) in it");
      assertThat(new Sequential(workshop.used, module).parameters()).hasSize(2);
    }
    assertThat(workshop.alone().parameters()).isEmpty();
  }

  static final class Outer extends Module {
    final Linear shared = new Linear(1, 1);
    final Inner inner = new Inner();

    final class Inner extends Module {
      final Linear own = new Linear(1, 1);

      @Override
      protected Tensor forward(Tensor x) {
        return shared.call(own.call(x));
      }
    }

    Module loose() {
      return new Inner();
    }

    @Override
    protected Tensor forward(Tensor x) {
      return inner.call(x);
    }
  }

  @Test
  void aModuleAroundThatRegistersBothIsFine() {
    Outer outer = new Outer();
    assertThat(outer.inner.parameters()).as("before the outer one was seen").hasSize(2);
    assertThat(outer.parameters()).hasSize(4);
    assertThat(outer.call(Tensor.ones(1, 1)).shape()).containsExactly(1, 1);
    assertThatThrownBy(() -> outer.loose().parameters())
        .hasMessageStartingWith("Inner: uses field shared (Linear) of Outer around it");
  }

  @Test
  void partsOfAModelThatShareMayBeAskedAlone() {
    class Head extends Module {
      final UnaryOperator<Tensor> tied;

      Head(Linear embedding) {
        tied = embedding::call;
      }
    }
    class Language extends Module {
      final Linear embedding = new Linear(2, 2);
      final Head head = new Head(embedding);
    }
    Language model = new Language();
    assertThat(model.parameters()).hasSize(2);
    assertThat(model.head.parameters()).isEmpty();
  }

  @Test
  void groupsOfRegisteredModulesHideNothing() {
    class Net extends Module {
      final Linear first = new Linear(1, 1);
      final Linear second = new Linear(1, 1);
      final Object order = new Object[] {new Sequential(first, second)};
      final Function<Tensor, Tensor> step = x -> second.call(first.call(x));
    }
    assertThat(new Net().parameters()).hasSize(4);
  }

  @Test
  void whatHoldsNoMemberIsLeftAlone() throws Exception {
    class Free extends Module {
      final Supplier<Linear> maker = () -> new Linear(1, 1);
      final Function<Integer, Linear> sized = n -> new Linear(n, n);
      final Supplier<Linear> constructor = Free::make;
      final Function<Object, Object> composed = Function.identity().andThen(x -> x);
      final ThreadLocal<Object> local = ThreadLocal.withInitial(Object::new);
      final Thread thread = Thread.currentThread();
      final Class<?> type = Linear.class;
      final Path path = Path.of("a/b");
      final Object lock = new Object();
      final Object loader = Free.class.getClassLoader();
      final Iterable<Object> lazy = cons(3, "nothing");
      final org.slf4j.Logger log = org.slf4j.LoggerFactory.getLogger("free");
      final Tensor plain = Tensor.ones(2).setRequiresGrad(true);
      final Tensor result = plain.mul(parameter());
      final Pair pair = new Pair("none", null);
      final transient Supplier<Linear> elsewhere = linearOf(new Linear(1, 1));
      final Stream<Object> stream = Stream.of(1, 2);

      static Linear make() {
        return new Linear(1, 1);
      }
    }
    Free free = new Free();
    assertThat(free.parameters()).isEmpty();
    assertThat(free.stream.count()).as("not read").isEqualTo(2);
  }

  private static Supplier<Linear> linearOf(Linear linear) {
    return () -> linear;
  }

  @Test
  void handlesOfHooksAndOptimizersOfTheModelAreLeftAlone() {
    class Watched extends Module {
      final Linear fc = new Linear(1, 1);
      final HookHandle handle = fc.registerForwardHook((module, in, out) -> out);
      Object optimizer;
    }
    Watched watched = new Watched();
    watched.optimizer = new SGD(watched.parameters(), 0.1);
    assertThat(watched.parameters()).hasSize(2);
  }

  @Test
  void aValueThatChangesIsLookedAtAgain() {
    class Changing extends Module {
      Object value;
    }
    Changing module = new Changing();
    assertThat(module.parameters()).isEmpty();
    module.value = new Pair("late", new Linear(1, 1));
    assertThatThrownBy(module::parameters).hasMessageContaining("field value (Object) holds");
    module.value = new Linear(1, 1);
    assertThat(module.parameters()).hasSize(2);
  }

  @Test
  void hugePlainObjectsAreNotSearchedWithoutEnd() {
    List<Object> rows = new ArrayList<>();
    for (int i = 0; i < 200_000; i++) {
      rows.add(new Pair("row", null));
    }
    assertThat(new Holder(rows).parameters()).isEmpty();
  }
}
