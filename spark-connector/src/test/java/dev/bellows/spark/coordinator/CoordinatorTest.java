package dev.bellows.spark.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.bellows.optim.schedule.ReduceLROnPlateau.Mode;
import dev.bellows.proto.comm.Challenge;
import dev.bellows.proto.comm.Handshake;
import dev.bellows.proto.coordinator.Category;
import dev.bellows.proto.coordinator.CheckpointPart;
import dev.bellows.proto.coordinator.Evaluated;
import dev.bellows.proto.coordinator.Failure;
import dev.bellows.proto.coordinator.Finished;
import dev.bellows.proto.coordinator.Heartbeat;
import dev.bellows.proto.coordinator.Plan;
import dev.bellows.proto.coordinator.Ready;
import dev.bellows.proto.coordinator.Register;
import dev.bellows.proto.coordinator.Report;
import dev.bellows.proto.coordinator.ToDriver;
import dev.bellows.proto.coordinator.ToWorker;
import dev.bellows.spark.BellowsException;
import dev.bellows.spark.Evaluations;
import dev.bellows.spark.MetricRules;
import dev.bellows.spark.Timeouts;
import dev.bellows.spark.checkpoint.CheckpointAttempts;
import dev.bellows.spark.checkpoint.FaultyFileSystem;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CoordinatorTest {
  private static final byte[] SECRET = {1, 2, 3, 4};
  private static final Duration WAIT = Duration.ofSeconds(10);

  private final List<StepSummary> steps = new CopyOnWriteArrayList<>();
  private final List<String> evaluations = new CopyOnWriteArrayList<>();
  private final List<String> warnings = new CopyOnWriteArrayList<>();
  private final List<String> commits = new CopyOnWriteArrayList<>();
  private final List<CoordinatorClient> clients = new ArrayList<>();
  private final ExecutorService storage = Executors.newSingleThreadExecutor();
  private volatile Runnable onCommit = () -> {};
  private CoordinatorServer server;

  @BeforeEach
  void listen() {
    server = new CoordinatorServer("127.0.0.1", "127.0.0.1", 0, SECRET, null);
  }

  @AfterEach
  void close() throws InterruptedException {
    clients.forEach(CoordinatorClient::close);
    server.close();
    storage.shutdown();
    for (var thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("bellows-coordinator")) {
        thread.join(5000);
        assertThat(thread.isAlive()).as(thread.getName()).isFalse();
      }
    }
  }

  private Generation serve(int worldSize, Timeouts timeouts, Schedule schedule) {
    var settings =
        new Generation.Settings(
            "job",
            3,
            worldSize,
            1,
            true,
            4,
            0,
            "",
            Evaluations.none(schedule.rules().better()),
            3,
            timeouts);
    var store =
        new CheckpointAttempts() {
          @Override
          public String begin(long done) {
            return "step-" + done;
          }

          @Override
          public void abandon(String attempt) {
            commits.add(attempt + " abandoned");
          }
        };
    var listener =
        new GenerationListener() {
          @Override
          public void step(StepSummary summary) {
            steps.add(summary);
          }

          @Override
          public void evaluated(long stepsDone, double metric) {
            evaluations.add(stepsDone + ": " + metric);
          }

          @Override
          public void warned(String message) {
            warnings.add(message);
          }
        };
    var generation =
        new Generation(
            settings,
            schedule,
            schedule.checkpointEvery() > 0 ? store : null,
            (done, attempt, parts, evaluations) -> {
              onCommit.run();
              commits.add(attempt + " of " + parts.size());
            },
            listener,
            System::nanoTime,
            storage);
    server.serve(generation);
    return generation;
  }

  private static Schedule schedule(long total, long checkpointEvery) {
    return new Schedule(
        total, 5, checkpointEvery, true, step -> 0.5 / (step + 1), MetricRules.NONE);
  }

  private CoordinatorClient worker(int rank) {
    return worker(rank, 3, SECRET);
  }

  private CoordinatorClient worker(int rank, int generation, byte[] secret) {
    var self =
        Register.newBuilder()
            .setJobId("job")
            .setGeneration(generation)
            .setRank(rank)
            .setHost("10.0.0." + rank)
            .setPort(4000 + rank)
            .setPid(100 + rank)
            .setExecutorId("e" + rank)
            .build();
    var client = new CoordinatorClient(server.address(), secret, null, self, WAIT);
    clients.add(client);
    return client;
  }

  private static ToDriver ready(int weights) {
    return ToDriver.newBuilder()
        .setReady(
            Ready.newBuilder().setWeightsSha256(ByteString.copyFrom(new byte[] {(byte) weights})))
        .build();
  }

  private static ToDriver report(long step, int firstShard, double... losses) {
    var report =
        Report.newBuilder()
            .setStep(step)
            .setEpoch(step / 5)
            .setFirstShard(firstShard)
            .setWaitNs(100 + 100 * firstShard)
            .setStepNs(1000 - firstShard);
    for (var loss : losses) {
      report.addShardLoss(loss).addShardRows(2);
    }
    return ToDriver.newBuilder().setReport(report).build();
  }

  private static ToDriver metric(long steps, double metric) {
    return ToDriver.newBuilder()
        .setEvaluated(Evaluated.newBuilder().setSteps(steps).setMetric(metric))
        .build();
  }

  private static ToDriver finished(int weights) {
    return ToDriver.newBuilder()
        .setFinished(
            Finished.newBuilder()
                .setWeightsSha256(ByteString.copyFrom(new byte[] {(byte) weights}))
                .setMetric(0.25))
        .build();
  }

  private static ToDriver failure(Category category, String message) {
    return ToDriver.newBuilder()
        .setFailure(Failure.newBuilder().setCategory(category).setMessage(message))
        .build();
  }

  private static Outcome outcome(Generation generation)
      throws InterruptedException, ExecutionException, TimeoutException {
    return generation.outcome().get(15, TimeUnit.SECONDS);
  }

  @Test
  void unequalBackendsAreToldOf() throws Exception {
    serve(2, Timeouts.defaults(), schedule(6, 4));
    var a = worker(0);
    var b = worker(1);
    a.send(ready(7));
    b.send(
        ToDriver.newBuilder()
            .setReady(
                Ready.newBuilder()
                    .setWeightsSha256(ByteString.copyFrom(new byte[] {7}))
                    .setBackend("reference"))
            .build());
    a.awaitMembership(WAIT);
    assertThat(warnings)
        .singleElement()
        .asString()
        .contains("all executors should compute alike")
        .contains("rank 1 has reference");
  }

  @Test
  void wholeTraining() throws Exception {
    var generation = serve(2, Timeouts.defaults(), schedule(6, 4));
    var a = worker(0);
    var b = worker(1);
    a.send(ready(7));
    b.send(ready(7));
    var membership = a.awaitMembership(WAIT);
    assertThat(membership).isEqualTo(b.awaitMembership(WAIT));
    assertThat(membership.getMembersList())
        .extracting(
            m -> m.getHost() + ":" + m.getPort() + " " + m.getFirstShard() + "-" + m.getEndShard())
        .containsExactly("10.0.0.0:4000 0-2", "10.0.0.1:4001 2-4");
    for (long step = 0; step < 6; step++) {
      for (var client : List.of(a, b)) {
        var plan = client.nextPlan(WAIT);
        assertThat(plan.getStep()).isEqualTo(step);
        assertThat(plan.getLr()).isEqualTo(0.5 / (step + 1));
        assertThat(plan.getStop()).isFalse();
        assertThat(plan.getEvaluate()).isEqualTo(step == 4);
        assertThat(plan.getCheckpoint())
            .isEqualTo(step == 3 ? "step-4" : step == 5 ? "step-6" : "");
        client.send(report(step, client == a ? 0 : 2, step, step + 0.5));
        if (step == 4) {
          client.send(metric(5, 0.5));
        }
        if (!plan.getCheckpoint().isEmpty()) {
          client.send(
              ToDriver.newBuilder()
                  .setPart(
                      CheckpointPart.newBuilder()
                          .setStep(step + 1)
                          .setAttempt(plan.getCheckpoint())
                          .setFile("part"))
                  .build());
        }
      }
    }
    for (var client : List.of(a, b)) {
      assertThat(client.nextPlan(WAIT))
          .isEqualTo(Plan.newBuilder().setStep(6).setStop(true).build());
      client.send(finished(9));
    }
    var outcome = outcome(generation);
    assertThat(outcome.failure()).isNull();
    assertThat(outcome.weightsSha256()).isEqualTo("09");
    assertThat(outcome.metric()).hasValue(0.25);
    assertThat(steps).extracting(StepSummary::step).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
    assertThat(steps.get(3).shardLoss()).containsExactly(3, 3.5, 3, 3.5);
    assertThat(steps.get(3).rows()).isEqualTo(8);
    assertThat(steps.get(3).waitNs()).isEqualTo(200);
    assertThat(steps.get(3).leastWaitNs()).isEqualTo(100);
    assertThat(steps.get(3).stepNs()).isEqualTo(1000);
    assertThat(evaluations).containsExactly("5: 0.5");
    assertThat(commits).containsExactly("step-4 of 2", "step-6 of 2");
    assertThat(CoordinatorClient.isSuccess(a.ended().get(5, TimeUnit.SECONDS))).isTrue();
  }

  @Test
  void plansStayAheadByTheLookahead() throws Exception {
    serve(1, Timeouts.defaults(), schedule(100, 0));
    var a = worker(0);
    a.send(ready(1));
    a.awaitMembership(WAIT);
    for (int i = 0; i < 3; i++) {
      a.nextPlan(WAIT);
    }
    assertThatThrownBy(() -> a.nextPlan(Duration.ofMillis(100)))
        .hasMessageContaining("must send a plan within 100 ms; nothing came");
    a.send(report(0, 0, 1, 1, 1, 1));
    assertThat(a.nextPlan(WAIT).getStep()).isEqualTo(3);
  }

  @Test
  void rendezvousHasADeadline() throws Exception {
    var generation =
        serve(3, Timeouts.defaults().withRendezvous(Duration.ofMillis(300)), schedule(4, 0));
    var a = worker(1);
    var failure = outcome(generation).failure();
    assertThat(failure.category()).isEqualTo(BellowsException.Category.RETRYABLE);
    assertThat(failure)
        .hasMessage(
            "rendezvous: all workers must register within 300 ms (timeouts.rendezvous);"
                + " 1 of 3 came: "
                + "rank 1 (executor e1, 10.0.0.1:4001, pid 101)");
    assertThatThrownBy(() -> a.awaitMembership(WAIT))
        .hasMessageStartingWith("aborted: rendezvous: all workers must register");
  }

  @Test
  void aWorkerThatLeavesBeforeTheStartIsReplaced() {
    var generation = serve(2, Timeouts.defaults(), schedule(4, 0));
    var sent = new ArrayList<ToWorker>();
    var first = connection(sent);
    var second = connection(sent);
    var rank1 = Register.newBuilder().setRank(1).setExecutorId("e1").build();
    assertThat(generation.register(rank1, first)).isNull();
    assertThat(generation.register(rank1, second))
        .startsWith("rank 1 is taken by rank 1 (executor e1");
    generation.disconnected(first, "connection closed");
    assertThat(generation.register(rank1, second)).isNull();
    generation.disconnected(first, "connection closed"); // late news of the one before
    assertThat(sent).isEmpty();
    var other = connection(sent);
    assertThat(generation.register(Register.getDefaultInstance(), other)).isNull();
    generation.received(other, ready(1));
    generation.received(second, ready(1));
    sent.removeIf(ToWorker::hasPlans);
    assertThat(sent).hasSize(2).allMatch(ToWorker::hasMembership);
  }

  private static Connection connection(List<ToWorker> sent) {
    return new Connection() {
      @Override
      public void send(ToWorker message) {
        sent.add(message);
      }

      @Override
      public void close() {}
    };
  }

  @Test
  void aLostPartOfTheOptimizersStateEndsTheGeneration() throws Exception {
    var generation = serve(2, Timeouts.defaults(), schedule(4, 0));
    var a = worker(0);
    var b = worker(1);
    a.send(ready(1));
    b.send(ready(1));
    a.nextPlan(WAIT);
    b.close();
    for (var end = System.nanoTime() + WAIT.toNanos();
        warnings.isEmpty() && System.nanoTime() < end; ) {
      Thread.onSpinWait(); // a failure that came before the loss would be the first cause
    }
    a.send(failure(Category.RETRYABLE, "allReduce: step 0: rank 1 is gone"));
    var outcome = outcome(generation);
    assertThat(outcome.failure())
        .hasMessage(
            "train: step 0: rank 1 (executor e1, 10.0.0.1:4001, pid 101) is lost: connection"
                + " closed");
    assertThat(warnings)
        .contains(
            "executor e1 lost at step 0 (connection closed); training restarts from the newest"
                + " checkpoint, since each executor holds a part of the optimizer's state");
    assertThat(a.ended().get(5, TimeUnit.SECONDS).getCategory()).isEqualTo(Category.RETRYABLE);
  }

  @Test
  void silenceIsALoss() throws Exception {
    var timeouts =
        Timeouts.defaults().withHeartbeat(Duration.ofMillis(100), Duration.ofMillis(600));
    var generation = serve(1, timeouts, schedule(4, 0));
    worker(0).send(ready(1));
    assertThat(outcome(generation).failure())
        .hasMessageMatching("train: step 0: rank 0 .* is lost: no sign of life for \\d+ ms");
  }

  @Test
  void aStallIsToldOnceInAWhile() throws Exception {
    serve(2, Timeouts.defaults(), schedule(4, 0));
    var a = worker(0);
    var b = worker(1);
    a.send(ready(1));
    b.send(ready(1));
    a.awaitMembership(WAIT);
    var stalled =
        Heartbeat.newBuilder().setStep(7).setPhase("training").setStall("bucket 1 of 3: allReduce");
    for (var i = 0; i < 3; i++) {
      a.send(ToDriver.newBuilder().setHeartbeat(stalled).build());
    }
    a.send(failure(Category.RETRYABLE, "enough"));
    b.ended().get(5, TimeUnit.SECONDS);
    assertThat(warnings)
        .containsExactly(
            "train: step 7: rank 0 (executor e0, 10.0.0.0:4000, pid 100) is stalled: bucket 1 of 3:"
                + " allReduce");
  }

  @Test
  void theFirstCauseIsKept() throws Exception {
    var generation = serve(2, Timeouts.defaults(), schedule(4, 0));
    var a = worker(0);
    var b = worker(1);
    a.send(ready(1));
    b.send(ready(1));
    b.awaitMembership(WAIT);
    a.send(failure(Category.RETRYABLE, "aborted: label must be below 10; got 11"));
    b.send(failure(Category.USER, "label must be below 10; got 11"));
    var outcome = outcome(generation);
    assertThat(outcome.failure()).hasMessage("label must be below 10; got 11");
    assertThat(outcome.failure().category()).isEqualTo(BellowsException.Category.USER);
  }

  @Test
  void unequalWeightsAreFatal() throws Exception {
    var generation = serve(2, Timeouts.defaults(), schedule(4, 0));
    var a = worker(0);
    var b = worker(1);
    a.send(ready(1));
    b.send(ready(2));
    var failure = outcome(generation).failure();
    assertThat(failure.category()).isEqualTo(BellowsException.Category.FATAL);
    assertThat(failure)
        .hasMessage(
            "train: weights at the start must be equal on all ranks; "
                + "rank 0 has sha256 01, rank 1 has 02");
  }

  @Test
  void strangersAreRefused() {
    serve(1, Timeouts.defaults(), schedule(4, 0));
    assertThatThrownBy(() -> worker(0, 3, new byte[] {9}).awaitMembership(WAIT))
        .hasMessageContaining("the proof of the job's secret is wrong");
    assertThatThrownBy(() -> worker(0, 2, SECRET).awaitMembership(WAIT))
        .hasMessageEndingWith("job job, generation 2 is not served"); // and not which one is
    assertThatThrownBy(() -> worker(5).awaitMembership(WAIT))
        .hasMessageContaining("rank must be less than the world size; got 5 of 1");
  }

  @Test
  void aDriverThatDoesNotKnowTheSecretIsLeft() throws Exception {
    try (var impostor = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var echo =
          new Thread(
              () -> {
                try (var socket = impostor.accept()) {
                  var out = new DataOutputStream(socket.getOutputStream());
                  var in = new DataInputStream(socket.getInputStream());
                  var hello = new byte[in.readInt()];
                  in.readFully(hello);
                  var theirs = Handshake.parseFrom(hello).getHello();
                  var challenge =
                      Challenge.newBuilder().setHello(theirs).setProof(theirs.getNonce());
                  send(out, Handshake.newBuilder().setChallenge(challenge).build());
                  in.read();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      echo.start();
      var address = new CoordinatorAddress("127.0.0.1", impostor.getLocalPort());
      var self = Register.newBuilder().setJobId("job").setGeneration(3).build();
      try (var client = new CoordinatorClient(address, SECRET, null, self, WAIT)) {
        assertThatThrownBy(() -> client.awaitMembership(WAIT))
            .hasMessageContaining(
                "coordinator: 127.0.0.1:" + address.port() + " does not know the job's secret");
      }
      echo.join(10_000);
    }
  }

  private static void send(DataOutputStream out, Handshake message) throws IOException {
    out.writeInt(message.getSerializedSize());
    out.write(message.toByteArray());
    out.flush();
  }

  @Test
  void progressHasADeadline() throws Exception {
    var generation = serve(2, Timeouts.defaults().withStep(Duration.ofMillis(300)), schedule(4, 0));
    var a = worker(0);
    var b = worker(1);
    a.send(ready(1));
    b.send(ready(1));
    a.awaitMembership(WAIT);
    a.send(report(0, 0, 1, 1));
    assertThat(outcome(generation).failure())
        .hasMessage(
            "train: step 0 must make progress within 300 ms (timeouts.step); "
                + "waited for rank 1 (executor e1, 10.0.0.1:4001, pid 101) (starting)");
  }

  private static ToDriver part(long done, String crc32c) {
    return ToDriver.newBuilder()
        .setPart(
            CheckpointPart.newBuilder()
                .setStep(done)
                .setAttempt("step-" + done)
                .setStateCrc32C(crc32c))
        .build();
  }

  /** Two workers through all steps of a training of one step, which ends with a checkpoint. */
  private List<CoordinatorClient> oneStep() throws InterruptedException {
    var both = List.of(worker(0), worker(1));
    for (var client : both) {
      client.send(ready(1));
    }
    for (var client : both) {
      assertThat(client.nextPlan(WAIT).getCheckpoint()).isEqualTo("step-1");
    }
    both.get(0).send(report(0, 0, 1, 1));
    both.get(1).send(report(0, 2, 1, 1));
    return both;
  }

  @Test
  void unequalWeightsFoundAfterTheLastCommitAreFatal() throws Exception {
    var finished = new CountDownLatch(1);
    onCommit = () -> await(finished);
    var generation = serve(2, Timeouts.defaults(), schedule(1, 1));
    var ranks = List.of(connection(new ArrayList<>()), connection(new ArrayList<>()));
    for (int rank = 0; rank < 2; rank++) {
      generation.register(Register.newBuilder().setRank(rank).build(), ranks.get(rank));
      generation.received(ranks.get(rank), ready(1));
    }
    for (int rank = 0; rank < 2; rank++) {
      generation.received(ranks.get(rank), report(0, 2 * rank, 1, 1));
      generation.received(ranks.get(rank), part(1, "00"));
      generation.received(ranks.get(rank), finished(1 + rank));
    }
    finished.countDown();
    var failure = outcome(generation).failure();
    assertThat(failure.category()).isEqualTo(BellowsException.Category.FATAL);
    assertThat(failure)
        .hasMessage(
            "train: weights at the end must be equal on all ranks; "
                + "rank 0 has sha256 01, rank 1 has 02");
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void statesThatDifferAreNotCommitted() throws Exception {
    var generation = serve(2, Timeouts.defaults(), schedule(1, 1));
    var both = oneStep();
    both.get(0).send(part(1, "0000000a"));
    both.get(1).send(part(1, "0000000b"));
    var failure = outcome(generation).failure();
    assertThat(failure.category()).isEqualTo(BellowsException.Category.FATAL);
    assertThat(failure)
        .hasMessage(
            "train: state after 1 steps must be equal on all ranks; rank 0 has crc32c 0000000a,"
                + " rank 1 has 0000000b");
    assertThat(commits).containsExactly("step-1 abandoned");
  }

  @Test
  void anAttemptThatIsNotWholeIsAbandoned() throws Exception {
    var generation = serve(2, Timeouts.defaults(), schedule(1, 1));
    var both = oneStep();
    both.get(0).send(part(1, "00"));
    both.get(1).send(failure(Category.USER, "no"));
    assertThat(outcome(generation).failure()).hasMessage("no");
    assertThat(commits).containsExactly("step-1 abandoned");
  }

  @Test
  void noRestartWhileACommitRuns() throws Exception {
    var end = new CountDownLatch(1);
    var begun = new CountDownLatch(1);
    onCommit =
        () -> {
          begun.countDown();
          await(end);
        };
    var generation =
        serve(2, Timeouts.defaults().withStep(Duration.ofMillis(2500)), schedule(1, 1));
    var both = oneStep();
    for (var client : both) {
      client.send(part(1, "00"));
    }
    await(begun);
    both.get(0).send(failure(Category.RETRYABLE, "disk"));
    var failure = outcome(generation).failure();
    end.countDown();
    assertThat(failure.category()).isEqualTo(BellowsException.Category.FATAL);
    assertThat(failure)
        .hasMessage(
            "checkpoint: a commit must end within 2500 ms (timeouts.step), before training can go"
                + " on; it still runs; before that: disk");
  }

  @Test
  void stepsWaitForCommitsThatAreSlow() throws Exception {
    var end = new CountDownLatch(1);
    onCommit = () -> await(end);
    var generation = serve(1, Timeouts.defaults(), schedule(9, 1));
    var a = worker(0);
    a.send(ready(1));
    for (long step = 0; step < CommitQueue.MAX_OPEN; step++) {
      assertThat(a.nextPlan(WAIT).getCheckpoint()).isEqualTo("step-" + (step + 1));
      a.send(report(step, 0, 1, 1, 1, 1));
      a.send(part(step + 1, "00"));
    }
    assertThatThrownBy(() -> a.nextPlan(Duration.ofMillis(200)))
        .hasMessageContaining("nothing came");
    end.countDown();
    for (long step = CommitQueue.MAX_OPEN; step < 9; step++) {
      assertThat(a.nextPlan(WAIT).getStep()).isEqualTo(step);
      a.send(report(step, 0, 1, 1, 1, 1));
      a.send(part(step + 1, "00"));
    }
    assertThat(a.nextPlan(WAIT).getStop()).isTrue();
    a.send(finished(1));
    assertThat(outcome(generation).failure()).isNull();
    assertThat(commits).hasSize(9).endsWith("step-9 of 1");
  }

  @Test
  void aCommitThatNeverEndsIsNamed() throws Exception {
    var end = new CountDownLatch(1);
    onCommit = () -> await(end);
    var generation = serve(1, Timeouts.defaults().withStep(Duration.ofMillis(600)), schedule(9, 1));
    var a = worker(0);
    a.send(ready(1));
    for (long step = 0; step < CommitQueue.MAX_OPEN; step++) {
      a.nextPlan(WAIT);
      a.send(report(step, 0, 1, 1, 1, 1));
      a.send(part(step + 1, "00"));
    }
    var failure = outcome(generation).failure();
    end.countDown();
    assertThat(failure)
        .hasMessageContaining(
            "train: step 4 must make progress within 600 ms (timeouts.step); waited for the commit"
                + " of checkpoint step-1");
  }

  @Test
  void aStateThatIsNotSavedIsToldAndTrainingGoesOn() throws Exception {
    var fail = new AtomicBoolean(true);
    onCommit =
        () -> {
          if (fail.compareAndSet(true, false)) {
            throw FaultyFileSystem.localDiskError("No space left on device");
          }
        };
    var generation = serve(2, Timeouts.defaults(), schedule(3, 1));
    var both = List.of(worker(0), worker(1));
    both.forEach(client -> client.send(ready(1)));
    for (long step = 0; step < 3; step++) {
      for (int rank = 0; rank < 2; rank++) {
        both.get(rank).nextPlan(WAIT);
        both.get(rank).send(report(step, 2 * rank, 1, 1));
        both.get(rank)
            .send(
                step == 1 && rank == 1
                    ? ToDriver.newBuilder()
                        .setFailure(
                            Failure.newBuilder()
                                .setStep(2)
                                .setAttempt("step-2")
                                .setMessage("part: no quota"))
                        .build()
                    : part(step + 1, "00"));
      }
    }
    for (var client : both) {
      assertThat(client.nextPlan(WAIT).getStop()).isTrue();
      client.send(finished(1));
    }
    assertThat(outcome(generation).failure()).isNull();
    assertThat(commits).containsExactly("step-1 abandoned", "step-2 abandoned", "step-3 of 2");
    assertThat(warnings).hasSize(2);
    assertThat(warnings.get(0))
        .startsWith("checkpoint: the state after 1 steps is not saved: No space left on device")
        .contains("training continues", "free space there");
    assertThat(warnings.get(1)).contains("after 2 steps is not saved: rank 1: part: no quota");
  }

  /** A step that ends with an evaluation and a regular checkpoint; the next plan. */
  private static Plan evaluated(CoordinatorClient worker, long step, double metric)
      throws InterruptedException {
    assertThat(worker.nextPlan(WAIT).getCheckpoint()).isEqualTo("step-" + (step + 1));
    worker.send(report(step, 0, 1, 1, 1, 1));
    worker.send(metric(step + 1, metric));
    worker.send(part(step + 1, "00"));
    return metric > 1 ? worker.nextPlan(WAIT) : null;
  }

  /** Stops early after 2 steps; the worker answers the checkpoint at the stop, if there is one. */
  private Outcome stoppedEarly(ToDriver answer) throws Exception {
    var fail = new AtomicBoolean(answer != null);
    onCommit =
        () -> {
          if (commits.contains("step-1 of 1") && fail.getAndSet(false)) {
            throw FaultyFileSystem.localDiskError("No space left on device");
          }
        };
    var rules = new MetricRules(Mode.MIN, 1, 0, true);
    var generation = serve(1, Timeouts.defaults(), new Schedule(9, 1, 1, true, null, rules));
    var worker = worker(0);
    worker.send(ready(1));
    evaluated(worker, 0, 1);
    var stop = evaluated(worker, 1, 2);
    assertThat(stop.getStop()).isTrue();
    assertThat(stop.getStep()).isEqualTo(2);
    assertThat(stop.getCheckpoint()).isEqualTo(answer == null ? "" : "step-2");
    if (answer != null) {
      worker.send(answer);
    }
    worker.send(finished(1));
    return outcome(generation);
  }

  @Test
  void anEarlyStopOnARegularCheckpointNeedsNoOther() throws Exception {
    assertThat(stoppedEarly(null).failure()).isNull();
    assertThat(commits).containsExactly("step-1 of 1", "step-2 of 1");
  }

  @Test
  void anEarlyStopIsSavedAgainWhereTheRegularCheckpointFailed() throws Exception {
    assertThat(stoppedEarly(part(2, "00")).failure()).isNull();
    assertThat(commits).containsExactly("step-1 of 1", "step-2 abandoned", "step-2 of 1");
    assertThat(warnings).singleElement().asString().contains("after 2 steps is not saved");
  }

  @Test
  void anEarlyStopThatCannotBeSavedIsAnError() throws Exception {
    var noPart = Failure.newBuilder().setStep(2).setAttempt("step-2").setMessage("part: no quota");
    assertThat(stoppedEarly(ToDriver.newBuilder().setFailure(noPart).build()).failure())
        .hasMessageStartingWith(
            "checkpoint: the state after the last step, 2, must be saved; 5 tries failed");
    assertThat(commits).containsExactly("step-1 of 1", "step-2 abandoned", "step-2 abandoned");
  }

  @Test
  void aLearningRateThatThrowsIsTheUsersMistake() throws Exception {
    var schedule =
        new Schedule(
            4,
            5,
            0,
            true,
            step -> {
              throw new ArithmeticException("/ by zero");
            },
            MetricRules.NONE);
    var generation = serve(1, Timeouts.defaults(), schedule);
    worker(0).send(ready(1));
    var failure = outcome(generation).failure();
    assertThat(failure.category()).isEqualTo(BellowsException.Category.USER);
    assertThat(failure)
        .hasMessageStartingWith(
            "learningRate: step 0: java.lang.ArithmeticException: / by zero; at ");
  }

  @Test
  void preparingMayTakeLongerThanTheRendezvous() throws Exception {
    var generation =
        serve(1, Timeouts.defaults().withRendezvous(Duration.ofMillis(200)), schedule(4, 0));
    var a = worker(0);
    assertThatThrownBy(() -> a.awaitMembership(Duration.ofMillis(600)))
        .hasMessageContaining("nothing came");
    assertThat(generation.outcome()).isNotDone();
    a.send(ready(1));
    assertThat(a.nextPlan(WAIT).getStep()).isZero();
  }

  @Test
  void aStrangerMayNotSendMuch() throws Exception {
    var generation = serve(1, Timeouts.defaults(), schedule(4, 0));
    try (var socket = new Socket("127.0.0.1", server.address().port())) {
      socket.setSoTimeout(5000);
      socket.getOutputStream().write(ByteBuffer.allocate(4).putInt(8 << 10).array());
      assertThat(socket.getInputStream().readAllBytes()).hasSizeLessThan(100); // and then the end
    }
    var a = worker(0);
    a.send(ready(1));
    a.awaitMembership(WAIT);
    a.send(failure(Category.USER, "x".repeat(9000)));
    assertThat(outcome(generation).failure()).hasMessage("x".repeat(9000));
  }
}
