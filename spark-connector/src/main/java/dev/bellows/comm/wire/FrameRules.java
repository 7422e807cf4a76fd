package dev.bellows.comm.wire;

import dev.bellows.comm.CommException;
import dev.bellows.proto.comm.Frame;

/** The rules for every frame, whatever operation it belongs to. */
public final class FrameRules {
  private static final int ABORT_TEXT_BYTES = 4_096;

  private FrameRules() {}

  /**
   * Checks a header before anything is allocated for its payload.
   *
   * @param segmentBytes the largest payload of a segment
   * @throws CommException ({@code FATAL}) with the rule it breaks
   */
  public static void check(Frame header, int payloadBytes, int segmentBytes) {
    var kind = header.getKind();
    var limit =
        switch (kind) {
          case PART, RESULT, MESSAGE -> segmentBytes;
          case ABORT -> ABORT_TEXT_BYTES;
          default -> 0;
        };
    if (payloadBytes < 0 || payloadBytes > limit) {
      throw CommException.fatal(
          "frame: payload of "
              + kind
              + " must be at most "
              + limit
              + " bytes; got "
              + payloadBytes);
    }
    switch (kind) {
      case START, PART, RESULT, READY, MESSAGE -> {
        if (header.getSequence() <= 0
            || header.getOffset() < 0
            || header.getTotalBytes() < 0
            || header.getLeaves() < 0
            || header.getPartials() < 0
            || header.getPartials() > header.getLeaves()
            || header.getFirstLeaf() < 0
            || header.getEndLeaf() < header.getFirstLeaf()
            || header.getEndLeaf() > header.getLeaves()) {
          throw CommException.fatal(
              "frame: numbers must be in range; got sequence "
                  + header.getSequence()
                  + ", offset "
                  + header.getOffset()
                  + " of "
                  + header.getTotalBytes()
                  + ", partials "
                  + header.getPartials()
                  + ", leaves ["
                  + header.getFirstLeaf()
                  + ", "
                  + header.getEndLeaf()
                  + ") of "
                  + header.getLeaves());
        }
      }
      case ABORT -> {
        if (header.getCategory() == Frame.Category.UNRECOGNIZED) {
          throw CommException.fatal(
              "frame: category must be known; got " + header.getCategoryValue());
        }
      }
      case HEARTBEAT, GOODBYE -> {}
      default ->
          throw CommException.fatal("frame: kind must be known; got " + header.getKindValue());
    }
  }
}
