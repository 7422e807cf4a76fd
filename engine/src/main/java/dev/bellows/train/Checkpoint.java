package dev.bellows.train;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.Device;
import dev.bellows.nn.Module;
import dev.bellows.nn.StateDict;
import dev.bellows.optim.Optimizer;
import dev.bellows.optim.PyTorchState;
import dev.bellows.optim.schedule.LRScheduler;
import dev.bellows.serialize.TorchFile;
import dev.bellows.serialize.TorchFileException;
import dev.bellows.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A training's state in one PyTorch file, in the form of PyTorch's tutorial: {@code epoch}, {@code
 * model_state_dict}, {@code optimizer_state_dict}, {@code scheduler_state_dict}, and what the user
 * adds. PyTorch reads it with {@code torch.load}, and what PyTorch saves so is read here.
 *
 * <pre>{@code
 * Checkpoint.save(path, model, optimizer, schedule, epoch, Map.of("loss", loss));
 * long epoch = Checkpoint.load(path).restore(model, optimizer, schedule).epoch();
 * }</pre>
 */
public final class Checkpoint {
  private static final String EPOCH = "epoch";
  private static final String MODEL = "model_state_dict";
  private static final String OPTIMIZER = "optimizer_state_dict";
  private static final String SCHEDULE = "scheduler_state_dict";

  private final Map<String, Object> entries;

  private Checkpoint(Map<String, Object> entries) {
    this.entries = entries;
  }

  /** Saves a model and its optimizer after an epoch. */
  public static void save(Path path, Module model, Optimizer optimizer, long epoch)
      throws IOException {
    save(path, model, optimizer, null, epoch, Map.of());
  }

  /**
   * Saves a training; the file replaces another atomically.
   *
   * @param optimizer null: none
   * @param schedule null: none
   * @param extra entries of the user's: tensors, numbers, strings, lists and maps
   * @throws IllegalArgumentException if {@code extra} holds something else, or one of the names
   *     above
   */
  public static void save(
      Path path,
      Module model,
      Optimizer optimizer,
      LRScheduler schedule,
      long epoch,
      Map<String, ?> extra)
      throws IOException {
    Map<String, Object> entries = new LinkedHashMap<>();
    entries.put(EPOCH, epoch);
    entries.put(MODEL, model.stateDict().asMap());
    if (optimizer != null) {
      entries.put(OPTIMIZER, PyTorchState.of(optimizer));
    }
    if (schedule != null) {
      entries.put(SCHEDULE, schedule.stateDict());
    }
    extra.forEach(
        (name, value) -> {
          if (entries.put(name, value) != null) {
            throw new IllegalArgumentException(
                "Checkpoint.save: names of extra entries must not be taken; got " + name);
          }
        });
    TorchFile.save(entries, path);
  }

  /** Reads a checkpoint to the CPU. */
  public static Checkpoint load(Path path) throws IOException {
    return load(path, Device.CPU);
  }

  /**
   * Reads a checkpoint.
   *
   * @param mapLocation the device for its tensors, whatever device they were saved from
   * @throws TorchFileException if the file is damaged, names what is not read, or is no dictionary
   */
  public static Checkpoint load(Path path, Device mapLocation) throws IOException {
    Object value = TorchFile.load(path, mapLocation);
    Map<String, Object> entries = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, entry) -> entries.put(String.valueOf(key), entry));
    } else {
      throw new IllegalArgumentException(
          "Checkpoint.load: the file must hold a dictionary; got " + path);
    }
    return new Checkpoint(entries);
  }

  /** Returns the epoch that was saved; −1 if there is none. */
  public long epoch() {
    return entries.get(EPOCH) instanceof Number number ? number.longValue() : -1;
  }

  /** Returns all entries of the file by name. */
  public Map<String, Object> entries() {
    return Collections.unmodifiableMap(entries);
  }

  /**
   * Returns the model's state, such as for {@code model.loadStateDict(checkpoint.model(), false)}
   * where only a part of it fits.
   *
   * @throws IllegalArgumentException if the file has none
   */
  public StateDict model() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    entry(MODEL)
        .forEach(
            (key, value) -> {
              if (!(value instanceof Tensor tensor)) {
                throw new IllegalArgumentException(
                    message(
                        "Checkpoint: %s must hold tensors; got another value as %s", MODEL, key));
              }
              tensors.put(String.valueOf(key), tensor);
            });
    return StateDict.of(tensors);
  }

  private Map<?, ?> entry(String name) {
    if (entries.get(name) instanceof Map<?, ?> map) {
      return map;
    }
    throw new IllegalArgumentException(
        message("Checkpoint: the file must have %s; has %s", name, entries.keySet()));
  }

  /**
   * Loads the saved states into a model, an optimizer and a schedule; each of the last two may be
   * null.
   *
   * @return this
   * @throws IllegalArgumentException if the file does not have one of them, or it does not fit
   */
  public Checkpoint restore(Module model, Optimizer optimizer, LRScheduler schedule) {
    model.loadStateDict(model());
    if (optimizer != null) {
      PyTorchState.load(optimizer, entry(OPTIMIZER));
    }
    if (schedule != null) {
      Map<String, Object> state = new LinkedHashMap<>();
      entry(SCHEDULE).forEach((key, value) -> state.put(String.valueOf(key), value));
      schedule.loadStateDict(state);
    }
    return this;
  }
}
