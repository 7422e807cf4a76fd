package dev.bellows.spark.worker;

import static dev.bellows.errors.Messages.message;

import dev.bellows.serialize.SafeTensors;
import dev.bellows.spark.BellowsException;
import dev.bellows.spark.Time;
import dev.bellows.spark.checkpoint.StorageFault;
import dev.bellows.spark.checkpoint.Tries;
import dev.bellows.spark.data.StorageFiles;
import dev.bellows.tensor.Tensor;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;

/** Writes the file of trained weights; the driver renames it once all ranks agree. */
final class ModelFile {
  private ModelFile() {}

  static void write(String file, Map<String, Tensor> state, Configuration hadoop, Time time) {
    try {
      Tries.run(time, () -> write(new Path(file), state, hadoop), () -> true);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BellowsException.retryable("model: interrupted while it was written to " + file);
    } catch (Exception | FSError e) {
      var fault = StorageFault.of(e);
      throw new BellowsException(
          fault.category(),
          message(
              "model: must be written; %s: %s; %s", file, StorageFiles.reason(e), fault.advice()),
          e);
    }
  }

  private static Path write(Path path, Map<String, Tensor> state, Configuration hadoop)
      throws IOException {
    try (var out = StorageFiles.fileSystem(path, hadoop).create(path, true)) {
      SafeTensors.write(state, Map.of(), out);
      StorageFiles.sync(out);
    }
    return path;
  }
}
