package dev.bellows.comm.group;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.comm.CommException;
import dev.bellows.comm.ProcessGroup;
import dev.bellows.comm.transport.LocalTransport;
import dev.bellows.comm.transport.Transport;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LocalGroupTest extends CollectiveContract {
  private static final Duration WAIT = Duration.ofSeconds(20);
  private static final GroupOptions SMALL =
      new GroupOptions(0, 4 << 10, 0, 64 << 10, 30_000, 10_000, 1_000, 4_000);

  @Override
  List<ProcessGroup> open(int worldSize) {
    return ProcessGroups.local(worldSize);
  }

  @Override
  List<ProcessGroup> openSmall(int worldSize) {
    return ProcessGroups.local(worldSize, SMALL);
  }

  @Test
  @Timeout(30)
  void whatThrowsWhileAnOperationBeginsEndsTheGroup() {
    var broken = new AtomicReference<String>("write");
    var groups = withBrokenRank0(broken);
    var other = groups.get(1).barrier();
    assertThatThrownBy(() -> groups.get(0).barrier().await(WAIT))
        .isInstanceOf(CommException.class)
        .hasMessage(
            "barrier: generation 0, sequence 1: rank 0 of 2 failed:"
                + " java.lang.IllegalStateException: broken write")
        .extracting(e -> ((CommException) e).category())
        .isEqualTo(CommException.Category.FATAL);
    assertThatThrownBy(() -> other.await(WAIT))
        .hasMessageStartingWith("aborted: barrier: generation 0, sequence 1: rank 0 of 2 failed:");
    assertThatThrownBy(() -> groups.get(0).barrier().await(WAIT))
        .hasMessageStartingWith("aborted: barrier: ");
    Ranks.close(groups);
  }

  @Test
  @Timeout(30)
  void aFailingLookAtDeadlinesEndsTheGroup() {
    var broken = new AtomicReference<String>();
    var groups = withBrokenRank0(broken);
    var work = groups.get(0).barrier();
    broken.set("idleReadNanos");
    assertThatThrownBy(() -> work.await(WAIT))
        .hasMessage(
            "aborted: group: generation 0: rank 0 of 2 failed: java.lang.IllegalStateException:"
                + " broken idleReadNanos");
    Ranks.close(groups);
  }

  /** Two ranks; the first one's transport throws once from the method named. */
  private static List<ProcessGroup> withBrokenRank0(AtomicReference<String> broken) {
    var transports = LocalTransport.ofAll(2);
    var rank0 =
        (Transport)
            Proxy.newProxyInstance(
                Transport.class.getClassLoader(),
                new Class<?>[] {Transport.class},
                (proxy, method, arguments) -> {
                  if (broken.compareAndSet(method.getName(), null)) {
                    throw new IllegalStateException("broken " + method.getName());
                  }
                  try {
                    return method.invoke(transports.get(0), arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    return List.of(Group.start(rank0, SMALL), Group.start(transports.get(1), SMALL));
  }
}
