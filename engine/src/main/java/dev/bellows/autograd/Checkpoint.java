package dev.bellows.autograd;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Trades computation for memory: the tensors that a function saves for backward are not kept, but
 * recomputed when backward first needs them, with the same random numbers of the thread's {@link
 * Generator#current() default generator}.
 *
 * <pre>{@code
 * Tensor h = Checkpoint.run(block::call, x);
 * }</pre>
 *
 * <p>The function must be deterministic, as it runs again. Checkpoints may be nested. Source:
 * PyTorch's {@code torch.utils.checkpoint} (the non-reentrant variant); Chen et al., Training Deep
 * Nets with Sublinear Memory Cost, 2016.
 */
public final class Checkpoint {
  private final Function<Tensor[], Tensor[]> function;
  private final Tensor[] inputs;
  private final Generator generator;
  private final Calls.Recorder recorder;
  private int packed;
  private int released;
  private Tensor[] recomputed;

  private Checkpoint(Function<Tensor[], Tensor[]> function, Tensor... inputs) {
    this.function = function;
    this.inputs = inputs;
    this.generator = Generator.current().copy();
    Calls.Recorder current = Calls.current();
    this.recorder = current == null ? null : current.ofCheckpoint();
  }

  /** Runs a function whose saved tensors are recomputed in backward, and returns its result. */
  public static Tensor run(Function<Tensor, Tensor> function, Tensor input) {
    return runAll(in -> new Tensor[] {function.apply(in[0])}, input)[0];
  }

  /** Runs a function whose saved tensors are recomputed in backward, and returns its results. */
  public static Tensor[] runAll(Function<Tensor[], Tensor[]> function, Tensor... inputs) {
    if (!GradMode.isEnabled()) {
      return function.apply(inputs);
    }
    Tensor[] kept = new Tensor[inputs.length];
    for (int i = 0; i < kept.length; i++) {
      kept[i] = GraphPosition.alias(inputs[i]);
    }
    Checkpoint checkpoint = new Checkpoint(function, kept);
    try (SavedTensorHooks hooks =
        SavedTensorHooks.open(
            t -> checkpoint.packed++,
            p -> checkpoint.unpack((Integer) p),
            p -> checkpoint.release((Integer) p))) {
      return function.apply(inputs);
    }
  }

  private Tensor unpack(int index) {
    if (recomputed == null || recomputed[index] == null || recomputed[index].isReleased()) {
      recompute();
    }
    return recomputed[index];
  }

  private void release(int index) {
    if (recomputed != null && recomputed[index] != null) {
      recomputed[index].close();
    }
    if (++released == packed) {
      for (Tensor input : inputs) {
        input.close();
      }
    }
  }

  private void recompute() {
    List<Tensor> again = new ArrayList<>();
    Generator outer = Generator.setCurrent(generator.copy());
    Tensor[] arguments = new Tensor[inputs.length];
    for (int i = 0; i < arguments.length; i++) {
      boolean needs = inputs[i].requiresGrad();
      arguments[i] = needs ? inputs[i].detach().setRequiresGrad(true) : inputs[i];
    }
    try (GradMode mode = GradMode.enableGrad();
        Calls.Recording casts = recorder == null ? null : Calls.recordedBy(recorder);
        SavedTensorHooks hooks =
            SavedTensorHooks.open(
                t -> {
                  again.add(t.retain());
                  return again.size() - 1;
                },
                p -> again.get((Integer) p))) {
      Tensor[] unused = function.apply(arguments);
    } finally {
      Generator.setCurrent(outer);
    }
    if (again.size() != packed) {
      throw new IllegalStateException(
          message(
              "checkpoint: A different number of tensors was saved during the original forward and"
                  + " recomputation. Number of tensors saved during forward: %s. Number of tensors"
                  + " saved during recomputation: %s. The function must do the same each time.",
              packed, again.size()));
    }
    recomputed = again.toArray(new Tensor[0]);
  }
}
