package dev.bellows.comm.wire;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;

/**
 * Decodes protobuf messages, each behind its length: 4 bytes, big-endian, not counting themselves.
 * For messages without tensors; those are frames ({@link FrameReader}).
 */
public final class MessageDecoder extends LengthFieldBasedFrameDecoder {
  private final Parser<? extends MessageLite> parser;

  /**
   * Creates a decoder of one type of messages.
   *
   * @param maxBytes a longer message is refused as soon as its length has been read
   */
  public MessageDecoder(int maxBytes, Parser<? extends MessageLite> parser) {
    super(
        FrameCodec.LENGTH_BYTES + maxBytes, 0, FrameCodec.LENGTH_BYTES, 0, FrameCodec.LENGTH_BYTES);
    this.parser = parser;
  }

  @Override
  protected Object decode(ChannelHandlerContext context, ByteBuf in) throws Exception {
    var message = (ByteBuf) super.decode(context, in);
    if (message == null) {
      return null;
    }
    try {
      return parser.parseFrom(message.nioBuffer());
    } finally {
      message.release();
    }
  }
}
