package dev.bellows.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A frame of the product's own packages is never shown as the user's. */
class UserCodePackagesTest {
  @Test
  void allPackagesOfTheProductAreNamed() throws IOException {
    Set<String> packages = new TreeSet<>(Set.of("proto")); // generated
    for (String module : new String[] {"../engine", "."}) {
      try (Stream<Path> folders = Files.list(Path.of(module, "src/main/java/dev/bellows"))) {
        folders.filter(Files::isDirectory).forEach(f -> packages.add(f.getFileName().toString()));
      }
    }
    assertThat(UserCode.OURS).containsExactlyInAnyOrderElementsOf(packages);
  }
}
