package dev.bellows.spark.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.bellows.proto.coordinator.Broken;
import dev.bellows.proto.coordinator.Category;
import dev.bellows.proto.coordinator.CheckpointPart;
import dev.bellows.proto.coordinator.Evaluated;
import dev.bellows.proto.coordinator.Failure;
import dev.bellows.proto.coordinator.Finished;
import dev.bellows.proto.coordinator.Heartbeat;
import dev.bellows.proto.coordinator.Joined;
import dev.bellows.proto.coordinator.Membership;
import dev.bellows.proto.coordinator.Paused;
import dev.bellows.proto.coordinator.Plan;
import dev.bellows.proto.coordinator.Ready;
import dev.bellows.proto.coordinator.Register;
import dev.bellows.proto.coordinator.Regroup;
import dev.bellows.proto.coordinator.Release;
import dev.bellows.proto.coordinator.Report;
import dev.bellows.proto.coordinator.ToDriver;
import dev.bellows.proto.coordinator.ToWorker;
import dev.bellows.spark.BellowsException;
import dev.bellows.spark.Evaluations;
import dev.bellows.spark.MetricRules;
import dev.bellows.spark.Timeouts;
import dev.bellows.spark.checkpoint.CheckpointAttempts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The states of a generation: their documented transitions are those of the code, and all occur.
 */
@Timeout(60)
class GenerationStatesTest {
  private static final Path SOURCE =
      Path.of("src/main/java/dev/bellows/spark/coordinator/Generation.java");
  private static final Pattern ROW = Pattern.compile(" \\* ([A-Z]+) +→ ([A-Z]+) +\\S.*");
  private static final long SEED = Long.getLong("test.seed", 15);
  private static final String LOGGER = Generation.class.getPackageName();
  private static final int WALKS = 1_000;

  /** Failures are what the walks are about: their stacks would fill the log. */
  @BeforeAll
  static void silence() {
    Configurator.setLevel(LOGGER, Level.OFF);
  }

  @AfterAll
  static void speak() {
    Configurator.setLevel(LOGGER, (Level) null);
  }

  private static Set<String> documented() throws IOException {
    var rows = new TreeSet<String>();
    for (var line : Files.readAllLines(SOURCE)) {
      var row = ROW.matcher(line);
      if (row.matches()) {
        assertThat(rows.add(row.group(1) + " → " + row.group(2))).as(line).isTrue();
      }
    }
    return rows;
  }

  @Test
  void theDocumentedTransitionsAreThoseAllowed() throws IOException {
    var allowed = new TreeSet<String>();
    for (var phase : Phase.values()) {
      phase.next().forEach(next -> allowed.add(phase + " → " + next));
    }
    assertThat(documented()).isEqualTo(allowed);
  }

  /** Random walks of one seeded thread on virtual time, network and storage. */
  @Test
  void eachDocumentedTransitionOccurs() throws IOException {
    System.out.println("GenerationStatesTest: -Dtest.seed=" + SEED);
    var seen = new TreeSet<String>();
    for (int i = 0; i < WALKS; i++) {
      new Walk(new Random(SEED * WALKS + i), seen).run();
    }
    assertThat(seen).isEqualTo(documented());
  }

  /** One generation of up to three ranks, whose workers, storage and clock are played here. */
  private static final class Walk {
    private static final int STEPS = 4;
    private static final int MOST_TROUBLE = 8;

    private final Random random;
    private final ArrayDeque<Runnable> storage = new ArrayDeque<>();
    private final List<Worker> workers = new ArrayList<>();
    private final Map<Integer, Group> groups = new HashMap<>();
    private final Told told = new Told();
    private final Generation generation;
    private final int trouble;
    private int troubles;
    private long now;

    Walk(Random random, Set<String> seen) {
      this.random = random;
      this.now = random.nextLong(); // nanoTime may start anywhere, and overflow
      this.trouble = random.nextInt(3);
      var worldSize = 1 + random.nextInt(3);
      var timeouts = Timeouts.defaults().withRendezvous(Duration.ofSeconds(20));
      this.generation =
          new Generation(
              new Generation.Settings(
                  "job",
                  0,
                  worldSize,
                  1,
                  random.nextInt(5) == 0,
                  4,
                  0,
                  "",
                  Evaluations.none(null),
                  2,
                  timeouts),
              new Schedule(
                  STEPS, 2, random.nextInt(2), random.nextBoolean(), null, MetricRules.NONE),
              new Storage(),
              this::commit,
              told,
              () -> now,
              storage::add);
      generation.observe((from, to) -> seen.add(from + " → " + to));
      groups.put(0, new Group(worldSize));
      for (int rank = 0; rank < worldSize; rank++) {
        workers.add(new Worker(rank));
      }
    }

    void run() {
      for (int event = 0; event < 4_000 && !generation.outcome().isDone(); event++) {
        one();
      }
      assertThat(generation.outcome()).isDone();
      var outcome = generation.outcome().join();
      if (outcome.failure() == null) {
        assertThat(told.steps).as("steps, each once").isEqualTo(STEPS);
      }
      for (var worker : workers) {
        if (worker.registered && worker.connected) {
          assertThat(worker.release).isNotNull();
          if (worker.release.getCategory() != Category.NONE && !worker.failed) {
            assertThat(outcome.failure()).isNotNull();
          }
        }
      }
      while (!storage.isEmpty()) {
        storage.poll().run();
      }
    }

    private void one() {
      var worker = workers.get(random.nextInt(workers.size()));
      if (trouble > 0 && troubles < MOST_TROUBLE && random.nextInt(trouble == 1 ? 60 : 15) == 0) {
        troubles++;
        trouble(worker);
      } else if (random.nextInt(4) == 0) {
        pass(random.nextInt(600));
      } else if (!storage.isEmpty() && random.nextInt(4) == 0) {
        storage.poll().run();
      } else {
        worker.act();
      }
    }

    private void trouble(Worker worker) {
      switch (random.nextInt(10)) {
        case 0 -> worker.fail(Category.RETRYABLE, "disk failed");
        case 1 -> worker.fail(Category.USER, "bad label");
        case 2 -> generation.fail(BellowsException.user("cancelled"));
        case 3 -> worker.fail(Category.NONE, "disk full");
        case 4 -> worker.silent = true;
        case 5 -> worker.breakGroup();
        default -> worker.disconnect();
      }
    }

    /** Lets time pass as the server does, with signs of life. */
    private void pass(int millis) {
      for (int each = 0; each < millis; each += 50) {
        now += 50_000_000;
        for (var worker : workers) {
          if (worker.registered && worker.connected && !worker.silent) {
            worker.send(ToDriver.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance()));
          }
        }
        generation.tick();
      }
    }

    private void commit(
        long done, String attempt, List<CheckpointPart> parts, Evaluations evaluations) {
      assertThat(parts).doesNotContainNull().isNotEmpty();
      assertThat(parts).extracting(CheckpointPart::getStep).containsOnly(done);
      if (trouble > 0 && random.nextInt(6) == 0) {
        throw new UncheckedIOException(new IOException("no space left on device"));
      }
    }

    private static final class Storage implements CheckpointAttempts {
      private int attempts;

      @Override
      public String begin(long done) {
        return "step-" + done + "-" + ++attempts;
      }

      @Override
      public void abandon(String attempt) {}
    }

    /** The connections between the ranks of a group: a step ends when all have brought theirs. */
    private static final class Group {
      private final int worldSize;
      private final Map<Long, Set<Integer>> brought = new HashMap<>();
      private boolean broken;

      Group(int worldSize) {
        this.worldSize = worldSize;
      }

      boolean bring(long step, int rank) {
        brought.computeIfAbsent(step, s -> new TreeSet<>()).add(rank);
        return brought.get(step).size() == worldSize;
      }
    }

    private final class Worker implements Connection {
      private final int slot;
      private final ArrayDeque<Plan> plans = new ArrayDeque<>();
      private int rank;
      private int epoch;
      private boolean registered;
      private boolean connected = true;
      private boolean silent;
      private boolean isReady;
      private boolean inGroup;
      private boolean failed;
      private Regroup order;
      private Membership membership;
      private Release release;
      private long done; // number of steps of its state
      private String saving = "";

      Worker(int slot) {
        this.slot = slot;
        this.rank = slot;
      }

      void act() {
        if (!connected || release != null || silent) {
          return;
        }
        if (!registered) {
          registered =
              generation.register(Register.newBuilder().setRank(slot).build(), this) == null;
          connected = registered;
          done = generation.isLate(this) ? -1 : 0;
        } else if (!isReady) {
          isReady = true;
          send(ToDriver.newBuilder().setReady(Ready.newBuilder().setWeightsSha256(weights())));
        } else if (order != null) {
          pause();
        } else if (membership != null) {
          join();
        } else if (!plans.isEmpty()) {
          obey(plans.peek());
        }
      }

      private void pause() {
        epoch = order.getGeneration();
        rank = order.getRank();
        groups.putIfAbsent(epoch, new Group(order.getWorldSize()));
        order = null;
        send(
            ToDriver.newBuilder()
                .setPaused(
                    Paused.newBuilder().setGeneration(epoch).setSteps(done).setSaving(saving)));
      }

      private void join() {
        var start = membership.getStartStep();
        assertThat(membership.getMembers(rank).getHasState()).isEqualTo(done == start);
        assertThat(done).as("at most a step behind").isIn(-1L, start - 1, start);
        assertThat(membership.getMembersList()).anyMatch(m -> m.getHasState());
        done = start;
        membership = null;
        inGroup = true;
        send(
            ToDriver.newBuilder()
                .setJoined(
                    Joined.newBuilder().setGeneration(epoch).setStateCrc32C("after " + done)));
      }

      private ByteString weights() {
        return ByteString.copyFromUtf8(trouble > 1 && random.nextInt(50) == 0 ? "other" : "w");
      }

      private void obey(Plan plan) {
        if (plan.getStop()) {
          plans.clear();
          send(
              ToDriver.newBuilder().setFinished(Finished.newBuilder().setWeightsSha256(weights())));
          return;
        }
        if (!plan.getIsDone()) {
          assertThat(plan.getStep()).as("the next step").isEqualTo(done);
          var group = groups.get(epoch);
          if (group.broken || !group.bring(done, rank)) {
            return;
          }
        }
        plans.remove();
        if (!plan.getIsDone()) {
          done++;
          send(ToDriver.newBuilder().setReport(Report.newBuilder().setStep(plan.getStep())));
        }
        if (plan.getEvaluate() && order == null) {
          send(ToDriver.newBuilder().setEvaluated(Evaluated.newBuilder().setSteps(done)));
        }
        if (!plan.getCheckpoint().isEmpty()) {
          saving = plan.getCheckpoint();
          send(
              ToDriver.newBuilder()
                  .setPart(
                      CheckpointPart.newBuilder().setAttempt(plan.getCheckpoint()).setStep(done)));
        }
      }

      void fail(Category category, String message) {
        if (registered && connected) {
          failed = true;
          var failure = Failure.newBuilder().setCategory(category).setMessage(message);
          send(ToDriver.newBuilder().setFailure(failure.setStep(random.nextInt(STEPS))));
        }
      }

      void breakGroup() {
        if (registered && connected && inGroup && order == null) {
          groups.get(epoch).broken = true;
          send(ToDriver.newBuilder().setBroken(Broken.newBuilder().setGeneration(epoch)));
        }
      }

      void disconnect() {
        if (registered && connected) {
          connected = false;
          generation.disconnected(this, "connection closed");
          if (random.nextBoolean()) {
            workers.add(new Worker(slot)); // Spark starts the task again
          }
        }
      }

      void send(ToDriver.Builder message) {
        generation.received(this, message.build());
      }

      @Override
      public void send(ToWorker message) {
        plans.addAll(message.getPlans().getPlansList());
        if (message.hasRegroup()) {
          plans.clear();
          membership = null;
          inGroup = false;
          order = message.getRegroup();
        }
        if (message.hasMembership()) {
          inGroup = message.getMembership().getGeneration() == 0; // which all enter at once
          membership = inGroup ? null : message.getMembership();
        }
        connected &= !message.hasRefusal();
        if (message.hasRelease()) {
          assertThat(release).as("one release").isNull();
          release = message.getRelease();
        }
      }

      @Override
      public void close() {}
    }

    private static final class Told implements GenerationListener {
      private long steps;

      @Override
      public void step(StepSummary summary) {
        assertThat(summary.step()).isEqualTo(steps++);
      }

      @Override
      public void evaluated(long stepsDone, double metric) {
        assertThat(stepsDone).isLessThanOrEqualTo(steps);
      }
    }
  }
}
