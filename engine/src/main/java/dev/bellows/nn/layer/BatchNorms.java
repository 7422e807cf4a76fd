package dev.bellows.nn.layer;

import dev.bellows.autograd.GradMode;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Operations on all batch normalisation layers of a model. */
public final class BatchNorms {
  private BatchNorms() {}

  /**
   * Makes all batch normalisation layers of a model use the statistics of the whole batch of a
   * training step in place of those of its shard, as {@link SyncBatchNorm} does; they print as that
   * class, and their state keeps its keys. To be called before the train loop is made. Source:
   * PyTorch's {@code torch.nn.SyncBatchNorm.convert_sync_batchnorm}.
   *
   * @return the model
   */
  public static <M extends Module> M synchronize(M model) {
    for (Module module : model.modules()) {
      if (module instanceof RunningNorm norm && !(norm instanceof InstanceNorm)) {
        norm.synchronize();
      }
    }
    return model;
  }

  /**
   * Returns the most values that a layer adds over the shards of a step; 0 if no layer is
   * synchronised.
   */
  public static int synchronizedValues(Module model) {
    int most = 0;
    for (Module module : model.modules()) {
      if (module instanceof RunningNorm norm) {
        most = Math.max(most, norm.synchronizedValues());
      }
    }
    return most;
  }

  /**
   * Computes running statistics for a model that takes one tensor; works like {@link
   * #updateStatistics(Module, Iterable, Consumer)}.
   *
   * @param inputs one for each batch
   */
  public static void updateStatistics(Module model, Iterable<Tensor> inputs) {
    updateStatistics(model, inputs, model::call);
  }

  /**
   * Replaces the running statistics of the batch normalisation layers by the means over the given
   * batches, as averaged weights need it, which no batch has passed in training. Runs the model in
   * training mode without recording; its mode and the momenta are then as before. Without such
   * layers it does nothing. Source: PyTorch's {@code torch.optim.swa_utils.update_bn}.
   *
   * <pre>{@code
   * BatchNorms.updateStatistics(net, loader, batch -> net.call(batch.input("image")));
   * }</pre>
   *
   * @param forward runs the model on a batch
   */
  @SuppressWarnings("try")
  public static <B> void updateStatistics(Module model, Iterable<B> batches, Consumer<B> forward) {
    Map<RunningNorm, Double> momenta = new LinkedHashMap<>();
    for (Module module : model.modules()) {
      if (module instanceof RunningNorm norm && !(norm instanceof InstanceNorm)) {
        norm.resetRunningStats();
        momenta.put(norm, norm.setMomentum(null));
      }
    }
    if (momenta.isEmpty()) {
      return;
    }
    boolean training = model.isTraining();
    model.train();
    try (GradMode mode = GradMode.noGrad()) {
      for (B batch : batches) {
        try (TensorScope scope = TensorScope.open()) {
          forward.accept(batch);
        }
      }
    } finally {
      momenta.forEach(RunningNorm::setMomentum);
      model.train(training);
    }
  }
}
