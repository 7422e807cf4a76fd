package dev.bellows.spark.worker;

import static dev.bellows.errors.Messages.message;

import com.google.protobuf.ByteString;
import dev.bellows.backend.Backends;
import dev.bellows.comm.CommConfig;
import dev.bellows.comm.ProcessGroup;
import dev.bellows.comm.group.NettyEndpoint;
import dev.bellows.data.BatchSource;
import dev.bellows.memory.Device;
import dev.bellows.nn.Module;
import dev.bellows.optim.Optimizer;
import dev.bellows.proto.coordinator.Finished;
import dev.bellows.proto.coordinator.Membership;
import dev.bellows.proto.coordinator.Plan;
import dev.bellows.proto.coordinator.Ready;
import dev.bellows.proto.coordinator.Register;
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
 * stop, and reports the result. Independent of Spark.
 *
 * @param <M> the model
 */
final class Worker<M extends Module> {
  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
  private static final Duration LEAVE = Duration.ofSeconds(3);
  private static final Duration CONNECT = Duration.ofSeconds(30);

  private final Recipe<M> recipe;
  private final Assignment job;
  private final Place place;
  private final Timeouts timeouts;
  private final Configuration hadoop = new Configuration();

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

  Worker(Recipe<M> recipe, Assignment job, Place place) {
    this.recipe = recipe;
    this.job = job;
    this.place = place;
    this.timeouts = recipe.settings().timeouts();
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
      runConnected();
    } finally {
      closeAll();
    }
  }

  private void runConnected() {
    watchdog =
        new Watchdog(
            client, place.killed(), timeouts.heartbeat(), this::stop, this::stall, place.time());
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
        CommConfig.builder(job.jobId(), job.generation(), place.rank(), job.worldSize())
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
    watchdog.at(job.startStep(), "waiting for the other workers");
    // They register, and then read what they start from.
    var membership = client.awaitMembership(timeouts.rendezvous().plus(timeouts.step()));
    watchdog.at(job.startStep(), "connecting");
    group =
        endpoint.connect(
            membership.getMembersList().stream()
                .map(m -> InetSocketAddress.createUnresolved(m.getHost(), m.getPort()))
                .toList());
    exchange = new Exchange(group, timeouts.collective(), place.time());
    loop = makeLoop(membership);
    train();
    awaitRelease();
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
      writer = new PartWriter(store, place.rank(), job.worldSize(), client::send, place.time());
    }
    if (!job.checkpoint().isEmpty()) {
      StateTensors.restore(store, job.checkpoint(), job.startStep(), model, optimizer, kept);
    }
  }

  private TrainLoop<M> makeLoop(Membership membership) {
    var self = membership.getMembers(place.rank());
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
      watchdog.at(plan.getStep(), "training");
      if (plan.getHasLr()) {
        rates.set(plan.getLr());
      }
      var report = reportOf(step(plan.getStep()));
      kept.trained(plan.getStep() + 1, loop.stepsPerEpoch());
      if (writer != null) {
        writer.poll();
      }
      if (plan.getEvaluate()) {
        watchdog.at(plan.getStep(), "evaluating");
        var done = plan.getStep() + 1;
        evaluate(done)
            .ifPresent(
                metric -> {
                  report.setMetric(metric);
                  kept.evaluated(done, metric);
                });
      }
      // Before the part of a checkpoint, whose manifest has the evaluations up to its step.
      client.send(ToDriver.newBuilder().setReport(report).build());
      checkpoint(plan, plan.getStep() + 1);
    }
  }

  private StepReport step(long step) {
    try {
      return loop.step(step);
    } catch (Throwable thrown) {
      throw UserCode.failure(loop.position(), place.rank(), thrown);
    }
  }

  private Plan nextPlan() throws InterruptedException {
    return client.nextPlan(timeouts.step());
  }

  private void checkpoint(Plan plan, long done) throws InterruptedException {
    if (!plan.getCheckpoint().isEmpty()) {
      watchdog.at(plan.getStep(), "copying a checkpoint");
      var last = plan.getStop() || done == job.steps();
      writer.write(plan.getCheckpoint(), done, last, loop, kept);
    }
  }

  private void finish(Plan plan) throws InterruptedException {
    checkpoint(plan, plan.getStep());
    kept.restoreBest();
    watchdog.at(plan.getStep(), "evaluating");
    var finished = Finished.newBuilder().setSteps(plan.getStep());
    evaluate(plan.getStep()).ifPresent(finished::setMetric);
    watchdog.at(plan.getStep(), "writing");
    if (place.rank() == 0) {
      ModelFile.write(job.modelFile(), kept.result().stateDict().asMap(), hadoop, place.time());
    }
    if (writer != null) {
      writer.await();
    }
    client.send(
        ToDriver.newBuilder()
            .setFinished(finished.setWeightsSha256(weights(kept.result())))
            .build());
  }

  private OptionalDouble evaluate(long done) {
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

  private void awaitRelease() throws InterruptedException {
    try {
      client.ended().get(timeouts.step().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw BellowsException.retryable(
          message(
              "train: coordinator %s must release this worker within %s ms; nothing came",
              job.coordinator(), timeouts.step().toMillis()));
    }
  }

  private static Report.Builder reportOf(StepReport report) {
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
    return message;
  }

  private String stall() {
    var open = exchange;
    return open == null ? null : open.stall();
  }

  /** Ends all waits of this rank, and of others for it; called by the watchdog. */
  private void stop(BellowsException why) {
    var open = group;
    if (open != null) {
      open.abort(why);
    } else {
      endpoint.close();
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
      LOG.warn("rank {} failed at step {}", place.rank(), watchdog.step(), failure);
      client.send(Failures.report(failure, watchdog.step()));
      if (group != null) {
        group.abort(failure);
      }
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
      if (group != null) {
        group.close();
      } else {
        endpoint.close();
      }
    } finally {
      if (client != null) {
        client.close();
      }
      close(loop); // after the group, which reads and writes its buckets
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
