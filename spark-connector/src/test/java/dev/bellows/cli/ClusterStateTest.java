package dev.bellows.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClusterStateTest {
  @TempDir private Path directory;

  private ClusterState sample() {
    return new ClusterState("spark://127.0.0.1:7", "http://127.0.0.1:8", 2, List.of())
        .with(new ProcessRecord("master", 10, 1234567890123L, Path.of("/a b/master.log")))
        .with(new ProcessRecord("worker-1", 11, 1234567890124L, Path.of("/a b/worker-1.log")));
  }

  @Test
  void whatWasWrittenIsRead() {
    sample().write(directory);
    assertThat(ClusterState.read(directory)).contains(sample());
    ClusterState.delete(directory);
    assertThat(ClusterState.read(directory)).isEmpty();
  }

  @Test
  void aLaterStateReplacesTheFormer() {
    sample().write(directory);
    ProcessRecord driver = new ProcessRecord("driver", 12, 5, Path.of("/d.log"));
    sample().with(driver).write(directory);
    assertThat(ClusterState.read(directory).orElseThrow().process("driver")).contains(driver);
    assertThat(directory).isDirectoryNotContaining("glob:**/*.next");
  }

  @Test
  void refusesAnotherFormat() throws IOException {
    Files.writeString(directory.resolve("state"), "bellows-cluster 9\n");
    assertThatThrownBy(() -> ClusterState.read(directory))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("must begin with 'bellows-cluster 1'; got 'bellows-cluster 9'");
  }

  @Test
  void namesTheLineThatItCannotRead() throws IOException {
    Files.writeString(directory.resolve("state"), "bellows-cluster 1\nprocess master x\n");
    assertThatThrownBy(() -> ClusterState.read(directory))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("cannot read line 'process master x'");
  }

  @Test
  void readsTheMastersAnswer() {
    String json = "{\"url\" : \"spark://127.0.0.1:7\", \"workers\" : [ ], \"aliveworkers\" : 2}";
    assertThat(MasterPage.parse(json, "spark://127.0.0.1:7")).hasValue(2);
    assertThat(MasterPage.parse(json, "spark://127.0.0.1:77")).isEmpty();
    assertThat(MasterPage.parse("not found", "spark://127.0.0.1:7")).isEmpty();
  }
}
