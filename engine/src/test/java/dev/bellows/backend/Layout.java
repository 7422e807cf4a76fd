package dev.bellows.backend;

import dev.bellows.memory.Shapes;

/** How a test lays an array out in memory. */
enum Layout {
  CONTIGUOUS,
  /** Dimensions in reverse order in memory. */
  TRANSPOSED,
  /** Every other column, every row one longer than needed, from an odd offset on. */
  SLICED,
  /** The first dimension repeats; for inputs only. */
  EXPANDED,
  /** For 4 dimensions only. */
  CHANNELS_LAST;

  /** Strides in elements. */
  long[] strides(long[] sizes) {
    int dims = sizes.length;
    return switch (this) {
      case CONTIGUOUS -> Shapes.contiguousStrides(sizes);
      case CHANNELS_LAST -> Shapes.channelsLastStrides(sizes);
      case TRANSPOSED -> {
        long[] strides = new long[dims];
        long stride = 1;
        for (int d = 0; d < dims; d++) {
          strides[d] = stride;
          stride *= Math.max(1, sizes[d]);
        }
        yield strides;
      }
      case SLICED -> {
        long[] strides = new long[dims];
        long stride = 2;
        for (int d = dims - 1; d >= 0; d--) {
          strides[d] = stride;
          stride = stride * Math.max(1, sizes[d]) + 1;
        }
        yield strides;
      }
      case EXPANDED -> {
        long[] strides = Shapes.contiguousStrides(sizes);
        if (dims > 0) {
          strides[0] = 0;
        }
        yield strides;
      }
    };
  }

  long offset() {
    return this == SLICED ? 19 : 16;
  }
}
