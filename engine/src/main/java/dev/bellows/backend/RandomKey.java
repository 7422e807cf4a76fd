package dev.bellows.backend;

/**
 * Identifies a stream of random numbers. Element {@code i} of the stream is word {@code i mod 4} of
 * Philox4x32-10 with key (low, high 32 bits of {@code seed}) and counter words (low, high 32 bits
 * of {@code i / 4}, low, high 32 bits of {@code sequence}), so that any element can be computed
 * independently, on any device, at any time. For dense arrays {@code i} counts in memory order, for
 * others in row-major order of the index.
 *
 * @param seed the run's seed
 * @param sequence the number of the drawing call
 */
public record RandomKey(long seed, long sequence) {}
