package dev.bellows.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.nn.Module;
import dev.bellows.nn.layer.Linear;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scala.Function0;
import scala.Option;
import scala.Some;
import scala.Tuple2;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction0;
import scala.util.Right;

/** Scala's collections hold members that no registry has, as Java's do. */
class ScalaHoldersTest {
  static final class Holder extends Module {
    final Object value;

    Holder(Object value) {
      this.value = value;
    }
  }

  private static Stream<Object> holders(Object element) {
    var seq = CollectionConverters.asScala(List.of("a", element));
    Function0<Object> function =
        new AbstractFunction0<>() {
          @Override
          public Object apply() {
            return element;
          }
        };
    return Stream.of(
        seq,
        seq.toList(),
        seq.toVector(),
        seq.toSeq(),
        CollectionConverters.asScala(List.of(element, element)).toBuffer(),
        CollectionConverters.asScala(Map.of("a", element)),
        scala.collection.immutable.Map.from(CollectionConverters.asScala(Map.of("a", element))),
        new Some<>(element),
        Option.apply(element),
        new Tuple2<>("a", element),
        new Right<>(element),
        function);
  }

  static Stream<Object> withMembers() {
    return holders(new Linear(1, 1));
  }

  static Stream<Object> withoutMembers() {
    return holders("b");
  }

  @ParameterizedTest
  @MethodSource("withMembers")
  void membersInsideAreRefused(Object value) {
    assertThatThrownBy(() -> new Holder(value).parameters())
        .hasMessageStartingWith(
            "Holder: field value (Object) holds members that would not be registered; use a");
  }

  @ParameterizedTest
  @MethodSource("withoutMembers")
  void otherElementsAreLeftAlone(Object value) {
    assertThat(new Holder(value).parameters()).isEmpty();
  }
}
