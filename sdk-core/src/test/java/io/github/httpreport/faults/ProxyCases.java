package io.github.httpreport.faults;

import static io.github.httpreport.faults.Expected.failed;
import static io.github.httpreport.faults.TimeoutProfile.AMPLE;
import static io.github.httpreport.testsupport.ScriptedServer.always;
import static io.github.httpreport.testsupport.ScriptedServer.ok;
import static io.github.httpreport.testsupport.ScriptedServer.response;

import io.github.httpreport.error.AuthenticationException;
import io.github.httpreport.error.NoNodeAvailableException;
import io.github.httpreport.error.RejectedException;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What goes wrong behind a proxy, or at the proxy itself, which is another transport. */
final class ProxyCases {

  /** Nobody looks this name up but the proxy. */
  private static final String NODE = "node.invalid:8080";

  private ProxyCases() {}

  static Stream<FaultCase> all() {
    return Stream.of(sameAsWithout(), refused(), untunnelled(), manager()).flatMap(rows -> rows);
  }

  /** One row of each kind, with nothing else changed. */
  private static Stream<FaultCase> sameAsWithout() {
    Map<String, FaultCase> direct =
        Stream.concat(ConnectionCases.all(), ResponseCases.all())
            .collect(Collectors.toMap(FaultCase::fault, Function.identity()));
    return Stream.of(
            "refused, for good",
            "black hole, for good",
            "accepts and closes, for good",
            "reset during the request, then well",
            "reset after the request, for good",
            "stored, then reset, then well",
            "answer cut in the head, then well",
            "answer cut in the body, for good",
            "answer that is no HTTP, for good",
            "no answer, for good",
            "stored and no answer, then well",
            "no answer, until the deadline",
            "one byte a second, for good",
            "100 MB behind a good start",
            "endless header",
            "code 1, for good",
            "code 118, then well",
            "code 2147483647, for good",
            "invalid JSON, for good",
            "HTML instead of JSON, then well",
            "status 502, for good",
            "redirect 307 Temporary",
            "429 Too Many Requests, Retry-After in seconds",
            "413 with shrinking limits",
            "413 whatever the size")
        .map(fault -> throughProxy(direct.get(fault)));
  }

  private static FaultCase throughProxy(FaultCase row) {
    return new FaultCase(
        row.fault() + ", through a proxy",
        () -> ((ScriptedFaultScenario) row.scenario().get()).asProxyFor(NODE),
        row.timeouts(),
        row.expected());
  }

  /** A proxy's refusals, with an echo of what it was asked for. */
  private static Stream<FaultCase> refused() {
    return Stream.of("401 " + Canary.BODY, "403 Forbidden", "407 Proxy Authentication Required")
        .map(status -> at(NODE, status, RejectedException.class, AMPLE, 1));
  }

  private static Stream<FaultCase> untunnelled() {
    return Stream.of("403 Forbidden", "407 Proxy Authentication Required", "502 " + Canary.BODY)
        .map(
            status ->
                at(
                    "https://" + NODE,
                    status,
                    NoNodeAvailableException.class,
                    AMPLE.attempts(3),
                    3));
  }

  private static FaultCase at(
      String node, String status, Class<?> reason, TimeoutProfile timeouts, int attempts) {
    String response = response(status, "<html>" + Canary.BODY + "</html>");
    return new FaultCase(
        "proxy answers " + status + " for " + node,
        () ->
            ScriptedFaultScenario.node(
                    (connection, store) -> {
                      connection.readRequest();
                      connection.write(response);
                    })
                .asProxyFor(node),
        timeouts,
        failed(reason).after(attempts));
  }

  private static Stream<FaultCase> manager() {
    String page = "<html>" + Canary.SECRET_KEY + "</html>";
    String echo = ok("{\"success\":false,\"errMsg\":\"bad key " + Canary.SECRET_KEY + "\"}");
    return Stream.of(
        manager("401", response("401 " + Canary.SECRET_KEY, page), AuthenticationException.class),
        manager("403", response("403 Forbidden", page), AuthenticationException.class),
        manager("407", response("407 " + Canary.SECRET_KEY, page), NoNodeAvailableException.class),
        manager("502", response("502 Bad Gateway", page), NoNodeAvailableException.class),
        manager("the credentials", echo, NoNodeAvailableException.class));
  }

  private static FaultCase manager(String what, String response, Class<?> reason) {
    return new FaultCase(
        "Manager answers " + what + ", through a proxy",
        () -> ManagerFaultScenario.always(always(response)).throughProxy(),
        AMPLE.attempts(2),
        failed(reason));
  }
}
