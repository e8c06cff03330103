package io.github.httpreport.examples.doctor;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Connects to every address of a host and closes the connections again. */
final class ConnectionCheck {

  private static final String STEP = "connection";

  private final Duration timeout;

  ConnectionCheck(Duration timeout) {
    this.timeout = timeout;
  }

  /**
   * The result of connecting.
   *
   * @param reachable the first address that answered; empty if none did
   */
  record Result(Finding finding, Optional<InetAddress> reachable) {}

  /** A warning where some addresses do not answer, a failure where none does. */
  Result check(String subject, String authority, List<InetAddress> addresses, int port) {
    List<String> failures = new ArrayList<>();
    List<InetAddress> reachable = new ArrayList<>();
    double fastest = Double.MAX_VALUE;
    for (InetAddress address : addresses) {
      try {
        fastest = Math.min(fastest, millisToConnect(address, port));
        reachable.add(address);
      } catch (IOException e) {
        String where = addresses.size() == 1 ? "" : address.getHostAddress() + ": ";
        failures.add(where + text(e));
      }
    }
    String problem = "no connection to " + authority + ": " + String.join(", ", failures);
    if (reachable.isEmpty()) {
      return new Result(Finding.failed(subject, STEP, problem), Optional.empty());
    }
    String made = Text.millis(fastest);
    Finding finding =
        failures.isEmpty()
            ? Finding.ok(subject, STEP, made)
            : Finding.warning(subject, STEP, made + ", but " + problem);
    return new Result(finding.with("millis", fastest), Optional.of(reachable.get(0)));
  }

  private double millisToConnect(InetAddress address, int port) throws IOException {
    long start = System.nanoTime();
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), Math.toIntExact(timeout.toMillis()));
      return (System.nanoTime() - start) / 1e6;
    }
  }

  private String text(IOException failure) {
    if (failure instanceof SocketTimeoutException) {
      return "timed out after " + timeout.toMillis() + " ms";
    }
    boolean refused =
        failure instanceof ConnectException
            && String.valueOf(failure.getMessage()).contains("refused");
    return refused ? "connection refused" : Text.of(failure);
  }
}
