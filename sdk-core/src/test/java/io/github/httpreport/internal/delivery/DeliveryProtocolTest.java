package io.github.httpreport.internal.delivery;

import static io.github.httpreport.internal.delivery.DeliveryRig.errorOf;
import static io.github.httpreport.internal.delivery.DeliveryRig.outcomes;
import static io.github.httpreport.internal.delivery.DeliveryRig.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.httpreport.Attempt.Outcome;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.RetryPolicy;
import io.github.httpreport.SendResult;
import io.github.httpreport.error.AuthenticationException;
import io.github.httpreport.error.DeliveryTimeoutException;
import io.github.httpreport.error.RejectedException;
import io.github.httpreport.error.SendException;
import io.github.httpreport.http.Exchange;
import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.internal.node.Lists;
import io.github.httpreport.internal.transport.CannedResponses;
import io.github.httpreport.node.Node;
import io.github.httpreport.protocol.Payload;
import io.github.httpreport.protocol.Verdict;
import io.github.httpreport.protocol.WireProtocol;
import io.github.httpreport.protocol.WireProtocol.FirstUse;
import io.github.httpreport.testkit.Fault;
import io.github.httpreport.testkit.LocalCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Credentials, and code of the application that throws. */
class DeliveryProtocolTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final DeliveryRig rig = new DeliveryRig();

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void reauthenticate_newCredentials_sendsAgain() {
    List<Node> authenticated = new ArrayList<>();
    CompletableFuture<Verdict> credentials = new CompletableFuture<>();
    rig.protocol =
        new ReauthenticatingProtocol() {
          @Override
          public CompletionStage<Verdict> authenticate(
              Node node, Optional<Request> refused, Exchange exchange) {
            authenticated.add(node);
            return credentials;
          }
        };
    rig.transport.then(CannedResponses.status(401));
    rig.nodes(1);

    CompletableFuture<SendResult> future = rig.send("a");
    assertThat(rig.asked()).hasSize(1);
    credentials.complete(Verdict.Accepted.of("HTTP 200"));

    assertThat(outcomes(resultOf(future).attempts()))
        .containsExactly(Outcome.UNAUTHENTICATED, Outcome.ACCEPTED);
    assertThat(authenticated).containsExactly(Lists.node(0));
  }

  @Test
  void reauthenticate_refusedAgain_fails() {
    rig.protocol = new ReauthenticatingProtocol();
    rig.transport.always(request -> CannedResponses.status(401));
    rig.nodes(3);

    AuthenticationException error = errorOf(rig.send("a"), AuthenticationException.class);

    assertThat(error)
        .hasMessage(
            "1 message for group/stream: node n0:8080 answered HTTP 401 (token expired) (2"
                + " attempts)");
    assertThat(error.retryable()).isFalse();
  }

  @Test
  void reauthenticate_noCredentialsToBeHad_failsWithTheCause() {
    IllegalStateException cause = new IllegalStateException("key vault is down");
    rig.protocol =
        new ReauthenticatingProtocol() {
          @Override
          public CompletionStage<Verdict> authenticate(
              Node node, Optional<Request> refused, Exchange exchange) {
            return CompletableFuture.failedFuture(cause);
          }
        };
    rig.transport.then(CannedResponses.status(401));
    rig.nodes(1);

    assertThat(errorOf(rig.send("a"), AuthenticationException.class)).hasCause(cause);
  }

  @Test
  void authenticate_beforeTheFirstRequest_isNoAttemptAndKeepsThePlace() {
    CompletableFuture<Verdict> credentials = new CompletableFuture<>();
    rig.protocol = new TokenProtocol(credentials);
    rig.maxInFlight = 1;
    rig.nodes(1);

    CompletableFuture<SendResult> first = rig.send("a");
    CompletableFuture<SendResult> second = rig.send("b");
    assertThat(rig.asked()).isEmpty();
    credentials.complete(Verdict.Accepted.of("HTTP 200"));

    assertThat(outcomes(resultOf(first).attempts())).containsExactly(Outcome.ACCEPTED);
    assertThat(outcomes(resultOf(second).attempts())).containsExactly(Outcome.ACCEPTED);
  }

  @Test
  void authenticate_nodeIsAbsent_goesOnAtAnotherNodeAndBlamesNobody() {
    TokenProtocol protocol = new TokenProtocol(CompletableFuture.failedFuture(absent()));
    rig.protocol = protocol;
    rig.nodes(2);

    CompletableFuture<SendResult> future = rig.send("a");

    assertThat(outcomes(resultOf(future).attempts()))
        .containsExactly(Outcome.NOT_CONNECTED, Outcome.ACCEPTED);
    assertThat(protocol.asked).hasSize(2).doesNotHaveDuplicates();
    assertThat(resultOf(rig.send("b", "c")).attempts()).as("no node is ejected").hasSize(1);
  }

  @Test
  void authenticate_neverPossible_failsUnauthenticatedAndWasNeverStored() {
    rig.protocol =
        new TokenProtocol(
            CompletableFuture.completedFuture(
                Verdict.Retry.of("HTTP 500", "broker is down").maybeStored())) {
          @Override
          public CompletionStage<Verdict> authenticate(
              Node node, Optional<Request> refused, Exchange exchange) {
            return first;
          }
        };
    rig.policy = RetryPolicy.builder().maxAttempts(2).build();
    rig.nodes(2);

    AuthenticationException error = errorOf(rig.send("a"), AuthenticationException.class);

    assertThat(error)
        .hasMessageContaining("answered HTTP 500 (broker is down) (2 attempts)")
        .returns(true, AuthenticationException::retryable)
        .returns(false, AuthenticationException::mayHaveBeenStored);
  }

  @Test
  void authenticate_refused_failsAtOnce() {
    rig.protocol =
        new TokenProtocol(
            CompletableFuture.completedFuture(Verdict.Rejected.of("HTTP 401", "who are you")));
    rig.nodes(2);

    AuthenticationException error = errorOf(rig.send("a"), AuthenticationException.class);

    assertThat(error).hasMessageContaining("HTTP 401 (who are you) (1 attempt)");
    assertThat(error.retryable()).isFalse();
  }

  @Test
  void authenticate_afterTheDeadline_sendsNothingAndGivesThePlaceBack() {
    CompletableFuture<Verdict> credentials = new CompletableFuture<>();
    rig.protocol = new TokenProtocol(credentials);
    rig.maxInFlight = 1;
    rig.policy = RetryPolicy.builder().deadline(SECOND).build();
    rig.nodes(1);

    CompletableFuture<SendResult> late = rig.send("a");
    rig.scheduler.advance(SECOND);
    errorOf(late, DeliveryTimeoutException.class);
    credentials.complete(Verdict.Accepted.of("HTTP 200"));

    assertThat(rig.asked()).isEmpty();
    assertThat(resultOf(rig.send("b")).attempts()).hasSize(1);
  }

  @Test
  void reauthenticate_refusedAgainAfterAnotherAnswer_isAFirstRefusal() {
    AtomicInteger authentications = new AtomicInteger();
    rig.protocol = counting(authentications, true);
    rig.transport.then(
        CannedResponses.status(401), CannedResponses.lost(), CannedResponses.status(401));
    rig.nodes(2);

    assertThat(outcomes(resultOf(rig.send("a")).attempts()))
        .containsExactly(
            Outcome.UNAUTHENTICATED,
            Outcome.CONNECTION_LOST,
            Outcome.UNAUTHENTICATED,
            Outcome.ACCEPTED);
    assertThat(authentications).hasValue(2);
  }

  /** Others have renewed them while the request was on its way. */
  @Test
  void reauthenticate_refusedAgainWithCredentialsOfBefore_goesOn() {
    AtomicInteger authentications = new AtomicInteger();
    rig.protocol = counting(authentications, false);
    rig.transport.then(CannedResponses.status(401), CannedResponses.status(401));
    rig.nodes(2);

    assertThat(outcomes(resultOf(rig.send("a")).attempts()))
        .containsExactly(Outcome.UNAUTHENTICATED, Outcome.UNAUTHENTICATED, Outcome.ACCEPTED);
    assertThat(authentications).hasValue(1);
  }

  private static ReauthenticatingProtocol counting(AtomicInteger authentications, boolean current) {
    return new ReauthenticatingProtocol() {
      @Override
      public CompletionStage<Verdict> authenticate(
          Node node, Optional<Request> refused, Exchange exchange) {
        authentications.incrementAndGet();
        return super.authenticate(node, refused, exchange);
      }

      @Override
      public boolean isCurrent(Request refused) {
        return current;
      }
    };
  }

  @Test
  void timeout_thatCredentialsMayCause_authenticatesBeforeTheNextAttempt() {
    List<Optional<Request>> refusedRequests = new ArrayList<>();
    rig.protocol =
        new ReauthenticatingProtocol() {
          @Override
          public boolean renewsCredentialsAfter(Request unanswered) {
            return true;
          }

          @Override
          public CompletionStage<Verdict> authenticate(
              Node node, Optional<Request> refused, Exchange exchange) {
            refusedRequests.add(refused);
            return super.authenticate(node, refused, exchange);
          }
        };
    rig.transport.then(
        CannedResponses.timedOut(), CannedResponses.status(401), CannedResponses.status(401));
    rig.nodes(2);

    AuthenticationException error = errorOf(rig.send("a"), AuthenticationException.class);

    assertThat(outcomes(error.attempts()))
        .as("the time-out was no refusal")
        .containsExactly(Outcome.TIMED_OUT, Outcome.UNAUTHENTICATED, Outcome.UNAUTHENTICATED);
    assertThat(refusedRequests)
        .containsExactly(
            Optional.of(rig.transport.reports().get(0).request()),
            Optional.of(rig.transport.reports().get(1).request()));
  }

  @Test
  void firstUse_othersWaitWithoutAnAttempt_untilOneWasAccepted() {
    rig.protocol = firstAlone();
    CompletableFuture<Response> first = new CompletableFuture<>();
    CompletableFuture<Response> second = new CompletableFuture<>();
    rig.transport.then(first, second);
    rig.nodes(1);

    List<CompletableFuture<SendResult>> sent =
        Stream.of("a", "b", "c", "d").map(rig::send).toList();
    assertThat(rig.asked()).hasSize(1);
    first.completeExceptionally(
        new ExchangeException(ExchangeException.Kind.CONNECTION_LOST, "reset", null));
    assertThat(rig.asked()).as("the next alone").hasSize(2);
    second.complete(CannedResponses.response("0", "Ok"));
    rig.scheduler.advance(SECOND);

    sent.forEach(DeliveryRig::resultOf);
    assertThat(rig.asked()).hasSize(5);
    assertThat(outcomes(resultOf(sent.get(3)).attempts())).containsExactly(Outcome.ACCEPTED);
    rig.send("e");
    rig.send("f");
    assertThat(rig.asked()).as("side by side from then on").hasSize(7);
  }

  @Test
  void firstUse_deadlineWhileWaiting_failsThenAndGivesTheTurnOn() {
    rig.protocol = firstAlone();
    CompletableFuture<Response> first = new CompletableFuture<>();
    rig.transport.then(first);
    rig.policy = RetryPolicy.builder().deadline(SECOND).build();
    rig.maxInFlight = 2;
    rig.nodes(1);

    CompletableFuture<SendResult> a = rig.send("a");
    CompletableFuture<SendResult> b = rig.send("b");
    rig.scheduler.advance(SECOND);

    assertThat(errorOf(b, DeliveryTimeoutException.class).attempts()).isEmpty();
    assertThat(a).isCompletedExceptionally();
    assertThat(resultOf(rig.send("c")).attempts()).hasSize(1);
    assertThat(resultOf(rig.send("d")).attempts()).as("no place was lost").hasSize(1);
  }

  @Test
  void requestTimeout_notSet_isWhatTheProtocolNeeds() {
    try (LocalCluster cluster = LocalCluster.start(1);
        HttpProxySender sender =
            HttpProxySender.builder()
                .nodes(cluster.node(0).address())
                .protocol(needing(Duration.ofMillis(234)))
                .retry(RetryPolicy.builder().maxAttempts(1).build())
                .build()) {
      cluster.node(0).always(Fault.noResponse());

      assertThatThrownBy(() -> sender.send(List.of("a"), "group", "stream"))
          .hasMessageContaining("within 234 ms");
    }
    HttpProxySender.Builder none =
        HttpProxySender.builder().nodes("127.0.0.1:9").protocol(needing(Duration.ZERO));
    assertThatIllegalArgumentException()
        .isThrownBy(none::build)
        .withMessageContaining("the protocol's requestTimeout");
  }

  private static WireProtocol needing(Duration requestTimeout) {
    return new FakeProtocol() {
      @Override
      public Duration requestTimeout() {
        return requestTimeout;
      }
    };
  }

  private static WireProtocol firstAlone() {
    return new FakeProtocol() {
      @Override
      public Optional<FirstUse> firstUse(Request request) {
        return Optional.of(new FirstUse(request.origin(), request.path()));
      }
    };
  }

  @Test
  void reauthenticate_namesTheRefusedRequest() {
    List<Optional<Request>> refusedRequests = new ArrayList<>();
    rig.protocol =
        new ReauthenticatingProtocol() {
          @Override
          public CompletionStage<Verdict> authenticate(
              Node node, Optional<Request> refused, Exchange exchange) {
            refusedRequests.add(refused);
            return super.authenticate(node, refused, exchange);
          }
        };
    rig.transport.then(CannedResponses.status(401));
    rig.nodes(1);

    resultOf(rig.send("a"));

    assertThat(refusedRequests)
        .containsExactly(Optional.of(rig.transport.reports().get(0).request()));
  }

  @ParameterizedTest
  @CsvSource({"2, 2", "1, 0", "3, 0"})
  void accepted_messageIds_areReturnedWhenThereIsOneForEachMessage(int named, int refusedRequests) {
    rig.protocol = new NamingProtocol(named);
    rig.nodes(1);

    assertThat(resultOf(rig.send("a", "b")).messageIds()).hasSize(refusedRequests);
  }

  @Test
  void rejected_someMayBeStored_isSaid() {
    rig.protocol =
        new FakeProtocol() {
          @Override
          public Verdict classify(Response response) {
            return Verdict.Rejected.of("HTTP 400", "the third is wrong").maybeStored();
          }
        };
    rig.nodes(1);

    assertThat(errorOf(rig.send("a", "b"), RejectedException.class).mayHaveBeenStored()).isTrue();
  }

  private static ExchangeException absent() {
    return new ExchangeException(ExchangeException.Kind.NOT_CONNECTED, "refused", null);
  }

  /** A server that wants a token before anything else, and gives one the second time at least. */
  private static class TokenProtocol extends FakeProtocol {
    final CompletableFuture<Verdict> first;
    final List<Node> asked = new ArrayList<>();
    private boolean authenticated;

    TokenProtocol(CompletableFuture<Verdict> first) {
      this.first = first;
    }

    @Override
    public boolean isAuthenticated(Instant now) {
      return authenticated;
    }

    @Override
    public CompletionStage<Verdict> authenticate(
        Node node, Optional<Request> refused, Exchange exchange) {
      asked.add(node);
      authenticated = asked.size() > 1 || !first.isCompletedExceptionally();
      return asked.size() == 1
          ? first
          : CompletableFuture.completedFuture(Verdict.Accepted.of("HTTP 200"));
    }
  }

  /** A server that names messages. */
  private static final class NamingProtocol extends FakeProtocol {
    private final int names;

    NamingProtocol(int names) {
      this.names = names;
    }

    @Override
    public Verdict classify(Response response) {
      return Verdict.Accepted.of("", Collections.nCopies(names, "id"));
    }
  }

  private enum Place {
    SELECT,
    REQUEST,
    CLASSIFY,
    SLICE,
    AUTHENTICATE,
    LIMIT
  }

  /** Throws at one place. */
  private static final class Throwing extends ReauthenticatingProtocol {
    private final Place place;

    Throwing(Place place) {
      this.place = place;
    }

    private void at(Place here) {
      if (here == place) {
        throw new IllegalStateException("broken at " + here);
      }
    }

    @Override
    public Request request(Payload payload, Node node, Instant now) {
      at(Place.REQUEST);
      return super.request(payload, node, now);
    }

    @Override
    public Verdict classify(Response response) {
      at(Place.CLASSIFY);
      return super.classify(response);
    }

    @Override
    public Payload slice(Payload payload, int from, int to) {
      at(Place.SLICE);
      return super.slice(payload, from, to);
    }

    @Override
    public CompletionStage<Verdict> authenticate(
        Node node, Optional<Request> refused, Exchange exchange) {
      at(Place.AUTHENTICATE);
      return super.authenticate(node, refused, exchange);
    }

    @Override
    public long maxRequestBytes(OptionalLong reported) {
      at(Place.LIMIT);
      return super.maxRequestBytes(reported);
    }
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void brokenProtocolOrSelector_failsEveryDeliveryAndHangsNone(Place place) {
    rig.protocol = new Throwing(place);
    rig.maxInFlight = 1;
    rig.policy = RetryPolicy.builder().maxAttempts(2).build();
    if (place == Place.SELECT) {
      rig.selector =
          (candidates, destination) -> {
            throw new IllegalStateException("broken at SELECT");
          };
    }
    int status = place == Place.SLICE ? 413 : place == Place.AUTHENTICATE ? 401 : 200;
    rig.transport.always(request -> CannedResponses.status(status));

    CompletableFuture<SendResult> early = rig.send("a", "b");
    rig.nodes(1);
    CompletableFuture<SendResult> later = rig.send("a", "b");
    rig.scheduler.advance(SECOND);

    assertThat(errorOf(early, SendException.class)).hasMessageContaining("broken at " + place);
    assertThat(errorOf(later, SendException.class)).hasMessageContaining("group/stream");
  }

  @Test
  void brokenRequest_halfOpen_leavesTheProbeToTheNext() {
    boolean[] broken = {false};
    rig.protocol =
        new FakeProtocol() {
          @Override
          public Request request(Payload payload, Node node, Instant now) {
            if (broken[0]) {
              throw new IllegalStateException("no signature");
            }
            return super.request(payload, node, now);
          }

          @Override
          public Optional<Request> probe(Node node) {
            return Optional.empty();
          }
        };
    rig.transport.then(CannedResponses.refused());
    rig.nodes(2);
    rig.send("a");
    rig.scheduler.advance(SECOND);
    broken[0] = true;
    rig.send("b");
    broken[0] = false;

    rig.send("c");

    assertThat(rig.asked()).containsExactly("n0", "n1", "n0");
  }

  @ParameterizedTest
  @CsvSource({"114, true", "115, false", "2147483647, true"})
  void error_ofAnyKind_neverHoldsABody(String code, boolean retryable) {
    rig.policy = RetryPolicy.none();
    rig.nodes(1);
    rig.transport.then(CannedResponses.code(code, "Process message failure: body=TOPSECRET"));

    SendException error = errorOf(rig.send("TOPSECRET"), SendException.class);

    assertThat(error.retryable()).isEqualTo(retryable);
    assertThat(error.toString()).doesNotContain("TOPSECRET").contains("group/stream", code);
  }
}
