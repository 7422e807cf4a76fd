package dev.bellows.comm.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.comm.ProcessGroup;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

class NettyGroupTest extends CollectiveContract {
  @BeforeAll
  static void paranoid() {
    System.setProperty("io.netty.leakDetection.level", "paranoid");
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
  }

  @AfterEach
  void noThreadIsLeft() {
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("bellows-comm-r"));
  }

  @Override
  List<ProcessGroup> open(int worldSize) {
    return Ranks.netty(worldSize, options -> options);
  }

  @Override
  List<ProcessGroup> openSmall(int worldSize) {
    // A ring of four segments is full again and again.
    return Ranks.netty(
        worldSize, o -> o.segmentBytes(4 << 10).windowBytes(64 << 10).sharedBytes(16 << 10));
  }
}
