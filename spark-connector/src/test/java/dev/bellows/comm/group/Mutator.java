package dev.bellows.comm.group;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.WireFormat;
import dev.bellows.comm.wire.FrameCodec;
import dev.bellows.proto.comm.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Makes messages that are almost right. All results carry the 4 bytes of their length, or a lie.
 */
final class Mutator {
  private static final long[] NUMBERS = {
    0, 1, 2, 3, 4, 5, 7, 8, 63, 64, 65, 255, 256, 257, 4_096, 1 << 20, 1 << 30
  };

  private final Random random;
  private final Message prototype;
  private final List<byte[]> corpus;

  /**
   * @param prototype what the messages are: {@code Frame} or {@code Handshake}
   * @param corpus messages to splice with, without their length
   */
  Mutator(Random random, Message prototype, List<byte[]> corpus) {
    this.random = random;
    this.prototype = prototype;
    this.corpus = corpus;
  }

  /** A message behind its length. */
  static byte[] framed(byte[] message) {
    return framed(message.length, message);
  }

  private static byte[] framed(int length, byte[] message) {
    return ByteBuffer.allocate(4 + message.length).putInt(length).put(message).array();
  }

  /** One change of a message, now and then two. */
  byte[] mutate(byte[] message) {
    var changed = once(message);
    if (random.nextInt(4) == 0 && changed.length > 4) {
      return once(Arrays.copyOfRange(changed, 4, changed.length));
    }
    return changed;
  }

  private byte[] once(byte[] message) {
    return switch (random.nextInt(14)) {
      case 0 -> flipped(framed(message), FrameCodec.MAX_HEADER);
      case 1 -> flipped(framed(message), Integer.MAX_VALUE);
      case 2 -> framed(Arrays.copyOf(message, random.nextInt(message.length + 1)));
      case 3 -> Arrays.copyOf(framed(message), random.nextInt(message.length + 4));
      case 4 -> framed(spliced(message, corpus.get(random.nextInt(corpus.size()))));
      case 5, 6 -> framed(otherFields(message));
      case 7 -> framed(shuffled(message));
      case 8 -> framed(unknownFields(message));
      case 9 -> framed((int) number(), message);
      case 10 -> framed(otherPayloadLength(message));
      case 11 -> framed(bytes(random.nextInt(300)));
      case 12 -> bytes(1 + random.nextInt(300));
      default -> framed(concat(message, corpus.get(random.nextInt(corpus.size()))));
    };
  }

  private byte[] flipped(byte[] bytes, int within) {
    for (var flips = 1 + random.nextInt(3); flips > 0; flips--) {
      bytes[random.nextInt(Math.min(within, bytes.length))] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  private byte[] spliced(byte[] head, byte[] tail) {
    var kept = Arrays.copyOf(head, random.nextInt(head.length + 1));
    return concat(kept, Arrays.copyOfRange(tail, random.nextInt(tail.length + 1), tail.length));
  }

  private static byte[] concat(byte[] left, byte[] right) {
    var both = Arrays.copyOf(left, left.length + right.length);
    System.arraycopy(right, 0, both, left.length, right.length);
    return both;
  }

  private byte[] bytes(int count) {
    var bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  /** A number at an edge or anywhere, of either sign. */
  private long number() {
    var number =
        switch (random.nextInt(4)) {
          case 0 -> random.nextLong();
          case 1 -> random.nextInt();
          default -> NUMBERS[random.nextInt(NUMBERS.length)];
        };
    return random.nextInt(4) == 0 ? -number : number;
  }

  private byte[] otherFields(byte[] message) {
    try {
      var builder = prototype.newBuilderForType().mergeFrom(message);
      setFields(builder);
      return serialized(builder.build());
    } catch (InvalidProtocolBufferException e) {
      return message; // A second change of one that is broken already.
    }
  }

  private void setFields(Message.Builder builder) {
    var fields = builder.getDescriptorForType().getFields();
    for (var count = 1 + random.nextInt(random.nextInt(4) == 0 ? 12 : 3); count > 0; count--) {
      var field = fields.get(random.nextInt(fields.size()));
      if (random.nextInt(8) == 0) {
        builder.clearField(field);
      } else {
        builder.setField(field, value(builder, field));
      }
    }
  }

  private Object value(Message.Builder builder, FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case INT -> (int) number();
      case LONG -> number();
      case BOOLEAN -> random.nextBoolean();
      case STRING -> new String(bytes(random.nextInt(20)), StandardCharsets.UTF_8);
      case BYTE_STRING -> ByteString.copyFrom(bytes(random.nextInt(400)));
      case ENUM -> field.getEnumType().findValueByNumberCreatingIfUnknown(random.nextInt(10) - 1);
      case MESSAGE -> {
        var inner = ((Message) builder.getField(field)).toBuilder();
        setFields(inner);
        yield inner.build();
      }
      default -> throw new IllegalStateException("a field of type " + field.getJavaType());
    };
  }

  /** The bytes of a message; of a frame with the payload last, as it must be. */
  private static byte[] serialized(Message message) {
    if (!(message instanceof Frame frame) || frame.getPayload().isEmpty()) {
      return message.toByteArray();
    }
    var header = frame.toBuilder().clearPayload().build().toByteArray();
    return concat(header, Frame.newBuilder().setPayload(frame.getPayload()).build().toByteArray());
  }

  /** The fields in another order. */
  private byte[] shuffled(byte[] message) {
    var pieces = pieces(message);
    Collections.shuffle(pieces, random);
    return joined(pieces);
  }

  private byte[] unknownFields(byte[] message) {
    var pieces = pieces(message);
    for (var count = 1 + random.nextInt(3); count > 0; count--) {
      pieces.add(random.nextInt(pieces.size() + 1), anyField());
    }
    return joined(pieces);
  }

  /** A field of any number and wire type, those that end groups and those that do not exist too. */
  private byte[] anyField() {
    var bytes = new ByteArrayOutputStream();
    try {
      var out = CodedOutputStream.newInstance(bytes);
      var type = random.nextInt(8);
      out.writeUInt32NoTag(random.nextInt(40) << 3 | type);
      switch (type) {
        case WireFormat.WIRETYPE_VARINT -> out.writeUInt64NoTag(number());
        case WireFormat.WIRETYPE_FIXED64 -> out.writeFixed64NoTag(number());
        case WireFormat.WIRETYPE_LENGTH_DELIMITED ->
            out.writeByteArrayNoTag(bytes(random.nextInt(50)));
        case WireFormat.WIRETYPE_FIXED32 -> out.writeFixed32NoTag((int) number());
        default -> {}
      }
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** The top-level fields of a message; what is broken stays together at the end. */
  private static List<byte[]> pieces(byte[] message) {
    var pieces = new ArrayList<byte[]>();
    var in = CodedInputStream.newInstance(message);
    var at = 0;
    try {
      while (!in.isAtEnd()) {
        in.skipField(in.readTag());
        pieces.add(Arrays.copyOfRange(message, at, in.getTotalBytesRead()));
        at = in.getTotalBytesRead();
      }
    } catch (IOException e) {
      pieces.add(Arrays.copyOfRange(message, at, message.length));
    }
    return pieces;
  }

  private static byte[] joined(List<byte[]> pieces) {
    var bytes = new ByteArrayOutputStream();
    pieces.forEach(bytes::writeBytes);
    return bytes.toByteArray();
  }

  /** The last field announces another length than it has. */
  private byte[] otherPayloadLength(byte[] message) {
    var pieces = pieces(message);
    if (pieces.isEmpty()) {
      return message;
    }
    var last = pieces.remove(pieces.size() - 1);
    var bytes = new ByteArrayOutputStream();
    try {
      var out = CodedOutputStream.newInstance(bytes);
      out.writeUInt32NoTag(Frame.PAYLOAD_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED);
      out.writeUInt64NoTag(number());
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    pieces.add(bytes.toByteArray());
    pieces.add(last);
    return joined(pieces);
  }
}
