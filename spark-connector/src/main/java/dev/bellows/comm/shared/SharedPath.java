package dev.bellows.comm.shared;

import static dev.bellows.errors.Messages.message;

import com.google.protobuf.ByteString;
import dev.bellows.comm.CommException;
import dev.bellows.proto.comm.Frame;
import dev.bellows.proto.comm.SharedOffer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Holds the shared memory of one connection: a ring for each direction, once it is offered and
 * accepted. Until then, and where it is refused, payloads go through the socket; the sender never
 * waits for the reply. Confined to the event thread.
 */
public final class SharedPath {
  private static final int REFUSAL_BYTES = 100;

  private final Path directory;
  private final int ringBytes;
  private final int largest;

  private SharedFile.Made offered;
  private boolean answered;
  private boolean asked;
  private SharedWriter writer;
  private SharedReader reader;
  private String refusal;

  /**
   * Creates a connection without rings.
   *
   * @param directory where the ring that is offered is made
   * @param ringBytes of the ring that is offered, and the most of one that is taken; 0 for none
   * @param largest the largest payload
   */
  public SharedPath(Path directory, int ringBytes, int largest) {
    this.directory = directory;
    this.ringBytes = ringBytes;
    this.largest = largest;
  }

  /** Returns whether the payload of frames of a kind may be in a ring. */
  public static boolean carries(Frame.Kind kind) {
    return kind == Frame.Kind.PART || kind == Frame.Kind.RESULT || kind == Frame.Kind.MESSAGE;
  }

  /** Returns whether frames of a kind are about shared memory itself. */
  public static boolean isAbout(Frame.Kind kind) {
    return kind == Frame.Kind.SHARED_OFFER || kind == Frame.Kind.SHARED_ANSWER;
  }

  /** Returns whether an address belongs to this machine. */
  public static boolean isHere(SocketAddress address) {
    return address instanceof InetSocketAddress inet
        && inet.getAddress() != null
        && (inet.getAddress().isLoopbackAddress() || isOurs(inet.getAddress()));
  }

  private static boolean isOurs(InetAddress address) {
    try {
      return NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return false;
    }
  }

  /**
   * Creates a ring and returns the frame that offers it, or null with a reason in {@link #refusal}.
   */
  public Frame.Builder offer() {
    try {
      offered = SharedFile.make(directory, ringBytes);
    } catch (IOException | RuntimeException e) {
      refusal = e.toString();
      return null;
    }
    var offer =
        SharedOffer.newBuilder()
            .setProcess((int) ProcessHandle.current().pid())
            .setFile(offered.descriptor())
            .setRingBytes(ringBytes)
            .setToken(ByteString.copyFrom(offered.token()));
    return Frame.newBuilder().setKind(Frame.Kind.SHARED_OFFER).setSharedOffer(offer);
  }

  /**
   * Accepts or refuses the ring that the peer offers, and returns the reply.
   *
   * @throws CommException ({@code FATAL}) if it has done so before
   */
  public Frame.Builder answer(SharedOffer offer) {
    if (asked) {
      throw CommException.fatal("frame: a ring must be offered once; got another offer");
    }
    asked = true;
    var answer = Frame.newBuilder().setKind(Frame.Kind.SHARED_ANSWER);
    try {
      reader = new SharedReader(open(offer));
      return answer;
    } catch (IOException e) {
      return answer.setSharedRefusal(brief(e.getMessage()));
    } catch (RuntimeException e) {
      return answer.setSharedRefusal(brief(e.toString()));
    }
  }

  /** Shortens a text to what fits into a header. */
  private static String brief(String text) {
    var printable = text.replaceAll("[^ -~]", "?");
    return printable.substring(0, Math.min(REFUSAL_BYTES, printable.length()));
  }

  private ByteBuffer open(SharedOffer offer) throws IOException {
    var bytes = offer.getRingBytes();
    if (bytes < 4 * largest || bytes > ringBytes || bytes % 64 != 0) {
      throw new IOException(
          message("a ring must have %s..%s bytes here; got %s", 4 * largest, ringBytes, bytes));
    }
    return SharedFile.open(
        offer.getProcess(), offer.getFile(), bytes, offer.getToken().toByteArray());
  }

  /**
   * Records that the peer has accepted or refused the ring, and so need not open the file any more.
   *
   * @throws CommException ({@code FATAL}) if none was offered
   */
  public void answered(String refused) {
    if (offered == null || answered) {
      throw CommException.fatal("frame: a ring must be offered before it is taken; got an answer");
    }
    answered = true;
    offered.close();
    if (refused.isEmpty()) {
      writer = new SharedWriter(offered.ring(), largest);
    } else {
      refusal = brief(refused);
    }
  }

  /** Returns the ring for payloads to the peer, or null if they are sent through the socket. */
  public SharedWriter writer() {
    return writer;
  }

  /** Returns the ring with payloads of the peer, or null. */
  public SharedReader reader() {
    return reader;
  }

  /** Returns why payloads to the peer are not sent through shared memory, or null. */
  public String refusal() {
    return refusal;
  }

  /** Releases the memory, which is unmapped once it is unreachable, never while it is read. */
  public void close() {
    if (offered != null) {
      offered.close();
      offered = null;
    }
    writer = null;
    reader = null;
  }
}
