package dev.bellows.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.KernelGraph;
import dev.bellows.backend.RandomKey;
import dev.bellows.backend.RandomKind;
import dev.bellows.backend.Transfer;
import dev.bellows.memory.DType;
import dev.bellows.memory.Memory;
import dev.bellows.memory.Storage;
import dev.bellows.memory.Strided;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CapturedGraphTest {
  private static final int N = 1000;
  private EmulatedDriver driver;
  private CudaKernels kernels;
  private Strided x;
  private Strided out;

  @BeforeEach
  void open() {
    assumeTrue(EmulatedCuda.missing() == null, () -> "no emulation: " + EmulatedCuda.missing());
    driver = new EmulatedDriver(64 << 20, 11);
    kernels = new CudaKernels(driver, 0, EmulatedCuda.CACHE);
    x = device();
    out = device();
    kernels.fill(x, 1);
    kernels.fill(out, 0);
  }

  @AfterEach
  void close() {
    if (driver != null) {
      driver.close();
    }
  }

  private Strided device() {
    return array(Storage.allocate(kernels.memory(), 4 * N));
  }

  private static Strided array(Storage storage) {
    return new Strided(storage, DType.FLOAT32, new long[] {N}, new long[] {1}, 0);
  }

  private float first(Strided array) {
    Strided host = array(Storage.allocate(4 * N));
    kernels.download(array, host);
    float value = Memory.getFloat(host.address());
    host.storage().release();
    return value;
  }

  /** Computes out = (x + 1) · 2, with temporary memory in between. */
  private void work() {
    Strided between = device();
    kernels.binaryScalar(BinaryOp.ADD, x, 1, between);
    kernels.binaryScalar(BinaryOp.MUL, between, 2, out);
    between.storage().release();
  }

  @Test
  void runsAgainWithWhatIsThere() {
    work();
    assertThat(first(out)).isEqualTo(4);
    KernelGraph graph = kernels.capture(this::work);
    kernels.fill(out, 0);
    assertThat(first(out)).isZero();
    for (int i = 0; i < 5; i++) {
      kernels.fill(x, i);
      graph.launch(0);
      assertThat(first(out)).isEqualTo(2 * (i + 1));
    }
    graph.close();
    assertThatThrownBy(() -> graph.launch(0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("graph: must be open; it was closed");
  }

  @Test
  void nobodyElseGetsItsMemory() {
    kernels.capture(this::work).close(); // the first opens what all of them use
    long used = kernels.cuda().memory().usedBytes();
    KernelGraph graph = kernels.capture(this::work);
    Strided mine = device();
    Strided more = device();
    kernels.fill(mine, 7);
    kernels.fill(more, 8);
    graph.launch(0);
    assertThat(first(mine)).isEqualTo(7);
    assertThat(first(more)).isEqualTo(8);
    graph.close();
    mine.storage().release();
    more.storage().release();
    assertThat(kernels.cuda().memory().usedBytes()).isEqualTo(used);
  }

  @Test
  void whatIsReleasedWhileItIsCapturedCanBeUsedAfter() {
    Strided old = device();
    kernels.fill(old, 1);
    KernelGraph graph =
        kernels.capture(
            () -> {
              work();
              old.storage().release();
            });
    Strided next = device();
    kernels.fill(next, 5);
    graph.launch(0);
    graph.launch(0);
    assertThat(first(next)).isEqualTo(5);
    graph.close();
  }

  @Test
  void otherThreadsGoOnBesideACapture() throws Exception {
    Strided other = device();
    KernelGraph graph =
        kernels.capture(
            () -> {
              work();
              Thread thread =
                  new Thread(
                      () -> {
                        kernels.fill(other, 5);
                        assertThat(first(other)).isEqualTo(5);
                        assertThatThrownBy(() -> kernels.capture(this::work))
                            .hasMessageStartingWith("capture: one thread must capture at a time");
                        kernels.fill(other, 6);
                      });
              List<Throwable> failed = new ArrayList<>();
              thread.setUncaughtExceptionHandler((t, e) -> failed.add(e));
              thread.start();
              try {
                thread.join();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              assertThat(failed).isEmpty();
            });
    kernels.fill(other, 7);
    graph.launch(0);
    assertThat(first(other)).isEqualTo(7);
    assertThat(first(out)).isEqualTo(4);
    graph.close();
  }

  @Test
  void randomNumbersGoOn() {
    KernelGraph graph =
        kernels.capture(() -> kernels.random(RandomKind.UNIFORM, new RandomKey(3, 100), 0, 1, out));
    for (long shift : new long[] {0, 1, 1L << 40, 0}) {
      graph.launch(shift);
      float captured = first(out);
      kernels.random(RandomKind.UNIFORM, new RandomKey(3, 100 + shift), 0, 1, out);
      assertThat(captured).isEqualTo(first(out));
    }
    graph.close();
  }

  @Test
  void workMustNotWait() {
    assertThatThrownBy(() -> kernels.capture(() -> first(x)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("download: work that is captured as a graph must not wait");
    assertThatThrownBy(() -> kernels.capture(kernels::synchronize))
        .hasMessageStartingWith("synchronize: work that is captured");
    assertThatThrownBy(() -> kernels.capture(() -> kernels.capture(this::work)))
        .hasMessageStartingWith("capture: work that is captured");
    work();
    assertThat(first(out)).isEqualTo(4);
  }

  @Test
  void downloadsRunBesideKernels() {
    Strided host = array(Storage.allocate(kernels.hostMemory(), 4 * N));
    Strided sum = device();
    kernels.fill(sum, 3);
    Transfer transfer = kernels.startDownload(sum, host);
    sum.storage().release(); // its memory must wait for the copy
    Strided other = device();
    kernels.fill(other, 9);
    assertThat(transfer.isDone()).isFalse();
    transfer.await();
    assertThat(transfer.isDone()).isTrue();
    assertThat(Memory.getFloat(host.address())).isEqualTo(3);
    Memory.putFloat(host.address(), 6);
    kernels.startUpload(host, other);
    assertThat(first(other)).isEqualTo(6);
    host.storage().release();
    Strided again = array(Storage.allocate(kernels.hostMemory(), 4 * N));
    kernels.download(other, again);
    assertThat(Memory.getFloat(again.address() + 4)).isEqualTo(3);
    again.storage().release();
  }

  @Test
  void faultsOfKernelsInAGraphAreFound() {
    Strided a = new Strided(x.storage(), DType.INT32, new long[] {4}, new long[] {1}, 0);
    kernels.fill(a, 0);
    KernelGraph graph = kernels.capture(() -> kernels.binary(BinaryOp.DIV, a, a, a));
    kernels.synchronize();
    graph.launch(0);
    assertThatThrownBy(kernels::synchronize)
        .isInstanceOf(ArithmeticException.class)
        .hasMessage("binary DIV: integer divisor must not be 0; got 0 / 0");
    kernels.fill(a, 1);
    graph.launch(0);
    kernels.synchronize();
    graph.close();
  }
}
