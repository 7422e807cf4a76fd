package dev.bellows.comm;

import dev.bellows.train.ReductionTree;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Checks what callers pass to an all-reduce. */
final class Arguments {
  private Arguments() {}

  /** The partials with views of their data. */
  static List<TreePartial> allReduce(
      int leaves, List<TreePartial> partials, ByteBuffer out, ElementType type) {
    if (leaves < 1) {
      throw CommException.user("allReduce: leaves must be at least 1; got " + leaves);
    }
    Buffers.checked("allReduce", "out", out, type.bytes());
    var checked = new ArrayList<TreePartial>(partials.size());
    for (var partial : partials) {
      var first = partial.firstLeaf();
      var end = partial.endLeaf();
      var name = "partial [" + first + ", " + end + ")";
      if (!ReductionTree.isNode(leaves, first, end)) {
        throw CommException.user(
            "allReduce: partials must be nodes of the tree of " + leaves + " leaves; got " + name);
      }
      var data = Buffers.checked("allReduce", name, partial.data(), type.bytes());
      if (data.remaining() != out.remaining()) {
        throw CommException.user(
            "allReduce: partials must be as long as out, "
                + out.remaining()
                + " bytes; got "
                + name
                + " of "
                + data.remaining()
                + " bytes");
      }
      for (var other : checked) {
        if (first < other.endLeaf() && other.firstLeaf() < end) {
          throw CommException.user(
              "allReduce: partials must not overlap; got "
                  + name
                  + " and ["
                  + other.firstLeaf()
                  + ", "
                  + other.endLeaf()
                  + ")");
        }
      }
      checked.add(new TreePartial(first, end, data));
    }
    return checked;
  }
}
