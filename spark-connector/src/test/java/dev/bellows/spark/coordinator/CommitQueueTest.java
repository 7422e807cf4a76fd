package dev.bellows.spark.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.proto.coordinator.CheckpointPart;
import dev.bellows.proto.coordinator.Register;
import dev.bellows.spark.BellowsException;
import dev.bellows.spark.Evaluations;
import dev.bellows.spark.LogCapture;
import dev.bellows.spark.checkpoint.CheckpointAttempts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class CommitQueueTest {
  private final ArrayDeque<Runnable> storage = new ArrayDeque<>();
  private boolean jobEnded;

  private void execute(Runnable work) {
    if (jobEnded) {
      throw new RejectedExecutionException("closed");
    }
    storage.add(work);
  }

  private void fail(
      long done, String attempt, List<CheckpointPart> parts, Evaluations evaluations) {
    throw new UncheckedIOException(new IOException("the disk is gone"));
  }

  @Test
  void aCommitThatFailsAfterTheEndOfTheJobIsLoggedWithItsCause() {
    var queue =
        new CommitQueue(
            new Attempts(),
            this::fail,
            () -> Evaluations.none(null),
            () -> 0L,
            this::execute,
            new Results());
    var rank = new Member(Register.getDefaultInstance(), null, false, 0);
    var name = queue.begin(1, true, List.of(rank));
    queue.part(rank, CheckpointPart.newBuilder().setAttempt(name).build());
    queue.close();
    jobEnded = true;
    try (var log = new LogCapture(CommitQueue.class.getName())) {
      storage.remove().run();
      assertThat(log.lines()).containsExactly("ERROR step-1 is not committed: the disk is gone\n");
    }
    assertThat(queue.isIdle()).isTrue();
  }

  private static final class Attempts implements CheckpointAttempts {
    @Override
    public String begin(long done) {
      return "step-" + done;
    }

    @Override
    public void abandon(String attempt) {}
  }

  private static final class Results implements CommitQueue.Listener {
    @Override
    public void locked(Runnable event) {
      event.run();
    }

    @Override
    public void ended(BellowsException failure) {}

    @Override
    public void notSaved(String warning) {}
  }
}
