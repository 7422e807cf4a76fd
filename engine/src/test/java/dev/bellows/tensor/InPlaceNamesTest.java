package dev.bellows.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.memory.DType;
import dev.bellows.ops.RoundingMode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation in place that is refused says its own name. */
@Timeout(120)
class InPlaceNamesTest {
  private static final String REFUSED =
      "a leaf Variable that requires grad is being used in an in-place operation.; ";

  static Stream<Method> inPlace() {
    return Arrays.stream(Tensor.class.getMethods())
        .filter(m -> m.getName().endsWith("_"))
        .filter(m -> !m.getName().equals("detach_")) // changes no elements
        .filter(m -> !m.getName().equals("bitwiseNot_")); // of integers, which have no gradient
  }

  /** Arguments among which some fit whatever the operation needs. */
  private static List<Object> candidates(Class<?> type, Tensor x) {
    if (type == Tensor.class) {
      return List.of(
          Tensor.ones(DType.FLOAT64, x.shape()),
          Tensor.zeros(DType.INT64, x.shape()),
          Tensor.ones(DType.BOOL, x.shape()),
          Tensor.ones(DType.FLOAT64, 2),
          Tensor.ones(DType.FLOAT64, 2, 2),
          Tensor.ones(DType.FLOAT64, 2, 2, 2),
          Tensor.zeros(DType.INT64, 2));
    }
    if (type == List.class) {
      return List.of(List.of(Tensor.zeros(DType.INT64, 1)));
    }
    if (type == int.class) {
      return List.of(0);
    }
    if (type == long.class) {
      return List.of(0L, 2L);
    }
    if (type == double.class) {
      return List.of(0.5);
    }
    if (type == boolean.class) {
      return List.of(false);
    }
    if (type == Number.class) {
      return List.of(1);
    }
    if (type == Generator.class) {
      return List.of(Generator.current());
    }
    if (type == ScatterReduce.class) {
      return List.of(ScatterReduce.SUM);
    }
    return type == RoundingMode.class ? List.of(RoundingMode.TRUNC) : List.of();
  }

  private static List<Object[]> arguments(Method method, Tensor x) {
    List<Object[]> all = new ArrayList<>();
    all.add(new Object[0]);
    for (Class<?> type : method.getParameterTypes()) {
      List<Object[]> longer = new ArrayList<>();
      for (Object[] head : all) {
        for (Object next : candidates(type, x)) {
          Object[] more = Arrays.copyOf(head, head.length + 1);
          more[head.length] = next;
          longer.add(more);
        }
      }
      all = longer;
    }
    return all;
  }

  private static String message(Method method, Tensor x, Object... arguments) {
    try {
      method.invoke(x, arguments);
      return "nothing";
    } catch (InvocationTargetException e) {
      return String.valueOf(e.getCause().getMessage());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("inPlace")
  void namesItself(Method method) {
    List<String> said = new ArrayList<>();
    for (long[] shape : new long[][] {{2}, {2, 2}, {2, 2, 2}, {1, 1, 1}}) {
      Tensor x = Tensor.ones(DType.FLOAT64, shape).setRequiresGrad(true);
      for (Object[] arguments : arguments(method, x)) {
        String message = message(method, x, arguments);
        assertThat(message).as("is refused").isNotEqualTo("nothing");
        if (message.contains(REFUSED)) {
          assertThat(message).isEqualTo(REFUSED + method.getName());
          return;
        }
        said.add(message);
      }
    }
    assertThat(said).as("fitting arguments").isNull();
  }

  private static String refusal(Runnable call) {
    try {
      call.run();
      return "nothing";
    } catch (IllegalStateException e) {
      return e.getMessage();
    }
  }

  @Test
  void writingToPlacesNamesItself() {
    Tensor x = Tensor.ones(2, 2).setRequiresGrad(true);
    String view =
        "a view of a leaf Variable that requires grad is being used in an in-place operation.; set";
    assertThat(refusal(() -> x.set(1, 0))).isEqualTo(view);
    assertThat(refusal(() -> x.set(Tensor.ones(2), Index.at(1)))).isEqualTo(view);
    assertThat(refusal(() -> x.set(1, Index.places(0)))).endsWith("; set");
    assertThat(refusal(() -> x.get(0).zero_())).endsWith("; zero_");
    Tensor expanded = Tensor.ones(1).expand(3);
    assertThat(refusal(() -> expanded.fill_(1))).endsWith("; fill_");
    assertThat(refusal(() -> expanded.cumsum_(0))).endsWith("; cumsum_");
  }
}
