package dev.bellows.comm;

import java.util.List;

class LocalGroupTest extends CollectiveContract {
  @Override
  List<ProcessGroup> open(int worldSize) {
    return ProcessGroups.local(worldSize);
  }

  @Override
  List<ProcessGroup> openSmall(int worldSize) {
    return ProcessGroups.local(
        worldSize, new GroupOptions(0, 4 << 10, 64 << 10, 30_000, 5_000, 15_000));
  }
}
