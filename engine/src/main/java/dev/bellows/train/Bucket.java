package dev.bellows.train;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.nn.Parameter;
import dev.bellows.reduction.ReductionTree;
import dev.bellows.reduction.TreeAccumulator;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Parameters whose gradients travel together. Collects the gradients of each shard in a flat
 * tensor, the leaf, and adds the leaves of this rank; both stay on the device of the parameters.
 * {@link BucketExchange} adds the sums of all ranks.
 */
final class Bucket {
  /** Elements of a cache line of FLOAT32. */
  private static final long PART_ALIGN = 16;

  private final DType dtype;
  private final Device device;
  private final List<Slot> slots = new ArrayList<>();
  private final long elements;
  private final Flats wholes;

  /** The pool of leaves, of the type on the wire; the same as {@code wholes} if the types agree. */
  private final Flats leaves;

  private final BucketExchange exchange;
  private final Map<Integer, Leaf> byShard = new HashMap<>();
  private TreeAccumulator<Tensor> sums;
  private ReductionTree.Range range;
  private Leaf leaf;
  private Tensor sum;

  /**
   * @param name for messages, as "bucket 3 of 12"
   * @param parameters of one dtype, on one device
   * @param narrow whether leaves and the sum over all ranks are BFLOAT16 where parameters are
   *     FLOAT32
   * @param scatter whether each rank gets only its chunk of the sum
   */
  Bucket(
      String name,
      List<Parameter> parameters,
      GradientExchange exchange,
      boolean narrow,
      boolean scatter) {
    this.dtype = parameters.get(0).dtype();
    this.device = parameters.get(0).device();
    long count = 0;
    for (Parameter parameter : parameters) {
      slots.add(new Slot(parameter, count));
      count += parameter.numel();
    }
    this.elements = count;
    long[] bounds = bounds(count, exchange.worldSize());
    slots.forEach(slot -> slot.cut(bounds));
    DType wire = narrow && dtype == DType.FLOAT32 ? DType.BFLOAT16 : dtype;
    this.wholes = new Flats(dtype, device);
    this.leaves = wire == dtype ? wholes : new Flats(wire, device);
    this.exchange = new BucketExchange(name, exchange, device, wholes, leaves, bounds, scatter);
  }

  /** Returns where the chunk of each rank starts, in elements. */
  private static long[] bounds(long elements, int ranks) {
    long[] bounds = new long[ranks + 1];
    long part = (elements + ranks - 1) / ranks;
    part = (part + PART_ALIGN - 1) / PART_ALIGN * PART_ALIGN;
    for (int rank = 1; rank <= ranks; rank++) {
      bounds[rank] = Math.min(elements, rank * part);
    }
    return bounds;
  }

  /** The gradients of one shard. */
  private final class Leaf {
    private Tensor flat;
    private final boolean[] filled = new boolean[slots.size()];
    private int missing = slots.size();

    Leaf(Tensor flat) {
      this.flat = flat;
    }

    void fillAll() {
      Arrays.fill(filled, true);
      missing = 0;
    }

    void empty() {
      Arrays.fill(filled, false);
      missing = filled.length;
    }
  }

  /** A parameter's place in its bucket. */
  final class Slot {
    private final int number = slots.size();
    private final Parameter parameter;
    private final long start;
    private final long[] shape;
    private long[] partBounds;

    private Slot(Parameter parameter, long start) {
      this.parameter = parameter;
      this.start = start;
      this.shape = parameter.shape();
    }

    /** Assigns each part of a parameter the overlap of the parameter with a chunk of the bucket. */
    private void cut(long[] bounds) {
      long count = parameter.numel();
      partBounds =
          Arrays.stream(bounds).map(at -> Math.max(0, Math.min(count, at - start))).toArray();
    }

    Bucket bucket() {
      return Bucket.this;
    }

    Parameter parameter() {
      return parameter;
    }

    /** Returns where each rank's part of the parameter starts, counted from its first element. */
    long[] partBounds() {
      return partBounds;
    }

    private Tensor of(Tensor flat) {
      return flat.narrow(0, start, parameter.numel()).view(shape);
    }

    /** Copies the shard's gradient to its place and frees it. */
    void fill() {
      if (leaf.filled[number]) {
        throw new IllegalStateException(
            message(
                "train: a parameter must get its gradient once in a shard; %s got a second one. A"
                    + " loss function must not call backward() itself; add the losses.",
                shape));
      }
      Tensor grad = parameter.grad();
      of(leaf.flat).copy_(grad);
      parameter.setGrad(null);
      grad.close();
      leaf.filled[number] = true;
      leaf.missing--;
    }
  }

  Device device() {
    return device;
  }

  List<Slot> slots() {
    return slots;
  }

  BucketExchange exchange() {
    return exchange;
  }

  void allocate() {
    wholes.allocate(elements);
    leaves.allocate(elements);
    exchange.allocate(elements);
  }

  /** Forgets the step before and expects the leaves of {@code range}. */
  void begin(int shards, ReductionTree.Range expected) {
    wholes.begin();
    leaves.begin();
    exchange.begin();
    byShard.clear();
    leaf = null;
    range = expected;
    sums = new TreeAccumulator<>(shards, range.first(), range.end(), this::add);
  }

  /** Adds two nodes. Leaves may be of the narrower type on the wire; a sum never is. */
  private Tensor add(Tensor left, Tensor right) {
    Tensor target = left;
    if (left.dtype() != dtype) {
      target = wholes.take();
      target.copy_(left);
      leaves.give(left);
    }
    target.add_(right);
    (right.dtype() == dtype ? wholes : leaves).give(right);
    return target;
  }

  /** Expects the gradients of a shard. */
  void beginShard(int shard) {
    leaf = new Leaf(leaves.take());
    byShard.put(shard, leaf);
  }

  /** Expects the other gradients of a shard that was begun. */
  void resumeShard(int shard) {
    leaf = byShard.get(shard);
  }

  /** Returns whether all gradients of the shard have arrived. */
  boolean isFull() {
    return leaf.missing == 0;
  }

  /** Returns whether the gradients of all shards have arrived. */
  boolean hasAllShards() {
    return sums.nextLeaf() == range.end();
  }

  /** Sets the gradients that have not come to zero; false if there were none. */
  boolean fillMissing() {
    if (isFull()) {
      return false;
    }
    for (Slot slot : slots) {
      if (!leaf.filled[slot.number]) {
        slot.of(leaf.flat).zero_();
      }
    }
    leaf.fillAll();
    return true;
  }

  /** Takes the gradients of the whole shard from a flat tensor. */
  void fill(Tensor flat) {
    leaf.flat.copy_(flat);
    leaf.fillAll();
  }

  /** Adds the full leaf to those before it, after the shards before it. */
  void addLeaf() {
    Leaf next;
    while (!hasAllShards() && (next = byShard.get(sums.nextLeaf())) != null && next.missing == 0) {
      sums.add(next.flat);
    }
  }

  /** Puts an empty tensor in the place of an empty leaf, which it returns. */
  Tensor swapLeaf(Tensor other) {
    Tensor before = leaf.flat;
    leaf.flat = other;
    leaf.empty();
    return before;
  }

  /** Returns a zeroed tensor like a leaf, owned by the caller. */
  Tensor newLeaf() {
    return Tensor.on(device).zeros(leaves.dtype(), elements).retain();
  }

  /** Starts to bring the sums over the leaves of this rank to where the exchange works. */
  void download() {
    exchange.download(sums.finish());
  }

  /** Waits for the sum over all leaves. */
  void awaitSum() {
    sum = exchange.await();
    if (sum.dtype() != dtype) {
      Tensor wide = wholes.take();
      wide.copy_(sum);
      sum = wide;
    }
  }

  /** Makes the sum the gradients of the parameters. */
  void setGradients() {
    slots.forEach(slot -> slot.parameter.setGrad(slot.of(sum)));
  }

  /** Starts to gather the parameters, in the memory of the sum, which is not needed any more. */
  void startGather() {
    for (Slot slot : slots) {
      slot.of(sum).copy_(slot.parameter.detach());
    }
    exchange.startGather(sum);
  }

  void finishGather() {
    sum = exchange.await();
    for (Slot slot : slots) {
      slot.parameter.detach().copy_(slot.of(sum));
    }
  }

  void close() {
    wholes.close();
    leaves.close();
    exchange.close();
  }
}
