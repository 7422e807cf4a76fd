package dev.bellows.comm.group;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * A full-duplex card. Outward the ranks behind it take turns, and in each rank its connections, one
 * frame each. Inward frames queue in the order in which they set out; the switch between never
 * drops any and is as fast as all cards together.
 */
final class SimLink {
  private final Simulation simulation;
  private final double rate;
  private final long latency;
  private final List<Port> ports = new ArrayList<>();
  private int turn;
  private boolean sending;
  private long wakeAt = Long.MAX_VALUE;
  private long inwardFree;

  /** The frames of one rank that come next, one for each connection that has any. */
  static final class Port {
    private final SimLink link;
    private final ArrayDeque<SimFrame> heads = new ArrayDeque<>();

    private Port(SimLink link) {
      this.link = link;
    }

    /** Queues the first frame of a connection that had none. */
    void add(SimFrame frame) {
      heads.add(frame);
      link.wake();
    }
  }

  SimLink(Simulation simulation, double rate, long latency) {
    this.simulation = simulation;
    this.rate = rate;
    this.latency = latency;
  }

  Port port() {
    var port = new Port(this);
    ports.add(port);
    return port;
  }

  private void wake() {
    if (sending) {
      return;
    }
    var earliest = Long.MAX_VALUE;
    for (var port : ports) {
      if (!port.heads.isEmpty()) {
        earliest = Math.min(earliest, port.heads.peek().ready);
      }
    }
    var at = Math.max(simulation.now(), earliest);
    if (at < wakeAt) {
      wakeAt = at;
      simulation.at(at, () -> awake(at));
    }
  }

  private void awake(long at) {
    if (sending || at != wakeAt) {
      return; // An earlier frame came in between.
    }
    wakeAt = Long.MAX_VALUE;
    for (var i = 0; i < ports.size(); i++) {
      turn = (turn + 1) % ports.size();
      var heads = ports.get(turn).heads;
      if (!heads.isEmpty() && heads.peek().ready <= simulation.now()) {
        send(heads.poll(), heads);
        return;
      }
    }
  }

  private void send(SimFrame frame, ArrayDeque<SimFrame> heads) {
    sending = true;
    var start = simulation.now();
    var end = start + SimModel.nanos(frame.wireBytes, rate);
    simulation.at(
        end,
        () -> {
          sending = false;
          if (frame.next != null) {
            heads.add(frame.next);
          }
          frame.from.left(frame);
          wake();
        });
    var to = simulation.transport(frame.peer);
    to.approach(frame, to.port(frame.from.rank()).link.take(frame, start, end));
  }

  /** When a frame that sets out at {@code start} and has left at {@code end} has come whole. */
  private long take(SimFrame frame, long start, long end) {
    // Busy only for as long as it needs at its own rate: a slow sender does not hold up others.
    inwardFree = Math.max(inwardFree, start + latency) + SimModel.nanos(frame.wireBytes, rate);
    return Math.max(inwardFree, end + latency);
  }
}
