package dev.bellows.spark.worker;

import dev.bellows.serialize.SafeTensors;
import dev.bellows.spark.data.StorageFiles;
import dev.bellows.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The file of trained weights. The driver gives it its name once all ranks agree. */
final class ModelFile {
  private ModelFile() {}

  static void write(String file, Map<String, Tensor> state, Configuration hadoop) {
    var path = new Path(file);
    try (var out = StorageFiles.fileSystem(path, hadoop).create(path, true)) {
      SafeTensors.write(state, Map.of(), out);
      StorageFiles.sync(out);
    } catch (IOException e) {
      throw new UncheckedIOException("model: cannot write " + file + ": " + e.getMessage(), e);
    }
  }
}
