package dev.bellows.spark.worker;

import com.google.protobuf.ByteString;
import dev.bellows.backend.Backends;
import dev.bellows.comm.CommConfig;
import dev.bellows.comm.CommException;
import dev.bellows.comm.ProcessGroup;
import dev.bellows.comm.group.NettyEndpoint;
import dev.bellows.data.BatchSource;
import dev.bellows.memory.Device;
import dev.bellows.nn.Module;
import dev.bellows.optim.Optimizer;
import dev.bellows.proto.coordinator.Broken;
import dev.bellows.proto.coordinator.Evaluated;
import dev.bellows.proto.coordinator.Finished;
import dev.bellows.proto.coordinator.Joined;
import dev.bellows.proto.coordinator.Membership;
import dev.bellows.proto.coordinator.Paused;
import dev.bellows.proto.coordinator.Plan;
import dev.bellows.proto.coordinator.Ready;
import dev.bellows.proto.coordinator.Register;
import dev.bellows.proto.coordinator.Regroup;
import dev.bellows.proto.coordinator.Report;
import dev.bellows.proto.coordinator.ToDriver;
import dev.bellows.reduction.ReductionTree;
import dev.bellows.spark.BellowsException;
import dev.bellows.spark.Timeouts;
import dev.bellows.spark.UserCode;
import dev.bellows.spark.WeightsHash;
import dev.bellows.spark.checkpoint.CheckpointDirectory;
import dev.bellows.spark.coordinator.CoordinatorClient;
import dev.bellows.tensor.Generator;
import dev.bellows.train.StepReport;
import dev.bellows.train.TrainLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one rank of one generation: registers, restores the start state, executes plans until a
 * stop, and reports the result. When the group of ranks breaks or ends, it drops the unfinished
 * step, keeps its state, and joins the group that the coordinator forms next. Independent of Spark.
 *
 * @param <M> the model
 */
final class Worker<M extends Module> {
  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
  private static final Duration LEAVE = Duration.ofSeconds(3);
  private static final Duration FOREVER = Duration.ofDays(365);
  private static final Duration CONNECT = Duration.ofSeconds(30);

  private final Recipe<M> recipe;
  private final Assignment job;
  private final Place place;
  private final Timeouts timeouts;
  private final Configuration hadoop = new Configuration();

  private Seat seat;
  private NettyEndpoint endpoint;
  private volatile ProcessGroup group;
  private volatile Exchange exchange;
  private CoordinatorClient client;
  private Watchdog watchdog;
  private CheckpointDirectory store;
  private PartWriter writer;
  private BatchSource source;
  private Device device;
  private M model;
  private Optimizer optimizer;
  private GroupRates rates;
  private KeptWeights<M> kept;
  private TrainLoop<M> loop;
  private long done; // steps of the state that this rank holds; -1: none yet
  private String saving = ""; // the last checkpoint of which it has begun to write its part

  /** What a rank is in a group. */
  private record Seat(int group, int rank, int worldSize) {
    static Seat of(Regroup order) {
      return new Seat(order.getGeneration(), order.getRank(), order.getWorldSize());
    }
  }

  Worker(Recipe<M> recipe, Assignment job, Place place) {
    this.recipe = recipe;
    this.job = job;
    this.place = place;
    this.timeouts = recipe.settings().timeouts();
    this.seat = new Seat(job.generation(), place.rank(), job.worldSize());
    job.hadoop().forEach(hadoop::set);
  }

  /**
   * Works until the generation is over. Returns normally after a failure that was reported to the
   * coordinator, which decides what follows.
   *
   * @throws RuntimeException if the coordinator could not be reached
   */
  void run() {
    // Ranks that share a process have separate generators.
    var outer = Generator.setCurrent(new Generator(recipe.settings().train().seed()));
    try {
      connectAndRun();
    } finally {
      Generator.setCurrent(outer);
    }
  }

  private void connectAndRun() {
    endpoint = listen();
    try {
      var address = endpoint.address();
      client =
          new CoordinatorClient(
              job.coordinator(),
              job.secret(),
              place.tls(),
              Register.newBuilder()
                  .setJobId(job.jobId())
                  .setGeneration(job.generation())
                  .setRank(place.rank())
                  .setHost(address.getHostString())
                  .setPort(address.getPort())
                  .setPid(ProcessHandle.current().pid())
                  .setExecutorId(place.executorId())
                  .build(),
              CONNECT);
      client.onRegroup(this::endGroupBefore);
      runConnected();
    } finally {
      closeAll();
    }
  }

  private void runConnected() {
    watchdog =
        new Watchdog(
            client,
            place.killed(),
            timeouts.heartbeat(),
            this::endGroup,
            this::stall,
            place.time());
    try {
      work();
    } catch (Throwable failure) {
      failed(failure);
    } finally {
      watchdog.close();
      if (watchdog.stopped() != null) {
        Thread.interrupted(); // it was meant for the work, which has ended
      }
    }
  }

  private NettyEndpoint listen() {
    var config =
        CommConfig.builder(job.jobId(), seat.group(), seat.rank(), seat.worldSize())
            .bindHost(place.host())
            .secret(job.secret())
            .tls(place.tls())
            .connectTimeoutMs(timeouts.rendezvous().toMillis())
            .operationTimeoutMs(timeouts.collective().toMillis())
            .heartbeatMs(timeouts.heartbeat().toMillis(), timeouts.lost().toMillis());
    try {
      return NettyEndpoint.listen(config.build());
    } catch (RuntimeException e) {
      // Behind address translation the name others know is no address of this machine.
      LOG.info(
          "cannot listen on {} ({}); listening on all addresses", place.host(), e.getMessage());
      return NettyEndpoint.listen(config.bindHost("0.0.0.0").advertisedHost(place.host()).build());
    }
  }

  private void work() throws InterruptedException {
    watchdog.at(job.startStep(), "preparing");
    prepare();
    client.send(
        ToDriver.newBuilder()
            .setReady(
                Ready.newBuilder()
                    .setWeightsSha256(weights(model))
                    .setBackend(Backends.of(device).fingerprint()))
            .build());
    while (!trainInGroup()) {
      regroup();
    }
  }

  /** Trains until the end, and returns true; false: the group ended or broke before. */
  private boolean trainInGroup() throws InterruptedException {
    try {
      connect();
      train();
      watchdog.at(done, "waiting for the other workers");
      client.awaitRelease(timeouts.step());
      return true;
    } catch (RuntimeException | Error e) {
      if (watchdog.stopped() != null || !isOfGroup(e)) {
        throw e;
      }
      leave(e);
      return false;
    }
  }

  /** Returns whether a failure is only that the group broke, or that another rank failed. */
  private static boolean isOfGroup(Throwable failure) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CommException comm) {
        return comm.category() == CommException.Category.RETRYABLE
            || comm.getMessage().startsWith("aborted: ");
      }
    }
    return false;
  }

  /** Leaves the group with what this rank holds after its last whole step. */
  private void leave(Throwable why) {
    if (!client.isRegrouping()) {
      var message = Failures.message(why);
      LOG.info("rank {} of group {}: {}", seat.rank(), seat.group(), message);
      client.send(
          ToDriver.newBuilder()
              .setBroken(Broken.newBuilder().setGeneration(seat.group()).setMessage(message))
              .build());
    }
    endGroup(why);
    closeGroup();
    kept.restoreTrained();
  }

  /** Takes a seat in the next group, and listens for its ranks. */
  private void regroup() throws InterruptedException {
    watchdog.at(done, "pausing");
    takeSeat(Seat.of(client.awaitRegroup(timeouts.step())));
    var address = endpoint.address();
    client.send(
        ToDriver.newBuilder()
            .setPaused(
                Paused.newBuilder()
                    .setGeneration(seat.group())
                    .setSteps(done)
                    .setSaving(saving)
                    .setHost(address.getHostString())
                    .setPort(address.getPort()))
            .build());
  }

  private synchronized void takeSeat(Seat next) {
    seat = next;
    endpoint = listen();
  }

  /** Ends the group before that of an order, unless this rank has followed the order already. */
  private synchronized void endGroupBefore(Regroup order) {
    if (seat.group() < order.getGeneration()) {
      endGroup(CommException.retryable("train: the ranks form another group"));
    }
  }

  private void connect() throws InterruptedException {
    watchdog.at(done, "waiting for the other workers");
    // They register, and then read what they start from; one that is late waits until it is needed.
    var isFirst = seat.group() == job.generation();
    var membership =
        client.awaitMembership(
            isFirst && client.isLate() ? FOREVER : timeouts.rendezvous().plus(timeouts.step()));
    watchdog.at(done, "connecting");
    group = connect(membership, isFirst);
    client.requireLatest(); // an order that comes later finds the group
    exchange = new Exchange(group, timeouts.collective(), place.time());
    if (isFirst) {
      loop = makeLoop(membership);
      return;
    }
    watchdog.at(done, "joining");
    new StateTransfer(group, timeouts.collective(), model, optimizer, kept).run(membership, done);
    done = membership.getStartStep();
    loop = makeLoop(membership);
    client.send(
        ToDriver.newBuilder()
            .setJoined(
                Joined.newBuilder()
                    .setGeneration(seat.group())
                    .setStateCrc32C(StateTensors.crc32c(loop, kept)))
            .build());
  }

  private ProcessGroup connect(Membership membership, boolean isFirst) {
    try {
      return endpoint.connect(
          membership.getMembersList().stream()
              .map(m -> InetSocketAddress.createUnresolved(m.getHost(), m.getPort()))
              .toList());
    } catch (CommException e) {
      // A rank that has already left for the next group refuses this one, at the same port.
      throw isFirst ? e : CommException.retryable(e.getMessage());
    }
  }

  private void prepare() {
    source = recipe.data().open(place.cacheDirectory());
    device = place.device().get();
    var rank = "rank " + place.rank();
    model = UserCode.make("model", rank, () -> recipe.model().get());
    model.to(device);
    optimizer =
        UserCode.make("optimizer", rank, () -> recipe.optimizer().create(model.parameters()));
    rates = new GroupRates(optimizer);
    kept = new KeptWeights<>(recipe.settings(), model);
    if (job.checkpointDirectory() != null) {
      store = new CheckpointDirectory(job.checkpointDirectory(), hadoop);
      writer = new PartWriter(store, place.rank(), client::send, place.time());
    }
    done = client.isLate() ? -1 : job.startStep();
    if (!job.checkpoint().isEmpty() && !client.isLate()) {
      StateTensors.restore(store, job.checkpoint(), job.startStep(), model, optimizer, kept);
    }
  }

  private TrainLoop<M> makeLoop(Membership membership) {
    var self = membership.getMembers(seat.rank());
    var shards = new ReductionTree.Range(self.getFirstShard(), self.getEndShard());
    return TrainLoop.builder(model, recipe.loss(), optimizer, source)
        .settings(recipe.settings().train())
        .shardRange(shards.first(), shards.end())
        .exchange(exchange)
        .build();
  }

  private void train() throws InterruptedException {
    for (var plan = nextPlan(); ; plan = nextPlan()) {
      if (plan.getStop()) {
        finish(plan);
        return;
      }
      if (!plan.getIsDone()) {
        train(plan);
      }
      if (plan.getEvaluate()) {
        watchdog.at(plan.getStep(), "evaluating");
        evaluate().ifPresent(this::evaluated);
      }
      checkpoint(plan);
    }
  }

  private void train(Plan plan) throws InterruptedException {
    watchdog.at(plan.getStep(), "training");
    if (plan.getHasLr()) {
      rates.set(plan.getLr());
    }
    var report = reportOf(step(plan.getStep()));
    done = plan.getStep() + 1;
    kept.trained(done, loop.stepsPerEpoch());
    client.send(ToDriver.newBuilder().setReport(report).build());
    if (writer != null) {
      writer.poll();
    }
  }

  /** Tells of a metric, before the checkpoint of the state whose manifest has it. */
  private void evaluated(double metric) {
    kept.evaluated(done, metric);
    client.send(
        ToDriver.newBuilder()
            .setEvaluated(Evaluated.newBuilder().setSteps(done).setMetric(metric))
            .build());
  }

  private StepReport step(long step) {
    try {
      return loop.step(step);
    } catch (Throwable thrown) {
      throw UserCode.failure(loop.position(), seat.rank(), thrown);
    }
  }

  private Plan nextPlan() throws InterruptedException {
    return client.nextPlan(timeouts.step());
  }

  private void checkpoint(Plan plan) throws InterruptedException {
    if (!plan.getCheckpoint().isEmpty()) {
      watchdog.at(plan.getStep(), "copying a checkpoint");
      var last = plan.getStop() || done == job.steps();
      var part = new PartWriter.Part(plan.getCheckpoint(), done, seat.rank(), seat.worldSize());
      writer.write(part, last, loop, kept);
      saving = plan.getCheckpoint();
    }
  }

  private void finish(Plan plan) throws InterruptedException {
    checkpoint(plan);
    kept.restoreBest();
    watchdog.at(plan.getStep(), "evaluating");
    var finished = Finished.newBuilder().setSteps(plan.getStep());
    evaluate().ifPresent(finished::setMetric);
    watchdog.at(plan.getStep(), "writing");
    if (seat.rank() == 0) {
      ModelFile.write(
          job.modelFile(seat.group()), kept.result().stateDict().asMap(), hadoop, place.time());
    }
    if (writer != null) {
      writer.await();
    }
    client.send(
        ToDriver.newBuilder()
            .setFinished(finished.setWeightsSha256(weights(kept.result())))
            .build());
  }

  private OptionalDouble evaluate() {
    if (recipe.evaluation() == null || recipe.metric() == null) {
      return OptionalDouble.empty();
    }
    var rows = recipe.evaluation().open(place.cacheDirectory());
    try {
      return OptionalDouble.of(
          new Evaluation<>(recipe, kept.result(), device, rows).run(done, exchange));
    } finally {
      close(rows);
    }
  }

  private ByteString weights(Module of) {
    return ByteString.copyFrom(WeightsHash.of(of.stateDict().asMap()));
  }

  private static Report reportOf(StepReport report) {
    var message =
        Report.newBuilder()
            .setStep(report.step())
            .setEpoch(report.epoch())
            .setFirstShard(report.firstShard())
            .setGradNorm(report.gradNorm())
            .setWaitNs(report.waitNs())
            .setStepNs(report.stepNs());
    for (int i = 0; i < report.shardLoss().length; i++) {
      message.addShardLoss(report.shardLoss()[i]).addShardRows(report.shardRows()[i]);
    }
    return message.build();
  }

  private String stall() {
    var open = exchange;
    return open == null ? null : open.stall();
  }

  /** Ends all waits of this rank, and of others for it; any thread. */
  private void endGroup(Throwable why) {
    var open = group;
    if (open != null) {
      open.abort(why);
    } else {
      endpoint.close();
    }
  }

  /** Closes the group, and then the loop, whose buckets it reads and writes. */
  private void closeGroup() {
    var open = group;
    group = null;
    exchange = null;
    try {
      if (open != null) {
        open.close();
      } else {
        endpoint.close();
      }
    } finally {
      close(loop);
      loop = null;
    }
  }

  private void failed(Throwable failure) {
    var stopped = watchdog.stopped();
    if (stopped == null && place.killed().getAsBoolean()) { // the watchdog has not looked yet
      throw BellowsException.retryable(Watchdog.KILLED);
    }
    if (client.isReleased()) {
      LOG.info("rank {}: released: {}", place.rank(), Failures.message(failure));
    } else if (stopped != null || client.ended().isDone()) {
      throw stopped != null ? stopped : BellowsException.retryable(Failures.message(failure));
    } else {
      LOG.warn("rank {} failed at step {}", seat.rank(), watchdog.step(), failure);
      client.send(Failures.report(failure, watchdog.step()));
      endGroup(failure);
      awaitEnd();
    }
  }

  /** Waits for the release: a connection that closes first would count as a lost worker. */
  private void awaitEnd() {
    try {
      client.ended().get(LEAVE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      LOG.debug("rank {} leaves without a release", place.rank(), e);
    }
  }

  private void closeAll() {
    if (writer != null) {
      writer.close();
    }
    try {
      closeGroup();
    } finally {
      if (client != null) {
        client.close();
      }
      close(source);
    }
  }

  private static void close(Object resource) {
    if (resource instanceof AutoCloseable open) {
      try {
        open.close();
      } catch (Exception e) {
        LOG.warn("cannot close {}", resource, e);
      }
    }
  }
}
