package dev.bellows.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.memory.DType;
import dev.bellows.memory.Storage;
import dev.bellows.nn.Functional;
import dev.bellows.nn.Parameter;
import dev.bellows.optim.SGD;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.PoolUse;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * When memory goes back: scopes, close(), the garbage collector, and what backward frees itself.
 */
@Timeout(120)
class LifetimeTest {
  private static final long N = 1024;
  private static final long BYTES = 8 * N;

  private static Tensor leaf() {
    return Tensor.ones(DType.FLOAT64, N).setRequiresGrad(true);
  }

  private static Tensor labels() {
    return Tensor.of(new long[] {0, 1, 2, 3, 0, 1, 2, 3});
  }

  // ---- nothing grows

  @Test
  void aThousandStepsInAScopeUseNoMoreThanOne() {
    Generator random = new Generator(1);
    Parameter w = Parameter.of(Tensor.randn(random, DType.FLOAT32, 4, 64));
    Parameter b = Parameter.of(Tensor.zeros(4));
    SGD optimizer = new SGD(List.of(w, b), 0.1, 0.9);
    Tensor x = Tensor.randn(random, DType.FLOAT32, 8, 64);
    Tensor y = labels();
    long after = 0;
    for (int step = 0; step < 1000; step++) {
      try (TensorScope scope = TensorScope.open()) {
        optimizer.zeroGrad();
        Functional.crossEntropy(Functional.linear(x.mul(1), w, b).relu(), y).backward();
        optimizer.step();
      }
      if (step == 2) {
        after = PoolUse.settled();
      }
      if (step > 2) {
        assertThat(PoolUse.now()).as("bytes in use after step %d", step).isLessThanOrEqualTo(after);
      }
    }
  }

  @Test
  void aThousandClosedTensorsUseNoMoreThanOne() {
    long start = PoolUse.settled();
    for (int i = 0; i < 1000; i++) {
      try (Tensor a = Tensor.ones(N);
          Tensor b = a.mul(2);
          Tensor view = b.view(2, N / 2);
          Tensor c = view.sum()) {
        assertThat(c.item()).isEqualTo(2 * N);
      }
      assertThat(PoolUse.now()).isLessThanOrEqualTo(start);
    }
  }

  @Test
  void unreachableTensorsAreFound() {
    long start = PoolUse.settled();
    for (int step = 0; step < 1000; step++) {
      Tensor x = leaf();
      x.mul(x).exp().sum().backward();
      assertThat(x.grad().isReleased()).isFalse();
      if (step % 250 == 249) {
        x = null;
        assertThat(PoolUse.settled()).as("after step %d", step).isLessThanOrEqualTo(start);
      }
    }
  }

  @Test
  void whatBackwardMakesOnTheWayGoesAtOnce() {
    Tensor x = leaf();
    Tensor y = x;
    List<Tensor> layers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      y = y.mul(1.01);
      layers.add(y);
    }
    Tensor loss = y.sum();
    long before = PoolUse.settled();
    loss.backward();
    // The leaf's gradient and the implicit gradient of the loss; the loop's own are gone.
    assertThat(PoolUse.now() - before).isLessThanOrEqualTo(BYTES + 512);
    assertThat(layers).hasSize(50);
  }

  @Test
  void savedTensorsAreFreedByBackward() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor x = leaf();
      long before = PoolUse.settled();
      Tensor loss;
      try (Tensor a = x.exp();
          Tensor b = a.sin();
          Tensor c = b.tanh()) {
        loss = c.sum();
      }
      // exp keeps its result, sin its input (the same memory), tanh its result.
      assertThat(PoolUse.now() - before).isBetween(2 * BYTES, 2 * BYTES + 1024);
      loss.backward();
      assertThat(PoolUse.now() - before).isBetween(BYTES, BYTES + 1024);
      x.setGrad(null);
    }
  }

  @Test
  void retainGraphKeepsSavedTensors() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor x = leaf();
      long before = PoolUse.settled();
      Tensor loss;
      try (Tensor a = x.exp()) {
        loss = a.sum();
      }
      loss.backward(null, true, false);
      assertThat(PoolUse.now() - before).isBetween(2 * BYTES, 2 * BYTES + 1024);
      loss.backward();
      assertThat(PoolUse.now() - before).isBetween(BYTES, BYTES + 1024);
    }
  }

  @Test
  void replacedGradientsAreNotLost() {
    long start = PoolUse.settled();
    for (int i = 0; i < 20; i++) {
      try (TensorScope scope = TensorScope.open()) {
        Tensor x = leaf();
        Tensor y = x.mul(2);
        y.registerHook(g -> g.mul(3));
        y.exp().sum().backward();
        x.setGrad(null);
      }
    }
    assertThat(PoolUse.settled()).isLessThanOrEqualTo(start);
  }

  @Test
  void aFailedBackwardLosesNothing() {
    long start = PoolUse.settled();
    for (int i = 0; i < 20; i++) {
      try (TensorScope scope = TensorScope.open()) {
        Tensor x = leaf();
        Tensor y = x.mul(2);
        Tensor z = y.exp();
        y.registerHook(
            g -> {
              throw new ArithmeticException("boom");
            });
        assertThatThrownBy(() -> z.sin().sum().backward()).hasMessage("boom");
      }
    }
    assertThat(PoolUse.settled()).isLessThanOrEqualTo(start);
  }

  // ---- scopes

  @Test
  void aScopeReleasesWhatWasMadeInside() {
    Tensor inside;
    Tensor kept;
    Tensor before = Tensor.ones(2);
    try (TensorScope scope = TensorScope.open()) {
      inside = before.add(1);
      kept = before.add(2).retain();
      assertThat(inside.isReleased()).isFalse();
    }
    assertThat(before.isReleased()).isFalse();
    assertThat(kept.toDoubleArray()).containsExactly(3, 3);
    assertThat(inside.isReleased()).isTrue();
    assertThatThrownBy(inside::toDoubleArray)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "tensor: must not be used after its release (close(), or the end of its TensorScope;"
                + " retain() keeps it longer); got FLOAT32[2]");
    assertThatThrownBy(() -> before.add(inside)).hasMessageContaining("after its release");
    assertThatThrownBy(inside::retain).hasMessageContaining("after its release");
    assertThat(inside.toString()).isEqualTo("tensor(released, dtype=FLOAT32, shape=[2])");
    kept.close();
  }

  @Test
  void aViewOutlivesItsBase() {
    Tensor view;
    try (TensorScope scope = TensorScope.open()) {
      view = Tensor.of(new double[] {1, 2, 3}).narrow(0, 1, 2).retain();
    }
    assertThat(view.toDoubleArray()).containsExactly(2, 3);
    Storage storage = view.storage();
    assertThat(storage.isLive()).isTrue();
    view.close();
    view.close();
    assertThat(storage.isLive()).isFalse();
  }

  @Test
  void scopesNest() {
    try (TensorScope outer = TensorScope.open()) {
      Tensor a = Tensor.ones(1);
      Tensor b;
      try (TensorScope inner = TensorScope.open()) {
        b = a.add(1);
      }
      assertThat(b.isReleased()).isTrue();
      assertThat(a.isReleased()).isFalse();
      Tensor c = a.add(1);
      assertThat(c.item()).isEqualTo(2);
    }
  }

  @Test
  void scopesCloseFromTheInside() throws InterruptedException {
    TensorScope outer = TensorScope.open();
    TensorScope inner = TensorScope.open();
    assertThatThrownBy(outer::close)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "TensorScope.close: the innermost scope must be closed first, by the thread that opened"
                + " it");
    Throwable[] thrown = new Throwable[1];
    Thread other =
        new Thread(
            () -> {
              try {
                inner.close();
              } catch (IllegalStateException e) {
                thrown[0] = e;
              }
            });
    other.start();
    other.join();
    assertThat(thrown[0]).hasMessageContaining("by the thread that opened it");
    inner.close();
    inner.close();
    outer.close();
  }

  @Test
  void aScopeEndsWithAnException() {
    Tensor[] made = new Tensor[1];
    assertThatThrownBy(
            () -> {
              try (TensorScope scope = TensorScope.open()) {
                made[0] = Tensor.ones(1);
                throw new ArithmeticException("x");
              }
            })
        .hasMessage("x");
    assertThat(made[0].isReleased()).isTrue();
  }

  @Test
  void leafGradientsOutliveTheirScopeAndGoWithTheNextOne() {
    Parameter w = Parameter.of(Tensor.ones(DType.FLOAT64, N));
    SGD optimizer = new SGD(List.of(w), 0.1);
    long before = PoolUse.settled();
    try (TensorScope scope = TensorScope.open()) {
      w.mul(2).sum().backward();
    }
    Tensor first = w.grad();
    assertThat(first.toDoubleArray()).containsOnly(2);
    assertThat(PoolUse.now() - before).isEqualTo(BYTES);
    try (TensorScope scope = TensorScope.open()) {
      optimizer.zeroGrad();
      assertThat(w.grad()).isNull();
      assertThat(first.isReleased()).isFalse();
    }
    assertThat(first.isReleased()).isTrue();
    assertThat(PoolUse.now() - before).isLessThanOrEqualTo(0);
  }

  @Test
  void aGradientThatSomebodyRetainedStays() {
    Parameter w = Parameter.of(Tensor.ones(DType.FLOAT64, 2));
    Tensor kept;
    try (TensorScope scope = TensorScope.open()) {
      w.mul(2).sum().backward();
      kept = w.grad().retain();
      w.setGrad(null);
    }
    assertThat(kept.toDoubleArray()).containsExactly(2, 2);
    kept.close();
  }

  @Test
  void backwardAfterTheScopeSaysSo() {
    Tensor x = leaf();
    Tensor loss;
    try (TensorScope scope = TensorScope.open()) {
      loss = x.exp().sum().retain();
    }
    assertThatThrownBy(loss::backward)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "backward: saved tensors must be live; those of ExpBackward were released with the"
                + " TensorScope they were made in. Call backward() inside it.");
  }

  @Test
  void parametersAndOptimizerStateOutliveTheScopeTheyWereMadeIn() {
    Parameter w;
    SGD optimizer;
    try (TensorScope scope = TensorScope.open()) {
      w = Parameter.of(Tensor.ones(DType.FLOAT64, 2));
      optimizer = new SGD(List.of(w), 1, 0.5);
      w.sum().backward();
      optimizer.step();
    }
    try (TensorScope scope = TensorScope.open()) {
      optimizer.zeroGrad();
      w.sum().backward();
      optimizer.step();
    }
    // 1 − 1 − (1 + ½)
    assertThat(w.toDoubleArray()).containsExactly(-1.5, -1.5);
  }

  @Test
  void resultsOfGradAndHooksBelongToTheOpenScope() {
    Tensor x = leaf();
    long before = PoolUse.settled();
    Tensor[] seen = new Tensor[1];
    try (TensorScope scope = TensorScope.open()) {
      Tensor y = x.mul(2);
      y.registerHook(
          g -> {
            seen[0] = g;
            return null;
          });
      Tensor grad = Autograd.grad(List.of(y.exp().sum()), List.of(x), null, false, false, false)[0];
      assertThat(grad.isReleased()).isFalse();
      assertThat(seen[0].isReleased()).isFalse();
    }
    assertThat(seen[0].isReleased()).isTrue();
    assertThat(PoolUse.now()).isLessThanOrEqualTo(before);
  }
}
