package dev.bellows.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.bellows.backend.cpu.CpuKernels;
import dev.bellows.backend.cuda.EmulatedCuda;
import dev.bellows.backend.reference.ReferenceKernels;
import dev.bellows.memory.DType;
import dev.bellows.memory.MemoryPool;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * The contract of all backends: each subclass takes one kernel family, runs it on every backend,
 * and compares with a naive computation in doubles in the test.
 */
@ExtendWith(BackendContract.SeedOnFailure.class)
@ExtendWith(BackendContract.ArraysOnTheBackend.class)
abstract class BackendContract {
  static final long SEED = Long.getLong("test.seed", System.nanoTime() & 0xFFFFFFFFL);
  static final int[] LENGTHS = {0, 1, 15, 16, 17, 13, 207, 1024, 4098};
  static final List<DType> FLOATS = List.of(DType.FLOAT32, DType.FLOAT64);
  static final List<DType> INTEGERS = List.of(DType.INT64, DType.INT32, DType.UINT8);
  static final List<Layout> INPUTS =
      List.of(Layout.CONTIGUOUS, Layout.TRANSPOSED, Layout.SLICED, Layout.EXPANDED);
  static final List<Layout> OUTPUTS = List.of(Layout.CONTIGUOUS, Layout.TRANSPOSED, Layout.SLICED);
  static final List<Layout> IMAGES =
      List.of(Layout.CHANNELS_LAST, Layout.CONTIGUOUS, Layout.SLICED);

  /** Runs all cases on the emulator, too. */
  private static final boolean ALL = System.getProperty("emulated.cases", "").equals("all");

  private static final int ONE_IN = 4;
  private static final Kernels REFERENCE = new ReferenceKernels();
  private static final Kernels EMULATED = EmulatedCuda.kernels();
  private static final List<Named<Kernels>> BACKENDS = findBackends();

  private static List<Named<Kernels>> findBackends() {
    List<Named<Kernels>> all = new ArrayList<>();
    all.add(Named.of("reference", REFERENCE));
    all.add(Named.of("cpu", CpuKernels.open()));
    if (EMULATED != null) {
      all.add(Named.of("emulated cuda", EMULATED));
    }
    return all;
  }

  final SplittableRandom random = new SplittableRandom(SEED);
  private final List<TestArray> arrays = new ArrayList<>();
  private Kernels kernels = REFERENCE;
  private long usedBefore;

  static List<Named<Kernels>> backends() {
    return BACKENDS;
  }

  @BeforeEach
  void countMemory() {
    usedBefore = MemoryPool.cpu().usedBytes();
  }

  @AfterEach
  void releaseMemory() {
    arrays.forEach(TestArray::release);
    arrays.clear();
    assertThat(MemoryPool.cpu().usedBytes()).as("bytes left in use").isEqualTo(usedBefore);
  }

  /** Releases the arrays of one case of a loop, after checking that their guards hold. */
  final void endCase() {
    for (TestArray array : arrays) {
      assertThat(array.guardsHold()).as("nothing written outside %s", array).isTrue();
    }
    arrays.forEach(TestArray::release);
    arrays.clear();
  }

  final TestArray array(DType type, Layout layout, long... sizes) {
    TestArray array = new TestArray(kernels, type, layout, sizes);
    arrays.add(array);
    return array;
  }

  /** Random normal numbers, or small integers. */
  final TestArray randomArray(DType type, Layout layout, long... sizes) {
    TestArray array = array(type, layout, sizes);
    return array.set(randomValues(type, array.numel()));
  }

  final double[] randomValues(DType type, int n) {
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] =
          switch (type) {
            case FLOAT32, FLOAT64, FLOAT16, BFLOAT16 -> 2 * random.nextGaussian();
            case UINT8 -> random.nextInt(10);
            case BOOL -> random.nextInt(2);
            default -> random.nextInt(-9, 10);
          };
    }
    return values;
  }

  /** Random numbers with NaN, ±∞, ±0 and extremes sprinkled in. */
  final double[] specialValues(DType type, int n) {
    double[] specials = {Double.NaN, 1 / 0.0, -1 / 0.0, 0.0, -0.0, 1, -1, 80, -80, 1e30, -1e-30};
    double[] values = randomValues(type, n);
    for (int i = 0; type.isFloatingPoint() && i < n; i++) {
      if (random.nextInt(4) == 0) {
        values[i] = specials[random.nextInt(specials.length)];
      }
    }
    return values;
  }

  /** Whether a case is left out: the emulator is slow, and runs a part that the seed chooses. */
  final boolean isLeftOut(Kernels of) {
    return of == EMULATED && !ALL && random.nextInt(ONE_IN) != 0;
  }

  final <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /** Shapes of 0 to 4 dimensions with sizes around vector lengths. */
  static List<long[]> shapes() {
    List<long[]> shapes = new ArrayList<>();
    for (int n : LENGTHS) {
      shapes.add(new long[] {n});
    }
    shapes.add(new long[] {});
    shapes.add(new long[] {3, 17});
    shapes.add(new long[] {17, 1});
    shapes.add(new long[] {2, 0, 3});
    shapes.add(new long[] {5, 3, 16});
    shapes.add(new long[] {2, 3, 5, 7});
    return shapes;
  }

  static void assertExact(double[] expected, TestArray actual, String what, Object... args) {
    assertClose(expected, new double[expected.length], actual, what, args);
  }

  /** Compares with tolerances given for each element. */
  static void assertClose(
      double[] expected, double[] tolerance, TestArray actual, String what, Object... args) {
    double[] values = actual.values();
    assertThat(values).as(what, args).hasSameSizeAs(expected);
    for (int i = 0; i < values.length; i++) {
      if (!Tolerance.close(values[i], expected[i], tolerance[i])) {
        fail(
            String.format(what, args)
                + String.format(
                    ": element %d of %s must be %s ± %s; got %s",
                    i, actual, expected[i], tolerance[i], values[i]));
      }
    }
  }

  /** Compares functions of single values, each within the tolerance of its own size. */
  static void assertNear(double[] expected, TestArray actual, String what, Object... args) {
    DType type = actual.array.dtype();
    double[] tolerance =
        Arrays.stream(expected).map(x -> Tolerance.of(type, Math.abs(x), 1)).toArray();
    assertClose(expected, tolerance, actual, what, args);
  }

  /** Puts the arrays of a test where the backend that it was given has its memory. */
  static final class ArraysOnTheBackend implements InvocationInterceptor {
    @Override
    public void interceptTestTemplateMethod(
        Invocation<Void> invocation,
        ReflectiveInvocationContext<Method> context,
        ExtensionContext extension)
        throws Throwable {
      for (Object argument : context.getArguments()) {
        if (argument instanceof Kernels given) {
          ((BackendContract) extension.getRequiredTestInstance()).kernels = given;
        }
      }
      invocation.proceed();
    }
  }

  /** Says with every failure how to repeat it. */
  static final class SeedOnFailure implements TestExecutionExceptionHandler {
    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable cause)
        throws Throwable {
      cause.addSuppressed(new AssertionError("repeat with -Dtest.seed=" + SEED));
      throw cause;
    }
  }
}
