package dev.bellows.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.ForwardingSource;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * {@code TensorMethods} is what the operations say; {@code -Dbellows.docs.write=true} writes it.
 */
@Timeout(60)
class TensorMethodsTest {
  private static final Path SOURCES = Path.of("src", "main", "java", "dev", "bellows");

  @Test
  void fileIsWhatTheOperationsSay() throws IOException {
    Path file = SOURCES.resolve("tensor").resolve("TensorMethods.java");
    String source = TensorMethodsWriter.write(SOURCES.resolve("ops"));
    assertThat(ForwardingSource.written(file, source))
        .as("%s must be written anew: -Dtest=TensorMethodsTest -Dbellows.docs.write=true", file)
        .isEqualTo(source);
  }
}
