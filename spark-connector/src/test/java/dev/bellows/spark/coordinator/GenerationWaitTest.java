package dev.bellows.spark.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.bellows.proto.coordinator.Heartbeat;
import dev.bellows.proto.coordinator.Ready;
import dev.bellows.proto.coordinator.Register;
import dev.bellows.proto.coordinator.ToDriver;
import dev.bellows.proto.coordinator.ToWorker;
import dev.bellows.spark.Evaluations;
import dev.bellows.spark.MetricRules;
import dev.bellows.spark.Timeouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests the messages of a generation while it waits, with a simulated clock. */
class GenerationWaitTest {
  private static final class Silent implements Connection {
    @Override
    public void send(ToWorker message) {}

    @Override
    public void close() {}
  }

  private final List<Connection> connections = List.of(new Silent(), new Silent());
  private final List<String> said = new ArrayList<>();
  private long now = System.nanoTime();
  private final Generation generation =
      new Generation(
          new Generation.Settings(
              "job", 0, 2, 1, true, 2, 0, "", Evaluations.none(null), 3, Timeouts.defaults()),
          new Schedule(10, 5, 0, false, null, MetricRules.NONE),
          null,
          null,
          new GenerationListener() {
            @Override
            public void step(StepSummary summary) {}

            @Override
            public void evaluated(long stepsDone, double metric) {}

            @Override
            public void warned(String message) {
              said.add(message);
            }
          },
          () -> now,
          Runnable::run);

  /** Both ranks are alive for so long. */
  private void pass(int seconds, String phase) {
    for (int i = 0; i < seconds; i++) {
      now += Duration.ofSeconds(1).toNanos();
      for (int rank = 0; rank < 2; rank++) {
        generation.received(connections.get(rank), beat(phase));
      }
      generation.tick();
    }
  }

  private static ToDriver beat(String phase) {
    return ToDriver.newBuilder().setHeartbeat(Heartbeat.newBuilder().setPhase(phase)).build();
  }

  private void register(int rank) {
    var self =
        Register.newBuilder().setRank(rank).setHost("h").setPort(4).setPid(7).setExecutorId("e");
    assertThat(generation.register(self.build(), connections.get(rank))).isNull();
  }

  private void ready(int rank) {
    var ready = Ready.newBuilder().setWeightsSha256(ByteString.copyFromUtf8("w"));
    generation.received(connections.get(rank), ToDriver.newBuilder().setReady(ready).build());
  }

  @Test
  void everyWaitSaysWhatForAndHowLong() {
    generation.describeTasks(() -> "1 of 2 tasks have started");
    pass(4, "");
    assertThat(said).isEmpty();
    pass(9, "");
    assertThat(said).hasSize(2);
    assertThat(said.get(0))
        .matches(
            "rendezvous: waiting for all workers to register; 0 of 2 came; 1 of 2 tasks have"
                + " started; waited 5 s, for at most 11\\d s more \\(timeouts\\.rendezvous\\)");
    register(0);
    pass(15, "preparing");
    assertThat(said.get(2))
        .contains("1 of 2 came: rank 0 (executor e, h:4, pid 7); 1 of 2 tasks have started");

    said.clear();
    register(1);
    ready(0);
    pass(6, "preparing");
    assertThat(said).isNotEmpty();
    assertThat(said.get(0))
        .matches(
            "train: step 0: waited for rank 1 \\(executor e, h:4, pid 7\\) \\(preparing\\); waited"
                + " \\d+ s, for at most \\d+ s more \\(timeouts\\.step\\)");

    said.clear();
    ready(1);
    pass(60, "training");
    assertThat(said).isNotEmpty();
    assertThat(said.get(0))
        .matches("train: step 0: waited for rank 0 .*\\(training\\), rank 1 .*\\(training\\); .*");
  }

  @Test
  void onlyASilentExecutorIsSilent() {
    register(0);
    register(1);
    ready(0);
    ready(1);
    pass(3, "training");
    assertThat(generation.silentExecutors()).isEmpty();
    for (int i = 0; i < 6; i++) {
      now += Duration.ofSeconds(1).toNanos();
      generation.received(connections.get(0), beat("training"));
      generation.tick();
    }
    assertThat(generation.silentExecutors()).containsExactly("e");
  }
}
