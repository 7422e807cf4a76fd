package dev.bellows.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.spark.data.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Killing a child process must not end a generation, so jobs start none. */
@Timeout(120)
class ChildProcessesTest {
  @TempDir private Path directory;

  @Test
  void aJobStartsNoProcesses() throws IOException {
    var spark = LocalSpark.session();
    var frame = TinyJob.frame(spark);
    frame.count(); // what Spark itself starts once
    var checkpoints = directory.resolve("checkpoints");
    try (var recording = new Recording()) {
      recording.enable("jdk.ProcessStart");
      recording.start();
      var result =
          TinyJob.job(spark, frame)
              .executors(2)
              .checkpoint(checkpoints.toString(), CheckpointInterval.everySteps(2))
              .build()
              .run();
      assertThat(result.checkpoint()).isPresent();
      recording.stop();
      recording.dump(directory.resolve("record.jfr"));
    }
    List<String> started =
        RecordingFile.readAllEvents(directory.resolve("record.jfr")).stream()
            .filter(event -> event.getEventType().getName().equals("jdk.ProcessStart"))
            .map(event -> event.getString("command"))
            .toList();
    assertThat(started).isEmpty();
    var usual = Files.getPosixFilePermissions(Files.createFile(directory.resolve("usual")));
    assertThat(Files.getPosixFilePermissions(checkpoints.resolve("model.safetensors")))
        .as("the rights of new files")
        .isEqualTo(PosixFilePermissions.fromString("rw-r--r--"))
        .isEqualTo(usual);
  }
}
