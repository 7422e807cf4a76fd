package dev.bellows.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bellows.memory.Memory;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The emulated device finds the faults that are planted here, and runs what has none. */
@Timeout(60)
class EmulatorTest {
  private static final String KERNELS =
      """
      struct Params {
        Address a;
        Address out;
        i64 n;
      };

      KERNEL(copies, Params) {
        Global<float> a = as<float>(p.a);
        Global<float> out = as<float>(p.out);
        for (i64 i = globalThread(); i < p.n; i += globalThreads()) {
          float x = a[i];
          out[i] = x;
        }
      }

      KERNEL(reversesBlocks, Params) {
        SHARED(float, tile, 64);
        Global<float> a = as<float>(p.a);
        Global<float> out = as<float>(p.out);
        float x = a[globalThread()];
        tile[threadIdx.x] = x;
        __syncthreads();
        float y = tile[63 - threadIdx.x];
        out[globalThread()] = y;
      }

      KERNEL(forgetsTheBarrier, Params) {
        SHARED(float, tile, 64);
        Global<float> a = as<float>(p.a);
        Global<float> out = as<float>(p.out);
        float x = a[globalThread()];
        tile[threadIdx.x] = x;
        float y = tile[63 - threadIdx.x];
        out[globalThread()] = y;
      }

      KERNEL(overwritesTooEarly, Params) {
        SHARED(float, tile, 64);
        Global<float> out = as<float>(p.out);
        tile[threadIdx.x] = 1;
        __syncthreads();
        float y = tile[63 - threadIdx.x];
        tile[threadIdx.x] = 2;
        out[globalThread()] = y;
      }

      KERNEL(sumsWarps, Params) {
        Global<float> a = as<float>(p.a);
        Global<float> out = as<float>(p.out);
        float x = a[globalThread()];
        for (int mask = 16; mask > 0; mask /= 2) {
          x += __shfl_xor_sync(0xffffffffu, x, mask);
        }
        out[globalThread()] = x;
      }

      KERNEL(swapsInTheWarp, Params) {
        SHARED(float, tile, 64);
        Global<float> out = as<float>(p.out);
        tile[threadIdx.x] = threadIdx.x;
        __syncwarp();
        float y = tile[threadIdx.x ^ 1];
        out[globalThread()] = y;
      }

      KERNEL(swapsBetweenWarps, Params) {
        SHARED(float, tile, 64);
        Global<float> out = as<float>(p.out);
        tile[threadIdx.x] = threadIdx.x;
        __syncwarp();
        float y = tile[threadIdx.x ^ 32];
        out[globalThread()] = y;
      }

      KERNEL(everyBlockWritesOnePlace, Params) {
        Global<float> out = as<float>(p.out);
        if (threadIdx.x == 0) {
          out[0] = blockIdx.x;
        }
      }

      KERNEL(readsAnotherBlocksPlace, Params) {
        Global<float> a = as<float>(p.a);
        Global<float> out = as<float>(p.out);
        out[globalThread()] = 1;
        __syncthreads();
        float y = out[(globalThread() + 64) % globalThreads()];
        a[globalThread()] = y;
      }

      KERNEL(goesOneTooFar, Params) {
        Global<float> a = as<float>(p.a);
        Global<float> out = as<float>(p.out);
        for (i64 i = globalThread(); i <= p.n; i += globalThreads()) {
          float x = a[i];
          out[i] = x;
        }
      }

      KERNEL(readsBeforeTheStart, Params) {
        Global<float> a = as<float>(p.a);
        Global<float> out = as<float>(p.out);
        float x = a[globalThread() - 1];
        out[globalThread()] = x;
      }

      KERNEL(leavesTheTile, Params) {
        SHARED(float, tile, 63);
        SHARED(float, other, 64);
        Global<float> out = as<float>(p.out);
        other[threadIdx.x] = 0;
        tile[threadIdx.x] = 1;
        __syncthreads();
        float y = tile[0];
        out[globalThread()] = y;
      }

      KERNEL(readsAFreshTile, Params) {
        SHARED(float, tile, 64);
        Global<float> out = as<float>(p.out);
        float y = tile[threadIdx.x];
        out[globalThread()] = y;
      }

      KERNEL(halfTheBlockWaits, Params) {
        Global<float> out = as<float>(p.out);
        if (threadIdx.x < 32) {
          __syncthreads();
        }
        out[globalThread()] = 1;
      }

      KERNEL(waitsAtTwoBarriers, Params) {
        Global<float> out = as<float>(p.out);
        if (threadIdx.x < 32) {
          __syncthreads();
        } else {
          __syncthreads();
        }
        out[globalThread()] = 1;
      }

      KERNEL(halfAWarpShuffles, Params) {
        Global<float> out = as<float>(p.out);
        float x = 1;
        if (threadIdx.x % 2 == 0) {
          x = __shfl_xor_sync(0xffffffffu, x, 2);
        }
        out[globalThread()] = x;
      }

      KERNEL(packsAtOddPlaces, Params) {
        Global<float> out = as<float>(p.out);
        Global<Pack<float, 4>> packed = packs<Pack<float, 4>>(out + 1);
        Pack<float, 4> all = {{1, 2, 3, 4}};
        if (globalThread() == 0) {
          packed[0] = all;
        }
      }

      KERNEL(countsAtomically, Params) {
        Global<int> out = as<int>(p.out);
        compareAndSwap(out, 0, (int)globalThread() + 1);
      }
      """;

  private static final int N = 256;
  private EmulatedDriver driver;
  private long stream;
  private long module;
  private long a;
  private long out;
  private long pinned;

  @BeforeEach
  void open() {
    assumeTrue(EmulatedCuda.missing() == null, () -> "no emulation: " + EmulatedCuda.missing());
    driver = new EmulatedDriver(64 << 20, 7);
    stream = driver.createStream();
    module = Compiled.load(driver);
    a = memory(N);
    out = memory(N);
    pinned = driver.allocateHost(4 * N);
  }

  /** One compilation for all tests. */
  private static final class Compiled {
    static byte[] image;

    static synchronized long load(EmulatedDriver driver) {
      if (image == null) {
        String source = driver.platform() + KernelFile.resource("common.cu") + KERNELS;
        image = driver.compile("planted", source, List.of(), driver.properties(0));
      }
      return driver.loadModule(image);
    }
  }

  @AfterEach
  void close() {
    if (driver != null) {
      driver.close();
    }
  }

  private long memory(int floats) {
    long address = driver.allocate(4L * floats);
    driver.noteTaken(address, 4L * floats, stream);
    return address;
  }

  private void launch(String kernel, int blocks) {
    launch(kernel, blocks, stream);
  }

  private void launch(String kernel, int blocks, long on) {
    driver.launch(
        driver.function(module, kernel),
        kernel,
        blocks,
        1,
        64,
        on,
        Launch.begin().address(a).address(out).whole(N).packed());
  }

  private void fillA() {
    for (int i = 0; i < N; i++) {
      Memory.putFloat(pinned + 4L * i, i);
    }
    driver.copyToDevice(a, pinned, 4 * N, stream);
    driver.synchronizeStream(stream);
  }

  private float[] result(long from) {
    driver.copyToHost(pinned, from, 4 * N, stream);
    driver.synchronizeStream(stream);
    float[] values = new float[N];
    Memory.copyToArray(pinned, values, 4 * N);
    return values;
  }

  @Test
  void runsWhatIsRight() {
    fillA();
    launch("copies", 2);
    assertThat(result(out)).startsWith(0, 1, 2).endsWith(255);
    launch("reversesBlocks", 4);
    assertThat(result(out)).startsWith(63, 62).endsWith(193, 192);
    launch("sumsWarps", 4);
    assertThat(result(out)).startsWith(496, 496).endsWith(7664);
    launch("swapsInTheWarp", 4);
    assertThat(result(out)).startsWith(1, 0, 3, 2);
    driver.fill(out, 0, 4 * N, stream);
    launch("countsAtomically", 4);
    assertThat(result(out)[0]).isNotZero();
  }

  @ParameterizedTest
  @CsvSource({
    "forgetsTheBarrier, race: |never written",
    "overwritesTooEarly, race: ",
    "swapsBetweenWarps, race: ",
    "everyBlockWritesOnePlace, race: write",
    "readsAnotherBlocksPlace, race: |never written",
    "goesOneTooFar, out of bounds at byte 1024 of its allocation",
    "readsBeforeTheStart, read out of bounds",
    "leavesTheTile, write out of bounds at byte 252",
    "readsAFreshTile, read of memory that was never written",
    "halfTheBlockWaits, some threads of a block wait at a barrier that others never reach",
    "waitsAtTwoBarriers, different barriers",
    "halfAWarpShuffles, some threads of a block wait at a barrier that others never reach",
    "packsAtOddPlaces, misaligned address"
  })
  void findsPlantedFaults(String kernel, String fault) {
    fillA();
    launch(kernel, 4);
    assertThatThrownBy(() -> driver.synchronizeStream(stream))
        .isInstanceOf(EmulatedDriver.Fault.class)
        .hasMessageMatching(".*(" + fault + ").* in kernel " + kernel + ",.*");
  }

  @Test
  void findsReadsOfWhatWasNeverWritten() {
    launch("copies", 1);
    assertThatThrownBy(() -> driver.synchronizeStream(stream))
        .hasMessageContaining("read of memory that was never written");
  }

  @Test
  void findsUseAfterRelease() {
    fillA();
    driver.noteReturned(out, 4 * N, stream);
    launch("copies", 1);
    assertThatThrownBy(() -> driver.synchronizeStream(stream))
        .hasMessageContaining("write out of bounds");
  }

  @Test
  void findsWrongParameters() {
    assertThatThrownBy(
            () ->
                driver.launch(
                    driver.function(module, "copies"),
                    "copies",
                    1,
                    1,
                    64,
                    stream,
                    Launch.begin().address(a).address(out).packed()))
        .hasMessage("copies: parameters must have 24 bytes; got 16");
  }

  @Test
  void resultsAreNotThereBeforeTheyAreWaitedFor() {
    fillA();
    Memory.set(pinned, 4 * N, (byte) 0);
    driver.copyToHost(pinned, a, 4 * N, stream);
    assertThat(Memory.getFloat(pinned + 4)).isZero();
    driver.synchronizeStream(stream);
    assertThat(Memory.getFloat(pinned + 4)).isEqualTo(1);
  }

  @Test
  void hostMemoryIsReadWhenTheCopyRuns() {
    fillA();
    driver.copyToDevice(a, pinned, 4 * N, stream);
    Memory.putFloat(pinned, 99);
    launch("copies", 1);
    assertThat(result(out)[0]).isEqualTo(99);
  }

  @Test
  void streamsAreOrderedByEventsOnly() {
    long other = driver.createStream();
    boolean failed = false;
    for (int i = 0; i < 20 && !failed; i++) {
      a = memory(N);
      driver.fill(a, 0, 4 * N, stream);
      launch("copies", 1, other);
      try {
        driver.synchronize();
      } catch (EmulatedDriver.Fault e) {
        assertThat(e).hasMessageContaining("out of bounds");
        failed = true;
      }
    }
    assertThat(failed).as("some order of the streams is wrong").isTrue();
    for (int i = 0; i < 20; i++) {
      a = memory(N);
      driver.fill(a, 0, 4 * N, stream);
      long event = driver.createEvent(false);
      driver.record(event, stream);
      driver.await(other, event);
      launch("copies", 1, other);
      driver.synchronize();
    }
  }

  @Test
  void copiesNeedPinnedMemory() {
    assertThatThrownBy(() -> driver.copyToDevice(a, 4096, 4, stream))
        .hasMessage("copyToDevice: host memory must be pinned");
  }

  @Test
  void graphsRepeatWhatWasCaptured() {
    fillA();
    driver.beginCapture(stream);
    launch("copies", 1);
    launch("reversesBlocks", 4);
    long graph = driver.endCapture(stream);
    driver.fill(out, 0, 4 * N, stream);
    assertThat(result(out)).containsOnly(0);
    driver.launchGraph(graph, stream);
    assertThat(result(out)).startsWith(63, 62);
    driver.destroyGraph(graph);
  }
}
