package dev.bellows.benchmarks;

import dev.bellows.nn.Module;
import dev.bellows.nn.Parameter;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A parameter of our model, which the other side starts from, too. The file has the number of
 * parameters, then name, dimensions, sizes and values of each.
 */
record Weights(long[] shape, float[] values) {
  static void save(Module model, Path file) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      Map<String, Parameter> parameters = model.namedParameters();
      out.writeInt(parameters.size());
      for (Map.Entry<String, Parameter> entry : parameters.entrySet()) {
        out.writeUTF(entry.getKey());
        out.writeInt(entry.getValue().dim());
        for (long size : entry.getValue().shape()) {
          out.writeLong(size);
        }
        for (float value : entry.getValue().detach().flatten().toFloatArray()) {
          out.writeFloat(value);
        }
      }
    }
  }

  static Map<String, Weights> load(Path file) throws IOException {
    Map<String, Weights> weights = new LinkedHashMap<>();
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      for (int left = in.readInt(); left > 0; left--) {
        String name = in.readUTF();
        long[] shape = new long[in.readInt()];
        int count = 1;
        for (int i = 0; i < shape.length; i++) {
          shape[i] = in.readLong();
          count = Math.toIntExact(count * shape[i]);
        }
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
          values[i] = in.readFloat();
        }
        weights.put(name, new Weights(shape, values));
      }
    }
    return weights;
  }
}
