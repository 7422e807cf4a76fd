package dev.bellows.comm.group;

import dev.bellows.comm.CommException;
import dev.bellows.comm.ProcessGroup;
import dev.bellows.comm.transport.LocalTransport;
import java.util.ArrayList;
import java.util.List;

/** Process groups without a network. */
public final class ProcessGroups {
  private ProcessGroups() {}

  /**
   * Creates the ranks of a group inside this JVM, by rank, each to be used by its own thread and
   * closed. Segments of 256 KiB; operations have a deadline of 60 s.
   *
   * @param worldSize the number of ranks, at least 1
   * @throws CommException ({@code USER}) if worldSize is less than 1
   */
  public static List<ProcessGroup> local(int worldSize) {
    return local(
        worldSize,
        new GroupOptions(0, 256 << 10, 256 << 10, 16 << 20, 60_000, 10_000, 1_000, 4_000));
  }

  static List<ProcessGroup> local(int worldSize, GroupOptions options) {
    if (worldSize < 1) {
      throw CommException.user("local: worldSize must be at least 1; got " + worldSize);
    }
    var groups = new ArrayList<ProcessGroup>();
    for (var transport : LocalTransport.ofAll(worldSize)) {
      groups.add(Group.start(transport, options));
    }
    return groups;
  }
}
