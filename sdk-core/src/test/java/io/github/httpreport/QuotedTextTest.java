package io.github.httpreport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.httpreport.ckafka.CkafkaCredentials;
import io.github.httpreport.ckafka.CkafkaProtocol;
import io.github.httpreport.http.Origin;
import io.github.httpreport.inlong.InLongManager;
import io.github.httpreport.node.Node;
import io.github.httpreport.testkit.LocalCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Nobody writes lines of his own into a log by way of an exception that quotes him. */
class QuotedTextTest {

  private static final String FORGED = "x\r\nINFO forged";
  private static final String ESCAPED = "x\\u000d\\u000aINFO forged";

  static Stream<Arguments> calls() {
    return Stream.of(
        call("node", () -> Node.parse(FORGED)),
        call("nodes of a sender", () -> HttpProxySender.builder().nodes(FORGED)),
        call("Manager of a sender", () -> HttpProxySender.builder().manager(FORGED)),
        call("Manager", () -> InLongManager.builder("http://" + FORGED)),
        call("origin", () -> new Origin(false, FORGED, 80)),
        call("DataHub", () -> CkafkaProtocol.dataHub(FORGED, credentials())),
        call(
            "DataHub of a stream",
            () -> dataHubs().build().validate(new Destination("group", FORGED))),
        call(
            "DataHub of a group",
            () -> dataHubs().build().validate(new Destination(FORGED, "not one"))),
        call("endpoint", () -> dataHubs().endpoint("http://" + FORGED)),
        call("certificates", () -> tls().trustCertificates(Path.of(FORGED)).build()),
        call("own key", () -> tls().clientCertificate(Path.of(FORGED), new char[0]).build()),
        call("group of a refused batch", () -> sendTo(new Destination(FORGED, "stream"))),
        call("stream of a refused batch", () -> sendTo(new Destination("group", FORGED))));
  }

  private static Arguments call(String what, ThrowingCallable call) {
    return Arguments.argumentSet(what, call);
  }

  private static CkafkaProtocol.Builder dataHubs() {
    return CkafkaProtocol.builder().credentials(credentials());
  }

  private static CkafkaCredentials credentials() {
    return CkafkaCredentials.of("id", "key");
  }

  private static TlsSettings.Builder tls() {
    return TlsSettings.builder();
  }

  private static void sendTo(Destination destination) {
    try (LocalCluster cluster = LocalCluster.start(1);
        HttpProxySender sender =
            HttpProxySender.builder()
                .manager(cluster.managerUrl())
                .retry(RetryPolicy.builder().deadline(Duration.ofMillis(1)).build())
                .build()) {
      cluster.manager().stop();
      sender.send(List.of("a"), destination.groupId(), destination.streamId());
    }
  }

  @ParameterizedTest
  @MethodSource("calls")
  void exception_quotesTextOfTwoLines_staysOnOne(ThrowingCallable call) {
    assertThat(catchThrowable(call)).message().contains(ESCAPED).doesNotContain("\r", "\n");
  }
}
