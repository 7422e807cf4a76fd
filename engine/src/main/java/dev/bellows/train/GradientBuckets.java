package dev.bellows.train;

import dev.bellows.autograd.HookHandle;
import dev.bellows.backend.Transfer;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.nn.Parameter;
import dev.bellows.optim.Partition;
import dev.bellows.reduction.ReductionTree;
import dev.bellows.reduction.TreeAccumulator;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gradients gathered in flat buckets, in the reverse order of the parameters, which is about the
 * order in which backward produces them. For each shard, the gradient of a parameter is copied to
 * its place as soon as it is complete and freed; a full bucket is a leaf of the {@link
 * ReductionTree} and is added to the leaves before it. With the last shard of this rank, a full
 * bucket starts its way through the exchange while backward still works on the next; buckets start
 * in order of their number.
 *
 * <p>Buckets, and the sums of this rank's shards, are on the device of their parameters. Where the
 * exchange does not work there, {@link Bucket#download} brings what is ready to the host while
 * backward goes on, {@link Bucket#exchange} starts with what has arrived, and {@link
 * Bucket#fromExchange} brings back what comes of it.
 */
final class GradientBuckets implements AutoCloseable {
  /**
   * The most of the first bucket, so that its way begins early, and of the last, as it ends late.
   */
  private static final long SMALL_BUCKET_BYTES = 1 << 20;

  /** Elements of a cache line of FLOAT32. */
  private static final long PART_ALIGN = 16;

  private static final Logger LOG = LoggerFactory.getLogger(GradientBuckets.class);

  private final List<Parameter> parameters;
  private final GradientExchange exchange;
  private final int shards;
  private final ReductionTree.Range range;
  private final boolean narrow;
  private final boolean scatter;
  private final List<Bucket> buckets = new ArrayList<>();
  private final Map<Tensor, Slot> slots = new IdentityHashMap<>();
  private final List<HookHandle> hooks = new ArrayList<>();
  private int nextToStart;
  private int nextToExchange;
  private boolean lastShard;
  private boolean collecting;
  private boolean capturing;

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
    this.narrow = narrow;
    this.scatter = scatter;
    assign(parameters, bucketBytes);
    exchange.requireEqual("buckets of gradients", layout());
    for (Bucket bucket : buckets) {
      bucket.allocate();
    }
    for (Parameter parameter : parameters) {
      if (parameter.requiresGrad()) {
        hooks.add(parameter.registerPostAccumulateGradHook(this::gradientReady));
      }
    }
  }

  private void assign(List<Parameter> parameters, long bucketBytes) {
    long small = Math.min(SMALL_BUCKET_BYTES, bucketBytes);
    List<Parameter> trained = new ArrayList<>(parameters);
    trained.removeIf(parameter -> !parameter.requiresGrad());
    Collections.reverse(trained);
    int last = startOfLast(trained, small);
    Bucket open = null;
    for (int i = 0; i < trained.size(); i++) {
      Parameter parameter = trained.get(i);
      long limit = buckets.size() > 1 && i < last ? bucketBytes : small;
      if (open == null
          || open.dtype != parameter.dtype()
          || !open.device.equals(parameter.device())
          || (open.elements > 0 && open.bytes() + bytes(parameter) > limit)) {
        open = new Bucket(buckets.size(), parameter.dtype(), parameter.device());
        buckets.add(open);
      }
      Slot slot = new Slot(open, parameter, open.elements);
      open.slots.add(slot);
      open.elements += parameter.numel();
      slots.put(parameter, slot);
    }
  }

  /** From where on all parameters together are small. */
  private static int startOfLast(List<Parameter> parameters, long small) {
    int start = parameters.size();
    long bytes = 0;
    while (start > 0 && bytes + bytes(parameters.get(start - 1)) <= small) {
      bytes += bytes(parameters.get(--start));
    }
    return start;
  }

  private static long bytes(Parameter parameter) {
    return parameter.numel() * parameter.dtype().bytes();
  }

  private List<String> layout() {
    List<String> lines = new ArrayList<>();
    for (Bucket bucket : buckets) {
      for (Slot slot : bucket.slots) {
        lines.add(
            bucket
                + ": "
                + slot.parameter.dtype()
                + Arrays.toString(slot.shape)
                + (narrow ? " as BFLOAT16" : ""));
      }
    }
    return lines;
  }

  /** Each rank's part of every parameter: about the same number of elements of every bucket. */
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

  /** Where the parts of a parameter start, by rank, counted from its first element. */
  private long[] partBounds(Tensor parameter) {
    Slot slot = slots.get(parameter);
    if (slot == null) {
      return new long[exchange.worldSize() + 1]; // Frozen: it has no gradient.
    }
    return slot.partBounds;
  }

  /** Makes whole what each rank has its part of: a flat part of a tensor like the parameter. */
  Tensor gather(Tensor parameter, Tensor part) {
    long[] bounds = partBounds(parameter);
    Tensor whole = Tensor.zeros(part.dtype(), parameter.numel());
    whole.narrow(0, bounds[exchange.rank()], part.numel()).copy_(part);
    exchange.startGather(whole, bounds).await();
    return whole.reshape(parameter.shape());
  }

  /** Gives every rank the parts of the parameters that other ranks have changed. */
  void gatherParameters() {
    for (Bucket bucket : buckets) {
      bucket.startGather();
    }
    for (Bucket bucket : buckets) {
      bucket.finishGather();
    }
  }

  /** Forgets what an earlier step, or somebody else, left behind, and expects the first shard. */
  void begin() {
    nextToStart = 0;
    nextToExchange = 0;
    collecting = false;
    settle();
    for (Parameter parameter : parameters) {
      if (parameter.requiresGrad() != slots.containsKey(parameter)) {
        throw new IllegalStateException(
            "train: what is trained must not change after the loop was made; requiresGrad of "
                + Arrays.toString(parameter.shape())
                + " is now "
                + parameter.requiresGrad()
                + ". Make a new TrainLoop.");
      }
      Slot slot = slots.get(parameter);
      if (slot != null && !parameter.device().equals(slot.bucket.device)) {
        throw new IllegalStateException(
            "train: parameters must stay where they were when the loop was made; "
                + Arrays.toString(slot.shape)
                + " was on "
                + slot.bucket.device
                + " and is on "
                + parameter.device()
                + ". Make a new TrainLoop.");
      }
    }
    slots.keySet().forEach(parameter -> parameter.setGrad(null));
    for (Bucket bucket : buckets) {
      bucket.begin();
    }
  }

  /** Expects the gradients of one shard. */
  void beginShard(boolean last) {
    lastShard = last;
    collecting = true;
    for (Bucket bucket : buckets) {
      bucket.beginShard();
    }
  }

  /** Ends a shard: parameters that got no gradient count as zero. */
  void endShard() {
    collecting = false;
    for (Bucket bucket : buckets) {
      for (Slot slot : bucket.slots) {
        if (!slot.filled) {
          slot.place().zero_();
          filled(slot);
        }
      }
    }
  }

  /** Takes no more gradients: what backward does after this is the caller's own. */
  void stopCollecting() {
    collecting = false;
  }

  /** Waits for sums that a step which failed left under way, since they write into the buckets. */
  private void settle() {
    for (Bucket bucket : buckets) {
      bucket.transfers.forEach(Transfer::await);
      bucket.transfers.clear();
      if (bucket.pending != null) {
        try {
          bucket.pending.await();
        } catch (RuntimeException e) {
          LOG.debug("{} of a step that failed: {}", bucket, e.toString());
        }
        bucket.pending = null;
      }
    }
  }

  /** Starts the exchange of a rank that has no shard at all. */
  void startWithoutShards() {
    for (Bucket bucket : buckets) {
      bucket.download();
    }
    nextToStart = buckets.size();
    exchangeArrived();
  }

  /** Starts the exchange of buckets that are where it works, in their order. */
  private void exchangeArrived() {
    while (nextToExchange < nextToStart && buckets.get(nextToExchange).hasArrived()) {
      buckets.get(nextToExchange++).exchange();
    }
  }

  /**
   * Waits for all sums and makes them the gradients of the parameters; answers nanoseconds waited.
   */
  long finish() {
    long start = System.nanoTime();
    for (; nextToExchange < buckets.size(); nextToExchange++) {
      Bucket bucket = buckets.get(nextToExchange);
      bucket.transfers.forEach(Transfer::await);
      bucket.exchange();
    }
    for (Bucket bucket : buckets) {
      bucket.pending.await();
      bucket.pending = null;
      bucket.widen();
    }
    long waited = System.nanoTime() - start;
    for (Bucket bucket : buckets) {
      for (Slot slot : bucket.slots) {
        slot.parameter.setGrad(slot.of(bucket.sum));
      }
    }
    return waited;
  }

  private void gradientReady(Tensor parameter) {
    Slot slot = slots.get(parameter);
    if (!collecting || slot == null) {
      return;
    }
    if (slot.filled) {
      throw new IllegalStateException(
          "train: a parameter must get its gradient once in a shard; "
              + Arrays.toString(slot.shape)
              + " got a second one. A loss function must not call backward() itself; add the losses.");
    }
    Tensor grad = parameter.grad();
    slot.place().copy_(grad);
    parameter.setGrad(null);
    grad.close();
    filled(slot);
  }

  private void filled(Slot slot) {
    slot.filled = true;
    Bucket bucket = slot.bucket;
    if (capturing || --bucket.missing > 0) {
      return;
    }
    complete(bucket);
  }

  /** A bucket has all gradients of a shard. */
  private void complete(Bucket bucket) {
    bucket.sums.add(bucket.leaf);
    bucket.leaf = null;
    while (lastShard && nextToStart < buckets.size() && buckets.get(nextToStart).missing == 0) {
      buckets.get(nextToStart++).download();
    }
    exchangeArrived();
  }

  /**
   * Gradients that kernels which are captured will write, one flat tensor for each bucket: runs
   * work, whose backward finds its places in them instead of the buckets'.
   */
  List<Tensor> capture(Consumer<List<Tensor>> work) {
    List<Tensor> flats = new ArrayList<>();
    for (Bucket bucket : buckets) {
      flats.add(Tensor.on(bucket.device).zeros(bucket.wire, bucket.elements).retain());
    }
    List<Tensor> leaves = buckets.stream().map(bucket -> bucket.leaf).toList();
    capturing = true;
    try {
      for (int i = 0; i < flats.size(); i++) {
        buckets.get(i).leaf = flats.get(i);
      }
      work.accept(flats);
      return flats;
    } catch (RuntimeException e) {
      flats.forEach(Tensor::close);
      parameters.forEach(parameter -> parameter.setGrad(null));
      throw e;
    } finally {
      capturing = false;
      for (int i = 0; i < flats.size(); i++) {
        buckets.get(i).leaf = leaves.get(i);
        buckets.get(i).slots.forEach(slot -> slot.filled = false);
      }
    }
  }

  /** Takes what captured kernels wrote as the gradients of the shard. */
  void take(List<Tensor> flats) {
    for (int i = 0; i < flats.size(); i++) {
      Bucket bucket = buckets.get(i);
      bucket.leaf.copy_(flats.get(i));
      bucket.slots.forEach(slot -> slot.filled = true);
      bucket.missing = 0;
      complete(bucket);
    }
  }

  @Override
  public void close() {
    collecting = false;
    settle();
    hooks.forEach(HookHandle::remove);
    for (Bucket bucket : buckets) {
      bucket.close();
    }
  }

  /** A parameter's place in its bucket. */
  private static final class Slot {
    private final Bucket bucket;
    private final Parameter parameter;
    private final long start;
    private final long[] shape;
    private long[] partBounds;
    private boolean filled;

    Slot(Bucket bucket, Parameter parameter, long start) {
      this.bucket = bucket;
      this.parameter = parameter;
      this.start = start;
      this.shape = parameter.shape();
    }

    /** The parts of the bucket start there; the slot's are what of them lies inside. */
    void cut(long[] bucketBounds) {
      long count = parameter.numel();
      partBounds =
          Arrays.stream(bucketBounds).map(at -> Math.max(0, Math.min(count, at - start))).toArray();
    }

    Tensor of(Tensor flat) {
      return flat.narrow(0, start, parameter.numel()).view(shape);
    }

    Tensor place() {
      return of(bucket.leaf);
    }
  }

  private final class Bucket {
    private final int number;
    private final DType dtype;
    private final Device device;

    /** Whether the exchange works on the device. */
    private final boolean direct;

    /** What leaves and the result of the exchange are of. */
    private final DType wire;

    private final List<Slot> slots = new ArrayList<>();
    private final Flats leaves;
    private final Flats wholes;

    /** Those that the exchange works on: the same ones, or others on the host. */
    private final Flats exchangedLeaves;

    private final Flats exchangedWholes;
    private long elements;
    private long[] bounds;
    private int missing;
    private TreeAccumulator<Tensor> sums;
    private Tensor leaf;
    private Tensor result;
    private Tensor sum;
    private GradientExchange.Pending pending;
    private List<TreeAccumulator.Partial<Tensor>> sent;
    private final List<Transfer> transfers = new ArrayList<>();
    private final List<Tensor> downloaded = new ArrayList<>();

    Bucket(int number, DType dtype, Device device) {
      this.number = number;
      this.dtype = dtype;
      this.device = device;
      this.direct = exchange.accepts(device);
      this.wire = narrow && dtype == DType.FLOAT32 ? DType.BFLOAT16 : dtype;
      this.wholes = new Flats(dtype, device);
      this.leaves = wire == dtype ? wholes : new Flats(wire, device);
      this.exchangedWholes = direct ? wholes : Flats.beside(device, dtype);
      this.exchangedLeaves =
          direct ? leaves : wire == dtype ? exchangedWholes : Flats.beside(device, wire);
    }

    private long bytes() {
      return elements * dtype.bytes();
    }

    private List<Flats> flats() {
      return List.of(wholes, leaves, exchangedWholes, exchangedLeaves);
    }

    void close() {
      flats().forEach(Flats::close);
    }

    void allocate() {
      flats().forEach(each -> each.allocate(elements));
      int ranks = exchange.worldSize();
      bounds = new long[ranks + 1];
      long part = (elements + ranks - 1) / ranks;
      part = (part + PART_ALIGN - 1) / PART_ALIGN * PART_ALIGN;
      for (int rank = 1; rank <= ranks; rank++) {
        bounds[rank] = Math.min(elements, rank * part);
      }
      for (Slot slot : slots) {
        slot.cut(bounds);
      }
    }

    void begin() {
      downloaded.clear();
      flats().forEach(Flats::begin);
      leaf = null;
      pending = null;
      sums = new TreeAccumulator<>(shards, range.first(), range.end(), this::add);
    }

    /** Both leaves may be narrow; a sum never is. */
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

    void beginShard() {
      leaf = leaves.take();
      missing = slots.size();
      for (Slot slot : slots) {
        slot.filled = false;
      }
    }

    private boolean isWhole(Tensor tensor) {
      return tensor.dtype() == dtype;
    }

    /** Starts to bring the sums of this rank's shards to where the exchange works. */
    void download() {
      sent = sums.finish();
      if (direct) {
        return;
      }
      List<TreeAccumulator.Partial<Tensor>> there = new ArrayList<>();
      for (TreeAccumulator.Partial<Tensor> partial : sent) {
        Tensor host = toExchange(partial.value());
        there.add(new TreeAccumulator.Partial<>(partial.range(), host));
      }
      sent = there;
    }

    /** A tensor of the exchange that gets, in the background, what one of the device holds. */
    private Tensor toExchange(Tensor ready) {
      Tensor host = (isWhole(ready) ? exchangedWholes : exchangedLeaves).take();
      transfers.add(Internals.startDownload(ready, host));
      downloaded.add(ready);
      return host;
    }

    boolean hasArrived() {
      return transfers.stream().allMatch(Transfer::isDone);
    }

    private void endTransfers() {
      transfers.clear();
      for (Tensor tensor : downloaded) {
        (isWhole(tensor) ? wholes : leaves).give(tensor);
      }
      downloaded.clear();
    }

    /** Starts the exchange; what it needs must have arrived. */
    void exchange() {
      endTransfers();
      boolean inPlace = !sent.isEmpty() && sent.get(0).value().dtype() == wire;
      result = inPlace ? sent.get(0).value() : exchangedLeaves.take();
      pending =
          scatter
              ? exchange.startScatter(toString(), shards, sent, result, bounds)
              : exchange.start(toString(), shards, sent, result);
    }

    /** A tensor of the device with what one of the exchange holds, which is given back. */
    private Tensor fromExchange(Tensor done) {
      if (direct) {
        return done;
      }
      Tensor there = (isWhole(done) ? wholes : leaves).take();
      Internals.startUpload(done, there);
      (isWhole(done) ? exchangedWholes : exchangedLeaves).give(done);
      return there;
    }

    void widen() {
      sum = fromExchange(result);
      if (wire != dtype) {
        Tensor wide = wholes.take();
        wide.copy_(sum);
        sum = wide;
      }
    }

    /** The sums are not needed any more: their memory holds the parameters on the way. */
    void startGather() {
      for (Slot slot : slots) {
        slot.of(sum).copy_(slot.parameter.detach());
      }
      result = direct ? sum : toExchange(sum);
      transfers.forEach(Transfer::await);
      endTransfers();
      pending = exchange.startGather(result, bounds);
    }

    void finishGather() {
      pending.await();
      pending = null;
      sum = fromExchange(result);
      for (Slot slot : slots) {
        slot.parameter.detach().copy_(slot.of(sum));
      }
    }

    @Override
    public String toString() {
      return "bucket " + number + " of " + buckets.size();
    }
  }
}
