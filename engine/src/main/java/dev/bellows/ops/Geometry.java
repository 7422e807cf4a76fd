package dev.bellows.ops;

import dev.bellows.memory.Shapes;
import dev.bellows.memory.Strided;
import java.util.Arrays;

/**
 * Where the elements of a tensor lie in its storage, without the storage.
 *
 * @param sizes of the dimensions
 * @param strides in elements
 * @param offset of the first element in the storage
 */
public record Geometry(long[] sizes, long[] strides, long offset) {
  /** Returns the geometry of an array. */
  public static Geometry of(Strided a) {
    return new Geometry(a.sizes(), a.strides(), a.offset());
  }

  /**
   * Returns the index after the last element in the storage; the offset if there are no elements.
   */
  public long end() {
    if (Shapes.numel(sizes) == 0) {
      return offset;
    }
    long last = offset;
    for (int d = 0; d < sizes.length; d++) {
      last += (sizes[d] - 1) * strides[d];
    }
    return last + 1;
  }

  /** Returns the same with another offset. */
  public Geometry at(long newOffset) {
    return new Geometry(sizes, strides, newOffset);
  }

  /** Returns the geometry of the same elements if the storage began at {@code first}. */
  Geometry from(long first) {
    return at(offset - first);
  }

  /**
   * Returns whether two indices may name one place: false only where each stride is larger than
   * everything the smaller ones reach.
   */
  public boolean mayOverlap() {
    Integer[] order = new Integer[sizes.length];
    Arrays.setAll(order, d -> d);
    Arrays.sort(order, (x, y) -> Long.compare(strides[x], strides[y]));
    long reach = 0;
    for (int d : order) {
      if (sizes[d] > 1) {
        if (strides[d] <= reach) {
          return true;
        }
        reach += (sizes[d] - 1) * strides[d];
      }
    }
    return false;
  }
}
