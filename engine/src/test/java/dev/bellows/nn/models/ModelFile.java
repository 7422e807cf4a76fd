package dev.bellows.nn.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.bellows.nn.Module;
import dev.bellows.nn.StateDict;
import dev.bellows.serialize.SafeTensors;
import dev.bellows.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** Weights, inputs, outputs and gradients that a script beside the file has written. */
final class ModelFile {
  private static final String WEIGHTS = "weights.";
  private static final String GRADS = "grads.";

  private final Map<String, Tensor> tensors;

  ModelFile(String name) {
    try {
      tensors = SafeTensors.load(resource(name)).tensors();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path resource(String name) {
    try {
      return Path.of(ModelFile.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /** Returns the weights by key. */
  StateDict weights() {
    return weights("");
  }

  /** Returns the weights whose keys start with a prefix, without it. */
  StateDict weights(String prefix) {
    StateDict dict = new StateDict();
    tensors.forEach(
        (key, tensor) -> {
          if (key.startsWith(WEIGHTS + prefix)) {
            dict.put(key.substring((WEIGHTS + prefix).length()), tensor);
          }
        });
    return dict;
  }

  Tensor get(String name) {
    return tensors.get(name);
  }

  /** Compares a tensor with one of the file. */
  void assertEqual(String name, Tensor actual) {
    assertClose(name, actual, tensors.get(name));
  }

  static void assertClose(String name, Tensor actual, Tensor expected) {
    assertThat(actual.shape()).as(name).isEqualTo(expected.shape());
    float[] want = expected.contiguous().toFloatArray();
    float[] got = actual.detach().contiguous().toFloatArray();
    double largest = 1;
    for (float value : want) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < want.length; i++) {
      assertThat((double) got[i])
          .as("%s[%s] of %s", name, i, Arrays.toString(expected.shape()))
          .isCloseTo(want[i], within(1e-5 * largest));
    }
  }

  /** Compares the gradients of the parameters that the file has gradients of. */
  void assertGrads(Module model) {
    assertThat(tensors.keySet()).anyMatch(key -> key.startsWith(GRADS));
    tensors.forEach(
        (key, expected) -> {
          if (key.startsWith(GRADS)) {
            assertClose(key, model.getParameter(key.substring(GRADS.length())).grad(), expected);
          }
        });
  }
}
