package io.github.httpreport.examples.doctor;

import io.github.httpreport.http.Exchange;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.node.Node;
import java.util.concurrent.CompletionException;

/** Waits for any answer: for a server that has no request which only asks how it is. */
public final class AnyResponseProbe implements NodeCheck {

  private static final String STEP = "answer";
  private static final int SERVER_ERROR = 500;

  @Override
  public Finding check(String subject, Node node, Exchange exchange) {
    long start = System.nanoTime();
    try {
      Response response =
          exchange.execute(Request.get(node.origin(), "/").build()).toCompletableFuture().join();
      double millis = Text.millisSince(start);
      String detail = "HTTP " + response.status() + " to GET /, " + Text.millis(millis);
      return (response.status() < SERVER_ERROR
              ? Finding.ok(subject, STEP, detail)
              : Finding.failed(subject, STEP, detail))
          .with("millis", millis);
    } catch (CompletionException noResponse) {
      return Finding.failed(subject, STEP, Text.of(noResponse));
    }
  }
}
