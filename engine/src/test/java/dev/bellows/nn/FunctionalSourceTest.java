package dev.bellows.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.ForwardingSource;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code Functional} is what its topics say; {@code -Dbellows.docs.write=true} writes it. */
@Timeout(60)
class FunctionalSourceTest {
  private static final Path SOURCES = Path.of("src", "main", "java", "dev", "bellows", "nn");

  @Test
  void fileIsWhatTheTopicsSay() throws IOException {
    Path file = SOURCES.resolve("Functional.java");
    String source = FunctionalWriter.write(SOURCES);
    assertThat(ForwardingSource.written(file, source))
        .as("%s must be written anew: -Dtest=FunctionalSourceTest -Dbellows.docs.write=true", file)
        .isEqualTo(source);
  }
}
