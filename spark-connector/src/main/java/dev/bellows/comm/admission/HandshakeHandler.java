package dev.bellows.comm.admission;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.bellows.comm.wire.FrameCodec;
import dev.bellows.proto.comm.Challenge;
import dev.bellows.proto.comm.Handshake;
import dev.bellows.proto.comm.Hello;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import javax.net.ssl.SSLException;

/**
 * One side of the handshake: hello, challenge, proof, welcome. Ends by removing itself, or by
 * closing the connection with a reason.
 */
public final class HandshakeHandler extends ByteToMessageDecoder {
  private static final int MAX_MESSAGE = 4_096;
  private static final String CONNECTOR = "connector";
  private static final String ACCEPTOR = "acceptor";

  private final HandshakeRules rules;
  private final boolean connector;
  private final IntPredicate expectedRank;
  private final long timeoutMs;
  private final Listener listener;
  private final Hello mine;
  private Hello theirs;
  private boolean ended;

  /** Learns how a handshake ended; event thread. */
  public interface Listener {
    /** The peer is who it should be; the handler removes itself afterwards. */
    void connected(int peer, ChannelHandlerContext context);

    /**
     * The connection is closed.
     *
     * @param refused whether a rule was broken, so that trying again is of no use
     */
    void failed(String reason, boolean refused, ChannelHandlerContext context);
  }

  public HandshakeHandler(
      HandshakeRules rules,
      boolean connector,
      IntPredicate expectedRank,
      long timeoutMs,
      Listener listener) {
    this.rules = rules;
    this.connector = connector;
    this.expectedRank = expectedRank;
    this.timeoutMs = timeoutMs;
    this.listener = listener;
    this.mine = rules.hello();
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    var deadline =
        context
            .executor()
            .schedule(
                () -> fail(context, "handshake: must end within " + timeoutMs + " ms", false),
                timeoutMs,
                TimeUnit.MILLISECONDS);
    context.channel().closeFuture().addListener(closed -> deadline.cancel(false));
    if (connector) {
      send(context, Handshake.newBuilder().setHello(mine));
    }
  }

  private static void send(ChannelHandlerContext context, Handshake.Builder message) {
    var bytes = message.build().toByteArray();
    var buffer = context.alloc().directBuffer(FrameCodec.LENGTH_BYTES + bytes.length);
    context.writeAndFlush(buffer.writeInt(bytes.length).writeBytes(bytes));
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (ended) {
      if (!context.isRemoved()) {
        in.skipBytes(in.readableBytes());
      }
      return;
    }
    if (in.readableBytes() < FrameCodec.LENGTH_BYTES) {
      return;
    }
    var length = in.getInt(in.readerIndex());
    if (length <= 0 || length > MAX_MESSAGE) {
      refuse(context, "handshake: length must be 1.." + MAX_MESSAGE + " bytes; got " + length);
      return;
    }
    if (in.readableBytes() < FrameCodec.LENGTH_BYTES + length) {
      return;
    }
    var bytes = new byte[length];
    in.skipBytes(FrameCodec.LENGTH_BYTES).readBytes(bytes);
    try {
      step(context, Handshake.parseFrom(bytes));
    } catch (InvalidProtocolBufferException e) {
      refuse(context, "handshake: must be a protobuf message; got " + e.getMessage());
    }
  }

  private void step(ChannelHandlerContext context, Handshake message) {
    switch (message.getStepCase()) {
      case REFUSAL -> fail(context, HandshakeRules.printable(message.getRefusal()), true);
      case HELLO -> {
        if (connector || theirs != null || !accepts(context, message.getHello())) {
          unexpected(context, message);
          return;
        }
        var proof = rules.proof(ACCEPTOR, theirs, mine);
        send(
            context,
            Handshake.newBuilder()
                .setChallenge(Challenge.newBuilder().setHello(mine).setProof(proof)));
      }
      case CHALLENGE -> {
        var challenge = message.getChallenge();
        if (!connector || theirs != null || !accepts(context, challenge.getHello())) {
          unexpected(context, message);
        } else if (proved(context, challenge.getProof(), ACCEPTOR, mine, theirs)) {
          send(context, Handshake.newBuilder().setProof(rules.proof(CONNECTOR, mine, theirs)));
        }
      }
      case PROOF -> {
        if (connector || theirs == null) {
          unexpected(context, message);
        } else if (accepts(context, theirs)
            && proved(context, message.getProof(), CONNECTOR, theirs, mine)) {
          send(context, Handshake.newBuilder().setWelcome(true));
          succeed(context);
        }
      }
      case WELCOME -> {
        if (!connector || theirs == null) {
          unexpected(context, message);
        } else {
          succeed(context);
        }
      }
      default -> unexpected(context, message);
    }
  }

  private boolean accepts(ChannelHandlerContext context, Hello hello) {
    var refusal = rules.refusal(hello, expectedRank);
    if (refusal != null) {
      refuse(context, refusal);
      return false;
    }
    theirs = hello;
    return true;
  }

  private boolean proved(
      ChannelHandlerContext context,
      ByteString proof,
      String role,
      Hello connecting,
      Hello accepting) {
    if (rules.proves(proof, role, connecting, accepting)) {
      return true;
    }
    refuse(context, "handshake: rank " + theirs.getRank() + " must know the job's secret");
    return false;
  }

  private void unexpected(ChannelHandlerContext context, Handshake message) {
    refuse(context, "handshake: steps must come in order; got " + message.getStepCase());
  }

  private void succeed(ChannelHandlerContext context) {
    ended = true;
    listener.connected(theirs.getRank(), context);
    context.pipeline().remove(this);
  }

  private void refuse(ChannelHandlerContext context, String reason) {
    if (!ended) {
      send(context, Handshake.newBuilder().setRefusal(reason));
      fail(context, reason, true);
    }
  }

  private void fail(ChannelHandlerContext context, String reason, boolean refused) {
    if (!ended) {
      ended = true;
      listener.failed(reason, refused, context);
      context.writeAndFlush(context.alloc().buffer(0)).addListener(ChannelFutureListener.CLOSE);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    fail(context, "handshake: connection closed by peer", false);
    super.channelInactive(context);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof DecoderException && cause.getCause() instanceof SSLException) {
      var reason =
          "handshake: TLS must be set up on all ranks or none, with certificates that the others"
              + " trust; got "
              + cause.getCause().getMessage();
      fail(context, reason, true);
    } else {
      fail(context, "handshake: " + cause, false);
    }
  }
}
