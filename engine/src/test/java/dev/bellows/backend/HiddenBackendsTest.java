package dev.bellows.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.backend.reference.ReferenceKernels;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Named;

/** A contract's tests run on the backends of the class that inherits them. */
class HiddenBackendsTest extends CopyContractTest {
  private static boolean asked;

  static List<Named<Kernels>> backends() {
    asked = true;
    return List.of(Named.of("own", new ReferenceKernels()));
  }

  @AfterAll
  static void theseWereTaken() {
    assertThat(asked).isTrue();
  }
}
