package dev.bellows.comm.algorithms;

import java.util.Arrays;

/** Cuts a buffer into one chunk for each rank, its owner, and each chunk into segments. */
final class Chunks {
  /** Even chunks start at multiples of a cache line. */
  private static final int ALIGN = 64;

  /** A rank gets its chunk in so many parts if it can: some travel while others are added. */
  private static final int PIPELINE = 4;

  /** Smaller segments cost more than they save. */
  private static final int LEAST_SEGMENT = 64 << 10;

  private final long[] starts;
  private final int[] firstSegments;
  private final int segmentBytes;

  private Chunks(long[] starts, int segmentBytes) {
    this.starts = starts;
    this.segmentBytes = segmentBytes;
    this.firstSegments = new int[starts.length];
    for (var rank = 0; rank + 1 < starts.length; rank++) {
      firstSegments[rank + 1] =
          firstSegments[rank] + (int) ((size(rank) + segmentBytes - 1) / segmentBytes);
    }
  }

  /**
   * Returns chunks of equal size, except for the last ones.
   *
   * @param mostSegmentBytes a multiple of 64
   */
  static Chunks even(long totalBytes, int worldSize, int mostSegmentBytes) {
    var perRank = (totalBytes + worldSize - 1) / worldSize;
    var chunk = (perRank + ALIGN - 1) / ALIGN * ALIGN;
    var starts = new long[worldSize + 1];
    for (var rank = 0; rank <= worldSize; rank++) {
      starts[rank] = Math.min(totalBytes, rank * chunk);
    }
    var part = chunk * (worldSize - 1) / PIPELINE; // Each of the other ranks sends the chunk.
    var segment = Math.max(LEAST_SEGMENT, (part + ALIGN - 1) / ALIGN * ALIGN);
    return new Chunks(starts, (int) Math.min(mostSegmentBytes, segment));
  }

  /** Returns chunks with checked bounds, in elements. */
  static Chunks of(int[] bounds, int elementBytes, int segmentBytes) {
    return new Chunks(
        Arrays.stream(bounds).mapToLong(bound -> (long) bound * elementBytes).toArray(),
        segmentBytes);
  }

  int segmentBytes() {
    return segmentBytes;
  }

  long start(int rank) {
    return starts[rank];
  }

  long end(int rank) {
    return starts[rank + 1];
  }

  long size(int rank) {
    return end(rank) - start(rank);
  }

  long total() {
    return starts[starts.length - 1];
  }

  /** Returns the bytes of the segment of {@code owner} that starts at {@code offset}. */
  int length(int owner, long offset) {
    return (int) Math.min(segmentBytes, end(owner) - offset);
  }

  /** Returns the number of a segment, counted through all chunks. */
  int segment(int owner, long offset) {
    return firstSegments[owner] + segmentInChunk(owner, offset);
  }

  int segmentInChunk(int owner, long offset) {
    return (int) ((offset - start(owner)) / segmentBytes);
  }

  /** Returns whether a payload is one segment of the owner's chunk, times {@code widening}. */
  boolean isSegment(int owner, long offset, int widening, int payloadBytes) {
    return offset >= start(owner)
        && offset < end(owner)
        && (offset - start(owner)) % segmentBytes == 0
        && payloadBytes == widening * length(owner, offset);
  }

  /** Returns a hash of the bounds, never 0. */
  int layout() {
    return Arrays.hashCode(starts) | 1;
  }
}
