package io.github.httpreport.testkit;

import io.github.httpreport.testkit.Fault.Ending;
import io.github.httpreport.testkit.Fault.Strike;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Set;

/** Serves one connection, on the thread that calls {@link #serve()}. */
final class ServerConnection {

  private static final Set<Strike> ON_ACCEPT = Set.of(Strike.ACCEPT);
  private static final Set<Strike> BEFORE_READ = Set.of(Strike.ACCEPT, Strike.FIRST_BYTE);
  private static final Duration LINGER = Duration.ofSeconds(1);

  private final Socket socket;
  private final HttpInput input;
  private final Service service;
  private final ServerHealth health;
  private boolean open = true;
  private boolean unread;

  ServerConnection(Socket socket, Duration idleTimeout, Service service, ServerHealth health)
      throws IOException {
    this.socket = socket;
    this.input = new HttpInput(socket, idleTimeout);
    this.service = service;
    this.health = health;
  }

  void serve() throws IOException {
    try {
      unread = strikes(ON_ACCEPT);
      while (!unread && input.await()) {
        exchange();
      }
    } catch (SocketTimeoutException e) {
      write(service.idle().bytes());
      close();
    }
    // Closed with something unread, a connection is reset, and the response may be lost with it.
    if (unread && !socket.isClosed()) {
      HttpInput.drain(socket, LINGER);
    }
  }

  private boolean strikes(Set<Strike> moments) throws IOException {
    Fault fault = health.faults().take(moments);
    if (fault == null) {
      return false;
    }
    end(fault.ending(Reply.NONE));
    return true;
  }

  private void exchange() throws IOException {
    unread = strikes(BEFORE_READ);
    if (unread) {
      return;
    }
    try {
      RequestHead head = input.head();
      if (service.meetsFaults(head)) {
        health.requests().incrementAndGet();
      }
      Reply failed = head.expectsOther() ? service.expectationFailed() : Reply.NONE;
      if (failed.bytes().length > 0) {
        response(failed.bytes(), Duration.ZERO);
      } else if (head.chunked() || head.contentLength() <= service.maxBytes()) {
        read(head);
      } else {
        refuseLarge(head);
      }
    } catch (BadRequestException e) {
      refuse(e.tooLong() ? service.headTooLarge() : service.undecodable(input.received()));
    }
  }

  private void read(RequestHead head) throws IOException, BadRequestException {
    if (head.expectsContinue()) {
      write(service.goAhead().bytes());
    }
    ReceivedRequest request = input.body(head, service.maxBytes());
    if (request == null) {
      refuse(service.tooLarge(true));
    } else {
      response(request);
    }
  }

  private void refuseLarge(RequestHead head) throws IOException {
    Reply reply = service.tooLarge(head.saysClose() && !head.expectsContinue());
    if (reply.close()) {
      refuse(reply);
      return;
    }
    response(reply.bytes(), Duration.ZERO);
    // Who waits for the go-ahead has not sent the body and will not.
    if (!head.expectsContinue()) {
      input.skip(head.contentLength());
    }
  }

  /**
   * Closes behind a response to a request that was not read whole, so that the response arrives.
   */
  private void refuse(Reply reply) throws IOException {
    response(reply.bytes(), Duration.ZERO);
    close();
    unread = true;
  }

  private void response(ReceivedRequest request) throws IOException {
    Fault fault = service.fault(request.head(), health.faults());
    Reply usual = fault == null || fault.stores() ? service.response(request) : Reply.NONE;
    if (fault != null) {
      response(fault.response(usual), fault.delay());
      end(fault.ending(usual));
    } else {
      response(usual.bytes(), Duration.ZERO);
      end(usual.close() ? Ending.CLOSE : Ending.KEEP);
    }
  }

  private void response(byte[] bytes, Duration delay) throws IOException {
    health.pause().await(delay);
    write(bytes);
  }

  private void end(Ending ending) throws IOException {
    switch (ending) {
      case RESET -> {
        open = false;
        unread = true;
        socket.setSoLinger(true, 0);
        socket.close();
      }
      case HANG -> {
        HttpInput.drain(socket, Duration.ZERO);
        unread = true;
      }
      case CLOSE -> close();
      case AS_USUAL, KEEP -> {}
    }
  }

  /** What came in one piece with the request is still served, without answers, as by the real. */
  private void close() throws IOException {
    if (open) {
      open = false;
      socket.shutdownOutput();
      input.detach();
    }
  }

  private void write(byte[] bytes) throws IOException {
    if (open && bytes.length > 0) {
      socket.getOutputStream().write(bytes);
    }
  }
}
