package dev.bellows.spark.coordinator;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.bellows.comm.TlsConfig;
import dev.bellows.proto.coordinator.Category;
import dev.bellows.proto.coordinator.Challenge;
import dev.bellows.proto.coordinator.Membership;
import dev.bellows.proto.coordinator.Plan;
import dev.bellows.proto.coordinator.Register;
import dev.bellows.proto.coordinator.Registered;
import dev.bellows.proto.coordinator.Release;
import dev.bellows.proto.coordinator.ToDriver;
import dev.bellows.proto.coordinator.ToWorker;
import dev.bellows.spark.BellowsException;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A worker's connection to the coordinator. */
public final class CoordinatorClient implements AutoCloseable {
  private final Frames.Loop loop = new Frames.Loop("bellows-coordinator-client");
  private final CoordinatorAddress address;
  private final byte[] secret;
  private final Register self;
  private final byte[] nonce = new byte[Frames.NONCE_BYTES];
  private final CompletableFuture<Void> registered = new CompletableFuture<>();
  private final CompletableFuture<Membership> membership = new CompletableFuture<>();
  private final CompletableFuture<Release> ended = new CompletableFuture<>();
  private final LinkedBlockingQueue<Object> plans = new LinkedBlockingQueue<>();
  private final Channel channel;
  private volatile ChannelFuture lastWrite;
  private volatile boolean released;

  /**
   * Connects and registers, or learns why not: then every wait says so.
   *
   * @param tls encryption of the connection; null for none
   * @param self who registers; protocol, nonce and proof are filled in
   * @param timeout for the connection
   * @throws BellowsException ({@code RETRYABLE}) if nobody answers
   */
  public CoordinatorClient(
      CoordinatorAddress address, byte[] secret, TlsConfig tls, Register self, Duration timeout) {
    this.address = address;
    new SecureRandom().nextBytes(nonce);
    this.secret = secret.clone();
    this.self = self;
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
                    if (tls != null) {
                      tls.install(c.pipeline(), true, timeout.toMillis());
                    }
                    Frames.install(c.pipeline());
                    c.pipeline().addLast(new Handler());
                  }
                })
            .connect(address.host(), address.port())
            .awaitUninterruptibly();
    if (!connected.isSuccess()) {
      loop.shutdown();
      throw new BellowsException(
          BellowsException.Category.RETRYABLE,
          "coordinator: cannot connect to " + address + ": " + connected.cause().getMessage(),
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
          "coordinator: "
              + address
              + " must answer within "
              + timeout.toMillis()
              + " ms; nothing came");
    }
  }

  /** Until then nothing else may be sent. */
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
          "rendezvous: coordinator "
              + address
              + " must name the members within "
              + timeout.toMillis()
              + " ms; nothing came");
    }
  }

  /**
   * The next plan.
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
        "train: coordinator "
            + address
            + " must send a plan within "
            + timeout.toMillis()
            + " ms; nothing came");
  }

  /** Done when the coordinator released this worker or is gone. */
  public CompletableFuture<Release> ended() {
    return ended;
  }

  /** Whether the coordinator itself said that the generation is over. */
  public boolean isReleased() {
    return released;
  }

  /** Queues a message; any thread. */
  public void send(ToDriver message) {
    lastWrite = Frames.write(channel, message);
  }

  /** Whether a release says that all went well. */
  public static boolean isSuccess(Release release) {
    return release.getCategory() == Category.NONE;
  }

  /** What a release means for work that is still under way. */
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

  private final class Handler extends SimpleChannelInboundHandler<ByteBuf> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf frame)
        throws InvalidProtocolBufferException {
      var message = ToWorker.parseFrom(Frames.read(frame));
      switch (message.getMessageCase()) {
        case CHALLENGE -> answer(context.channel(), message.getChallenge());
        case REGISTERED -> check(message.getRegistered());
        case REFUSAL ->
            end(
                Category.RETRYABLE,
                "coordinator: " + address + " refused: " + message.getRefusal().getReason());
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

    private void answer(Channel to, Challenge challenge) {
      var proof =
          Proof.of(
              secret,
              Proof.WORKER,
              challenge.getNonce().toByteArray(),
              self.getJobId(),
              self.getGeneration(),
              self.getRank());
      var register =
          self.toBuilder()
              .setProtocol(Frames.PROTOCOL)
              .setNonce(ByteString.copyFrom(nonce))
              .setProof(ByteString.copyFrom(proof));
      Frames.write(to, ToDriver.newBuilder().setRegister(register).build());
    }

    private void check(Registered answer) {
      var proof =
          Proof.of(
              secret, Proof.DRIVER, nonce, self.getJobId(), self.getGeneration(), self.getRank());
      if (MessageDigest.isEqual(proof, answer.getProof().toByteArray())) {
        registered.complete(null);
      } else {
        end(Category.FATAL, "coordinator: " + address + " does not know the job's secret");
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      end(Category.RETRYABLE, "coordinator: connection to " + address + " closed");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      end(
          Category.RETRYABLE,
          "coordinator: connection to " + address + " broke: " + cause.getMessage());
      context.close();
    }
  }
}
