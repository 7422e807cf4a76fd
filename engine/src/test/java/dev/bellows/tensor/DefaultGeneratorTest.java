package dev.bellows.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.autograd.Checkpoint;
import dev.bellows.nn.Functional;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One default generator for a process, and one of their own for threads that were given one. */
@Timeout(120)
class DefaultGeneratorTest {
  private static <T> FutureTask<T> start(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  private static <T> T onNewThread(Callable<T> work) throws Exception {
    return start(work).get(100, TimeUnit.SECONDS);
  }

  @Test
  void newThreadsDrawDifferentNumbers() throws Exception {
    Set<Float> all = new HashSet<>();
    List<FutureTask<float[]>> tasks = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      tasks.add(
          start(
              () -> {
                float[] drawn = new float[100];
                for (int k = 0; k < drawn.length; k++) {
                  drawn[k] = (float) Tensor.randn(1).item();
                }
                return drawn;
              }));
    }
    for (FutureTask<float[]> task : tasks) {
      for (float f : task.get(100, TimeUnit.SECONDS)) {
        all.add(f);
      }
    }
    assertThat(all).hasSizeGreaterThan(790); // floats may agree by chance
  }

  @Test
  void aSeedReachesOtherThreads() throws Exception {
    Tensor.manualSeed(7);
    float[] here = Tensor.randn(5).toFloatArray();
    Tensor.manualSeed(7);
    assertThat(onNewThread(() -> Tensor.randn(5).toFloatArray())).isEqualTo(here);
    onNewThread(
        () -> {
          Tensor.manualSeed(7);
          return null;
        });
    assertThat(Tensor.randn(5).toFloatArray()).isEqualTo(here);
  }

  @Test
  void aSeedReachesGeneratorsThatWereReadBefore() {
    Generator before = Generator.current();
    Tensor.manualSeed(11);
    assertThat(before).isSameAs(Generator.current());
    assertThat(before.seed()).isEqualTo(11);
    assertThat(before.state()).isZero();
  }

  @Test
  void ranksDrawFromTheirOwn() throws Exception {
    Tensor.manualSeed(1);
    float[] expected =
        Tensor.rand(new Generator(5), dev.bellows.memory.DType.FLOAT32, 4).toFloatArray();
    Callable<float[]> rank =
        () -> {
          Generator outer = Generator.setCurrent(new Generator(3));
          try {
            Tensor.manualSeed(5); // its own, not the process's
            return Tensor.rand(4).toFloatArray();
          } finally {
            Generator.setCurrent(outer);
          }
        };
    assertThat(onNewThread(rank)).isEqualTo(expected);
    assertThat(rank.call()).isEqualTo(expected);
    assertThat(Generator.current().seed()).isEqualTo(1);
    assertThat(Generator.current().state()).isZero();
    Tensor.manualSeed(2); // the process's again
    assertThat((long) onNewThread(() -> Generator.current().seed())).isEqualTo(2);
  }

  @Test
  void aCopyDrawsTheSame() {
    Generator one = new Generator(9);
    one.nextKey();
    Generator two = one.copy();
    assertThat(two.nextKey()).isEqualTo(one.nextKey());
    assertThat(Generator.at(1, 2, 3).copy().nextKey()).isEqualTo(Generator.at(1, 2, 3).nextKey());
  }

  @Test
  void checkpointsRecomputeWithoutTurningOthersBack() {
    Tensor.manualSeed(3);
    Tensor x = Tensor.ones(1000).setRequiresGrad(true);
    Tensor y = Checkpoint.run(t -> Functional.dropout(t.mul(1.0), 0.5, true).mul(t), x);
    Tensor.randn(3);
    long state = Generator.current().state();
    y.sum().backward();
    assertThat(Generator.current().state()).isEqualTo(state);
    assertThat(x.grad().toFloatArray()).isEqualTo(y.mul(2.0).toFloatArray());
  }
}
