package io.github.httpreport.examples.doctor;

import io.github.httpreport.examples.CliRun;
import io.github.httpreport.testkit.Fault;
import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testkit.LocalDataHub;
import io.github.httpreport.testkit.LocalEkuiper;
import io.github.httpreport.testkit.LocalManager.GroupState;
import io.github.httpreport.testkit.LocalMemphis;
import io.github.httpreport.testsupport.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The failures that the doctor finds by itself. */
final class ReachScenarios {

  private static final String HERE = "san=ip:127.0.0.1";
  private static final String NOBODY = "http://127.0.0.1:1";

  private final Path directory;
  private final Certificates certificates;

  private ReachScenarios(Path directory) {
    this.directory = directory;
    certificates =
        Certificates.in(directory)
            .signed("good", "-ext", HERE)
            .signed("elsewhere", "-ext", "san=dns:elsewhere.example")
            .signed("expired", "-ext", HERE, "-startdate", "-10d", "-validity", "5");
  }

  static Map<String, FailureScenario> in(Path directory) {
    ReachScenarios scenarios = new ReachScenarios(directory);
    Map<String, FailureScenario> all = new HashMap<>();
    all.putAll(ofManagers());
    all.putAll(ofNodes());
    all.putAll(scenarios.ofTls());
    all.putAll(scenarios.ofOtherServers());
    return all;
  }

  private static Map<String, FailureScenario> ofManagers() {
    return Map.of(
        "group not found by groupId=...",
        () -> groupThatIs(GroupState.UNKNOWN),
        "... was not allowed to get data proxy nodes",
        () -> groupThatIs(GroupState.NOT_APPROVED),
        "the node source lists no node for group ...",
        () -> {
          try (LocalCluster empty = LocalCluster.start(0)) {
            return DoctorRuns.on(empty);
          }
        },
        "Manager ... answered HTTP 403: ...",
        () -> {
          try (LocalCluster locked = LocalCluster.builder().authentication("me", "key").start()) {
            return DoctorRuns.on(locked);
          }
        },
        "none of 2 Managers answered: ...",
        () -> DoctorRuns.onManager(NOBODY, "--manager", "http://127.0.0.1:2"),
        "unknown host",
        () -> DoctorRuns.onManager("http://no-such-host.invalid:8083"),
        "clock differs by N s",
        () -> {
          try (LocalCluster cluster = LocalCluster.start(1)) {
            String list =
                "{\"success\":true,\"errMsg\":null,\"data\":{\"nodeList\":[{\"ip\":\"127.0.0.1\","
                    + ("\"port\":" + cluster.node(0).port() + "}]}}");
            cluster
                .manager()
                .always(Fault.status(200, list, "Date: Sun, 06 Nov 1994 08:49:37 GMT"));
            return DoctorRuns.on(cluster);
          }
        });
  }

  private static CliRun groupThatIs(GroupState state) {
    try (LocalCluster cluster = LocalCluster.start(1)) {
      cluster.manager().group("group", state);
      return DoctorRuns.on(cluster);
    }
  }

  private static Map<String, FailureScenario> ofNodes() {
    return Map.of(
        "answered 115 (Topic not configured ...)",
        () -> {
          try (LocalCluster cluster = LocalCluster.builder().topic("group", "other").start()) {
            return DoctorRuns.on(cluster, "--send");
          }
        },
        "answered 36 (...)",
        () -> nodeThatAlways(Fault.code("36", "Only support [form] content type!")),
        "answered 35 (...)",
        () -> nodeThatAlways(Fault.code("35", "Only support [/dataproxy/message] path!")),
        "no connection to HOST:PORT",
        () -> {
          try (LocalCluster cluster = LocalCluster.start(1)) {
            cluster.node(0).stop();
            return DoctorRuns.on(cluster);
          }
        },
        "no answer from HOST:PORT within 10000 ms",
        () -> {
          try (LocalCluster cluster = LocalCluster.start(1)) {
            cluster.node(0).slow(Duration.ofMinutes(1));
            return DoctorRuns.on(cluster, "--request-timeout", "300ms");
          }
        },
        "not acknowledged within 120000 ms",
        () -> nodeThatAlways(Fault.noResponse()),
        "not acknowledged within N of the 120000 ms it had",
        () -> nodeThatAlways(Fault.queueFull()),
        "body 3 holds a newline",
        () -> {
          try (LocalCluster cluster = LocalCluster.start(1)) {
            return DoctorRuns.on(cluster, "--send", "--body", "two\nlines");
          }
        },
        "alone makes a request of N bytes, encoded; the server takes M",
        () -> {
          try (LocalCluster cluster =
              LocalCluster.builder().maxRequestBytes(200).reportLimit(true).start()) {
            return DoctorRuns.on(cluster, "--send", "--body", "x".repeat(300));
          }
        });
  }

  private static CliRun nodeThatAlways(Fault fault) {
    try (LocalCluster cluster = LocalCluster.start(1)) {
      cluster.node(0).always(fault);
      return DoctorRuns.on(cluster, "--send", "--deadline", "300ms");
    }
  }

  private Map<String, FailureScenario> ofTls() {
    String trust = certificates.authorityFile().toString();
    return Map.of(
        "untrusted certificate",
        () -> behindTls("good"),
        "certificate for another host name",
        () -> behindTls("elsewhere", "--ca-file", trust),
        "expired certificate",
        () -> behindTls("expired", "--ca-file", trust),
        "Received fatal alert: ...",
        () -> {
          try (LocalCluster cluster = LocalCluster.start(1);
              TlsFront front =
                  TlsFront.before(
                      cluster.node(0), certificates.serverSocketForKnownClients("good"))) {
            return DoctorRuns.onNode(front.address(), "--ca-file", trust);
          }
        },
        "Unsupported or unrecognized SSL message",
        () -> {
          try (LocalCluster cluster = LocalCluster.start(1)) {
            return DoctorRuns.onNode("https://" + cluster.node(0).address());
          }
        });
  }

  private CliRun behindTls(String certificate, String... options) throws IOException {
    try (LocalCluster cluster = LocalCluster.start(1);
        TlsFront front = TlsFront.before(cluster.node(0), certificates.serverSocket(certificate))) {
      return DoctorRuns.onNode(front.address(), options);
    }
  }

  private Map<String, FailureScenario> ofOtherServers() {
    return Map.of(
        "answered HTTP 404 (404 page not found)",
        () -> {
          try (LocalEkuiper server = LocalEkuiper.start("/api/data")) {
            return DoctorRuns.json(
                "--protocol", "ekuiper", "--node", server.address(), "--path", "/api/dta");
          }
        },
        "authentication of user ... failed: HTTP 401",
        () -> {
          try (LocalMemphis gateway = LocalMemphis.start()) {
            return DoctorRuns.json(
                "--protocol",
                "memphis",
                "--node",
                gateway.address(),
                "--station",
                "orders",
                "--user",
                "nobody",
                "--password-file",
                secret("mistaken"));
          }
        },
        "AuthFailure.SignatureFailure",
        () -> {
          try (LocalDataHub hub = LocalDataHub.start()) {
            return hubWith(hub, hub.secretId());
          }
        },
        "AuthFailure.SecretIdNotFound",
        () -> {
          try (LocalDataHub hub = LocalDataHub.start()) {
            return hubWith(hub, "nobody");
          }
        });
  }

  private CliRun hubWith(LocalDataHub hub, String secretId) throws IOException {
    return DoctorRuns.json(
        "--protocol",
        "ckafka",
        "--endpoint",
        hub.url(),
        "--data-hub",
        "datahub-x",
        "--secret-id",
        secretId,
        "--secret-key-file",
        secret("mistaken"),
        "--send");
  }

  private String secret(String value) throws IOException {
    return Files.writeString(directory.resolve("secret"), value).toString();
  }
}
