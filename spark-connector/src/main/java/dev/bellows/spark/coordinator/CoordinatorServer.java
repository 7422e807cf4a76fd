package dev.bellows.spark.coordinator;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.bellows.comm.TlsConfig;
import dev.bellows.proto.coordinator.Challenge;
import dev.bellows.proto.coordinator.Refusal;
import dev.bellows.proto.coordinator.Register;
import dev.bellows.proto.coordinator.Registered;
import dev.bellows.proto.coordinator.ToDriver;
import dev.bellows.proto.coordinator.ToWorker;
import dev.bellows.spark.BellowsException;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for the workers of one job and hands their messages to its current {@link Generation}.
 * Who does not know the job's secret is refused.
 */
public final class CoordinatorServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CoordinatorServer.class);
  private static final long MOST_TICK_MS = 250;
  private static final long REGISTER_TIMEOUT_MS = 10_000;
  static final int MAX_STRANGERS = 1024;

  private final Frames.Loop loop = new Frames.Loop("bellows-coordinator");
  private final SecureRandom random = new SecureRandom();
  private final byte[] secret;
  private final Channel listener;
  private final CoordinatorAddress address;
  private volatile Generation current;
  private int strangers; // connections that are not registered; touched by the one thread only

  /**
   * Starts to listen.
   *
   * @param bindHost address to listen on; empty: all
   * @param advertisedHost what workers connect to
   * @param port 0: any free one
   * @param secret of the job, known to its workers
   * @param tls encryption of the connections; null for none
   * @throws BellowsException ({@code USER}) if the address cannot be bound
   */
  public CoordinatorServer(
      String bindHost, String advertisedHost, int port, byte[] secret, TlsConfig tls) {
    this.secret = secret.clone();
    var bind =
        bindHost.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(bindHost, port);
    var bootstrap =
        new ServerBootstrap()
            .group(loop.group())
            .channel(NioServerSocketChannel.class)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    if (tls != null) {
                      tls.install(channel.pipeline(), false, REGISTER_TIMEOUT_MS);
                    }
                    Frames.installForStranger(channel.pipeline());
                    channel.pipeline().addLast(new Worker());
                  }
                });
    var bound = bootstrap.bind(bind).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      loop.shutdown();
      throw new BellowsException(
          BellowsException.Category.USER,
          "coordinator: cannot listen on " + bind + ": " + bound.cause().getMessage(),
          bound.cause());
    }
    this.listener = bound.channel();
    this.address =
        new CoordinatorAddress(
            advertisedHost, ((InetSocketAddress) listener.localAddress()).getPort());
    tickAfter(MOST_TICK_MS);
  }

  /** Where workers connect to. */
  public CoordinatorAddress address() {
    return address;
  }

  /** From now on workers of this generation, and only they, are let in. */
  public void serve(Generation generation) {
    current = generation;
  }

  private void tickAfter(long millis) {
    if (!loop.group().isShuttingDown()) {
      loop.group().schedule(this::tick, millis, TimeUnit.MILLISECONDS);
    }
  }

  private void tick() {
    var generation = current;
    var next = MOST_TICK_MS;
    if (generation != null) {
      try {
        generation.tick();
      } catch (RuntimeException e) {
        LOG.error("coordinator: cannot look at the deadlines", e);
      }
      next = Math.min(next, generation.tickMs());
    }
    tickAfter(next);
  }

  @Override
  public void close() {
    listener.close().awaitUninterruptibly();
    loop.shutdown();
  }

  /** The connection of one worker; one object for each. */
  private final class Worker extends SimpleChannelInboundHandler<ByteBuf> implements Connection {
    private final byte[] nonce = new byte[Frames.NONCE_BYTES];
    private Channel channel;
    private volatile ChannelFuture lastWrite;
    private Generation generation;
    private int rank = -1;
    private boolean stranger;
    private String broken = "connection closed";

    @Override
    public void channelActive(ChannelHandlerContext context) {
      channel = context.channel();
      if (strangers == MAX_STRANGERS) {
        LOG.warn(
            "coordinator: closed {}: {} connections are not registered yet",
            channel.remoteAddress(),
            strangers);
        context.close();
        return;
      }
      strangers++;
      stranger = true;
      random.nextBytes(nonce);
      send(
          ToWorker.newBuilder()
              .setChallenge(
                  Challenge.newBuilder()
                      .setProtocol(Frames.PROTOCOL)
                      .setNonce(ByteString.copyFrom(nonce)))
              .build());
      context
          .executor()
          .schedule(
              () -> {
                if (generation == null) {
                  context.close();
                }
              },
              REGISTER_TIMEOUT_MS,
              TimeUnit.MILLISECONDS);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf frame)
        throws InvalidProtocolBufferException {
      var message = ToDriver.parseFrom(Frames.read(frame));
      if (generation != null) {
        generation.received(rank, message);
        return;
      }
      var refusal = message.hasRegister() ? register(message.getRegister()) : "register first";
      if (refusal != null) {
        LOG.info("coordinator: refused {}: {}", context.channel().remoteAddress(), refusal);
        send(ToWorker.newBuilder().setRefusal(Refusal.newBuilder().setReason(refusal)).build());
        close();
      }
    }

    private void leaveStrangers() {
      if (stranger) {
        stranger = false;
        strangers--;
      }
    }

    private String register(Register register) {
      if (register.getProtocol() != Frames.PROTOCOL) {
        return "protocol " + register.getProtocol() + ", here " + Frames.PROTOCOL;
      }
      var proof =
          Proof.of(
              secret,
              Proof.WORKER,
              nonce,
              register.getJobId(),
              register.getGeneration(),
              register.getRank());
      if (!MessageDigest.isEqual(proof, register.getProof().toByteArray())) {
        return "the proof of the job's secret is wrong";
      }
      var serving = current;
      if (serving == null
          || !serving.jobId().equals(register.getJobId())
          || serving.number() != register.getGeneration()) {
        return "job "
            + register.getJobId()
            + ", generation "
            + register.getGeneration()
            + " is not served"
            + (serving == null ? "" : "; generation " + serving.number() + " is");
      }
      if (register.getNonce().size() != Frames.NONCE_BYTES) {
        return "nonce of " + register.getNonce().size() + " bytes, not " + Frames.NONCE_BYTES;
      }
      send(registered(register));
      rank = register.getRank();
      generation = serving;
      var refusal = serving.register(register, this);
      if (refusal != null) {
        generation = null;
      } else {
        leaveStrangers();
        Frames.trust(channel.pipeline());
      }
      return refusal;
    }

    private ToWorker registered(Register register) {
      var proof =
          Proof.of(
              secret,
              Proof.DRIVER,
              register.getNonce().toByteArray(),
              register.getJobId(),
              register.getGeneration(),
              register.getRank());
      return ToWorker.newBuilder()
          .setRegistered(Registered.newBuilder().setProof(ByteString.copyFrom(proof)))
          .build();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      leaveStrangers();
      if (generation != null) {
        generation.disconnected(rank, this, broken);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      broken = String.valueOf(cause.getMessage());
      LOG.debug("coordinator: connection of {} broke", context.channel().remoteAddress(), cause);
      context.close();
    }

    @Override
    public void send(ToWorker message) {
      lastWrite = Frames.writeInOrder(channel, message);
    }

    @Override
    public void close() {
      lastWrite.addListener(ChannelFutureListener.CLOSE);
    }
  }
}
