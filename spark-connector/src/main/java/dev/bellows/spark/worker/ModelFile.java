package dev.bellows.spark.worker;

import dev.bellows.serialize.SafeTensors;
import dev.bellows.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The file of trained weights: whole or not at all. */
final class ModelFile {
  private ModelFile() {}

  static void write(String file, Map<String, Tensor> state, Configuration hadoop) {
    var target = new Path(file);
    var temporary = new Path(target.getParent(), "." + target.getName() + ".tmp");
    try {
      FileSystem fs = target.getFileSystem(hadoop);
      try (var out = fs.create(temporary, true)) {
        SafeTensors.write(state, Map.of(), out);
      }
      fs.delete(target, false);
      if (!fs.rename(temporary, target)) {
        throw new IOException("cannot rename " + temporary + " to " + target);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("model: cannot write " + file + ": " + e.getMessage(), e);
    }
  }
}
