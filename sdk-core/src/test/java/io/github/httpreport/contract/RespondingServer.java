package io.github.httpreport.contract;

import io.github.httpreport.testsupport.ScriptedConnection;
import io.github.httpreport.testsupport.ScriptedServer;
import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A server that meets each report with the next of its reactions, and with success behind them. */
final class RespondingServer implements AutoCloseable {

  /** What is done about one report, which has been read. */
  @FunctionalInterface
  interface Reaction {
    /** Answers, or does not; the connection is served on unless this ends with an exception. */
    void to(String request, ScriptedConnection connection) throws IOException;
  }

  private final Queue<Reaction> reactions = new ConcurrentLinkedQueue<>();
  private final @Nullable Reaction always;
  private final Predicate<String> isReport;
  private final UnaryOperator<String> success;
  private final Queue<String> reports = new ConcurrentLinkedQueue<>();
  private final ScriptedServer server;

  private RespondingServer(
      Predicate<String> isReport,
      UnaryOperator<String> success,
      @Nullable Reaction always,
      List<Reaction> first) {
    this.isReport = isReport;
    this.success = success;
    this.always = always;
    reactions.addAll(first);
    server = ScriptedServer.start(this::serve);
  }

  /** A server with these reactions to its first reports. */
  static RespondingServer first(
      Predicate<String> isReport, UnaryOperator<String> success, Reaction... reactions) {
    return new RespondingServer(isReport, success, null, List.of(reactions));
  }

  /** A server with this reaction to every report. */
  static RespondingServer always(
      Predicate<String> isReport, UnaryOperator<String> success, Reaction reaction) {
    return new RespondingServer(isReport, success, reaction, List.of());
  }

  /** Writes these bytes. */
  static Reaction response(String bytes) {
    return (request, connection) -> connection.write(bytes);
  }

  /** Writes these bytes and ends the connection. */
  static Reaction respondAndClose(String bytes) {
    return (request, connection) -> {
      connection.write(bytes);
      connection.close();
      throw new IOException("closed");
    };
  }

  /** Resets the connection. */
  static Reaction reset() {
    return (request, connection) -> {
      connection.reset();
      throw new IOException("reset");
    };
  }

  /** Stays silent until the client gives up. */
  static Reaction silence() {
    return (request, connection) -> connection.awaitEnd();
  }

  private void serve(ScriptedConnection connection) throws IOException {
    while (true) {
      String request = connection.readRequest();
      if (isReport.test(request)) {
        reports.add(request);
        next().to(request, connection);
      } else {
        connection.write(success.apply(request));
      }
    }
  }

  private Reaction next() {
    Reaction next = always == null ? reactions.poll() : always;
    return next == null ? (request, connection) -> connection.write(success.apply(request)) : next;
  }

  String address() {
    return server.origin().authority();
  }

  /** The reports that came, head and body. */
  List<String> reports() {
    return List.copyOf(reports);
  }

  @Override
  public void close() {
    server.close();
  }
}
