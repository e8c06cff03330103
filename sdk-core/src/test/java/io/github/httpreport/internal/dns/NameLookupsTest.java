package io.github.httpreport.internal.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.testsupport.Gate;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NameLookupsTest {

  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

  private final Gate gate = new Gate();
  private final AtomicInteger asked = new AtomicInteger();
  private final NameLookups names = new NameLookups("names-test", this::find);

  private InetAddress[] find(String host) throws UnknownHostException {
    asked.incrementAndGet();
    if (host.startsWith("hangs")) {
      gate.pass();
    } else if (host.startsWith("unknown")) {
      throw new UnknownHostException(host);
    }
    return new InetAddress[] {InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1})};
  }

  private CompletableFuture<List<InetAddress>> found(String host) {
    return names.addresses(host);
  }

  @Test
  void addresses_oneNameHangsForManyCallers_holdsOneThreadAndOthersAreFound() throws Exception {
    List<CompletableFuture<List<InetAddress>>> hanging =
        IntStream.range(0, 1_000).mapToObj(i -> found("hangs")).toList();

    assertThat(found("well")).succeedsWithin(TEN_SECONDS);
    assertThat(asked).hasValue(2);
    assertThat(found("well").get(10, TimeUnit.SECONDS)).hasSize(1);
    gate.openForAll();
    hanging.forEach(each -> assertThat(each).succeedsWithin(TEN_SECONDS));
    names.close();
  }

  @Test
  void addresses_manyNamesHang_namesThatWereFoundBeforeAreFoundAgain() {
    assertThat(found("well")).succeedsWithin(TEN_SECONDS);
    for (int i = 0; i < 200; i++) {
      CompletableFuture<List<InetAddress>> hanging = found("hangs-" + i);
      assertThat(hanging).isNotDone();
    }

    for (int i = 0; i < 100; i++) {
      assertThat(found("well")).succeedsWithin(TEN_SECONDS);
    }
    gate.openForAll();
    names.close();
  }

  @Test
  void addresses_nameWasNotFound_isUnknown() {
    assertThat(found("unknown"))
        .failsWithin(TEN_SECONDS)
        .withThrowableThat()
        .withCauseInstanceOf(UnknownHostException.class);
    names.close();
  }
}
