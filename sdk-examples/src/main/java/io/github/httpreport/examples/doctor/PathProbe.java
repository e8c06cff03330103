package io.github.httpreport.examples.doctor;

import io.github.httpreport.Destination;
import io.github.httpreport.Message;
import io.github.httpreport.http.Exchange;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.node.Node;
import io.github.httpreport.protocol.WireProtocol;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionException;

/**
 * Asks eKuiper for the path of a stream with GET, which no push source takes: the response is 405
 * where a rule reads from the path, and 404 where none does.
 */
public final class PathProbe implements NodeCheck {

  private static final String STEP = "path";
  private static final int METHOD_NOT_ALLOWED = 405;
  private static final int NOT_FOUND = 404;

  private final WireProtocol protocol;
  private final Destination destination;

  /**
   * Asks for the path of a destination.
   *
   * @param protocol knows the path
   * @param destination where messages belong
   */
  public PathProbe(WireProtocol protocol, Destination destination) {
    this.protocol = protocol;
    this.destination = destination;
  }

  @Override
  public Finding check(String subject, Node node, Exchange exchange) {
    String path = pathOn(node);
    long start = System.nanoTime();
    try {
      Response response =
          exchange.execute(Request.get(node.origin(), path).build()).toCompletableFuture().join();
      return finding(subject, path, response, Text.millisSince(start));
    } catch (CompletionException noResponse) {
      return Finding.failed(subject, STEP, Text.of(noResponse));
    }
  }

  private String pathOn(Node node) {
    Instant now = Instant.EPOCH;
    List<Message> one = List.of(Message.of("{}"));
    return protocol.request(protocol.encode(destination, one, now), node, now).path();
  }

  private static Finding finding(String subject, String path, Response response, double millis) {
    Finding finding =
        switch (response.status()) {
          case METHOD_NOT_ALLOWED ->
              Finding.ok(subject, STEP, "a rule reads from " + path + ", " + Text.millis(millis));
          case NOT_FOUND ->
              Finding.failed(subject, STEP, path + " answered HTTP 404 (404 page not found)");
          default ->
              Finding.warning(
                  subject,
                  STEP,
                  path + " answered HTTP " + response.status() + " to GET, eKuiper answers 405");
        };
    return finding.with("millis", millis);
  }
}
