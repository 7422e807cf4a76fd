package dev.bellows.backend.cuda;

import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;

/**
 * Sums over the places of images, in two stages: blocks sum segments of places, then the segments
 * are summed. The division into segments depends on sizes only.
 */
final class PlaceSums {
  /** Number of blocks that keeps a large device busy. */
  private static final long BLOCKS = 512;

  private static final int MOST_LANES_LOG = 5;
  private static final long MOST_SEGMENTS = 256;
  private static final long ROWS_OF_THREAD = 8;
  private static final int MOST_GRID_Y = 65535;

  private final CudaDevice device;

  PlaceSums(CudaDevice device) {
    this.device = device;
  }

  /** How sums over columns of {@code rows} elements are divided. */
  record Cut(int lanesLog, long tiles, long segments, long perSegment) {
    /**
     * Returns the division for given sizes.
     *
     * @param tasks how often the columns are summed
     */
    static Cut of(long rows, long columns, long tasks) {
      int lanesLog = Math.min(MOST_LANES_LOG, 64 - Long.numberOfLeadingZeros(columns - 1));
      long tiles = ((columns - 1 >> lanesLog) + 1) * tasks;
      long rowsOfBlock = (CudaDevice.THREADS >> lanesLog) * ROWS_OF_THREAD;
      long most = Math.min(MOST_SEGMENTS, (rows + rowsOfBlock - 1) / rowsOfBlock);
      long segments = Math.max(1, Math.min(most, BLOCKS / tiles));
      long perSegment = (rows + segments - 1) / segments;
      return new Cut(lanesLog, tiles, (rows + perSegment - 1) / perSegment, perSegment);
    }

    int gridY() {
      return (int) Math.min(MOST_GRID_Y, tiles);
    }
  }

  /** Returns the type of partial sums. */
  static DType partType(DType type) {
    return type == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
  }

  /** Computes out[c] = Σ a[place, c] of a channels-last array. */
  void ofPlaces(Strided a, long places, Strided out) {
    long columns = out.numel();
    Cut cut = Cut.of(places, columns, 1);
    DType type = a.dtype();
    try (CudaTemp parts = CudaTemp.blank(device, partType(type), cut.segments, columns)) {
      device.launch(
          device.kernel(KernelFile.CONV, type, "SUMS"),
          (int) cut.segments,
          cut.gridY(),
          CudaDevice.THREADS,
          Launch.begin()
              .array(a)
              .array(parts.array())
              .whole(places)
              .whole(cut.perSegment)
              .whole(columns)
              .whole(cut.lanesLog));
      collect(parts.array(), columns, 1, out, out.stride(0), 0, 0);
    }
  }

  /** Computes out[c, tap] = Σ parts[segment, tap, c] over segments. */
  void collect(
      Strided parts,
      long channels,
      long kernelW,
      Strided out,
      long strideC,
      long strideH,
      long strideW) {
    long columns = parts.numel() / parts.size(0);
    int lanesLog = Math.min(MOST_LANES_LOG, 64 - Long.numberOfLeadingZeros(columns - 1));
    long tiles = (columns - 1 >> lanesLog) + 1;
    device.launch(
        device.kernel(KernelFile.CONV, out.dtype(), "COLLECT"),
        Math.toIntExact(tiles),
        1,
        CudaDevice.THREADS,
        Launch.begin()
            .array(parts)
            .array(out)
            .whole(parts.size(0))
            .whole(columns)
            .whole(lanesLog)
            .whole(strideC)
            .whole(strideH)
            .whole(strideW)
            .integer((int) channels)
            .integer((int) kernelW));
  }
}
