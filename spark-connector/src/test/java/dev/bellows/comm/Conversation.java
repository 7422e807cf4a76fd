package dev.bellows.comm;

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
  /** Small, so that few frames meet every limit. */
  static CommConfig config(int rank) {
    return CommConfig.builder("fuzz", 3, rank, 2).segmentBytes(256).windowBytes(4_096).build();
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

  private static List<byte[]> split(ByteBuffer said) {
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
