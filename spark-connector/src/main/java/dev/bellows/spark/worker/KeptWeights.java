package dev.bellows.spark.worker;

import dev.bellows.nn.Module;
import dev.bellows.nn.StateDict;
import dev.bellows.optim.AveragedModel;
import dev.bellows.spark.Evaluations;
import dev.bellows.spark.JobSettings;
import dev.bellows.spark.MetricRules;
import dev.bellows.spark.WeightAverage;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Holds the weights that a rank keeps besides those that it trains: their average, and the best
 * evaluated ones. All ranks hold equal ones.
 */
final class KeptWeights<M extends Module> {
  private final M model;
  private final WeightAverage rule;
  private final MetricRules rules;
  private final AveragedModel<M> average;
  private final Map<String, Tensor> best = new LinkedHashMap<>();
  private final Map<String, Tensor> trained = new LinkedHashMap<>(); // behind the best ones
  private Evaluations evaluations;

  KeptWeights(JobSettings settings, M model) {
    this.model = model;
    this.rule = settings.average();
    this.rules = settings.rules();
    this.evaluations = Evaluations.none(rules.better());
    this.average = rule == null ? null : rule.of(model);
  }

  /** Returns the model that is evaluated and that the job gives as its result. */
  M result() {
    return average == null || average.count() == 0 ? model : average.module();
  }

  /** Takes the weights after {@code done} steps into the average, if it is time. */
  void trained(long done, long stepsPerEpoch) {
    if (average != null && rule.takes(done, stepsPerEpoch)) {
      try (var scope = TensorScope.open()) {
        assert scope != null;
        average.updateParameters(model);
      }
    }
  }

  /**
   * Keeps a copy of the weights of {@link #result} if their metric is the best so far. An
   * evaluation that is repeated counts once.
   */
  void evaluated(long done, double metric) {
    if (evaluations.results().stream().anyMatch(result -> result.step() == done)) {
      return;
    }
    evaluations = evaluations.with(done, metric);
    if (rules.bestStep(evaluations) == done) {
      copy(result().stateDict().asMap(), best);
    }
  }

  private static void copy(Map<String, Tensor> weights, Map<String, Tensor> to) {
    to.values().forEach(Tensor::close);
    to.clear();
    weights.forEach((key, tensor) -> to.put(key, tensor.detach().clone().retain()));
  }

  /** Gives {@link #result} the best weights, if they are kept, until {@link #restoreTrained}. */
  void restoreBest() {
    if (!best.isEmpty()) {
      copy(result().stateDict().asMap(), trained);
      result().loadStateDict(StateDict.of(best));
    }
  }

  /**
   * Gives {@link #result} back the weights it had before {@link #restoreBest}, if that was called.
   */
  void restoreTrained() {
    if (!trained.isEmpty()) {
      result().loadStateDict(StateDict.of(trained));
      copy(Map.of(), trained);
    }
  }

  /** Returns all tensors, for a checkpoint, under the prefixes of {@link StateTensors}. */
  Map<String, Tensor> tensors() {
    var tensors = new LinkedHashMap<String, Tensor>();
    if (average != null) {
      var weights = average.stateDict().asMap();
      weights.forEach((key, tensor) -> tensors.put(StateTensors.AVERAGE.key(key), tensor));
    }
    best.forEach((key, tensor) -> tensors.put(StateTensors.BEST.key(key), tensor));
    return tensors;
  }

  /** Loads the tensors of a checkpoint, without their prefixes. */
  void load(
      Map<String, Tensor> averaged,
      Map<String, Tensor> bestWeights,
      List<Evaluations.Result> before) {
    if (average != null) {
      average.loadStateDict(StateDict.of(averaged));
    }
    if (rules.stopsEarly()) {
      evaluations = new Evaluations(rules.better(), before);
      copy(bestWeights, best);
    }
  }
}
