package dev.bellows.serialize;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.Device;
import dev.bellows.nn.StateDict;
import dev.bellows.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Saves and loads state dicts in one line: {@code StateDicts.save(model.stateDict(), path)} and
 * {@code model.loadStateDict(StateDicts.load(path))}. The format is that of the file: safetensors,
 * PyTorch's, or several safetensors files with an index, as Hugging Face writes large models.
 */
public final class StateDicts {
  private static final List<String> TORCH = List.of(".pt", ".pth", ".bin", ".ckpt");
  private static final List<String> IN_DIRECTORY =
      List.of(ShardedFiles.INDEX, "model.safetensors", "pytorch_model.bin");

  private StateDicts() {}

  /**
   * Writes a state dict: as safetensors for {@code .safetensors}, as PyTorch does for {@code .pt},
   * {@code .pth}, {@code .bin} and {@code .ckpt}.
   *
   * @throws IllegalArgumentException if the name ends in none of these
   */
  public static void save(StateDict dict, Path path) throws IOException {
    Path file = LocalPath.of("save", path);
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".safetensors")) {
      SafeTensors.save(dict.asMap(), Map.of("format", "pt"), file);
    } else if (TORCH.stream().anyMatch(name::endsWith)) {
      TorchFile.save(dict.asMap(), file);
    } else {
      throw new IllegalArgumentException(
          message("save: the name must end in .safetensors or one of %s; got %s", TORCH, path));
    }
  }

  /**
   * Writes a state dict to a directory as Hugging Face does: {@code model.safetensors} if it has at
   * most {@code maxShardBytes}, else {@code model-00001-of-0000N.safetensors} and so on with their
   * index, {@code model.safetensors.index.json}. A tensor is never split.
   */
  public static void saveSharded(StateDict dict, Path directory, long maxShardBytes)
      throws IOException {
    ShardedFiles.save(dict, LocalPath.of("save", directory), maxShardBytes);
  }

  /** Reads a state dict to the CPU; works like {@link #load(Path, Device)}. */
  public static StateDict load(Path path) throws IOException {
    return load(path, Device.CPU);
  }

  /**
   * Reads a state dict from a file of safetensors, of PyTorch, an index of several files, or a
   * directory with one of Hugging Face's names. The format is recognised by the content.
   *
   * @param mapLocation the device for the tensors, whatever device they were saved from
   * @throws IOException if the file is damaged, or holds more than a state dict; the message then
   *     names what it holds, for {@link #load(Path, Device, String)}
   */
  public static StateDict load(Path path, Device mapLocation) throws IOException {
    return load(path, mapLocation, "");
  }

  /**
   * Reads a state dict that is an entry of a PyTorch file, such as {@code "state_dict"}.
   *
   * @param key the entry; empty if the file is the state dict
   */
  public static StateDict load(Path path, Device mapLocation, String key) throws IOException {
    Path file = find(LocalPath.of("load", path));
    if (file.getFileName().toString().endsWith(".index.json")) {
      return ShardedFiles.load(file, mapLocation);
    }
    if (!isTorch(file)) {
      return StateDict.of(SafeTensors.load(file, mapLocation).tensors());
    }
    Object value = TorchFile.load(file, mapLocation);
    if (!key.isEmpty() && value instanceof Map<?, ?> map && map.containsKey(key)) {
      value = map.get(key);
    } else if (!key.isEmpty()) {
      throw new TorchFileException(message("must have the entry %s; has %s", key, entries(value)));
    }
    return of(value);
  }

  private static StateDict of(Object value) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    boolean all = value instanceof Map;
    if (value instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        if (entry.getKey() instanceof String name && entry.getValue() instanceof Tensor tensor) {
          tensors.put(name, tensor.detach().retain());
        } else {
          all = false;
        }
      }
    }
    if (!all) {
      throw new TorchFileException(
          message(
              "must be a state dict, names with tensors; has %s. If one of them is the state dict,"
                  + " name it: StateDicts.load(path, device, key)",
              entries(value)));
    }
    return StateDict.of(tensors);
  }

  private static Object entries(Object value) {
    return value instanceof Map<?, ?> map
        ? map.keySet().stream().limit(20).toList()
        : PickleReader.kind(value);
  }

  private static Path find(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return path;
    }
    for (String name : IN_DIRECTORY) {
      if (Files.exists(path.resolve(name))) {
        return path.resolve(name);
      }
    }
    throw new IllegalArgumentException(
        message("load: the directory must have one of %s; got %s", IN_DIRECTORY, path));
  }

  private static boolean isTorch(Path file) throws IOException {
    byte[] head = new byte[2];
    try (InputStream in = Files.newInputStream(file)) {
      in.readNBytes(head, 0, 2);
    }
    return head[0] == 'P' && head[1] == 'K' || head[0] == (byte) 0x80 && head[1] == 2;
  }
}
