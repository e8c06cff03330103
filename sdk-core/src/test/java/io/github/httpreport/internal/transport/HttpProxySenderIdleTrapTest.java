package io.github.httpreport.internal.transport;

import static io.github.httpreport.testsupport.ScriptedServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.Attempt;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.RetryPolicy;
import io.github.httpreport.SendResult;
import io.github.httpreport.testsupport.ScriptedConnection;
import io.github.httpreport.testsupport.ScriptedServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A node that writes an answer nobody asked for, and a sender that must not believe it. */
class HttpProxySenderIdleTrapTest {

  private static final String GOOD = ok("{\"code\":\"0\",\"msg\":\"Ok\"}");
  private static final String FAREWELL =
      ok("{\"code\":\"2147483647\",\"msg\":\"Process message failure: null\"}");
  private static final int MESSAGES = 200;
  private static final int AT_ONCE = 4;

  private final Queue<String> stored = new ConcurrentLinkedQueue<>();
  private final long seed = System.nanoTime();

  @Test
  void send_farewellsAtAnyMoment_everyAcknowledgedMessageWasStored() throws Exception {
    Random random = new Random(seed);
    try (ScriptedServer node = ScriptedServer.start(c -> trap(c, random));
        HttpProxySender sender = sender(node)) {
      Map<String, SendResult> results = new LinkedHashMap<>();
      for (int i = 0; i < MESSAGES; i += AT_ONCE) {
        List<CompletableFuture<SendResult>> sent = new ArrayList<>();
        for (int j = i; j < i + AT_ONCE; j++) {
          sent.add(sender.sendAsync(List.of("m" + j), "g", "s"));
        }
        for (int j = 0; j < AT_ONCE; j++) {
          results.put("m" + (i + j), sent.get(j).get(20, TimeUnit.SECONDS));
        }
      }

      assertThat(results).hasSize(MESSAGES);
      assertThat(stored).as("seed " + seed).containsAll(results.keySet());
      assertThat(results.values())
          .as("seed " + seed)
          .anyMatch(result -> result.attempts().size() > 1);
      assertThat(stored.stream().filter(results.keySet()::contains).distinct().count())
          .isEqualTo(MESSAGES);
    }
  }

  @Test
  void send_farewellOnAReusedConnection_isNoPossibleDuplicate() {
    try (ScriptedServer node =
            ScriptedServer.start(
                c -> {
                  store(c);
                  c.readRequest();
                  c.write(FAREWELL);
                },
                HttpProxySenderIdleTrapTest.this::store);
        HttpProxySender sender = sender(node)) {
      sender.send(List.of("m1"), "g", "s");
      SendResult second = sender.send(List.of("m2"), "g", "s");

      assertThat(stored).containsExactly("m1", "m2");
      assertThat(second.possibleDuplicate()).isFalse();
      assertThat(second.attempts())
          .extracting(Attempt::outcome)
          .containsExactly(Attempt.Outcome.REFUSED, Attempt.Outcome.ACCEPTED);
    }
  }

  @Test
  void send_sameTextOnANewConnection_isAPossibleDuplicate() {
    try (ScriptedServer node =
            ScriptedServer.start(
                c -> {
                  c.readRequest();
                  c.write(FAREWELL);
                },
                this::store);
        HttpProxySender sender = sender(node)) {
      SendResult result = sender.send(List.of("m1"), "g", "s");

      assertThat(result.possibleDuplicate()).isTrue();
      assertThat(result.attempts()).hasSize(2);
    }
  }

  private static HttpProxySender sender(ScriptedServer node) {
    return HttpProxySender.builder()
        .nodes("127.0.0.1:" + node.port())
        .maxInFlight(AT_ONCE)
        .retry(
            RetryPolicy.builder()
                .backoff(Duration.ofMillis(1), Duration.ofMillis(5))
                .budgetRatio(10)
                .build())
        .build();
  }

  private void trap(ScriptedConnection c, Random random) throws IOException {
    store(c);
    while (true) {
      switch (random.nextInt(8)) {
        case 0 -> {
          c.write(FAREWELL);
          return;
        }
        case 1 -> {
          c.write(FAREWELL);
          c.awaitEnd();
        }
        case 2 -> {
          c.readRequest();
          c.write(FAREWELL);
          return;
        }
        case 3 -> {
          keep(c.readRequest());
          c.write(GOOD + FAREWELL);
          return;
        }
        case 4 -> {
          c.readRequest();
          c.write(FAREWELL + GOOD);
          c.awaitEnd();
        }
        default -> store(c);
      }
    }
  }

  private void store(ScriptedConnection c) throws IOException {
    keep(c.readRequest());
    c.write(GOOD);
  }

  private void keep(String request) {
    int at = request.indexOf("&body=") + "&body=".length();
    stored.add(request.substring(at, request.indexOf('&', at)));
  }
}
