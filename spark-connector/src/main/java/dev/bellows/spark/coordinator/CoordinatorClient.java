package dev.bellows.spark.coordinator;

import static dev.bellows.errors.Messages.message;

import dev.bellows.comm.TlsConfig;
import dev.bellows.comm.admission.Admission;
import dev.bellows.comm.admission.Party;
import dev.bellows.comm.admission.Proof;
import dev.bellows.comm.wire.MessageDecoder;
import dev.bellows.comm.wire.MessageEncoder;
import dev.bellows.proto.comm.Hello;
import dev.bellows.proto.coordinator.Category;
import dev.bellows.proto.coordinator.Membership;
import dev.bellows.proto.coordinator.Plan;
import dev.bellows.proto.coordinator.Register;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Connects a worker to the coordinator. */
public final class CoordinatorClient implements AutoCloseable {
  private final CoordinatorLoop loop = new CoordinatorLoop("bellows-coordinator-client");
  private final CoordinatorAddress address;
  private final Register self;
  private final CompletableFuture<Void> registered = new CompletableFuture<>();
  private final CompletableFuture<Membership> membership = new CompletableFuture<>();
  private final CompletableFuture<Release> ended = new CompletableFuture<>();
  private final LinkedBlockingQueue<Object> plans = new LinkedBlockingQueue<>();
  private final Channel channel;
  private volatile ChannelFuture lastWrite;
  private volatile boolean released;

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
          membership.completeExceptionally(exception(release));
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
      CompletableFuture.anyOf(registered, ended).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
  }

  /**
   * Waits until all workers of the generation have come.
   *
   * @throws BellowsException if the generation ends before, or nothing comes within the timeout
   */
  public Membership awaitMembership(Duration timeout) throws InterruptedException {
    try {
      return membership.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof BellowsException b
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
   */
  public Plan nextPlan(Duration timeout) throws InterruptedException {
    var next = plans.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
    if (next instanceof Plan plan) {
      return plan;
    }
    if (next instanceof Release release) {
      plans.add(release);
      throw exception(release);
    }
    throw BellowsException.retryable(
        message(
            "train: coordinator %s must send a plan within %s ms; nothing came",
            address, timeout.toMillis()));
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
      registered.complete(null);
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
        case MEMBERSHIP -> membership.complete(message.getMembership());
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
