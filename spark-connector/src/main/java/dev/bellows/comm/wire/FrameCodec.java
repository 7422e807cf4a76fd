package dev.bellows.comm.wire;

import static dev.bellows.errors.Messages.message;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.bellows.comm.CommException;
import dev.bellows.proto.comm.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A frame on the wire: 4 bytes length of the message, big-endian; the message's fields but the
 * payload; tag and length of the payload; the payload. A frame without payload ends before the tag.
 */
public final class FrameCodec {
  /** The bytes of the length before each message. */
  public static final int LENGTH_BYTES = 4;

  /** Room for all fields of a header at their largest, and the tag and length of the payload. */
  public static final int MAX_HEADER = 160;

  private static final int PAYLOAD_TAG =
      Frame.PAYLOAD_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

  private FrameCodec() {}

  /**
   * A parsed header.
   *
   * @param payloadStart where the payload starts in the message
   * @param payloadBytes its length
   */
  public record Parsed(Frame header, int payloadStart, int payloadBytes) {}

  /** Writes what stands before the payload, with room for {@code extra} more bytes. */
  public static ByteBuf encode(
      ByteBufAllocator allocator, Frame header, int payloadBytes, int extra) {
    var headerBytes = header.getSerializedSize();
    var prefix = payloadBytes == 0 ? 0 : prefixBytes(payloadBytes);
    var bytes = new byte[headerBytes + prefix];
    try {
      var out = CodedOutputStream.newInstance(bytes);
      header.writeTo(out);
      if (payloadBytes > 0) {
        out.writeUInt32NoTag(PAYLOAD_TAG);
        out.writeUInt32NoTag(payloadBytes);
      }
      out.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new IllegalStateException("frame: header must fit its own size", e);
    }
    var buffer = allocator.directBuffer(LENGTH_BYTES + bytes.length + extra);
    return buffer.writeInt(bytes.length + payloadBytes).writeBytes(bytes);
  }

  private static int prefixBytes(int payloadBytes) {
    return CodedOutputStream.computeUInt32SizeNoTag(PAYLOAD_TAG)
        + CodedOutputStream.computeUInt32SizeNoTag(payloadBytes);
  }

  /**
   * Parses the header of a message.
   *
   * @param head the first bytes of the message: all, or {@link #MAX_HEADER}
   * @param available how many of them are there
   * @param messageBytes length of the message
   * @throws CommException ({@code FATAL}) if it is no frame
   */
  public static Parsed parse(byte[] head, int available, int messageBytes) {
    try {
      var in = CodedInputStream.newInstance(head, 0, available);
      var headerEnd = messageBytes;
      var payloadStart = messageBytes;
      var payloadBytes = 0;
      while (in.getTotalBytesRead() < messageBytes) {
        var at = in.getTotalBytesRead();
        var tag = in.readTag();
        if (tag == PAYLOAD_TAG) {
          payloadBytes = in.readRawVarint32();
          headerEnd = at;
          payloadStart = in.getTotalBytesRead();
          break;
        }
        in.skipField(tag);
      }
      if (payloadBytes != messageBytes - payloadStart) {
        throw CommException.fatal(
            message(
                "frame: payload must end the message; got %s bytes from %s of %s",
                payloadBytes, payloadStart, messageBytes));
      }
      var header = Frame.parseFrom(ByteBuffer.wrap(head, 0, headerEnd));
      return new Parsed(header, payloadStart, payloadBytes);
    } catch (IOException e) {
      throw new CommException(
          CommException.Category.FATAL,
          message(
              "frame: must be a protobuf message with a header of at most %s bytes; got %s bytes:"
                  + " %s",
              MAX_HEADER, messageBytes, e.getMessage()),
          e);
    }
  }

  /** Returns the job's number in frames: the first 8 bytes of SHA-256 of its id. */
  public static long jobNumber(String jobId) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return ByteBuffer.wrap(digest.digest(jobId.getBytes(StandardCharsets.UTF_8))).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 must be there", e);
    }
  }
}
