package dev.bellows.comm.wire;

import com.google.protobuf.MessageLite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.MessageToByteEncoder;
import java.io.IOException;

/** Encodes protobuf messages as {@link MessageDecoder} reads them. */
public final class MessageEncoder extends MessageToByteEncoder<MessageLite> {
  /** Encodes to direct buffers. */
  public MessageEncoder() {
    super(MessageLite.class);
  }

  @Override
  protected ByteBuf allocateBuffer(
      ChannelHandlerContext context, MessageLite message, boolean direct) {
    var bytes = FrameCodec.LENGTH_BYTES + message.getSerializedSize();
    return context.alloc().ioBuffer(bytes);
  }

  @Override
  protected void encode(ChannelHandlerContext context, MessageLite message, ByteBuf out)
      throws IOException {
    out.writeInt(message.getSerializedSize());
    message.writeTo(new ByteBufOutputStream(out));
  }
}
