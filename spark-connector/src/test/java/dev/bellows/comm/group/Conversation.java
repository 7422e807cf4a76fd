package dev.bellows.comm.group;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.bellows.comm.CommConfig;
import dev.bellows.comm.shared.SharedFile;
import dev.bellows.comm.shared.SharedPath;
import dev.bellows.comm.shared.SharedWriter;
import dev.bellows.proto.comm.Frame;
import dev.bellows.proto.comm.SharedOffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Some collectives of a group of two, and the frames that an honest rank 1 sends for them when rank
 * 0 has started all.
 *
 * @param frames without their length
 */
record Conversation(List<Collective> script, List<byte[]> frames) {
  /** Most of what is said fits. */
  static final int SHARED_BYTES = 16 << 10;

  /** Small, so that few frames meet every limit. */
  static CommConfig config(int rank) {
    return CommConfig.builder("fuzz", 3, rank, 2)
        .segmentBytes(256)
        .windowBytes(4_096)
        .sharedBytes(SHARED_BYTES)
        .build();
  }

  /** Holds it in this JVM and listens. */
  static Conversation random(Random random) {
    var script = new ArrayList<Collective>();
    for (var n = 1 + random.nextInt(5); n > 0; n--) {
      script.add(Collective.random(random, 2, random.nextInt(300)));
    }
    var near = new Wire(config(0)).start();
    var far = new Wire(config(1)).start();
    var running = new ArrayList<Collective.Running>();
    for (var wire : List.of(near, far)) {
      running.addAll(start(script, wire));
    }
    var said = ByteBuffer.allocate(1 << 20);
    for (var quiet = false; !quiet; ) {
      var out = near.sent();
      var back = far.sent();
      said.put(back);
      far.receive(out);
      near.receive(back);
      quiet = out.length == 0 && back.length == 0;
    }
    running.forEach(one -> one.work().onComplete(Conversation::succeed));
    running.forEach(Collective.Running::check);
    near.end();
    far.end();
    return new Conversation(script, split(said.flip()));
  }

  private static void succeed(Throwable error) {
    if (error != null) {
      throw new AssertionError("honest ranks must end well", error);
    }
  }

  /** Starts all at one end. */
  static List<Collective.Running> start(List<Collective> script, Wire wire) {
    var running = new ArrayList<Collective.Running>();
    for (var one : script) {
      running.add(one.start(wire.group(), Ranks::direct));
      wire.runPendingTasks();
    }
    return running;
  }

  /**
   * The same with an offer first and payloads in the ring.
   *
   * @param offered what rank 1 has made
   */
  Conversation through(SharedFile.Made offered) throws InvalidProtocolBufferException {
    var writer = new SharedWriter(offered.ring(), config(1).segmentBytes());
    var frames = new ArrayList<byte[]>();
    var from = Frame.parseFrom(this.frames.get(0));
    frames.add(
        Frame.newBuilder()
            .setJob(from.getJob())
            .setGeneration(from.getGeneration())
            .setFrom(1)
            .setKind(Frame.Kind.SHARED_OFFER)
            .setSharedOffer(offer(offered))
            .build()
            .toByteArray());
    for (var one : this.frames) {
      var frame = Frame.parseFrom(one).toBuilder();
      var bytes = frame.getPayload().size();
      if (bytes > 0 && SharedPath.carries(frame.getKind())) {
        var position = writer.put(frame.getPayload().asReadOnlyByteBuffer());
        if (position >= 0) {
          frame.clearPayload().setSharedPosition(position).setSharedBytes(bytes);
        }
      }
      frames.add(frame.build().toByteArray());
    }
    return new Conversation(script, frames);
  }

  /** What rank 1 says of its file. */
  static SharedOffer.Builder offer(SharedFile.Made offered) {
    return SharedOffer.newBuilder()
        .setProcess((int) ProcessHandle.current().pid())
        .setFile(offered.descriptor())
        .setRingBytes(offered.ring().capacity())
        .setToken(ByteString.copyFrom(offered.token()));
  }

  static List<byte[]> split(ByteBuffer said) {
    var frames = new ArrayList<byte[]>();
    while (said.hasRemaining()) {
      var frame = new byte[said.getInt()];
      said.get(frame);
      frames.add(frame);
    }
    return frames;
  }

  @Override
  public String toString() {
    return script + ", " + Arrays.deepToString(frames.toArray());
  }
}
