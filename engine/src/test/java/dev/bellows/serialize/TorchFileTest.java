package dev.bellows.serialize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.memory.DType;
import dev.bellows.nn.StateDict;
import dev.bellows.tensor.Tensor;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that make_torch_files.py wrote, files of ours, and damaged ones. */
@Timeout(120)
class TorchFileTest {
  private static final long SEED = Long.getLong("test.seed", 7);

  /** About the length of the pickle, which comes first. */
  private static final int PICKLE = 1200;

  @TempDir private Path temp;

  static Path file(String name) {
    try {
      return Path.of(TorchFileTest.class.getResource("/dev/bellows/serialize/" + name).toURI());
    } catch (java.net.URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static float[] floats(Object tensor) {
    return ((Tensor) tensor).toFloatArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"torch-zip.pt", "torch-legacy.pt"})
  void readsTensorsOfAllTypesAndLayouts(String name) throws IOException {
    Map<?, ?> value = (Map<?, ?>) TorchFile.load(file(name));
    Map<?, ?> types = (Map<?, ?>) value.get("types");
    assertThat(types).hasSize(DType.values().length);
    types.forEach(
        (type, tensor) -> {
          assertThat(((Tensor) tensor).toDoubleArray()).as("%s", type).containsExactly(0, 1, 1);
          assertThat(type.toString())
              .isEqualTo(
                  "torch." + ((Tensor) tensor).dtype().name().toLowerCase(java.util.Locale.ROOT));
        });
    Tensor base = (Tensor) value.get("base");
    Tensor transposed = (Tensor) value.get("transposed");
    assertThat(base.shape()).containsExactly(4, 6);
    assertThat(transposed.strides()).containsExactly(1, 6);
    assertThat(floats(value.get("part"))).containsExactly(6, 8, 10, 12, 14, 16);
    base.add_(1);
    assertThat(transposed.select(0, 5).toFloatArray()).containsExactly(6, 12, 18, 24);
    assertThat(((Tensor) value.get("expanded")).shape()).containsExactly(3, 2);
    assertThat(((Tensor) value.get("scalar")).item()).isEqualTo(2.5);
    assertThat(((Tensor) value.get("empty")).shape()).containsExactly(0, 3);
    assertThat(floats(value.get("parameter"))).containsExactly(1, 2);
    assertThat(((Tensor) value.get("grad")).requiresGrad()).isTrue();
    assertThat(((Map<?, ?>) value.get("model")).keySet().toString()).isEqualTo("[weight, bias]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"torch-zip.pt", "torch-legacy.pt"})
  void readsPlainValues(String name) throws IOException {
    Map<?, ?> value = (Map<?, ?>) TorchFile.load(file(name));
    assertThat(value.get("numbers"))
        .isEqualTo(
            Arrays.asList(
                0L,
                255L,
                65535L,
                -1L,
                1L << 31,
                -(1L << 40),
                BigInteger.ONE.shiftLeft(70),
                0.1,
                Double.POSITIVE_INFINITY,
                true,
                false,
                null));
    assertThat(value.get("text")).isEqualTo("größe");
    assertThat((byte[]) value.get("bytes")).containsExactly(0, 255);
    assertThat(value.get("tuple")).isEqualTo(List.of(1L, "two", List.of(3.0)));
    assertThat(value.get("set")).isEqualTo(Set.of(3L));
    assertThat(value.get("size")).isEqualTo(List.of(2L, 3L));
    assertThat(value.get("device")).isEqualTo("cuda:1");
    assertThat(value.get("dtype")).isEqualTo(DType.BFLOAT16);
    assertThat(value.get("counter")).isEqualTo(Map.of(5L, 2L, 7L, 1L));
    assertThat(value.get(7L)).isEqualTo("a number as key");
    assertThat(value.get("ordered").toString()).isEqualTo("{b=1, a=2}");
  }

  @Test
  void whatIsNotPlainIsRefusedByName() {
    assertThatThrownBy(() -> TorchFile.load(file("torch-refused.pt")))
        .isInstanceOf(TorchFileException.class)
        .hasMessageStartingWith(
            "torch file: must hold tensors, numbers, strings and containers of them only; names"
                + " posix.system, which is not run");
    assertThatThrownBy(() -> TorchFile.save(new Object(), temp.resolve("a.pt")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("got java.lang.Object");
    List<Object> deep = new ArrayList<>();
    deep.add(deep);
    assertThatThrownBy(() -> TorchFile.save(deep, temp.resolve("a.pt")))
        .hasMessageContaining("nest at most 100 deep");
    assertThat(temp.resolve("a.pt")).doesNotExist();
  }

  @Test
  void savingThenLoadingIsIdentity() throws IOException {
    Map<String, Object> value = new LinkedHashMap<>();
    Tensor tied = Tensor.arange(6).to(DType.FLOAT32).reshape(2, 3);
    value.put("a", tied);
    value.put("tied", tied);
    value.put("transposed", tied.t());
    value.put("numbers", List.of(1L, -5L, 1L << 40, 0.5, true));
    value.put("nested", Map.of("k", List.of("x", "y")));
    value.put("none", null);
    value.put("set", Set.of(3L));
    for (DType dtype : DType.values()) {
      value.put(dtype.name(), Tensor.ones(dtype, 2, 1));
    }
    Path path = temp.resolve("a.pt");
    TorchFile.save(value, path);
    Map<?, ?> loaded = (Map<?, ?>) TorchFile.load(path);
    assertThat(loaded.keySet().toString()).isEqualTo(value.keySet().toString());
    value.forEach(
        (name, each) -> {
          if (each instanceof Tensor tensor) {
            Tensor there = (Tensor) loaded.get(name);
            assertThat(there.dtype()).isEqualTo(tensor.dtype());
            assertThat(there.shape()).isEqualTo(tensor.shape());
            assertThat(there.toDoubleArray()).isEqualTo(tensor.toDoubleArray());
          } else {
            assertThat(loaded.get(name)).isEqualTo(each);
          }
        });
    ((Tensor) loaded.get("a")).zero_();
    assertThat(floats(loaded.get("tied"))).containsOnly(0);
    byte[] once = Files.readAllBytes(path);
    TorchFile.save(value, path);
    assertThat(Files.readAllBytes(path)).isEqualTo(once);
  }

  @Test
  void stateDictsAreSavedAndLoadedInOneLine() throws IOException {
    StateDict dict = new StateDict();
    dict.put("w", Tensor.arange(12).to(DType.FLOAT32).reshape(3, 4));
    dict.put("b", Tensor.ones(5));
    dict.put("n", Tensor.ones(DType.INT64, 1));
    for (String name : List.of("m.safetensors", "m.pt", "m.pth", "m.bin", "m.ckpt")) {
      StateDicts.save(dict, temp.resolve(name));
      assertSame(StateDicts.load(temp.resolve(name)), dict);
    }
    StateDicts.saveSharded(dict, temp.resolve("several"), 48);
    assertThat(temp.resolve("several/model-00002-of-00002.safetensors")).exists();
    assertThat(temp.resolve("several/model.safetensors.index.json"))
        .content()
        .startsWith(
            "{\"metadata\":{\"total_size\":76},\"weight_map\":{\"w\":\"model-00001-of-00002");
    assertSame(StateDicts.load(temp.resolve("several")), dict);
    StateDicts.saveSharded(dict, temp.resolve("one"), 1000);
    assertSame(StateDicts.load(temp.resolve("one")), dict);
    assertThatThrownBy(() -> StateDicts.save(dict, temp.resolve("m.txt")))
        .hasMessageStartingWith("save: the name must end in .safetensors or one of");
    assertThatThrownBy(() -> StateDicts.load(temp))
        .hasMessageStartingWith("load: the directory must have one of");
  }

  private static void assertSame(StateDict loaded, StateDict dict) {
    assertThat(loaded.keys()).containsExactlyElementsOf(dict.keys());
    dict.entries()
        .forEach(
            entry -> {
              Tensor there = loaded.get(entry.getKey());
              assertThat(there.dtype()).isEqualTo(entry.getValue().dtype());
              assertThat(there.shape()).isEqualTo(entry.getValue().shape());
              assertThat(there.toDoubleArray()).isEqualTo(entry.getValue().toDoubleArray());
            });
  }

  @Test
  void aStateDictInsideAFileIsNamed() throws IOException {
    Path path = file("torch-checkpoint.pt");
    StateDict model = StateDicts.load(path, dev.bellows.memory.Device.CPU, "model_state_dict");
    assertThat(model.keys()).containsExactly("0.weight", "0.bias", "2.weight", "2.bias");
    assertThatThrownBy(() -> StateDicts.load(path))
        .isInstanceOf(TorchFileException.class)
        .hasMessageContaining("has [epoch, model_state_dict, optimizer_state_dict,");
    assertThatThrownBy(() -> StateDicts.load(path, dev.bellows.memory.Device.CPU, "model"))
        .hasMessageContaining("must have the entry model; has [epoch,");
  }

  @Test
  void anIndexNamesFilesBesideItOnly() throws IOException {
    Path index = temp.resolve("model.safetensors.index.json");
    Files.writeString(index, "{\"weight_map\": {\"w\": \"../secret.safetensors\"}}");
    assertThatThrownBy(() -> StateDicts.load(index))
        .isInstanceOf(SafeTensorsException.class)
        .hasMessageContaining("index must name safetensors files beside it; got ../secret");
    Files.writeString(index, "{\"weight_map\": 3");
    assertThatThrownBy(() -> StateDicts.load(index)).isInstanceOf(IOException.class);
  }

  /** A damaged file is an IOException or is read; its memory is bounded by its size. */
  @ParameterizedTest
  @ValueSource(strings = {"torch-zip.pt", "torch-legacy.pt", "torch-refused.pt"})
  void mutationsAreErrorsOrHarmless(String name) throws IOException {
    byte[] good = Files.readAllBytes(file(name));
    SplittableRandom random = new SplittableRandom(SEED);
    Path path = temp.resolve("mutated.pt");
    int errors = 0;
    for (int i = 0; i < Mutations.COUNT / 3; i++) {
      byte[] bad = Mutations.of(good, PICKLE, random);
      Files.write(path, bad);
      try {
        TorchFile.load(path);
      } catch (IOException e) {
        errors++;
        assertThat(e.getMessage()).isNotBlank();
      } catch (RuntimeException | Error e) {
        throw new AssertionError("mutation " + i + " of " + name + ", -Dtest.seed=" + SEED, e);
      }
    }
    assertThat(errors).isPositive();
  }

  /** The pickle alone, past the checksums of the archive. */
  @Test
  void mutatedPicklesAreErrorsOrHarmless() throws IOException {
    PickleWriter writer = new PickleWriter();
    byte[] good =
        writer.write(Map.of("w", Tensor.ones(3), "l", List.of(1L, 2.5, "x"), "s", Set.of(4L)));
    SplittableRandom random = new SplittableRandom(SEED + 1);
    for (int i = 0; i < Mutations.COUNT; i++) {
      byte[] bad = Mutations.of(good, PICKLE, random);
      try {
        PickleReader.read(
            new java.io.ByteArrayInputStream(bad),
            new TorchNames(
                (dtype, key, numel) -> {
                  if (numel < 0 || numel > 100) {
                    throw new TorchFileException("storage " + key + " must fit the file");
                  }
                  return Tensor.empty(dtype, numel);
                }));
      } catch (IOException e) {
        assertThat(e.getMessage()).isNotBlank();
      } catch (RuntimeException | Error e) {
        throw new AssertionError("mutation " + i + ", -Dtest.seed=" + SEED, e);
      }
    }
  }
}
