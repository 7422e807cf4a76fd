package dev.bellows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.spark.EvaluatedWith;
import dev.bellows.spark.checkpoint.CheckpointManifest;
import dev.bellows.spark.checkpoint.CheckpointStore;
import dev.bellows.spark.checkpoint.CheckpointStoreTest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(60)
final class CheckpointCommandTest {
  @TempDir private Path directory;
  private CheckpointStore store;
  private StringWriter out;
  private StringWriter err;

  @BeforeEach
  void open() {
    store = new CheckpointStore(directory.toString(), new Configuration());
  }

  private int execute(String... arguments) {
    out = new StringWriter();
    err = new StringWriter();
    CommandLine line = Bellows.commandLine();
    line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return line.execute(arguments);
  }

  @Test
  void listsNewestFirst() throws IOException {
    String first = CheckpointStoreTest.save(store, 100, 2);
    String second = CheckpointStoreTest.save(store, 120, 1);
    String open = store.begin(130);
    Files.createDirectory(directory.resolve(open));
    Files.delete(directory.resolve(first).resolve("part-00001-of-00002.safetensors"));
    assertThat(execute("checkpoint", "list", directory.toString())).isZero();
    List<String> lines = out.toString().lines().toList();
    assertThat(lines.get(0)).matches("STEP +EPOCH +CREATED +BYTES +FILES +NAME +STATUS");
    assertThat(lines.get(1)).matches("130 +- +- +- +- +" + open + " +incomplete: no manifest.json");
    assertThat(lines.get(2)).matches("120 +2 +20\\S+Z +[0-9]+ +1 +" + second + " +complete");
    assertThat(lines.get(3))
        .matches(
            "100 +2 +20\\S+Z +[0-9]+ +2 +"
                + first
                + " +damaged: part-00001-of-00002.safetensors does not exist");
    int status = lines.get(0).indexOf("STATUS");
    assertThat(lines).allMatch(line -> line.charAt(status - 1) == ' ');
  }

  @Test
  void showsManifestAndTensors() {
    String first = CheckpointStoreTest.save(store, 100, 2);
    CheckpointStoreTest.save(store, 120, 1);
    assertThat(execute("checkpoint", "show", directory.resolve(first).toString())).isZero();
    assertThat(out.toString())
        .containsPattern("step +100\n")
        .containsPattern("world size +2\n")
        .containsPattern("optimizer.step +100\n")
        .containsPattern("TENSOR +TYPE +SHAPE +BYTES +FILE\n")
        .containsPattern("model.fc.weight +FLOAT32 +\\[2, 3\\] +24 +part-0000\\d-of-00002")
        .containsPattern("model.count +INT64 +\\[1\\] +8 +part-0000\\d-of-00002");
    assertThat(execute("checkpoint", "show", directory.toString())).isZero();
    assertThat(out.toString()).containsPattern("step +120\n").doesNotContain("metric");
    var evaluated = CheckpointManifest.builder().step(130);
    CheckpointStoreTest.save(
        store, evaluated.evaluatedWith(new EvaluatedWith("Accuracy", "MAX", "01")), 0.5);
    assertThat(execute("checkpoint", "show", directory.toString())).isZero();
    assertThat(out.toString())
        .containsPattern("metric +0.5 \\(Accuracy, MAX, rows with fingerprint 01\\)\n");
  }

  @Test
  void verifyExitsWithOneIfAFileIsBad() throws IOException {
    String name = CheckpointStoreTest.save(store, 100, 2);
    String open = store.begin(130);
    Files.createDirectory(directory.resolve(open));
    assertThat(execute("checkpoint", "verify", directory.toString())).isZero();
    assertThat(out.toString())
        .containsPattern("OK +" + name + "/manifest.json")
        .containsPattern("OK +" + name + "/part-00001-of-00002.safetensors")
        .containsPattern("SKIPPED +" + open)
        .doesNotContain("BAD");
    Path part = directory.resolve(name).resolve("part-00000-of-00002.safetensors");
    byte[] bytes = Files.readAllBytes(part);
    bytes[100] ^= 1;
    Files.write(part, bytes);
    assertThat(execute("checkpoint", "verify", directory.toString())).isEqualTo(1);
    assertThat(out.toString())
        .containsPattern("BAD +" + name + "/part-00000-of-00002.safetensors +\\d+ +crc32c is");
  }

  @Test
  void emptyAndUnknownPathsAreOneLine() {
    assertThat(execute("checkpoint")).isEqualTo(2);
    assertThat(execute("checkpoint", "list", directory + "/none")).isEqualTo(1);
    assertThat(err.toString().strip())
        .isEqualTo("checkpoint: path must hold checkpoints; found none in " + directory + "/none");
    assertThat(execute("checkpoint", "verify", "nosuch://x/y")).isEqualTo(1);
    assertThat(err.toString().lines()).hasSize(1);
  }
}
