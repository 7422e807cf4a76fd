package dev.bellows.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.backend.AdamArgs;
import dev.bellows.backend.SgdArgs;
import dev.bellows.memory.DType;
import dev.bellows.memory.Memory;
import dev.bellows.memory.Storage;
import dev.bellows.memory.Strided;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Tests optimizer steps whose scalars are in device memory, captured once and run with other
 * values.
 */
@Timeout(60)
class CudaStepsTest extends OwnDevice {
  private static final int N = 37;

  @Override
  CudaKernels make() {
    return EmulatedCuda.open(MEMORY_BYTES, 1);
  }

  private Strided array(double... values) {
    Strided a = blank(DType.FLOAT64, new long[] {values.length}, new long[] {1});
    write(a, values);
    return a;
  }

  private Strided filled(double value) {
    double[] values = new double[N];
    Arrays.fill(values, value);
    return array(values);
  }

  private void write(Strided a, double... values) {
    Storage host = Storage.allocate(values.length * 8L);
    Memory.copyFromArray(values, host.address(), values.length * 8L);
    kernels.upload(new Strided(host, DType.FLOAT64, a.sizes(), a.strides(), 0), a);
    host.release();
  }

  private double[] read(Strided a) {
    double[] values = new double[(int) a.numel()];
    Storage host = Storage.allocate(values.length * 8L);
    kernels.download(a, new Strided(host, DType.FLOAT64, a.sizes(), a.strides(), 0));
    Memory.copyToArray(host.address(), values, values.length * 8L);
    host.release();
    return values;
  }

  private long capture(Runnable work) {
    work.run(); // compiles its kernels
    kernels.synchronize();
    long stream = kernels.cuda().stream();
    driver.beginCapture(stream);
    work.run();
    return driver.endCapture(stream);
  }

  @Test
  void adamWithNumbersOfTheDevice() {
    CudaOptimizerSteps steps = new CudaOptimizerSteps(kernels.cuda(), new Moves(kernels.cuda()));
    Strided[] captured = {filled(1), filled(0.5), filled(0), filled(0)};
    Strided[] plain = {filled(1), filled(0.5), filled(0), filled(0)};
    AdamArgs[] args = new AdamArgs[4];
    Arrays.setAll(args, i -> new AdamArgs(0.1 / (1 + i), 0.9, 0.99, 1e-8, 0.1, true, 1 + i));
    Strided numbers = array(CudaOptimizerSteps.adamNumbers(args[0]));
    long graph =
        capture(
            () -> steps.adam(captured[0], captured[1], captured[2], captured[3], args[0], numbers));
    for (int i = 0; i < args.length; i++) {
      if (i > 0) { // the first step ran when the kernels were compiled
        write(numbers, CudaOptimizerSteps.adamNumbers(args[i]));
        driver.launchGraph(graph, kernels.cuda().stream());
      }
      kernels.adamStep(plain[0], plain[1], plain[2], plain[3], args[i]);
    }
    for (int i = 0; i < 4; i++) {
      assertThat(read(captured[i])).isEqualTo(read(plain[i]));
    }
    assertThat(read(captured[0])[0]).isNotEqualTo(1);
  }

  @Test
  void sgdWithNumbersOfTheDevice() {
    CudaOptimizerSteps steps = new CudaOptimizerSteps(kernels.cuda(), new Moves(kernels.cuda()));
    Strided[] captured = {filled(1), filled(0.5), filled(2)};
    Strided[] plain = {filled(1), filled(0.5), filled(2)};
    SgdArgs[] args = new SgdArgs[3];
    Arrays.setAll(args, i -> new SgdArgs(0.1 / (1 + i), 0.9, 0.1, 0.1, true, false));
    Strided numbers = array(CudaOptimizerSteps.sgdNumbers(args[0]));
    long graph = capture(() -> steps.sgd(captured[0], captured[1], captured[2], args[0], numbers));
    for (int i = 0; i < args.length; i++) {
      if (i > 0) {
        write(numbers, CudaOptimizerSteps.sgdNumbers(args[i]));
        driver.launchGraph(graph, kernels.cuda().stream());
      }
      kernels.sgdStep(plain[0], plain[1], plain[2], args[i]);
    }
    for (int i = 0; i < 3; i++) {
      assertThat(read(captured[i])).isEqualTo(read(plain[i]));
    }
  }
}
