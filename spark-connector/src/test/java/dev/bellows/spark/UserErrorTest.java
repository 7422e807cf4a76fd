package dev.bellows.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bellows.nn.Functional;
import dev.bellows.optim.Adam;
import dev.bellows.spark.data.LocalSpark;
import dev.bellows.train.LossFunction;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.example.UserFunctions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests that exceptions of user code are reported with their location, and never retried. */
@Timeout(120)
class UserErrorTest {
  private static final String SHARD = "step 0, shard [02] of 4, rank [01], rows (\\d+, ){3}\\d+: ";
  private static final String AT = "; at org\\.example\\.UserFunctions\\.";

  private static SparkSession spark;
  private static Dataset<Row> frame;
  private final List<String> messages = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void start() {
    spark = LocalSpark.session();
    frame = TinyJob.frame(spark);
  }

  private TrainingJobBuilder<Tiny.Net> job() {
    return TinyJob.job(spark, frame).executors(2).listener(messages());
  }

  private static TrainingJobBuilder<Tiny.Net> of(SerializableSupplier<Tiny.Net> model) {
    return TrainingJob.builder(spark)
        .model(model)
        .loss(Tiny::loss)
        .optimizer(parameters -> new Adam(parameters, 0.01))
        .data(frame, TinyJob.columns())
        .executors(2);
  }

  private TrainingListener messages() {
    return new TrainingListener() {
      @Override
      public void message(String line) {
        messages.add(line);
      }
    };
  }

  /** Asserts the message, that there was no restart, and that the driver's log has the stack. */
  private void assertUserError(TrainingJobBuilder<?> job, String pattern, String... stack) {
    try (var log = new LogCapture("dev.bellows.spark")) {
      var failure = catchThrowableOfType(BellowsException.class, () -> job.build().run());
      assertThat(failure).hasMessageMatching(pattern);
      assertThat(failure.category()).isEqualTo(BellowsException.Category.USER);
      assertThat(messages).noneMatch(m -> m.contains("restart"));
      assertThat(log.lines())
          .anySatisfy(
              line -> {
                assertThat(line).startsWith("ERROR");
                assertThat(line).contains(stack);
              });
    }
  }

  private void assertLoss(LossFunction<Tiny.Net> loss, String pattern, String... stack) {
    assertUserError(job().loss(loss), "loss: " + SHARD + pattern, stack);
  }

  @Test
  void anExceptionOfTheLossNamesRowsAndSourceLine() {
    assertLoss(
        UserFunctions::nullPointer,
        "java\\.lang\\.NullPointerException: Cannot invoke .*"
            + AT
            + "nullPointer\\(UserFunctions\\.java:\\d+\\)",
        "java.lang.NullPointerException",
        "\tat org.example.UserFunctions.nullPointer",
        "\tat dev.bellows.train.TrainLoop.step");
  }

  @Test
  void anIoExceptionOfTheLossIsNotTriedAgain() {
    assertLoss(
        UserFunctions::io,
        "java\\.io\\.IOException: no vocabulary" + AT + "io\\(UserFunctions\\.java:\\d+\\)",
        "java.io.IOException: no vocabulary",
        "\tat org.example.UserFunctions.io");
  }

  @Test
  void theFirstCauseAndItsPlaceAreNamed() {
    assertLoss(
        UserFunctions::wrapped,
        "java\\.lang\\.IllegalStateException: several lines; caused by java\\.io\\.IOException: no"
            + " vocabulary"
            + AT
            + "io\\(UserFunctions\\.java:\\d+\\)",
        "Caused by: java.io.IOException");
  }

  @Test
  void errorsOfTheLossAreTheUsers() {
    assertLoss(
        UserFunctions::recursion,
        "java\\.lang\\.StackOverflowError" + AT + "recursion\\(.*",
        "StackOverflowError");
    assertLoss(
        (model, batch) -> {
          throw new AssertionError("odd batch");
        },
        "java\\.lang\\.AssertionError: odd batch; at .*",
        "AssertionError");
    assertLoss(
        (model, batch) -> {
          throw new NoClassDefFoundError("com/shop/Prices");
        },
        "java\\.lang\\.NoClassDefFoundError: com/shop/Prices; at .*; give the executors the"
            + " application's classes with --jars",
        "NoClassDefFoundError");
    assertLoss(
        (model, batch) -> {
          throw new OutOfMemoryError("Java heap space");
        },
        "java\\.lang\\.OutOfMemoryError: Java heap space; at .*; the heap of this process is at"
            + " most \\d+ MiB: raise spark\\.executor\\.memory, or give a rank fewer rows",
        "OutOfMemoryError");
  }

  @Test
  void whatTheEngineRefusesNamesTheUsersLine() {
    assertLoss(
        UserFunctions::shapes,
        "matmul: .*" + AT + "shapes\\(UserFunctions\\.java:\\d+\\)",
        "\tat org.example.UserFunctions.shapes");
    assertLoss(UserFunctions::nothing, "the loss must be a tensor; got null; at .*", "TrainLoop");
  }

  @Test
  void anExceptionInBackwardIsTheUsers() {
    assertUserError(
        job().loss(UserFunctions::backward),
        "backward: "
            + SHARD
            + "java\\.lang\\.UnsupportedOperationException: no gradient yet"
            + AT.replace("\\.$", "")
            + "?.*Broken\\.backward\\(UserFunctions\\.java:\\d+\\)",
        "Broken.backward");
  }

  @Test
  void anExceptionWithoutAStackSaysSo() {
    assertLoss(
        (model, batch) -> {
          var e = new ArrayIndexOutOfBoundsException(3);
          e.setStackTrace(new StackTraceElement[0]);
          throw e;
        },
        "java\\.lang\\.ArrayIndexOutOfBoundsException: .*; it has no stack, which the JVM leaves"
            + " out for exceptions that come often; -XX:-OmitStackTraceInFastThrow keeps it",
        "ArrayIndexOutOfBoundsException");
  }

  @Test
  void anExceptionOfTheEvaluationNamesItsRows() {
    assertUserError(
        job()
            .metric(
                (model, batch) -> {
                  throw UserFunctions.io("no metric");
                }),
        "evaluation: after step 12, rank [01], rows \\d+ to \\d+: java\\.io\\.IOException: no"
            + " metric"
            + AT
            + "io\\(.*",
        "no metric");
    assertUserError(
        job().predict((model, batch) -> null, "y"),
        "evaluation: after step 12, rank [01], rows \\d+ to \\d+: predict: must give logits; got"
            + " null.*",
        "got null");
  }

  private static final AtomicInteger MODELS = new AtomicInteger();

  /** Is made on the driver, and not on executors. */
  private static Tiny.Net onceOnly() {
    if (MODELS.incrementAndGet() > 1) {
      return UserFunctions.unsupported("no weights file here");
    }
    return new Tiny.Net(8);
  }

  @Test
  void aModelThatExecutorsCannotMakeIsTheUsers() {
    assertUserError(
        of(UserErrorTest::onceOnly),
        "model: rank [01]: java\\.lang\\.UnsupportedOperationException: no weights file here; at"
            + " .*",
        "no weights file here");
  }

  @Test
  void aModelThatTheDriverCannotMakeIsTheUsers() {
    assertUserError(
        TrainingJob.builder(spark)
            .model(UserFunctions.Uninitialised::new)
            .loss(
                (model, batch) ->
                    Functional.crossEntropy(model.call(batch.input("x")), batch.input("y")))
            .optimizer(parameters -> new Adam(parameters, 0.01))
            .data(frame, TinyJob.columns()),
        "model: java\\.lang\\.ExceptionInInitializerError; caused by"
            + " java\\.lang\\.NumberFormatException: For input string: \"six\"; at"
            + " org\\.example\\.UserFunctions\\$Uninitialised\\.<clinit>\\(UserFunctions\\.java:\\d+\\)",
        "NumberFormatException");
    assertUserError(
        job().optimizer(parameters -> null), "optimizer: the function must give one; got null", "");
    assertUserError(of(() -> null), "model: the function must give one; got null", "");
  }

  @Test
  void anErrorOfTheLearningRateIsTheUsers() {
    assertUserError(
        job()
            .learningRate(
                step -> {
                  throw UserFunctions.io("no schedule");
                }),
        "learningRate: step 0: java\\.io\\.IOException: no schedule" + AT + "io\\(.*",
        "no schedule");
    assertUserError(
        job()
            .learningRate(
                step -> {
                  throw new StackOverflowError();
                }),
        "learningRate: step 0: java\\.lang\\.StackOverflowError; at .*",
        "StackOverflowError");
  }

  /** Can be sent, and not be received. */
  private static final class Unreadable implements Serializable {
    private static final long serialVersionUID = 1L;

    private void readObject(ObjectInputStream in) throws IOException {
      throw new InvalidObjectException("no licence on this machine");
    }
  }

  @Test
  void whatExecutorsCannotReadIsTheUsers() {
    var captured = new Unreadable();
    assertUserError(
        job().loss((model, batch) -> captured == null ? null : Tiny.loss(model, batch)),
        "train: the stage of the workers failed: .*no licence on this machine.*; executors must be"
            + " able to read what model, loss, optimizer and metric hold",
        "no licence on this machine");
  }

  /** Of two equal method references, javac's code reads back the first for both. */
  @Test
  void aMethodReferenceThatExecutorsReadAsAnotherIsToldBeforeAnythingRuns() {
    LossFunction<Tiny.NormNet> norm = Tiny::loss; // like the one of this class for Tiny.Net
    LossFunction<Tiny.Net> plain = Tiny::loss;
    LossFunction<Tiny.NormNet> inner = (model, batch) -> norm.apply(model, batch).mul(2);
    var wrong = SentFunctions.problem("loss", norm) != null;
    assertThat(wrong).isNotEqualTo(SentFunctions.problem("loss", plain) != null);
    var pattern =
        "loss: executors must read it back as it is; dev\\.bellows\\.spark\\.UserErrorTest refers"
            + " to Tiny\\.loss for arguments \\(\\w+, Batch\\) and elsewhere for \\(\\w+, Batch\\),"
            + " and javac makes of both the latter\\. Write one of them as a lambda that calls"
            + " Tiny\\.loss";
    var job = wrong ? TinyJob.stateful(spark, frame).loss(norm) : job().loss(plain);
    var failure = catchThrowableOfType(BellowsException.class, () -> job.build().run());
    assertThat(failure).hasMessageMatching(pattern);
    assertThat(failure.category()).isEqualTo(BellowsException.Category.USER);
    if (wrong) {
      assertThat(SentFunctions.problem("loss", inner)).matches(pattern);
    }
    LossFunction<Tiny.Net> lambda = (model, batch) -> Tiny.loss(model, batch);
    LossFunction<Tiny.NormNet> other = (model, batch) -> Tiny.loss(model, batch);
    SerializableSupplier<Tiny.Net> narrow = UserErrorTest::onceOnly;
    SerializableSupplier<Object> wide = UserErrorTest::onceOnly; // any of these may be read
    for (var function : List.of(lambda, other, narrow, wide)) {
      assertThat(SentFunctions.problem("loss", function)).isNull();
    }
    assertThat(SentFunctions.problem("metric", null)).isNull();
  }

  @Test
  void listenersThatFailHarmNobodyAndAreNamed() {
    var expected = TinyJob.job(spark, frame).executors(2).build().run();
    TrainingListener faulty =
        new TrainingListener() {
          @Override
          public void step(Progress progress) {
            throw UserFunctions.io("no dashboard");
          }

          @Override
          public void evaluated(long step, double metric) {
            throw new StackOverflowError();
          }

          @Override
          public void message(String line) {
            if (line.startsWith("warning")) {
              throw new AssertionError(line);
            }
          }

          @Override
          public void ended() {
            throw new NoClassDefFoundError("com/shop/Dashboard");
          }
        };
    try (var log = new LogCapture("dev.bellows.spark")) {
      var result = job().listener(faulty).build().run();
      assertThat(result.weightsSha256()).isEqualTo(expected.weightsSha256());
      assertThat(result.restarts()).isZero();
      assertThat(log.lines())
          .anyMatch(line -> line.contains("no dashboard") && line.contains("\tat org.example"));
    }
    assertThat(messages)
        .anyMatch(
            m ->
                m.matches(
                    "warning: listener .*UserErrorTest.* failed: java\\.io\\.IOException: no"
                        + " dashboard"
                        + AT
                        + "io\\(.*; training continues"))
        .filteredOn(m -> m.contains("no dashboard"))
        .hasSize(1);
  }
}
