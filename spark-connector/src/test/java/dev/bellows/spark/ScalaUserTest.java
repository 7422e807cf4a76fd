package dev.bellows.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.spark.data.LocalSpark;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import scala.tools.nsc.Main;

/** The engine and jobs as Scala sees them: a source is compiled by Scala's compiler and run. */
@Timeout(300)
class ScalaUserTest {
  private static Class<?> user;

  @BeforeAll
  static void compile() throws Exception {
    var source = Path.of(ScalaUserTest.class.getResource("UserCode.scala").toURI());
    // On the class path already, so that Spark's class loaders find what is compiled.
    var classes =
        Path.of(ScalaUserTest.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    var compiled =
        Main.process(
            new String[] {
              "-classpath",
              System.getProperty("java.class.path"),
              "-d",
              classes.toString(),
              "-deprecation",
              "-Xfatal-warnings",
              source.toString()
            });
    assertThat(compiled).as("Scala's compiler accepts UserCode.scala; see its output").isTrue();
    user = Class.forName("dev.bellows.scalauser.UserCode");
  }

  private static Object call(String method) throws ReflectiveOperationException {
    return user.getMethod(method).invoke(null);
  }

  @Test
  void findsTheFactories() throws ReflectiveOperationException {
    assertThat(call("factories")).isEqualTo("56");
  }

  @Test
  void findsWhatJoinsAndIndexes() throws ReflectiveOperationException {
    assertThat(call("joined"))
        .isEqualTo("1.0 2.0 3.0 4.0; 4.0 6.0; 3.0 2.0; 11.0; 4.0 6.0; 2.0; -6.0 -12.0");
  }

  @Test
  void recordsGradientsAndStopsToRecord() throws ReflectiveOperationException {
    assertThat(call("gradients")).isEqualTo("-1.0 -2.0");
  }

  @Test
  void choosesAmongOverloads() throws ReflectiveOperationException {
    assertThat(call("overloads")).isEqualTo("1 3 1 3 1 1 3 0.5");
  }

  @Test
  void trainsAModuleOfItsOwn() throws ReflectiveOperationException {
    assertThat(call("trained")).isEqualTo(true);
  }

  @Test
  void runsAJob() throws ReflectiveOperationException {
    var spark = LocalSpark.session();
    var result =
        (TrainingResult)
            user.getMethod("job", SparkSession.class, Dataset.class)
                .invoke(null, spark, TinyJob.frame(spark));
    assertThat(result.steps()).isEqualTo(4);
  }
}
