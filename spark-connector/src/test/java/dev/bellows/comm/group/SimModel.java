package dev.bellows.comm.group;

/**
 * The machines and the network of a {@link Simulation}. Rates are bytes per second, infinity for
 * free; times are nanoseconds.
 *
 * @param rate of a host's network card, each way
 * @param latency from one card to another
 * @param overhead of the event thread for each frame, sent or received
 * @param addRate of additions, counted in bytes of the sum
 * @param copyRate of the copy of a payload into the socket or out of it
 * @param headerBytes what a frame adds to its payload
 * @param highWater bytes waiting for a peer above which the peer takes no more
 * @param lowWater bytes below which it takes more again
 * @param ranksPerHost neighbouring ranks that share one card; among them frames go through memory
 */
record SimModel(
    double rate,
    long latency,
    long overhead,
    double addRate,
    double copyRate,
    int headerBytes,
    int highWater,
    int lowWater,
    int ranksPerHost) {
  /** What frames within a host go at; they need no latency. */
  static final double MEMORY_RATE = 8e9;

  /** A data centre: 30 µs from card to card, 3 µs for each frame, additions of 8 GB/s. */
  static SimModel gigabits(double gigabits) {
    return new SimModel(
        gigabits * 1e9 / 8,
        30_000,
        3_000,
        8e9,
        Double.POSITIVE_INFINITY,
        64,
        1 << 20,
        512 << 10,
        1);
  }

  SimModel withAddRate(double value) {
    return new SimModel(
        rate, latency, overhead, value, copyRate, headerBytes, highWater, lowWater, ranksPerHost);
  }

  SimModel withCopyRate(double value) {
    return new SimModel(
        rate, latency, overhead, addRate, value, headerBytes, highWater, lowWater, ranksPerHost);
  }

  SimModel withWater(int high, int low) {
    return new SimModel(
        rate, latency, overhead, addRate, copyRate, headerBytes, high, low, ranksPerHost);
  }

  SimModel withRanksPerHost(int value) {
    return new SimModel(
        rate, latency, overhead, addRate, copyRate, headerBytes, highWater, lowWater, value);
  }

  /** Time for a number of bytes. */
  static long nanos(long bytes, double rate) {
    return Math.round(bytes / rate * 1e9);
  }
}
