package io.github.httpreport.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.http.ExchangeException.Kind;
import io.github.httpreport.http.Origin;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.internal.concurrent.ManualScheduler;
import io.github.httpreport.internal.dns.HostNames;
import io.github.httpreport.internal.dns.NameLookups;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An {@code Error} while a connection is looked up or made ends the call at once. */
@Timeout(60)
class ConnectErrorTest {

  private static final Origin PROXY = new Origin(false, "proxy.example", 80);
  private static final Origin NODE = new Origin(false, "node.example", 80);

  /** Time does not move, so no time-out ends a call. */
  private final ManualScheduler timer = new ManualScheduler();

  static Stream<HostNames> names() {
    return Stream.of(
        host -> {
          throw ofAnotherVersion();
        },
        host ->
            CompletableFuture.supplyAsync(
                () -> {
                  throw ofAnotherVersion();
                }),
        new NameLookups(
            "names",
            host -> {
              throw ofAnotherVersion();
            }));
  }

  @ParameterizedTest
  @MethodSource("names")
  void execute_lookUpThrowsAnError_failsAtOnce(HostNames names) {
    HttpTransport transport =
        new HttpTransport(
            TransportFixture.settings(null, TransportFixture.CONNECT_TIMEOUT), timer, names);

    assertFailsAtOnce(transport);
    assertThat(transport.openCalls()).isZero();
    transport.close(Duration.ofSeconds(5));
  }

  @ParameterizedTest
  @MethodSource("names")
  void execute_lookUpOfTheProxyThrowsAnError_failsAtOnce(HostNames names) {
    TransportSettings settings =
        TransportFixture.settings(null, TransportFixture.CONNECT_TIMEOUT, PROXY);
    HttpTransport transport = new HttpTransport(settings, timer, names);

    assertFailsAtOnce(transport);
    assertThat(transport.openCalls()).isZero();
    transport.close(Duration.ofSeconds(5));
  }

  private static void assertFailsAtOnce(Transport transport) {
    Request request = Request.get(NODE, "/").build();
    CompletableFuture<Response> answer = transport.execute(request, response -> true);
    ExchangeException failure = TransportFixture.failure(answer);
    assertThat(failure.kind()).isEqualTo(Kind.NOT_CONNECTED);
  }

  private static NoSuchMethodError ofAnotherVersion() {
    return new NoSuchMethodError("of a library of another version");
  }
}
