package dev.bellows.backend;

import dev.bellows.backend.cuda.RealCuda;
import java.util.List;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;

/**
 * The backend contracts on the machine's CUDA device: each class hides the backends of the one that
 * it extends; {@link HiddenBackendsTest} shows that JUnit uses the hiding ones.
 */
@Tag("gpu")
final class GpuContractTest {
  private GpuContractTest() {}

  private static List<Named<Kernels>> real() {
    return List.of(Named.of("cuda", RealCuda.kernels()));
  }

  @Tag("gpu")
  static final class ConvTest extends ConvContractTest {
    static List<Named<Kernels>> backends() {
      return real();
    }

    static List<Named<Kernels>> cutIntoParts() {
      return List.of(
          Named.of("workspace 8 KiB", RealCuda.withWorkspace(8 << 10)),
          Named.of("workspace 3 KiB", RealCuda.withWorkspace(3 << 10)),
          Named.of("workspace 256 B", RealCuda.withWorkspace(256)));
    }
  }

  @Tag("gpu")
  static final class CopyTest extends CopyContractTest {
    static List<Named<Kernels>> backends() {
      return real();
    }
  }

  @Tag("gpu")
  static final class ElementwiseTest extends ElementwiseContractTest {
    static List<Named<Kernels>> backends() {
      return real();
    }
  }

  @Tag("gpu")
  static final class IndexTest extends IndexContractTest {
    static List<Named<Kernels>> backends() {
      return real();
    }
  }

  @Tag("gpu")
  static final class MatMulTest extends MatMulContractTest {
    static List<Named<Kernels>> backends() {
      return real();
    }
  }

  @Tag("gpu")
  static final class OptimizerTest extends OptimizerContractTest {
    static List<Named<Kernels>> backends() {
      return real();
    }
  }

  @Tag("gpu")
  static final class PoolTest extends PoolContractTest {
    static List<Named<Kernels>> backends() {
      return real();
    }
  }

  @Tag("gpu")
  static final class RandomTest extends RandomContractTest {
    static List<Named<Kernels>> backends() {
      return real();
    }
  }

  @Tag("gpu")
  static final class ReduceTest extends ReduceContractTest {
    static List<Named<Kernels>> backends() {
      return real();
    }
  }

  @Tag("gpu")
  static final class RepeatableTest extends RepeatableContractTest {
    static List<Named<Kernels>> backends() {
      return real();
    }
  }

  @Tag("gpu")
  static final class ScanTest extends ScanContractTest {
    static List<Named<Kernels>> backends() {
      return real();
    }
  }

  @Tag("gpu")
  static final class SoftmaxTest extends SoftmaxContractTest {
    static List<Named<Kernels>> backends() {
      return real();
    }
  }
}
