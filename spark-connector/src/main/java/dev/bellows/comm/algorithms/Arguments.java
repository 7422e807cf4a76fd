package dev.bellows.comm.algorithms;

import static dev.bellows.errors.Messages.message;

import dev.bellows.comm.CommException;
import dev.bellows.comm.ElementType;
import dev.bellows.comm.ReduceKind;
import dev.bellows.comm.TreePartial;
import dev.bellows.reduction.ReductionTree;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Checks what callers pass to collectives. */
final class Arguments {
  private Arguments() {}

  /** Returns the partials with views of their data. */
  static List<TreePartial> partials(
      String name,
      int leaves,
      List<TreePartial> partials,
      int bytes,
      ByteBuffer out,
      ElementType type,
      ReduceKind kind) {
    if (kind == ReduceKind.MEAN && type == ElementType.INT64) {
      throw CommException.user(message("%s: MEAN needs a floating point type; got %s", name, type));
    }
    if (leaves < 1) {
      throw CommException.user(message("%s: leaves must be at least 1; got %s", name, leaves));
    }
    Buffers.checked(name, "out", out, type.bytes());
    var checked = new ArrayList<TreePartial>(partials.size());
    for (var partial : partials) {
      var first = partial.firstLeaf();
      var end = partial.endLeaf();
      var node = "partial [" + first + ", " + end + ")";
      if (!ReductionTree.isNode(leaves, first, end)) {
        throw CommException.user(
            message(
                "%s: partials must be nodes of the tree of %s leaves; got %s", name, leaves, node));
      }
      var elementBytes = type.partialBytes(partial.leaves());
      var data = Buffers.checked(name, node, partial.data(), elementBytes);
      var expected = (long) bytes / type.bytes() * elementBytes;
      if (data.remaining() != expected) {
        throw CommException.user(
            message(
                "%s: partials must be as long as the whole result, %s bytes; got %s of %s bytes",
                name, expected, node, data.remaining()));
      }
      for (var other : checked) {
        if (first < other.endLeaf() && other.firstLeaf() < end) {
          throw CommException.user(
              message(
                  "%s: partials must not overlap; got %s and [%s, %s)",
                  name, node, other.firstLeaf(), other.endLeaf()));
        }
      }
      checked.add(new TreePartial(first, end, data));
    }
    return checked;
  }

  /** Checks bounds of chunks, in elements, and gives the size of the whole buffer in bytes. */
  static int bounds(String name, int[] bounds, int worldSize, ElementType type) {
    var fine = bounds.length == worldSize + 1 && bounds[0] == 0;
    for (var i = 1; fine && i < bounds.length; i++) {
      fine = bounds[i - 1] <= bounds[i];
    }
    if (!fine || (long) bounds[worldSize] * type.bytes() > Integer.MAX_VALUE) {
      throw CommException.user(
          message(
              "%s: bounds must be %s numbers from 0, never falling, of a buffer below 2 GiB; got"
                  + " %s",
              name, worldSize + 1, bounds));
    }
    return bounds[worldSize] * type.bytes();
  }

  static void size(String name, String what, ByteBuffer buffer, long bytes) {
    if (buffer.remaining() != bytes) {
      throw CommException.user(
          message(
              "%s: %s must have %s bytes, as the bounds say; got %s",
              name, what, bytes, buffer.remaining()));
    }
  }
}
