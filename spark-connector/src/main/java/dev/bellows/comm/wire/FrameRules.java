package dev.bellows.comm.wire;

import static dev.bellows.errors.Messages.message;

import dev.bellows.comm.CommException;
import dev.bellows.proto.comm.Frame;

/** Checks the rules for frames of all operations. */
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
          message(
              "frame: payload of %s must be at most %s bytes; got %s", kind, limit, payloadBytes));
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
              message(
                  "frame: numbers must be in range; got sequence %s, offset %s of %s, partials %s,"
                      + " leaves [%s, %s) of %s",
                  header.getSequence(),
                  header.getOffset(),
                  header.getTotalBytes(),
                  header.getPartials(),
                  header.getFirstLeaf(),
                  header.getEndLeaf(),
                  header.getLeaves()));
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
