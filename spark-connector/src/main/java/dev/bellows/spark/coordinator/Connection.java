package dev.bellows.spark.coordinator;

import dev.bellows.proto.coordinator.ToWorker;

/** The driver's end of one worker's connection. */
interface Connection {
  /** Queues a message; does nothing on a closed connection. */
  void send(ToWorker message);

  /** Closes it after what is queued. */
  void close();
}
