package io.github.httpreport.faults;

import static io.github.httpreport.faults.Expected.delivered;
import static io.github.httpreport.faults.Expected.failed;
import static io.github.httpreport.faults.TimeoutProfile.AMPLE;
import static io.github.httpreport.faults.TimeoutProfile.HASTY;
import static io.github.httpreport.testsupport.ScriptedServer.always;
import static io.github.httpreport.testsupport.ScriptedServer.ok;
import static io.github.httpreport.testsupport.ScriptedServer.response;

import io.github.httpreport.error.AuthenticationException;
import io.github.httpreport.error.DeliveryTimeoutException;
import io.github.httpreport.error.NoNodeAvailableException;
import io.github.httpreport.testkit.Fault;
import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testkit.LocalManager;
import io.github.httpreport.testsupport.ScriptedConnection;
import io.github.httpreport.testsupport.ScriptedServer;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A Manager that is down, slow, out of its mind, or lies. */
final class ManagerCases {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final String NO_NODES =
      "{\"success\":true,\"errMsg\":null,\"data\":{\"clusterId\":null,\"nodeList\":null}}";
  private static final String DEAD = "127.13";
  private static final int MANY = 10_000;

  private ManagerCases() {}

  static Stream<FaultCase> all() {
    return Stream.of(down(), slow(), unreadable(), lying(), responding()).flatMap(rows -> rows);
  }

  private static Stream<FaultCase> down() {
    return Stream.of(
        new FaultCase(
            "Manager down at start, then well", ManagerCases::downAtStart, AMPLE, delivered()),
        new FaultCase(
            "Manager down at start, for good",
            () -> ClusterFaultScenario.of(1).broken(cluster -> cluster.manager().stop()),
            AMPLE.attempts(3),
            failed(NoNodeAvailableException.class)),
        new FaultCase(
            "Manager down until the deadline",
            () -> ClusterFaultScenario.of(1).broken(cluster -> cluster.manager().stop()),
            TimeoutProfile.until(SECOND),
            failed(DeliveryTimeoutException.class)),
        new FaultCase("Manager down later", ManagerCases::downLater, AMPLE, delivered()));
  }

  private static FaultScenario downAtStart() {
    return ClusterFaultScenario.of(1)
        .broken(cluster -> cluster.manager().stop())
        .playing(
            (scenario, traffic) -> {
              traffic.wave();
              scenario.cluster().manager().start();
            });
  }

  private static FaultScenario downLater() {
    return ClusterFaultScenario.of(1)
        .brokenLater(cluster -> cluster.manager().stop())
        .playing(
            (scenario, traffic) -> {
              // As long as several refreshes take.
              long end = System.nanoTime() + SECOND.toNanos() / 2;
              traffic.wavesUntil(() -> System.nanoTime() - end > 0);
            });
  }

  private static Stream<FaultCase> slow() {
    return Stream.of(
        new FaultCase("Manager slow", () -> slow(Duration.ofMillis(300)), AMPLE, delivered()),
        new FaultCase(
            "Manager slower than the request's time",
            () -> slow(Duration.ofMinutes(1)),
            HASTY.attempts(2),
            failed(NoNodeAvailableException.class)),
        new FaultCase(
            "Manager slower than the deadline",
            () -> slow(Duration.ofMinutes(1)),
            TimeoutProfile.until(SECOND),
            failed(DeliveryTimeoutException.class)),
        new FaultCase(
            "Manager silent later",
            () -> refreshed(cluster -> cluster.manager().always(Fault.noResponse())),
            HASTY,
            Expected.deliveredPerhapsTwice()));
  }

  private static FaultScenario slow(Duration delay) {
    return ClusterFaultScenario.of(1).broken(cluster -> cluster.manager().slow(delay));
  }

  /** Broken when it has told a good list, and asked again while messages are sent. */
  private static FaultScenario refreshed(Consumer<LocalCluster> how) {
    return ClusterFaultScenario.of(1)
        .brokenLater(how)
        .playing(ClusterFaultScenario::sendUntilRefreshed);
  }

  private static Stream<FaultCase> unreadable() {
    String page = "<html>" + Canary.SECRET_KEY + "</html>";
    String otherNode = "Location: http://" + DEAD + ".0.1:1/\r\nContent-Length: 0\r\n\r\n";
    return Stream.of(
            badResponse("HTML", always(response("200 OK", page))),
            badResponse("500", always(response("500 " + Canary.SECRET_KEY, page))),
            badResponse("a redirect", always("HTTP/1.1 302 Found\r\n" + otherNode)),
            badResponse("half of its JSON", always(ok("{\"success\":true,\"data\":{"))),
            badResponse("an empty list", always(ok(NO_NODES))),
            badResponse("no bytes", ScriptedConnection::close),
            floods())
        .flatMap(rows -> rows);
  }

  private static Stream<FaultCase> badResponse(String what, ScriptedServer.Script script) {
    return Stream.of(
        new FaultCase(
            "Manager answers " + what,
            () -> ManagerFaultScenario.always(script),
            AMPLE.attempts(2),
            failed(NoNodeAvailableException.class)),
        new FaultCase(
            "Manager answers " + what + " later",
            () -> ManagerFaultScenario.later(script),
            AMPLE,
            delivered()));
  }

  private static Stream<FaultCase> floods() {
    String start = "{\"success\":true,\"errMsg\":\"";
    return Stream.of(
        new FaultCase(
            "Manager answers 100 MB",
            () -> flooding(start, ManagerFaultScenario::always),
            AMPLE.attempts(2),
            failed(NoNodeAvailableException.class)),
        new FaultCase(
            "Manager answers 100 MB later",
            () -> flooding(start, ManagerFaultScenario::later),
            AMPLE,
            delivered()));
  }

  private static FaultScenario flooding(
      String start, Function<ScriptedServer.Script, ManagerFaultScenario> makeScene) {
    Flood flood = Flood.ofBody(start);
    return makeScene.apply(c -> flood.play(c, new StoredMessages())).checking(flood::assertCutOff);
  }

  private static Stream<FaultCase> lying() {
    return Stream.of(
        new FaultCase(
            "Manager lists 10,000 nodes of which one lives",
            ManagerCases::tenThousand,
            AMPLE,
            failed(NoNodeAvailableException.class).orDelivered()),
        new FaultCase(
            "Manager lists dead nodes as well",
            () -> ClusterFaultScenario.of(1).broken(cluster -> listDead(cluster, 5)),
            AMPLE,
            delivered()),
        new FaultCase(
            "Manager lists dead nodes only",
            () -> ClusterFaultScenario.of(0).broken(cluster -> listDead(cluster, 5)),
            AMPLE.attempts(3),
            failed(NoNodeAvailableException.class)),
        new FaultCase(
            "Manager lists impossible addresses as well",
            () -> ClusterFaultScenario.of(1).broken(ManagerCases::listImpossible),
            AMPLE,
            delivered()),
        new FaultCase(
            "Manager lists impossible addresses only",
            () -> ClusterFaultScenario.of(0).broken(ManagerCases::listImpossible),
            AMPLE.attempts(2),
            failed(NoNodeAvailableException.class)));
  }

  /** When the dead have been taken off the list, everything is delivered. */
  private static FaultScenario tenThousand() {
    return ClusterFaultScenario.of(1)
        .broken(cluster -> listDead(cluster, MANY))
        .playing(
            (scenario, traffic) -> {
              traffic.wave();
              traffic.awaitCompleted();
              deadNodes(MANY).forEach(ip -> scenario.cluster().manager().forget(ip, 1));
              scenario.sendUntilRefreshed(traffic);
              traffic.wave(delivered());
            });
  }

  private static void listDead(LocalCluster cluster, int count) {
    deadNodes(count).forEach(ip -> cluster.manager().heartbeat(ip, 1, "HTTP", 0));
  }

  /** Addresses of this machine; nobody listens on port 1. */
  private static Stream<String> deadNodes(int count) {
    return IntStream.range(0, count).mapToObj(i -> DEAD + '.' + i / 250 + '.' + (1 + i % 250));
  }

  private static void listImpossible(LocalCluster cluster) {
    LocalManager manager = cluster.manager();
    manager.heartbeat("a host with spaces", 8080, "HTTP", 0);
    manager.heartbeat("host\r\nx-injected: 1", 8080, "HTTP", 0);
    manager.heartbeat("", 8080, "HTTP", 0);
    manager.heartbeat("127.0.0.1", 0, "HTTP", 0);
    manager.heartbeat("127.0.0.1", -1, "HTTP", 0);
    manager.heartbeat("127.0.0.1", 70_000, "HTTP", 0);
  }

  private static Stream<FaultCase> responding() {
    String echo =
        ok("{\"success\":false,\"errMsg\":\"bad key " + Canary.SECRET_KEY + "\",\"data\":null}");
    return Stream.of(
        new FaultCase(
            "Manager refuses the credentials",
            () ->
                ClusterFaultScenario.of(1)
                    .broken(c -> c.manager().authentication("other", "other")),
            AMPLE,
            failed(AuthenticationException.class)),
        new FaultCase(
            "Manager tells the credentials in its answer",
            () -> ManagerFaultScenario.always(always(echo)),
            AMPLE,
            failed(NoNodeAvailableException.class)));
  }
}
