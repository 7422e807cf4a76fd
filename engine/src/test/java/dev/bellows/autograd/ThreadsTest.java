package dev.bellows.autograd;

import static dev.bellows.nn.Functional.conv2d;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several threads run backward into what they share; all numbers are whole, so sums are exact. */
@Timeout(300)
class ThreadsTest {
  private static final int THREADS = 8;
  private static final int ROUNDS = 500;

  private interface Work {
    void run(int thread) throws Exception;
  }

  private static void onThreads(Work work) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    CyclicBarrier start = new CyclicBarrier(THREADS);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int thread = i;
        all.add(
            pool.submit(
                () -> {
                  start.await();
                  work.run(thread);
                  return null;
                }));
      }
      for (Future<?> each : all) {
        each.get(280, TimeUnit.SECONDS);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private static float[] filled(int n, float value) {
    float[] out = new float[n];
    java.util.Arrays.fill(out, value);
    return out;
  }

  @Test
  void sumsIntoOneLeafAreAllThere() throws Exception {
    Tensor leaf = Tensor.ones(100).setRequiresGrad(true);
    onThreads(
        thread -> {
          for (int i = 0; i < ROUNDS; i++) {
            try (TensorScope scope = TensorScope.open()) {
              leaf.mul(2).sum().backward();
            }
          }
        });
    assertThat(leaf.grad().toFloatArray()).isEqualTo(filled(100, 2f * THREADS * ROUNDS));
  }

  @Test
  void theFirstUsesOfALeafByAllThreadsAtOnceShareOneAccumulator() throws Exception {
    List<Tensor> leaves = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      leaves.add(Tensor.ones(3).setRequiresGrad(true));
    }
    CyclicBarrier together = new CyclicBarrier(THREADS);
    AtomicInteger calls = new AtomicInteger();
    onThreads(
        thread -> {
          for (Tensor leaf : leaves) {
            together.await();
            leaf.registerHook(
                g -> {
                  calls.incrementAndGet();
                  return g;
                });
          }
        });
    for (Tensor leaf : leaves) {
      leaf.sum().backward();
    }
    assertThat(calls).hasValue(THREADS * ROUNDS);
  }

  @Test
  void hooksMayComeAndGoWhileOthersRun() throws Exception {
    Tensor leaf = Tensor.ones(3).setRequiresGrad(true);
    Tensor middle = leaf.mul(2);
    onThreads(
        thread -> {
          for (int i = 0; i < 200; i++) {
            var handle = middle.registerHook(g -> g);
            var after = leaf.registerPostAccumulateGradHook(t -> {});
            middle.sum().backward(null, true, false);
            handle.remove();
            after.remove();
          }
        });
    assertThat(leaf.grad().toFloatArray()).isEqualTo(filled(3, 2f * THREADS * 200));
  }

  @Test
  void gradientsWithGraphsAreAllThere() throws Exception {
    Tensor leaf = Tensor.ones(10).setRequiresGrad(true);
    onThreads(
        thread -> {
          for (int i = 0; i < 50; i++) {
            leaf.mul(leaf).sum().backward(null, true, true);
          }
        });
    assertThat(leaf.grad().toFloatArray()).isEqualTo(filled(10, 2f * THREADS * 50));
  }

  @Test
  void aSharedPartOfTheGraphWithRetainedGradients() throws Exception {
    Tensor leaf = Tensor.ones(10).setRequiresGrad(true);
    Tensor middle = leaf.mul(3);
    middle.retainGrad();
    onThreads(
        thread -> {
          for (int i = 0; i < 100; i++) {
            middle.mul(2).sum().backward(null, true, false);
          }
        });
    assertThat(middle.grad().toFloatArray()).isEqualTo(filled(10, 2f * THREADS * 100));
    assertThat(leaf.grad().toFloatArray()).isEqualTo(filled(10, 6f * THREADS * 100));
  }

  @Test
  void gradientsOfNamedInputs() throws Exception {
    Tensor leaf = Tensor.ones(10).setRequiresGrad(true);
    Tensor middle = leaf.mul(3);
    onThreads(
        thread -> {
          for (int i = 0; i < 100; i++) {
            middle.mul(2).sum().backward(null, true, false, List.of(middle, leaf));
          }
        });
    assertThat(middle.grad().toFloatArray()).isEqualTo(filled(10, 2f * THREADS * 100));
    assertThat(leaf.grad().toFloatArray()).isEqualTo(filled(10, 6f * THREADS * 100));
  }

  @Test
  void postHooksSeeWholeSums() throws Exception {
    Tensor leaf = Tensor.ones(100).setRequiresGrad(true);
    AtomicInteger torn = new AtomicInteger();
    leaf.registerPostAccumulateGradHook(
        t -> {
          float[] g = t.grad().toFloatArray();
          for (float v : g) {
            torn.addAndGet(v == g[0] ? 0 : 1);
          }
        });
    onThreads(
        thread -> {
          for (int i = 0; i < 100; i++) {
            leaf.sum().backward();
          }
        });
    assertThat(torn).hasValue(0);
    assertThat(leaf.grad().toFloatArray()).isEqualTo(filled(100, THREADS * 100f));
  }

  @Test
  void aSharedModelOfConvolutions() throws Exception {
    Tensor weight = Tensor.ones(4, 2, 3, 3).setRequiresGrad(true);
    Tensor bias = Tensor.ones(4).setRequiresGrad(true);
    Tensor image = Tensor.ones(2, 2, 6, 6);
    onThreads(
        thread -> {
          for (int i = 0; i < 50; i++) {
            try (TensorScope scope = TensorScope.open()) {
              Tensor y = conv2d(image, weight, bias).relu();
              y.flatten(1).matmul(Tensor.ones(64, 1)).sum().backward();
            }
          }
        });
    assertThat(weight.grad().toFloatArray()).isEqualTo(filled(72, 32f * THREADS * 50));
    assertThat(bias.grad().toFloatArray()).isEqualTo(filled(4, 32f * THREADS * 50));
  }

  @Test
  void oneImageIsLaidOutOnceForAllReaders() throws Exception {
    for (int round = 0; round < 50; round++) {
      Tensor y = conv2d(Tensor.randn(2, 3, 8, 8), Tensor.randn(4, 3, 3, 3), null);
      float[] expected = y.toFloatArray();
      Tensor relu = y.relu();
      float[] positive = relu.toFloatArray();
      onThreads(
          thread -> {
            if (thread % 2 == 0) {
              assertThat(y.view(-1).toFloatArray()).isEqualTo(expected);
            } else {
              assertThat(y.relu().toFloatArray()).isEqualTo(positive);
            }
          });
    }
  }
}
