package dev.bellows.comm.group;

import dev.bellows.comm.ProcessGroup;
import java.util.List;

/** The same groups when all payloads go through sockets. */
class SocketGroupTest extends NettyGroupTest {
  @Override
  List<ProcessGroup> open(int worldSize) {
    return Ranks.netty(worldSize, options -> options.sharedBytes(0));
  }

  @Override
  List<ProcessGroup> openSmall(int worldSize) {
    return Ranks.netty(
        worldSize, o -> o.segmentBytes(4 << 10).windowBytes(64 << 10).sharedBytes(0));
  }
}
