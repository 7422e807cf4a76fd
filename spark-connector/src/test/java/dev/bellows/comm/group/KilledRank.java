package dev.bellows.comm.group;

import dev.bellows.comm.CommConfig;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Rank 2 of 3 in its own process: meets the others at a barrier and then does nothing more. */
final class KilledRank {
  private KilledRank() {}

  public static void main(String[] ports) {
    var endpoint = NettyEndpoint.listen(CommConfig.builder("job", 3, 2, 3).build());
    System.out.println(endpoint.address().getPort());
    var group =
        endpoint.connect(
            List.of(
                InetSocketAddress.createUnresolved("127.0.0.1", Integer.parseInt(ports[0])),
                InetSocketAddress.createUnresolved("127.0.0.1", Integer.parseInt(ports[1])),
                endpoint.address()));
    group.barrier().await(Duration.ofSeconds(20));
    while (true) {
      LockSupport.park();
    }
  }
}
