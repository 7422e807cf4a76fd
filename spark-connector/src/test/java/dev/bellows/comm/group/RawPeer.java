package dev.bellows.comm.group;

import com.google.protobuf.ByteString;
import dev.bellows.comm.CommConfig;
import dev.bellows.comm.admission.Hellos;
import dev.bellows.comm.admission.Proof;
import dev.bellows.comm.wire.FrameCodec;
import dev.bellows.proto.comm.Frame;
import dev.bellows.proto.comm.Handshake;
import dev.bellows.proto.comm.Hello;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.SecureRandom;

/** A connecting rank made of a plain socket and the generated classes, to break rules with. */
final class RawPeer implements AutoCloseable {
  final Socket socket = new Socket();
  final DataInputStream in;
  final DataOutputStream out;
  private final CommConfig config;

  RawPeer(CommConfig config, InetSocketAddress address) throws IOException {
    this.config = config;
    socket.connect(new InetSocketAddress(address.getHostString(), address.getPort()), 5_000);
    socket.setSoTimeout(10_000);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
    out = new DataOutputStream(socket.getOutputStream());
  }

  /** A hello of a rank, with a fresh nonce. */
  static Hello hello(CommConfig config) {
    return Hellos.complete(RankParty.hello(config), new SecureRandom());
  }

  Hello hello() {
    return hello(config);
  }

  /** The whole handshake of the configured rank; the last message of the other side. */
  Handshake shakeHands() throws IOException {
    var proofs = new Proof(config.secret(), RankParty.PURPOSE);
    var hello = hello();
    var challenge = exchange(Handshake.newBuilder().setHello(hello).build());
    if (!challenge.hasChallenge()) {
      return challenge;
    }
    var proof = proofs.of("connector", hello, challenge.getChallenge().getHello());
    return exchange(Handshake.newBuilder().setProof(proof).build());
  }

  Handshake sendHello(Hello hello) throws IOException {
    return exchange(Handshake.newBuilder().setHello(hello).build());
  }

  Handshake exchange(Handshake message) throws IOException {
    send(message.toByteArray());
    return Handshake.parseFrom(receive());
  }

  void send(byte[] message) throws IOException {
    out.writeInt(message.length);
    out.write(message);
    out.flush();
  }

  byte[] receive() throws IOException {
    var bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return bytes;
  }

  /** A frame of this rank without payload. */
  Frame.Builder frame(Frame.Kind kind) {
    return Frame.newBuilder()
        .setJob(FrameCodec.jobNumber(config.jobId()))
        .setGeneration(config.generation())
        .setFrom(config.rank())
        .setKind(kind)
        .setSequence(1);
  }

  /** The only segment of a partial of 16 FLOAT32 leaves of a sum over two. */
  Frame.Builder part(byte[] payload) {
    return frame(Frame.Kind.PART)
        .setOp(Frame.Op.ALL_REDUCE)
        .setElement(Frame.Element.FLOAT32)
        .setLeaves(2)
        .setPartials(1)
        .setTotalBytes(payload.length)
        .setFirstLeaf(1)
        .setEndLeaf(2)
        .setPayload(ByteString.copyFrom(payload));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
