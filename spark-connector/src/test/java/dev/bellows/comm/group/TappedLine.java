package dev.bellows.comm.group;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** A TCP proxy that keeps what passes through it. */
final class TappedLine implements AutoCloseable {
  private final ServerSocket server;
  private final InetSocketAddress to;
  private final ByteArrayOutputStream seen = new ByteArrayOutputStream();
  private final List<Socket> sockets = new ArrayList<>();

  TappedLine(InetSocketAddress to) throws IOException {
    this.to = to;
    this.server = new ServerSocket(0, 16, InetAddress.getByName("127.0.0.1"));
    start(this::accept);
  }

  InetSocketAddress address() {
    return InetSocketAddress.createUnresolved("127.0.0.1", server.getLocalPort());
  }

  byte[] seen() {
    synchronized (seen) {
      return seen.toByteArray();
    }
  }

  private static void start(Runnable body) {
    var thread = new Thread(body, "tap");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        var near = server.accept();
        var far = new Socket(to.getHostString(), to.getPort());
        synchronized (sockets) {
          sockets.add(near);
          sockets.add(far);
        }
        start(() -> pass(near, far));
        start(() -> pass(far, near));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void pass(Socket from, Socket into) {
    var buffer = new byte[1 << 16];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = into.getOutputStream();
      for (var n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        synchronized (seen) {
          seen.write(buffer, 0, n);
        }
        out.write(buffer, 0, n);
      }
      into.shutdownOutput();
    } catch (IOException e) {
      // closed
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    synchronized (sockets) {
      for (var socket : sockets) {
        socket.close();
      }
    }
  }
}
