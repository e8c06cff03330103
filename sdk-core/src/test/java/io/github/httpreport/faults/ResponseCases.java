package io.github.httpreport.faults;

import static io.github.httpreport.faults.Expected.delivered;
import static io.github.httpreport.faults.Expected.failed;
import static io.github.httpreport.faults.TimeoutProfile.AMPLE;
import static io.github.httpreport.testsupport.ScriptedServer.ok;
import static io.github.httpreport.testsupport.ScriptedServer.response;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.error.DeliveryTimeoutException;
import io.github.httpreport.error.MessageTooLargeException;
import io.github.httpreport.error.RejectedException;
import io.github.httpreport.error.UnknownOutcomeException;
import io.github.httpreport.faults.ScriptedFaultScenario.NodeScript;
import io.github.httpreport.testsupport.ScriptedServer;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Nodes that answer in good order, and not with a success. */
final class ResponseCases {

  private static final int HOUR = 3600;
  private static final Duration TWO_SECONDS = Duration.ofSeconds(2);

  private ResponseCases() {}

  static Stream<FaultCase> all() {
    return Stream.of(
            codes(),
            statuses(),
            redirects(),
            busy(),
            tooLarge(),
            refusedByOne(),
            refusedForAWhile())
        .flatMap(rows -> rows);
  }

  private static Stream<FaultCase> codes() {
    Stream<NodeFault> refusals =
        Stream.of("1", "2", "3", "114", "116", "117")
            .map(code -> closing("code " + code, code(code)).failing(RejectedException.class));
    Stream<NodeFault> doubts =
        Stream.of("118", "119", "2147483647", "999")
            .map(
                c ->
                    perhapsStoring("code " + c, code(c))
                        .leavingOpen(UnknownOutcomeException.class));
    return Stream.concat(refusals, doubts).flatMap(NodeFault::rows);
  }

  /** With an echo of the request where real servers have one. */
  private static String code(String code) {
    String text =
        code.equals("2147483647")
            ? "Process message failure: groupId=group&body=" + Canary.BODY + "&cnt=1"
            : "scripted";
    return ok("{\"code\":\"" + code + "\",\"msg\":\"" + text + "\"}");
  }

  private static Stream<FaultCase> statuses() {
    String page = "<html>" + Canary.BODY + "</html>";
    Stream<NodeFault> doubts =
        Stream.of(
                perhapsStoring("another server's success", ok("{\"code\":0,\"data\":{}}")),
                perhapsStoring("empty answer", ok("")),
                perhapsStoring("JSON that is cut", ok("{\"code\":")),
                perhapsStoring("JSON without a code", ok("{\"body\":\"" + Canary.BODY + "\"}")),
                perhapsStoring("invalid JSON", ok("{\"code\":{\"" + Canary.BODY)),
                perhapsStoring("HTML instead of JSON", ok(page)),
                perhapsStoring("status 202", response("202 Accepted", page)),
                perhapsStoring("status 408", response("408 Request Timeout", page)),
                perhapsStoring("status 500", response("500 Internal Server Error", page)),
                perhapsStoring("status 502", response("502 " + Canary.BODY, page)))
            .map(fault -> fault.leavingOpen(UnknownOutcomeException.class));
    NodeFault notFound = closing("status 404", response("404 Not Found", page));
    return Stream.concat(doubts, Stream.of(notFound.failing(RejectedException.class)))
        .flatMap(NodeFault::rows);
  }

  private static NodeFault closing(String name, String response) {
    return NodeFault.of(
        name,
        (connection, store) -> {
          connection.readRequest();
          connection.write(response);
        });
  }

  /** Every other connection's messages are stored: who takes the answer for either is wrong. */
  private static NodeFault perhapsStoring(String name, String response) {
    return NodeFault.of(
        name,
        (connection, store) -> {
          String request = connection.readRequest();
          if (connection.index() % 2 == 0) {
            store.keep(request);
          }
          connection.write(response);
        });
  }

  private static Stream<FaultCase> redirects() {
    return Stream.of("301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent")
        .map(
            status ->
                new FaultCase(
                    "redirect " + status,
                    () -> redirecting(status),
                    AMPLE,
                    failed(RejectedException.class).after(1)));
  }

  private static FaultScenario redirecting(String status) {
    ScriptedServer otherNode =
        ScriptedServer.start(ScriptedServer.always(ScriptedFaultScenario.OK));
    String location = "Location: " + otherNode.origin() + "/dataproxy/message";
    String redirect = "HTTP/1.1 " + status + "\r\n" + location + "\r\nContent-Length: 0\r\n\r\n";
    NodeScript script =
        (connection, store) -> {
          connection.readRequest();
          connection.write(redirect);
        };
    return ScriptedFaultScenario.node(script)
        .owning(otherNode)
        .checking(() -> assertThat(otherNode.connectionCount()).as("followed").isZero());
  }

  private static Stream<FaultCase> busy() {
    return Stream.of("429 Too Many Requests", "503 Service Unavailable")
        .flatMap(ResponseCases::busy);
  }

  private static Stream<FaultCase> busy(String status) {
    return Stream.of(
        busyOnce(status, "in seconds", () -> seconds(1)),
        busyOnce(status, "as a date", () -> date(1)),
        busyForLong(status, "in seconds", () -> seconds(HOUR)),
        busyForLong(status, "as a date", () -> date(HOUR)));
  }

  private static FaultCase busyOnce(String status, String form, Supplier<String> headers) {
    return new FaultCase(
        status + ", Retry-After " + form,
        () -> {
          BusyNode node = new BusyNode(status, headers);
          return ScriptedFaultScenario.node(node).checking(node::assertNobodyCameEarly);
        },
        AMPLE,
        delivered());
  }

  /**
   * The wait is cut short, so that each message gets a second and last request before it fails. The
   * time left for that one may not suffice on a busy machine, which leaves its outcome open.
   */
  private static FaultCase busyForLong(String status, String form, Supplier<String> headers) {
    return new FaultCase(
        status + ", Retry-After " + form + " beyond the deadline",
        () ->
            ScriptedFaultScenario.node(
                (connection, store) -> {
                  connection.readRequest();
                  connection.write(busy(status, headers));
                }),
        TimeoutProfile.until(TWO_SECONDS),
        Expected.failedPerhapsStored(DeliveryTimeoutException.class).after(2));
  }

  private static String busy(String status, Supplier<String> headers) {
    return "HTTP/1.1 " + status + "\r\n" + headers.get() + "\r\nContent-Length: 0\r\n\r\n";
  }

  private static String seconds(int wait) {
    return "Retry-After: " + wait;
  }

  private static String date(int wait) {
    ZonedDateTime now = ZonedDateTime.now(ZoneOffset.UTC);
    return ("Date: " + DateTimeFormatter.RFC_1123_DATE_TIME.format(now))
        + ("\r\nRetry-After: "
            + DateTimeFormatter.RFC_1123_DATE_TIME.format(now.plusSeconds(wait)));
  }

  private static Stream<FaultCase> tooLarge() {
    String status = response("413 Request Entity Too Large", "");
    return Stream.of(
        shrinking("413", status),
        shrinking("code 104", code("104")),
        nothingFits("413", status),
        nothingFits("code 104", code("104")));
  }

  private static FaultCase shrinking(String name, String refusal) {
    return new FaultCase(
        name + " with shrinking limits",
        () ->
            ScriptedFaultScenario.node(new ShrinkingNode(refusal, 4_000, 500))
                .sending(
                    traffic -> {
                      traffic.batch(300);
                      traffic.wave();
                      traffic.awaitCompleted();
                      traffic.batch(300);
                    }),
        AMPLE,
        delivered());
  }

  private static FaultCase nothingFits(String name, String refusal) {
    return new FaultCase(
        name + " whatever the size",
        () -> ScriptedFaultScenario.node(new ShrinkingNode(refusal, 0, 0)),
        AMPLE,
        failed(MessageTooLargeException.class));
  }

  /** What a node may say that its neighbours do not. */
  private static Stream<String> refusals() {
    return Stream.concat(
        Stream.of("115", "10", "100", "104").map(ResponseCases::code),
        Stream.of(
                "301 Moved Permanently",
                "400 Bad Request",
                "401 Unauthorized",
                "403 Forbidden",
                "407 Proxy Authentication Required",
                "413 Request Entity Too Large")
            .map(status -> response(status, "")));
  }

  private static Stream<FaultCase> refusedByOne() {
    return refusals()
        .map(
            refusal ->
                new FaultCase(
                    "one of three nodes answers at once: " + nameOf(refusal),
                    () ->
                        ScriptedFaultScenario.node(refusing(refusal, () -> true))
                            .and(ScriptedFaultScenario::serve)
                            .and(ScriptedFaultScenario::serve)
                            .sending(ResponseCases::tenWaves),
                    AMPLE,
                    delivered()));
  }

  private static void tenWaves(Traffic traffic) {
    for (int i = 0; i < 10; i++) {
      traffic.wave();
    }
  }

  private static Stream<FaultCase> refusedForAWhile() {
    return refusals()
        .map(
            refusal ->
                new FaultCase(
                    "well, then every node answers for a while: " + nameOf(refusal),
                    () -> refusingForAWhile(refusal),
                    AMPLE.attempts(1_000),
                    delivered()));
  }

  private static FaultScenario refusingForAWhile(String refusal) {
    AtomicBoolean isBad = new AtomicBoolean();
    return ScriptedFaultScenario.node(refusing(refusal, isBad::get))
        .and(refusing(refusal, isBad::get))
        .sending(Traffic::wave)
        .then(
            traffic -> {
              traffic.awaitCompleted();
              isBad.set(true);
              traffic.wave();
              traffic.awaitAttempts(20);
              isBad.set(false);
            });
  }

  private static String nameOf(String refusal) {
    int code = refusal.indexOf("{\"code\"");
    return code < 0 ? refusal.substring(0, refusal.indexOf('\r')) : refusal.substring(code);
  }

  private static NodeScript refusing(String refusal, BooleanSupplier isBad) {
    return (connection, store) -> {
      while (true) {
        String request = connection.readRequest();
        if (StoredMessages.isReport(request) && isBad.getAsBoolean()) {
          connection.write(refusal);
        } else {
          store.keep(request);
          connection.write(ScriptedFaultScenario.OK);
        }
      }
    };
  }
}
