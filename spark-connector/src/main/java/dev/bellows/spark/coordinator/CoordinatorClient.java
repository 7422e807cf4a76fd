package dev.bellows.spark.coordinator;

import static dev.bellows.errors.Messages.message;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.bellows.comm.CommException;
import dev.bellows.comm.TlsConfig;
import dev.bellows.comm.admission.Admission;
import dev.bellows.comm.admission.Party;
import dev.bellows.comm.admission.Proof;
import dev.bellows.comm.wire.MessageDecoder;
import dev.bellows.comm.wire.MessageEncoder;
import dev.bellows.errors.TrainingException;
import dev.bellows.proto.comm.Hello;
import dev.bellows.proto.coordinator.Admitted;
import dev.bellows.proto.coordinator.Category;
import dev.bellows.proto.coordinator.Membership;
import dev.bellows.proto.coordinator.Plan;
import dev.bellows.proto.coordinator.Register;
import dev.bellows.proto.coordinator.Regroup;
import dev.bellows.proto.coordinator.Release;
import dev.bellows.proto.coordinator.ToDriver;
import dev.bellows.proto.coordinator.ToWorker;
import dev.bellows.spark.BellowsException;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Connects a worker to the coordinator. */
public final class CoordinatorClient implements AutoCloseable {
  private final CoordinatorLoop loop = new CoordinatorLoop("bellows-coordinator-client");
  private final CoordinatorAddress address;
  private final Register self;
  private final CompletableFuture<Admitted> registered = new CompletableFuture<>();
  private final CompletableFuture<Release> ended = new CompletableFuture<>();
  private final LinkedBlockingQueue<Object> plans = new LinkedBlockingQueue<>();
  private final Channel channel;
  private volatile ChannelFuture lastWrite;
  private volatile boolean released;
  private volatile Consumer<Regroup> onRegroup = order -> {};

  // Guarded by this.
  private CompletableFuture<Membership> membership = new CompletableFuture<>();
  private Regroup order; // that has not been followed yet; null: none

  /**
   * Connects and registers; a failure to do so is reported by every wait.
   *
   * @param tls encryption of the connection; null for none
   * @param self who registers
   * @param timeout for the connection
   * @throws BellowsException ({@code RETRYABLE}) if there is no connection within the timeout
   */
  public CoordinatorClient(
      CoordinatorAddress address, byte[] secret, TlsConfig tls, Register self, Duration timeout) {
    this.address = address;
    this.self = self;
    var proof = new Proof(Objects.requireNonNull(secret, "secret"), CoordinatorServer.PURPOSE);
    var admission = new Admission("worker", proof, tls, timeout.toMillis(), 1, new SecureRandom());
    var connected =
        new Bootstrap()
            .group(loop.group())
            .channel(NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) timeout.toMillis())
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel c) {
                    admission.connect(c, new Handler());
                  }
                })
            .connect(address.host(), address.port())
            .awaitUninterruptibly();
    if (!connected.isSuccess()) {
      loop.shutdown();
      throw new BellowsException(
          BellowsException.Category.RETRYABLE,
          message("coordinator: cannot connect to %s: %s", address, connected.cause().getMessage()),
          connected.cause());
    }
    this.channel = connected.channel();
    // Whoever waits for what will not come any more learns why.
    ended.thenAccept(
        release -> {
          end(exception(release));
          plans.add(release);
        });
    if (!awaitRegistered(timeout)) {
      close();
      throw BellowsException.retryable(
          message(
              "coordinator: %s must answer within %s ms; nothing came",
              address, timeout.toMillis()));
    }
  }

  /** Waits for the end of the registration, before which nothing else may be sent. */
  private boolean awaitRegistered(Duration timeout) {
    try {
      CompletableFuture.anyOf(registered, ended).get(timeout.toMillis(), MILLISECONDS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
  }

  /** Returns whether training had begun when this worker came: others will send it the state. */
  public boolean isLate() {
    return registered.getNow(Admitted.getDefaultInstance()).getLate();
  }

  /** Calls {@code action}, which must be short, when the group of ranks is to end. */
  public void onRegroup(Consumer<Regroup> action) {
    onRegroup = action;
  }

  private synchronized void end(BellowsException why) {
    membership.completeExceptionally(why);
  }

  private synchronized void complete(Membership message) {
    membership.complete(message);
  }

  private void regroup(Regroup next) {
    synchronized (this) {
      order = next;
      plans.clear();
      plans.add(next);
      membership.completeExceptionally(regrouped(next));
      membership = new CompletableFuture<>();
    }
    onRegroup.accept(next);
  }

  private static CommException regrouped(Regroup next) {
    return CommException.retryable(
        "aborted: train: the ranks form group " + next.getGeneration() + " now");
  }

  /**
   * Checks that this worker's group is still the latest.
   *
   * @throws CommException ({@code RETRYABLE}) if another one is formed
   */
  public synchronized void requireLatest() {
    if (order != null) {
      throw regrouped(order);
    }
  }

  /** Returns whether the ranks form another group than this worker's. */
  public synchronized boolean isRegrouping() {
    return order != null;
  }

  /**
   * Waits until the ranks form another group than this worker's, and returns the latest.
   *
   * @throws BellowsException if the generation is over, or nothing comes within the timeout
   */
  public Regroup awaitRegroup(Duration timeout) throws InterruptedException {
    for (Object next = ""; next != null; next = plans.poll(timeout.toMillis(), MILLISECONDS)) {
      synchronized (this) {
        if (order != null) {
          var latest = order;
          order = null;
          plans.removeIf(Regroup.class::isInstance);
          return latest;
        }
      }
      if (next instanceof Release release) {
        plans.add(release);
        throw exception(release);
      }
    }
    throw nothing("tell which ranks go on", timeout);
  }

  /**
   * Waits until all workers of the group have come.
   *
   * @throws BellowsException if the generation ends before, or nothing comes within the timeout
   * @throws CommException ({@code RETRYABLE}) if another group is formed
   */
  public Membership awaitMembership(Duration timeout) throws InterruptedException {
    CompletableFuture<Membership> next;
    synchronized (this) {
      requireLatest();
      next = membership;
    }
    try {
      return next.get(timeout.toMillis(), MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof TrainingException b
          ? b
          : new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      throw BellowsException.retryable(
          message(
              "rendezvous: coordinator %s must name the members within %s ms; nothing came",
              address, timeout.toMillis()));
    }
  }

  /**
   * Returns the next plan.
   *
   * @throws BellowsException if the generation is over, or nothing comes within the timeout
   * @throws CommException ({@code RETRYABLE}) if another group is formed
   */
  public Plan nextPlan(Duration timeout) throws InterruptedException {
    var next = next("send a plan", timeout);
    if (next instanceof Release release) {
      throw exception(release);
    }
    return (Plan) next;
  }

  /**
   * Waits for the end of a generation whose work this worker has finished.
   *
   * @throws BellowsException if nothing comes within the timeout
   * @throws CommException ({@code RETRYABLE}) if another group is formed
   */
  public void awaitRelease(Duration timeout) throws InterruptedException {
    if (next("release this worker", timeout) instanceof Release release && !isSuccess(release)) {
      throw exception(release);
    }
  }

  /** Returns the next plan or the release, which stays. */
  private Object next(String what, Duration timeout) throws InterruptedException {
    var next = plans.poll(timeout.toMillis(), MILLISECONDS);
    if (next == null) {
      throw nothing(what, timeout);
    }
    if (!(next instanceof Plan)) {
      plans.add(next);
    }
    if (next instanceof Regroup order) {
      throw regrouped(order);
    }
    return next;
  }

  private BellowsException nothing(String what, Duration timeout) {
    return BellowsException.retryable(
        message(
            "train: coordinator %s must %s within %s ms; nothing came",
            address, what, timeout.toMillis()));
  }

  /** Returns a future that completes when the coordinator releases this worker or is gone. */
  public CompletableFuture<Release> ended() {
    return ended;
  }

  /** Returns whether the coordinator itself reported the end of the generation. */
  public boolean isReleased() {
    return released;
  }

  /** Queues a message; any thread. */
  public void send(ToDriver message) {
    lastWrite = channel.writeAndFlush(message);
  }

  /** Returns whether a release reports success. */
  public static boolean isSuccess(Release release) {
    return release.getCategory() == Category.NONE;
  }

  /** Returns the exception that a release means for unfinished work. */
  public static BellowsException exception(Release release) {
    var cause = isSuccess(release) ? "released" : release.getCause();
    return new BellowsException(
        FirstCause.category(release.getCategory()),
        cause.startsWith(FirstCause.ABORTED) ? cause : FirstCause.ABORTED + cause);
  }

  @Override
  public void close() {
    var last = lastWrite;
    if (last != null) {
      last.awaitUninterruptibly(1000); // so that the last message gets out
    }
    channel.close().awaitUninterruptibly(1000);
    loop.shutdown();
  }

  private void end(Category category, String cause) {
    ended.complete(Release.newBuilder().setCategory(category).setCause(cause).build());
  }

  private final class Handler extends SimpleChannelInboundHandler<ToWorker> implements Party {
    @Override
    public Hello.Builder hello() {
      return Hello.newBuilder()
          .setJobId(self.getJobId())
          .setGeneration(self.getGeneration())
          .setRank(self.getRank());
    }

    @Override
    public void admitted(Channel admitted, Hello peer) {
      admitted
          .pipeline()
          .addLast(
              new MessageDecoder(CoordinatorServer.MAX_BYTES, ToWorker.parser()),
              new MessageEncoder(),
              this);
      admitted.writeAndFlush(ToDriver.newBuilder().setRegister(self).build());
    }

    @Override
    public void failed(Channel failed, Failure failure, String reason) {
      switch (failure) {
        case UNPROVED ->
            end(
                Category.FATAL,
                "coordinator: "
                    + address
                    + " does not know the job's secret, or this worker does not: the proof of the"
                    + " job's secret is wrong");
        case REFUSED_BY_PEER -> refused(reason);
        default -> broke(reason);
      }
    }

    private void refused(String reason) {
      end(Category.RETRYABLE, "coordinator: " + address + " refused: " + reason);
    }

    private void broke(String reason) {
      end(Category.RETRYABLE, "coordinator: connection to " + address + " broke: " + reason);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ToWorker message) {
      switch (message.getMessageCase()) {
        case REFUSAL -> refused(message.getRefusal().getReason());
        case ADMITTED -> registered.complete(message.getAdmitted());
        case REGROUP -> regroup(message.getRegroup());
        case MEMBERSHIP -> complete(message.getMembership());
        case PLANS -> plans.addAll(message.getPlans().getPlansList());
        case RELEASE -> {
          released = true;
          ended.complete(message.getRelease());
        }
        default ->
            end(Category.FATAL, "coordinator: unexpected message " + message.getMessageCase());
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      end(Category.RETRYABLE, "coordinator: connection to " + address + " closed");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      broke(cause.getMessage());
      context.close();
    }
  }
}
