package dev.bellows.train;

import dev.bellows.backend.Transfer;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.reduction.TreeAccumulator;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorCopies;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends one bucket through the {@link GradientExchange}. Where the exchange does not work on the
 * bucket's device, {@link #download} copies the sums to the host in the background while backward
 * continues, {@link #start} begins once they have arrived, and {@link #await} copies the result
 * back.
 */
final class BucketExchange {
  private static final Logger LOG = LoggerFactory.getLogger(BucketExchange.class);

  private final String name;
  private final GradientExchange exchange;
  private final DType dtype;
  private final long[] bounds;
  private final boolean scatter;

  /** Whether the exchange works on the bucket's device. */
  private final boolean direct;

  private final Flats wholes;
  private final Flats leaves;

  /** What the exchange works on: the bucket's own tensors, or tensors of the host. */
  private final Flats exchangedWholes;

  private final Flats exchangedLeaves;
  private final List<Transfer> transfers = new ArrayList<>();
  private final List<Tensor> downloaded = new ArrayList<>();
  private List<TreeAccumulator.Partial<Tensor>> sent;
  private Tensor result;
  private GradientExchange.Pending pending;

  /**
   * @param name for messages
   * @param wholes the bucket's tensors of the parameters' type
   * @param leaves the bucket's tensors of the type on the wire
   * @param bounds where the chunk of each rank starts, in elements
   * @param scatter whether each rank gets only its chunk of the sum
   */
  BucketExchange(
      String name,
      GradientExchange exchange,
      Device device,
      Flats wholes,
      Flats leaves,
      long[] bounds,
      boolean scatter) {
    this.name = name;
    this.exchange = exchange;
    this.dtype = wholes.dtype();
    this.bounds = bounds;
    this.scatter = scatter;
    this.direct = exchange.accepts(device);
    this.wholes = wholes;
    this.leaves = leaves;
    this.exchangedWholes = direct ? wholes : Flats.beside(device, dtype);
    this.exchangedLeaves =
        direct ? leaves : leaves == wholes ? exchangedWholes : Flats.beside(device, leaves.dtype());
  }

  void allocate(long elements) {
    exchangedWholes.allocate(elements);
    exchangedLeaves.allocate(elements);
  }

  /** Forgets the step before. */
  void begin() {
    downloaded.clear();
    exchangedWholes.begin();
    exchangedLeaves.begin();
  }

  /** Waits for what a failed step left pending, because it still writes into the bucket. */
  void settle() {
    awaitDownload();
    transfers.clear();
    if (pending != null) {
      try {
        pending.await();
      } catch (RuntimeException e) {
        LOG.debug("{} of a step that failed: {}", name, e.toString());
      }
      pending = null;
    }
  }

  /** Starts to copy the sums of this rank to where the exchange works. */
  void download(List<TreeAccumulator.Partial<Tensor>> sums) {
    sent = sums;
    if (direct) {
      return;
    }
    List<TreeAccumulator.Partial<Tensor>> there = new ArrayList<>();
    for (TreeAccumulator.Partial<Tensor> partial : sums) {
      Tensor host = toExchange(partial.value());
      there.add(new TreeAccumulator.Partial<>(partial.range(), host));
    }
    sent = there;
  }

  private boolean isWhole(Tensor tensor) {
    return tensor.dtype() == dtype;
  }

  /**
   * Returns a tensor of the exchange to which a tensor of the device is being copied in the
   * background.
   */
  private Tensor toExchange(Tensor ready) {
    Tensor host = (isWhole(ready) ? exchangedWholes : exchangedLeaves).take();
    transfers.add(TensorCopies.startDownload(ready, host));
    downloaded.add(ready);
    return host;
  }

  /** Returns a tensor of the device with a copy of a tensor of the exchange, which is recycled. */
  private Tensor fromExchange(Tensor done) {
    if (direct) {
      return done;
    }
    Tensor there = (isWhole(done) ? wholes : leaves).take();
    TensorCopies.startUpload(done, there);
    (isWhole(done) ? exchangedWholes : exchangedLeaves).give(done);
    return there;
  }

  /** Returns whether {@link #start} need not wait. */
  boolean hasArrived() {
    return transfers.stream().allMatch(Transfer::isDone);
  }

  private void awaitDownload() {
    transfers.forEach(Transfer::await);
  }

  private void endDownload() {
    awaitDownload();
    transfers.clear();
    for (Tensor tensor : downloaded) {
      (isWhole(tensor) ? wholes : leaves).give(tensor);
    }
    downloaded.clear();
  }

  /** Starts the sum over all ranks, after the download. */
  void start(int shards) {
    endDownload();
    DType wire = leaves.dtype();
    boolean inPlace = !sent.isEmpty() && sent.get(0).value().dtype() == wire;
    result = inPlace ? sent.get(0).value() : exchangedLeaves.take();
    pending =
        scatter
            ? exchange.startScatter(name, shards, sent, result, bounds)
            : exchange.start(name, shards, sent, result);
  }

  /** Starts to give every rank the chunks of all. */
  void startGather(Tensor data) {
    result = direct ? data : toExchange(data);
    endDownload();
    pending = exchange.startGather(result, bounds);
  }

  /** Waits for what was started; the result, on the device of the bucket. */
  Tensor await() {
    pending.await();
    pending = null;
    return fromExchange(result);
  }

  void close() {
    exchangedWholes.close();
    exchangedLeaves.close();
  }
}
