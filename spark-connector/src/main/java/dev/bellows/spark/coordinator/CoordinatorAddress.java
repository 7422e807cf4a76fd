package dev.bellows.spark.coordinator;

import java.io.Serializable;

/**
 * Where a coordinator listens.
 *
 * @param host name or address of the driver
 * @param port TCP port
 */
public record CoordinatorAddress(String host, int port) implements Serializable {
  @Override
  public String toString() {
    return host + ":" + port;
  }
}
