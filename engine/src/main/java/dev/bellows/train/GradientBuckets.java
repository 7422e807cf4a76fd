package dev.bellows.train;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.HookHandle;
import dev.bellows.nn.Parameter;
import dev.bellows.optim.Partition;
import dev.bellows.reduction.ReductionTree;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Gathers gradients in flat buckets and sums them over all shards. For each shard, the gradient of
 * a parameter is copied to its place as soon as it is complete and freed; a full bucket is a leaf
 * of the {@link ReductionTree} and is added to the leaves before it. With the last shard of this
 * rank, a full bucket starts its exchange while backward still works on the next; buckets start in
 * order of their number, on all ranks. Several shards may be under way if only one at a time gets
 * gradients.
 */
final class GradientBuckets implements AutoCloseable {
  private final List<Parameter> parameters;
  private final GradientExchange exchange;
  private final int shards;
  private final ReductionTree.Range range;
  private final List<Bucket> buckets = new ArrayList<>();
  private final Map<Tensor, Bucket.Slot> slots = new IdentityHashMap<>();
  private final List<HookHandle> hooks = new ArrayList<>();
  private int nextToStart;
  private int nextToExchange;
  private boolean collecting;
  private boolean capturing;
  private boolean holding;

  /**
   * @param narrow whether FLOAT32 gradients are rounded to BFLOAT16, each leaf and the sum of all
   * @param scatter whether each rank gets only its part of the sums, see {@link #partition}
   */
  GradientBuckets(
      List<Parameter> parameters,
      long bucketBytes,
      int shards,
      ReductionTree.Range range,
      GradientExchange exchange,
      boolean narrow,
      boolean scatter) {
    this.parameters = List.copyOf(parameters);
    this.exchange = exchange;
    this.shards = shards;
    this.range = range;
    List<List<Parameter>> plan = BucketPlan.of(parameters, bucketBytes);
    List<String> layout = new ArrayList<>();
    for (List<Parameter> planned : plan) {
      String name = "bucket " + buckets.size() + " of " + plan.size();
      Bucket bucket = new Bucket(name, planned, exchange, narrow, scatter);
      buckets.add(bucket);
      bucket.slots().forEach(slot -> slots.put(slot.parameter(), slot));
      for (Parameter parameter : planned) {
        String shape = parameter.dtype() + Arrays.toString(parameter.shape());
        layout.add(name + ": " + shape + (narrow ? " as BFLOAT16" : ""));
      }
    }
    exchange.requireEqual("buckets of gradients", layout);
    buckets.forEach(Bucket::allocate);
    for (Parameter parameter : parameters) {
      if (parameter.requiresGrad()) {
        hooks.add(parameter.registerPostAccumulateGradHook(this::gradientReady));
      }
    }
  }

  /**
   * Returns each rank's part of every parameter: about the same number of elements of every bucket.
   */
  Partition partition() {
    return new Partition() {
      @Override
      public long first(Tensor parameter) {
        return partBounds(parameter)[exchange.rank()];
      }

      @Override
      public long end(Tensor parameter) {
        return partBounds(parameter)[exchange.rank() + 1];
      }
    };
  }

  /** Returns where the parts of a parameter start, by rank, counted from its first element. */
  private long[] partBounds(Tensor parameter) {
    Bucket.Slot slot = slots.get(parameter);
    if (slot == null) {
      return new long[exchange.worldSize() + 1]; // Frozen: it has no gradient.
    }
    return slot.partBounds();
  }

  /** Gathers the parts of all ranks: {@code part} is this rank's of a tensor like the parameter. */
  Tensor gather(Tensor parameter, Tensor part) {
    long[] bounds = partBounds(parameter);
    Tensor whole = Tensor.zeros(part.dtype(), parameter.numel());
    whole.narrow(0, bounds[exchange.rank()], part.numel()).copy_(part);
    exchange.startGather(whole, bounds).await();
    return whole.reshape(parameter.shape());
  }

  /** Gives every rank the parts of the parameters that other ranks have changed. */
  void gatherParameters() {
    buckets.forEach(Bucket::startGather);
    buckets.forEach(Bucket::finishGather);
  }

  /** Forgets what an earlier step or the caller left behind, and expects the first shard. */
  void begin() {
    nextToStart = 0;
    nextToExchange = 0;
    collecting = false;
    buckets.forEach(bucket -> bucket.exchange().settle());
    parameters.forEach(this::check);
    slots.keySet().forEach(parameter -> parameter.setGrad(null));
    buckets.forEach(bucket -> bucket.begin(shards, range));
  }

  private void check(Parameter parameter) {
    Bucket.Slot slot = slots.get(parameter);
    if (parameter.requiresGrad() != (slot != null)) {
      throw new IllegalStateException(
          message(
              "train: what is trained must not change after the loop was made; requiresGrad of %s"
                  + " is now %s. Make a new TrainLoop.",
              parameter.shape(), parameter.requiresGrad()));
    }
    if (slot != null && !parameter.device().equals(slot.bucket().device())) {
      throw new IllegalStateException(
          message(
              "train: parameters must stay where they were when the loop was made; %s was on %s and"
                  + " is on %s. Make a new TrainLoop.",
              parameter.shape(), slot.bucket().device(), parameter.device()));
    }
  }

  /** Starts no exchange before {@link #finish}, since others come between. */
  void hold() {
    holding = true;
  }

  /** Expects the gradients of a shard. */
  void beginShard(int shard) {
    collecting = true;
    buckets.forEach(bucket -> bucket.beginShard(shard));
  }

  /** Expects the other gradients of a shard that was begun. */
  void resumeShard(int shard) {
    collecting = true;
    buckets.forEach(bucket -> bucket.resumeShard(shard));
  }

  /** Ends a shard: parameters that got no gradient count as zero. */
  void endShard() {
    collecting = false;
    for (Bucket bucket : buckets) {
      if (bucket.fillMissing()) {
        complete(bucket);
      }
    }
  }

  /** Takes no more gradients: what backward does after this is the caller's own. */
  void stopCollecting() {
    collecting = false;
  }

  private void gradientReady(Tensor parameter) {
    Bucket.Slot slot = slots.get(parameter);
    if (!collecting || slot == null) {
      return;
    }
    slot.fill();
    if (!capturing && slot.bucket().isFull()) {
      complete(slot.bucket());
    }
  }

  /** Handles a bucket that has all gradients of a shard. */
  private void complete(Bucket bucket) {
    bucket.addLeaf();
    while (nextToStart < buckets.size() && buckets.get(nextToStart).hasAllShards()) {
      buckets.get(nextToStart++).download();
    }
    exchangeArrived();
  }

  /** Starts the exchange of a rank that has no shard at all. */
  void startWithoutShards() {
    buckets.forEach(Bucket::download);
    nextToStart = buckets.size();
    exchangeArrived();
  }

  /** Starts the exchange of buckets that are where it works, in their order. */
  private void exchangeArrived() {
    while (!holding
        && nextToExchange < nextToStart
        && buckets.get(nextToExchange).exchange().hasArrived()) {
      buckets.get(nextToExchange++).exchange().start(shards);
    }
  }

  /** Waits for all sums and makes them the gradients of the parameters; the nanoseconds waited. */
  long finish() {
    long start = System.nanoTime();
    while (nextToExchange < buckets.size()) {
      buckets.get(nextToExchange++).exchange().start(shards);
    }
    buckets.forEach(Bucket::awaitSum);
    long waited = System.nanoTime() - start;
    buckets.forEach(Bucket::setGradients);
    return waited;
  }

  /**
   * Runs {@code work}, which captures kernels of backward, with flat tensors in the place of the
   * leaves; the captured kernels write gradients there.
   *
   * @return the flat tensors, one for each bucket
   */
  List<Tensor> capture(Consumer<List<Tensor>> work) {
    List<Tensor> flats = new ArrayList<>();
    buckets.forEach(bucket -> flats.add(bucket.newLeaf()));
    capturing = true;
    List<Tensor> leaves = swapLeaves(flats);
    try {
      work.accept(flats);
      return flats;
    } catch (RuntimeException e) {
      flats.forEach(Tensor::close);
      parameters.forEach(parameter -> parameter.setGrad(null));
      throw e;
    } finally {
      capturing = false;
      swapLeaves(leaves);
    }
  }

  private List<Tensor> swapLeaves(List<Tensor> others) {
    List<Tensor> before = new ArrayList<>();
    for (int i = 0; i < others.size(); i++) {
      before.add(buckets.get(i).swapLeaf(others.get(i)));
    }
    return before;
  }

  /** Takes what captured kernels wrote as the gradients of the shard. */
  void take(List<Tensor> flats) {
    for (int i = 0; i < flats.size(); i++) {
      buckets.get(i).fill(flats.get(i));
      complete(buckets.get(i));
    }
  }

  @Override
  public void close() {
    collecting = false;
    buckets.forEach(bucket -> bucket.exchange().settle());
    hooks.forEach(HookHandle::remove);
    buckets.forEach(Bucket::close);
  }
}
