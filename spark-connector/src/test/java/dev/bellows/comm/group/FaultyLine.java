package dev.bellows.comm.group;

import dev.bellows.comm.CommException;
import dev.bellows.comm.transport.Threads;
import dev.bellows.comm.wire.FrameCodec;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A TCP proxy that passes whole messages on, and breaks one thing once. When one side ends, it ends
 * the other side in the same way; nothing that came before is lost.
 */
final class FaultyLine implements AutoCloseable {
  private static final long DELAY_MS = 300;

  private final ServerSocket server;
  private final InetSocketAddress to;
  private final Framing framing;
  private final Plan plan;
  private final AtomicBoolean used = new AtomicBoolean();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final List<Socket> sockets = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile byte[] struck;
  private volatile byte[] sentInstead;

  enum Fault {
    /** One message does not arrive. */
    DROP,
    /** One message and what follows come late. */
    DELAY,
    /** One message comes twice. */
    DUPLICATE,
    /** Two messages change places. */
    REORDER,
    /** The connection ends in the middle of a message. */
    TRUNCATE,
    /** One bit of one message is flipped; never in the payload of a frame. */
    CORRUPT,
    /** One direction ends; the other goes on. */
    HALF_CLOSE,
    /** One direction or both go silent, without an end. */
    FREEZE
  }

  /** What a message is. */
  enum Framing {
    /** 4 bytes length and as many bytes: handshakes and frames. */
    FRAMES(4),
    /** 5 bytes with the length in the last two, and as many bytes. */
    TLS_RECORDS(5);

    private final int prefixBytes;

    Framing(int prefixBytes) {
      this.prefixBytes = prefixBytes;
    }

    /** The next message with its prefix, as much of it as comes; empty at the end. */
    byte[] read(DataInputStream in) throws IOException {
      var prefix = in.readNBytes(prefixBytes);
      if (prefix.length < prefixBytes) {
        return prefix;
      }
      var head = ByteBuffer.wrap(prefix);
      var rest = in.readNBytes(this == FRAMES ? head.getInt(0) : head.getChar(3));
      var message = new ByteArrayOutputStream();
      message.write(prefix);
      message.write(rest);
      return message.toByteArray();
    }

    /** The bytes that may be corrupted: without TLS nothing would find a changed payload. */
    int corruptible(byte[] message) {
      if (this == TLS_RECORDS || message.length <= prefixBytes) {
        return message.length;
      }
      var bytes = message.length - prefixBytes;
      var head = new byte[Math.min(bytes, FrameCodec.MAX_HEADER)];
      System.arraycopy(message, prefixBytes, head, 0, head.length);
      try {
        return prefixBytes + FrameCodec.parse(head, head.length, bytes).payloadStart();
      } catch (CommException e) {
        return message.length; // A handshake.
      }
    }
  }

  /**
   * What is broken, and where.
   *
   * @param fault null for none
   * @param fromDialer the direction: what the connecting side sends, or what it gets
   * @param message which message of that direction, from 0
   * @param detail decides everything else; any number of at least 0
   */
  record Plan(Fault fault, boolean fromDialer, int message, int detail) {}

  FaultyLine(InetSocketAddress to, Framing framing, Plan plan) throws IOException {
    this.to = to;
    this.framing = framing;
    this.plan = plan;
    this.server = new ServerSocket(0, 16, InetAddress.getByName("127.0.0.1"));
    start(this::accept);
  }

  InetSocketAddress address() {
    return InetSocketAddress.createUnresolved("127.0.0.1", server.getLocalPort());
  }

  /** The message that the fault met, or null if it has not happened. */
  byte[] struck() {
    return struck;
  }

  /** What went on in its place after {@link Fault#CORRUPT}. */
  byte[] sentInstead() {
    return sentInstead;
  }

  private void start(Runnable body) {
    var thread = new Thread(body, "faulty-line");
    thread.setDaemon(true);
    synchronized (threads) {
      threads.add(thread);
    }
    thread.start();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        var near = keep(server.accept());
        try {
          var far = keep(new Socket(to.getHostString(), to.getPort()));
          var frozen = new AtomicBoolean();
          start(() -> pass(near, far, true, frozen));
          start(() -> pass(far, near, false, frozen));
        } catch (IOException e) {
          near.close(); // Nobody listens any more.
        }
      } catch (IOException e) {
        // closed
      }
    }
  }

  private Socket keep(Socket socket) throws IOException {
    socket.setTcpNoDelay(true);
    synchronized (sockets) {
      sockets.add(socket);
    }
    return socket;
  }

  /** One direction of one connection, from its first byte to its end. */
  private void pass(Socket from, Socket into, boolean fromDialer, AtomicBoolean frozen) {
    var out = new Outlet(into);
    try {
      var in = new DataInputStream(new BufferedInputStream(from.getInputStream(), 1 << 16));
      byte[] held = null;
      for (var n = 0; ; n++) {
        var message = framing.read(in);
        if (frozen.get()) {
          closed.await();
        }
        if (message.length == 0) {
          break;
        }
        if (strikes(fromDialer, n)) {
          struck = message;
          held = strike(message, from, out, frozen);
        } else {
          out.write(message);
          if (held != null) {
            out.write(held);
            held = null;
          }
        }
      }
      if (held != null) {
        out.write(held);
      }
    } catch (IOException e) {
      // Reset: the other side just ends, too.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    out.end();
  }

  private boolean strikes(boolean fromDialer, int message) {
    return plan.fault != null
        && plan.fromDialer == fromDialer
        && message >= plan.message
        && used.compareAndSet(false, true);
  }

  /** Breaks one message; what is to be sent after the next one, or null. */
  private byte[] strike(byte[] message, Socket from, Outlet out, AtomicBoolean frozen)
      throws IOException, InterruptedException {
    switch (plan.fault) {
      case DROP -> {}
      case DELAY -> {
        closed.await(DELAY_MS, TimeUnit.MILLISECONDS);
        out.write(message);
      }
      case DUPLICATE -> {
        out.write(message);
        out.write(message);
      }
      case REORDER -> {
        return message;
      }
      case TRUNCATE -> {
        var part = new byte[1 + plan.detail % Math.max(1, message.length - 1)];
        System.arraycopy(message, 0, part, 0, part.length);
        out.write(part);
        out.end();
        from.close();
      }
      case CORRUPT -> {
        var changed = message.clone();
        var bit = plan.detail % (8 * framing.corruptible(message));
        changed[bit / 8] ^= (byte) (1 << bit % 8);
        sentInstead = changed;
        out.write(changed);
      }
      case HALF_CLOSE -> {
        out.write(message);
        out.end();
      }
      case FREEZE -> {
        frozen.set(plan.detail % 2 == 0);
        closed.await();
      }
    }
    return null;
  }

  /** Writes until it fails; what comes later is dropped, so that the sender can finish. */
  private static final class Outlet {
    private final Socket socket;
    private boolean ended;

    private Outlet(Socket socket) {
      this.socket = socket;
    }

    private void write(byte[] message) {
      try {
        if (!ended) {
          OutputStream out = socket.getOutputStream();
          out.write(message);
        }
      } catch (IOException e) {
        ended = true;
      }
    }

    private void end() {
      ended = true;
      try {
        socket.shutdownOutput();
      } catch (IOException e) {
        // It has ended.
      }
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    server.close();
    synchronized (sockets) {
      for (var socket : sockets) {
        socket.close();
      }
    }
    for (var thread : List.copyOf(threads)) {
      Threads.awaitEnd(thread, 5_000);
    }
  }
}
