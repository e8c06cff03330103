package io.github.httpreport.memphis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.httpreport.http.Exchange;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.node.Node;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** Keeps the requests of its clients and answers when a test says so. */
final class FakeGateway implements Exchange {

  static final Node NODE = Node.of("gw", 4444);

  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Queue<CompletableFuture<Response>> open = new ArrayDeque<>();

  @Override
  public synchronized CompletableFuture<Response> execute(
      Request request, Predicate<Response> keepConnection) {
    requests.add(request);
    CompletableFuture<Response> answer = new CompletableFuture<>();
    open.add(answer);
    return answer;
  }

  List<Request> requests() {
    return requests;
  }

  private synchronized CompletableFuture<Response> next() {
    return open.remove();
  }

  void respond(int status, String body) {
    next().complete(response(status, "application/json", body));
  }

  void respondWithToken(String jwt) {
    respond(200, "{\"expires_in\":900000,\"jwt\":\"" + jwt + "\"}");
  }

  void fail(Exception error) {
    next().completeExceptionally(error);
  }

  static Response response(int status, String type, String body) {
    return Response.status(status)
        .headers(Map.of("content-type", type))
        .body(body.getBytes(UTF_8))
        .build();
  }

  /** A token with an end. */
  static String jwt(Instant end) {
    return jwt("{\"exp\":" + end.getEpochSecond() + ",\"password\":\"hush\"}");
  }

  static String jwt(String payload) {
    Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
    return encoder.encodeToString("{\"alg\":\"HS256\"}".getBytes(UTF_8))
        + '.'
        + encoder.encodeToString(payload.getBytes(UTF_8))
        + ".c2lnbmF0dXJl";
  }
}
