package dev.bellows.comm.admission;

import static dev.bellows.errors.Messages.message;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.bellows.comm.wire.MessageDecoder;
import dev.bellows.comm.wire.MessageEncoder;
import dev.bellows.proto.comm.Challenge;
import dev.bellows.proto.comm.Handshake;
import dev.bellows.proto.comm.Hello;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLException;

/**
 * Runs one end of the handshake: hello, challenge, proof, welcome. Ends by removing itself and its
 * codec from the pipeline, or by closing the connection with a reason.
 */
final class HandshakeHandler extends SimpleChannelInboundHandler<Handshake> {
  /** The longest message that is read from a stranger. */
  private static final int MAX_MESSAGE = 4_096;

  private final Proof proof;
  private final Party party;
  private final boolean connector;
  private final long timeoutMs;
  private final RandomGenerator nonces;
  private final Runnable onAdmitted;
  private final MessageDecoder decoder = new MessageDecoder(MAX_MESSAGE, Handshake.parser());
  private final MessageEncoder encoder = new MessageEncoder();
  private Future<?> deadline;
  private Hello mine;
  private Hello theirs;
  private boolean admitted;
  private boolean failed;

  /**
   * Creates one end.
   *
   * @param connector whether this end has opened the connection
   * @param timeoutMs the longest handshake
   * @param onAdmitted called before the party is notified
   */
  HandshakeHandler(
      Proof proof,
      Party party,
      boolean connector,
      long timeoutMs,
      RandomGenerator nonces,
      Runnable onAdmitted) {
    this.nonces = nonces;
    this.proof = proof;
    this.party = party;
    this.connector = connector;
    this.timeoutMs = timeoutMs;
    this.onAdmitted = onAdmitted;
  }

  /** Adds itself, behind its codec, to the end of a pipeline. */
  void install(Channel channel) {
    channel.pipeline().addLast(decoder, encoder, this);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    deadline =
        context
            .executor()
            .schedule(
                () ->
                    fail(
                        context,
                        Party.Failure.BROKEN,
                        "handshake: must end within " + timeoutMs + " ms"),
                timeoutMs,
                TimeUnit.MILLISECONDS);
    if (connector) {
      mine = Hellos.complete(party.hello(), nonces);
      context.writeAndFlush(Handshake.newBuilder().setHello(mine).build());
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, Handshake message) {
    if (failed) {
      return;
    }
    switch (message.getStepCase()) {
      case REFUSAL ->
          fail(context, Party.Failure.REFUSED_BY_PEER, Hellos.printable(message.getRefusal()));
      case HELLO -> hello(context, message);
      case CHALLENGE -> challenge(context, message);
      case PROOF -> proof(context, message);
      case WELCOME -> {
        if (!connector || theirs == null) {
          unexpected(context, message);
        } else {
          admit(context);
        }
      }
      default -> unexpected(context, message);
    }
  }

  private void hello(ChannelHandlerContext context, Handshake message) {
    if (connector || theirs != null) {
      unexpected(context, message);
    } else if (accepts(context, message.getHello())) {
      var challenge = Challenge.newBuilder().setHello(mine);
      challenge.setProof(proof.of(Proof.ACCEPTOR, theirs, mine));
      context.writeAndFlush(Handshake.newBuilder().setChallenge(challenge).build());
    }
  }

  private void challenge(ChannelHandlerContext context, Handshake message) {
    var challenge = message.getChallenge();
    if (!connector || theirs != null) {
      unexpected(context, message);
    } else if (accepts(context, challenge.getHello())
        && proved(context, challenge.getProof(), Proof.ACCEPTOR, mine, theirs)) {
      var answer = proof.of(Proof.CONNECTOR, mine, theirs);
      context.writeAndFlush(Handshake.newBuilder().setProof(answer).build());
    }
  }

  private void proof(ChannelHandlerContext context, Handshake message) {
    if (connector || theirs == null) {
      unexpected(context, message);
    } else if (accepts(context, theirs)
        && proved(context, message.getProof(), Proof.CONNECTOR, theirs, mine)) {
      context.writeAndFlush(Handshake.newBuilder().setWelcome(true).build());
      admit(context);
    }
  }

  private boolean accepts(ChannelHandlerContext context, Hello hello) {
    mine = mine == null ? Hellos.complete(party.hello(), nonces) : mine;
    var refusal = party.refusal(mine, hello);
    if (refusal != null) {
      refuse(context, Party.Failure.REFUSED, refusal);
      return false;
    }
    theirs = hello;
    return true;
  }

  private boolean proved(
      ChannelHandlerContext context,
      ByteString given,
      String role,
      Hello connecting,
      Hello accepting) {
    if (proof.holds(given, role, connecting, accepting)) {
      return true;
    }
    refuse(
        context,
        Party.Failure.UNPROVED,
        "handshake: rank " + theirs.getRank() + " must know the job's secret");
    return false;
  }

  private void unexpected(ChannelHandlerContext context, Handshake message) {
    refuse(
        context,
        Party.Failure.REFUSED,
        "handshake: steps must come in order; got " + message.getStepCase());
  }

  /**
   * Hands the connection to the party; the decoder is removed last and forwards what it has read.
   */
  private void admit(ChannelHandlerContext context) {
    admitted = true;
    deadline.cancel(false);
    var pipeline = context.pipeline();
    pipeline.remove(this);
    pipeline.remove(encoder);
    onAdmitted.run();
    party.admitted(context.channel(), theirs);
    pipeline.remove(decoder);
  }

  private void refuse(ChannelHandlerContext context, Party.Failure failure, String reason) {
    if (!failed) {
      context.writeAndFlush(Handshake.newBuilder().setRefusal(reason).build());
      fail(context, failure, reason);
    }
  }

  private void fail(ChannelHandlerContext context, Party.Failure failure, String reason) {
    if (!failed && !admitted) {
      failed = true;
      if (deadline != null) {
        deadline.cancel(false);
      }
      party.failed(context.channel(), failure, reason);
      context.writeAndFlush(context.alloc().buffer(0)).addListener(ChannelFutureListener.CLOSE);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    fail(context, Party.Failure.BROKEN, "handshake: connection closed by peer");
    super.channelInactive(context);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    var inner = cause instanceof DecoderException ? cause.getCause() : null;
    if (admitted) {
      context.fireExceptionCaught(cause);
    } else if (inner instanceof SSLException) {
      fail(
          context,
          Party.Failure.REFUSED,
          message(
              "handshake: TLS must be set up on all ranks or none, with certificates that the"
                  + " others trust; got %s",
              inner.getMessage()));
    } else if (inner instanceof InvalidProtocolBufferException) {
      refuse(
          context,
          Party.Failure.REFUSED,
          "handshake: must be a protobuf message; got " + inner.getMessage());
    } else if (cause instanceof TooLongFrameException || cause instanceof CorruptedFrameException) {
      refuse(
          context,
          Party.Failure.REFUSED,
          "handshake: length must be 0.."
              + MAX_MESSAGE
              + " bytes; got "
              + (cause instanceof TooLongFrameException ? "more" : "a negative one"));
    } else {
      fail(context, Party.Failure.BROKEN, "handshake: " + cause);
    }
  }
}
